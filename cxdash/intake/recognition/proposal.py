"""A proposed reading of a file: what each column seems to be, and what a person must decide.

Whatever can be read in two ways becomes a Question without a default; nothing is chosen silently.
"""

from collections.abc import Mapping as Dictionary
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from cxdash.errors import MappingIncomplete
from cxdash.facts.format import counted
from cxdash.intake.mapping import FileSpec, Mapping
from cxdash.intake.reading.staging import stage
from cxdash.intake.reading.table import open_table
from cxdash.intake.recognition.columns import ColumnProfile, column_profiles
from cxdash.intake.recognition.evidence import Evidence, Fit, Namesakes, rows_apart
from cxdash.intake.recognition.file_form import FILE_SUBJECTS, settled, told
from cxdash.intake.recognition.outlines import lines_of, long_shape
from cxdash.intake.recognition.pieces import pieces
from cxdash.intake.recognition.profile import profile
from cxdash.intake.recognition.questions import Question, in_full, refuse_unfit
from cxdash.intake.recognition.reading import read
from cxdash.intake.recognition.remembered import Remembered, fingerprint
from cxdash.store import scratch

__all__ = ["ColumnProfile", "Proposal", "inspect"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A proposed reading of a file.

    ``ready`` when nothing is open; then ``mapping`` can be given to ``load``. ``put`` are all
    questions, answered ones included, in the order to ask them; ``questions`` those still open.
    Answers are given by question id; besides the questions, ``role:<role>`` sets the column of any
    role (empty for none), ``scale:<column>`` makes a column a score, ``comment:<column>`` a comment
    (``yes`` or ``no``), ``choices:<column>`` several answers in a cell, ``alias:<column>`` another
    name of the customer, ``trait:<column>`` a trait of it, ``kind`` sets the kind, ``shape`` says
    that a row is a line as it stands (``plain``), and ``completeness``, ``note``, ``source``,
    ``survey`` and ``conflicts`` the parts of the mapping of that name.
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
    put: tuple[Question, ...] = ()
    answers: Dictionary[str, str] = field(default_factory=dict)
    _known: Dictionary[str, Question] = field(default_factory=dict, repr=False, compare=False)
    _evidence: Evidence | None = field(default=None, repr=False, compare=False)

    @property
    def header(self) -> tuple[str, ...]:
        """The columns of the file, in order."""
        return tuple(column.name for column in self.columns)

    @property
    def ready(self) -> bool:
        return not self.questions and not self.mapping.missing()

    @property
    def is_kind_open(self) -> bool:
        """Whether a person must say first what the file holds."""
        return any(question.id == "kind" for question in self.questions)

    def knows(self, id_: str) -> bool:
        """Whether an answer under that id means anything for this file."""
        return id_ in self._known

    def with_answers(self, answers: Dictionary[str, str]) -> "Proposal":
        """The proposal after a person has decided these things.

        An answer to a question that is gone, because another answer took it away, does nothing.

        Raises
        ------
        UsageError
            If an id names no question of this file, or a value is none of its answers.
        """
        given = {**self.answers, **answers}
        if self._evidence is None or any(
            given.get(subject) != self.answers.get(subject) for subject in FILE_SUBJECTS
        ):
            for subject in FILE_SUBJECTS:
                # What is said of the file is checked before the file is read by it.
                if subject in answers:
                    refuse_unfit(
                        self.file_name, {subject: answers[subject]}, self._known, self._known
                    )
            after = _inspect(
                self.path,
                file_name=self.file_name,
                forced=self._evidence.forced if self._evidence else None,
                kind=self._evidence.kind if self._evidence else None,
                remembered=self._evidence.remembered if self._evidence else (),
                answers=given,
                spec=self.mapping.file,
            )
        else:
            after = _proposal(self._evidence, given)
        return after.checked(given, self._known)

    def meeting(self, met: Namesakes | None, fits: Sequence[Fit] = ()) -> "Proposal":
        """The proposal once it is known whose numbers its rows carry, and whom its columns name.

        What that leaves open is asked; a mapping kept from an earlier file may have decided it.
        """
        decided = self.mapping.same_rows and "same_rows" not in self.answers
        found = None if decided else met
        if self._evidence is None or not (found or fits):
            return self
        evidence = replace(self._evidence, met=found, fits=tuple(fits))
        return _proposal(evidence, self.answers).checked({}, self._known)

    def checked(
        self, answers: Dictionary[str, str], before: Dictionary[str, Question]
    ) -> "Proposal":
        """The proposal, unless answers mean nothing for the file, nor did ``before``; UsageError.

        What was asked once may be answered again, although an answer took the question away.
        """
        refuse_unfit(self.file_name, answers, self._known, before)
        return replace(self, _known={**before, **self._known})

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
            questions=[in_full(question) for question in self.questions],
            do_next="Answer them on the Import page, or write them into a mapping file.",
        )


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
    remembered: Sequence[Remembered],
    answers: Dictionary[str, str],
    spec: FileSpec,
) -> Proposal:
    wanted = told(spec, answers)
    table = open_table(path, file_name=file_name, spec=wanted)
    with scratch() as connection:
        rows = stage(connection, table)
        shapes = profile(connection, table)
        apart = rows_apart(connection, table, shapes)
        several = pieces(connection, shapes)
        spec_long = long_shape(shapes)
        lines = lines_of(connection, table, spec_long) if spec_long else None
    evidence = Evidence(
        table=table,
        rows=rows,
        shapes=shapes,
        apart=apart,
        pieces=several,
        lines=lines,
        forced=forced,
        kind=kind,
        remembered=tuple(remembered),
    )
    return _proposal(evidence, answers)


def _proposal(evidence: Evidence, answers: Dictionary[str, str]) -> Proposal:
    reading = read(evidence, answers)
    table = evidence.table
    file = table.file
    mapping = replace(reading.mapping, file=settled(table))
    return Proposal(
        path=table.path,
        file_name=table.scan.name,
        kind=mapping.kind,
        mapping=mapping,
        columns=tuple(column_profiles(evidence.shapes, reading)),
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
        put=reading.put,
        answers=dict(answers),
        _known={question.id: question for question in (*reading.shown, *reading.put)},
        _evidence=evidence,
    )
