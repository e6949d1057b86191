"""Whether everybody can use the page: axe's rules where axe is to be had, and our own in any case."""

from desk import TOP

AXE = TOP / ".build" / "axe" / "axe_core_python" / "axe.min.js"

# Names of controls, landmarks, language, one first heading, contrast of the words as they are drawn.
OWN = r"""
const faults = [];
const shown = (e) => e.checkVisibility({checkOpacity: true, checkVisibilityCSS: true}) && e.getBoundingClientRect().width > 1;
if (!["ja", "en"].includes(document.documentElement.lang)) faults.push("the page has no language");
if (!document.title) faults.push("the page has no title");
if (document.querySelectorAll("main").length !== 1) faults.push("there is not one main");
const modal = document.querySelector("dialog[open]");
const scope = modal ?? document;
if (!modal && [...document.querySelectorAll("h1")].filter(shown).length !== 1) faults.push("there is not one first heading");
const nameOf = (e) => e.getAttribute("aria-label") || (e.getAttribute("aria-labelledby") ?? "").split(" ").map((id) => document.getElementById(id)?.innerText ?? "").join("")
  || [...(e.labels ?? [])].map((l) => l.innerText).join("") || e.innerText || e.title || "";
for (const e of scope.querySelectorAll("button, a[href], input, select, textarea, summary, [role=button]"))
  if (shown(e) && !nameOf(e).trim()) faults.push(`no name: ${e.outerHTML.slice(0, 120)}`);
for (const e of scope.querySelectorAll("section[aria-labelledby]"))
  if (!document.getElementById(e.getAttribute("aria-labelledby"))) faults.push(`a label that is not there: ${e.getAttribute("aria-labelledby")}`);
const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
for (const id of new Set(ids)) if (ids.filter((each) => each === id).length > 1) faults.push(`the id ${id} is there twice`);
// Contrast: text against the nearest ground that is not clear.
const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
const bytes = (colour) => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); return [...canvas.getImageData(0, 0, 1, 1).data]; };
const light = ([r, g, b]) => { const [x, y, z] = [r, g, b].map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126 * x + 0.7152 * y + 0.0722 * z; };
const over = (top, ground) => { const a = top[3] / 255; return [0, 1, 2].map((i) => top[i] * a + ground[i] * (1 - a)).concat(255); };
const groundOf = (e) => { const stack = []; for (let at = e; at; at = at.parentElement) { const c = bytes(getComputedStyle(at).backgroundColor); if (c[3]) stack.push(c); if (c[3] === 255) break; } return stack.reverse().reduce((below, top) => over(top, below), [255, 255, 255, 255]); };
const walker = document.createTreeWalker(scope === document ? document.body : scope, NodeFilter.SHOW_TEXT);
const told = new Set();
for (let node; (node = walker.nextNode());) {
  const e = node.parentElement;
  if (!node.data.trim() || !e || e.closest("svg, [disabled], option, [aria-hidden=true] .across") || !shown(e)) continue;
  const style = getComputedStyle(e);
  const ground = groundOf(e);
  const ink = over(bytes(style.color), ground);
  const [a, b] = [light(ink), light(ground)].sort((x, y) => y - x);
  const ratio = (a + 0.05) / (b + 0.05);
  const size = parseFloat(style.fontSize);
  const needed = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
  if (ratio < needed - 0.01 && !told.has(e.className + e.tagName)) { told.add(e.className + e.tagName); faults.push(`contrast ${ratio.toFixed(2)}: ${e.tagName}.${e.className} "${node.data.trim().slice(0, 30)}"`); }
}
// What is wider than the page cannot be reached by a finger.
if (document.documentElement.scrollWidth > innerWidth + 1) faults.push(`the page is ${document.documentElement.scrollWidth - innerWidth} px too wide`);
return faults;
"""

FOCUS = r"""
const e = document.activeElement;
if (!e || e === document.body) return null;
const style = getComputedStyle(e);
const box = e.getBoundingClientRect();
const drawn = e.matches(".segmented input") ? getComputedStyle(e.nextElementSibling) : style;
return [e.tagName + " " + (e.dataset.key ?? e.id ?? ""), drawn.outlineStyle !== "none" && parseFloat(drawn.outlineWidth) >= 2, box.width > 0 && box.bottom > 0 && box.top < innerHeight];
"""


def by_what():
    return "axe and our own rules" if AXE.exists() else "our own rules; axe was not to be had"


def examine(browser, where):
    faults = browser.run(OWN)
    if AXE.exists():
        browser.run(AXE.read_text(encoding="utf-8"))
        result = browser.driver.execute_async_script("""
            const done = arguments[0];
            axe.run(document, {resultTypes: ["violations"]}).then((found) => done(found.violations
              .filter((each) => ["serious", "critical"].includes(each.impact))
              .map((each) => `${each.id}: ${each.help}: ${each.nodes.slice(0, 3).map((node) => node.target.join(" ") + " " + (node.any[0]?.message ?? "")).join(" | ")}`)),
              (fault) => done([String(fault)]));""")
        faults += result
    faults += walk(browser)
    if faults:
        raise AssertionError(f"{where}:\n  " + "\n  ".join(faults))


def walk(browser):
    """Goes through the page with Tab: the focus is always on something, seen, and comes round."""
    faults = []
    seen = []
    for _ in range(60):
        browser.press("Tab")
        at = browser.run(FOCUS)
        if at is None:
            if seen:
                break
            continue
        name, outlined, inside = at
        if name in seen:
            break
        seen.append(name)
        if not outlined:
            faults.append(f"the focus is not seen: {name}")
        if not inside:
            faults.append(f"the focus is out of sight: {name}")
    if not seen:
        faults.append("Tab comes to nothing")
    return faults
