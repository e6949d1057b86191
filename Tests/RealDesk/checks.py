"""The training desk in a real Chromium. Every check is a function named check_…; run.sh says what is needed.

    checks.py VMYNA [--screens FOLDER] [WORD…]

The last line is "N passed, M failed, K skipped".
"""

import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import traceback

import accessibility
from browser import Browser, Person
from desk import Desk, Refused, TOP, play, plays

DESKTOP = (1280, 800)
TABLET = (1024, 768)
UPRIGHT = (768, 1024)


class Skipped(Exception):
    pass


def expect(condition, what):
    if not condition:
        raise AssertionError(what)


def refused(status, work):
    try:
        work()
    except Refused as refusal:
        expect(refusal.status == status, f"{refusal.status} instead of {status}")
        expect(isinstance(refusal.body, dict) and refusal.body.get("fix"), f"no fix: {refusal.body}")
        return refusal.body
    raise AssertionError(f"nothing was refused, {status} expected")


# Lessons


def finish(browser, desk, lesson, by, size):
    seat = desk.sit(f"{lesson} {by}")
    seat.begin(lesson)
    browser.size(*size)
    browser.sit(seat)
    person = Person(browser, seat, by)
    for action in play(lesson):
        person.do(action)
    browser.wait("return document.getElementById('sheet-title') !== null")
    expect(seat.view()["sheet"]["isRight"], f"{lesson} does not end rightly: {seat.view()['sheet']}")
    trouble = browser.trouble()
    expect(not trouble, f"the console complains: {trouble}")
    desk.call("DELETE", f"/api/class/seats/{seat.id}", token=desk.key)


def every_lesson(context, by, size):
    lessons = [lesson for lesson in plays() if lesson in context.desk.lessons()]
    if not lessons:
        raise Skipped("there are no played lessons")
    faults = []
    for lesson in lessons:
        try:
            finish(context.browser, context.desk, lesson, by, size)
        except (AssertionError, Refused) as fault:
            faults.append(f"{lesson}: {fault}")
    expect(not faults, f"{len(faults)} of {len(lessons)} lessons\n  " + "\n  ".join(faults))
    return f"{len(lessons)} lessons"


def check_lessons_by_keyboard_alone(context):
    return every_lesson(context, "keyboard", DESKTOP)


def check_lessons_by_mouse_on_a_tablet(context):
    return every_lesson(context, "mouse", TABLET)


def check_a_lesson_by_mouse_on_a_desktop(context):
    finish(context.browser, context.desk, plays()[0], "mouse", DESKTOP)


def check_a_lesson_by_keyboard_on_an_upright_tablet(context):
    finish(context.browser, context.desk, plays()[-1], "keyboard", UPRIGHT)
    finish(context.browser, context.desk, plays()[0], "mouse", UPRIGHT)


def check_the_customers_side(context):
    """What the customer does at the kiosk is offered on the other side of the page, and nowhere else."""
    if "S34" not in context.desk.lessons():
        raise Skipped("there is no lesson S34")
    seat = context.desk.sit("kiosk")
    seat.begin("S34")
    context.browser.size(*DESKTOP)
    context.browser.sit(seat)
    person = Person(context.browser, seat, "keyboard")
    seen = False
    for action in play("S34"):
        person.do(action)
        seen = seen or context.browser.run("return document.querySelector('[data-side]') !== null")
    return "sides were offered" if seen else "its right play stays at the counter"


# Taking back, tabs, seats


def check_take_back_and_restart(context):
    seat = context.desk.sit("back")
    seat.begin(plays()[0])
    context.browser.size(*DESKTOP)
    context.browser.sit(seat)
    context.browser.press("1")
    context.browser.wait("return document.body.dataset.turn === '1'")
    context.browser.press("Backspace")
    context.browser.wait("return document.body.dataset.turn === '0'")
    context.browser.press("1")
    context.browser.wait("return document.body.dataset.turn === '1'")
    began = time.monotonic()
    context.browser.click('[data-way="restart"]')
    context.browser.click('dialog [data-way="yes"]')
    context.browser.wait("return document.body.dataset.turn === '0'")
    took = time.monotonic() - began
    expect(took < 3, f"a restart took {took:.1f} s")
    expect(not context.browser.trouble(), "the console complains")


def check_two_tabs_follow_each_other(context):
    browser, seat = context.browser, context.desk.sit("tabs")
    seat.begin(plays()[0])
    browser.sit(seat)
    first = browser.driver.current_window_handle
    browser.driver.switch_to.new_window("tab")
    browser.open(f"{context.desk.address}#/seat/{seat.id}")
    browser.press("1")
    browser.wait("return document.body.dataset.turn === '1'")
    second = browser.driver.current_window_handle
    browser.driver.switch_to.window(first)
    browser.wait("return document.body.dataset.turn === '1'")
    # Behind: what the page has not seen yet is not done.
    body = refused(409, lambda: seat.act("ask purpose", 0))
    expect(body["present"]["exercise"]["turn"] == 1, "the present view is missing")
    browser.driver.switch_to.window(second)
    browser.driver.close()
    browser.driver.switch_to.window(first)
    browser.trouble()


def check_nobody_takes_anothers_seat(context):
    browser, seat = context.browser, context.desk.sit("mine")
    browser.driver.get(context.desk.address)
    browser.run("localStorage.clear()")
    browser.driver.get("about:blank")
    browser.open(f"{context.desk.address}#/seat/{seat.id}")
    text = browser.run("return document.body.innerText")
    expect("別の方が使っています" in text, text[:300])
    refused(401, lambda: context.desk.call("GET", f"/api/seats/{seat.id}"))
    # With the key one goes on.
    browser.run("document.getElementById('key').focus()")
    browser.write(seat.token)
    browser.press("Enter")
    browser.wait("return document.body.dataset.page === 'lessons'")
    browser.trouble()


def check_a_script_is_shown_as_text(context):
    browser, desk = context.browser, context.desk
    alias = "<img src=x onerror=alert(1)><script>document.title='x'</script>"[:40]
    seat = desk.sit(alias)
    browser.sit(seat, "lessons")
    expect(alias in browser.run("return document.body.innerText"), "the name is not shown as it is")
    browser.driver.get("about:blank")
    browser.open(desk.trainer)
    browser.wait("return document.body.innerText.includes(arguments[0])", alias)
    expect(browser.run("return document.images.length + document.querySelectorAll('body script').length") == 0, "markup came in")
    expect(not browser.trouble(), "the console complains")
    desk.call("DELETE", f"/api/class/seats/{seat.id}", token=desk.key)


def check_hostile_requests(context):
    desk = context.desk
    for headers in ({"Host": "evil.example"}, {"Host": "127.0.0.1.evil.example"}, {"Origin": "http://evil.example"},
                    {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"}):
        refused(403, lambda headers=headers: desk.call("POST", "/api/seats", {"alias": "x"}, headers=headers))
    refused(413, lambda: desk.call("POST", "/api/seats", raw=b'{"alias":"' + b"x" * 70000 + b'"}'))
    refused(400, lambda: desk.call("POST", "/api/seats", raw=b"\xff\xfe{"))
    refused(400, lambda: desk.call("POST", "/api/seats", raw=b'{"alias":"x"}', headers={"Content-Type": "text/plain"}))
    refused(404, lambda: desk.call("GET", "/../../etc/passwd"))
    refused(404, lambda: desk.call("GET", "/%2e%2e/phrases.yaml"))
    refused(401, lambda: desk.call("GET", "/api/class"))
    seat = desk.sit("hostile")
    seat.begin(plays()[0])
    for action in ("", "fly", "ask <script>", "x" * 150, "charge 99999999999999999999", "take ../../etc/passwd"):
        try:
            seat.act(action, 0)
            raise AssertionError(f"taken: {action}")
        except Refused as refusal:
            expect(refusal.status in (400, 422) and refusal.body["fix"], f"{action}: {refusal}")
    expect(seat.view()["turn"] == 0, "something was done")
    desk.call("DELETE", f"/api/class/seats/{seat.id}", token=desk.key)


# The server


def check_a_desk_that_is_killed_comes_back(context):
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(context.vmyna, data=folder)
        browser = context.browser
        seats = []
        for number, lesson in enumerate(plays()[:6]):
            seat = desk.sit(f"席{number}")
            view = seat.begin(lesson)
            for action in play(lesson)[:number + 3]:
                view = seat.act(action, view["turn"])
            seats.append((seat, view))
        port, key = desk.port, desk.key
        browser.sit(seats[5][0])
        desk.kill()
        again = Desk(context.vmyna, data=folder, port=port)
        try:
            expect(again.key == key, "the trainer's key has changed")
            for seat, view in seats:
                seat.desk = again
                back = seat.view()
                expect(back == view, f"{seat.id} is not where it was")
            # The open page finds back by itself, and goes on.
            seat, view = seats[5]
            browser.wait("return document.getElementById('told')?.hidden === false && !document.getElementById('told').innerText.includes('つながりません')", seconds=20)
            Person(browser, seat, "mouse").do(play(plays()[5])[8])
            browser.trouble()
        finally:
            again.stop()
    return "6 seats"


def check_forty_seats_at_once(context):
    with Desk(context.vmyna) as desk:
        lessons = plays()
        seats = [desk.sit(f"席{number}") for number in range(1, 41)]
        body = refused(503, lambda: desk.sit("席41"))
        expect("40" in body["error"], body)
        times = []

        def work(number):
            seat, lesson = seats[number], lessons[number % len(lessons)]
            view = seat.begin(lesson)
            for action in play(lesson):
                began = time.monotonic()
                view = seat.act(action, view["turn"])
                times.append(time.monotonic() - began)
            return view["isFinished"]

        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            expect(all(pool.map(work, range(40))), "not all came to an end")
        memory = desk.memory()
        expect(memory < 300, f"{memory:.0f} MB")
        table = desk.call("GET", "/api/results.csv", token=desk.key)
        expect(table.count("\r\n") == 41, "the table has not 40 rows")
        board = desk.call("GET", "/api/class", token=desk.key)
        expect(len(board["seats"]) == 40 and all(row["isFinished"] for row in board["seats"]), "the board is not full")
        times.sort()
        return f"{memory:.0f} MB, {len(times)} actions from 8 at once, median {times[len(times) // 2] * 1000:.0f} ms"


def check_it_ends_cleanly(context):
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(context.vmyna, data=folder)
        seat = desk.sit("open")
        context.browser.sit(seat)
        took, code = desk.stop()
        expect(code == 0 and took < 5, f"exit code {code} after {took:.1f} s")
        context.browser.driver.get("about:blank")
        context.browser.trouble()
        return f"{took * 1000:.0f} ms with a page open"


def check_a_seats_card_stands_in_a_pcsc_reader(context):
    """What the class is shown: OpenSC, through a pcscd of its own, sees the tries of the card on the counter."""
    if os.geteuid() != 0:
        raise Skipped("a private pcscd needs root")
    driver = pathlib.Path(context.vmyna).with_name("libifdvmyna.so")
    with tempfile.TemporaryDirectory() as folder:
        socket = os.path.join(folder, "socket")
        with Desk(context.vmyna, more=("--reader", "--socket", socket)) as desk:
            seat = desk.sit("つばめ")
            seat.begin("S05")
            desk.call("POST", "/api/class/reader", {"seat": seat.id}, desk.key)
            conf = os.path.join(folder, "conf")
            os.mkdir(conf)
            with open(os.path.join(conf, "vmyna"), "w") as text:
                subprocess.run([context.vmyna, "reader-conf", "--socket", socket, "--driver", driver], stdout=text, check=True)
            script = f"""mkdir -p /run/pcscd && mount -t tmpfs none /run/pcscd
pcscd --foreground -c {conf} & pcscd=$!
for _ in $(seq 200); do opensc-tool -l 2>/dev/null | grep -q Yes && break; sleep 0.05; done
pkcs15-tool --list-pins
kill $pcscd; wait"""
            seen = subprocess.run(["unshare", "--mount", "sh", "-c", script], capture_output=True, text=True, timeout=60)
            expect(re.search(r"Signature PIN(.|\n)*Tries left *: 1", seen.stdout), f"{seen.stdout[-400:]} {seen.stderr[-400:]}")


def check_errors_carry_the_fix(context):
    import subprocess
    with Desk(context.vmyna) as desk:
        for arguments, words in ((["--port", str(desk.port)], "the port is in use"), (["--data", desk.data, "--port", "0"], "another desk uses this folder"),
                                 (["--data", "/dev/null/x", "--port", "0"], "the folder of the class"), (["--port", "70000"], "--port"),
                                 (["--lessons", "/dev"], "there are no lessons")):
            if "--data" not in arguments:
                arguments += ["--data", desk.data + "/other"]
            result = subprocess.run([context.vmyna, "desk", *arguments], capture_output=True, text=True, timeout=20)
            expect(result.returncode in (1, 2, 3) and words in result.stderr and "\n  fix: " in result.stderr, f"{arguments}: {result}")


# The trainer


def check_the_trainers_board(context):
    browser = context.browser
    with Desk(context.vmyna) as desk:
        right, wrong = desk.sit("うぐいす"), desk.sit("つばめ")
        for seat, name in ((right, "right"), (wrong, None)):
            lesson = plays()[0]
            view = seat.begin(lesson)
            mistakes = [path.stem for path in (TOP / "Training" / "plays" / lesson).glob("*.play") if not path.stem.startswith("right")]
            for action in play(lesson, name or mistakes[0]):
                view = seat.act(action, view["turn"])
        browser.size(*DESKTOP)
        browser.open(desk.trainer)
        browser.wait("return document.querySelectorAll('tbody tr').length === 2")
        expect("key=" not in browser.run("return location.href"), "the key stays in the address")
        expect(browser.run("return document.querySelectorAll('tbody .codes').length") > 0, "no mistake is shown")
        accessibility.examine(browser, "the board")
        context.screen("trainer-board")
        browser.click(f'[data-seat="{wrong.id}"]')
        browser.wait("return document.querySelector('.consequence') !== null")
        accessibility.examine(browser, "a record")
        context.screen("trainer-record")
        # Live: a seat that is taken now appears by itself.
        browser.click('[data-key="to board"]')
        desk.sit("すずめ")
        browser.wait("return document.querySelectorAll('tbody tr').length === 3")
        # An examination.
        browser.click('[data-page="settings"]')
        browser.click('[data-setting="examination"]')
        browser.wait("return document.querySelector('[data-setting=examination]').checked")
        accessibility.examine(browser, "the settings")
        context.screen("trainer-settings")
        view = right.begin(plays()[1])
        refused(403, lambda: right.call("POST", "/restart", {}))
        for action in play(plays()[1]):
            view = right.act(action, view["turn"])
        expect(view["isFinished"] and view.get("sheet") is None, "the sheet is not withheld")
        browser.click('[data-page="board"]')
        browser.click('[data-page="settings"]')
        browser.wait("return document.querySelector('[data-way=release]') && !document.querySelector('[data-way=release]').disabled")
        browser.click('[data-way="release"]')
        browser.wait("return document.querySelector('[data-way=release]').disabled")
        expect(right.view().get("sheet"), "the sheet is not released")
        desk.call("POST", "/api/class/settings", {"examination": False}, desk.key)
        # A lesson of one's own: with a fault, and without.
        browser.click('[data-page="lessons"]')
        browser.click("#lesson-text")
        browser.write("name: X1\ntitel: {ja: あ, en: a}\n")
        browser.click('[data-way="check"]')
        browser.wait("return document.querySelectorAll('.faults li').length > 0")
        expect(browser.run("return document.querySelector('.faults').innerText.includes('行目')"), "no line is named")
        context.screen("trainer-lesson")
        browser.run("document.getElementById('lesson-text').value = ''")
        browser.run("document.querySelector('.faults')?.remove()")
        browser.click('[data-way="fill"]')
        browser.click('[data-way="check"]')
        browser.wait("return document.querySelector('.faults') === null && document.querySelector('.notice') !== null || document.querySelectorAll('.faults li').length > 0")
        expect(browser.run("return document.querySelector('.faults') === null"), "the template is faulty: " + browser.run("return document.querySelector('.faults')?.innerText ?? ''"))
        accessibility.examine(browser, "the editor")
        browser.click('[data-way="send"]')
        end = time.monotonic() + 5
        while (come := desk.call("GET", "/api/class", token=desk.key)["seats"][0]["lesson"]) != "FREE" and time.monotonic() < end:
            time.sleep(0.05)
        expect(come == "FREE", f"the customer did not come, the seat has {come}: " + browser.run("return document.body.innerText.slice(0, 600)"))
        # Everything goes.
        browser.click('[data-page="board"]')
        browser.click('[data-way="delete-all"]')
        browser.click('dialog [data-way="yes"]')
        browser.wait("return document.querySelectorAll('tbody tr').length === 0")
        trouble = browser.trouble()
        expect(not trouble, f"the console complains: {trouble}")


# How it looks


def check_screens_and_accessibility(context):
    """The main screens: looked at by axe and by our own rules, and kept for the guides."""
    browser, desk = context.browser, context.desk
    desk.call("DELETE", "/api/class", token=desk.key)
    browser.size(*DESKTOP)
    browser.driver.get(desk.address)
    browser.run("localStorage.clear()")
    browser.driver.get("about:blank")
    browser.open(desk.address)
    browser.trouble()
    accessibility.examine(browser, "the welcome page")
    context.screen("welcome")
    lesson = "S12" if "S12" in plays() else plays()[0]
    seat = desk.sit("すずめ")
    browser.sit(seat, "lessons")
    accessibility.examine(browser, "the list of lessons")
    context.screen("lessons")
    view = seat.begin(lesson)
    actions = play(lesson)
    browser.sit(seat)
    accessibility.examine(browser, "the start")
    person = Person(browser, seat, "mouse")
    for number, action in enumerate(actions):
        if action.startswith(("reset", "renew", "issue")):
            break
        person.do(action)
    accessibility.examine(browser, "an exercise")
    context.screen("desk")
    for name, size in (("desk-tablet", TABLET), ("desk-upright", UPRIGHT)):
        browser.size(*size)
        accessibility.examine(browser, name)
        context.screen(name)
    browser.size(*DESKTOP)
    for settings, name in (({"theme": "dark"}, "desk-dark"), ({"type": "large", "readings": "on"}, "desk-large"), ({"language": "en"}, "desk-english")):
        browser.run("localStorage.setItem('vmyna.settings', JSON.stringify(arguments[0]))", settings)
        browser.sit(seat)
        accessibility.examine(browser, name)
        context.screen(name)
    browser.run("localStorage.removeItem('vmyna.settings')")
    browser.sit(seat)
    browser.press("?")
    browser.wait("return document.querySelector('dialog[open]') !== null")
    accessibility.examine(browser, "the help")
    context.screen("help")
    browser.press("Escape")
    browser.wait("return document.querySelector('dialog[open]') === null")
    browser.sit(seat)
    for action in actions[number:]:
        person.do(action)
    accessibility.examine(browser, "a sheet")
    context.screen("sheet-right")
    wrong = sorted(path.stem for path in (TOP / "Training" / "plays" / lesson).glob("*.play") if not path.stem.startswith("right"))
    if wrong:
        view = seat.begin(lesson)
        for action in play(lesson, wrong[0]):
            view = seat.act(action, view["turn"])
        browser.sit(seat)
        browser.run("document.querySelector('summary').click()")
        accessibility.examine(browser, "a sheet with mistakes")
        context.screen("sheet-wrong")
    trouble = browser.trouble()
    expect(not trouble, f"the console complains: {trouble}")
    return accessibility.by_what()


def check_motion_is_not_forced(context):
    browser, seat = context.browser, context.desk.sit("still")
    browser.media(prefers_reduced_motion="reduce")
    seat.begin(plays()[0])
    browser.sit(seat)
    for action in play(plays()[0])[:6]:
        Person(browser, seat, "mouse").do(action)
        moving = browser.run("return document.getAnimations().length")
        expect(moving == 0, f"{moving} things move")
    browser.media()


def check_papers_are_marked(context):
    """A printed paper says 訓練用 across it, on one sheet of A4."""
    browser, seat = context.browser, context.desk.sit("papers")
    for lesson in plays():
        if any(action.startswith("print ") for action in play(lesson)):
            break
    else:
        raise Skipped("no lesson prints")
    view = seat.begin(lesson)
    paper = None
    for action in play(lesson):
        view = seat.act(action, view["turn"])
        paper = next((thing["id"] for thing in view["counter"] if thing["isPrintable"]), None)
        if paper:
            break
    expect(paper, f"{lesson} prints nothing that can be printed")
    browser.sit(seat)
    browser.driver.get(f"{context.desk.address}paper.html#{seat.id}/{paper}")
    browser.wait("return document.querySelector('.across')?.innerText === '訓練用'")
    context.screen("paper")
    import base64
    printed = base64.b64decode(browser.driver.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True, "printBackground": True})["data"])
    expect(printed.count(b"/Type /Page\n") + printed.count(b"/Type /Page ") + printed.count(b"/Type /Page/") == 1 or b"/Count 1" in printed, "more than one sheet")


def check_speed(context):
    """Reported, not asserted: first paint, and an action as the page sees it."""
    browser, seat = context.browser, context.desk.sit("speed")
    seat.begin(plays()[0])
    browser.size(*DESKTOP)
    browser.sit(seat)
    paints = []
    for _ in range(5):
        browser.driver.get("about:blank")
        browser.open(f"{context.desk.address}#/seat/{seat.id}")
        paints.append(browser.wait("return performance.getEntriesByName('first-contentful-paint')[0]?.startTime"))
    view = seat.view()
    answers = []
    for action in play(plays()[0]):
        began = time.monotonic()
        view = seat.act(action, view["turn"])
        answers.append((time.monotonic() - began) * 1000)
    answers.sort()
    return f"first paint {sorted(paints)[2]:.0f} ms, an action {answers[len(answers) // 2]:.0f} ms (slowest {answers[-1]:.0f} ms)"


class Context:
    def __init__(self, vmyna, browser, desk, screens):
        self.vmyna = vmyna
        self.browser = browser
        self.desk = desk
        self.screens = screens

    def screen(self, name):
        if not self.screens:
            return
        self.browser.run("if (!document.querySelector('dialog[open]')) document.activeElement?.blur(); scrollTo(0, 0)")
        time.sleep(0.5)
        path = self.screens / f"{name}.png"
        self.browser.picture(path)
        if shutil.which("pngquant"):
            subprocess.run(["pngquant", "--force", "--skip-if-larger", "--output", str(path), "128", str(path)], check=False)


def main():
    words = sys.argv[1:]
    vmyna = words.pop(0)
    screens = None
    if "--screens" in words:
        place = words.index("--screens")
        screens = pathlib.Path(words[place + 1])
        del words[place:place + 2]
    checks = [(name[6:].replace("_", " "), work) for name, work in globals().items() if name.startswith("check_")]
    passed = failed = skipped = 0
    with Browser() as browser, Desk(vmyna) as desk:
        context = Context(vmyna, browser, desk, screens)
        for name, work in checks:
            if words and not any(word in name for word in words):
                continue
            began = time.monotonic()
            try:
                detail = work(context)
                result, passed = "ok  ", passed + 1
            except Skipped as reason:
                detail, result, skipped = str(reason), "skip", skipped + 1
            except Exception as fault:  # noqa: BLE001: a check that breaks is a check that fails
                detail = f"{fault}" if isinstance(fault, AssertionError) else traceback.format_exc()
                result, failed = "FAIL", failed + 1
                browser.trouble()
            print(f"{result} {name} ({time.monotonic() - began:.1f} s){': ' + detail if detail else ''}", flush=True)
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
