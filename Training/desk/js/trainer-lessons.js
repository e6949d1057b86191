// Own lessons: a text, what is wrong with it line by line, and where it goes: to the list, or to a seat at once.

import { ask, tell } from "/js/dialogs.js";
import { button, h } from "/js/dom.js";
import { settings } from "/js/settings.js";
import { w } from "/js/words.js";

/** Cards of the gallery, as a trainer asks for them. */
const cards = {
  "in-window": ["更新期間中", "in the time of renewal"], "fresh-adult": ["交付されたばかり", "just handed over"],
  "sign-locked": ["署名用がロック", "signature password locked"], "auth-locked": ["利用者証明用がロック", "authentication PIN locked"],
  "both-locked": ["両方がロック", "both locked"], "sign-1-left": ["署名用の残りが1回", "one try left for signing"],
  "expired-long": ["証明書が期限切れ", "certificates expired"], "revoked-after-move": ["引越しで署名用が失効", "signature certificate ended by a move"],
};

/** A customer as a lesson's text, from a few choices. */
export function customerText({ card, opening, pin, document, at }) {
  const words = JSON.stringify(opening);
  const brings = document === "none" ? "[card]" : `[card, ${document}]`;
  return `name: FREE
title: {ja: その場のお客様, en: A customer of the day}
about: {ja: 指導員が用意したお客様です。, en: The trainer has set this customer up.}
rules: ["R3"]
at: ${at}
profile: training
card: ${card}
customer:
  who: holder
  opening: {ja: ${words}, en: ${words}}
  knows: {sign: ${pin}, auth: right, residentRecord: right, textInput: right}
  brings: ${brings}
  answers:
    ask.purpose: {ja: ${words}, en: ${words}}
`;
}

function select(id, options, value) {
  return h("select", { id, "data-key": id }, options.map(([name, text]) => h("option", { value: name, selected: name === value }, text)));
}

function field(id, text, control) {
  return h("div", { class: "field" }, h("label", { for: id }, text), control);
}

function template(text) {
  const card = h("input", { type: "text", id: "card", value: Object.keys(cards)[0], list: "cards", "data-key": "card" });
  const opening = h("input", { type: "text", id: "opening", value: "更新のはがきが来たんですが。", "data-key": "opening" });
  const pin = select("pin", ["right", "forgotten", "wrong"].map((name) => [name, w(`pin_${name}`)]), "forgotten");
  const document = select("document", ["driving-licence", "passport", "residence-card", "none"].map((name) => [name, w(`doc_${name}`)]), "driving-licence");
  const at = h("input", { type: "text", id: "at", value: "2026-11-20T10:14", "data-key": "at" });
  return h("section", { class: "card-panel" }, h("h3", {}, w("template")),
    field("card", w("customerCard"), [card, h("datalist", { id: "cards" }, Object.entries(cards).map(([name, words]) => h("option", { value: name, label: words[settings().language === "en" ? 1 : 0] })))]),
    field("opening", w("customerOpening"), opening), field("pin", w("customerPin"), pin), field("document", w("customerDocument"), document), field("at", w("customerDay"), at),
    button(w("fill"), { key: "fill", "data-way": "fill" }, () => {
      text.value = customerText({ card: card.value, opening: opening.value, pin: pin.value, document: document.value, at: at.value });
      text.dispatchEvent(new Event("input"));
    }));
}

function findings(checked) {
  if (!checked) return null;
  if (checked.faults.length === 0) return h("p", { class: "notice" }, w("checkedFine", { name: `${checked.name} ${checked.title}` }));
  return h("section", {}, h("h3", {}, w("faultsFound", { n: checked.faults.length })),
    h("p", { class: "small quiet" }, w("faultsLanguage")),
    h("ol", { class: "faults" }, checked.faults.map((fault) =>
      h("li", {}, fault.line && h("span", { class: "line-number" }, w("lineNumber", { n: fault.line })), h("span", { lang: "en" }, fault.problem), h("p", { class: "small quiet", lang: "en" }, `→ ${fault.fix}`)))));
}

export function editorPage(memory, { board, trainer, attempt, show }) {
  const text = h("textarea", { id: "lesson-text", spellcheck: "false", value: memory.text, "data-key": "lesson text", maxlength: 60000, oninput: () => { memory.text = text.value; memory.checked = null; } });
  const result = h("div", { "aria-live": "polite" }, findings(memory.checked));
  const check = async () => {
    memory.checked = await attempt(() => trainer.post("/api/lessons/check", { yaml: text.value }));
    result.replaceChildren(...[findings(memory.checked)].filter(Boolean));
    return memory.checked?.faults.length === 0;
  };
  const seats = board.seats.length > 0 && select("send-to", board.seats.map((seat) => [seat.id, `${seat.number} ${seat.alias}`]));
  return h("main", { class: "board" }, h("h2", { tabindex: "-1" }, w("editorTitle")),
    h("p", { class: "quiet" }, w("editorHint")),
    h("div", { class: "editor" },
      h("section", { class: "card-panel" }, field("lesson-text", w("editorText"), text), result,
        h("div", { class: "ways" }, button(w("check"), { class: "primary", key: "check", "data-way": "check" }, check),
          button(w("keepLesson"), { key: "keep", "data-way": "keep" }, async () => {
            if (!(await check())) return;
            const kept = await attempt(() => trainer.post("/api/lessons", { yaml: text.value }));
            if (!kept) return;
            tell(w("kept", { name: kept.name }));
            await show();
          }))),
      h("div", { class: "board-side" },
        template(text),
        seats && h("section", { class: "card-panel" }, field("send-to", w("sendTo"), seats),
          button(w("send"), { key: "send", "data-way": "send" }, async () => {
            if (!(await check())) return;
            if (await attempt(() => trainer.post(`/api/seats/${encodeURIComponent(seats.value)}/free`, { yaml: text.value }))) tell(w("sent"));
          })),
        board.ownLessons.length > 0 && h("section", { class: "card-panel" }, h("h3", {}, w("mine")),
          h("ul", {}, board.ownLessons.map((name) => h("li", { class: "ways" }, h("b", {}, name),
            button(w("edit"), { class: "plain", key: `edit ${name}` }, async () => {
              const lesson = await attempt(() => trainer.get(`/api/lessons/${encodeURIComponent(name)}`));
              if (!lesson) return;
              memory.text = lesson.yaml;
              memory.checked = null;
              await show();
            }),
            button(w("remove"), { class: "plain", key: `remove ${name}` }, async () => {
              if (await ask(w("removeAsk", { name }), w("remove")) && (await attempt(() => trainer.remove(`/api/lessons/${encodeURIComponent(name)}`)))) await show();
            }))))))));
}
