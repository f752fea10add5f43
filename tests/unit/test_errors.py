"""What an error tells whoever may only read: enough to know, nothing of the machine."""

import ast
from pathlib import Path

import pytest

from cxdash import errors
from cxdash.errors import StoreError, UsageError
from cxdash.store import Place, engine

CODE = Path(errors.__file__).parent
KINDS = sorted(
    name
    for name in errors.__all__
    if issubclass(getattr(errors, name), StoreError) and name != "StoreError"
)


@pytest.mark.parametrize("name", ["StoreError", *KINDS])
def test_readers_hear_no_path_and_no_command(name):
    kind = getattr(errors, name)
    told = kind(
        "/srv/our data/company.duckdb is what it is.",
        state="Nothing was changed.",
        do_next="Look into /srv/our data.",
        commands=("python -m cxdash restore /srv/x --db /srv/our data/company.duckdb",),
    ).for_readers()
    assert isinstance(told, kind)
    assert "/" not in str(told)
    assert told.commands == ()
    assert told.state == "Nothing was changed."
    assert told.what.endswith(".")
    assert told.do_next


def test_each_kind_says_something_of_its_own():
    assert len({getattr(errors, name).to_readers for name in KINDS}) == len(KINDS)


def test_the_damaged_file_of_a_company_is_not_named_to_readers(tmp_path):
    error = engine.damaged(Place.of(tmp_path / "company.duckdb"))
    assert str(tmp_path) in str(error)
    assert str(tmp_path) not in str(error.for_readers())


def test_what_readers_can_mend_themselves_they_are_told_whole():
    error = UsageError("There is no import 7.", do_next="List the imports.")
    assert error.for_readers() is error


def test_the_state_of_the_data_is_said_without_a_path():
    """It is what readers are told as it stands."""
    stores = {"StoreError", *KINDS}
    seen = 0
    for file in CODE.rglob("*.py"):
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") in stores:
                given = {word.arg: word.value for word in call.keywords}
                if "state" in given:
                    assert isinstance(given["state"], ast.Constant), f"{file}:{call.lineno}"
                    seen += 1
    assert seen > 30
