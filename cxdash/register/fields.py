"""What a field of an entry is: its words for a form, its type, and how it is written down.

A field is declared where the record is, ``statement: str = words("What the company wants")``, and
that one line is the source of the form, of the column in the CSV, of the check and of the help.
"""

import dataclasses
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any, Final, Literal

__all__ = [
    "LONGEST",
    "SPEC",
    "FieldKind",
    "Spec",
    "Value",
    "amount",
    "choice",
    "customers",
    "day",
    "many",
    "number",
    "reference",
    "share",
    "whole",
    "words",
    "yes_no",
]

FieldKind = Literal[
    "words",
    "choice",
    "reference",
    "number",
    "amount",
    "share",
    "whole",
    "day",
    "yes_no",
    "many",
    "customers",
]
Value = str | float | Decimal | int | date | bool | tuple[str, ...] | None

SPEC: Final = "register"
SHORTEST_LINE: Final = 300  # characters of a field of one line
LONGEST: Final = 10_000  # characters of a long one
_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """What a field is.

    Parameters
    ----------
    label, help
        What the form asks, and a sentence that teaches how to answer.
    kind
        ``amount`` is money, ``share`` a part of one that people write in per cent, ``whole`` a
        whole number, ``many`` several texts, ``customers`` filters as ``segment=Large``.
    required
        Whether it must be filled.
    long
        ``words`` of more than one line.
    choices
        ``choice`` and ``many``: value to its words; empty for free texts.
    refers
        ``reference`` and ``many``: the kind of entry that is meant.
    least, most
        Bounds of a number, an amount or a share, included.
    """

    label: str
    kind: FieldKind
    help: str = ""
    required: bool = True
    long: bool = False
    choices: Mapping[str, str] = dataclasses.field(default_factory=dict)
    refers: str = ""
    least: float | None = None
    most: float | None = None

    @property
    def room(self) -> int:
        """Characters a text may have."""
        return LONGEST if self.long else SHORTEST_LINE

    @property
    def empty(self) -> Value:
        """The value of a field nobody filled."""
        if self.kind == "many":
            return ()
        if self.kind == "yes_no":
            return False
        return "" if self.kind in ("words", "choice", "reference", "customers") else None


def words(label: str, *, help: str = "", required: bool = True, long: bool = False) -> Any:
    """A text; ``long`` allows more than one line."""
    return _field(Spec(label=label, kind="words", help=help, required=required, long=long))


def choice(
    label: str,
    choices: Mapping[str, str],
    *,
    help: str = "",
    required: bool = True,
) -> Any:
    """One of a few values."""
    spec = Spec(label=label, kind="choice", help=help, required=required, choices=choices)
    return _field(spec)


def reference(label: str, kind: str, *, help: str = "", required: bool = True) -> Any:
    """The id of another entry of that kind."""
    return _field(Spec(label=label, kind="reference", help=help, required=required, refers=kind))


def number(
    label: str,
    *,
    help: str = "",
    required: bool = True,
    least: float | None = None,
    most: float | None = None,
) -> Any:
    """A number, float."""
    spec = Spec(label=label, kind="number", help=help, required=required, least=least, most=most)
    return _field(spec)


def amount(
    label: str,
    *,
    help: str = "",
    required: bool = True,
    least: float | None = 0,
) -> Any:
    """Money, Decimal; not below zero unless ``least`` says otherwise."""
    spec = Spec(label=label, kind="amount", help=help, required=required, least=least)
    return _field(spec)


def share(
    label: str,
    *,
    help: str = "",
    required: bool = True,
    least: float | None = 0,
    most: float | None = 1,
) -> Any:
    """A part of one, float, which people write in per cent."""
    spec = Spec(label=label, kind="share", help=help, required=required, least=least, most=most)
    return _field(spec)


def whole(
    label: str,
    *,
    help: str = "",
    required: bool = True,
    least: float | None = 0,
    most: float | None = None,
) -> Any:
    """A whole number, int."""
    spec = Spec(label=label, kind="whole", help=help, required=required, least=least, most=most)
    return _field(spec)


def day(label: str, *, help: str = "", required: bool = True) -> Any:
    """A day of the calendar."""
    return _field(Spec(label=label, kind="day", help=help, required=required))


def yes_no(label: str, *, help: str = "") -> Any:
    """Yes or no; no unless somebody says yes."""
    return _field(Spec(label=label, kind="yes_no", help=help, required=False))


def many(
    label: str,
    *,
    refers: str = "",
    choices: Mapping[str, str] = _NOTHING,
    help: str = "",
    required: bool = False,
) -> Any:
    """Several texts: free ones, of a list, or ids of other entries."""
    spec = Spec(
        label=label, kind="many", help=help, required=required, refers=refers, choices=choices
    )
    return _field(spec)


def customers(label: str, *, help: str = "", required: bool = False) -> Any:
    """Which customers: ``segment=Large; region=North``, all of it must hold; empty: everybody."""
    return _field(Spec(label=label, kind="customers", help=help, required=required))


def _field(spec: Spec) -> Any:
    if spec.required:
        return dataclasses.field(metadata={SPEC: spec})
    return dataclasses.field(default=spec.empty, metadata={SPEC: spec})


_PLAIN_NUMBER: Final = re.compile(r"[-+]?\d+(\.\d+)?")
_SEPARATOR: Final = "; "


def to_plain(value: Value) -> Any:
    """The value as it stands in JSON: money and days as text, several texts as a list."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


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
