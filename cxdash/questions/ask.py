"""The one way to ask: a question's name and a scope in, its Answer out."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from threadpoolctl import threadpool_limits

from cxdash.errors import UsageError
from cxdash.facts import HORIZONS, Answer, Scope
from cxdash.panel import FILTERS, items, settled
from cxdash.questions.brief.answer import brief
from cxdash.questions.case.answer import case
from cxdash.questions.change.answer import change
from cxdash.questions.choices import metric_named
from cxdash.questions.churn.answer import churn
from cxdash.questions.churn.list_source import list_alone
from cxdash.questions.examine.answer import examine
from cxdash.questions.goals.answer import goals
from cxdash.questions.initiatives.answer import initiatives
from cxdash.questions.journey.answer import journey
from cxdash.questions.ledger.answer import ledger
from cxdash.questions.listening.answer import listening
from cxdash.questions.pilots.answer import pilots
from cxdash.questions.priorities.answer import priorities
from cxdash.questions.progress import tell
from cxdash.questions.reconcile.answer import reconcile
from cxdash.questions.replies import kept
from cxdash.questions.revenue.answer import revenue
from cxdash.questions.room.answer import room
from cxdash.questions.team.answer import team
from cxdash.questions.trial.answer import trial
from cxdash.questions.voices.answer import voices
from cxdash.questions.worth.answer import worth
from cxdash.store import Database, Reader
from cxdash.store.journal import SlowAnswer, note

__all__ = ["OUTCOMES", "QUESTIONS", "QuestionInfo", "ask"]

_SLOW: Final = 10.0  # seconds from which on the log tells of an answer
_OF_A_LIST: Final = "churn"  # the question a list of customers without dates can answer
OUTCOMES: Final = ("churn", "revenue", "cost")


@dataclass(frozen=True, slots=True)
class QuestionInfo:
    """A question cxdash can answer. ``asks`` is the question as an executive would put it.

    ``enters`` says that the answer rests on what people entered, too.
    """

    name: str
    title: str
    asks: str
    answer: Callable[[Reader, Scope], Answer]
    enters: bool = False


QUESTIONS: Final[Mapping[str, QuestionInfo]] = {
    info.name: info
    for info in (
        QuestionInfo(
            "brief", "The brief", "What should this meeting decide about our customers?", brief
        ),
        QuestionInfo("worth", "What it is worth", "What is our customers' voice worth?", worth),
        QuestionInfo("churn", "Who leaves", "Who leaves, and what goes before it?", churn),
        QuestionInfo("revenue", "Revenue", "What makes customers spend more or less?", revenue),
        QuestionInfo("trial", "Trial", "Which metrics deserve attention?", trial),
        QuestionInfo("listening", "Whom we hear", "Whom do we not hear?", listening),
        QuestionInfo("change", "Change", "Why did the score move?", change),
        QuestionInfo("examine", "Cross-examination", "What would a sceptic ask?", examine),
        QuestionInfo("pilots", "Pilots", "What did the pilots show?", pilots, enters=True),
        QuestionInfo("case", "Business case", "What would it return?", case, enters=True),
        QuestionInfo(
            "initiatives",
            "Initiatives",
            "What are we doing, for whom, and does it pay?",
            initiatives,
            enters=True,
        ),
        QuestionInfo(
            "priorities",
            "Priorities",
            "What should we do first, and what not?",
            priorities,
            enters=True,
        ),
        QuestionInfo(
            "ledger",
            "Ledger",
            "What was delivered, by whom, and what did it cost?",
            ledger,
            enters=True,
        ),
        QuestionInfo("reconcile", "Reconcile", "Does it tie to finance?", reconcile, enters=True),
        QuestionInfo(
            "voices", "Voices", "What do customers say, and what goes with it?", voices, enters=True
        ),
        QuestionInfo("journey", "Journey", "Where does it hurt?", journey, enters=True),
        QuestionInfo(
            "team", "Teams", "How do employees and customers go together?", team, enters=True
        ),
        QuestionInfo(
            "goals", "Goals", "What do we want, and does what we do serve it?", goals, enters=True
        ),
        QuestionInfo(
            "room",
            "The room",
            "Who decides, what did they say, and does anything press?",
            room,
            enters=True,
        ),
    )
}


def ask(db: Database, question: str, scope: Scope | None = None) -> Answer:
    """The Answer to a question; worked out once for each state of the data and each scope.

    Raises
    ------
    UsageError
        The question, the metric, a filter column, the outcome or the horizon does not exist.
    """
    if question not in QUESTIONS:
        raise UsageError(
            f"There is no question {question!r}.",
            do_next=f"Ask one of: {', '.join(QUESTIONS)}.",
        )
    scope = scope or Scope()
    _check(scope)
    tell("Bringing the data in order", 0.0)
    with settled(db) as view:
        _check_filters(view, question, scope)
        scope = _meant(view, scope)
        return kept(
            view,
            question,
            scope,
            lambda: _answered(view, question, scope),
            enters=QUESTIONS[question].enters,
        )


def _meant(view: Reader, scope: Scope) -> Scope:
    """The scope with the imported item its metric stands for; without answers as it is."""
    imported = items(view) if scope.metric is not None else ()
    if not imported or scope.metric is None:
        return scope
    return replace(scope, metric=metric_named(imported, scope.metric))


def _answered(view: Reader, question: str, scope: Scope) -> Answer:
    """Tall thin matrices gain nothing from several threads a sum; waiting for each other, and for
    those of the database engine, such threads take several times as long.
    """
    began = time.monotonic()
    with threadpool_limits(1):
        answer = QUESTIONS[question].answer(view, scope)
    took = time.monotonic() - began
    if took > _SLOW:
        note(SlowAnswer(question=question, seconds=took))
    return answer


def _check_filters(view: Reader, question: str, scope: Scope) -> None:
    """Columns of the customer list alone; ``churn`` names those of a list without dates itself."""
    unknown = [column for column, _ in scope.where if column not in FILTERS]
    if unknown and not (question == _OF_A_LIST and list_alone(view)):
        raise UsageError(
            f"Customers cannot be filtered by {', '.join(map(repr, unknown))}.",
            do_next=f"Use one of: {', '.join(FILTERS)}.",
        )


def _check(scope: Scope) -> None:
    if scope.horizon not in HORIZONS:
        raise UsageError(
            f"A horizon of {scope.horizon} months is not offered.",
            do_next=f"Use one of: {', '.join(map(str, HORIZONS))}.",
        )
    if scope.outcome is not None and scope.outcome not in OUTCOMES:
        raise UsageError(
            f"There is no outcome {scope.outcome!r}.",
            do_next=f"Use one of: {', '.join(OUTCOMES)}.",
        )
