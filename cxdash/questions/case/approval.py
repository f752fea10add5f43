"""What an approval promises: the amount of every line as it is worked out that day."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from cxdash import register
from cxdash.facts import Answer
from cxdash.register.kinds.cases import CaseLine, Promise
from cxdash.store import Database

__all__ = ["lines_of", "pledges"]


def pledges(db: Database, answer: Answer, approved_on: date) -> tuple[Promise, ...]:
    """The promises that an approval of this case writes down; lines that have one keep it."""
    made = {one.record.case_line for one in register.every_frozen(db, Promise)}
    return tuple(_pledges(answer, approved_on, made))


def _pledges(answer: Answer, approved_on: date, made: set[str]) -> Iterator[Promise]:
    for row in answer.tables.get("lines", ()):
        if row["amount"] is None or row["id"] in made:
            continue
        yield register.built(
            Promise,
            {
                "case_line": str(row["id"]),
                "approved_on": approved_on,
                "amount": _money(row["amount"]),
                "low": _money(row["amount_low"]),
                "high": _money(row["amount_high"]),
                "grade": str(row["grade"]),
            },
        )


def lines_of(db: Database, case: str) -> tuple[str, ...]:
    """Ids of the lines of a case."""
    return tuple(one.id for one in register.current(db, CaseLine) if one.record.case == case)


def _money(cell: Any) -> Decimal | None:
    return None if cell is None else Decimal(str(cell))
