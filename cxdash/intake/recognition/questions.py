"""What only a person can decide: questions, and which answers to them can be meant."""

from collections.abc import Mapping as Dictionary
from dataclasses import dataclass
from typing import Final

from cxdash.errors import UsageError

__all__ = ["GROUPS", "NONE", "Question", "in_full", "refuse_unfit"]

GROUPS: Final = {
    "file": "How the file is written",
    "what": "What it holds",
    "columns": "Which column is what",
    "forms": "How dates and numbers are written",
    "money": "Money",
    "rows": "Which rows count",
}
NONE: Final = ("", "None of them")
_SHOWN: Final = 60


@dataclass(frozen=True, slots=True)
class Question:
    """Something only a person can decide.

    ``options`` are (value, what it means); an answer is one of the values, or any text that says
    something where the question is ``free``. There is no default. ``group`` is one of
    :data:`GROUPS`; ``columns`` are the columns it speaks of.
    """

    id: str
    text: str
    options: tuple[tuple[str, str], ...]
    group: str = "what"
    free: bool = False
    default: str | None = None
    columns: tuple[str, ...] = ()

    @property
    def values(self) -> tuple[str, ...]:
        """The answers there are to choose from."""
        return tuple(value for value, _ in self.options)

    def allows(self, answer: str) -> bool:
        return answer in self.values or (self.free and bool(answer.strip()))


def in_full(question: Question) -> str:
    """The question with its id and answers; of very many the likeliest, and where the rest are."""
    shown = [value or "none" for value in question.values[:_SHOWN]]
    left = len(question.values) - len(shown)
    more = f" / and {left} more, all on the Import page and with --json" if left else ""
    return f"{question.id}: {question.text} ({' / '.join(shown)}{more})"


def refuse_unfit(
    file_name: str,
    answers: Dictionary[str, str],
    put: Dictionary[str, Question],
    before: Dictionary[str, Question],
) -> None:
    """Refuse answers that mean nothing for this file.

    Parameters
    ----------
    put
        Questions and corrections the file has, by id.
    before
        Questions it had before the newest answers; an answer to one that is gone does nothing.

    Raises
    ------
    UsageError
        If an id names no question, or a value is none of the question's.
    """
    for id_, answer in answers.items():
        # What was an answer before another answer changed the questions only does nothing now.
        if id_ in before and before[id_].allows(answer):
            continue
        if id_ not in put:
            raise UsageError(
                f"{file_name} has no question {id_!r}.",
                state="Nothing was loaded.",
                do_next=f"Its questions: {_listed(tuple(put)) or 'none'}.",
            )
        if not put[id_].allows(answer):
            raise UsageError(
                f"{answer!r} is no answer to {id_!r} for {file_name}.",
                state="Nothing was loaded.",
                do_next=f"Allowed: {_listed(put[id_].values) or 'nothing; see the question'}.",
            )


def _listed(values: tuple[str, ...]) -> str:
    shown = ", ".join(repr(value) for value in values[:_SHOWN])
    left = len(values) - _SHOWN
    return f"{shown} and {left} more, all shown on the Import page" if left > 0 else shown
