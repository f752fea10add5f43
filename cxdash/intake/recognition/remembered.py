"""Layouts seen before: the mapping of the newest import of a file with the same columns."""

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import duckdb

from cxdash.errors import UsageError
from cxdash.intake.mapping import Mapping
from cxdash.intake.reading.table import Table
from cxdash.intake.recognition.labels import question_text, questions_below
from cxdash.store import Database

__all__ = [
    "Brought",
    "Recalled",
    "Remembered",
    "fingerprint",
    "in_place_of",
    "other_layouts",
    "recall",
    "remembered",
    "same_columns",
    "still_valid",
]

# Names that say where a column stands and nothing of what it holds.
_PLACE = re.compile(r"\(?column \d+\)?|.* \(\d+\)|unnamed: \d+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Remembered:
    """A mapping a person confirmed for a layout; ``file_name`` is the file it was used for last.

    ``header`` are the columns that file had; empty where they are not known.
    """

    layout: str
    mapping: Mapping
    file_name: str
    header: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Recalled:
    """What is remembered for a file: ``more`` and ``fewer`` are the columns it has now or had then.

    ``reworded`` are columns whose question is worded otherwise than before, ``gone`` a column that
    was read and is missing now. Unless ``is_same``, a person says whether the file is read the same
    way.
    """

    seen: Remembered
    more: tuple[str, ...] = ()
    fewer: tuple[str, ...] = ()
    reworded: tuple[str, ...] = ()
    gone: str = ""

    @property
    def is_same(self) -> bool:
        return not (self.more or self.fewer or self.reworded)


@dataclass(frozen=True, slots=True)
class Brought:
    """An import in force, as a person may know it: its file, its day, whether it is the demo's.

    Of a file that waits to be loaded first, ``loaded_on`` is None and ``import_id`` is negative.
    """

    import_id: int
    file_name: str
    loaded_on: date | None
    is_demo: bool = False


def fingerprint(header: Sequence[str]) -> str:
    """What identifies a layout: its column names in order, letter case and blanks aside."""
    names = "\x1f".join(_plain(name) for name in header)
    return hashlib.sha256(names.encode()).hexdigest()[:32]


def same_columns(header: Iterable[str], other: Iterable[str]) -> bool:
    """Whether two files have the same columns, in whatever order."""
    return set(map(_plain, header)) == set(map(_plain, other))


def other_layouts(
    cur: duckdb.DuckDBPyConnection, kind: str, header: Sequence[str]
) -> tuple[Brought, ...]:
    """Imports in force of that kind whose file had other columns; another order is no other."""
    rows = cur.execute(
        "SELECT layout, mapping, receipt, import_id, file_name, CAST(imported_at AS DATE), is_demo "
        "FROM imports WHERE kind = $kind AND undone_at IS NULL AND layout <> $layout "
        "ORDER BY import_id",
        {"kind": kind, "layout": fingerprint(header)},
    ).fetchall()
    same = {}
    for layout, text, receipt, *_ in rows:
        # The newest import of a layout tells what its columns are.
        mapping = still_valid(text)
        known = _columns(mapping, receipt) if mapping else frozenset()
        same[layout] = same_columns(known, header)
    return tuple(Brought(*about) for layout, _, _, *about in rows if not same[layout])


def _columns(mapping: Mapping, receipt: str) -> frozenset[str]:
    """The columns of a file that was loaded: those that were read, and the others."""
    return frozenset({*mapping.sources, *json.loads(receipt).get("unused_columns", [])})


def _plain(name: str) -> str:
    return " ".join(name.lower().split())


def remembered(db: Database) -> tuple[Remembered, ...]:
    """The newest mapping in force of every layout and kind, the newest first."""
    rows = db.rows(
        "SELECT layout, kind, mapping, file_name, receipt FROM imports "
        "WHERE undone_at IS NULL AND NOT is_demo ORDER BY import_id DESC"
    )
    newest: dict[tuple[str, str], Remembered] = {}
    for row in rows:
        layout = row["layout"]
        mapping = None if (layout, row["kind"]) in newest else still_valid(row["mapping"])
        if mapping is not None:
            header = _columns(mapping, row["receipt"])
            newest[layout, row["kind"]] = Remembered(layout, mapping, row["file_name"], header)
    return tuple(newest.values())


def still_valid(text: str) -> Mapping | None:
    """The mapping; None when it was kept by an older cxdash and would be refused today."""
    try:
        return Mapping.from_toml(text)
    except UsageError:
        return None


def recall(table: Table, seen: Sequence[Remembered]) -> Recalled | None:
    """What is remembered for this file: of the same header, else of nearly the same columns."""
    layout = fingerprint(table.header)
    same = next((one for one in seen if one.layout == layout), None)
    if same is not None:
        return Recalled(same, reworded=_reworded(table, same.mapping))
    if any(_PLACE.fullmatch(name) for name in table.header):
        # Where columns are named by their place, another order is another meaning.
        return None
    near = [found for one in seen if (found := _near(table, one)) is not None]
    return min(near, key=lambda found: len(found.more) + len(found.fewer), default=None)


def _near(table: Table, one: Remembered) -> Recalled | None:
    """The same columns in another order, or a few more or fewer that nothing was read from."""
    now = set(table.header)
    gone = [name for name in one.mapping.sources if name not in now]
    more = tuple(name for name in table.header if name not in one.header)
    fewer = tuple(sorted(one.header - now))
    changed = len(more) + len(fewer)
    if not one.header or changed > max(2, len(one.header) // 2):
        return None
    if not gone:
        return Recalled(one, more, fewer, _reworded(table, one.mapping))
    # One column of many under another name: a person says which one took its place.
    renamed = len(gone) == 1 and more and changed <= 3 and len(one.mapping.sources) >= 4
    return Recalled(one, more, fewer, (), gone[0]) if renamed else None


def in_place_of(mapping: Mapping, gone: str, new: str) -> Mapping:
    """The mapping with a column that is now called otherwise."""

    def now(name: str) -> str:
        return new if name == gone else name

    return replace(
        mapping,
        columns={
            role: replace(
                spec, column=now(spec.column), minus=now(spec.minus), times=now(spec.times)
            )
            for role, spec in mapping.columns.items()
        },
        scores=tuple(replace(score, column=now(score.column)) for score in mapping.scores),
        comments=tuple(replace(one, column=now(one.column)) for one in mapping.comments),
        aliases=tuple(now(name) for name in mapping.aliases),
        traits=tuple(now(name) for name in mapping.traits),
        key=tuple(now(name) for name in mapping.key),
        reject=tuple(replace(rule, column=now(rule.column)) for rule in mapping.reject),
    )


def _reworded(table: Table, mapping: Mapping) -> tuple[str, ...]:
    """Columns such as Q1 that now stand for another question than when they were mapped."""
    if not questions_below(table):
        return ()
    labels = dict(zip(table.header, table.labels, strict=False))
    asked = {score.column: score.label for score in mapping.scores}
    asked |= {comment.column: comment.label for comment in mapping.comments}
    return tuple(
        column
        for column, label in asked.items()
        if label
        and labels.get(column)
        and _plain(question_text(column, labels[column])) != _plain(label)
    )
