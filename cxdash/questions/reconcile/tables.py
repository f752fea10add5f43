"""Every total of finance beside what is loaded, what belongs to nobody, and what voids a name."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from cxdash.facts import Chart, Row
from cxdash.facts import format as fmt
from cxdash.panel import month_end
from cxdash.questions.reconcile.compare import Compared, Reconciled, Since
from cxdash.questions.reconcile.measures import LINES

__all__ = ["charts", "signature", "since_words", "tables"]

_REASONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "order": "the order it names is not loaded",
        "nobody": "names neither a customer nor an order",
        "stranger": "its customer is in no list, contract or order",
        "no day": "has no day",
    }
)
_ANSWERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "pays": "customer pays",
        "unpaid": "customer is known, nothing is paid",
        "stranger": "customer is in no list, contract or order",
        "nobody": "names no customer",
    }
)


def tables(found: Reconciled) -> dict[str, Sequence[Row]]:
    """All tables, months that are apart first, then the newest; those without rows are left out."""
    apart_first = sorted(
        found.months, key=lambda one: (not one.is_apart(found.tolerance), -one.month)
    )
    built: dict[str, Sequence[Row]] = {
        "by_month": _by_month(found),
        "signatures": [_signed(one) for one in apart_first if one.signed is not None],
        "unmatched": [
            {
                "what": _REASONS[one.what],
                "amount": float(one.amount),
                "unit": one.currency,
                "n": one.rows,
                "names": one.customers,
            }
            for one in found.books.unmatched
        ],
        "orphans": [
            {
                "what": _ANSWERS[what],
                "n": found.books.orphans.answers[what],
                "customers": found.books.orphans.customers[what],
            }
            for what in _ANSWERS
            if found.books.orphans.answers.get(what)
        ],
    }
    months = [_row(one, found.tolerance) for one in apart_first]
    return {"months": months, **{name: rows for name, rows in built.items() if rows}}


def charts(found: Reconciled, rows: Mapping[str, Sequence[Row]]) -> tuple[Chart, ...]:
    """The match of the line that is furthest from finance, month by month."""
    if not found.has_totals:
        return ()
    apart = len({one.month for one in found.apart})
    months = len({one.month for one in found.months})
    limit = fmt.number(found.tolerance, "share")
    title = (
        f"Months further than {limit} from the totals of finance: {fmt.count(apart)} of "
        f"{fmt.count(months)}"
    )
    return (
        Chart(
            id="match",
            title=title,
            kind="line",
            table="by_month",
            category="month",
            value="match",
            unit="share",
            category_title="Month",
            value_title="Match with finance, of the line furthest from it",
            alt=f"{title}. The table holds {fmt.counted(len(rows['by_month']), 'row', 'rows')}.",
        ),
    )


def _by_month(found: Reconciled) -> list[Row]:
    """Of each month the line that is furthest from finance."""
    furthest: dict[int, Compared] = {}
    for one in found.months:
        if one.month not in furthest or one.match < furthest[one.month].match:
            furthest[one.month] = one
    return [
        {
            "month": _month(one),
            "line": one.line,
            "label": LINES[one.line],
            "match": one.match,
            "customers": one.customers,
        }
        for one in furthest.values()
    ]


def signature(one: Compared) -> str:
    """Whether somebody has signed, and whether the name still stands."""
    if one.signed is None:
        return "stated in the file" if one.stated_by else "nobody has signed"
    return "void: signed before the data changed" if one.void else "signed"


def since_words(since: Since | None) -> str:
    """What was done since a signature, in words; empty where nothing was."""
    if since is None or not since.anything:
        return ""
    said = [*_each("loaded", since.loaded), *_each("undone", since.undone)]
    if since.erased:
        said.append(f"{fmt.counted(since.erased, 'customer', 'customers')} erased")
    return "; ".join(said)


def _each(done: str, files: Iterable[str]) -> list[str]:
    return [f"{done}: {file}" for file in files]


def _row(one: Compared, tolerance: float) -> Row:
    return {
        "month": _month(one),
        "line": one.line,
        "label": LINES[one.line],
        "loaded": float(one.loaded),
        "control": float(one.control),
        "difference": float(one.difference),
        "match": one.match,
        "unit": one.currency or "count",
        "ties": not one.is_apart(tolerance),
        "customers": one.customers,
        "signature": signature(one),
        "signed_by": one.signed.record.signed_by if one.signed else one.stated_by,
    }


def _signed(one: Compared) -> Row:
    signed = one.signed
    if signed is None:
        raise ValueError("nobody has signed this total")
    then = signed.record.loaded
    return {
        "month": _month(one),
        "line": one.line,
        "label": LINES[one.line],
        "control": float(one.control),
        "loaded_then": then,
        "loaded": float(one.loaded),
        "unit": one.currency or "count",
        "customers": one.customers,
        "signed_by": signed.record.signed_by,
        "signed_on": signed.at.date().isoformat(),
        "signature": signature(one),
        "since": since_words(one.since),
    }


def _month(one: Compared) -> str:
    return month_end(one.month).replace(day=1).isoformat()
