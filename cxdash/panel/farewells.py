"""What comes with a goodbye: surveys and contacts that follow or announce leaving.

A survey sent on cancellation, or a complaint filed with it, tells what has happened. Where the day
of the goodbye is on record, answers given from then on are no predictors anyway. Where it is not,
such a survey gives itself away: most of those who answer it are gone within days.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import pandas as pd

from cxdash.panel.relations import relation
from cxdash.panel.windows import RECENT_MONTHS
from cxdash.store import Reader

__all__ = ["FAREWELL_DAYS", "Farewell", "answers_in", "contacts_about", "farewells"]

FAREWELL_DAYS: Final = 31
_FEWEST: Final = 10  # fewer than this and clustering may be chance
_CLUSTERED: Final = 0.5  # of the customers of an ordinary survey a few in a hundred go in a month


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
    """Every item of every survey and every reason of contact, up to that day."""
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


def answers_in(view: Reader, surveys: Sequence[str]) -> pd.DataFrame:
    """One row an answer in those surveys: survey, item, variant, customer_id, answered_on."""
    return _those(view, relation("answers_by_survey"), "survey", surveys)


def contacts_about(view: Reader, reasons: Sequence[str], landmarks: Sequence[int]) -> pd.DataFrame:
    """One row a customer, landmark and reason among those: contacts, unresolved.

    Counted over the same months before the landmark as in the windows.
    """
    found = relation("contacts_by_reason", recent_months=RECENT_MONTHS, landmarks=tuple(landmarks))
    return _those(view, found, "reason", reasons)


def _those(view: Reader, sql: str, column: str, values: Sequence[str]) -> pd.DataFrame:
    marks = ", ".join("?" for _ in values)
    with view.cursor() as cur:
        return cur.execute(f"SELECT * FROM ({sql}) WHERE {column} IN ({marks})", list(values)).df()
