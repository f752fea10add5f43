"""A mapping as TOML: what is written, and what is refused when it is read back."""

import math
from collections.abc import Mapping as Dictionary
from dataclasses import MISSING, asdict, fields
from typing import TYPE_CHECKING, Any, Final, get_type_hints

from cxdash.facts.definitions import definition, score_variants
from cxdash.intake.checks import wrong
from cxdash.intake.kinds import KINDS
from cxdash.intake.specs import (
    ChoiceSpec,
    ColumnSpec,
    CommentSpec,
    FileSpec,
    LongSpec,
    RejectRule,
    ScoreSpec,
)

if TYPE_CHECKING:
    from cxdash.intake.mapping import Mapping

__all__ = ["from_document", "to_document"]

_TEXTS: Final = (
    "source",
    "same_rows",
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


def to_document(mapping: "Mapping") -> dict[str, Any]:
    """The mapping as a TOML document, without what is empty."""
    parts: dict[str, Any] = {
        "kind": mapping.kind,
        **{name: getattr(mapping, name) for name in ("source", "same_rows", "repeats")},
        "time_zone": mapping.time_zone,
        "currencies": mapping.currencies,
        "note": mapping.note,
        "completeness": mapping.completeness,
        "conflicts": mapping.conflicts,
        **{name: list(getattr(mapping, name)) for name in ("key", "aliases", "traits")},
        "file": {name: value for name, value in asdict(mapping.file).items() if value},
        "long": _filled(asdict(mapping.long)) if mapping.long else {},
        "months": dict(mapping.months),
        "columns": {role: _column_document(column) for role, column in mapping.columns.items()},
        "constants": dict(mapping.constants),
        **{
            name: [_filled(asdict(entry)) for entry in getattr(mapping, name)]
            for name in ("scores", "comments", "choices", "reject")
        },
    }
    always = ("kind", "columns")
    return {name: value for name, value in parts.items() if value or name in always}


def _column_document(spec: ColumnSpec) -> str | dict[str, Any]:
    filled = _filled(asdict(spec))
    return spec.column if list(filled) == ["column"] else filled


def _filled(parts: dict[str, Any]) -> dict[str, Any]:
    """Without empty parts; pairs become tables."""
    kept = {name: value for name, value in parts.items() if value not in ("", (), [])}
    for name in ("values", "columns"):
        pairs = kept.get(name)
        if pairs and isinstance(pairs[0], tuple):
            kept[name] = dict(pairs)
    return kept


def from_document(document: dict[str, Any], known: Dictionary[str, Any]) -> dict[str, Any]:
    """The parts of a mapping a document holds; ``known`` are the parts a mapping has.

    Raises
    ------
    UsageError
        If a name is unknown or a value of the wrong form.
    """
    for name in document:
        if name not in known:
            raise wrong(
                f"{name!r} is not a part of a mapping", f"Parts: {', '.join(sorted(known))}."
            )
    if not isinstance(document.get("kind"), str):
        raise wrong("it has no kind", f"Known kinds: {', '.join(KINDS)}.")
    parts = dict(document)
    for name in _TEXTS:
        if not isinstance(parts.get(name, ""), str):
            raise wrong(f"{name} must be a text in quotes")
    parts["columns"] = {
        role: _column(role, value) for role, value in _table(document, "columns").items()
    }
    parts["constants"] = dict(_pairs(document, "constants", "constants"))
    parts["scores"] = tuple(_score(entry) for entry in _list(document, "scores"))
    parts["comments"] = tuple(
        _record(CommentSpec, entry, "comments") for entry in _list(document, "comments")
    )
    parts["choices"] = tuple(_choice(entry) for entry in _list(document, "choices"))
    parts["months"] = _pairs(document, "months", "months")
    if "long" in document:
        parts["long"] = _long(_table(document, "long"))
    parts["reject"] = tuple(_rule(entry) for entry in _list(document, "reject"))
    for name in ("key", "aliases", "traits"):
        parts[name] = _names(document, name, name)
    parts["file"] = _file(_table(document, "file"))
    return parts


def _table(document: dict[str, Any], name: str) -> dict[str, Any]:
    found = document.get(name, {})
    if not isinstance(found, dict):
        raise wrong(f"{name} must be a table")
    return found


def _list(document: dict[str, Any], name: str) -> list[Any]:
    found = document.get(name, [])
    if not isinstance(found, list):
        raise wrong(f"{name} must be a list")
    return found


def _names(document: dict[str, Any], name: str, where: str) -> tuple[str, ...]:
    """A list of texts; numbers are taken as they are written."""
    found = document.get(name, [])
    if not isinstance(found, list) or any(isinstance(entry, list | dict) for entry in found):
        raise wrong(f"{where} must be a list of texts")
    return tuple(str(entry) for entry in found)


def _pairs(document: dict[str, Any], name: str, where: str) -> tuple[tuple[str, str], ...]:
    """A table of texts; numbers are taken as they are written."""
    found = document.get(name, {})
    if not isinstance(found, dict) or any(isinstance(v, list | dict) for v in found.values()):
        raise wrong(f"{where} must be a table with one value for each name")
    return tuple((str(word), str(meaning)) for word, meaning in found.items())


def _column(role: str, value: Any) -> ColumnSpec:
    if isinstance(value, str):
        return ColumnSpec(value)
    if not isinstance(value, dict):
        raise wrong(f"columns.{role} must be a column name or a table")
    words = _pairs(value, "values", f"columns.{role}.values")
    spec: ColumnSpec = _record(ColumnSpec, {**value, "values": words}, f"columns.{role}")
    return spec


def _score(entry: Any) -> ScoreSpec:
    if not isinstance(entry, dict):
        raise wrong("each of scores must be a table")
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
        raise wrong("scores.values must say a number for each word") from error
    parts.setdefault("scale_low", math.nan)
    parts.setdefault("scale_high", math.nan)
    score: ScoreSpec = _record(ScoreSpec, parts, "scores")
    return score


def _choice(entry: Any) -> ChoiceSpec:
    if not isinstance(entry, dict):
        raise wrong("each of choices must be a table")
    columns = _pairs(entry, "columns", "choices.columns")
    choice: ChoiceSpec = _record(ChoiceSpec, {**entry, "columns": columns}, "choices")
    return choice


def _long(entry: dict[str, Any]) -> LongSpec:
    long: LongSpec = _record(
        LongSpec, {**entry, "row": _names(entry, "row", "long.row")} if entry else entry, "long"
    )
    return long


def _file(entry: dict[str, Any]) -> FileSpec:
    places = entry.get("fixed_width", [])
    if not isinstance(places, list) or any(type(place) is not int for place in places):
        raise wrong("file.fixed_width must be a list of whole numbers")
    spec: FileSpec = _record(FileSpec, {**entry, "fixed_width": tuple(places)}, "file")
    return spec


def _rule(entry: Any) -> RejectRule:
    if not isinstance(entry, dict):
        raise wrong("each of reject must be a table")
    words = {name: _names(entry, name, f"reject.{name}") for name in ("values", "known")}
    rule: RejectRule = _record(RejectRule, {**entry, **words}, "reject")
    return rule


def _record(record: type[Any], parts: Any, where: str) -> Any:
    if not isinstance(parts, dict):
        raise wrong(f"{where} must be a table")
    known = get_type_hints(record)
    for name, value in parts.items():
        if name not in known:
            raise wrong(f"{where} has no part {name!r}", f"Parts: {', '.join(known)}.")
        wanted = _WRITTEN.get(known[name])
        fits = wanted is None or isinstance(value, wanted[0])
        if not fits or (isinstance(value, bool) and known[name] is not bool):
            what = wanted[1] if wanted else "a list"
            raise wrong(f"{where}.{name} must be {what}, not {value!r}")
    needed = [f.name for f in fields(record) if f.default is MISSING and f.name not in parts]
    if needed:
        raise wrong(f"{where} lacks {' and '.join(needed)}")
    return record(**parts)
