"""What a file would become and what it still asks, as lines for a terminal and as JSON."""

import shlex
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

from cxdash import intake
from cxdash.faces.cli.layout import grid
from cxdash.faces.cli.text import WIDTH, bullets, paragraph, plain
from cxdash.facts.format import count, counted, day, number
from cxdash.intake import Preview, Proposal, Question
from cxdash.intake.kinds import KINDS
from cxdash.intake.sample import Seen

__all__ = ["lines_of_choices", "lines_of_preview", "lines_of_questions", "preview_json"]

_OPTIONS: Final = 6  # shown of a question; all of them with --choices
_CELLS: Final = 3
_UNUSED: Final = 12
_CELL: Final = 28
_READ: Final = ("dates", "decimal")


def lines_of_preview(name: str, proposal: Proposal, view: Preview) -> list[str]:
    """Each column as written and as understood, what would be rejected, what is known."""
    title = f"{name}: {counted(view.rows, 'row', 'rows')} of {KINDS[view.kind].title}"
    rows = [
        (line.title, line.column or "(every row)", _cells(line.cells) or line.form, line.form)
        if line.column
        else (line.title, "(every row)", line.form, "")
        for line in view.lines
    ]
    header = ("what it is", "column", "as written -> as understood", "read as")
    lines = [plain(title), *grid(header, _plain(rows), right=[False] * 4, width=WIDTH)]
    lines += paragraph(_taken(view))
    if view.match is not None:
        lines += paragraph(_known(view))
    lines += bullets(
        "  Would be rejected",
        [
            f"{counted(one.rows, 'row', 'rows')}, first on line {count(one.line)}: {one.reason}"
            for one in view.reasons
        ],
    )
    left = [one for one in proposal.columns if one.name not in proposal.mapping.sources]
    unused = [one.name for one in sorted(left, key=lambda one: not one.is_asked)]
    if unused:
        more = f" and {len(unused) - _UNUSED} more" if len(unused) > _UNUSED else ""
        lines += paragraph(f"columns not used and not kept: {', '.join(unused[:_UNUSED])}{more}")
    return [*lines, ""]


def lines_of_questions(proposal: Proposal) -> list[str]:
    """Every open question with the answers it may have, dates and decimals with their reading."""
    lines: list[str] = []
    for question in proposal.questions:
        lines += paragraph(f"{question.id}: {question.text}")
        shown = _labels(proposal, question)
        for value, meaning in shown[:_OPTIONS]:
            lines += paragraph(_option(value, meaning), indent="      ")
        if len(shown) > _OPTIONS:
            more = f"… {len(shown) - _OPTIONS} more: --choices {shlex.quote(question.id)}"
            lines += paragraph(more, indent="      ")
        elif question.free:
            lines += paragraph("… or any other value", indent="      ")
    return lines


def lines_of_choices(name: str, proposal: Proposal, question: Question) -> list[str]:
    """One question with every answer it may have."""
    lines = [plain(f"{name}: {question.text}")]
    for value, meaning in _labels(proposal, question):
        lines += paragraph(_option(value, meaning))
    return [*lines, *(paragraph("… or any other value") if question.free else [])]


def preview_json(name: str, view: Preview) -> dict[str, Any]:
    """The preview as plain types; money as decimal text."""
    return {
        "file": name,
        "kind": view.kind,
        "rows": view.rows,
        "refused": view.refused,
        "reasons": [asdict(one) for one in view.reasons],
        "columns": [asdict(line) for line in view.lines],
        "money": [
            {"currency": one.currency, "amount": str(one.amount), "known": str(one.known)}
            for one in view.sums
        ],
        "first_day": view.first_day.isoformat() if view.first_day else "",
        "last_day": view.last_day.isoformat() if view.last_day else "",
        "matched": view.match.share if view.match and view.match.comparable else None,
    }


def _plain(rows: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    return [tuple(map(plain, row)) for row in rows]


def _cells(cells: Sequence[Seen]) -> str:
    return ";  ".join(map(_cell, cells))


def _cell(cell: Seen) -> str:
    written = _short(cell.written)
    if cell.refused:
        return f"{written} -> rejected"
    understood = _short(cell.understood)
    return written if understood in {"", written} else f"{written} -> {understood}"


def _short(text: str) -> str:
    return text if len(text) <= _CELL else f"{text[: _CELL - 1]}…"


def _taken(view: Preview) -> str:
    said = [
        f"{counted(view.file_rows, 'line makes', 'lines make')} {counted(view.rows, 'row', 'rows')}"
    ]
    said = said if view.file_rows != view.rows else []
    said += [f"{count(view.rows - view.refused)} would be loaded, {count(view.refused)} rejected"]
    if view.first_day and view.last_day:
        said.append(f"days {day(view.first_day)} to {day(view.last_day)}")
    said += [f"{one.currency or 'currency to be decided'} {one.amount:,.2f}" for one in view.sums]
    return "; ".join(said)


def _known(view: Preview) -> str:
    match = view.match
    if match is None or not match.comparable:
        return "nothing is loaded yet that it could be matched to"
    share = number(match.share, "share")
    return (
        f"customer known for {share} of the rows ({count(match.rows_known)} of {count(match.rows)})"
    )


def _option(value: str, meaning: str) -> str:
    shown = value or '""'
    return shown if meaning == value else f"{shown}: {meaning}"


def _labels(proposal: Proposal, question: Question) -> list[tuple[str, str]]:
    """Answers with what they mean; of dates and decimals, how cells of the file read under each."""
    subject, _, column = question.id.partition(":")
    cells = next((one.samples[:_CELLS] for one in proposal.columns if one.name == column), ())
    if subject not in _READ or not cells:
        return list(question.options)
    read = intake.readings(cells, subject, [value for value, _ in question.options])
    return [
        (value, "; ".join(f"{a} -> {b}" for a, b in zip(cells, read[value], strict=True)))
        for value, _ in question.options
    ]
