// Help, display and questions: the browser's own dialogs, which keep the focus and close with Escape.

import { button, h } from "/js/dom.js";
import { choose, settings } from "/js/settings.js";
import { w } from "/js/words.js";

function open(title, content, ways) {
  const back = document.activeElement;
  const dialog = h("dialog", { "aria-labelledby": "dialog-title" },
    h("h2", { id: "dialog-title" }, title), content,
    h("div", { class: "dialog-ways" }, ways(() => dialog.close())));
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (back?.isConnected) back.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

export function helpDialog() {
  const keys = [
    [["1", "9"], "help_numbers"], [["←", "→"], "help_groups"], [["Tab"], "help_tab"], [["↑", "↓"], "help_arrows"],
    [["Enter"], "help_enter"], [["Backspace"], "help_back"], [["?"], "help_help"],
  ];
  open(w("helpTitle"), h("div", { class: "help" },
    h("dl", { class: "keys" }, keys.map(([names, what]) =>
      h("div", {}, h("dt", {}, names.map((name, index) => [index > 0 && (names[1] === "9" ? " – " : " "), h("kbd", {}, name)])), h("dd", {}, w(what))))),
    h("p", {}, w("helpMouse")), h("p", {}, w("helpJudge"))),
  (close) => button(w("close"), { class: "primary" }, close));
}

function segmented(name, title, options, chosen, changed) {
  return h("fieldset", { class: "setting" }, h("legend", {}, title),
    h("div", { class: "segmented" }, options.map(([value, text]) =>
      h("label", {}, h("input", { type: "radio", name, value, checked: value === chosen, onchange: () => changed(value) }), h("span", {}, text)))));
}

/** @param changed is told after a choice has been made; @param more further lines, such as the seat's key. */
export function settingsDialog(changed, more) {
  const now = settings();
  const set = (name) => async (value) => {
    await choose({ [name]: value });
    await changed(name);
  };
  open(w("settings"), h("div", { class: "settings" },
    segmented("language", w("language"), [["ja", "日本語"], ["en", "English"]], now.language, set("language")),
    segmented("readings", w("readings"), [["off", w("off")], ["on", w("on")]], now.readings, set("readings")),
    segmented("type", w("type"), [["normal", w("type_normal")], ["large", w("type_large")]], now.type, set("type")),
    segmented("theme", w("theme"), [["auto", w("theme_auto")], ["light", w("theme_light")], ["dark", w("theme_dark")]], now.theme, set("theme")),
    more),
  (close) => button(w("close"), { class: "primary" }, close));
}

/** Asks; the answer is true or false. */
export function ask(question, yes) {
  return new Promise((answer) => {
    let agreed = false;
    const dialog = open(question, null, (close) => [
      button(w("cancel"), {}, close), button(yes, { class: "primary", "data-way": "yes" }, () => { agreed = true; close(); }),
    ]);
    dialog.addEventListener("close", () => answer(agreed));
  });
}

let fading = null;

/** A line that comes and goes; `stays` keeps it until the next one. */
export function tell(text, { fix = null, stays = false } = {}) {
  const line = document.getElementById("told") ?? document.body.appendChild(h("div", { id: "told", class: "told", role: "status" }));
  clearTimeout(fading);
  line.replaceChildren(h("p", {}, text), fix ? h("p", { class: "small" }, fix) : "");
  line.hidden = false;
  if (!stays) fading = setTimeout(() => { line.hidden = true; }, 6000);
}

export function tellNothing() {
  const line = document.getElementById("told");
  if (line) line.hidden = true;
}
