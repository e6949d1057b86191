// Middle: cards and papers, the reader, the customer's PIN pad, and the small tools of a counter.

import { button, h } from "/js/dom.js";
import { has, w } from "/js/words.js";
import { drawing, readerDrawing } from "/js/drawings.js";
import { portrait } from "/js/portrait.js";

const marks = { accepted: "✓", rejected: "✕" };

/** The action of a thing that a verb begins: `place card`. */
export function actionOf(thing, verb) {
  return thing.actions.find((each) => each.action.split(" ")[0] === verb)?.action;
}

/** The desk's tools as things with actions: printer, money, pen, telephone. */
export function toolsOf(view) {
  const tools = view.desk.filter((group) => group.items.length > 0).map((group) => ({
    id: `tool ${group.group}`, title: has(`group_${group.group}`) ? w(`group_${group.group}`) : group.title, actions: group.items,
  }));
  if (view.telephone.length > 0) tools.push({ id: "tool telephone", title: w("group_telephone"), actions: view.telephone });
  return tools;
}

function thingButton(thing, state, does) {
  const isChosen = state.thing === thing.id;
  return h("li", { class: "thing-slot" },
    h("button", {
      type: "button", class: `thing ${thing.kind === "card" ? "is-card" : ""}`, "data-key": `thing ${thing.id}`, "data-thing": thing.id,
      "aria-pressed": String(isChosen), draggable: "true",
      onclick: (event) => does.choose(thing.id, event.detail === 0),
      ondragstart: (event) => does.drag(event, thing),
    }, drawing(thing),
      h("span", { class: "thing-title" }, thing.title),
      marks[thing.state] && h("span", { class: `thing-mark ${thing.state}`, "aria-hidden": "true" }, marks[thing.state])));
}

function shelf(name, things, state, does, empty) {
  const returns = name === "counter" && things.some((thing) => actionOf(thing, "return"));
  return h("div", { class: `shelf shelf-${name}`, "data-drop": name, ...does.dropTarget(name) },
    h("h3", { class: "shelf-title" }, w(`place_${name}`)),
    returns && button(w("returnAll"), { class: "plain tool return-all", key: "return all", "data-action": "return all" }, () => does.act("return all")),
    things.length ? h("ul", { class: "things" }, things.map((thing) => thingButton(thing, state, does)))
      : h("p", { class: "shelf-empty" }, empty));
}

function reader(view, things, state, does) {
  const { busy, step } = view.reader;
  const card = things[0];
  return h("div", { class: `reader ${busy ? "is-busy" : ""}`, "data-drop": "reader", ...does.dropTarget("reader") },
    h("h3", { class: "shelf-title" }, w("place_reader")),
    card ? h("ul", { class: "things in-reader" }, thingButton(card, state, does)) : null,
    readerDrawing(Boolean(card), busy),
    h("p", { class: "reader-says", role: "status" }, busy ? w("readerBusy") : card ? w("readerHolds") : w("readerEmpty")),
    busy && h("progress", { class: "write", max: 3, value: step, "aria-label": w("readerBusy") }));
}

function pad({ pad }) {
  const dots = pad.dots ? "●".repeat(Math.min(pad.dots, 16)) : "";
  return h("div", { class: `pad ${pad.asks ? "is-on" : ""}` },
    h("h3", { class: "shelf-title" }, w("pad")),
    h("div", { class: "pad-screen" },
      h("p", { class: "pad-title" }, pad.title ?? w("padIdle")),
      h("p", { class: "pad-dots", "aria-hidden": "true" }, dots || " "),
      pad.resultText && h("p", { class: `pad-result ${pad.result}`, role: "status" }, pad.resultText)),
    h("div", { class: "pad-keys", "aria-hidden": "true" }, Array.from({ length: 12 }, () => h("i"))));
}

/** What is done with a thing, without naming the thing again: its name stands above. */
function short(text, thing) {
  const start = `${thing.title}を`;
  return text.startsWith(start) ? text.slice(start.length) : text;
}

function facts(thing) {
  if (!thing.facts) return h("p", { class: "quiet" }, w("factsHidden"));
  return h("div", { class: "paper-facts" },
    thing.portrait !== undefined && thing.portrait !== null && h("div", { class: "paper-photo" }, portrait(thing.portrait, thing.look)),
    h("dl", { class: "facts" }, thing.facts.map((fact) => [h("dt", {}, fact.label), h("dd", {}, fact.value)])));
}

function details(chosen, does) {
  if (!chosen) return h("div", { class: "details" }, h("p", { class: "quiet" }, w("chooseThing")));
  const isTool = chosen.id.startsWith("tool ");
  return h("div", { class: "details" },
    h("h3", { class: "details-title" }, chosen.title,
      chosen.stateText && h("span", { class: `tag ${chosen.state}` }, chosen.stateText)),
    h("div", { class: "details-body", "data-scroll": `details-${chosen.id}` },
      chosen.agreesText && h("p", { class: `agrees ${chosen.agrees ? "yes" : "no"}` }, chosen.agreesText),
      !isTool && facts(chosen)),
    h("ul", { class: "acts" },
      chosen.actions.map((each) => h("li", {}, button(short(each.text, chosen), { key: each.action, "data-action": each.action }, () => does.act(each.action)))),
      chosen.isPrintable && h("li", {}, button(w("paperPrint"), { class: "plain", key: `paper ${chosen.id}` }, () => does.openPaper(chosen.id)))));
}

export function counterPlace(view, state, does) {
  const at = (place) => view.counter.filter((thing) => thing.place === place);
  const things = view.counter.filter((thing) => ["customer", "counter", "reader", "printer"].includes(thing.place));
  const tools = toolsOf(view);
  const chosen = [...things, ...tools].find((each) => each.id === state.thing);
  return [
    h("header", { class: "place-head" }, h("h2", { id: "counter-title" }, w("counter")),
      tools.length > 0 && h("div", { class: "tools", role: "group", "aria-label": w("group_other") },
        tools.map((tool) => button(tool.title, { class: "plain tool", key: tool.id, "aria-pressed": String(state.thing === tool.id) },
          (event) => does.choose(tool.id, event.detail === 0))))),
    shelf("customer", at("customer"), state, does, w("nothingHere")),
    shelf("counter", [...at("counter"), ...at("printer")], state, does, w("tray")),
    h("div", { class: "devices" }, reader(view, at("reader"), state, does), pad(view)),
    details(chosen, does),
  ];
}
