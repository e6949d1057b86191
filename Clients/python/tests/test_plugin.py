"""The fixtures and marks, from inside pytest and from outside."""

import os
import re
import subprocess
import sys

import pytest

from vmyna_pytest import VmynaError
from vmyna_pytest import program as programs

scard = pytest.importorskip("smartcard.scard", reason="pyscard is how these tests speak to the card")

SELECT_JPKI = "00A4040C0AD392F000260100000001"
SELECT_AUTH_PIN = "00A4020C020018"


class Client:
    """The least PC/SC client."""

    def __init__(self, reader):
        code, self.context = scard.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM)
        assert code == 0, scard.SCardGetErrorMessage(code)
        code, self.card, self.protocol = scard.SCardConnect(
            self.context, str(reader), scard.SCARD_SHARE_SHARED, scard.SCARD_PROTOCOL_T1)
        assert code == 0, scard.SCardGetErrorMessage(code)

    def code_and_answer(self, command):
        code, answer = scard.SCardTransmit(self.card, self.protocol, list(bytes.fromhex(command)))
        return code, bytes(answer or []).hex().upper()

    def __call__(self, command):
        code, answer = self.code_and_answer(command)
        assert code == 0, scard.SCardGetErrorMessage(code)
        return answer

    def verify(self, pin):
        assert self(SELECT_JPKI) == "9000" and self(SELECT_AUTH_PIN) == "9000"
        return self(f"00200080{len(pin):02X}{pin.encode().hex()}")


def test_fresh_card(myna_card, myna_reader):
    assert Client(myna_reader).verify(myna_card.pin("auth")) == "9000"
    assert myna_card.verified("auth") and not myna_card.verified("sign")
    assert myna_card.tries("auth") == 3
    assert myna_reader.name == os.environ["VMYNA_READER"]
    assert os.environ["VMYNA_AUTH_PIN"] == myna_card.pin("auth")


@pytest.mark.parametrize("round", [1, 2])
def test_each_test_has_its_own_card(myna_card, round):
    assert myna_card.tries("auth") == 3
    assert Client(myna_card.reader).verify("9999") == "63C2"
    assert myna_card.tries("auth") == 2


@pytest.mark.myna_card("auth-locked")
def test_mark_names_the_card(myna_card):
    assert myna_card.locked("auth") and not myna_card.locked("sign")
    assert Client(myna_card.reader).verify("1234") == "6984"
    myna_card.reset_pin("auth", "4321")
    assert Client(myna_card.reader).verify("4321") == "9000"


@pytest.mark.myna_card("fresh-adult", auth=1, sign=2)
def test_mark_sets_counters(myna_card):
    assert (myna_card.tries("auth"), myna_card.tries("sign")) == (1, 2)
    assert Client(myna_card.reader).verify("9999") == "63C0"


@pytest.mark.myna_card(auth=2)
class TestMarkOnAClass:
    def test_first(self, myna_card):
        assert (myna_card.name, myna_card.tries("auth")) == ("fresh-adult", 2)

    @pytest.mark.myna_card("child-10")
    def test_the_nearest_mark_holds(self, myna_card):
        assert (myna_card.name, myna_card.tries("auth")) == ("child-10", 3)


def test_hands(myna_card):
    client = Client(myna_card.reader)
    myna_card.snapshot("before")
    client.verify("9999")
    myna_card.undo()
    assert myna_card.tries("auth") == 3
    myna_card.lock("auth")
    assert client.verify("1234") == "6984"
    myna_card.restore("before")
    myna_card.set("auth", tries=2, value="7777")
    assert client.verify("7777") == "9000"
    with pytest.raises(VmynaError, match="fix: "):
        myna_card.set("auth", tries=9)
    with pytest.raises(VmynaError, match="no PIN 'gate'"):
        myna_card.tries("gate")
    with pytest.raises(VmynaError, match="fix: "):
        myna_card.restore("never")


def test_exchanges(myna_card):
    client = Client(myna_card.reader)
    assert myna_card.exchanges == [] and myna_card.explain() == ""
    client.verify("9999")
    last = myna_card.exchanges[-1]
    assert (last.instruction, last.status, last.application, last.file) == ("20", "63C2", "jpki", "0018")
    assert "39393939" not in last.command, "a PIN is not shown"
    assert "wrong: 2 tries left (63C2)" in myna_card.explain()
    assert "残り" in myna_card.explain("ja")


def test_reader(myna_reader):
    assert myna_reader.status() is None
    myna_reader.eject()
    first = myna_reader.insert("fresh-adult")
    client = Client(myna_reader)
    assert client(SELECT_JPKI) == "9000"
    myna_reader.eject()
    # Whichever comes first: the client's handle is told, or the driver (Docs/Faults.md).
    gone = {code & 0xFFFFFFFF for code in (scard.SCARD_W_REMOVED_CARD, scard.SCARD_E_NO_SMARTCARD)}
    assert client.code_and_answer(SELECT_JPKI)[0] & 0xFFFFFFFF in gone
    with pytest.raises(VmynaError, match="not in the reader"):
        first.tries("auth")
    assert myna_reader.insert("sign-locked").locked("sign")
    with pytest.raises(VmynaError, match="there is no card 'nobody'"):
        myna_reader.insert("nobody")


def test_programs_under_test_see_the_card(myna_card):
    text = subprocess.run([sys.executable, "-c", "import os; print(os.environ['VMYNA_CARD'], os.environ['VMYNA_READER'])"],
                          check=True, stdout=subprocess.PIPE, text=True).stdout
    assert text.split(" ", 1)[0] == "fresh-adult" and myna_card.reader.name in text


def has_faults(card):
    return re.search(r"^ +fault ", card.program("--help"), re.MULTILINE)


@pytest.mark.myna_fault("remove during verify")
def test_fault(request):
    # Looked at before the card is asked for, since the mark would fail it.
    reader = request.getfixturevalue("myna_reader")
    if not has_faults(reader.insert()):
        pytest.skip("this vmyna has no faults")
    card = request.getfixturevalue("myna_card")
    client = Client(card.reader)
    assert client(SELECT_JPKI) == "9000" and client(SELECT_AUTH_PIN) == "9000"
    code, _ = client.code_and_answer("002000800439393939")
    assert code != 0, "the card was there to the end"


# ---------------------------------------------------------------------------------------------------- from outside

@pytest.fixture
def vmyna(request):
    return programs.find(request.config.getoption("--vmyna"))


@pytest.fixture
def inner(pytester, vmyna, monkeypatch):
    """Runs a file of tests in a pytest of its own, which knows nothing of this one's reader."""
    def run(text, *words, program=vmyna):
        for name in list(os.environ):
            if name.startswith(("VMYNA_", "PCSCLITE_")):
                monkeypatch.delenv(name)
        pytester.makepyfile(text)
        return pytester.runpytest_subprocess("-p", "no:cacheprovider", f"--vmyna={program}", *words)
    return run


def test_failure_tells_what_was_said(inner):
    result = inner("""
        import subprocess
        def test_it(myna_card):
            subprocess.run(["opensc-tool", "-r", myna_card.reader.name, "-s", "00A4040C0AD392F000260100000001"])
            assert False, "mine"
    """)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*vmyna: the last exchanges with the card*", "*select*selected (9000)*"])


def test_bad_marks_say_what_is_right(inner):
    result = inner("""
        import pytest
        @pytest.mark.myna_card("nobody")
        def test_card(myna_card): pass
        @pytest.mark.myna_card(auth=17)
        def test_tries(myna_card): pass
        @pytest.mark.myna_card("a", "b")
        def test_two(myna_card): pass
    """)
    result.assert_outcomes(errors=3)
    result.stdout.fnmatch_lines(["*there is no card 'nobody'*", "*fix: *", "*myna_card takes one card*"])


def test_without_vmyna(inner, monkeypatch):
    result = inner("def test_it(myna_card): pass", program="/no/such/vmyna")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*there is no program, /no/such/vmyna*", "*fix: *"])


def test_nothing_is_started_that_nobody_asked_for(inner):
    inner("def test_it(): pass", program="/no/such/vmyna").assert_outcomes(passed=1)


def test_default_card(inner):
    inner("def test_it(myna_card): assert myna_card.name == 'child-10'", "--myna-card=child-10").assert_outcomes(passed=1)


def test_inside_vmyna_run(pytester, vmyna):
    """pytest as the command of `vmyna run`: its reader is taken, no second world is made."""
    pytester.makepyfile("""
        def test_it(myna_card, myna_world):
            assert myna_world.process is None and myna_card.tries("auth") == 3
    """)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("VMYNA_", "PCSCLITE_"))}
    result = subprocess.run(
        [vmyna, "run", "--", sys.executable, "-m", "pytest", "-q", f"--vmyna={vmyna}", str(pytester.path)],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment)
    assert result.returncode == 0, result.stdout


def test_world_leaves_nothing(inner):
    """The pcscd of a pytest is gone with it."""
    result = inner("""
        import os, pathlib
        def test_it(myna_card, myna_world):
            pathlib.Path("pid").write_text(str(myna_world.process.pid))
    """)
    result.assert_outcomes(passed=1)
    with open("pid") as file:
        pid = int(file.read())
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
