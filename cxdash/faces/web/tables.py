"""Tables made for reading: an Answer's rows with units, a value and its range in one cell.

Small tables are real HTML tables made of escaped markdown, so they are large, themed and read by
screen readers. Verdicts and grades are badges: a word and a colour, never a colour alone.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import streamlit as st

from cxdash.faces.columns import Column, cell, columns, same_for_all, table_title
from cxdash.faces.room import JUDGED, fitting
from cxdash.faces.web.escape import md
from cxdash.faces.web.takeaway import downloads
from cxdash.faces.web.words import GRADE_COLOUR, section
from cxdash.facts import Answer, Cell, Grade, Row

__all__ = ["MAX_ROWS", "detail", "draw", "every", "sections", "text_table"]

MAX_ROWS: Final = 60
_WIDTH: Final = 136  # letters that stand side by side on a projector
_LONGEST: Final = 1_500  # characters of a cell
_VERDICTS: Final = {
    "working": "green",
    "holds": "green",
    "weaker": "orange",
    "breaks": "red",
    "unproven": "gray",
    "echo": "orange",
    "vanity": "red",
    "cannot tell": "gray",
    "urgent": "red",
    "not urgent": "green",
    "stale": "gray",
    "met": "green",
    "not met": "orange",
}


def every(answer: Answer, *, but: Sequence[str] = ()) -> None:
    """All tables of an Answer, each behind its name, so that every mark can be checked."""
    names = [name for name, rows in answer.tables.items() if rows and name not in but]
    if names:
        with st.container(key="section-tables"):
            st.header("The tables", anchor=False)
    for name in names:
        with st.expander(md(table_title(name, dated=answer.dated)), type="compact"):
            detail(answer, name)
            downloads(answer, name)


def sections(answer: Answer, titles: Mapping[str, str]) -> None:
    """Each of these tables in full under its title; those the Answer has not, or has empty, are
    left out.
    """
    for table, title in titles.items():
        if answer.tables.get(table):
            section(title, table)
            detail(answer, table)


def detail(answer: Answer, table: str) -> None:
    """One table of the Answer in full; what every row repeats is said once above it."""
    shown, rows = columns(answer, table), answer.tables[table]
    repeated = same_for_all(shown, rows)
    for column, text in repeated:
        st.markdown(f"**{md(column.title)}:** {md(text)}")
    said = {column.name for column, _ in repeated}
    rest = [column for column in shown if column.name not in said]
    kept = fitting(rest, rows[:MAX_ROWS], _WIDTH)
    draw(kept, rows, key=f"all-{answer.question}-{table}")
    if len(rest) > len(kept):
        command = f"python -m cxdash answer {answer.question} --table {table}"
        left_out = ", ".join(column.title.lower() for column in rest if column not in kept)
        st.markdown(f"{md(f'Not shown here: {left_out}. All columns:')} `{command}`")


def draw(shown: Sequence[Column], rows: Sequence[Row], *, key: str) -> None:
    """Rows as a table; beyond ``MAX_ROWS`` the rest is counted, not shown."""
    cells = [[_marked(column, row) for column in shown] for row in rows[:MAX_ROWS]]
    right = [not column.is_text for column in shown]
    _table([md(column.title) for column in shown], cells, right=right, key=key)
    if len(rows) > MAX_ROWS:
        st.markdown(md(f"The first {MAX_ROWS} of {len(rows):,} rows."))


def text_table(
    titles: Sequence[str], cells: Sequence[Sequence[str]], *, right: Sequence[bool] = (), key: str
) -> None:
    """A table of plain text; ``right`` marks columns of figures."""
    escaped = [[md(text, _LONGEST) for text in row] for row in cells]
    _table([md(name) for name in titles], escaped, right=right, key=key)


def _table(
    titles: Sequence[str], cells: Sequence[Sequence[str]], *, right: Sequence[bool], key: str
) -> None:
    """A table of markdown of ours."""
    flags = [*right, *[False] * (len(titles) - len(right))]
    rules = ["---:" if flag else "---" for flag in flags]
    lines = [_line(titles), f"| {' | '.join(rules)} |", *map(_line, cells)]
    with st.container(key=f"table-{key}"):
        st.markdown("\n".join(lines))


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(text or ' ' for text in cells)} |"


def _marked(column: Column, row: Mapping[str, Cell]) -> str:
    """The cell as markdown; a verdict or a grade as a badge."""
    text = md(cell(column, row), _LONGEST)
    value = row.get(column.name)
    if column.name not in JUDGED or value is None:
        return text
    if isinstance(value, bool):
        return f":orange-badge[{text}]" if value else text
    if column.name == "grade" and str(value) in Grade.__members__:
        grade = Grade[str(value)]
        return f":{GRADE_COLOUR[grade]}-badge[{grade.name} · {md(grade.word)}]"
    return f":{_VERDICTS.get(str(value).lower(), 'blue')}-badge[{text}]"
