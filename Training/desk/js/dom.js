// Elements, made one way. Text enters the page only as text nodes: nothing that a person wrote can become markup.

import { withReadings } from "/js/furigana.js";

const SVG = "http://www.w3.org/2000/svg";

function put(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    if (child instanceof Node) node.append(child);
    else node.append(withReadings(String(child)));
  }
  return node;
}

function dress(node, attributes) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "value" || name === "checked" || name === "disabled" || name === "open" || name === "selected") node[name] = value;
    else node.setAttribute(name, value === true ? (name.startsWith("data-") ? "true" : "") : value);
  }
  return node;
}

/** An element of HTML. `h("p", {class: "quiet"}, "text", otherElement)` */
export function h(name, attributes, ...children) {
  return put(dress(document.createElement(name), attributes), children);
}

/** An element of a drawing. */
export function s(name, attributes, ...children) {
  const node = dress(document.createElementNS(SVG, name), attributes);
  for (const child of children.flat(Infinity)) {
    if (child instanceof Node) node.append(child);
    else if (child !== null && child !== undefined && child !== false) node.append(document.createTextNode(String(child)));
  }
  return node;
}

/** A button that does something; `key` finds it again after the page was drawn anew. */
export function button(text, attributes, act) {
  const { class: kind = "", key, ...rest } = attributes ?? {};
  // In one element: a row of flexible boxes would set words and their readings apart.
  if (typeof text === "string") text = h("span", {}, text);
  return h("button", { type: "button", class: `button ${kind}`.trim(), "data-key": key, onclick: act, ...rest }, text);
}

/** Draws anew what stands in `place`; the focus stays on the thing it was on, or goes where `fallback` says. */
export function redraw(place, content, fallback) {
  const held = document.activeElement;
  const inside = place.contains(held);
  const key = inside ? held.closest("[data-key]")?.dataset.key : null;
  const scrolls = [...place.querySelectorAll("[data-scroll]")].map((each) => [each.dataset.scroll, each.scrollTop]);
  place.replaceChildren(...[content].flat(Infinity).filter(Boolean));
  for (const [name, top] of scrolls) {
    const again = place.querySelector(`[data-scroll="${name}"]`);
    if (again) again.scrollTop = top;
  }
  if (!inside) return;
  const again = key && [...place.querySelectorAll("[data-key]")].find((each) => each.dataset.key === key && !each.disabled);
  (again ?? fallback?.())?.focus({ preventScroll: true });
}
