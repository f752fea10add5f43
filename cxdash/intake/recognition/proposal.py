"""A proposed reading of a file: what each column seems to be, and what a person must decide.

Whatever can be read in two ways becomes a Question without a default; nothing is chosen silently.
"""

from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass, field, replace
from pathlib import Path

from cxdash.errors import MappingIncomplete
from cxdash.facts.format import counted
from cxdash.intake.mapping import FileSpec, Mapping
from cxdash.intake.reading.staging import stage
from cxdash.intake.reading.table import Table, open_table
from cxdash.intake.recognition.profile import Shapes, profile
from cxdash.intake.recognition.recognise import Evidence, Question, Reading, rows_apart
from cxdash.intake.recognition.recognise import read as recognise
from cxdash.intake.recognition.remembered import Remembered, fingerprint
from cxdash.store import scratch

__all__ = ["ColumnProfile", "Proposal", "inspect"]

_FILE_SUBJECTS = ("encoding", "header_row", "sheet")


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """A column as a person sees it on the mapping page.

    ``role`` is what it is proposed to be (``answered_at``, ``score nps``, ``comment``), empty when
    it would not be stored; ``why`` says what speaks for it.
    """

    name: str
    label: str
    samples: tuple[str, ...]
    filled: int
    distinct: int
    role: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A proposed reading of a file.

    ``ready`` when nothing is open; then ``mapping`` can be given to ``load``. Answers are given by
    question id; besides the open questions, ``role:<role>`` sets the column of any role (empty for
    none), ``scale:<column>`` makes a column a score, ``comment:<column>`` a comment (``yes`` or
    ``no``), ``alias:<column>`` another name of the customer, ``trait:<column>`` a trait of it
    (``yes`` or ``no``), ``kind`` sets the kind, and
    ``completeness``, ``note``, ``source``, ``survey`` and ``conflicts`` the parts of the mapping
    of that name.
    """

    path: Path
    file_name: str
    kind: str
    mapping: Mapping
    columns: tuple[ColumnProfile, ...]
    questions: tuple[Question, ...]
    warnings: tuple[str, ...]
    sheets: tuple[str, ...]
    rows: int
    encoding: str
    delimiter: str
    header_row: int
    header_rows: int
    sha256: str
    bytes: int
    layout: str
    recognised_as: str
    answers: Dictionary[str, str] = field(default_factory=dict)
    _evidence: Evidence | None = field(default=None, repr=False, compare=False)

    @property
    def ready(self) -> bool:
        return not self.questions and not self.mapping.missing()

    def with_answers(self, answers: Dictionary[str, str]) -> "Proposal":
        """The proposal after a person has decided these things."""
        given = {**self.answers, **answers}
        if self._evidence is None or any(
            given.get(subject) != self.answers.get(subject) for subject in _FILE_SUBJECTS
        ):
            return _inspect(
                self.path,
                file_name=self.file_name,
                forced=self._evidence.forced if self._evidence else None,
                kind=self._evidence.kind if self._evidence else None,
                remembered=self._evidence.remembered if self._evidence else None,
                answers=given,
                spec=self.mapping.file,
            )
        return _proposal(self._evidence, given)

    def require(self) -> Mapping:
        """The mapping, once nothing is open.

        Raises
        ------
        MappingIncomplete
            With the open questions.
        """
        if self.ready:
            return self.mapping
        raise MappingIncomplete(
            f"{self.file_name} can be read, but "
            f"{counted(len(self.questions), 'thing is', 'things are')} undecided.",
            questions=[
                f"{question.id}: {question.text} ({_listed(question)})"
                for question in self.questions
            ],
            do_next="Answer them on the Import page, or write them into a mapping file.",
        )


def _listed(question: Question) -> str:
    shown = [value or "none" for value, _ in question.options[:8]]
    return " / ".join(shown) + (" / ..." if len(question.options) > len(shown) else "")


def inspect(
    path: Path | str,
    *,
    kind: str | None = None,
    sheet: str | None = None,
    mapping: Mapping | None = None,
    remembered: Sequence[Remembered] = (),
    file_name: str | None = None,
) -> Proposal:
    """Read a file without loading it, and propose how to understand it.

    Parameters
    ----------
    kind
        What the person says it is; None to recognise it.
    mapping
        A mapping to check against the file instead of proposing one.
    remembered
        Mappings used before; one of the same layout is proposed again.

    Raises
    ------
    FileRefused
        If the file cannot be read safely.
    """
    return _inspect(
        Path(path),
        file_name=file_name,
        forced=mapping,
        kind=kind,
        remembered=remembered,
        answers={"sheet": sheet} if sheet else {},
        spec=mapping.file if mapping else FileSpec(),
    )


def _inspect(
    path: Path,
    *,
    file_name: str | None,
    forced: Mapping | None,
    kind: str | None,
    remembered: Sequence[Remembered] | Remembered | None,
    answers: Dictionary[str, str],
    spec: FileSpec,
) -> Proposal:
    wanted = _told(spec, answers)
    table = open_table(path, file_name=file_name, spec=wanted)
    same = _same_layout(table, remembered)
    with scratch() as connection:
        rows = stage(connection, table)
        shapes = profile(connection, table)
        apart = rows_apart(connection, table, shapes)
    evidence = Evidence(
        table=table,
        rows=rows,
        shapes=shapes,
        apart=apart,
        forced=forced,
        kind=kind,
        remembered=same,
        settled=wanted,
    )
    return _proposal(evidence, answers)


def _told(spec: FileSpec, answers: Dictionary[str, str]) -> FileSpec:
    sheet = answers.get("sheet") or spec.sheet
    header_row = int(answers["header_row"]) if answers.get("header_row") else spec.header_row
    header_rows = spec.header_rows
    if sheet != spec.sheet and not answers.get("header_row"):
        # Another sheet has its header elsewhere.
        header_row = header_rows = 0
    return replace(
        spec,
        encoding=answers.get("encoding") or spec.encoding,
        sheet=sheet,
        header_row=header_row,
        header_rows=header_rows,
    )


def _same_layout(
    table: Table, remembered: Sequence[Remembered] | Remembered | None
) -> Remembered | None:
    if remembered is None or isinstance(remembered, Remembered):
        return remembered
    layout = fingerprint(table.header)
    return next((seen for seen in remembered if seen.layout == layout), None)


def _proposal(evidence: Evidence, answers: Dictionary[str, str]) -> Proposal:
    reading = recognise(evidence, answers)
    table = evidence.table
    file = table.file
    # What was only tried out is not written into the mapping.
    open_subjects = {doubt.subject for doubt in table.doubts}
    spec = FileSpec(
        encoding="" if "encoding" in open_subjects else file.encoding,
        delimiter=file.delimiter,
        header_row=0 if "header_row" in open_subjects else file.header_row,
        header_rows=file.header_rows,
        sheet="" if "sheet" in open_subjects else file.sheet,
    )
    mapping = replace(reading.mapping, file=spec)
    return Proposal(
        path=table.path,
        file_name=table.scan.name,
        kind=mapping.kind,
        mapping=mapping,
        columns=tuple(_shown(evidence.shapes, reading)),
        questions=reading.questions,
        warnings=reading.warnings,
        sheets=table.sheets,
        rows=evidence.rows,
        encoding=file.encoding,
        delimiter=file.delimiter,
        header_row=file.header_row,
        header_rows=file.header_rows,
        sha256=table.scan.sha256,
        bytes=table.scan.bytes,
        layout=fingerprint(table.header),
        recognised_as=reading.recognised_as,
        answers=dict(answers),
        _evidence=evidence,
    )


def _shown(shapes: Iterable[Shapes], reading: Reading) -> Iterable[ColumnProfile]:
    roles: dict[str, list[str]] = {}
    for role, spec in reading.mapping.columns.items():
        roles.setdefault(spec.column, []).append(role)
    for score in reading.mapping.scores:
        roles.setdefault(score.column, []).append(f"score {score.item}")
    for comment in reading.mapping.comments:
        roles.setdefault(comment.column, []).append("comment")
    for alias in reading.mapping.aliases:
        roles.setdefault(alias, []).append("other name of the customer")
    for trait in reading.mapping.traits:
        roles.setdefault(trait, []).append("trait of the customer")
    for shape in shapes:
        yield ColumnProfile(
            name=shape.name,
            label=shape.label,
            samples=shape.samples,
            filled=shape.filled,
            distinct=shape.distinct,
            role=", ".join(roles.get(shape.name, ())),
            why=reading.why.get(shape.name, ""),
        )
