"""Each total of finance beside what is loaded for it, and whether its signature still stands."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from cxdash import register
from cxdash.panel import Panel, month_index
from cxdash.panel.books import Books, books
from cxdash.questions.reconcile.measures import KINDS_OF_REVENUE, MONEY_LINES, line_of
from cxdash.register import Kept
from cxdash.register.kinds.ledger import SignOff, Tolerance
from cxdash.store import Reader

__all__ = [
    "TOLERANCE",
    "Compared",
    "Reconciled",
    "Since",
    "has_controls",
    "loaded_figure",
    "reconciled",
]

#: Rounding of a ledger kept in thousands stays below it, a row lost or doubled in a hundred does
#: not.
TOLERANCE: Final = 0.005


@dataclass(frozen=True, slots=True)
class Since:
    """What was done to the data after a signature: files loaded, imports undone, people erased."""

    loaded: tuple[str, ...]
    undone: tuple[str, ...]
    erased: int

    @property
    def anything(self) -> bool:
        return bool(self.loaded or self.undone or self.erased)


@dataclass(frozen=True, slots=True)
class Compared:
    """One total of finance and what is loaded for it.

    Parameters
    ----------
    month
        Index of the month.
    currency
        Of a money line; None for counts.
    loaded, control
        Money in ``currency``, or a count.
    customers
        Known customers behind what is loaded.
    stated_by
        Who stands behind the total in finance's own file; empty where it was entered.
    signed
        The sign-off entered for it; None without one.
    since
        What was loaded after the signature; None without one.
    """

    month: int
    line: str
    currency: str | None
    loaded: Decimal
    control: Decimal
    customers: int
    stated_by: str = ""
    signed: Kept[SignOff] | None = None
    since: Since | None = None

    @property
    def difference(self) -> Decimal:
        """Loaded minus finance's total."""
        return self.loaded - self.control

    @property
    def match(self) -> float:
        """How much of the total is met, 0 to 1: one less what is missing or too much."""
        if not self.control:
            return 1.0 if not self.difference else 0.0
        return max(0.0, float(1 - abs(self.difference) / abs(self.control)))

    def is_apart(self, tolerance: float) -> bool:
        """Compared as the decimals they are: exactly the tolerance is within it."""
        return abs(self.difference) > Decimal(str(tolerance)) * abs(self.control)

    @property
    def void(self) -> bool:
        """Whether it was signed and the data has changed since."""
        if self.signed is None:
            return False
        known = self.signed.record.loaded
        moved = known is not None and Decimal(repr(known)) != self.loaded
        return moved or (self.since is not None and self.since.anything)

    @property
    def stands(self) -> bool:
        return self.signed is not None and not self.void


@dataclass(frozen=True, slots=True)
class Reconciled:
    """Everything that was compared.

    Parameters
    ----------
    tolerance
        Largest difference as a share of a total before dollars say that they are not reconciled.
    agreed_by
        Who agreed on it; empty for the one cxdash begins with.
    months
        The oldest first.
    not_compared
        Totals that name a measure nothing is loaded for, or a month that is not whole yet, with
        the reason.
    currency
        The reporting currency.
    """

    tolerance: float
    agreed_by: str
    months: tuple[Compared, ...]
    not_compared: tuple[tuple[str, str], ...]
    currency: str | None
    books: Books

    @property
    def apart(self) -> tuple[Compared, ...]:
        return tuple(one for one in self.months if one.is_apart(self.tolerance))

    @property
    def has_totals(self) -> bool:
        return bool(self.months)


def has_controls(view: Reader) -> bool:
    """Whether finance has said anything at all; told without adding up what is loaded."""
    loaded = view.rows("SELECT count(*) AS n FROM control_totals WHERE is_current")[0]["n"]
    return bool(loaded) or bool(register.current(view, SignOff))


def reconciled(view: Reader, built: Panel) -> Reconciled:
    """What is loaded beside finance's totals; once for each state of the data and the entries."""
    return view.kept("reconciled", (), lambda: _reconciled(view, built), room=2, entered=True)


def _reconciled(view: Reader, built: Panel) -> Reconciled:
    data = books(view, built)
    agreed = register.current(view, Tolerance)
    newest = max(agreed, key=lambda one: (one.at, one.id), default=None)
    most = newest.record.most if newest else None
    found: dict[tuple[int, str, str | None], Compared] = {}
    left_out: list[tuple[str, str]] = []
    for line, one in _from_file(data, built, left_out):
        found[one.month, line, one.currency] = one
    for one in _entered(view, data, built, left_out):
        found[one.month, one.line, one.currency] = one
    return Reconciled(
        tolerance=TOLERANCE if most is None else most,
        agreed_by=newest.record.agreed_by if newest else "",
        months=tuple(found[key] for key in sorted(found, key=lambda key: (*key[:2], key[2] or ""))),
        not_compared=tuple(dict.fromkeys(left_out)),
        currency=built.currency,
        books=data,
    )


def _from_file(
    data: Books, built: Panel, left_out: list[tuple[str, str]]
) -> Iterator[tuple[str, Compared]]:
    for control in data.controls:
        line = line_of(control.measure)
        if line is None:
            left_out.append((control.measure, "nothing that is loaded is called so"))
            continue
        currency = (control.currency or built.currency) if line in MONEY_LINES else None
        why = _why_not(line, control.month, data, built)
        if why:
            left_out.append((control.measure, why))
            continue
        loaded, customers = _loaded(data, line, control.month, currency)
        if line == "refunds" and control.amount > 0 > loaded:
            loaded = -loaded  # finance may state what was paid back without a sign
        yield (
            line,
            Compared(
                control.month,
                line,
                currency,
                loaded,
                control.amount,
                customers,
                stated_by=control.signed_by or "",
            ),
        )


def _entered(
    view: Reader, data: Books, built: Panel, left_out: list[tuple[str, str]]
) -> Iterator[Compared]:
    """Totals that were signed here, the newest signature of a month and line last."""
    signed = sorted(register.current(view, SignOff), key=lambda one: (one.at, one.id))
    changes = _Changes(view) if signed else None
    for kept in signed:
        record = kept.record
        if record.month is None or record.total is None or changes is None:
            continue
        month = month_index(record.month)
        currency = (record.currency or built.currency) if record.line in MONEY_LINES else None
        why = _why_not(record.line, month, data, built)
        if why:
            left_out.append((record.line, why))
            continue
        loaded, customers = _loaded(data, record.line, month, currency)
        same = record.loaded_version == view.loaded_version
        yield Compared(
            month,
            record.line,
            currency,
            loaded,
            record.total,
            customers,
            signed=kept,
            since=Since((), (), 0) if same else changes.since(kept.at),
        )


def _why_not(line: str, month: int, data: Books, built: Panel) -> str:
    """Why a month of a line cannot be compared; empty where it can."""
    if built.last_month is None or month > built.last_month:
        return "the data does not cover that month to its end"
    if line in MONEY_LINES and not data.booked:
        return "no invoices or payments are loaded"
    if line not in MONEY_LINES and not any(name == line for name, _ in data.counted):
        return f"no {line} are loaded"
    return ""


def loaded_figure(data: Books, line: str, month: int, currency: str | None) -> Decimal:
    """What is loaded for a line in a month: money in that currency, or a count."""
    return _loaded(data, line, month, currency)[0]


def _loaded(data: Books, line: str, month: int, currency: str | None) -> tuple[Decimal, int]:
    """What is loaded for a line in a month, and how many known customers stand behind it."""
    if line not in MONEY_LINES:
        amount, customers = data.counted.get((line, month), (0, 0))
        return Decimal(amount), customers
    kinds = {KINDS_OF_REVENUE.get(line)} - {None} or set(KINDS_OF_REVENUE.values())
    rows = [
        row
        for row in data.booked
        if row.month == month and row.currency == currency and row.kind in kinds
    ]
    return sum((row.amount for row in rows), Decimal(0)), max(
        (row.customers for row in rows), default=0
    )


class _Changes:
    """What was loaded, undone and erased, by when."""

    def __init__(self, view: Reader) -> None:
        self._imports: Sequence[Mapping[str, object]] = view.rows(
            "SELECT import_id, file_name, kind, imported_at, undone_at FROM imports "
            "ORDER BY import_id"
        )
        self._erased = view.rows("SELECT DISTINCT erasure, erased_on FROM erased")

    def since(self, moment: datetime) -> Since:
        """What was done at or after that moment; of erasures only the day is known."""
        bare = moment.replace(tzinfo=None, microsecond=0)
        return Since(
            tuple(_called(row) for row in self._imports if _at(row["imported_at"]) >= bare),
            tuple(
                _called(row)
                for row in self._imports
                if row["undone_at"] is not None and _at(row["undone_at"]) >= bare
            ),
            sum(row["erased_on"] > bare.date() for row in self._erased),
        )


def _at(value: object) -> datetime:
    if not isinstance(value, datetime):
        raise TypeError(f"{value!r} is no moment")
    return value


def _called(row: Mapping[str, object]) -> str:
    return f"import {row['import_id']}: {row['file_name']} ({row['kind']})"
