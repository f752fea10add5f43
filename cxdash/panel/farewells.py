"""What comes with a goodbye: surveys and contacts that follow or announce leaving.

A survey sent on cancellation, or a complaint filed with it, tells what has happened. Where the day
of the goodbye is on record, answers given from then on are no predictors anyway. Where it is not,
such a survey gives itself away: most of those who answer it are gone within days. What was known
before a day (:mod:`cxdash.panel.windows`, :mod:`cxdash.panel.past`) is read without either.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Final

import duckdb

from cxdash.panel.relations import relation
from cxdash.store import Reader

__all__ = ["FAREWELL_DAYS", "Farewell", "farewells", "without_farewells"]

FAREWELL_DAYS: Final = 31
_FEWEST: Final = 10  # fewer than this and clustering may be chance
_CLUSTERED: Final = 0.5  # of the customers of an ordinary survey a few in a hundred go in a month
_ROOM: Final = 3


@dataclass(frozen=True, slots=True)
class Farewell:
    """Answers to one item of one survey (``item`` given), or contacts about one ``reason``.

    ``after_goodbye`` of ``total`` came on or after the day of the goodbye, ``just_before`` at most
    31 days before the customer was gone.
    """

    survey: str
    item: str
    variant: str
    reason: str
    total: int
    after_goodbye: int
    just_before: int

    @property
    def comes_with_goodbye(self) -> bool:
        """Whether at least half came with or after the goodbye; never for fewer than ten."""
        with_it = self.after_goodbye + self.just_before
        return self.total >= _FEWEST and with_it >= _CLUSTERED * self.total


def farewells(view: Reader, as_of: date) -> tuple[Farewell, ...]:
    """Every item of every survey and every reason of contact, up to that day.

    Worked out once for each state of the data.
    """
    return view.kept("farewells", as_of, lambda: _farewells(view, as_of), room=_ROOM)


@contextmanager
def without_farewells(view: Reader, as_of: date) -> Iterator[duckdb.DuckDBPyConnection]:
    """A cursor beside which relations can see what came with a goodbye by that day, to leave it
    out: tables ``farewell_items`` (survey, item, variant), ``farewell_surveys`` (survey), of whose
    items all came with a goodbye, and ``farewell_reasons`` (reason).
    """
    every = farewells(view, as_of)
    known = [entry for entry in every if entry.comes_with_goodbye]
    others = {entry.survey for entry in every if not entry.comes_with_goodbye}
    items = [[entry.survey, entry.item, entry.variant] for entry in known if entry.item]
    surveys = [[survey] for survey in sorted({entry.survey for entry in known} - others - {""})]
    reasons = [[entry.reason] for entry in known if not entry.item]
    with view.cursor() as cur:
        for name, columns, rows in (
            ("farewell_items", ("survey", "item", "variant"), items),
            ("farewell_surveys", ("survey",), surveys),
            ("farewell_reasons", ("reason",), reasons),
        ):
            cells = ", ".join(f"{column} VARCHAR" for column in columns)
            cur.execute(f"CREATE OR REPLACE TEMP TABLE {name} ({cells})")
            for row in rows:
                cur.execute(f"INSERT INTO {name} VALUES ({', '.join('?' for _ in row)})", row)
        yield cur
        cur.execute("DROP TABLE farewell_items")
        cur.execute("DROP TABLE farewell_surveys")
        cur.execute("DROP TABLE farewell_reasons")


def _farewells(view: Reader, as_of: date) -> tuple[Farewell, ...]:
    answers = view.rows(
        f"SELECT * FROM ({relation('farewell_answers', as_of=as_of, days=FAREWELL_DAYS)}) "
        "ORDER BY survey, item, variant"
    )
    contacts = view.rows(
        f"SELECT * FROM ({relation('farewell_contacts', as_of=as_of, days=FAREWELL_DAYS)}) "
        "ORDER BY reason"
    )
    return (
        *(Farewell(**row, reason="") for row in answers),
        *(Farewell(**row, survey="", item="", variant="") for row in contacts),
    )
