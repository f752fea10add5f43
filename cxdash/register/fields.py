"""What a field of an entry is: its words for a form, its type, and how it is written down.

A field is declared where the record is, ``statement: str = words("What the company wants")``, and
that one line is the source of the form, of the column in the CSV, of the check and of the help.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final, Literal

__all__ = [
    "FIRST_DAY",
    "LARGEST",
    "LAST_DAY",
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
#: What lies outside is a slip of the keyboard, and neither a form nor a sum could hold it.
LARGEST: Final = 10**15
FIRST_DAY: Final = date(1950, 1, 1)
LAST_DAY: Final = date(2199, 12, 31)
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
