// Right: the terminal, with screens of our own that imitate no real one; or the customer's phone and the kiosk.

import { button, h } from "/js/dom.js";
import { has, w } from "/js/words.js";
import { lampShape } from "/js/drawings.js";

const screens = { search: 0, list: 0, status: 1, procedure: 2, writing: 2, error: null };

function steps(screen) {
  const now = screens[screen];
  return h("ol", { class: "steps", "aria-hidden": "true" },
    w("steps").split(",").map((name, index) => h("li", { "data-now": index === now }, name)));
}

/** The four lamps: shape, word and colour each say the same. */
export function lampRow(lamps) {
  return h("ul", { class: "lamps", "aria-label": w("lamps") },
    ["locked", "expired", "revoked", "stopped"].map((name) => {
      const which = lamps?.[name];
      const state = !lamps ? "unknown" : which.length > 0 ? "on" : "off";
      return h("li", { class: `lamp lamp-${name}`, "data-state": state },
        lampShape(name), h("b", {}, w(`lamp_${name}`)),
        h("span", { class: "lamp-which" }, state === "on" ? which.join("・") : state === "off" ? w("lampOff") : w("lampUnknown")));
    }));
}

function records(terminal, does) {
  if (terminal.records.length === 0) return null;
  return h("div", { class: "records" }, h("h3", {}, w("records")),
    h("ul", {}, terminal.records.map((record) =>
      h("li", { class: "record", "data-chosen": record.id === terminal.selected },
        h("p", { class: "record-name" }, record.name, record.id === terminal.selected && h("span", { class: "tag" }, w("chosenRecord"))),
        h("p", { class: "small quiet" }, record.birth), h("p", { class: "small quiet" }, record.address),
        record.actions.map((each) => button(each.text, { key: each.action, "data-action": each.action }, () => does.act(each.action)))))));
}

function tries(terminal, isHidden) {
  if (isHidden) return h("p", { class: "small quiet" }, w("triesHidden"));
  if (terminal.tries.length === 0) return null;
  return h("div", { class: "tries" }, h("h3", {}, w("tries")),
    h("ul", {}, terminal.tries.map((each) => {
      const left = each.left ?? null;
      const text = left === null ? "—" : w("triesOf", { n: left, max: each.full });
      return h("li", { "data-empty": left === 0 }, h("span", { class: "tries-name" }, each.title),
        h("span", { class: "pips", "aria-hidden": "true" },
          Array.from({ length: Math.min(each.full, 10) }, (_, index) => h("i", { "data-left": left !== null && index < left }))),
        h("span", { class: "tries-text number" }, left === 0 ? `${w("lamp_locked")} ・ ${text}` : text));
    })));
}

function group(title, items, does) {
  return h("div", { class: "procedure-group" }, title && h("h3", {}, title),
    h("ul", { class: "acts" }, items.map((each) =>
      h("li", {}, button(each.text, { key: each.action, "data-action": each.action }, () => does.act(each.action))))));
}

export function terminalPlace(view, state, does) {
  const { terminal } = view;
  return [
    h("header", { class: "place-head" }, h("h2", { id: "terminal-title" }, w("terminal")), steps(terminal.screen)),
    h("div", { class: "screen", "data-scroll": "screen" },
      terminal.message
        ? h("p", { class: `message ${terminal.isError ? "is-error" : ""}`, role: "status" }, terminal.message)
        : terminal.screen === "search" && terminal.records.length === 0 && h("p", { class: "message" }, w("terminalIdle")),
      state.statusWord && h("p", { class: "status-word" }, h("code", {}, state.statusWord.code), " ", state.statusWord.text),
      terminal.screen === "writing" && h("progress", { class: "write", max: 3, value: view.reader.step, "aria-label": w("readerBusy") }),
      terminal.actions.length > 0 && group(null, terminal.actions, does),
      records(terminal, does),
      (terminal.lamps || terminal.selected) && h("div", { class: "status" }, h("h3", {}, w("lamps")), lampRow(terminal.lamps)),
      terminal.rows.length > 0 && h("dl", { class: "facts" }, terminal.rows.map((row) => [h("dt", {}, row.label), h("dd", {}, row.value)])),
      tries(terminal, state.triesHidden && Boolean(terminal.lamps)),
      terminal.procedures.filter((each) => each.items.length > 0).map((each) =>
        group(has(`group_${each.group}`) ? w(`group_${each.group}`) : each.title, each.items, does))),
  ];
}

/** The other side: what the customer does alone, on the phone and at the kiosk. */
export function customerSidePlace(view, state, does) {
  const of = (name) => view.customerSide.filter((each) => each.action.split(" ")[0] === name);
  return [
    h("header", { class: "place-head" }, h("h2", { id: "terminal-title" }, w("roleCustomer"))),
    h("div", { class: "screen is-kiosk", "data-scroll": "screen" },
      h("p", { class: "message" }, w("sidesKiosk")),
      of("app").length > 0 && h("div", { class: "phone" }, group(w("group_app"), of("app"), does)),
      of("kiosk").length > 0 && h("div", { class: "kiosk" }, group(w("group_kiosk"), of("kiosk"), does))),
  ];
}
