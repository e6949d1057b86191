// The trainee's page: a seat, the list of lessons, an exercise, the sheet. State lives on the server; a closed tab loses
// nothing, and two tabs of one seat show the same.

import { Refusal, Seat } from "/js/api.js";
import { ask, helpDialog, settingsDialog, tell, tellNothing } from "/js/dialogs.js";
import { h, redraw } from "/js/dom.js";
import { Exercise } from "/js/exercise.js";
import { lessonsPage, welcomePage } from "/js/lessons.js";
import { applySettings, settings } from "/js/settings.js";
import { sheetPage } from "/js/sheet.js";
import { w } from "/js/words.js";

const app = document.getElementById("app");
const lists = { search: "", onlyOpen: false };
let seat = null;
let exercise = null;
let answer = null;
let page = "";
let following = null;

function address(place) {
  const hash = seat ? `#/${place}/${seat.id}` : "#/";
  if (location.hash !== hash) history.replaceState(null, "", hash);
}

function leaveExercise() {
  exercise?.close();
  exercise = null;
}

function setPage(name, content) {
  const isNew = page !== name;
  page = name;
  leaveExercise();
  document.body.dataset.page = name;
  redraw(app, content);
  if (isNew) {
    scrollTo(0, 0);
    app.querySelector("h1[tabindex]")?.focus();
  }
  document.title = `${w("product")}（${w("training")}）`;
}

/** What the server refused is told; what it sends along is shown. */
async function attempt(work) {
  try {
    const result = await work();
    return result;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.status === 0) tell(w("lost"), { stays: true });
    else if (error.status === 409 && error.body?.present) {
      show(error.body.present);
      tell(w("newer"));
    } else if (error.status === 401 || error.status === 404) {
      const id = seat?.id;
      stop();
      seat?.forget();
      seat = null;
      showWelcome(error.status === 401 ? id : null);
      if (error.status === 404) tell(error.message, { fix: error.fix });
    } else tell(error.message, { fix: error.fix });
    return null;
  }
}

/** Shows what the server says the seat looks like now. */
function show(next) {
  if (!next) return;
  answer = next;
  if (!next.exercise) {
    showLessons();
    return;
  }
  address("seat");
  if (next.exercise.isFinished) {
    setPage(`sheet ${next.exercise.lesson} ${next.exercise.seed}`, sheetPage(next, ways));
    app.querySelector("#sheet-title")?.focus();
    document.body.dataset.turn = next.exercise.turn;
    return;
  }
  if (!exercise) {
    page = "exercise";
    document.body.dataset.page = "exercise";
    exercise = new Exercise(app, { ...ways, act: (action, turn) => change(() => seat.act(action, turn)), takeBack: (turn) => change(() => seat.back(turn)) });
  }
  exercise.show(next);
  document.body.dataset.turn = next.exercise.turn;
  document.title = `${next.exercise.lesson} ${next.exercise.title} – ${w("product")}（${w("training")}）`;
}

async function change(work) {
  const next = await attempt(work);
  if (next) show(next);
}

async function showLessons() {
  const lessons = await attempt(() => seat.lessons());
  if (!lessons) return;
  address("lessons");
  setPage("lessons", lessonsPage(lessons, lists, { ...ways, begin: (name) => change(() => seat.begin(name)), goOn: refresh }));
}

function showWelcome(taken = null) {
  if (!taken) history.replaceState(null, "", "#/");
  setPage("welcome", welcomePage({
    ...ways,
    takeSeat: async (alias) => {
      const taken = await attempt(() => Seat.take(alias));
      if (taken) sit(taken);
    },
    useKey: (id, key) => sit(new Seat(id, key).keep()),
  }, { taken }));
}

async function refresh() {
  await change(() => seat.view());
}

// A button that is pressed stays until it is let go, and what this page did itself it hears from the answer.
let isPressed = false;
addEventListener("pointerdown", () => { isPressed = true; });
for (const name of ["pointerup", "pointercancel"]) addEventListener(name, () => { isPressed = false; });

/** Asks anew, unless the answer to something that was done here comes first. */
function behind(version) {
  setTimeout(() => {
    if (!seat || page === "lessons" || version <= (answer?.version ?? 0)) return;
    if (isPressed || exercise?.isBusy) behind(version);
    else refresh();
  }, 150);
}

function stop() {
  following?.abort();
  following = null;
}

/** Takes the seat: shows it, and follows what other tabs and the trainer do. */
async function sit(newSeat) {
  stop();
  seat = newSeat;
  following = new AbortController();
  await refresh();
  if (!seat || !following) return;
  let wasLost = false;
  seat.follow(following.signal, async (event) => {
    if (event.lost) {
      wasLost = true;
      tell(w("lost"), { stays: true });
    } else if (event.gone) {
      await refresh();
    } else if (event.joined) {
      if (wasLost) {
        tell(w("again"));
        await refresh();
      }
      wasLost = false;
    } else if (event.version > (answer?.version ?? 0)) {
      behind(event.version);
    }
  });
}

const ways = {
  openHelp: helpDialog,
  openSettings: () => settingsDialog(async () => {
    tellNothing();
    if (!seat) showWelcome();
    else if (page === "lessons") await showLessons();
    else await refresh();
  }, seat && h("div", { class: "setting" }, h("p", {}, `${w("seatKey")}： `, h("code", { class: "seat-key" }, seat.token)), h("p", { class: "small quiet" }, w("seatKeyHint")))),
  restart: async () => {
    if (answer.exercise.turn === 0 || await ask(w("restartAsk"), w("restart"))) await change(() => seat.restart(answer.exercise.seed));
  },
  same: () => change(() => seat.restart(answer.exercise.seed)),
  another: () => change(() => seat.restart(null)),
  toLessons: () => (answer?.exercise?.isFinished ? change(() => seat.leave()) : showLessons()),
  leaveSeat: () => {
    stop();
    seat?.forget();
    seat = null;
    showWelcome();
  },
  openPaper: (name) => window.open(`/paper.html#${encodeURIComponent(seat.id)}/${encodeURIComponent(name)}`, "_blank", "noopener"),
};

async function start() {
  await applySettings();
  const asked = location.hash.match(/^#\/(?:seat|lessons)\/([\w-]+)/)?.[1];
  const found = asked ? Seat.kept(asked) : Seat.last();
  if (found) {
    await sit(found);
    if (seat && asked && location.hash.startsWith("#/lessons")) await showLessons();
  } else showWelcome(asked ?? null);
  document.documentElement.dataset.ready = settings().language;
}

start();
