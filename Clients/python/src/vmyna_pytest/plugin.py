"""Fixtures, marks and options: Docs/PytestPlugin.md."""

import pytest

from . import program
from .program import VmynaError
from .reader import MynaReader
from .world import World

DEFAULT_CARD = "fresh-adult"


def pytest_addoption(parser):
    group = parser.getgroup("vmyna", "virtual My Number card")
    group.addoption("--vmyna", metavar="PROGRAM", help="the vmyna program (default: $VMYNA, else the one in PATH)")
    group.addoption("--myna-card", metavar="CARD", default=DEFAULT_CARD,
                    help=f"the card of tests that name none (default: {DEFAULT_CARD})")
    group.addoption("--myna-explain", choices=("en", "ja"), default="en",
                    help="the language in which failures tell what was said to the card (default: en)")


def pytest_configure(config):
    config.addinivalue_line("markers", "myna_card(card, **tries): the card in the reader, and tries left: auth=1")
    config.addinivalue_line("markers", "myna_fault(words): what goes wrong with the card, in the words of 'vmyna fault'")


@pytest.fixture(scope="session")
def myna_world(request):
    """The private pcscd; made when the first test needs it."""
    try:
        world = World(program.find(request.config.getoption("--vmyna")))
    except VmynaError as error:
        pytest.fail(f"vmyna: {error}", pytrace=False)
    yield world
    world.close()


@pytest.fixture
def myna_reader(myna_world):
    """The reader, empty until something is inserted."""
    reader = MynaReader(myna_world)
    reader.eject()
    yield reader
    reader.eject()


@pytest.fixture
def myna_card(request, myna_reader, monkeypatch):
    """A fresh card in the reader; @pytest.mark.myna_card says which."""
    mark = request.node.get_closest_marker("myna_card")
    if mark is not None and len(mark.args) > 1:
        pytest.fail("myna_card takes one card\n  fix: @pytest.mark.myna_card(\"sign-locked\")", pytrace=False)
    name = mark.args[0] if mark is not None and mark.args else request.config.getoption("--myna-card")
    try:
        card = myna_reader.insert(name)
        for pin, tries in (mark.kwargs if mark is not None else {}).items():
            card.set(pin, tries=tries)
        for fault in reversed(list(request.node.iter_markers("myna_fault"))):
            card.fault(*fault.args)
    except VmynaError as error:
        pytest.fail(f"vmyna: {error}", pytrace=False)
    for variable, value in card.env.items():
        monkeypatch.setenv(variable, value)
    return card


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    report = outcome.get_result()
    card = getattr(item, "funcargs", {}).get("myna_card")
    if card is None or call.when != "call" or not report.failed:
        return
    try:
        text = card.explain(item.config.getoption("--myna-explain"))
    except VmynaError as error:
        text = f"vmyna: {error}"
    if text:
        report.sections.append(("vmyna: the last exchanges with the card", text))
