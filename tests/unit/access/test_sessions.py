"""Sign-ins end by age, by idleness, by signing out, and at once when access is taken away."""

from datetime import UTC, datetime, timedelta

import pytest

from cxdash.access import Actor, Book, Role
from cxdash.access.people import arrive, set_disabled, set_role
from cxdash.access.sessions import State, begin, end, end_all, key_of, live, standing
from cxdash.access.settings import Settings

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
ADMIN = Actor("ada", frozenset({Role.ADMIN}))
SETTINGS = Settings(longest=timedelta(hours=12), idle=timedelta(hours=2))


@pytest.fixture
def book(tmp_path):
    with Book(tmp_path / "b.sqlite") as made:
        yield made


@pytest.fixture
def person(book):
    return arrive(book, {"iss": "i", "sub": "u1", "roles": ["analyst"]}, SETTINGS, NOW)


@pytest.fixture
def key(book, person):
    made = key_of("cookie")
    begin(book, made, person.person_id, NOW)
    return made


def state(book, key, **later):
    return standing(book, key, SETTINGS, NOW + timedelta(**later), clicked=False).state


def test_a_sign_in_names_the_person_and_the_role(book, key):
    found = standing(book, key, SETTINGS, NOW)
    assert found.good
    assert found.actor == Actor("u1", frozenset({Role.ANALYST}), found.person_id)


def test_a_sign_in_nobody_wrote_down_is_none(book):
    assert standing(book, key_of("forged"), SETTINGS, NOW).state is State.UNKNOWN


def test_the_file_holds_no_cookie(book, key):
    assert "cookie" not in str(book.rows("SELECT * FROM sessions"))
    assert len(key) == 64


def test_idleness_ends_it_and_a_click_puts_that_off(book, key):
    assert state(book, key, minutes=119) is State.GOOD
    assert state(book, key, minutes=120) is State.IDLE
    standing(book, key, SETTINGS, NOW + timedelta(minutes=119))
    assert state(book, key, minutes=200) is State.GOOD


def test_age_ends_it_however_busy_it_is(book, key):
    for minutes in range(60, 12 * 60, 60):
        assert standing(book, key, SETTINGS, NOW + timedelta(minutes=minutes)).good
    found = standing(book, key, SETTINGS, NOW + timedelta(hours=12))
    assert found.state is State.TOO_OLD
    assert found.actor.roles == frozenset()


def test_a_clock_set_back_does_not_lengthen_it(book, key):
    assert state(book, key, hours=-1) is State.TOO_OLD


def test_signing_out_ends_it_for_every_copy(book, key):
    end(book, key, NOW)
    assert state(book, key) is State.ENDED


def test_every_sign_in_of_a_person_can_be_ended_at_once(book, person, key):
    begin(book, key_of("other browser"), person.person_id, NOW)
    assert len(live(book, SETTINGS, NOW)) == 2
    end_all(book, person.person_id, NOW)
    assert live(book, SETTINGS, NOW) == []
    assert state(book, key) is State.ENDED


def test_a_role_taken_away_or_changed_counts_at_once(book, person, key):
    set_role(book, ADMIN, person, Role.VIEWER)
    assert standing(book, key, SETTINGS, NOW).actor.role is Role.VIEWER
    set_role(book, ADMIN, person, None)
    assert state(book, key) is State.NO_ROLE


def test_who_is_shut_out_is_out_at_once(book, person, key):
    set_disabled(book, ADMIN, person, disabled=True)
    found = standing(book, key, SETTINGS, NOW)
    assert found.state is State.SHUT_OUT
    assert found.actor.roles == frozenset()
    assert found.signed_in


def test_old_sign_ins_are_forgotten(book, person, key):
    begin(book, key_of("new"), person.person_id, NOW + timedelta(days=41))
    assert len(book.rows("SELECT * FROM sessions")) == 1
