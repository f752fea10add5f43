"""What is loaded of each month beside what finance says of it; and what belongs to nobody."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from cxdash.panel.build import Panel
from cxdash.panel.relations import relation
from cxdash.store import Reader

__all__ = ["Booked", "Books", "Control", "Orphans", "Unmatched", "books"]

_MONTHS_A_YEAR: Final = 12


@dataclass(frozen=True, slots=True)
class Booked:
    """Revenue of a month in one currency and of one kind, as paid; refunds are below zero.

    ``kind`` is recurring, one-off or refund; ``customers`` counts the known customers behind it.
    """

    month: int
    currency: str
    kind: str
    rows: int
    customers: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Control:
    """A total of finance from a file: ``measure`` is called as finance calls it."""

    month: int
    measure: str
    currency: str | None
    amount: Decimal
    signed_by: str | None


@dataclass(frozen=True, slots=True)
class Unmatched:
    """Revenue that belongs to no customer or no month.

    ``what`` is why: ``order`` (its order is not found), ``nobody`` (no customer and no order is
    named), ``stranger`` (the customer is in no list, contract or order), ``no day``. ``customers``
    counts the names it is under.
    """

    what: str
    currency: str
    rows: int
    customers: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Orphans:
    """Survey answers by whether their customer has money.

    Parameters
    ----------
    answers, customers
        By what is known: ``pays``, ``unpaid`` (known, nothing is paid), ``stranger`` (in no list,
        contract or order), ``nobody`` (no customer is named).
    usual
        What a customer who ever answered and pays, pays a year in the reporting currency; None
        where nobody does.
    payers
        How many customers ``usual`` is the mean of.
    """

    answers: Mapping[str, int]
    customers: Mapping[str, int]
    usual: float | None
    payers: int


@dataclass(frozen=True, slots=True)
class Books:
    """Both sides. ``counted`` holds by (line, month) how many customers and contacts there are, and
    how many customers stand behind them.
    """

    booked: tuple[Booked, ...]
    counted: Mapping[tuple[str, int], tuple[int, int]]
    controls: tuple[Control, ...]
    unmatched: tuple[Unmatched, ...]
    orphans: Orphans


def books(view: Reader, built: Panel) -> Books:
    """Both sides as they are loaded; worked out once for each state of the data."""
    return view.kept("books", (), lambda: _books(view, built), room=1)


def _books(view: Reader, built: Panel) -> Books:
    counted = view.rows(relation("counted", contractual=int(built.contractual)))
    return Books(
        booked=tuple(
            Booked(
                row["month"],
                row["currency"],
                row["revenue_kind"],
                row["row_count"],
                row["customers"],
                row["amount"],
            )
            for row in view.rows(relation("booked"))
        ),
        counted={(row["line"], row["month"]): (row["amount"], row["customers"]) for row in counted},
        controls=tuple(
            Control(**row)
            for row in view.rows(
                f"SELECT * FROM ({relation('control_totals')}) "
                "ORDER BY month, measure, currency NULLS FIRST"
            )
        ),
        unmatched=tuple(
            Unmatched(
                row["what"], row["currency"], row["row_count"], row["customers"], row["amount"]
            )
            for row in view.rows(f"SELECT * FROM ({relation('unmatched')}) ORDER BY what, currency")
        ),
        orphans=_orphans(view, built),
    )


def _orphans(view: Reader, built: Panel) -> Orphans:
    found = view.rows(relation("orphans"))
    last = built.last_month if built.last_month is not None else -1
    usual = view.rows(relation("usual_payer", last=last))[0]
    payers = int(usual["customers"])
    return Orphans(
        answers={row["what"]: row["answers"] for row in found},
        customers={row["what"]: row["customers"] for row in found},
        usual=_MONTHS_A_YEAR * usual["paid"] / payers if payers else None,
        payers=payers,
    )
