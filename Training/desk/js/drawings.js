// The things on the counter, drawn by us and like no real form: a card, papers, a letter, money, the lamps.

import { s } from "/js/dom.js";
import { portrait } from "/js/portrait.js";

const rule = (x, y, length, weight = 2) =>
  s("path", { d: `M${x} ${y}h${length}`, stroke: "var(--line-strong)", "stroke-width": weight, "stroke-linecap": "round", opacity: 0.55 });

function face(thing, x, y, size) {
  const drawing = portrait(thing.portrait ?? "nobody", thing.look);
  for (const [name, value] of Object.entries({ x, y, width: size, height: size })) drawing.setAttribute(name, value);
  return drawing;
}

function frame(width, height, round, ...inner) {
  return s("svg", { viewBox: `0 0 ${width} ${height}`, class: "drawing", "aria-hidden": "true" },
    s("rect", { x: 1, y: 1, width: width - 2, height: height - 2, rx: round, fill: "var(--paper)", stroke: "var(--line-strong)", "stroke-width": 1.2 }), inner);
}

/** A card of plastic: the kind gives the stripe, the thing's seed the picture, once it has been looked at. */
function plastic(stripe, thing, chip) {
  return frame(96, 62, 6,
    s("path", { d: "M1 7 a6 6 0 0 1 6 -6 h82 a6 6 0 0 1 6 6 v7 h-94z", fill: stripe, opacity: 0.9 }),
    thing.portrait !== undefined && thing.portrait !== null ? face(thing, 62, 20, 28) : s("rect", { x: 64, y: 22, width: 24, height: 26, rx: 3, fill: "var(--sunken)" }),
    rule(9, 24, 44, 2.4), rule(9, 33, 34), rule(9, 41, 40), rule(9, 52, 24),
    chip && s("g", {}, s("rect", { x: 40, y: 45, width: 14, height: 11, rx: 2.4, fill: "#d9b45a", stroke: "#a07d28", "stroke-width": 0.8 }),
      s("path", { d: "M40 50.5h14M47 45v11", stroke: "#a07d28", "stroke-width": 0.8 })));
}

function sheet(lines, seal, extra) {
  return frame(66, 84, 3,
    s("rect", { x: 18, y: 10, width: 30, height: 4, rx: 1, fill: "var(--line-strong)", opacity: 0.7 }),
    Array.from({ length: lines }, (_, index) => rule(10, 26 + index * 9, index % 3 === 2 ? 28 : 46)),
    seal && s("g", { fill: "none", stroke: "#b0413a", "stroke-width": 1.6 },
      s("circle", { cx: 51, cy: 71, r: 6 }), s("path", { d: "M48 69h6M51 67v8" })), extra);
}

function envelope(isOpen) {
  return s("svg", { viewBox: "0 0 96 66", class: "drawing", "aria-hidden": "true" },
    s("rect", { x: 1, y: 9, width: 94, height: 56, rx: 3, fill: "var(--paper)", stroke: "var(--line-strong)", "stroke-width": 1.2 }),
    isOpen
      ? [s("path", { d: "M2 10 L48 -6 L94 10", transform: "translate(0 8)", fill: "var(--sunken)", stroke: "var(--line-strong)", "stroke-width": 1.2 }),
        s("rect", { x: 12, y: 4, width: 72, height: 30, fill: "var(--paper)", stroke: "var(--line-strong)", "stroke-width": 1 }), rule(20, 14, 46), rule(20, 22, 34)]
      : s("path", { d: "M2 10 L48 42 L94 10", fill: "none", stroke: "var(--line-strong)", "stroke-width": 1.2 }),
    s("path", { d: "M1 34 L1 62 a3 3 0 0 0 3 3 H92 a3 3 0 0 0 3 -3 V34 L48 52Z", fill: "var(--paper)", stroke: "var(--line-strong)", "stroke-width": 1.2, opacity: isOpen ? 1 : 0 }),
    !isOpen && s("g", { fill: "none", stroke: "#b0413a", "stroke-width": 1.5 }, s("circle", { cx: 48, cy: 40, r: 6.5, fill: "var(--paper)" }), s("path", { d: "M45 40h6M48 37v6" })));
}

const drawings = {
  card: (thing) => plastic("var(--accent)", thing, true),
  "driving-licence": (thing) => plastic("#5a8f6a", thing),
  licence: (thing) => plastic("#5a8f6a", thing),
  "residence-card": (thing) => plastic("#8a6aa0", thing),
  "disability-certificate": (thing) => plastic("#a0626e", thing),
  "insurance-certificate": () => frame(96, 62, 5, s("rect", { x: 1, y: 1, width: 94, height: 11, rx: 4, fill: "#b98a4a", opacity: 0.75 }), rule(9, 24, 50), rule(9, 33, 70), rule(9, 42, 58), rule(9, 51, 30)),
  passport: (thing) => s("svg", { viewBox: "0 0 66 84", class: "drawing", "aria-hidden": "true" },
    s("rect", { x: 1, y: 1, width: 64, height: 82, rx: 5, fill: "#7a2f3a", stroke: "#5c2029" }),
    s("circle", { cx: 33, cy: 36, r: 13, fill: "none", stroke: "#e3c88c", "stroke-width": 1.6 }), s("circle", { cx: 33, cy: 36, r: 6, fill: "none", stroke: "#e3c88c", "stroke-width": 1.4 }),
    s("path", { d: "M18 62h30M23 69h20", stroke: "#e3c88c", "stroke-width": 2, "stroke-linecap": "round" })),
  letter: (thing) => envelope(/open/.test(thing.state ?? "")),
  slip: () => sheet(3, false, s("g", { fill: "none", stroke: "var(--line-strong)" }, [0, 1, 2, 3].map((box) => s("rect", { x: 11 + box * 11, y: 58, width: 9, height: 11, rx: 1.5 })))),
  form: () => sheet(5, false),
  certificate: () => sheet(4, true),
  notice: () => sheet(4, false, s("rect", { x: 10, y: 64, width: 46, height: 10, rx: 2, fill: "var(--accent-soft)", stroke: "var(--accent)" })),
  money: () => frame(96, 50, 3, s("circle", { cx: 48, cy: 25, r: 13, fill: "var(--accent-soft)", stroke: "var(--line-strong)" }), s("text", { x: 48, y: 31, "text-anchor": "middle", "font-size": 16, fill: "var(--ink)" }, "¥"), rule(8, 10, 14), rule(74, 40, 14)),
};

/** The drawing of a thing on the counter, by its kind. */
export function drawing(thing) {
  const kind = thing.kind ?? thing.id ?? "";
  if (drawings[kind]) return drawings[kind](thing);
  if (/(^|-)card(-|$)/.test(kind)) return drawings.card(thing);
  if (/letter|envelope/.test(kind)) return drawings.letter(thing);
  if (/slip|pin/.test(kind)) return drawings.slip(thing);
  if (/notice|postcard/.test(kind)) return drawings.notice(thing);
  if (/licen|handbook|photo/.test(kind)) return drawings.licence(thing);
  if (/insurance|pension|bank|employee|student/.test(kind)) return drawings["insurance-certificate"](thing);
  if (/certificate|register|copy|power|report/.test(kind)) return drawings.certificate(thing);
  return drawings.form(thing);
}

const lampShapes = {
  locked: [s("rect", { x: 4, y: 10.5, width: 16, height: 10.5, rx: 2 }), s("path", { d: "M7.5 10.5V8a4.5 4.5 0 0 1 9 0v2.5", "data-open": "" })],
  expired: [s("path", { d: "M6 3h12M6 21h12M7.5 3c0 5 3 6.5 4.5 9-1.5 2.5-4.5 4-4.5 9M16.5 3c0 5-3 6.5-4.5 9 1.5 2.5 4.5 4 4.5 9" })],
  revoked: [s("circle", { cx: 12, cy: 12, r: 9 }), s("path", { d: "M8 8l8 8M16 8l-8 8", "data-open": "" })],
  stopped: [s("path", { d: "M8 3h8l5 5v8l-5 5H8l-5-5V8z" }), s("path", { d: "M9.7 8.5v7M14.3 8.5v7", "data-open": "" })],
};

/** The shape of one of the four lamps: a lock, an hourglass, a cross, a pause. */
export function lampShape(name) {
  return s("svg", { viewBox: "0 0 24 24", class: "lamp-shape", "aria-hidden": "true", fill: "none", stroke: "currentColor", "stroke-width": 1.9, "stroke-linecap": "round", "stroke-linejoin": "round" },
    lampShapes[name].map((shape) => shape.cloneNode(true)));
}

/** The reader on the counter; its light says whether a card is in and whether it works. */
export function readerDrawing(holdsCard, isBusy) {
  return s("svg", { viewBox: "0 0 150 64", class: "drawing reader-drawing", "aria-hidden": "true" },
    s("path", { d: "M12 20 h126 a8 8 0 0 1 8 8 v22 a10 10 0 0 1 -10 10 h-122 a10 10 0 0 1 -10 -10 v-22 a8 8 0 0 1 8 -8z", fill: "var(--surface)", stroke: "var(--line-strong)", "stroke-width": 1.4 }),
    s("path", { d: "M24 30 h102", stroke: "var(--ink)", "stroke-width": 4, "stroke-linecap": "round", opacity: 0.75 }),
    s("circle", { cx: 126, cy: 47, r: 4.4, fill: holdsCard ? "var(--good)" : "none", stroke: "var(--line-strong)", class: isBusy ? "busy-light" : null }),
    s("path", { d: "M24 47 h26", stroke: "var(--line-strong)", "stroke-width": 2, "stroke-linecap": "round", opacity: 0.5 }));
}
