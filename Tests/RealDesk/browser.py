"""A headless Chromium, and a person at it who has a keyboard or a mouse."""

import json
import time

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

KEYS = {
    "Tab": 9, "Enter": 13, "Escape": 27, "Backspace": 8, "ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40,
    "Home": 36, "End": 35,
}


class Browser:
    def __init__(self):
        options = webdriver.ChromeOptions()
        for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--lang=ja",
                         "--disable-dev-shm-usage", "--force-color-profile=srgb", "--disable-background-networking"):
            options.add_argument(argument)
        options.binary_location = "/usr/bin/chromium"
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
        self.driver.set_script_timeout(30)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.driver.quit()

    def size(self, width, height):
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                                    {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})

    def media(self, **features):
        """`media(prefers_reduced_motion="reduce")`"""
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {
            "features": [{"name": name.replace("_", "-"), "value": value} for name, value in features.items()]})

    def open(self, address):
        self.driver.get(address)
        self.wait("return document.documentElement.dataset.ready !== undefined")

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def wait(self, script, *arguments, seconds=15):
        """Waits until a script says something true."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            result = self.run(script, *arguments)
            if result:
                return result
            time.sleep(0.01)
        raise AssertionError(f"this did not come: {script} {arguments} | {self.run('return document.body.innerText')[:200]!r}")

    def press(self, key):
        code = KEYS.get(key)
        event = {"key": key, "code": key if code else "", "windowsVirtualKeyCode": code or ord(key.upper())}
        text = "\r" if key == "Enter" else key if code is None else None
        self.driver.execute_cdp_cmd("Input.dispatchKeyEvent",
                                    {"type": "keyDown" if text else "rawKeyDown", **event, **({"text": text} if text else {})})
        self.driver.execute_cdp_cmd("Input.dispatchKeyEvent", {"type": "keyUp", **event})

    def write(self, text):
        self.driver.execute_cdp_cmd("Input.insertText", {"text": text})

    def click(self, selector):
        """A real click in the middle of an element, where nothing else may lie above it."""
        found = self.wait("""
            const element = document.querySelector(arguments[0]);
            if (!element) return null;
            element.scrollIntoView({block: "center", inline: "center"});
            const box = element.getBoundingClientRect();
            const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
            const hit = document.elementFromPoint(x, y);
            return hit && (element === hit || element.contains(hit)) ? [x, y] : null;""", selector)
        for kind in ("mousePressed", "mouseReleased"):
            self.driver.execute_cdp_cmd("Input.dispatchMouseEvent",
                                        {"type": kind, "x": found[0], "y": found[1], "button": "left", "clickCount": 1})

    def trouble(self):
        """What the console complains about since the last time."""
        return [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]

    def picture(self, path):
        path.parent.mkdir(parents=True, exist_ok=True)
        self.driver.save_screenshot(str(path))

    def sit(self, seat, place="seat"):
        """Opens a seat that was taken through the interface."""
        address = seat.desk.address
        if not self.driver.current_url.startswith(address):
            self.driver.get(address + "icon.svg")
        self.run("localStorage.setItem('vmyna.seats', arguments[0]); localStorage.setItem('vmyna.seat', arguments[1])",
                 json.dumps({seat.id: seat.token}), json.dumps(seat.id))
        self.driver.get("about:blank")
        self.open(f"{address}#/{place}/{seat.id}")


FIND = """
    // Where an action stands: the opener that shows it, and the place.
    const [view, action] = arguments;
    const tabOf = (name) => ["search", "select"].includes(name.split(" ")[0]) ? "search" : name === "status" ? "status" : "procedure";
    const has = (list) => list.some((each) => each.action === action);
    for (const group of view.say) if (has(group.items)) return ["person", `group ${group.group}`, group.items.findIndex((each) => each.action === action)];
    if (action === "return all") return ["counter", null, -1];
    for (const thing of view.counter) if (has(thing.actions)) return ["counter", `thing ${thing.id}`, -1];
    for (const group of view.desk) if (has(group.items)) return ["counter", `tool ${group.group}`, -1];
    if (has(view.telephone)) return ["counter", "tool telephone", -1];
    if (has(view.customerSide)) return ["terminal", "side customer", -1];
    if (has(view.terminal.actions)) return ["terminal", `tab ${tabOf(action)}`, -1];
    if (view.terminal.records.some((record) => has(record.actions))) return ["terminal", "tab search", -1];
    if (view.terminal.procedures.some((group) => has(group.items))) return ["terminal", "tab procedure", -1];
    if (has(view.actions)) return ["notebook", null, -1];
    return null;
"""


class Person:
    """Does actions on the page, by keyboard alone or by mouse."""

    def __init__(self, browser, seat, by):
        self.browser = browser
        self.seat = seat
        self.by = by

    def do(self, action):
        view = self.seat.view()
        found = self.browser.run(FIND, view, action)
        if not found:
            raise AssertionError(f"the page does not offer: {action}")
        place, opener, index = found
        turn = view["turn"]
        if self.by == "mouse":
            self.do_by_mouse(opener, action)
        else:
            self.do_by_keyboard(place, opener, index, action)
        self.browser.wait("return Number(document.body.dataset.turn) > arguments[0]", turn)

    def is_open(self, opener):
        return self.browser.run(
            "const e = [...document.querySelectorAll('[data-key]')].find((each) => each.dataset.key === arguments[0]);"
            "return e ? e.getAttribute('aria-pressed') === 'true' : null", opener)

    def do_by_mouse(self, opener, action):
        side = "side customer" if opener == "side customer" else "side clerk"
        if self.is_open(side) is False:
            self.browser.click(f'[data-key="{side}"]')
        if opener and opener != side and self.is_open(opener) is False:
            self.browser.click(f'[data-key="{opener}"]')
        self.browser.click(f'[data-action="{action}"]')

    def focused(self):
        return self.browser.run(
            "const e = document.activeElement; return [e.closest('[data-place]')?.dataset.place ?? null, e.dataset.key ?? null]")

    def go_to(self, place):
        for _ in range(40):
            if self.focused()[0] == place:
                return
            self.browser.press("Tab")
        raise AssertionError(f"Tab does not come to {place}")

    def walk_to(self, place, key):
        self.go_to(place)
        self.browser.press("Home")
        for _ in range(120):
            if self.focused()[1] == key:
                return
            self.browser.press("ArrowDown")
        raise AssertionError(f"the arrows do not come to {key} in {place}")

    def do_by_keyboard(self, place, opener, index, action):
        if place == "person":
            if self.is_open(opener) is False:
                self.go_to("person")
                for _ in range(10):
                    self.browser.press("ArrowRight")
                    if self.is_open(opener):
                        break
            if index < 9:
                self.browser.press(str(index + 1))
                return
        side = "side customer" if opener == "side customer" else "side clerk"
        if self.is_open(side) is False:
            # The top bar is an ordinary row of buttons.
            for _ in range(40):
                if self.focused()[1] == side:
                    break
                self.browser.press("Tab")
            self.browser.press("Enter")
        if opener and opener not in (side, f"group {opener}") and self.is_open(opener) is False:
            self.walk_to(place, opener)
            self.browser.press("Enter")
        self.walk_to(place, action)
        self.browser.press("Enter")
