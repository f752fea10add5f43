"""Everything known about a file before anybody is asked: its columns, and what tells rows apart."""

import re
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import duckdb

from cxdash.intake.mapping import LongSpec, Mapping
from cxdash.intake.reading.staging import STAGED
from cxdash.intake.reading.table import Table
from cxdash.intake.recognition.pieces import Pieces
from cxdash.intake.recognition.profile import Shapes
from cxdash.intake.recognition.remembered import (
    Brought,
    Recalled,
    Remembered,
    fingerprint,
    recall,
)
from cxdash.intake.recognition.vocabulary import normal

__all__ = ["IDS", "Apart", "Evidence", "Fit", "Lines", "Namesakes", "rows_apart"]

_LIKELY_KEYS: Final = 8
IDS: Final = re.compile(
    r"\b(id|number|no|nr|key|sequential|line|item|code|email|customer|account)\b"
)


@dataclass(frozen=True, slots=True)
class Apart:
    """What tells rows apart: distinct rows, and pairs of columns that name each of them.

    ``rows`` and ``distinct_rows`` leave out rows that do not line up with the header.
    """

    rows: int
    distinct_rows: int
    pairs: frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Lines:
    """A file with a line for each response and question, as it looks with a column a question.

    ``answers`` are the columns of the questions; ``several`` the questions to which a response may
    give several answers; ``rows`` the number of responses.
    """

    spec: LongSpec
    rows: int
    answers: tuple[Shapes, ...]
    several: frozenset[str]


@dataclass(frozen=True, slots=True)
class Namesakes:
    """Rows of a file that carry the numbers of loaded rows of another layout, and say otherwise.

    ``imports`` brought the loaded ones; ``rows`` of the file would take their place.
    """

    imports: tuple[Brought, ...]
    rows: int


@dataclass(frozen=True, slots=True)
class Fit:
    """How many of the different values of a column are customers that are known."""

    column: str
    values: int
    known: int

    @property
    def share(self) -> float:
        """Share of its values that are known, 0 to 1."""
        return self.known / self.values if self.values else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Everything known about a file before anybody is asked."""

    table: Table
    rows: int
    shapes: tuple[Shapes, ...]
    apart: Apart
    pieces: tuple[Pieces, ...] = ()
    lines: Lines | None = None
    forced: Mapping | None = None
    kind: str | None = None
    remembered: tuple[Remembered, ...] = ()
    met: Namesakes | None = None
    fits: tuple[Fit, ...] = ()

    @property
    def read_as(self) -> tuple[str, ...]:
        """The kinds as which files of this very layout were read before, the newest first."""
        layout = fingerprint(self.table.header)
        return tuple(one.mapping.kind for one in self.remembered if one.layout == layout)

    def recalled(self, kind: str | None) -> Recalled | None:
        """What is remembered for the file, as a file of that kind where one is wanted."""
        seen = [one for one in self.remembered if kind in (None, one.mapping.kind)]
        return recall(self.table, seen)

    def shape(self, name: str) -> Shapes | None:
        """The column of that name; None if the file has none."""
        return next((shape for shape in self.shapes if shape.name == name), None)

    def has(self, name: str) -> bool:
        return self.shape(name) is not None

    def names_rows(self, *names: str) -> bool:
        """Whether one column, or a pair, has a different value in each row."""
        if len(names) == 1:
            shape = self.shape(names[0])
            return shape is not None and shape.distinct >= self.apart.distinct_rows
        pair = tuple(sorted(names))
        return any(tuple(sorted(found)) == pair for found in self.apart.pairs)


def rows_apart(cur: duckdb.DuckDBPyConnection, table: Table, shapes: tuple[Shapes, ...]) -> Apart:
    """Count distinct rows; look for pairs of columns that name a row when no single one does."""
    every = ", ".join(f"c{at}" for at in range(len(table.header)))
    rows, distinct = cur.execute(
        f"SELECT count(*), count(DISTINCT hash({every})) FROM {STAGED} WHERE problem IS NULL"
    ).fetchall()[0]
    likely = [
        at
        for at, shape in enumerate(shapes)
        if (IDS.search(normal(shape.name)) or shape.is_date)
        and shape.filled == shape.rows
        and not shape.name.lower().startswith("_fivetran")
    ][:_LIKELY_KEYS]
    pairs = set()
    for one, other in combinations(likely, 2):
        # A pair can only name the rows if its columns have enough values between them.
        if shapes[one].distinct * shapes[other].distinct < distinct:
            continue
        found = cur.execute(
            f"SELECT count(DISTINCT (c{one}, c{other})) FROM {STAGED} WHERE problem IS NULL"
        ).fetchall()[0][0]
        if found == distinct:
            pairs.add((table.header[one], table.header[other]))
    return Apart(rows, distinct, frozenset(pairs))
