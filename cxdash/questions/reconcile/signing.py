"""What can be signed: the months behind us, with what is loaded and what finance's file says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cxdash.panel import month_end, settled, stamp
from cxdash.questions.reconcile.compare import loaded_figure, reconciled
from cxdash.questions.reconcile.measures import MONEY_LINES
from cxdash.register.kinds.ledger import SIGNED
from cxdash.store import Database

__all__ = ["Signable", "to_sign"]

_MONTHS = 24


@dataclass(frozen=True, slots=True)
class Signable:
    """A month of a line that a person in finance may sign.

    Parameters
    ----------
    loaded
        What is loaded for it: money in ``currency``, or a count.
    control
        What finance's own file says, or what was signed before; None without either.
    loaded_version
        The state of the data in which it was looked at.
    """

    month: date
    line: str
    currency: str | None
    loaded: Decimal
    control: Decimal | None
    loaded_version: int


def to_sign(db: Database) -> Mapping[tuple[date, str], Signable]:
    """(last day of the month, line) to what can be signed, the newest month first."""
    with settled(db) as view:
        built = stamp(view)
        if built is None or built.last_month is None:
            return {}
        found = reconciled(view, built)
        version = view.loaded_version
    known = {(one.month, one.line, one.currency): one.control for one in found.months}
    first = max(built.first_month or 0, built.last_month - _MONTHS + 1)
    signable = {}
    for index in range(built.last_month, first - 1, -1):
        for line in SIGNED:
            currency = found.currency if line in MONEY_LINES else None
            loaded = loaded_figure(found.books, line, index, currency)
            signable[month_end(index), line] = Signable(
                month_end(index),
                line,
                currency,
                loaded,
                known.get((index, line, currency)),
                version,
            )
    return signable
