// Before an exercise: taking a seat, and the list of lessons.

import { button, h } from "/js/dom.js";
import { portrait } from "/js/portrait.js";
import { w } from "/js/words.js";

function banner() {
  return h("p", { class: "banner" }, h("span", { class: "mark-training" }, w("training")), h("span", {}, w("trainingLong")));
}

export function welcomePage(does, { taken = null } = {}) {
  const alias = h("input", { type: "text", id: "alias", name: "alias", maxlength: 40, autocomplete: "off", required: true });
  const key = h("input", { type: "text", id: "key", name: "key", autocomplete: "off", required: true });
  return h("main", { class: "welcome" }, banner(),
    h("div", { class: "queue" }, [[11, 34, "female"], [12, 71, "male"], [5, 45, "male"], [22, 24, "female"], [9, 68, "female"]].map(([seed, age, sex]) => portrait(seed, { age, sex }))),
    h("h1", {}, w("product")), h("p", { class: "lead" }, w("welcome")), h("p", {}, w("welcomeMore")),
    taken && h("form", { class: "panel", onsubmit: (event) => { event.preventDefault(); does.useKey(taken, key.value.trim()); } },
      h("p", { class: "notice" }, h("b", {}, w("seatTaken")), " ", w("seatTakenFix")),
      h("div", { class: "field" }, h("label", { for: "key" }, w("seatKey")), key),
      h("button", { type: "submit", class: "button" }, w("useKey"))),
    h("form", { class: "panel", onsubmit: (event) => { event.preventDefault(); does.takeSeat(alias.value.trim()); } },
      h("div", { class: "field" }, h("label", { for: "alias" }, w("alias")), alias, h("p", { class: "small quiet" }, w("aliasHint"))),
      h("button", { type: "submit", class: "button primary" }, taken ? w("newSeat") : w("begin"))),
    h("div", { class: "welcome-ways" }, button(w("settings"), { class: "plain", key: "settings" }, does.openSettings)));
}

function entry(lesson, does) {
  return h("li", { class: "lesson", "data-state": lesson.state ?? "" },
    h("button", { type: "button", class: "lesson-button", "data-key": `lesson ${lesson.name}`, "data-lesson": lesson.name, onclick: () => does.begin(lesson.name) },
      h("span", { class: "lesson-name" }, lesson.name),
      h("span", { class: "lesson-words" }, h("b", {}, lesson.title), h("span", { class: "small quiet" }, lesson.about)),
      lesson.state && h("span", { class: `tag ${lesson.state}` }, lesson.state === "right" ? "○ " : "", w(`state_${lesson.state}`))));
}

export function lessonsPage(answer, state, does) {
  const list = h("ol", { class: "lesson-list" });
  const fill = () => {
    const word = state.search.toLowerCase();
    const found = answer.lessons.filter((lesson) =>
      (!state.onlyOpen || lesson.state !== "right") && (!word || `${lesson.name} ${lesson.title} ${lesson.about}`.toLowerCase().includes(word)));
    list.replaceChildren(...(found.length ? found.map((lesson) => entry(lesson, does)) : [h("li", {}, h("p", { class: "notice" }, w("noLessons")))]));
  };
  const search = h("input", { type: "text", id: "search", value: state.search, autocomplete: "off", "data-key": "search", oninput: () => { state.search = search.value; fill(); } });
  const open = h("input", { type: "checkbox", id: "only-open", checked: state.onlyOpen, "data-key": "only open", onchange: () => { state.onlyOpen = open.checked; fill(); } });
  fill();
  const right = answer.lessons.filter((lesson) => lesson.state === "right").length;
  return h("main", { class: "lessons" }, banner(),
    h("header", { class: "lessons-head" },
      h("div", {}, h("h1", { tabindex: "-1" }, w("chooseLesson")),
        h("p", { class: "quiet" }, `${w("seat")}： ${answer.seat.alias}　`, h("span", { class: "number" }, `${right} / ${answer.lessons.length}`), ` ${w("state_right")}`)),
      h("div", { class: "lessons-ways" },
        button(w("help"), { class: "plain", key: "help" }, does.openHelp), button(w("settings"), { class: "plain", key: "settings" }, does.openSettings),
        button(w("leaveSeat"), { class: "plain", key: "leave" }, does.leaveSeat))),
    answer.settings.examination && h("p", { class: "notice" }, w("examinationHint")),
    answer.current && button([w("goOn"), h("span", {}, `${answer.current.name} ${answer.current.title}`)], { class: "primary go-on", key: "go on", "data-way": "go-on" }, does.goOn),
    h("div", { class: "lessons-find" },
      h("div", { class: "field" }, h("label", { for: "search" }, w("search")), search),
      h("label", { class: "check" }, open, h("span", {}, w("onlyOpen")))),
    list);
}
