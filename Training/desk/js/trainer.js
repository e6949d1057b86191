// The trainer's board: who sits where, what they stumbled on, the settings of the class, own lessons, and the ways out
// of it: a table, a printed record, nothing at all.

import { Refusal, Trainer } from "/js/api.js";
import { ask, settingsDialog, tell } from "/js/dialogs.js";
import { button, h, redraw } from "/js/dom.js";
import { applySettings, settings } from "/js/settings.js";
import { isNumbered, sheetBody, sheetHead } from "/js/sheet.js";
import { addWords, w } from "/js/words.js";
import { editorPage } from "/js/trainer-lessons.js";
import { words } from "/js/trainer-words.js";

addWords(words);

const app = document.getElementById("app");
const bar = h("div");
const body = h("div");
const memory = { page: "board", seat: null, text: "", checked: null };
let trainer = null;
let board = null;
let lessons = [];

async function attempt(work) {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.status === 401) lockedOut();
    else tell(error.status === 0 ? w("lost") : error.message, { fix: error.fix });
    return null;
  }
}

function lockedOut() {
  app.replaceChildren(h("main", { class: "locked-out" }, h("h1", {}, w("trainerPage")),
    h("p", { class: "notice" }, w("trainerKeyMissing"))));
}

const language = () => `lang=${settings().language}`;

async function load() {
  const read = await attempt(() => Promise.all([trainer.get(`/api/class?${language()}`), trainer.get(`/api/lessons?${language()}`)]));
  if (!read) return false;
  [board, lessons] = read;
  return true;
}

async function change(changes) {
  if (await attempt(() => trainer.post("/api/class/settings", changes))) await show();
}

async function show() {
  if (!(await load())) return;
  const pages = { board: boardPage, settings: settingsPage, lessons: () => editorPage(memory, { board, lessons, trainer, attempt, show }) };
  const page = memory.page;
  const content = page === "report" ? await reportPage() : pages[page]();
  // Somebody has gone on while it was asked for.
  if (page !== memory.page) return;
  if (!body.isConnected) app.replaceChildren(bar, body);
  showTop();
  redraw(body, content);
  document.title = `${w("trainerPage")}（${w("training")}）`;
}

let drawnTop = null;

/** The bar is drawn anew only when it says something else: no click on it is lost to the live board. */
function showTop() {
  const now = [memory.page, board.settings.examination, JSON.stringify(settings())].join();
  if (now === drawnTop) return;
  drawnTop = now;
  redraw(bar, top());
}

function go(page, seat = null) {
  memory.page = page;
  memory.seat = seat;
  showTop();
  show().then(() => { scrollTo(0, 0); app.querySelector("h1[tabindex], h2[tabindex]")?.focus(); });
}

function top() {
  const way = (page, name) => button(w(name), { class: "plain", key: `page ${page}`, "aria-current": memory.page === page ? "page" : null, "data-page": page }, () => go(page));
  return h("header", { class: "trainer-top" }, h("span", { class: "mark-training" }, w("training")), h("h1", {}, w("trainerPage")),
    board.settings.examination && h("span", { class: "tag" }, w("examination")),
    h("nav", { "aria-label": w("trainerPage") }, way("board", "boardPage"), way("settings", "classSettings"), way("lessons", "ownLessons"),
      button(w("settings"), { class: "plain", key: "display" }, () => settingsDialog(show))));
}

function ago(seconds) {
  return seconds < 60 ? w("justNow") : w("minutesAgo", { n: Math.floor(seconds / 60) });
}

/** The numbered mistakes, and how many others: those have words, not numbers. */
function codes(mistakes) {
  const list = Object.entries(mistakes).sort(byCode);
  const numbered = list.filter(([code]) => isNumbered(code));
  const others = list.filter(([code]) => !isNumbered(code));
  if (list.length === 0) return h("span", { class: "quiet" }, "–");
  return h("ul", { class: "codes" }, numbered.map(([code, count]) => h("li", {}, h("span", { class: "code", title: board.words[code] ?? null }, count > 1 ? `${code} ×${count}` : code))),
    others.length > 0 && h("li", {}, h("span", { class: "small quiet", title: others.map(([code]) => board.words[code] ?? code).join("、") },
      w("othersCount", { n: others.reduce((sum, [, count]) => sum + count, 0) }))));
}

/** What a mistake is called: its number and its short words, or the sheet's own sentence. */
function called(code) {
  if (!isNumbered(code)) return board.words[code] ?? code;
  return [h("span", { class: "code" }, code), words.codes[code]?.[settings().language === "ja" ? 0 : 1] ?? board.words[code] ?? ""];
}

/** E1 … E18 first, in their order, then the names. */
function byCode([one], [other]) {
  const number = (code) => (/^E\d+$/.test(code) ? Number(code.slice(1)) : 1000);
  return number(one) - number(other) || one.localeCompare(other);
}

function row(seat) {
  return h("tr", {},
    h("td", { class: "number" }, String(seat.number)),
    h("td", {}, h("span", { class: "here", "data-here": seat.isHere, role: "img", "aria-label": seat.isHere ? w("isHere") : w("isAway") }), h("span", { class: "seat-name" }, seat.alias)),
    h("td", {}, seat.lesson ? [h("b", {}, seat.lesson), ` ${seat.title}`] : h("span", { class: "quiet" }, w("noLesson"))),
    h("td", {}, seat.isFinished ? h("span", { class: `tag ${seat.isRight ? "right" : ""}` }, seat.isRight ? `○ ${w("state_right")}` : w("lookAgain")) : seat.last ?? "–",
      h("p", { class: "small quiet" }, `${w("actionsCount", { n: seat.turn })} ・ ${ago(seat.idle)}`)),
    h("td", { class: "number" }, `${seat.right} / ${seat.done}`),
    h("td", {}, codes(seat.mistakes)),
    board.hasReader && h("td", {}, button(seat.id === board.readerSeat ? w("readerOut") : w("readerIn"), {
      key: `reader ${seat.id}`, "data-reader": seat.id, "aria-pressed": String(seat.id === board.readerSeat),
    }, async () => {
      if (await attempt(() => trainer.post("/api/class/reader", { seat: seat.id === board.readerSeat ? null : seat.id }))) await show();
    })),
    h("td", {}, button(w("look"), { key: `look ${seat.id}`, "data-seat": seat.id }, () => go("report", seat.id))));
}

function boardPage() {
  const most = Math.max(1, ...Object.values(board.mistakes));
  return h("main", { class: "board" },
    h("section", {}, h("h2", { tabindex: "-1" }, `${w("boardPage")}　`, h("span", { class: "number" }, w("seatsCount", { n: board.seats.length }))),
      board.seats.length === 0 ? h("p", { class: "notice" }, w("nobody"))
        : h("div", { class: "table-frame", tabindex: "0", role: "region", "aria-label": w("boardPage") }, h("table", {},
          h("thead", {}, h("tr", {}, ["seat", "aliasShort", "lesson", "where", "rightOf", "stumbled", ...(board.hasReader ? ["readerColumn"] : []), "sheetOf"].map((name) => h("th", { scope: "col" }, w(name))))),
          h("tbody", {}, board.seats.map(row))))),
    h("section", {}, h("h2", {}, w("stumbledAll")),
      Object.keys(board.mistakes).length === 0 ? h("p", { class: "quiet" }, w("noMistakesYet"))
        : h("ul", { class: "bars" }, Object.entries(board.mistakes).sort(byCode).map(([code, count]) =>
          h("li", {}, h("span", {}, called(code)),
            h("meter", { min: 0, max: most, value: count, "aria-label": `${code} ${count}` }), h("span", { class: "number" }, w("times", { n: count })))))),
    h("div", { class: "ways" }, button(w("saveTable"), { key: "csv", "data-way": "csv" }, saveTable),
      button(w("deleteAll"), { class: "plain", key: "delete all", "data-way": "delete-all" }, deleteAll)));
}

async function saveTable() {
  const text = await attempt(() => trainer.text("/api/results.csv"));
  if (text === null) return;
  // The mark of UTF-8 for spreadsheets is eaten on the way through a text.
  const address = URL.createObjectURL(new Blob(["\uFEFF", text.replace(/^\uFEFF/, "")], { type: "text/csv" }));
  h("a", { href: address, download: "madoguchi-results.csv" }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}

async function deleteAll() {
  if (!(await ask(w("deleteAllAsk"), w("deleteAll")))) return;
  if (await attempt(() => trainer.remove("/api/class"))) await show();
}

function setting(name, hint) {
  const box = h("input", { type: "checkbox", checked: board.settings[name], "data-key": `setting ${name}`, "data-setting": name, onchange: () => change({ [name]: box.checked }) });
  return h("label", { class: "check" }, box, h("span", {}, w(`set_${name}`), hint && h("span", { class: "small quiet" }, h("br"), w(hint))));
}

function settingsPage() {
  const chosen = new Set(board.settings.lessons);
  const choices = lessons.map((lesson) => {
    const box = h("input", {
      type: "checkbox", checked: chosen.has(lesson.name), "data-key": `choice ${lesson.name}`,
      onchange: () => change({ lessons: lessons.map((each) => each.name).filter((name) => (name === lesson.name ? box.checked : chosen.has(name))) }),
    });
    return h("label", { class: "check" }, box, h("span", {}, h("b", {}, lesson.name), ` ${lesson.title}`));
  });
  return h("main", { class: "board" }, h("h2", { tabindex: "-1" }, w("classSettings")), h("div", { class: "columns" },
    h("section", { class: "card-panel" }, h("h3", {}, w("whatIsShown")), setting("hideTries"), setting("statusWords", "set_statusWordsHint")),
    h("section", { class: "card-panel" }, h("h3", {}, w("examinationTitle")), setting("examination", "set_examinationHint"),
      board.withheld > 0 && h("p", {}, w("withheldCount", { n: board.withheld })),
      h("div", { class: "ways" }, button(w("release"), { key: "release", "data-way": "release", disabled: board.withheld === 0 },
        async () => { if (await attempt(() => trainer.post("/api/class/release", {}))) { tell(w("released")); await show(); } })))),
  h("section", { class: "card-panel" }, h("h3", {}, w("lessonChoice")), h("p", { class: "small quiet" }, w("lessonChoiceHint")),
    h("div", { class: "lesson-choices", role: "group", "aria-label": w("lessonChoice") }, choices),
    h("div", { class: "ways" }, button(w("allLessons"), { key: "all lessons" }, () => change({ lessons: [] })))));
}

function time(seconds) {
  return new Date(seconds * 1000).toLocaleString(settings().language === "ja" ? "ja-JP" : "en-GB", { dateStyle: "medium", timeStyle: "short" });
}

async function reportPage() {
  const report = await attempt(() => trainer.get(`/api/results/${encodeURIComponent(memory.seat)}?${language()}`));
  if (!report) return h("main", { class: "report" }, h("p", { class: "notice" }, w("notFound")));
  const seat = board.seats.find((each) => each.id === memory.seat);
  const done = [...report.exercises].reverse();
  return h("main", { class: "report" },
    h("header", {}, h("h2", { tabindex: "-1" }, w("recordOf", { name: report.alias })),
      h("p", { class: "quiet" }, seat ? `${w("rightOf")} ${seat.right} / ${seat.done}` : "")),
    h("div", { class: "ways no-print" }, button(w("print"), { class: "primary", key: "print" }, () => window.print()),
      button(w("toBoard"), { key: "to board" }, () => go("board")),
      button(w("clearSeat"), { class: "plain", key: "clear" }, async () => {
        if (!(await ask(w("clearSeatAsk", { name: report.alias }), w("clearSeat")))) return;
        if (await attempt(() => trainer.remove(`/api/class/seats/${encodeURIComponent(report.id)}`))) go("board");
      })),
    report.view && !report.view.isFinished && h("section", { class: "report-exercise" },
      h("h2", {}, `${w("underWay")}　${report.view.lesson} ${report.view.title}`),
      h("ol", { class: "notes" }, report.view.notebook.map((note) => h("li", {}, h("time", {}, note.time), h("span", {}, note.text))))),
    done.filter((each) => each.sheet).map((each, index) => h("details", { class: "report-exercise", open: index === 0 },
      h("summary", { "data-key": `exercise ${each.id}` }, `${each.sheet.isRight ? "○" : "△"} ${each.lesson} ${each.title}　`, h("span", { class: "quiet small" }, `${time(each.finished)}${each.isExamination ? ` ・ ${w("examination")}` : ""}`)),
      sheetHead(each.sheet, each.title, "h3"), sheetBody(each.sheet, "h4"))),
    done.every((each) => !each.sheet) && h("p", { class: "notice" }, w("noSheetYet")));
}

/** Prints every sheet of a record, the closed ones too. */
addEventListener("beforeprint", () => { for (const each of document.querySelectorAll("details")) each.open = true; });

// A button that is pressed stays until it is let go.
let isPressed = false;
addEventListener("pointerdown", () => { isPressed = true; });
for (const name of ["pointerup", "pointercancel"]) addEventListener(name, () => { isPressed = false; });

async function start() {
  await applySettings();
  const asked = new URLSearchParams(location.search).get("key");
  if (asked) {
    sessionStorage.setItem("vmyna.trainer", asked);
    // The key shall not stay where it can be read over one's shoulder.
    history.replaceState(null, "", "/trainer");
  }
  const key = sessionStorage.getItem("vmyna.trainer");
  if (!key) return lockedOut();
  trainer = new Trainer(key);
  await show();
  let waiting = null;
  const following = new AbortController();
  trainer.follow(following.signal, (event) => {
    // Not while somebody writes or chooses: only the board is live.
    if (event.gone || event.lost || memory.page !== "board") return;
    clearTimeout(waiting);
    const unlessPressed = () => { waiting = setTimeout(isPressed ? unlessPressed : show, 250); };
    unlessPressed();
  });
  document.documentElement.dataset.ready = "trainer";
}

start();
