"""In which form dates and numbers are written: decided on the whole column, or asked."""

from dataclasses import replace
from typing import Final

from cxdash.intake.kinds import KINDS
from cxdash.intake.mapping import AMOUNT, DATE_ORDERS, MONTH
from cxdash.intake.recognition.draft import Draft
from cxdash.intake.recognition.profile import Shapes, pooled
from cxdash.intake.recognition.questions import Question

__all__ = ["date_order", "decimal_sign", "forms"]

_SIGNS: Final = ((".", "The point: 1,234.50"), (",", "The comma: 1.234,50"))
_ZONES: Final = (
    ("UTC", "UTC"),
    ("Europe/Berlin", "Central Europe"),
    ("Europe/London", "United Kingdom"),
    ("America/New_York", "US East"),
    ("America/Los_Angeles", "US West"),
    ("America/Sao_Paulo", "Brazil"),
)


def forms(draft: Draft) -> Draft:
    """Settle, or ask for, the form of every column of dates and numbers that has a role."""
    zoned = bare = 0
    for role, spec in draft.mapping.columns.items():
        sql_type = KINDS[draft.mapping.kind].roles[role]
        if spec.column == MONTH:
            draft = draft.with_column(role, replace(spec, dates="ymd"))
            continue
        shape = _amounts(draft) if spec.column == AMOUNT else draft.shape(spec.column)
        if shape is None:
            continue
        if sql_type in ("DATE", "TIMESTAMP"):
            order, draft = _order(draft, shape, spec.dates)
            draft = draft.with_column(role, replace(spec, dates=order))
            zoned += shape.counts["zoned"]
            bare += max(0, shape.counts["timed"] - shape.counts["zoned"])
        elif sql_type.startswith("DECIMAL") or sql_type == "DOUBLE":
            sign, draft = _sign(draft, shape, spec.decimal)
            draft = draft.with_column(role, replace(spec, decimal=sign))
    return _time_zone(draft, zoned, bare)


def _amounts(draft: Draft) -> Shapes | None:
    """The columns of the months as one column of amounts."""
    found = [draft.shape(name) for name, _ in draft.mapping.months]
    shapes = [shape for shape in found if shape is not None and shape.filled]
    return pooled("the months", shapes) if shapes else None


def _order(draft: Draft, shape: Shapes, known: str) -> tuple[str, Draft]:
    order, options = date_order(shape, known)
    if order:
        return order, draft.settled(f"dates:{shape.name}", order, DATE_ORDERS[order])
    said, draft = draft.asking(
        Question(
            f"dates:{shape.name}",
            f"How are the dates in {shape.name!r} written ({', '.join(shape.samples[:3])})?",
            tuple((option, DATE_ORDERS[option]) for option in options),
            "forms",
            columns=(shape.name,),
        )
    )
    return said or known, draft


def _sign(draft: Draft, shape: Shapes, known: str) -> tuple[str, Draft]:
    sign = decimal_sign(shape, known)
    if sign:
        return sign, draft.settled(f"decimal:{shape.name}", sign, dict(_SIGNS)[sign])
    said, draft = draft.asking(
        Question(
            f"decimal:{shape.name}",
            f"Which sign separates the decimals in {shape.name!r} "
            f"({', '.join(shape.samples[:3])})?",
            _SIGNS,
            "forms",
            columns=(shape.name,),
        )
    )
    return said or "", draft


def _time_zone(draft: Draft, zoned: int, bare: int) -> Draft:
    if not (zoned and bare) or draft.mapping.time_zone:
        return draft
    zone, draft = draft.asking(
        Question(
            "time_zone",
            f"{zoned:,} times are written with their offset from UTC and {bare:,} without. "
            "In which time zone were those without written?",
            _ZONES,
            "forms",
            free=True,
        )
    )
    return draft.with_mapping(time_zone=zone) if zone else draft


def date_order(shape: Shapes, known: str) -> tuple[str, tuple[str, ...]]:
    """The order of a date column and, if it is empty, the orders to choose from.

    ``known`` is what a person said about this layout before; it settles what the column leaves
    open, and never overrides what the column shows.
    """
    counts = shape.counts
    ordered = bool(counts["ymd"] or counts["ymd_compact"] or counts["month_name"])
    counted = bool(counts["epoch_s"] or counts["epoch_ms"])
    if counts["dmy2"] and not (counts["dmy"] or ordered or counted):
        return _two_digits(shape, known)
    if counts["dmy"] or counts["dmy2"]:
        two = ("dmy", "mdy") if counts["dmy"] else ("dmy2", "mdy2")
        settled = "" if ordered or counted else _day_or_month_first(shape, known, two)
        return settled, (*two, "ymd") if ordered or counted else two
    if ordered:
        return ("", ("ymd", "epoch_s", "epoch_ms")) if counted else ("ymd", ())
    if counts["ym"] or counts["my"] or counts["month_year"]:
        return ("ym" if counts["ym"] else "my"), ()
    return _counted(shape, known, counted=counted)


def _counted(shape: Shapes, known: str, *, counted: bool) -> tuple[str, tuple[str, ...]]:
    """Days or seconds counted from a first one; always asked, since a number may be anything."""
    counts = shape.counts
    if counted:
        mixed = counts["epoch_s"] and counts["epoch_ms"]
        return known if known.startswith("epoch") and not mixed else "", ("epoch_s", "epoch_ms")
    if counts["excel"] and known != "excel":
        return "", ("excel",)
    return known or "ymd", ()


def _two_digits(shape: Shapes, known: str) -> tuple[str, tuple[str, ...]]:
    """With a year of two digits the year may stand first or last; the whole column decides."""
    counts = shape.counts
    first, second = counts["first_over_12"], counts["second_over_12"]
    # With points between them, the year comes last.
    year_first = counts["ymd2"] >= shape.filled > counts["dotted"] and not counts["third_over_31"]
    can = {"dmy2": not second, "mdy2": not first, "ymd2": year_first and not second}
    orders = tuple(order for order, holds in can.items() if holds) or ("dmy2", "mdy2")
    if len(orders) == 1:
        return orders[0], ()
    return known if known in orders else "", orders


def _day_or_month_first(shape: Shapes, known: str, two: tuple[str, str]) -> str:
    """A number above twelve in one place, and none in the other, tells; else what was said."""
    first, second = shape.counts["first_over_12"], shape.counts["second_over_12"]
    if first and not second:
        return two[0]
    if second and not first:
        return two[1]
    return known if known in two else ""


def decimal_sign(shape: Shapes, known: str) -> str:
    """The decimal sign of a column of numbers; empty when the column leaves it open."""
    counts = shape.counts
    if counts["only_dot"] and not counts["only_comma"]:
        return "."
    if counts["only_comma"] and not counts["only_dot"]:
        return ","
    if not counts["separated"] and not counts["only_comma"]:
        return known or "."
    return known
