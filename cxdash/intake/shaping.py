"""A staged file with a line a question, or a column a month, as rows of what it is about.

Works on the table ``staged`` and leaves one of the same form behind: ``line_no``, ``problem``,
``whole`` and text columns ``c0, c1, ...``. No line is lost: one that belongs to no row becomes a
row with a problem.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import duckdb

from cxdash.intake import cells
from cxdash.intake.cells import Parameters
from cxdash.intake.mapping import AMOUNT, MONTH, LongSpec, Mapping
from cxdash.intake.reading.staging import STAGED, column
from cxdash.intake.reading.table import Table

__all__ = ["gathered", "questions_in", "reshape"]

_BETWEEN: Final = ";"  # stands between several answers to one question


def reshape(
    cur: duckdb.DuckDBPyConnection, table: Table, mapping: Mapping, *, told: Sequence[str] = ()
) -> Table:
    """Bring the staged lines into rows; returns the table with the columns the rows have.

    An ordinary file is left as it is. ``told`` are questions to make columns of; without them those
    the mapping reads.
    """
    if mapping.long is not None:
        asked = tuple(told) or tuple(
            dict.fromkeys(
                [
                    *(score.column for score in mapping.scores),
                    *(comment.column for comment in mapping.comments),
                    *(name for choice in mapping.choices for name in choice.sources),
                ]
            )
        )
        several = gathered(cur, table, mapping.long)
        if not told:
            # Where a person sees no choices, two answers to one question contradict each other.
            several &= {choice.column for choice in mapping.choices}
        return _responses(cur, table, mapping, mapping.long, asked, several)
    if mapping.months:
        return _months(cur, table, mapping)
    return table


def questions_in(
    cur: duckdb.DuckDBPyConnection, table: Table, name: str, most: int
) -> tuple[str, ...]:
    """The different texts of a column in order of appearance; none when there are more."""
    question = cells.text(column(table, name))
    found = cur.execute(
        f"SELECT {question} AS q, min(line_no) FROM {STAGED} WHERE problem IS NULL "
        f"AND {question} IS NOT NULL GROUP BY 1 ORDER BY 2 LIMIT {most + 1}"
    ).fetchall()
    return tuple(row[0] for row in found) if len(found) <= most else ()


def gathered(cur: duckdb.DuckDBPyConnection, table: Table, long: LongSpec) -> set[str]:
    """Questions to which at least one response gives different answers: several may be chosen."""
    named = ", ".join(cells.text(column(table, name)) for name in long.row)
    question, answer = cells.text(column(table, long.question)), _answer(table, long)
    found = cur.execute(
        f"SELECT DISTINCT q FROM (SELECT {question} AS q FROM {STAGED} WHERE problem IS NULL "
        f"GROUP BY {named}, q HAVING count(DISTINCT {answer}) > 1)"
    ).fetchall()
    return {row[0] for row in found if row[0] is not None}


def _answer(table: Table, long: LongSpec) -> str:
    text = cells.text(column(table, long.answer))
    if not long.value:
        return text
    return f"coalesce({cells.text(column(table, long.value))}, {text})"


def _responses(
    cur: duckdb.DuckDBPyConnection,
    table: Table,
    mapping: Mapping,
    long: LongSpec,
    asked: Sequence[str],
    several: set[str],
) -> Table:
    """A row for each response, with a column for each question asked."""
    apart = {long.question, long.answer, long.value}
    kept = [name for name in mapping.sources if name not in apart or name in long.row]
    kept = list(dict.fromkeys([*long.row, *kept]))
    first = table.header[0]
    kept = [first, *(name for name in kept if name != first)]
    header = (*kept, *(_beside(name, kept) for name in asked))
    parameters = Parameters()
    question, answer = cells.text(column(table, long.question)), _answer(table, long)
    named = [f"n{at}" for at in range(len(long.row))]
    nobody = " OR ".join(f"{name} IS NULL" for name in named)
    told = parameters.add("the line does not say which response it belongs to")
    without = parameters.add("the line does not say which question it answers")
    keys = ", ".join(
        f"{cells.text(column(table, name))} AS {place}"
        for name, place in zip(long.row, named, strict=True)
    )
    values, problems = [], []
    for at, name in enumerate(kept):
        place = column(table, name)
        values.append(
            f"arg_min({place}, line_no) FILTER ({cells.text(place)} IS NOT NULL) AS c{at}"
        )
        if name in mapping.sources and name not in apart:
            said = parameters.add(f"the lines of one response differ in {name}")
            problems.append(f"CASE WHEN count(DISTINCT {cells.text(place)}) > 1 THEN {said} END")
    for at, name in enumerate(asked, start=len(kept)):
        mine = f"FILTER (q = {parameters.add(name)})"
        if name in several:
            values.append(f"string_agg(a, '{_BETWEEN}' ORDER BY line_no) {mine} AS c{at}")
            continue
        values.append(f"arg_min(a, line_no) {mine} AS c{at}")
        said = parameters.add(f"one response gives different answers to {name!r}")
        problems.append(f"CASE WHEN count(DISTINCT a) {mine} > 1 THEN {said} END")
    singles = ", ".join(f"{column(table, name)} AS c{at}" for at, name in enumerate(kept))
    blanks = "".join(f", NULL AS c{at}" for at in range(len(kept), len(header)))
    statement = f"""
        CREATE OR REPLACE TEMP TABLE reshaped AS
        WITH lines AS (
          SELECT *, {keys}, {question} AS q, {answer} AS a FROM {STAGED}
        ),
        judged AS (
          SELECT *, CASE WHEN problem IS NOT NULL THEN problem WHEN {nobody} THEN {told}
            WHEN q IS NULL THEN {without} END AS why FROM lines
        )
        SELECT min(line_no) AS line_no,
          nullif(array_to_string(list_distinct([{", ".join(problems) or "NULL"}]), '; '), '')
            AS problem,
          CAST(NULL AS VARCHAR) AS whole, {", ".join(values)}
        FROM judged WHERE why IS NULL GROUP BY {", ".join(named)}
        UNION ALL BY NAME
        SELECT line_no, why AS problem, whole, {singles}{blanks} FROM judged WHERE why IS NOT NULL
    """
    cur.execute(statement, parameters.used_in(statement))
    return _put_back(cur, table, header)


def _beside(question: str, kept: Sequence[str]) -> str:
    """The name of a question's column; a column of the file of that name stays what it is."""
    return f"{question} (answer)" if question in kept else question


def _months(cur: duckdb.DuckDBPyConnection, table: Table, mapping: Mapping) -> Table:
    """A row for each month of each line that holds an amount."""
    months = dict(mapping.months)
    first = table.header[0]
    kept = [name for name in dict.fromkeys([first, *mapping.sources]) if name not in months]
    header = (*kept, MONTH, AMOUNT)
    parameters = Parameters()
    singles = ", ".join(f"{column(table, name)} AS c{at}" for at, name in enumerate(kept))
    singles = f"{singles}, " if singles else ""
    pairs = ", ".join(
        f"{{'month': {parameters.add(month)}, 'cell': {column(table, name)}}}"
        for name, month in months.items()
    )
    said = parameters.add("no month of the line holds an amount")
    filled = cells.value_or_missing(cells.text("m.cell"))
    month, amount = f"c{len(kept)}", f"c{len(kept) + 1}"
    statement = f"""
        CREATE OR REPLACE TEMP TABLE reshaped AS
        WITH lines AS (
          SELECT *, list_filter([{pairs}], lambda m: {filled} IS NOT NULL) AS pairs FROM {STAGED}
        )
        SELECT line_no, problem, whole, {singles}p.month AS {month}, p.cell AS {amount}
        FROM (SELECT *, unnest(pairs) AS p FROM lines WHERE problem IS NULL)
        UNION ALL BY NAME
        SELECT line_no, coalesce(problem, {said}) AS problem, whole,
          {singles}NULL AS {month}, NULL AS {amount}
        FROM lines WHERE problem IS NOT NULL OR len(pairs) = 0
    """
    cur.execute(statement, parameters.used_in(statement))
    return _put_back(cur, table, header)


def _put_back(cur: duckdb.DuckDBPyConnection, table: Table, header: tuple[str, ...]) -> Table:
    places = ", ".join(f"CAST(c{at} AS VARCHAR) AS c{at}" for at in range(len(header)))
    cur.execute(
        f"CREATE OR REPLACE TEMP TABLE {STAGED} AS SELECT line_no, problem, whole, {places} "
        "FROM reshaped ORDER BY line_no"
    )
    cur.execute("DROP TABLE reshaped")
    return replace(table, header=header, labels=())
