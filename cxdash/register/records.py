"""A record is what one entry says; its fields carry their own words, types and rules."""

import dataclasses
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, Final, Generic, TypeVar

from cxdash.errors import EntryRefused
from cxdash.register.fields import FIRST_DAY, LARGEST, LAST_DAY, SPEC, Spec, Value
from cxdash.register.texts import from_plain, to_plain

__all__ = [
    "ID",
    "Kept",
    "Record",
    "built",
    "digest",
    "filters",
    "plain",
    "problems",
    "restored",
    "specs",
    "title",
]

#: How an id looks.
ID: Final = re.compile(r"[a-z_]+-[1-9]\d{0,8}")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_NOTHING_SAVED: Final = "Nothing was saved."


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What a person entered of one kind. The first line of the docstring heads the form."""

    KIND: ClassVar[str] = ""
    NAMED: ClassVar[str] = ""  # how people call such an entry, "goal"
    SHOWN_BY: ClassVar[str] = "name"  # the field an entry is called by in lists
    INSIDE: ClassVar[bool] = False  # read by those alone who may write decisions down

    def problems(self) -> Iterable[str]:
        """What is wrong across fields, as sentences for the person who must mend it."""
        return ()

    def closed(self) -> Mapping[str, str]:
        """Names of the fields that are not asked yet, each with the sentence that says why."""
        return {}


R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept(Generic[R]):
    """One version of an entry.

    Parameters
    ----------
    what
        ``entered``, ``changed``, ``frozen`` or ``removed``.
    at
        When, in UTC.
    digest
        SHA-256 of kind and fields, the same wherever the same is entered.
    frozen_as
        Digest of the version at which the entry was first frozen; empty before.
    redacted
        A customer who was erased has been taken out of the fields afterwards.
    """

    id: str
    version: int
    what: str
    at: datetime
    by: str
    record: R
    digest: str
    frozen_as: str = ""
    redacted: bool = False

    @property
    def frozen(self) -> bool:
        return bool(self.frozen_as)

    @property
    def changed_since_frozen(self) -> bool:
        """Whether what counts now is something else than what was frozen."""
        return self.frozen and self.digest != self.frozen_as

    @property
    def title(self) -> str:
        """What the entry is called in a list."""
        return title(self.record) or self.id


def specs(kind: type[Record]) -> Mapping[str, Spec]:
    """Field name to what it is, in the order of the form."""
    return {
        one.name: one.metadata[SPEC] for one in dataclasses.fields(kind) if SPEC in one.metadata
    }


def title(record: Record) -> str:
    """The field a record is called by."""
    return str(getattr(record, record.SHOWN_BY))


def built(kind: type[R], values: Mapping[str, Value]) -> R:
    """The record with those values; a field that is not among them is empty.

    Raises
    ------
    EntryRefused
        A value is missing or does not fit, or the record breaks a rule of its kind.
    """
    known = specs(kind)
    record = kind(**{name: values.get(name, spec.empty) for name, spec in known.items()})
    found = problems(record)
    if found:
        raise EntryRefused(
            f"This {kind.NAMED or kind.KIND} cannot be saved as it is.",
            problems=found,
            state=_NOTHING_SAVED,
            do_next=" ".join(found),
        )
    return record


def problems(record: Record) -> tuple[str, ...]:
    """Everything that is wrong with a record, field by field, then across fields."""
    by_field = tuple(
        f"{spec.label}: {wrong}."
        for name, spec in specs(type(record)).items()
        for wrong in _wrong(spec, getattr(record, name))
    )
    return by_field or tuple(record.problems())


def _wrong(spec: Spec, value: Value) -> Iterator[str]:
    if value == spec.empty and spec.kind != "yes_no":
        if spec.required:
            yield "this has to be filled in"
        return
    if not isinstance(value, _TYPES[spec.kind]) or (
        isinstance(value, bool) and spec.kind != "yes_no"
    ):
        yield f"{value!r} is not what belongs here"
        return
    for text in (value,) if isinstance(value, str) else value if isinstance(value, tuple) else ():
        yield from _wrong_text(spec, text)
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        yield from _wrong_number(spec, value)
    if isinstance(value, date) and not FIRST_DAY <= value <= LAST_DAY:
        yield f"{value.isoformat()} is not between {FIRST_DAY} and {LAST_DAY}"


_TYPES: Final[Mapping[str, Any]] = {
    "words": str,
    "choice": str,
    "reference": str,
    "customers": str,
    "number": int | float,
    "share": int | float,
    "amount": Decimal,
    "whole": int,
    "day": date,
    "yes_no": bool,
    "many": tuple,
}


def _wrong_text(spec: Spec, text: str) -> Iterator[str]:
    if len(text) > spec.room:
        yield f"{len(text):,} characters are more than the {spec.room:,} there is room for"
    if _CONTROL.search(text):
        yield "there is a control character in it"
    if spec.choices and text not in spec.choices:
        yield f"{text!r} is none of {', '.join(spec.choices)}"
    if spec.refers and not (ID.fullmatch(text) and text.startswith(f"{spec.refers}-")):
        yield f"{text!r} is no id like {spec.refers}-1"
    if spec.kind == "many" and not spec.refers and ";" in text:
        yield "a semicolon stands between texts and cannot stand inside one"
    if spec.kind == "customers":
        yield from _wrong_filters(text)


def _wrong_filters(text: str) -> Iterator[str]:
    if any(not column or not value for column, value in filters(text)):
        yield f"{text!r} is not written like segment=Large; region=North"


def _wrong_number(spec: Spec, value: float | Decimal) -> Iterator[str]:
    if not Decimal(str(value)).is_finite():
        yield "this is no number"
        return
    if not -LARGEST <= value <= LARGEST:
        yield f"more than {LARGEST:,} is no figure of a company"
        return
    unit = 100 if spec.kind == "share" else 1
    mark = " %" if spec.kind == "share" else ""
    if spec.least is not None and value < spec.least:
        yield f"at least {spec.least * unit:g}{mark}"
    if spec.most is not None and value > spec.most:
        yield f"at most {spec.most * unit:g}{mark}"


def filters(text: str) -> tuple[tuple[str, str], ...]:
    """Customer filters as (column, value) pairs, as in a Scope's ``where``.

    >>> filters("segment=Large; region=North")
    (('segment', 'Large'), ('region', 'North'))
    """
    parts = (part.partition("=") for part in text.split(";") if part.strip())
    return tuple((column.strip(), value.strip()) for column, _, value in parts)


def plain(record: Record) -> str:
    """The record as canonical JSON: sorted names, no blanks."""
    values = {name: to_plain(getattr(record, name)) for name in specs(type(record))}
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def restored(kind: type[R], text: str) -> R:
    """The record that :func:`plain` wrote; a field it did not know yet is empty."""
    values = json.loads(text)
    return kind(**{name: from_plain(spec, values.get(name)) for name, spec in specs(kind).items()})


def digest(kind: str, fields: str) -> str:
    """SHA-256 of the kind and the canonical JSON of its fields."""
    return hashlib.sha256(f"{kind}\n{fields}".encode()).hexdigest()
