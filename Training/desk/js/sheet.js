// The judge's sheet, a page of its own: first what it means for the customer, then the rule, its source and how sure it is.

import { button, h } from "/js/dom.js";
import { has, w } from "/js/words.js";

function source(one) {
  // An address is shown and never opened: the desk works off line, and nothing leaves the machine.
  return h("li", {}, h("b", {}, one.code), one.address && h("span", { class: "address" }, ` ${one.address}`));
}

function reason(finding) {
  const certainty = String(finding.certainty ?? "").toLowerCase();
  return h("details", { class: "reason" },
    h("summary", { "data-key": `reason ${finding.code} ${finding.turn ?? ""}` }, w("because"), "： ", h("span", { class: "rule-id" }, `${w("rule")} ${finding.rule}`)),
    h("p", { class: "rule-text" }, finding.ruleText),
    h("p", { class: `certainty certainty-${certainty}` }, `${w("certainty")}： `, h("b", {}, has(`certainty_${certainty}`) ? w(`certainty_${certainty}`) : finding.certainty)),
    finding.sources.length > 0 && h("div", { class: "sources" }, h("p", {}, `${w("sources")}：`), h("ul", {}, finding.sources.map(source))));
}

/** Whether a mistake has a number of the catalogue; others have words only. */
export function isNumbered(code) {
  return /^E\d+$/.test(code);
}

function finding(one, kind) {
  return h("li", { class: `finding ${kind}` },
    one.consequence && h("p", { class: "consequence" }, one.consequence),
    h("p", { class: "finding-what" }, isNumbered(one.code) && h("span", { class: "code" }, one.code), one.text), reason(one));
}

/** The sheet without its buttons: the desk, the trainer and the printed record show the same. */
export function sheetBody(sheet, part = "h2") {
  return h("div", { class: "sheet-body" },
    sheet.endingText && h("p", { class: "ending" }, sheet.endingText),
    // What was not reached is never told as if it had happened.
    sheet.aimText && h("section", { class: "sheet-part" }, h(part, {}, w("aim")), h("p", { class: "ending" }, sheet.aimText)),
    h("section", { class: "sheet-part" }, h(part, {}, w("whatHappens")),
      sheet.mistakes.length > 0 ? h("ol", { class: "findings" }, sheet.mistakes.map((one) => finding(one, "mistake")))
        : h("p", { class: "all-well" }, w("noMistake"))),
    sheet.omissions.length > 0 && h("section", { class: "sheet-part" }, h(part, {}, w("omissions")),
      h("ol", { class: "findings" }, sheet.omissions.map((one) => finding(one, "omission")))),
    sheet.steps.length > 0 && h("section", { class: "sheet-part" }, h(part, {}, w("rightSteps")),
      h("ol", { class: "right-steps" }, sheet.steps.map((step) =>
        h("li", {}, h("span", {}, step.text), step.rule && h("span", { class: "rule-id" }, `${w("rule")} ${step.rule}`))))),
    h("dl", { class: "sheet-figures" },
      h("div", {}, h("dt", {}, w("triesSpent")), h("dd", { class: "number" }, w("times", { n: sheet.tries.spent }))),
      h("div", {}, h("dt", {}, w("triesUnneeded")), h("dd", { class: "number" }, w("times", { n: sheet.tries.unnecessary }))),
      h("div", {}, h("dt", {}, w("minutes")), h("dd", { class: "number" }, w("minutesUnit", { n: sheet.minutes })))));
}

/** The head of a sheet: an open circle for well done, an open triangle for another look. No red, no points. */
export function sheetHead(sheet, title, heading = "h1") {
  return h("header", { class: `sheet-head ${sheet.isRight ? "is-right" : "is-not"}` },
    h("p", { class: "sheet-mark", "aria-hidden": "true" }, sheet.isRight ? "○" : "△"),
    h("div", {}, h("p", { class: "quiet" }, `${w("sheetOf")}　${sheet.lesson} ${title ?? ""}`),
      h(heading, { id: heading === "h1" ? "sheet-title" : null, class: "sheet-title", tabindex: heading === "h1" ? "-1" : null, "data-key": "sheet title" }, sheet.isRight ? w("sheetRight") : w("sheetWrong"))));
}

export function sheetPage(answer, does) {
  const { exercise, settings } = answer;
  const { sheet } = exercise;
  const restart = !settings.examination;
  if (!sheet) {
    return h("main", { class: "sheet withheld" }, h("h1", { tabindex: "-1", id: "sheet-title" }, w("examination")),
      h("p", { class: "notice" }, w("withheld")),
      h("div", { class: "sheet-ways" }, button(w("toLessons"), { class: "primary", key: "lessons", "data-way": "lessons" }, does.toLessons)));
  }
  return h("main", { class: "sheet" }, sheetHead(sheet, exercise.title), sheetBody(sheet),
    h("details", { class: "all-steps" }, h("summary", { "data-key": "all steps" }, w("allSteps")),
      h("ol", {}, exercise.notebook.map((note) => h("li", {}, h("time", { class: "number" }, note.time), h("span", {}, note.text))))),
    h("div", { class: "sheet-ways" },
      restart && button(w("another"), { class: "primary", key: "another", "data-way": "another" }, does.another),
      restart && button(w("same"), { key: "same", "data-way": "same" }, does.same),
      button(w("toLessons"), { key: "lessons", "data-way": "lessons" }, does.toLessons),
      button(w("print"), { class: "plain", key: "print" }, () => window.print())));
}
