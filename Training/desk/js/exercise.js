// One exercise on the page: three places and a notebook. The page is a view of what the server holds; nothing of the
// lesson lives here but which group of sentences is open and which thing is chosen.

import { button, h, redraw } from "/js/dom.js";
import { motionIsWanted } from "/js/settings.js";
import { has, moment, w } from "/js/words.js";
import { actionOf, counterPlace } from "/js/places/counter.js";
import { notebookPlace } from "/js/places/notebook.js";
import { groupsOf, openGroup, personPlace } from "/js/places/person.js";
import { customerSidePlace, tabOf, terminalPlace } from "/js/places/terminal.js";

const places = ["person", "counter", "terminal", "notebook"];
// Where something is dropped, and the verb that brings it there.
const verbs = { customer: ["return", "lift"], counter: ["take", "lift"], reader: ["place"] };

export class Exercise {
  /** @param desk what the page can do with the seat: act, takeBack, restart, openPaper, toLessons, openHelp, openSettings */
  constructor(root, desk) {
    this.desk = desk;
    this.state = { group: null, thing: null, side: null, tab: null };
    this.at = { person: null, counter: null, terminal: null, notebook: null };
    this.dragged = null;
    this.isBusy = false;
    this.top = h("header", { class: "top" });
    this.parts = Object.fromEntries(places.map((name) => [name,
      h("section", { class: `place ${name}`, "data-place": name, "aria-labelledby": `${name}-title` })]));
    root.replaceChildren(this.top, h("main", { class: "desk" }, places.map((name) => this.parts[name])));
    for (const name of places) {
      this.parts[name].addEventListener("focusin", (event) => this.remember(name, event.target));
    }
    this.keys = (event) => this.key(event);
    document.addEventListener("keydown", this.keys);
  }

  close() {
    document.removeEventListener("keydown", this.keys);
  }

  /** Shows what the server answered. */
  show(answer) {
    const before = this.answer;
    this.answer = answer;
    const view = (this.view = enrich(answer.exercise));
    if (!before || before.exercise.lesson !== view.lesson || before.exercise.seed !== view.seed || view.turn === 0) {
      this.state = { group: null, thing: null, side: null, tab: null };
    }
    if (!this.state.tab || before?.exercise.terminal.screen !== view.terminal.screen) this.state.tab = tabOf(view.terminal.screen, this.state.tab);
    this.state.triesHidden = answer.settings.hideTries;
    this.state.statusWord = answer.statusWord;
    if (view.customerSide.length === 0) this.state.side = null;
    const handedOver = view.counter.find((thing) => !before?.exercise.counter.some((old) => old.id === thing.id && old.place === thing.place) && thing.place === "counter");
    if (before && handedOver) this.state.thing = handedOver.id;
    this.draw(before?.exercise.customer.speech.length !== view.customer.speech.length);
  }

  draw(somethingWasSaid = false) {
    const { view, state } = this;
    const from = this.positions();
    const does = this.doings();
    redraw(this.top, topBar(this, view));
    redraw(this.parts.person, personPlace(view, state, does), () => this.entry("person"));
    redraw(this.parts.counter, counterPlace(view, state, does), () => this.entry("counter"));
    redraw(this.parts.terminal, (state.side === "customer" ? customerSidePlace : terminalPlace)(view, state, does), () => this.entry("terminal"));
    redraw(this.parts.notebook, notebookPlace(view, state, does), () => this.entry("notebook"));
    for (const name of places) this.rove(name);
    const notes = this.parts.notebook.querySelector(".notes");
    notes.scrollTop = notes.scrollHeight;
    if (somethingWasSaid) {
      const talk = this.parts.person.querySelector(".talk");
      talk.scrollTop = talk.scrollHeight;
    }
    this.move(from);
  }

  doings() {
    return {
      act: (action) => this.act(action),
      takeBack: () => this.desk.takeBack(this.view.turn),
      openGroup: (name) => { this.state.group = name; this.draw(); },
      openTab: (name) => { this.state.tab = name; this.draw(); },
      choose: (id, byKeyboard) => this.choose(id, byKeyboard),
      openPaper: (id) => this.desk.openPaper(id),
      drag: (event, thing) => {
        this.dragged = thing;
        event.dataTransfer.effectAllowed = "move";
        event.dataTransfer.setData("text/plain", thing.title);
      },
      dropTarget: (name) => ({
        ondragover: (event) => {
          if (!this.dropped(name)) return;
          event.preventDefault();
          event.currentTarget.dataset.over = "";
        },
        ondragleave: (event) => { delete event.currentTarget.dataset.over; },
        ondrop: (event) => {
          delete event.currentTarget.dataset.over;
          const action = this.dropped(name);
          this.dragged = null;
          if (!action) return;
          event.preventDefault();
          this.act(action);
        },
      }),
    };
  }

  dropped(place) {
    if (!this.dragged || this.dragged.place === place) return null;
    return verbs[place].map((verb) => actionOf(this.dragged, verb)).find(Boolean) ?? null;
  }

  choose(id, byKeyboard) {
    this.state.thing = this.state.thing === id && !byKeyboard ? null : id;
    this.draw();
    if (byKeyboard) this.parts.counter.querySelector(".details button")?.focus();
  }

  async act(action) {
    if (this.isBusy) return;
    this.isBusy = true;
    this.parts.person.parentElement.setAttribute("aria-busy", "true");
    try {
      await this.desk.act(action, this.view.turn);
    } finally {
      this.isBusy = false;
      this.parts.person.parentElement.removeAttribute("aria-busy");
    }
  }

  // Keyboard: a place is one stop of Tab; the arrows move within it.

  controls(name) {
    return [...this.parts[name].querySelectorAll("button:not([disabled])")];
  }

  entry(name) {
    const controls = this.controls(name);
    return controls.find((each) => each.dataset.key === this.at[name]) ?? (name === "person" ? controls.find((each) => each.classList.contains("sentence")) : null) ?? controls[0];
  }

  remember(name, target) {
    const key = target.closest("[data-key]")?.dataset.key;
    if (!key || this.at[name] === key) return;
    this.at[name] = key;
    this.rove(name);
  }

  rove(name) {
    const entry = this.entry(name);
    for (const each of this.controls(name)) each.tabIndex = each === entry ? 0 : -1;
  }

  key(event) {
    if (document.querySelector("dialog[open]") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest?.("input, textarea, select")) return;
    const name = event.target.closest?.("[data-place]")?.dataset.place;
    const steps = { ArrowDown: 1, ArrowUp: -1, ArrowRight: 1, ArrowLeft: -1 };
    if (/^[1-9]$/.test(event.key)) {
      const item = openGroup(this.view, this.state.group)?.items[Number(event.key) - 1];
      if (item) this.act(item.action);
    } else if (event.key === "Backspace") {
      if (this.view.canTakeBack) this.desk.takeBack(this.view.turn);
    } else if (event.key === "?") {
      this.desk.openHelp();
    } else if (event.key === "Escape" && name === "counter" && this.state.thing) {
      this.parts.counter.querySelector(`[data-key="${CSS.escape(this.state.thing.startsWith("tool ") ? this.state.thing : `thing ${this.state.thing}`)}"]`)?.focus();
    } else if ((event.key === "ArrowLeft" || event.key === "ArrowRight") && (name === "person" || !name)) {
      const groups = groupsOf(this.view);
      const now = groups.indexOf(openGroup(this.view, this.state.group));
      const next = groups[(now + steps[event.key] + groups.length) % groups.length];
      this.state.group = next?.group;
      this.draw();
      this.parts.person.querySelector(`[data-group="${next?.group}"]`)?.focus();
    } else if (steps[event.key] && name) {
      const controls = this.controls(name);
      controls[controls.indexOf(document.activeElement) + steps[event.key]]?.focus();
    } else if ((event.key === "Home" || event.key === "End") && name) {
      this.controls(name).at(event.key === "Home" ? 0 : -1)?.focus();
    } else {
      return;
    }
    event.preventDefault();
  }

  // Things move from hand to hand before one's eyes.

  positions() {
    return new Map([...document.querySelectorAll("[data-thing]")].map((each) => [each.dataset.thing, each.getBoundingClientRect()]));
  }

  move(from) {
    if (!motionIsWanted()) return;
    for (const each of document.querySelectorAll("[data-thing]")) {
      const old = from.get(each.dataset.thing);
      const now = each.getBoundingClientRect();
      if (!old) {
        if (from.size) each.animate([{ opacity: 0, transform: "translate(-40px, -8px)" }, { opacity: 1, transform: "none" }], { duration: 260, easing: "ease-out" });
        continue;
      }
      const [x, y] = [old.x - now.x, old.y - now.y];
      if (Math.hypot(x, y) < 4) continue;
      each.animate([{ transform: `translate(${x}px, ${y}px)` }, { transform: "none" }], { duration: 320, easing: "cubic-bezier(.3,.7,.3,1)" });
    }
  }
}

/** What the page says about a view, beside what the server says. */
function enrich(view) {
  const { portrait, age, isWoman } = view.customer;
  const counter = view.counter.map((thing) => ({
    ...thing,
    // A photograph of the person who stands there is drawn like that person.
    look: thing.portrait === portrait ? { age, sex: isWoman ? "female" : "male" } : {},
    stateText: has(`state_${thing.state}`) ? w(`state_${thing.state}`) : thing.isSealed === undefined || thing.isSealed === null ? null : w(thing.isSealed ? "sealed" : "unsealed"),
    agreesText: thing.agrees === undefined || thing.agrees === null ? null : w(thing.agrees ? "agrees" : "disagrees"),
    state: thing.isSealed === false && thing.state === "none" ? "open" : thing.state,
  }));
  const pad = { ...view.pad, resultText: view.pad.result && has(`result_${view.pad.result}`) ? w(`result_${view.pad.result}`) : null };
  return { ...view, counter, pad };
}

function topBar(exercise, view) {
  const { desk, state, answer } = exercise;
  const side = (name) => button(w(name === "clerk" ? "roleClerk" : "roleCustomer"), {
    class: "plain side", key: `side ${name}`, "data-side": name, "aria-pressed": String((state.side ?? "clerk") === name),
  }, () => { state.side = name; exercise.draw(); });
  return [
    h("div", { class: "brand" }, h("span", { class: "mark-training", title: w("trainingLong") }, w("training")), h("span", { class: "brand-name" }, w("product"))),
    h("h1", { class: "lesson-title" }, h("span", { class: "lesson-name" }, view.lesson), " ", view.title),
    h("p", { class: "clock number" }, moment(view.clock, view.weekday)),
    view.customerSide.length > 0 && h("div", { class: "sides", role: "group", "aria-label": w("roleSwitch") }, side("clerk"), side("customer")),
    answer.settings.examination && h("span", { class: "tag", title: w("examinationHint") }, w("examination")),
    h("div", { class: "top-ways" },
      !answer.settings.examination && button(`↶ ${w("restart")}`, { class: "plain", key: "restart", "data-way": "restart" }, desk.restart),
      button(w("lessons"), { class: "plain", key: "lessons", "data-way": "lessons" }, desk.toLessons),
      button(w("settings"), { class: "plain", key: "settings" }, desk.openSettings),
      button(["?", h("span", { class: "hidden-but-read" }, w("help"))], { class: "plain help-way", key: "help" }, desk.openHelp)),
  ];
}

