"""Receipts, Answers and errors as lines of text for a person at a terminal."""

import json
import re
import textwrap
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final

from cxdash.errors import CxdashError, MappingIncomplete
from cxdash.faces.cli.layout import grid
from cxdash.faces.columns import cell, columns, same_for_all, table_title
from cxdash.faces.receipt import SEVERITY, cents, equation, said
from cxdash.faces.room import fitting
from cxdash.facts import Answer, Fact, Row
from cxdash.facts.format import counted, fact_interval, fact_value
from cxdash.intake import Receipt
from cxdash.store.incident import Incident

__all__ = [
    "lines_of_answer",
    "lines_of_error",
    "lines_of_incident",
    "lines_of_receipt",
    "paragraph",
    "plain",
    "print_json",
]

WIDTH: Final = 100
REJECTS_SHOWN: Final = 5
ROWS_SHOWN: Final = 12
_DECISION: Final = "ask"  # the kind of claim a meeting is asked to decide
# Control characters steer a terminal, and direction marks turn text around on the screen.
_UNPRINTABLE: Final = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]"
)


def plain(text: str) -> str:
    """``text`` on one line, with every character a terminal would obey shown as its number."""
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def print_json(document: Any) -> None:
    """One JSON document on standard output; a number that is not finite is a fault of ours."""
    print(json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False, default=_exact))


def paragraph(text: str, indent: str = "  ") -> list[str]:
    """``text`` wrapped to the width of the terminal output."""
    return textwrap.wrap(plain(text), WIDTH, initial_indent=indent, subsequent_indent=indent)


def bullets(title: str, texts: Iterable[str]) -> list[str]:
    """A title and one point for each text; nothing at all when there is none."""
    points = [
        line
        for text in texts
        for line in textwrap.wrap(
            plain(text), WIDTH, initial_indent="  - ", subsequent_indent="    "
        )
    ]
    return ["", title, *points] if points else []


def lines_of_error(error: CxdashError) -> list[str]:
    """What failed, the state of the data, what to do next: one line each."""
    points = error.questions if isinstance(error, MappingIncomplete) else ()
    commands = [f"  {command}" for command in error.commands]
    told = [
        error.what,
        *(f"  - {point}" for point in points),
        error.state,
        error.do_next,
        *commands,
    ]
    return [plain(line) for line in told if line]


def lines_of_incident(incident: Incident) -> list[str]:
    """What a person is told of an exception nobody expected."""
    told = f"Something went wrong inside cxdash ({incident.kind}, {incident.reference})."
    return [told, "A file that was being loaded is not loaded.", incident.advice]


def lines_of_receipt(receipt: Receipt) -> list[str]:
    """The rows as an equation, then everything a person should know about this file."""
    title = f"Import {receipt.import_id}: {receipt.file_name} as {receipt.kind}"
    lines = [
        plain(title + (" (taken back)" if receipt.undone else "")),
        *paragraph(equation(receipt)),
    ]
    lines += [line for text in said(receipt) for line in paragraph(text)]
    if receipt.unused_columns:
        lines += paragraph(f"columns not used and not kept: {', '.join(receipt.unused_columns)}")
    lines += _findings(receipt)
    lines += bullets(
        "  Rejected", [f"{counted(count, 'row', 'rows')}: {why}" for why, count in receipt.reasons]
    )
    if receipt.rejects:
        shown = [f"line {row.line}: {row.reason}" for row in receipt.rejects[:REJECTS_SHOWN]]
        lines += bullets("  The first of them", shown)
        lines.append(f"  All of them: python -m cxdash imports --rejected {receipt.import_id}")
    return [*lines, ""]


def lines_of_answer(answer: Answer) -> list[str]:
    """Headline, claims if any, Facts with their doubt, tables, caveats, and what is missing."""
    scope = answer.scope
    asked = [f"as of {answer.as_of.isoformat()}", f"{scope.horizon} months ahead"]
    if not answer.dated:
        asked = ["a list without dates, which looks nothing ahead"]
    asked += [scope.metric] if scope.metric else []
    asked += [f"{column} = {value}" for column, value in scope.where]
    lines = [*paragraph(answer.headline, indent=""), plain(f"({', '.join(asked)})")]
    lines += _claims(answer)
    if answer.facts:
        levels = {fact.interval.level for fact in answer.facts if fact.interval}
        sure = f"{levels.pop():.0%} range" if len(levels) == 1 else "range"
        header = ("", "value", sure, "n", "grade")
        rows = [_fact_row(fact) for fact in answer.facts]
        lines += ["", *grid(header, rows, right=[False, True, True, True, True], width=WIDTH)]
        used = sorted({fact.grade for fact in answer.facts}, key=lambda grade: grade.rank)
        lines += [f"  {grade.name} = {grade.value}" for grade in used]
    lines += _tables(answer)
    lines += bullets("What to keep in mind", answer.caveats)
    lines += bullets("What would let cxdash say more", answer.missing)
    return lines


def _findings(receipt: Receipt) -> list[str]:
    """What can mislead, by how grave it is, the costly first."""
    if not receipt.findings:
        return bullets("  Warnings", receipt.warnings)
    lines = []
    for severity, title in SEVERITY.items():
        found = [one.sentence for one in receipt.findings if one.severity == severity]
        lines += bullets(f"  {title}", found)
    changed = [
        f"{one.by} {one.name}: {one.currency} {cents(one.before)} became {cents(one.after)}"
        for one in receipt.restated
    ]
    lines += bullets("  Changes in money", changed)
    if receipt.rows_superseding and not receipt.undone:
        lines.append(f"  All of them: python -m cxdash imports --changes {receipt.import_id}")
    return lines


def _claims(answer: Answer) -> list[str]:
    return [
        line
        for rows in answer.tables.values()
        for row in rows
        if "sentence" in row
        for line in (
            "",
            *paragraph(f"{row['sentence']} ({row.get('grade')})"),
            *_questioned(row, answer),
        )
    ]


def _questioned(claim: Row, answer: Answer) -> list[str]:
    """Under a decision the command that cross-examines what it hangs on, where that can be done."""
    # Whoever prints an Answer has loaded the questions; whoever prints a receipt need not.
    from cxdash.questions.examine.claim import examinable  # noqa: PLC0415

    behind = str(claim.get("fact_id"))
    ranged = {fact.id for fact in answer.facts if fact.interval}
    if claim.get("kind") != _DECISION or behind not in ranged or not examinable(behind, ()):
        return []
    command = f"python -m cxdash examine {behind.partition('.')[0]} --claim {behind}"
    return paragraph(f"Cross-examine it first: {command}")


def _tables(answer: Answer) -> list[str]:
    """Every table but the claims, its first rows; the others are a command away."""
    lines: list[str] = []
    for name, rows in answer.tables.items():
        if rows and not any("sentence" in row for row in rows):
            lines += _table(answer, name)
    return lines


def _table(answer: Answer, name: str) -> list[str]:
    rows, shown = answer.tables[name], columns(answer, name)
    repeated = same_for_all(shown, rows)
    said = {column.name for column, _ in repeated}
    rest = [column for column in shown if column.name not in said]
    shown = fitting(rest, rows[:ROWS_SHOWN], WIDTH)
    cells = [[plain(cell(column, row)) for column in shown] for row in rows[:ROWS_SHOWN]]
    lines = ["", table_title(name, dated=answer.dated)]
    for column, text in repeated:
        lines += paragraph(f"{column.title}: {text}")
    right = [not column.is_text for column in shown]
    titles = [column.title for column in shown]
    lines += grid(titles, cells, right=right, width=WIDTH)
    left = _not_shown(len(rows), len(rest) - len(shown))
    more = [f"{count:,} more {what}{'' if count == 1 else 's'}" for count, what in left]
    if more:
        command = f"python -m cxdash answer {answer.question} --table {name}"
        lines.append(f"  … and {' and '.join(more)}: {command}")
    return lines


def _not_shown(rows: int, columns_left: int) -> list[tuple[int, str]]:
    left = [(rows - ROWS_SHOWN, "row"), (columns_left, "column")]
    return [(count, what) for count, what in left if count > 0]


def _fact_row(fact: Fact) -> tuple[str, ...]:
    told = (fact.label, fact_value(fact), fact_interval(fact), f"{fact.n:,}", fact.grade.name)
    return tuple(map(plain, told))


def _exact(value: object) -> str:
    """Decimals keep every digit, as text; days and times are written as ISO 8601."""
    if isinstance(value, Decimal):
        return str(value)
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    raise TypeError(f"{type(value).__name__} has no place in a JSON document")
