// What a person chose about the page: kept in this browser, told to nobody.

import { showReadings } from "/js/furigana.js";

const usual = { language: "ja", readings: "off", type: "normal", theme: "auto" };
const asked = matchMedia("(prefers-color-scheme: dark)");
let chosen = { ...usual, ...read("vmyna.settings", {}) };

/** Something from this browser's memory; the default where there is none, or the browser keeps none. */
export function read(name, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(name)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

export function write(name, value) {
  try {
    if (value === null) localStorage.removeItem(name);
    else localStorage.setItem(name, JSON.stringify(value));
  } catch { /* A browser that keeps nothing only forgets. */ }
}

export function settings() {
  return chosen;
}

/** Sets the page up as chosen. */
export async function applySettings() {
  const root = document.documentElement;
  root.lang = chosen.language;
  root.dataset.type = chosen.type;
  root.dataset.theme = chosen.theme === "auto" ? (asked.matches ? "dark" : "light") : chosen.theme;
  await showReadings(chosen.readings === "on" && chosen.language === "ja");
}

export async function choose(changes) {
  chosen = { ...chosen, ...changes };
  write("vmyna.settings", chosen);
  await applySettings();
}

export function motionIsWanted() {
  return !matchMedia("(prefers-reduced-motion: reduce)").matches;
}

asked.addEventListener("change", applySettings);
