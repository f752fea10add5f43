"""How the value of a field is written down: in JSON for the store, as a cell for a spreadsheet."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from cxdash.register.fields import Spec, Value

__all__ = ["from_plain", "from_text", "to_plain", "to_text"]

_PLAIN_NUMBER: Final = re.compile(r"[-+]?\d+(\.\d+)?")
_SEPARATOR: Final = "; "


def to_plain(value: Value) -> Any:
    """The value as it stands in JSON: money and days as text, several texts as a list.

    The same money is written in one way, so that 250000.0 that comes back from a spreadsheet as
    250000 is no change.
    """
    if isinstance(value, Decimal):
        return _money(value)
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _money(value: Decimal) -> str:
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def from_plain(spec: Spec, plain: Any) -> Value:
    """The value that :func:`to_plain` gave."""
    if plain is None:
        return spec.empty
    if spec.kind == "amount":
        return Decimal(plain)
    if spec.kind == "day":
        return date.fromisoformat(plain)
    if spec.kind in ("number", "share"):
        return float(plain)
    return tuple(plain) if spec.kind == "many" else plain


def to_text(spec: Spec, value: Value) -> str:
    """The value as a cell of a CSV."""
    if value is None or value == spec.empty:
        return "no" if spec.kind == "yes_no" else ""
    if spec.kind == "yes_no":
        return "yes"
    if spec.kind == "share":
        # As a decimal, so that 12.5 % comes back as the 0.125 it was.
        return f"{(Decimal(repr(value)) * 100).normalize():f} %"
    if isinstance(value, tuple):
        return _SEPARATOR.join(value)
    if isinstance(value, float):
        return format(Decimal(repr(value)), "f")
    return str(to_plain(value))


def from_text(spec: Spec, text: str) -> Value:
    """The value a cell means.

    Raises
    ------
    ValueError
        It cannot be read in one way only; the message says how to write it.
    """
    text = text.strip()
    if not text:
        return spec.empty
    reader = _READERS.get(spec.kind)
    return reader(text) if reader else text


def _number(text: str) -> float:
    return float(_decimal(text))


def _decimal(text: str) -> Decimal:
    if not _PLAIN_NUMBER.fullmatch(text):
        raise ValueError(f"{text!r} is no number written like 1234.56")
    try:
        return Decimal(text)
    except InvalidOperation:
        raise ValueError(f"{text!r} is no number written like 1234.56") from None


def _share(text: str) -> float:
    if not text.endswith("%"):
        raise ValueError(f"{text!r} has no per cent sign; write 12.5 %")
    return float(_decimal(text.removesuffix("%").strip()) / 100)


def _whole(text: str) -> int:
    if not re.fullmatch(r"[-+]?\d+", text):
        raise ValueError(f"{text!r} is no whole number")
    return int(text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is no day written as YYYY-MM-DD") from None


def _yes_no(text: str) -> bool:
    if text.casefold() not in ("yes", "no"):
        raise ValueError(f"{text!r} is neither yes nor no")
    return text.casefold() == "yes"


def _many(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(_SEPARATOR.strip()) if part.strip())


_READERS: Final[Mapping[str, Callable[[str], Value]]] = {
    "number": _number,
    "amount": _decimal,
    "share": _share,
    "whole": _whole,
    "day": _day,
    "yes_no": _yes_no,
    "many": _many,
}
