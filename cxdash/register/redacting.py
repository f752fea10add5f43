"""Take the names of an erased customer out of what people entered, in every version.

Only in fields that hold free text: ids, choices, days and amounts name nobody. A name counts where
it stands as a word; a short one only where it is all a field says, since it stands in any text by
chance. What a customer is called in one word, such as Target, counts only as it is written there,
since in small letters it may be a word of the language. The digest of a version stays that of what
was entered, and the version says that something was taken out.
"""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

import duckdb

from cxdash.register.fields import Spec
from cxdash.register.kinds import KINDS
from cxdash.register.records import specs

__all__ = ["ERASED", "redact", "texts"]

ERASED: Final = "[erased]"
_SHORT: Final = 4  # letters of a name that is looked for inside a text, at least

_Cursor = duckdb.DuckDBPyConnection


def redact(cur: _Cursor, names: Sequence[str], called: Sequence[str] = ()) -> int:
    """Put ``ERASED`` in place of the names, inside a transaction of the caller.

    ``names`` are numbers and the like, ``called`` what people call the customer. Returns how many
    entries were touched.
    """
    touched = set()
    sought = _sought(names, called)
    for kind, entry, version, fields in _versions(cur):
        free = _free(kind)
        values = json.loads(fields)
        cleaned = {
            name: _without(value, sought) if name in free else value
            for name, value in values.items()
        }
        if cleaned != values:
            touched.add(entry)
            text = json.dumps(cleaned, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
            cur.execute(
                "UPDATE register_versions SET fields = $text, redacted = true "
                "WHERE entry_id = $entry AND version = $version",
                {"text": text, "entry": entry, "version": version},
            )
    return len(touched)


def texts(cur: _Cursor) -> Iterator[str]:
    """Every free text as a whole: what may be a name and nothing else."""
    for kind, _, _, fields in _versions(cur):
        free = _free(kind)
        for name, value in json.loads(fields).items():
            if name in free:
                said = value if isinstance(value, list) else [value]
                yield from (one.strip() for one in said)


def _versions(cur: _Cursor) -> list[tuple[str, str, int, str]]:
    return cur.execute(
        "SELECT entry_kind, entry_id, version, fields FROM register_versions"
    ).fetchall()


def _free(kind: str) -> set[str]:
    """Names of the fields in which people write what they like."""
    return {name for name, spec in specs(KINDS[kind]).items() if _is_free(spec)}


def _is_free(spec: Spec) -> bool:
    free = spec.kind in ("words", "customers", "many")
    return free and not (spec.choices or spec.refers)


def _sought(names: Sequence[str], called: Sequence[str]) -> list[tuple[str, re.Pattern[str]]]:
    """Each name with how it is found inside a text, long names first: one may hold another."""
    as_written = {name.strip() for name in called if len(name.split()) == 1}
    every = {name.strip() for name in (*names, *called)} - {""}
    return [
        (name, _pattern(name, any_case=name not in as_written))
        for name in sorted(every, key=lambda one: (-len(one), one))
    ]


def _pattern(name: str, *, any_case: bool) -> re.Pattern[str]:
    """The name as a word of its own, whatever blanks stand inside it."""
    text = r"\s+".join(map(re.escape, name.split()))
    return re.compile(rf"(?<!\w){text}(?!\w)", re.IGNORECASE if any_case else re.NOFLAG)


def _without(value: Any, sought: Sequence[tuple[str, re.Pattern[str]]]) -> Any:
    if isinstance(value, list):
        return [_without(one, sought) for one in value]
    if not isinstance(value, str):
        return value
    for name, inside in sought:
        if value.strip().casefold() == name.casefold():
            return ERASED
        if len(name) >= _SHORT:
            value = inside.sub(ERASED, value)
    return value
