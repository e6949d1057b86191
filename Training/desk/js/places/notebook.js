// Below: what was done, in order, with the time of the lesson's clock; and the ways out.

import { button, h } from "/js/dom.js";
import { w } from "/js/words.js";

export function notebookPlace(view, state, does) {
  return [
    h("header", { class: "place-head" }, h("h2", { id: "notebook-title" }, w("notebook")),
      h("p", { class: "small quiet" }, w("notebookHint"))),
    h("ol", { class: "notes", "data-scroll": "notes" },
      view.notebook.map((note) => h("li", {}, h("time", { class: "number" }, note.time), h("span", {}, note.text)))),
    h("div", { class: "ways" },
      view.actions.map((each) => button(each.text, {
        class: each.action === "finish" ? "primary" : "", key: each.action, "data-action": each.action,
        title: each.action === "finish" ? w("finishHint") : null,
      }, () => does.act(each.action))),
      button(w("back"), { key: "take back", "data-way": "back", disabled: !view.canTakeBack }, does.takeBack)),
  ];
}
