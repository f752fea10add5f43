"""What all visitors of one process share: the open database, the Answers already worked out.

A page never holds a connection. Caches are keyed by the data version and the scope, never by data.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import streamlit as st

from cxdash import privacy, questions
from cxdash.access import Action
from cxdash.faces.web.charts import Spec, pictures
from cxdash.faces.web.visitor import may
from cxdash.faces.web.waiting import waiting
from cxdash.facts import Answer, Scope
from cxdash.store import Database, default_path

__all__ = [
    "Reply",
    "currency",
    "database",
    "demo_is_loaded",
    "filters",
    "has_rows",
    "metrics",
    "reply",
    "undated",
]

_KEPT: Final = 64  # replies of the latest state of the data


@dataclass(frozen=True, slots=True)
class Reply:
    """An Answer with its pictures by chart id; a picture is empty if nothing can be drawn."""

    answer: Answer
    pictures: Mapping[str, Spec]


@st.cache_resource(show_spinner=False, max_entries=2, on_release=Database.close)
def _open(path: str) -> Database:
    return Database(path)


def database() -> Database:
    """The one open database of this process; StoreError if the file cannot be used."""
    return _open(str(default_path().resolve()))


def reply(name: str, scope: Scope) -> Reply:
    """The reply to a question; worked out once for each state of the data and scope, and by
    whether the visitor may see single customers.

    While it is worked out the page shows how far it is; when it is known already, nothing.
    """
    db, sees = database(), may(Action.SEE_PEOPLE)
    return db.kept(
        "replies",
        (name, scope, sees),
        lambda: _worked_out(db, name, scope, sees_people=sees),
        room=_KEPT,
        entered=True,
    )


def _worked_out(db: Database, name: str, scope: Scope, *, sees_people: bool) -> Reply:
    with waiting():
        answer = privacy.answered(
            db, scope, lambda asked: questions.ask(db, name, asked), sees_people=sees_people
        )
        return Reply(answer, pictures(answer))


@st.cache_data(show_spinner=False, max_entries=8)
def _metrics(path: str, version: int) -> list[str]:  # noqa: ARG001 - cache key
    found = questions.metrics(database())
    if not found:
        return []
    main = questions.main_metric(found).name
    return list(dict.fromkeys([main, *(metric.name for metric in found)]))


def metrics() -> list[str]:
    """Names of the survey ratings in the data: the main one, then the most answered first."""
    db = database()
    return _metrics(str(db.path), db.loaded_version)


@st.cache_data(show_spinner=False, max_entries=8)
def _currency(path: str, version: int) -> str:  # noqa: ARG001 - cache key
    return questions.currency(database())


def currency() -> str:
    """The currency money is read in; empty while no money is loaded."""
    db = database()
    return _currency(str(db.path), db.loaded_version)


@st.cache_data(show_spinner=False, max_entries=16)
def _filters(
    path: str,  # noqa: ARG001 - cache key
    version: int,  # noqa: ARG001 - cache key
    question: str,
    *,
    sees_people: bool,
) -> dict[str, list[str]]:
    offered: Mapping[str, Sequence[str]] = questions.filters(database(), question)
    if not sees_people:
        offered = privacy.open_filters(database(), offered)
    return {column: list(values) for column, values in offered.items()}


def filters(question: str) -> Mapping[str, Sequence[str]]:
    """Customer columns a question can be filtered by, each with the values the visitor may choose.

    Whoever may not see single customers is not told the names of groups that are too small.
    """
    db, sees = database(), may(Action.SEE_PEOPLE)
    return _filters(str(db.path), db.loaded_version, question, sees_people=sees)


@st.cache_data(show_spinner=False, max_entries=8)
def _undated(path: str, version: int, question: str) -> bool:  # noqa: ARG001 - cache key
    return questions.undated(database(), question)


def undated(question: str) -> bool:
    """Whether the question rests on a list without dates, so that nothing is looked ahead."""
    db = database()
    return _undated(str(db.path), db.loaded_version, question)


def demo_is_loaded() -> bool:
    """Whether rows of the demo company count at the moment."""
    return _live_imports(demo_only=True) > 0


def has_rows() -> bool:
    """Whether anything at all is loaded."""
    return _live_imports(demo_only=False) > 0


def _live_imports(*, demo_only: bool) -> int:
    db = database()

    def counted() -> int:
        found = db.rows(
            "SELECT count(*) AS n FROM imports WHERE undone_at IS NULL AND (is_demo OR NOT ?)",
            [demo_only],
        )
        return int(found[0]["n"])

    return db.kept("live imports", demo_only, counted, room=2)
