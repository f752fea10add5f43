"""The claims of the brief: three columns like a front page, each sentence with its evidence."""

from collections.abc import Collection, Sequence
from typing import Final

import streamlit as st

from cxdash.faces.web import navigation, scope, words
from cxdash.faces.web.doubts import cross_examine, open_to_questions
from cxdash.faces.web.escape import md
from cxdash.faces.web.visitor import may
from cxdash.facts import Answer, Grade, Row, Scope

__all__ = ["front_page", "further"]

_UNTOLD: Final = "What we can tell"  # over good news that cannot be told from chance
_NEWS: Final = "good_news"
_COLUMNS: Final = (
    (_NEWS, "Good news", "No good news passed the test against chance."),
    ("at_stake", "Money at stake", "No sum of money can be named from this data."),
    ("ask", "The one decision", "There is nothing to decide yet."),
)


def front_page(answer: Answer, looked_at: Scope) -> None:
    """Good news, money at stake, the decision asked for; an empty column says why it is empty.

    Without a single claim there is no front page: what is missing is said, and the way to load it.
    """
    claims = sorted(answer.tables.get("claims", ()), key=lambda row: int(str(row["order"])))
    if not claims:
        words.next_step(answer)
        return
    for column, (kind, label, empty) in zip(
        st.columns(len(_COLUMNS), gap="medium"), _COLUMNS, strict=True
    ):
        with column, st.container(key=f"column-{kind}", gap="xsmall"):
            own = [row for row in claims if row["kind"] == kind]
            with st.container(key=f"kicker-{kind}"):
                st.markdown(md(_UNTOLD if _is_untold(kind, own, answer) else label))
            _column(own, empty, looked_at, open_to_questions(answer.facts))


def _is_untold(kind: str, claims: Sequence[Row], answer: Answer) -> bool:
    """Whether the column of good news has none: its Fact has no value."""
    untold = {fact.id for fact in answer.facts if fact.value is None}
    return kind == _NEWS and any(row["fact_id"] in untold for row in claims)


def _column(
    claims: Sequence[Row], empty: str, looked_at: Scope, questioned: Collection[str]
) -> None:
    if not claims:
        st.markdown(md(empty))
    for row in claims:
        with st.container(key=f"claim-{row['order']}", gap="xsmall"):
            _claim(row, looked_at)
            if row["fact_id"] in questioned:
                cross_examine(str(row["fact_id"]), looked_at)


def _claim(row: Row, looked_at: Scope) -> None:
    with st.container(key=f"sentence-{row['order']}"):
        st.markdown(md(row["sentence"]))
    st.markdown(words.badge(Grade[str(row["grade"])]))
    page = navigation.page_of_fact(str(row["fact_id"]))
    if page is None or not may(page.needs):
        st.markdown("Its evidence is among the facts of this page.")
    else:
        _link(page, f"See the evidence: {page.title}", looked_at)


def further(looked_at: Scope) -> None:
    """The other questions the visitor may ask, each a link that keeps the scope."""
    asked = [page for page in navigation.PAGES[1:] if page.question and may(page.needs)]
    with st.container(key="further", horizontal=True, gap="large"):
        for page in asked:
            _link(page, page.asks, looked_at)


def _link(page: navigation.PageInfo, label: str, looked_at: Scope) -> None:
    st.page_link(page.file, label=f":primary[{md(label)}]", query_params=scope.query(looked_at))
