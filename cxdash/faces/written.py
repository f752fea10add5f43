"""How the value of a field that somebody entered is written for a reader."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from cxdash.facts import format as fmt
from cxdash.register import filters
from cxdash.register.fields import Spec, Value
from cxdash.register.texts import to_text

__all__ = ["written"]


def written(
    spec: Spec, value: Value, *, titles: Mapping[str, str] | None = None, currency: str = ""
) -> str:
    """The value in words, empty where nothing was entered.

    ``titles`` gives the titles of the entries that are referred to, by their id; ``currency`` the
    one money is read in.

    >>> written(Spec(label="Part", kind="share"), 0.125)
    '12.5 %'
    """
    if value == spec.empty and spec.kind != "yes_no":
        return ""
    if isinstance(value, tuple):
        return fmt.listed([_one(spec, text, titles or {}) for text in value])
    if isinstance(value, str):
        return _one(spec, value, titles or {})
    if isinstance(value, date):
        return fmt.day(value)
    if spec.kind in ("number", "whole", "amount"):
        unit = currency if spec.kind == "amount" else ""
        return f"{unit} {Decimal(str(value)):,f}".strip()
    return to_text(spec, value)


def _one(spec: Spec, text: str, titles: Mapping[str, str]) -> str:
    """One text: a choice in its words, a reference by its title, a filter as people say it."""
    if spec.refers:
        return titles.get(text, text)
    if spec.kind == "customers":
        return ", ".join(f"{fmt.spoken(column)}: {value}" for column, value in filters(text))
    return spec.choices.get(text, text)
