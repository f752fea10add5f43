"""What a person decided about a file: which column is what, in which form. Frozen, kept as TOML.

A mapping holds nothing that was guessed and not shown; the next file with the same layout is read
with the same mapping.
"""

import math
import re
import tomllib
import unicodedata
from collections.abc import Iterable
from collections.abc import Mapping as Dictionary
from dataclasses import MISSING, asdict, dataclass, field, fields, replace
from datetime import date
from typing import Any, Final, get_type_hints

import tomli_w

from cxdash.errors import UsageError
from cxdash.facts.definitions import definition, score_variants
from cxdash.intake.kinds import KINDS

__all__ = [
    "DATE_ORDERS",
    "ColumnSpec",
    "CommentSpec",
    "FileSpec",
    "Mapping",
    "RejectRule",
    "ScoreSpec",
    "item_name",
]

DATE_ORDERS: Final = {
    "ymd": "year, month, day: 2026-03-05",
    "dmy": "day, month, year: 05/03/2026",
    "mdy": "month, day, year: 03/05/2026",
    "dmy2": "day, month, two-digit year: 05/03/26",
    "mdy2": "month, day, two-digit year: 03/05/26",
    "ym": "year and month: 2026-03",
    "my": "month and year: 03/2026",
    "epoch_s": "seconds since 1970",
    "epoch_ms": "milliseconds since 1970",
    "excel": "day numbers as Excel counts them",
}
COMPLETENESS: Final = ("complete", "sample", "unknown")
_TEXTS: Final = (
    "source",
    "repeats",
    "conflicts",
    "time_zone",
    "currencies",
    "note",
    "completeness",
)
# How a part of each type is written in TOML: its types there, and in words.
_WRITTEN: Final[dict[Any, tuple[Any, str]]] = {
    str: (str, "a text in quotes"),
    int: (int, "a whole number"),
    float: (int | float, "a number"),
    bool: (bool, "true or false"),
}
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_ITEM_LENGTH: Final = 80
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_AMOUNT: Final = re.compile(r"-?\d{1,14}(\.\d{1,10})?")  # what a column of money holds
# Control and format characters, lone halves of a character, line and paragraph separators.
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_NO_DELIMITER: Final = frozenset('"\r\n\0')
_HEADER_ROWS: Final = 3


@dataclass(frozen=True, slots=True)
class FileSpec:
    """How to read the file. Empty or 0 means: find out from the content.

    ``header_row`` counts records from 1 (for CSV: the line). ``header_rows`` is 2 or 3 for survey
    tools that write question texts and ids below the header.
    """

    encoding: str = ""
    delimiter: str = ""
    header_row: int = 0
    header_rows: int = 0
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """Where a role comes from and in which form it is written.

    ``dates`` is a name of :data:`DATE_ORDERS`; ``decimal`` is ``.`` or ``,``; ``values`` translates
    cell texts. ``minus`` and ``times`` name columns to subtract from, or multiply into, an amount.
    """

    column: str
    dates: str = ""
    decimal: str = ""
    values: tuple[tuple[str, str], ...] = ()
    minus: str = ""
    times: str = ""


@dataclass(frozen=True, slots=True)
class ScoreSpec:
    """A survey item: its column, variant and scale as written in the file.

    ``high_is_good`` False means that in this file the low end is the good one; such answers are
    turned round when loaded, so that what is stored always fits its variant.
    """

    item: str
    column: str
    variant: str
    scale_low: float
    scale_high: float
    high_is_good: bool = True
    values: tuple[tuple[str, float], ...] = ()
    decimal: str = ""


@dataclass(frozen=True, slots=True)
class CommentSpec:
    item: str
    column: str


@dataclass(frozen=True, slots=True)
class RejectRule:
    """Rows to refuse by what a column says.

    ``unless`` False: refused when the cell is one of ``values``; True: refused when it is filled
    with anything else.
    """

    column: str
    values: tuple[str, ...]
    reason: str
    unless: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """A complete reading of one layout.

    Parameters
    ----------
    kind
        A kind of extract, for example ``responses``.
    columns
        Role to source column.
    constants
        Role to a fixed value, for example ``currency = "BRL"``.
    scores, comments
        Survey items; only for ``responses``.
    aliases
        For ``customers``: source columns whose values are other names of the customer.
    traits
        For ``snapshots``: source columns kept as they are, to tell leavers from stayers by.
    key
        Source columns that together name a row. Empty: the kind's own id, else the row's content.
    source
        Name of the system, put before the key so that equal numbers of two systems stay apart.
    repeats
        ``keep`` or ``drop`` for equal lines of a file without a key; empty: nobody decided.
    conflicts
        ``reject`` (all) or ``last`` (line counts) when a key has two contents in one file.
    time_zone
        Zone in which times are kept; times with an offset are converted to it.
    currencies
        ``several`` once a person has said that a file with several currencies is right.
    completeness, note
        Whether the file holds everything (``complete``), a ``sample``, or ``unknown``.
    """

    kind: str
    columns: Dictionary[str, ColumnSpec] = field(default_factory=dict)
    constants: Dictionary[str, str] = field(default_factory=dict)
    scores: tuple[ScoreSpec, ...] = ()
    comments: tuple[CommentSpec, ...] = ()
    aliases: tuple[str, ...] = ()
    traits: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    source: str = ""
    repeats: str = ""
    conflicts: str = "reject"
    time_zone: str = ""
    currencies: str = ""
    completeness: str = "unknown"
    note: str = ""
    reject: tuple[RejectRule, ...] = ()
    file: FileSpec = FileSpec()

    def __post_init__(self) -> None:
        _check(self)

    def with_columns(self, columns: Dictionary[str, ColumnSpec]) -> "Mapping":
        """The same mapping with these roles set."""
        return replace(self, columns={**self.columns, **columns})

    @property
    def sources(self) -> tuple[str, ...]:
        """Every source column the mapping reads, each once, in order of first use."""
        named = [
            *self.key,
            *(part for spec in self.columns.values() for part in _columns_of(spec)),
            *(score.column for score in self.scores),
            *(comment.column for comment in self.comments),
            *self.aliases,
            *self.traits,
            *(rule.column for rule in self.reject),
        ]
        return tuple(dict.fromkeys(named))

    def missing(self) -> tuple[str, ...]:
        """Roles the kind needs that neither a column nor a constant gives."""
        given = set(self.columns) | set(self.constants)
        needed = list(KINDS[self.kind].required)
        if self.kind == "revenue" and "order_id" not in given:
            # An order can tell whose money it is and when; without one the row must.
            needed += ["customer_id", "dated"]
        money = {
            "subscriptions": "monthly_amount",
            "snapshots": "monthly_amount",
            "contacts": "cost",
        }.get(self.kind)
        if money in given:
            needed.append("currency")
        return tuple(role for role in needed if role not in given)

    def to_toml(self) -> str:
        """The mapping as TOML text; :meth:`from_toml` gives it back."""
        return tomli_w.dumps(_to_document(self))

    @classmethod
    def from_toml(cls, text: str) -> "Mapping":
        """Read a mapping.

        Raises
        ------
        UsageError
            If the text is not TOML, or a name or value is unknown.
        """
        try:
            document = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise UsageError(
                f"The mapping is not valid TOML: {error}.", state="Nothing was loaded."
            ) from error
        return _from_document(document)


def item_name(text: str) -> str:
    r"""A name a survey item may have, from any text: one line, at most 80 visible characters.

    >>> item_name("Ease of use\n(1\\5)")
    'Ease of use (1/5)'
    """
    visible = "".join(" " if _is_invisible(mark) else mark for mark in text.replace("\\", "/"))
    return " ".join(visible.split())[:_ITEM_LENGTH].rstrip() or "item"


def _is_invisible(mark: str) -> bool:
    return unicodedata.category(mark) in _INVISIBLE


def _columns_of(spec: ColumnSpec) -> Iterable[str]:
    return (part for part in (spec.column, spec.minus, spec.times) if part)


def _check(mapping: Mapping) -> None:
    if mapping.kind not in KINDS:
        raise _wrong(f"kind {mapping.kind!r} is unknown", f"Known kinds: {', '.join(KINDS)}.")
    kind = KINDS[mapping.kind]
    for role in (*mapping.columns, *mapping.constants):
        if role not in kind.roles:
            raise _wrong(
                f"{role!r} is not a column of {mapping.kind}", f"It has: {', '.join(kind.roles)}."
            )
    if (mapping.scores or mapping.comments) and mapping.kind != "responses":
        raise _wrong(f"scores and comments belong to responses, not to {mapping.kind}")
    if mapping.aliases and mapping.kind != "customers":
        raise _wrong(f"aliases belong to customers, not to {mapping.kind}")
    if mapping.traits and mapping.kind != "snapshots":
        raise _wrong(f"traits belong to snapshots, not to {mapping.kind}")
    _check_choice("repeats", mapping.repeats, ("", "keep", "drop"))
    _check_choice("currencies", mapping.currencies, ("", "several"))
    _check_choice("conflicts", mapping.conflicts, ("reject", "last"))
    _check_choice("completeness", mapping.completeness, COMPLETENESS)
    for role, spec in mapping.columns.items():
        _check_choice(f"columns.{role}.dates", spec.dates, ("", *DATE_ORDERS))
        _check_choice(f"columns.{role}.decimal", spec.decimal, ("", ".", ","))
        if not spec.column:
            raise _wrong(f"columns.{role} names no column")
    if any(_is_invisible(mark) for mark in mapping.source):
        raise _wrong(f"source = {mapping.source!r} holds a character that cannot be seen")
    _check_file(mapping.file)
    _check_constants(mapping)
    _check_currency(mapping)
    _check_scores(mapping)
    _check_comments(mapping)


def _check_file(spec: FileSpec) -> None:
    mark = spec.delimiter
    if mark and (len(mark) != 1 or mark in _NO_DELIMITER):
        raise _wrong(
            f"file.delimiter = {mark!r}", "Give one character such as a comma or a semicolon."
        )
    if spec.header_row < 0:
        raise _wrong(f"file.header_row = {spec.header_row}", "Lines are counted from 1.")
    if not 0 <= spec.header_rows <= _HEADER_ROWS:
        raise _wrong(f"file.header_rows = {spec.header_rows}", f"Allowed: 1 to {_HEADER_ROWS}.")


def _check_constants(mapping: Mapping) -> None:
    """A fixed value is the same in every row, so it must fit before the first row is read."""
    for role, text in mapping.constants.items():
        kind = KINDS[mapping.kind].roles[role]
        if kind == "VARCHAR":
            fits, form = bool(text.strip()), "a text"
        elif kind in ("DATE", "TIMESTAMP"):
            fits, form = _is_day(text), "a date such as 2026-03-05"
        elif kind == "BOOLEAN":
            fits, form = text.lower() in ("true", "false"), "true or false"
        else:
            fits, form = bool(_AMOUNT.fullmatch(text)), "a number such as 12.50"
        if not fits:
            raise _wrong(f"constants.{role} = {text!r}", f"It must be {form}.")


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return bool(_DAY.fullmatch(text))


def _check_currency(mapping: Mapping) -> None:
    for role in ("currency", "to_currency"):
        code = mapping.constants.get(role)
        if code is not None and not _CURRENCY.fullmatch(code):
            raise _wrong(f"{role} = {code!r}", "A currency is a three-letter code such as USD.")


def _check_scores(mapping: Mapping) -> None:
    items = [score.item for score in mapping.scores]
    for item in items:
        if items.count(item) > 1:
            raise _wrong(f"score item {item!r} is given twice")
        _check_item("scores", item)
    for score in mapping.scores:
        if not score.column:
            raise _wrong(f"{score.item}: scores.column names no column")
        known = score_variants()
        if score.variant not in known:
            raise _wrong(f"variant {score.variant!r} is unknown", f"Known: {', '.join(known)}.")
        meant = definition(score.variant)
        if (score.scale_low, score.scale_high) != (meant.scale_low, meant.scale_high):
            raise _wrong(
                f"{score.item}: scale {score.scale_low:g} to {score.scale_high:g} does not fit "
                f"{score.variant}, which runs from {meant.scale_low:g} to {meant.scale_high:g}"
            )
        for word, value in score.values:
            if not (math.isfinite(value) and score.scale_low <= value <= score.scale_high):
                raise _wrong(f"{score.item}: {word!r} = {value} lies outside the scale")


def _check_comments(mapping: Mapping) -> None:
    for comment in mapping.comments:
        _check_item("comments", comment.item)
        if not comment.column:
            raise _wrong(f"{comment.item}: comments.column names no column")


def _check_item(where: str, item: str) -> None:
    """Items are named in questions, addresses and SQL literals: one visible line, no backslash."""
    if item != item_name(item):
        raise _wrong(
            f"{where}.item = {item[:200]!r}",
            "Give one line of at most 80 characters without backslashes, for example "
            f"{item_name(item)!r}.",
        )


def _check_choice(name: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        shown = ", ".join(repr(choice) for choice in allowed if choice)
        raise _wrong(f"{name} = {value!r}", f"Allowed: {shown}.")


def _wrong(what: str, do_next: str = "") -> UsageError:
    return UsageError(
        f"The mapping is wrong: {what}.", state="Nothing was loaded.", do_next=do_next
    )


def _to_document(mapping: Mapping) -> dict[str, Any]:
    document: dict[str, Any] = {"kind": mapping.kind}
    for name in ("source", "repeats", "time_zone", "currencies", "note"):
        if getattr(mapping, name):
            document[name] = getattr(mapping, name)
    document["completeness"] = mapping.completeness
    document["conflicts"] = mapping.conflicts
    for name in ("key", "aliases", "traits"):
        if getattr(mapping, name):
            document[name] = list(getattr(mapping, name))
    spec = {name: value for name, value in asdict(mapping.file).items() if value}
    if spec:
        document["file"] = spec
    document["columns"] = {
        role: _column_document(column) for role, column in mapping.columns.items()
    }
    if mapping.constants:
        document["constants"] = dict(mapping.constants)
    if mapping.scores:
        document["scores"] = [_filled(asdict(score)) for score in mapping.scores]
    if mapping.comments:
        document["comments"] = [asdict(comment) for comment in mapping.comments]
    if mapping.reject:
        document["reject"] = [_filled(asdict(rule)) for rule in mapping.reject]
    return document


def _column_document(spec: ColumnSpec) -> str | dict[str, Any]:
    filled = _filled(asdict(spec))
    return spec.column if list(filled) == ["column"] else filled


def _filled(parts: dict[str, Any]) -> dict[str, Any]:
    """Without empty parts; pairs become tables."""
    kept = {name: value for name, value in parts.items() if value not in ("", (), [])}
    pairs = kept.get("values")
    if pairs and isinstance(pairs[0], tuple):
        kept["values"] = dict(pairs)
    return kept


def _from_document(document: dict[str, Any]) -> Mapping:
    known = set(Mapping.__dataclass_fields__)
    for name in document:
        if name not in known:
            raise _wrong(
                f"{name!r} is not a part of a mapping", f"Parts: {', '.join(sorted(known))}."
            )
    if not isinstance(document.get("kind"), str):
        raise _wrong("it has no kind", f"Known kinds: {', '.join(KINDS)}.")
    parts = dict(document)
    for name in _TEXTS:
        if not isinstance(parts.get(name, ""), str):
            raise _wrong(f"{name} must be a text in quotes")
    parts["columns"] = {
        role: _column(role, value) for role, value in _table(document, "columns").items()
    }
    parts["constants"] = dict(_pairs(document, "constants", "constants"))
    parts["scores"] = tuple(_score(entry) for entry in _list(document, "scores"))
    parts["comments"] = tuple(
        _record(CommentSpec, entry, "comments") for entry in _list(document, "comments")
    )
    parts["reject"] = tuple(_rule(entry) for entry in _list(document, "reject"))
    for name in ("key", "aliases", "traits"):
        parts[name] = _names(document, name, name)
    parts["file"] = _record(FileSpec, _table(document, "file"), "file")
    return Mapping(**parts)


def _table(document: dict[str, Any], name: str) -> dict[str, Any]:
    found = document.get(name, {})
    if not isinstance(found, dict):
        raise _wrong(f"{name} must be a table")
    return found


def _list(document: dict[str, Any], name: str) -> list[Any]:
    found = document.get(name, [])
    if not isinstance(found, list):
        raise _wrong(f"{name} must be a list")
    return found


def _names(document: dict[str, Any], name: str, where: str) -> tuple[str, ...]:
    """A list of texts; numbers are taken as they are written."""
    found = document.get(name, [])
    if not isinstance(found, list) or any(isinstance(entry, list | dict) for entry in found):
        raise _wrong(f"{where} must be a list of texts")
    return tuple(str(entry) for entry in found)


def _pairs(document: dict[str, Any], name: str, where: str) -> tuple[tuple[str, str], ...]:
    """A table of texts; numbers are taken as they are written."""
    found = document.get(name, {})
    if not isinstance(found, dict) or any(isinstance(v, list | dict) for v in found.values()):
        raise _wrong(f"{where} must be a table with one value for each name")
    return tuple((str(word), str(meaning)) for word, meaning in found.items())


def _column(role: str, value: Any) -> ColumnSpec:
    if isinstance(value, str):
        return ColumnSpec(value)
    if not isinstance(value, dict):
        raise _wrong(f"columns.{role} must be a column name or a table")
    words = _pairs(value, "values", f"columns.{role}.values")
    spec: ColumnSpec = _record(ColumnSpec, {**value, "values": words}, f"columns.{role}")
    return spec


def _score(entry: Any) -> ScoreSpec:
    if not isinstance(entry, dict):
        raise _wrong("each of scores must be a table")
    parts = dict(entry)
    variant = parts.get("variant")
    if variant in score_variants():
        # The scale belongs to the variant; a mapping may repeat it but need not.
        meant = definition(str(variant))
        parts.setdefault("scale_low", meant.scale_low)
        parts.setdefault("scale_high", meant.scale_high)
    try:
        words = _pairs(parts, "values", "scores.values")
        parts["values"] = tuple((word, float(meaning)) for word, meaning in words)
    except ValueError as error:
        raise _wrong("scores.values must say a number for each word") from error
    parts.setdefault("scale_low", math.nan)
    parts.setdefault("scale_high", math.nan)
    score: ScoreSpec = _record(ScoreSpec, parts, "scores")
    return score


def _rule(entry: Any) -> RejectRule:
    if not isinstance(entry, dict):
        raise _wrong("each of reject must be a table")
    rule: RejectRule = _record(
        RejectRule, {**entry, "values": _names(entry, "values", "reject.values")}, "reject"
    )
    return rule


def _record(record: type[Any], parts: Any, where: str) -> Any:
    if not isinstance(parts, dict):
        raise _wrong(f"{where} must be a table")
    known = get_type_hints(record)
    for name, value in parts.items():
        if name not in known:
            raise _wrong(f"{where} has no part {name!r}", f"Parts: {', '.join(known)}.")
        wanted = _WRITTEN.get(known[name])
        fits = wanted is None or isinstance(value, wanted[0])
        if not fits or (isinstance(value, bool) and known[name] is not bool):
            what = wanted[1] if wanted else "a list"
            raise _wrong(f"{where}.{name} must be {what}, not {value!r}")
    needed = [f.name for f in fields(record) if f.default is MISSING and f.name not in parts]
    if needed:
        raise _wrong(f"{where} lacks {' and '.join(needed)}")
    return record(**parts)
