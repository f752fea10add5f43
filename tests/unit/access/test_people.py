"""Who gets which role: from the configuration, from the provider, from an admin."""

from datetime import UTC, datetime

import pytest

from cxdash.access import Action, Actor, Book, Role, audit
from cxdash.access.people import arrive, people, person, set_disabled, set_role
from cxdash.access.settings import Settings, offered
from cxdash.errors import Forbidden, UsageError

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
VERIFIED = {"email": "v@example.com", "email_verified": True}
ADMIN = Actor("ada", frozenset({Role.ADMIN}))


def claims(sub="u1", **more):
    return {"iss": "https://id.example", "sub": sub, **more}


@pytest.fixture
def book(tmp_path):
    with Book(tmp_path / "b.sqlite") as made:
        yield made


@pytest.mark.parametrize(
    ("told", "role", "by"),
    [
        ({}, None, "provider"),
        ({"roles": ["viewer", "analyst"]}, Role.ANALYST, "provider"),
        ({"roles": "admin"}, Role.ADMIN, "provider"),
        ({"roles": ["superuser"]}, None, "provider"),
        ({"email": "Ada@Example.com", "email_verified": True}, Role.ADMIN, "configuration"),
        ({"email": "ada@example.com"}, None, "provider"),
        ({"email": "ada@example.com", "email_verified": "true"}, None, "provider"),
        ({"sub": "known-by-number"}, Role.VIEWER, "configuration"),
        ({"sub": "known-by-number", "roles": ["analyst"]}, Role.ANALYST, "provider"),
    ],
)
def test_the_strongest_role_that_is_offered_counts_and_only_verified_addresses(told, role, by):
    settings = Settings.read({"admins": ["ada@example.com"], "viewers": ["known-by-number"]})
    assert offered(settings, {**claims(), **told}) == (role, by)


def test_groups_of_the_provider_become_roles_also_when_nested():
    settings = Settings.read(
        {"claim": "realm_access.groups", "claim_roles": {"cx-heads": "analyst"}}
    )
    told = claims(realm_access={"groups": ["staff", "cx-heads"]})
    assert offered(settings, told) == (Role.ANALYST, "provider")


def test_an_address_the_provider_vouches_for_in_no_word_counts_only_when_told_so():
    settings = Settings.read({"admins": ["ada@example.com"], "unverified_email": True})
    assert offered(settings, claims(email="ada@example.com"))[0] is Role.ADMIN


@pytest.mark.parametrize(
    "section",
    [
        {"admin": ["ada@example.com"]},
        {"admins": "ada@example.com"},
        {"claim_roles": {"heads": "boss"}},
        {"claim_roles": ["heads"]},
        {"hours": 0},
        {"hours": True},
        {"idle_minutes": "ten"},
        {"hours": 1000},
    ],
)
def test_a_wrong_setting_is_refused_with_its_name(section):
    with pytest.raises(UsageError, match=r"\[access\]"):
        Settings.read(section)


def test_what_the_provider_says_counts_anew_at_every_sign_in(book):
    settings = Settings()
    assert arrive(book, claims(roles=["analyst"]), settings, NOW).role is Role.ANALYST
    assert arrive(book, claims(), settings, NOW).role is None
    assert len(people(book)) == 1


def test_a_role_that_an_admin_gave_outlasts_what_the_provider_says(book):
    settings = Settings()
    known = arrive(book, claims(roles=["admin"]), settings, NOW)
    arrive(book, claims("u2", roles=["admin"]), settings, NOW)
    set_role(book, ADMIN, known, Role.VIEWER)
    assert arrive(book, claims(roles=["admin"]), settings, NOW).role is Role.VIEWER


def test_whom_the_configuration_names_an_admin_stays_one_but_not_when_shut_out(book):
    settings = Settings.read({"admins": ["u1"]})
    known = arrive(book, claims(), settings, NOW)
    arrive(book, claims("u2", roles=["admin"]), settings, NOW)
    set_role(book, ADMIN, known, Role.VIEWER)
    assert arrive(book, claims(), settings, NOW).role is Role.ADMIN
    set_disabled(book, ADMIN, known, disabled=True)
    assert arrive(book, claims(), settings, NOW).actor.roles == frozenset()


def test_the_same_number_at_two_providers_is_two_people(book):
    arrive(book, claims(roles=["admin"]), Settings(), NOW)
    other = arrive(book, {**claims(), "iss": "https://evil.example"}, Settings(), NOW)
    assert other.role is None
    assert len(people(book)) == 2


def test_only_an_admin_changes_roles_and_it_is_written_down(book):
    known = arrive(book, claims(roles=["viewer"], **VERIFIED), Settings(), NOW)
    analyst = Actor("ann", frozenset({Role.ANALYST}))
    for change in (
        lambda: set_role(book, analyst, known, Role.ADMIN),
        lambda: set_disabled(book, analyst, known, disabled=True),
    ):
        with pytest.raises(Forbidden):
            change()
    set_role(book, ADMIN, known, Role.ANALYST)
    assert people(book)[0].role is Role.ANALYST
    written = audit.entries(book)[0]
    assert (written.actor, written.action) == ("ada", Action.ADMINISTER.name)
    assert written.what == "v@example.com has the role analyst"


def test_the_last_admin_can_neither_be_demoted_nor_shut_out(book):
    known = arrive(book, claims(roles=["admin"]), Settings(), NOW)
    with pytest.raises(UsageError, match="only admin"):
        set_role(book, ADMIN, known, Role.VIEWER)
    with pytest.raises(UsageError, match="only admin"):
        set_disabled(book, ADMIN, known, disabled=True)


def test_a_person_is_found_by_number_name_or_subject(book):
    made = arrive(book, claims(**VERIFIED), Settings(), NOW)
    assert person(book, "u1") == person(book, "v@example.com") == person(book, "1") == made
    with pytest.raises(UsageError, match="Nobody is known as zoe"):
        person(book, "zoe")


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize(
    "pretended", [{"email": "v@example.com"}, {"name": "v@example.com"}, {"sub": "v@example.com"}]
)
def test_nobody_takes_the_name_of_somebody_else_by_saying_so(book, pretended, first):
    tellings = [claims("u1", **VERIFIED), claims(**{"sub": "u2", **pretended})]
    for told in tellings if first else reversed(tellings):
        arrive(book, told, Settings(), NOW)
    for told in tellings:  # and both again
        arrive(book, told, Settings(), NOW)
    mine = next(one for one in people(book) if one.subject == "u1")
    other = next(one for one in people(book) if one.subject != "u1")
    assert mine.name != other.name
    assert mine.actor.owner != other.actor.owner
    if "sub" not in pretended:
        assert person(book, "v@example.com") == mine
        assert other.name == "v@example.com (unverified, u2)"


def test_an_empty_entry_of_a_list_is_nobody(book):
    settings = Settings.read({"admins": [""]})
    assert arrive(book, claims(email="x@example.com"), settings, NOW).role is None
