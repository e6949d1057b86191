"""A lockout test with a card that nobody owns: Docs/PytestPlugin.md."""

import hashlib

import pytest
from login import LastTry, Locked, Login, WrongPIN
from smartcard.Exceptions import CardConnectionException

DIGEST_INFO = bytes.fromhex("3031300D060960864801650304020105000420") + hashlib.sha256(b"challenge").digest()


@pytest.fixture
def login(myna_card):
    return Login(myna_card.reader.name)


def test_right_pin_signs_and_costs_nothing(login, myna_card):
    assert len(login.sign(DIGEST_INFO, myna_card.pin("auth"))) == 256
    assert myna_card.tries("auth") == 3


def test_wrong_pins_are_told_with_the_tries_left(login, myna_card):
    for left in (2, 1):
        with pytest.raises(WrongPIN) as told:
            login.sign(DIGEST_INFO, "9999")
        assert told.value.left == left
    with pytest.raises(LastTry):
        login.sign(DIGEST_INFO, "9999")
    assert (myna_card.tries("auth"), myna_card.tries("sign")) == (1, 5)


@pytest.mark.myna_card("fresh-adult", auth=1)
def test_last_try_is_spent_only_when_asked(login, myna_card):
    with pytest.raises(WrongPIN):
        login.sign(DIGEST_INFO, "9999", may_lock=True)
    assert myna_card.locked("auth")
    myna_card.undo()
    assert myna_card.tries("auth") == 1


@pytest.mark.myna_card("auth-locked")
def test_locked_card_is_seen_before_a_pin_is_sent(login, myna_card):
    with pytest.raises(Locked):
        login.sign(DIGEST_INFO, "1234", may_lock=True)
    # A VERIFY without data asks for the counter; none had a PIN in it.
    assert [exchange.command for exchange in myna_card.exchanges if exchange.instruction == "20"] == ["00200080"]


@pytest.mark.myna_card("auth-locked")
def test_ward_office_opens_it_again(login, myna_card):
    myna_card.reset_pin("auth", "4321")
    assert len(login.sign(DIGEST_INFO, "4321")) == 256


@pytest.mark.myna_fault("power after write")
def test_card_that_loses_its_power_half_way_costs_one_try(login, myna_card):
    with pytest.raises(CardConnectionException):
        login.sign(DIGEST_INFO, "9999")
    assert myna_card.tries("auth") == 2
