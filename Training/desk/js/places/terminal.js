// Right: the terminal, with screens of our own that imitate no real one; or the customer's phone and the kiosk.

import { button, h } from "/js/dom.js";
import { has, w } from "/js/words.js";
import { lampShape } from "/js/drawings.js";

const tabs = ["search", "status", "procedure"];
const tabOfScreen = { search: "search", list: "search", status: "status", procedure: "procedure", writing: "procedure" };

/** The tab that a screen of the terminal belongs to; an error stays where one is. */
export function tabOf(screen, before) {
  return tabOfScreen[screen] ?? before ?? "search";
}

/** The tab on which an action stands. */
export function tabOfAction(action) {
  const verb = action.split(" ")[0];
  return ["search", "select"].includes(verb) ? "search" : verb === "status" ? "status" : "procedure";
}

function steps(open, does) {
  const names = w("steps").split(",");
  return h("div", { class: "steps", role: "group", "aria-label": w("terminal") },
    tabs.map((name, index) => button(names[index], { class: "plain step", key: `tab ${name}`, "data-tab": name, "aria-pressed": String(name === open) }, () => does.openTab(name))));
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
        record.actions.map((each) => button(w("chooseRecord"), { "aria-label": each.text, key: each.action, "data-action": each.action }, () => does.act(each.action)))))));
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

function message(view, state) {
  const { terminal } = view;
  return [
    terminal.message
      ? h("p", { class: `message ${terminal.isError ? "is-error" : ""}`, role: "status" }, terminal.message)
      : terminal.screen === "search" && terminal.records.length === 0 && h("p", { class: "message" }, w("terminalIdle")),
    state.statusWord && h("p", { class: "status-word" }, h("code", {}, state.statusWord.code), " ", state.statusWord.text),
    view.reader.busy && h("progress", { class: "write", max: 3, value: view.reader.step, "aria-label": w("readerBusy") }),
  ];
}

const screens = {
  search: (view, state, does) => records(view.terminal, does),
  status: ({ terminal }, state) => [
    h("div", { class: "status" }, h("h3", {}, w("lamps")), lampRow(terminal.lamps)),
    terminal.rows.length > 0 && h("dl", { class: "facts" }, terminal.rows.map((row) => [h("dt", {}, row.label), h("dd", {}, row.value)])),
    tries(terminal, state.triesHidden && Boolean(terminal.lamps)),
  ],
  procedure: ({ terminal }, state, does) => [
    terminal.lamps && h("div", { class: "status is-slim" }, lampRow(terminal.lamps)),
    terminal.procedures.filter((each) => each.items.length > 0).map((each) =>
      group(has(`group_${each.group}`) ? w(`group_${each.group}`) : each.title, each.items, does)),
  ],
};

export function terminalPlace(view, state, does) {
  const here = view.terminal.actions.filter((each) => tabOfAction(each.action) === state.tab);
  const who = view.terminal.records.find((record) => record.id === view.terminal.selected);
  return [
    h("header", { class: "place-head" }, h("h2", { id: "terminal-title" }, w("terminal")), steps(state.tab, does)),
    h("div", { class: "screen", "data-scroll": `screen-${state.tab}` },
      message(view, state),
      state.tab !== "search" && who && h("p", { class: "who" }, h("span", { class: "small quiet" }, w("chosenRecord")), who.name),
      here.length > 0 && group(state.tab === "procedure" ? w("pinEntry") : null, here, does),
      screens[state.tab](view, state, does)),
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
