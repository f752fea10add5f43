"""Cross-examination on the pages: the link from a number to it, and its questions and answers."""

from collections.abc import Sequence
from typing import Final

import streamlit as st

from cxdash.faces.columns import columns
from cxdash.faces.web import navigation, scope, state, tables
from cxdash.facts import Answer, Fact, Scope
from cxdash.questions.examine.claim import examinable, rests_on_a_claim

__all__ = ["EXHIBITS", "cross_examine", "exhibits", "open_to_questions"]

EXHIBITS: Final = "exhibits"


def open_to_questions(facts: Sequence[Fact]) -> set[str]:
    """Ids of the Facts that have a range and that cross-examination knows how to look at."""
    items = state.metrics()
    return {fact.id for fact in facts if fact.interval and examinable(fact.id, items)}


def cross_examine(fact_id: str, looked_at: Scope) -> None:
    """A link to the page that puts hard questions to this Fact, in the same scope.

    Under money it says that the claim behind the sum is examined, not the sum.
    """
    what = "the claim it rests on" if rests_on_a_claim(fact_id) else "this"
    st.page_link(
        navigation.path_of(scope.EXAMINES),
        label=f":primary[Cross-examine {what}]",
        query_params={scope.CLAIM: fact_id, **scope.query(looked_at)},
    )


def exhibits(answer: Answer) -> None:
    """Every question with its answer in full and what it does to the claim."""
    rows = answer.tables.get(EXHIBITS, ())
    if rows:
        tables.draw(columns(answer, EXHIBITS), rows, key=EXHIBITS)
