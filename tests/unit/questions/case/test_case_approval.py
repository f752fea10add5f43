"""An approval promises what the page said that day, once."""

from datetime import date
from decimal import Decimal

from cxdash import register
from cxdash.facts import Answer, Scope
from cxdash.questions.case.approval import lines_of, pledges
from cxdash.register.kinds.cases import Case, CaseLine, Promise
from cxdash.store import Database

TODAY = date(2026, 11, 24)


def told(*rows):
    return Answer(
        question="case",
        title="",
        as_of=TODAY,
        scope=Scope(),
        headline="",
        tables={"lines": rows},
    )


def row(line, amount=1_234.56, low=None, high=None):
    return {"id": line, "amount": amount, "amount_low": low, "amount_high": high, "grade": "A"}


def entered(db):
    """A case with two lines; their ids."""
    case = register.put(
        db,
        register.built(Case, {"name": "Plan", "starts": TODAY, "years": 3, "discount_rate": 0.1}),
        by="ann",
    ).id
    usual = {
        "case": case,
        "side": "save",
        "line": "retention",
        "first_year": 1,
        "last_year": 3,
        "source": "assertion",
        "amount": Decimal(1_000),
    }
    lines = [
        register.put(db, register.built(CaseLine, usual | {"name": name}), by="ann").id
        for name in ("A", "B")
    ]
    return case, lines


def test_each_line_is_promised_to_the_cent_with_its_range_and_grade(tmp_path):
    with Database(tmp_path / "c.duckdb") as db:
        case, lines = entered(db)
        assert lines_of(db, case) == (*lines,)
        made = pledges(db, told(row(lines[0]), row(lines[1], 5.0, 4.0, 7.5)), TODAY)
    assert [one.amount for one in made] == [Decimal("1234.56"), Decimal("5.0")]
    assert (made[1].low, made[1].high) == (Decimal("4.0"), Decimal("7.5"))
    assert (made[0].grade, made[0].approved_on) == ("A", TODAY)


def test_a_line_without_an_amount_or_with_a_promise_is_promised_nothing_more(tmp_path):
    with Database(tmp_path / "c.duckdb") as db:
        _, lines = entered(db)
        (first,) = pledges(db, told(row(lines[0]), row(lines[1], None)), TODAY)
        kept = register.put(db, first, by="ann")
        register.freeze(db, Promise, kept.id, by="ann")
        assert pledges(db, told(row(lines[0], 9_999.0), row(lines[1], None)), TODAY) == ()
