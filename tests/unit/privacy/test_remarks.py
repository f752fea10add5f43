"""How many comments hold contact details is counted and told, to a viewer without naming few."""

from pathlib import Path

import pytest

from cxdash import intake
from cxdash.privacy import Remarks, remarks
from cxdash.store import Database

FILES = Path(__file__).parents[2] / "attack" / "files"


@pytest.mark.promise("P02")
def test_P02_the_comments_with_details_of_a_file_are_counted(tmp_path):
    file = FILES / "pii_in_comments.csv"
    proposal = intake.inspect(file)
    while not proposal.ready:
        first = {one.id: one.options[0][0] for one in proposal.questions}
        proposal = proposal.with_answers(first)
    with Database(tmp_path / "cx.duckdb") as db:
        intake.load(db, file, proposal.require())
        found = remarks(db)
    assert found == Remarks(comments=1, with_details=1)
    assert found.told(sees_people=True).startswith("1 comment holds contact details")


@pytest.mark.promise("P01")
def test_P01_a_viewer_is_told_no_number_of_fewer_than_eight_comments():
    assert Remarks(900, 3).told(sees_people=True).startswith("3 comments hold")
    assert Remarks(900, 3).told(sees_people=False).startswith("Fewer than 8 comments hold")
    assert Remarks(900, 12).told(sees_people=False).startswith("12 comments hold")
    assert Remarks(900, 0).told(sees_people=False).startswith("0 comments hold")


def test_without_comments_nothing_is_said():
    assert Remarks(0, 0).told(sees_people=True) == ""
