"""What pages say about the database itself, and what whoever looks after it can do there."""

from pathlib import Path

import pytest
from reading import Open, add_import, words

from cxdash import upkeep
from cxdash.store import Database

PAGES = ("", "money/worth", "data/import", "data/catalogue")


@pytest.fixture
def lost(database: Path) -> None:
    """An old copy of the file was put back, from before an import."""
    add_import(database, is_demo=False)
    old = database.read_bytes()
    with Database(database) as db, db.writing() as cur:
        cur.execute(
            "INSERT INTO imports SELECT * REPLACE (2 AS import_id, 'cd' AS sha256) FROM imports"
        )
    database.write_bytes(old)


def test_every_page_says_that_committed_work_is_missing_until_it_is_accepted(
    visit: Open, lost: None
) -> None:
    for page in PAGES:
        assert "is missing from the database: import 2" in words(visit(page)), page
    at = visit("data/catalogue")
    at.button(key="accept-missing").click().run()
    assert "Data is missing" not in words(at)
    for page in PAGES:
        assert "Data is missing" not in words(visit(page)), page


def test_a_damaged_file_shows_no_number_but_how_to_restore(visit: Open, database: Path) -> None:
    with Database(database) as db:
        made = upkeep.backup(db)
    content = bytearray(database.read_bytes())
    content[len(content) // 2] ^= 1
    database.write_bytes(content)
    for page in PAGES:
        at = visit(page)
        assert "no number is shown from it" in words(at)
        assert not at.exception
        assert str(made.file) in at.get("code")[0].value
