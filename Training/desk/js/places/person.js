// Left: the person, what was said, and what can be said.

import { button, h } from "/js/dom.js";
import { has, w } from "/js/words.js";
import { portrait } from "/js/portrait.js";

const order = ["ask", "take", "explain", "offer", "refuse", "refer"];

/** The groups of sentences in the order of an ordinary talk; those without one left out. */
export function groupsOf(view) {
  const rank = (group) => (order.includes(group.group) ? order.indexOf(group.group) : order.length);
  return [...view.say].filter((group) => group.items.length > 0).sort((one, other) => rank(one) - rank(other));
}

/** The group that is open: the one that was chosen, else the first. */
export function openGroup(view, chosen) {
  const groups = groupsOf(view);
  return groups.find((group) => group.group === chosen) ?? groups[0];
}

function line(one, isLast) {
  return h("li", { class: `line ${one.who}`, "data-last": isLast },
    h("span", { class: "hidden-but-read" }, `${w(`speaker_${one.who}`)}: `), h("p", {}, one.text));
}

export function personPlace(view, state, does) {
  const { customer } = view;
  const open = openGroup(view, state.group);
  return [
    h("header", { class: "place-head" },
      h("h2", { id: "person-title" }, w("person")),
      customer.isOnTelephone && h("span", { class: "tag" }, w("onTelephone"))),
    h("div", { class: "person-face" },
      portrait(customer.portrait, { age: customer.age, sex: customer.isWoman ? "female" : "male" }),
      h("p", { class: "person-name" }, customer.name ?? w("person"))),
    h("div", { class: "talk", "data-scroll": "talk", tabindex: "-1" },
      h("ol", { class: "lines", "aria-live": "polite", "aria-relevant": "additions", "aria-label": w("say") },
        customer.speech.map((one, index) => line(one, index === customer.speech.length - 1)))),
    h("div", { class: "say" },
      h("div", { class: "groups", role: "group", "aria-label": w("say") },
        groupsOf(view).map((group) =>
          button(has(`group_${group.group}`) ? w(`group_${group.group}`) : group.title,
            { class: "plain group", key: `group ${group.group}`, "data-group": group.group, "aria-pressed": String(group === open) },
            () => does.openGroup(group.group)))),
      open && h("ol", { class: "sentences", "data-scroll": `say-${open.group}` },
        open.items.map((item, index) =>
          h("li", {}, button([
            h("kbd", { "aria-hidden": "true" }, index < 9 ? String(index + 1) : "·"), h("span", {}, item.text),
          ], { class: "sentence", key: item.action, "data-action": item.action }, () => does.act(item.action)))))),
  ];
}
