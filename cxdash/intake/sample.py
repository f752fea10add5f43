"""Cells of a file as written and as understood: a few of each column, the doubtful ones first."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import duckdb

from cxdash.facts.format import listed, spoken
from cxdash.intake import cells, moments
from cxdash.intake.kinds import KINDS
from cxdash.intake.loading.typed import TYPED
from cxdash.intake.mapping import ColumnSpec, Mapping, ScoreSpec
from cxdash.intake.reading.staging import STAGED, column
from cxdash.intake.reading.table import Table
from cxdash.intake.understood import (
    MONEY,
    form_of_role,
    form_of_score,
    in_words,
    score_in_words,
    title_of,
)
from cxdash.store import scratch

__all__ = ["Line", "Seen", "lines", "readings"]

_TEXT: Final = "VARCHAR"
_SHOWN: Final = 60  # characters of a cell
_DAY_OR_MONTH: Final = r"^\s*0?(\d|1[0-2])[-/.]0?(\d|1[0-2])[-/.]"


@dataclass(frozen=True, slots=True)
class Seen:
    """One cell. ``understood`` is empty where it says that there is no value.

    ``line`` is where its row begins in the file. ``refused``: the row would not be loaded because
    of this cell.
    """

    line: int
    written: str
    understood: str
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One role of the file, for example the amount.

    ``column`` is empty for a value that is the same in every row; ``form`` says in which form it is
    written. ``filled`` counts the rows with a value in the file. ``is_open``: nobody has decided
    how it is written, so the cells have no reading.
    """

    role: str
    title: str
    column: str
    form: str
    filled: int
    cells: tuple[Seen, ...]
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class _Place:
    """A column of the typed rows: what it is, where it comes from, how its values are said.

    ``sources`` are the columns of the file it is read from, ``column`` their name on screen.
    """

    role: str
    title: str
    column: str
    form: str
    name: str
    said: Callable[[Any, str], str]
    sources: tuple[str, ...]
    sql_type: str = _TEXT

    def written(self, table: Table) -> str:
        """The cells it is read from as one text, in SQL over the staged rows ``s``."""
        places = [f"s.{column(table, name)}" for name in self.sources]
        if len(places) == 1:
            return places[0]
        filled = ", ".join(f"nullif(trim({place}), '')" for place in places)
        return f"concat_ws(', ', {filled})"


def lines(
    cur: duckdb.DuckDBPyConnection, table: Table, mapping: Mapping, most: int
) -> tuple[Line, ...]:
    """A line for each role, rating and comment of the typed rows, with up to ``most`` cells."""
    found = []
    for place in _places(mapping):
        written = place.written(table)
        seen = _cells(cur, mapping, place, written, most)
        filled = _filled(cur, written)
        found.append(Line(place.role, place.title, place.column, place.form, filled, seen))
    fixed = [
        Line(role, title_of(role), "", text, 0, ())
        for role, text in mapping.constants.items()
        if role not in mapping.columns
    ]
    return (*found, *fixed)


def readings(
    texts: Sequence[str], subject: str, options: Sequence[str]
) -> dict[str, tuple[str, ...]]:
    """How the same cells read under each option of a question about dates or decimals.

    >>> readings(["03/04/2026"], "dates", ["dmy", "mdy"])
    {'dmy': ('3 April 2026',), 'mdy': ('4 March 2026',)}
    """
    found = {}
    with scratch() as cur:
        for option in options:
            if subject == "dates":
                sql, sql_type = moments.moment("cell", option, "''"), "TIMESTAMP"
            else:
                sql, sql_type = cells.amount("cell", option), MONEY
            rows = cur.execute(
                f"SELECT {sql} FROM (SELECT unnest($texts::VARCHAR[]) AS cell)",
                {"texts": list(texts)},
            ).fetchall()
            spec = ColumnSpec("", dates=option if subject == "dates" else "")
            found[option] = tuple(
                "not readable" if value is None else in_words(value, sql_type, spec)
                for (value,) in rows
            )
    return found


def _places(mapping: Mapping) -> Iterator[_Place]:
    roles = KINDS[mapping.kind].roles
    for role, spec in mapping.columns.items():
        yield _Place(
            role,
            title_of(role),
            spec.column,
            form_of_role(role, spec, mapping),
            role,
            partial(_role_in_words, roles[role], spec),
            (spec.column,),
            roles[role],
        )
    for at, score in enumerate(mapping.scores):
        yield _Place(
            f"score {score.item}",
            title_of(f"score {score.item}"),
            score.column,
            form_of_score(score),
            f"s{at}",
            partial(_score_in_words, score),
            (score.column,),
            "DOUBLE",
        )
    for at, choice in enumerate(mapping.choices):
        yield _Place(
            f"choices {choice.item}",
            f"several answers: {spoken(choice.item)}",
            listed(choice.sources),
            "",
            f"m{at}",
            _choices_in_words,
            choice.sources,
        )
    yield from _text_places("k", [("comment", "comment", one.column) for one in mapping.comments])
    yield from _text_places("a", [("alias", "other name", name) for name in mapping.aliases])
    yield from _text_places("t", [("trait", "trait", name) for name in mapping.traits])


def _text_places(letter: str, texts: Sequence[tuple[str, str, str]]) -> Iterator[_Place]:
    for at, (role, title, source) in enumerate(texts):
        yield _Place(role, title, source, "", f"{letter}{at}", _as_it_is, (source,))


def _role_in_words(sql_type: str, spec: ColumnSpec, value: Any, currency: str) -> str:
    return in_words(value, sql_type, spec, currency)


def _score_in_words(score: ScoreSpec, value: Any, _currency: str) -> str:
    return score_in_words(value, score)


def _choices_in_words(value: Any, _currency: str) -> str:
    return ", ".join(value) or "none"


def _as_it_is(value: Any, _currency: str) -> str:
    return str(value)


def _filled(cur: duckdb.DuckDBPyConnection, written: str) -> int:
    sql = f"SELECT count(*) FROM {STAGED} AS s WHERE trim({written}) <> ''"
    return int(cur.execute(sql).fetchall()[0][0])


def _cells(
    cur: duckdb.DuckDBPyConnection, mapping: Mapping, place: _Place, written: str, most: int
) -> tuple[Seen, ...]:
    """Cells that spoil their row, then one of each shape, the commonest shape first.

    Of dates those are taken first of which day and month could be swapped.
    """
    money = place.sql_type == MONEY and "currency" in KINDS[mapping.kind].roles
    shape = (
        "''"
        if place.sql_type == _TEXT
        else r"regexp_replace(regexp_replace(written, '\d+', '9', 'g'), '\p{L}+', 'a', 'g')"
    )
    rows = cur.execute(
        f"""
        WITH seen AS (
          SELECT t.line_no, {written} AS written, t.{place.name} AS value,
            {"t.currency" if money else "''"} AS currency,
            coalesce(contains(t.refusal, $column || ': '), false) AS refused,
            CASE WHEN regexp_matches({written}, $swappable) THEN 0 ELSE 1 END AS plain
          FROM {TYPED} AS t JOIN {STAGED} AS s ON s.rowid = t.row_no
          WHERE trim({written}) <> ''
        ),
        shaped AS (SELECT *, {shape} AS shape FROM seen),
        firsts AS (
          SELECT refused, shape, written, min(line_no) AS line_no, min(plain) AS plain,
            arg_min({{'value': value, 'currency': currency}}, line_no) AS read, count(*) AS times
          FROM shaped GROUP BY refused, shape, written
        ),
        ranked AS (
          SELECT *, row_number() OVER (PARTITION BY refused, shape ORDER BY plain, line_no) AS nth,
            sum(times) OVER (PARTITION BY refused, shape) AS common
          FROM firsts
        )
        SELECT line_no, written, read.value, read.currency, refused FROM ranked
        WHERE NOT refused OR nth = 1
        ORDER BY refused DESC, nth, common DESC, line_no LIMIT {most}
        """,
        {"column": place.column, "swappable": _DAY_OR_MONTH},
    ).fetchall()
    return tuple(
        Seen(
            line,
            text[:_SHOWN],
            "" if value is None else place.said(value, currency or "")[:_SHOWN],
            refused,
        )
        for line, text, value, currency, refused in rows
    )
