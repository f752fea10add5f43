"""In which form dates and numbers are written: decided on the whole column, or not at all."""

from cxdash.intake.recognition.profile import Shapes

__all__ = ["date_order", "decimal_sign"]


def date_order(shape: Shapes, known: str) -> tuple[str, tuple[str, ...]]:
    """The order of a date column and, if it is empty, the orders to choose from.

    ``known`` is what a person said about this layout before; it settles what the column leaves
    open, and never overrides what the column shows.
    """
    counts = shape.counts
    ordered = bool(counts["ymd"] or counts["ymd_compact"] or counts["month_name"])
    counted = bool(counts["epoch_s"] or counts["epoch_ms"])
    if counts["dmy"] or counts["dmy2"]:
        two = ("dmy", "mdy") if counts["dmy"] else ("dmy2", "mdy2")
        settled = "" if ordered or counted else _day_or_month_first(shape, known, two)
        return settled, (*two, "ymd") if ordered or counted else two
    if ordered:
        return ("", ("ymd", "epoch_s", "epoch_ms")) if counted else ("ymd", ())
    if counts["ym"] or counts["my"]:
        return ("ym" if counts["ym"] else "my"), ()
    if counted:
        mixed = counts["epoch_s"] and counts["epoch_ms"]
        return known if known.startswith("epoch") and not mixed else "", ("epoch_s", "epoch_ms")
    if counts["excel"] and known != "excel":
        return "", ("excel",)
    return known or "ymd", ()


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
