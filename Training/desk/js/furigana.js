// Readings above kanji, for those who ask for them: a list of words from the server, the longest word first.

let words = null;
let shown = false;

/** Loads the list once and switches readings on or off. */
export async function showReadings(on) {
  shown = on;
  if (!on || words) return;
  try {
    const answer = await fetch("/api/furigana");
    const list = Object.entries(await answer.json()).sort((one, other) => other[0].length - one[0].length);
    words = new Map();
    for (const [word, reading] of list) {
      const first = word[0];
      if (!words.has(first)) words.set(first, []);
      words.get(first).push([word, reading]);
    }
  } catch {
    words = new Map();
  }
}

function ruby(word, reading) {
  const element = document.createElement("ruby");
  element.append(word);
  const above = document.createElement("rt");
  above.append(reading);
  element.append(above);
  return element;
}

/** The text as a node, with readings where they are shown and known. */
export function withReadings(text) {
  if (!shown || !words || !/\p{Script=Han}/u.test(text)) return document.createTextNode(text);
  const result = document.createDocumentFragment();
  let plain = "";
  let place = 0;
  while (place < text.length) {
    const found = words.get(text[place])?.find(([word]) => text.startsWith(word, place));
    if (!found) {
      plain += text[place];
      place += 1;
      continue;
    }
    if (plain) result.append(plain);
    plain = "";
    result.append(ruby(found[0], found[1]));
    place += found[0].length;
  }
  if (plain) result.append(plain);
  return result;
}
