"""What a problem tells: where the files lie only to who looks after them."""

import pytest
from streamlit.testing.v1 import AppTest

from cxdash.errors import Forbidden, StoreDamaged, StoreLocked, UsageError
from cxdash.faces.web import words

PLACE = "/srv/of the company/cx.duckdb"
ERRORS = (
    StoreDamaged(
        f"{PLACE} is damaged.",
        state="No number is shown from it.",
        do_next=f"Restore it from {PLACE}.d.",
        commands=[f"python -m cxdash restore --db {PLACE}"],
    ),
    StoreLocked(f"{PLACE} is in use by process 7.", state="Nothing was changed."),
)


def draws(error):
    from cxdash.faces.web import words  # noqa: PLC0415 - a page of its own

    words.problem(error)


def shown(error, monkeypatch, may):
    monkeypatch.setattr(words, "may", may)
    at = AppTest.from_function(draws, kwargs={"error": error})
    at.run()
    assert not at.exception
    return " ".join(one.value for one in (*at.markdown, *at.code)).replace("\\", "")


def nobody_is_known(_action):
    raise Forbidden("You are not signed in.")


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("may", [lambda _: False, nobody_is_known])
def test_who_does_not_look_after_the_database_is_told_no_path_and_nothing_to_type(
    error, may, monkeypatch
):
    told = shown(error, monkeypatch, may)
    assert error.state in told
    assert not [part for part in ("srv", "company", "duckdb", "restore") if part in told.casefold()]


@pytest.mark.parametrize("error", ERRORS)
def test_who_looks_after_it_is_told_where_it_lies(error, monkeypatch):
    told = shown(error, monkeypatch, lambda _: True)
    assert all(part in told for part in ("cx.duckdb", *error.commands))


def test_everybody_is_told_what_is_wrong_with_what_they_asked_for(monkeypatch):
    asked = UsageError("There is no page 9.", do_next="Take another one.")
    assert "There is no page 9." in shown(asked, monkeypatch, lambda _: False)
