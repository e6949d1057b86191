// A training paper on A4: whatever it says, it says 訓練用 across it.

import { Refusal, Seat } from "/js/api.js";
import { button, h } from "/js/dom.js";
import { applySettings } from "/js/settings.js";
import { moment, w } from "/js/words.js";

const app = document.getElementById("app");

// What each paper has beside its facts: lines to fill in, boxes for characters.
const blanks = {
  slip: [["署名用電子証明書の暗証番号（英数字6〜16文字）", 16], ["利用者証明用電子証明書の暗証番号（数字4桁）", 4], ["住民基本台帳用の暗証番号（数字4桁）", 4], ["券面事項入力補助用の暗証番号（数字4桁）", 4]],
  "inquiry-letter": [["回答（該当するものに○）　　はい ・ いいえ", 0], ["新しい暗証番号（数字4桁）", 4], ["署名（本人）", 0], ["代理人の氏名", 0]],
  application: [["申請の内容", 0], ["氏名", 0], ["生年月日", 0], ["住所", 0], ["電話番号", 0]],
  notice: [],
};

function blank([label, boxes]) {
  return h("div", { class: "blank" }, h("p", {}, label),
    boxes ? h("div", { class: "boxes", "aria-hidden": "true" }, Array.from({ length: boxes }, () => h("i"))) : h("div", { class: "line-to-write" }));
}

function page(answer) {
  const { paper } = answer;
  return h("main", { class: "paper" },
    h("p", { class: "across", "aria-hidden": "true" }, "訓練用"),
    h("header", {}, h("p", { class: "mark-training" }, "訓練用"), h("h1", {}, paper.title), h("p", { class: "paper-date" }, moment(answer.clock))),
    h("dl", { class: "facts" }, (paper.facts ?? []).map((fact) => [h("dt", {}, fact.label), h("dd", {}, fact.value)])),
    (blanks[paper.kind] ?? []).map(blank),
    h("footer", {}, "この用紙は窓口道場の訓練用です。どの役所にも使えません。人物・番号はすべて架空です。　", answer.lesson));
}

async function start() {
  await applySettings();
  document.documentElement.dataset.theme = "light";
  const [seat, paper] = location.hash.slice(1).split("/").map(decodeURIComponent);
  try {
    const answer = await Seat.kept(seat)?.paper(paper);
    if (!answer) throw new Refusal(404, { error: w("notFound") });
    document.title = `${answer.paper.title}（訓練用）`;
    app.replaceChildren(h("div", { class: "no-print" }, button(w("paperPrint"), { class: "primary", key: "print" }, () => window.print())), page(answer));
  } catch (error) {
    app.replaceChildren(h("main", { class: "paper" }, h("h1", {}, w("notFound")), h("p", {}, error.message)));
  }
}

start();
