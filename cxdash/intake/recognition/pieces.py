"""Columns whose cells hold several answers, such as ``Price;Support``, and the answers in them."""

from dataclasses import dataclass
from typing import Final

import duckdb

from cxdash.intake import cells
from cxdash.intake.reading.staging import STAGED
from cxdash.intake.recognition.profile import Shapes

__all__ = ["Pieces", "pieces"]

_SEPARATORS: Final = (";", "|", "\n", ",")
_MOST_CHOICES: Final = 40
_LONGEST: Final = 60  # an answer to choose is a phrase, not a comment
_USUAL: Final = 3  # how often an answer is chosen at least, on average


@dataclass(frozen=True, slots=True)
class Pieces:
    """A column of several answers a cell: the mark between them, and the different answers."""

    column: str
    separator: str
    choices: tuple[str, ...]

    @property
    def is_sure(self) -> bool:
        """A comma also stands inside answers, so it leaves a doubt."""
        return self.separator != ","


def pieces(cur: duckdb.DuckDBPyConnection, shapes: tuple[Shapes, ...]) -> tuple[Pieces, ...]:
    """Every column of text in which the same answers come back, several in some cells."""
    found = []
    for at, shape in enumerate(shapes):
        if shape.is_date or shape.is_number or shape.most("email") or shape.length > 200:
            continue
        several = next((mark for mark in _SEPARATORS if shape.counts[f"has {mark}"] > 0), None)
        if several is None or shape.distinct > 5_000:
            continue
        choices = _choices(cur, at, several)
        if choices:
            found.append(Pieces(shape.name, several, choices))
    return tuple(found)


def _choices(cur: duckdb.DuckDBPyConnection, at: int, mark: str) -> tuple[str, ...]:
    cell = cells.text(f"c{at}")
    rows = cur.execute(
        f"SELECT trim(piece) AS piece, count(*) AS n, count(DISTINCT cell) AS among FROM (SELECT "
        f"{cell} AS cell, unnest(string_split({cell}, $mark)) AS piece FROM {STAGED} "
        f"WHERE problem IS NULL AND {cell} IS NOT NULL) WHERE trim(piece) <> '' "
        f"GROUP BY 1 ORDER BY n DESC, 1 LIMIT {_MOST_CHOICES * 10}",
        {"mark": mark},
    ).fetchall()
    total = sum(n for _, n, _ in rows)
    often = [piece for piece, n, _ in rows if n > 1]
    # A few answers typed by hand under "other" may stand once; the rest come back again and again.
    usual = total >= _USUAL * len(rows) or (mark != "," and 1 < len(rows) == len(often))
    if not often or len(often) > _MOST_CHOICES or not usual:
        return ()
    # Answers to choose from stand beside different others; the halves of one answer never do.
    beside = sum(among > 1 for _, n, among in rows if n > 1)
    if mark == "," and beside < max(2, 0.5 * len(often)):
        return ()
    typical = sum(len(piece) for piece, _, _ in rows) / len(rows)
    return tuple(often) if typical <= _LONGEST else ()
