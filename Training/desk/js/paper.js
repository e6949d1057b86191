// A training paper on A4: whatever it says, it says 訓練用 across it.

import { Refusal, Seat } from "/js/api.js";
import { button, h } from "/js/dom.js";
import { applySettings } from "/js/settings.js";
import { w } from "/js/words.js";

const app = document.getElementById("app");

// Papers whose blanks are boxes for single characters, and how many.
const boxes = { slip: [16, 4, 4, 4] };

function blank(label, count) {
  return h("div", { class: "blank" }, h("p", {}, label),
    count ? h("div", { class: "boxes", "aria-hidden": "true" }, Array.from({ length: count }, () => h("i"))) : h("div", { class: "line-to-write" }));
}

function page(paper) {
  return h("main", { class: "paper" },
    h("p", { class: "across", "aria-hidden": "true" }, paper.mark),
    h("header", {}, h("p", { class: "mark-training" }, paper.mark),
      paper.addressee.length > 0 && h("address", {}, paper.addressee.map((line) => h("p", {}, line))),
      h("h1", {}, paper.title)),
    paper.lines.map((line) => h("p", { class: "paper-line" }, line)),
    h("dl", { class: "facts" }, paper.fields.map((field) => [h("dt", {}, field.label), h("dd", {}, field.value)])),
    paper.blanks.map((label, index) => blank(label, boxes[paper.kind]?.[index])),
    h("footer", {}, "この用紙は窓口道場の訓練用です。どの役所にも使えません。人物・番号はすべて架空です。"));
}

async function start() {
  await applySettings();
  document.documentElement.dataset.theme = "light";
  const [seat, paper] = location.hash.slice(1).split("/").map(decodeURIComponent);
  try {
    const answer = await Seat.kept(seat)?.paper(paper);
    if (!answer) throw new Refusal(404, { error: w("notFound") });
    document.title = `${answer.title}（訓練用）`;
    app.replaceChildren(h("div", { class: "no-print" }, button(w("paperPrint"), { class: "primary", key: "print" }, () => window.print())), page(answer));
  } catch (error) {
    app.replaceChildren(h("main", { class: "paper" }, h("h1", {}, w("notFound")), h("p", {}, error.message)));
  }
}

start();
