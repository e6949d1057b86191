// Faces that are plainly drawings. The same seed is always the same person; nobody real was looked at.

import { s } from "/js/dom.js";

const skins = ["#f3d7bd", "#ecc9a9", "#e4bb97", "#d9a982"];
const darkHair = ["#2b2522", "#3a2d26", "#4a382c", "#231f20"];
const greyHair = ["#a9a8a4", "#c3c1bb", "#8b8a88", "#d8d6d0"];
const clothes = ["#4c6a78", "#7a5c5c", "#5c6f52", "#6b5f80", "#8a7350", "#48606b", "#96695a", "#56705f"];
const grounds = ["#e6ece9", "#efe8dc", "#e8e6ef", "#e3ebf0", "#f0e6e3"];

/** Numbers in 0..<1 that follow from the seed alone. */
function dice(seed) {
  let state = 2166136261;
  for (const letter of String(seed)) state = Math.imul(state ^ letter.codePointAt(0), 16777619);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const pick = (list, roll) => list[Math.floor(roll() * list.length)];

// Hair behind the head, and hair before it.
const styles = {
  short: [[], ["M33 52 C31 24 50 16 62 17 C80 17 90 30 87 52 C84 44 80 39 76 36 C66 42 48 41 41 36 C37 41 34 46 33 52Z"]],
  parted: [[], ["M32 54 C30 26 46 16 60 16 C78 16 90 28 88 54 C85 46 83 40 80 36 C70 36 58 33 52 26 C48 34 36 40 32 54Z"]],
  crop: [[], ["M35 46 C34 26 46 18 60 18 C75 18 86 26 85 46 C82 38 78 33 72 31 C63 29 52 29 47 32 C40 34 37 40 35 46Z"]],
  bob: [["M28 82 C24 40 34 14 60 14 C86 14 96 40 92 82 C88 86 82 87 78 85 L42 85 C38 87 32 86 28 82Z"],
    ["M34 52 C36 34 44 27 50 25 C56 34 74 38 86 52 C88 30 78 18 60 18 C42 18 33 30 34 52Z"]],
  long: [["M27 104 C23 60 24 14 60 14 C96 14 97 60 93 104 C84 108 78 106 76 102 L44 102 C42 106 36 108 27 104Z"],
    ["M34 56 C34 38 42 30 58 24 C66 32 80 36 86 56 C90 32 78 17 60 17 C42 17 31 32 34 56Z"]],
  bun: [["M60 4 C71 4 76 11 74 19 L46 19 C44 11 49 4 60 4Z"],
    ["M34 52 C34 28 46 17 60 17 C74 17 86 28 86 52 C82 40 74 32 60 32 C46 32 38 40 34 52Z"]],
  receding: [[], ["M33 58 C30 44 34 33 40 29 C37 40 37 48 36 58Z", "M87 58 C90 44 86 33 80 29 C83 40 83 48 84 58Z"]],
  curls: [["M30 66 C24 58 24 44 30 38 C28 26 40 18 48 18 C56 10 70 11 76 18 C88 20 94 32 91 42 C96 50 95 60 90 66Z"],
    ["M34 50 C36 40 42 32 50 32 C56 26 68 27 73 33 C80 34 85 42 86 50 C88 30 76 20 60 20 C44 20 32 30 34 50Z"]],
};

/** A face. What is known of the person (age, sex) helps; the rest follows from the seed. */
export function portrait(seed, { age = null, sex = null, label = "" } = {}) {
  const roll = dice(seed);
  const years = age ?? Math.floor(20 + roll() * 60);
  const feminine = sex === "female" || (sex !== "male" && roll() < 0.5);
  const child = years < 16;
  const old = years >= 62;
  const skin = pick(skins, roll);
  const hair = pick(old && roll() < 0.85 ? greyHair : darkHair, roll);
  const ground = pick(grounds, roll);
  const cloth = pick(clothes, roll);
  const choices = feminine ? ["bob", "long", "bun", "curls"] : old ? ["receding", "short", "parted", "crop"] : ["short", "parted", "crop", "short"];
  const [behind, before] = styles[pick(child ? (feminine ? ["bob", "long"] : ["short", "crop"]) : choices, roll)];
  const glasses = roll() < (old ? 0.5 : 0.22);
  const wide = (child ? 27 : 25.5) + roll() * 1.5;
  const eye = 9.6 + roll() * 1.6;
  const level = child ? 62 : 58;
  const line = { fill: "none", stroke: "#4b3a30", "stroke-width": 1.8, "stroke-linecap": "round" };
  const brow = 5 + roll() * 1.6;
  const smile = 1.4 + roll() * 2.2;

  return s("svg", { viewBox: "0 0 120 120", class: "portrait", role: label ? "img" : null, "aria-label": label || null, "aria-hidden": label ? null : "true" },
    s("rect", { width: 120, height: 120, rx: 14, fill: ground }),
    behind.map((path) => s("path", { d: path, fill: hair })),
    s("path", { d: "M14 120 C16 98 36 92 50 90 L70 90 C84 92 104 98 106 120Z", fill: cloth }),
    s("path", { d: "M50 78 L50 92 C53 99 67 99 70 92 L70 78Z", fill: skin }),
    s("path", { d: "M50 84 C56 91 64 91 70 84 L70 88 C64 94 56 94 50 88Z", fill: "#000", opacity: 0.07 }),
    feminine
      ? s("path", { d: "M47 92 C52 103 68 103 73 92", fill: "none", stroke: "#fff", "stroke-width": 2.4, opacity: 0.75 })
      : [s("path", { d: "M49 91 L60 104 L44 101Z", fill: "#fbfaf6" }), s("path", { d: "M71 91 L60 104 L76 101Z", fill: "#fbfaf6" })],
    s("ellipse", { cx: 60 - wide - 0.5, cy: level + 2, rx: 3.6, ry: 5, fill: skin }),
    s("ellipse", { cx: 60 + wide + 0.5, cy: level + 2, rx: 3.6, ry: 5, fill: skin }),
    s("path", {
      d: `M${60 - wide} 50 C${60 - wide} 26 ${60 + wide} 26 ${60 + wide} 50 C${60 + wide} 74 ${child ? 74 : 71} 87 60 87 C${child ? 46 : 49} 87 ${60 - wide} 74 ${60 - wide} 50Z`,
      fill: skin,
    }),
    before.map((path) => s("path", { d: path, fill: hair })),
    s("path", { d: `M${60 - eye - brow} ${level - 7} q${brow} -2.6 ${brow * 2 - 1} -0.4`, ...line }),
    s("path", { d: `M${60 + eye + brow} ${level - 7} q${-brow} -2.6 ${-(brow * 2 - 1)} -0.4`, ...line }),
    s("circle", { cx: 60 - eye, cy: level, r: child ? 2.5 : 2.1, fill: "#33271f" }),
    s("circle", { cx: 60 + eye, cy: level, r: child ? 2.5 : 2.1, fill: "#33271f" }),
    glasses && s("g", { fill: "none", stroke: "#4a5358", "stroke-width": 1.6 },
      s("rect", { x: 60 - eye - 7, y: level - 6, width: 14, height: 12, rx: 5 }),
      s("rect", { x: 60 + eye - 7, y: level - 6, width: 14, height: 12, rx: 5 }),
      s("path", { d: `M${60 - eye + 7} ${level - 1} q${eye - 7} -2 ${2 * eye - 14} 0` })),
    s("path", { d: `M60 ${level + 4} q-2.4 5 0.8 6`, ...line, "stroke-width": 1.4, opacity: 0.7 }),
    s("path", { d: `M53.5 ${level + 17} q6.5 ${smile * 2} 13 0`, ...line, stroke: "#8c4a3c" }),
    old && s("g", { ...line, "stroke-width": 1, opacity: 0.35 },
      s("path", { d: `M${60 - 13} ${level + 10} q-1.6 4 -0.4 8` }), s("path", { d: `M${60 + 13} ${level + 10} q1.6 4 0.4 8` }),
      s("path", { d: "M50 42 q10 -2.4 20 0" })),
    (child || feminine) && s("g", { fill: "#e58f7c", opacity: 0.22 },
      s("circle", { cx: 60 - 15, cy: level + 9, r: 4.6 }), s("circle", { cx: 60 + 15, cy: level + 9, r: 4.6 })));
}
