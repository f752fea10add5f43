"""A reading under way: the mapping so far, what has been asked, said and seen. Frozen.

Each step of the recognition takes a draft and returns the next one.
"""

from collections.abc import Mapping as Dictionary
from dataclasses import dataclass, field, replace
from typing import Any

from cxdash.intake.mapping import ColumnSpec, Mapping
from cxdash.intake.recognition.evidence import Evidence
from cxdash.intake.recognition.profile import Shapes
from cxdash.intake.recognition.questions import Question
from cxdash.intake.recognition.vocabulary import Layout

__all__ = ["Draft"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A mapping on its way, and how it came about.

    ``put`` holds every question, answered ones included, ``shown`` what needed none. ``sure`` says
    whether the kind is known, without which nothing else is worth asking; ``read_before`` that the
    mapping is a person's. ``layout`` is the export layout recognised.
    """

    evidence: Evidence
    answers: Dictionary[str, str]
    mapping: Mapping
    put: tuple[Question, ...] = ()
    shown: tuple[Question, ...] = ()
    warnings: tuple[str, ...] = ()
    why: Dictionary[str, str] = field(default_factory=dict)
    recognised_as: str = ""
    layout: Layout | None = None
    sure: bool = True
    read_before: bool = False

    @property
    def open(self) -> tuple[Question, ...]:
        """Questions without an answer that can be meant."""
        return tuple(
            question
            for question in self.put
            if question.id not in self.answers or not question.allows(self.answers[question.id])
        )

    def asking(self, question: Question) -> tuple[str | None, "Draft"]:
        """The answer to a question, None while there is none, and the draft that has put it."""
        given = self.answers.get(question.id)
        known = any(before.id == question.id for before in self.put)
        after = self if known else replace(self, put=(*self.put, question))
        return (given if given is not None and question.allows(given) else None), after

    def settled(self, id_: str, answer: str, text: str) -> "Draft":
        """With something the file itself shows, so that another answer is refused."""
        shown = Question(id_, "The file itself shows it.", ((answer, text),))
        return replace(self, shown=(*self.shown, shown))

    def with_mapping(self, **parts: Any) -> "Draft":
        return replace(self, mapping=replace(self.mapping, **parts))

    def with_column(self, role: str, spec: ColumnSpec) -> "Draft":
        return replace(self, mapping=self.mapping.with_columns({role: spec}))

    def with_constant(self, role: str, text: str) -> "Draft":
        return self.with_mapping(constants={**self.mapping.constants, role: text})

    def saying(self, warning: str) -> "Draft":
        return replace(self, warnings=(*self.warnings, warning))

    def because(self, reasons: Dictionary[str, str]) -> "Draft":
        """With reasons by column; the first reason for a column stays."""
        return replace(self, why={**reasons, **self.why})

    def shape(self, name: str) -> Shapes | None:
        return self.evidence.shape(name)

    @property
    def used(self) -> frozenset[str]:
        """Columns that have a role, name a row, or tell which rows count."""
        mapping = self.mapping
        named = [*mapping.key, *mapping.aliases, *(rule.column for rule in mapping.reject)]
        for spec in mapping.columns.values():
            named += [spec.column, spec.minus, spec.times]
        return frozenset(name for name in named if name)
