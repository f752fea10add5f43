"""Which business case the page tells, and its approval, which freezes it with what it promises."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

import streamlit as st

from cxdash import register
from cxdash.access import Action
from cxdash.errors import CxdashError
from cxdash.faces.web import deeds, state, words
from cxdash.faces.web.escape import md, plain
from cxdash.faces.web.visitor import may
from cxdash.facts import Answer, Scope
from cxdash.facts.format import counted
from cxdash.questions.case.approval import lines_of, pledges
from cxdash.register.kinds.cases import Case, CaseLine, Promise

__all__ = ["CASE", "approval", "briefs", "chosen", "lines"]

CASE: Final = "case"  # name in the address of the case that is told
_SAID: Final = "case-approved"


def chosen(scope: Scope) -> Scope:
    """The scope with the case the address names, else the newest; a choice where there are more."""
    entered = {one.id: one for one in register.current(state.database(), Case)}
    if not entered:
        return scope
    asked = st.query_params.get(CASE, "")
    now = asked if asked in entered else [*entered][-1]
    if asked and asked not in entered:
        words.notice([f"There is no business case {plain(asked, 40)}; this is another."], "case")
    if len(entered) > 1:
        now = st.selectbox(
            "Business case",
            [*entered],
            index=[*entered].index(now),
            format_func=lambda one: plain(f"{entered[one].title} ({one})", 100),
            key=f"case-{now}",
        )
    if st.query_params.get(CASE) != now:
        st.query_params[CASE] = now
    return replace(scope, claim=now)


def lines(case: str | None) -> tuple[str, ...]:
    """Ids of the lines of a case."""
    return lines_of(state.database(), case) if case else ()


def briefs(answer: Answer) -> None:
    """The same case in the words of each reader."""
    rows = answer.tables.get("audiences", ())
    if not rows:
        return
    words.section("In the words of those who decide", "audiences")
    for tab, row in zip(st.tabs([str(row["audience"]) for row in rows]), rows, strict=True):
        with tab:
            st.markdown(md(str(row["words"])))


def approval(answer: Answer) -> None:
    """The button that approves the case, or since when it is approved."""
    case = answer.scope.claim
    kept = register.find(state.database(), Case, case) if case else None
    if kept is None:
        return
    words.section("Approval", "approval")
    if said := st.session_state.pop(_SAID, ""):
        words.notice([said], "approved")
    if kept.frozen:
        st.markdown(
            md("Approved. What it promised is frozen and is looked at 3, 6, 12 and 24 months on.")
        )
        return
    promised = pledges(state.database(), answer, datetime.now(UTC).date())
    st.markdown(
        md(
            "An approval writes down what each line promises as it is worked out today and freezes "
            "it with the case and its terms. Later data and later edits leave it as it was."
        )
    )
    if not may(Action.DECIDE) or not promised:
        return
    if st.button("It was approved: freeze it", key=f"approve-{kept.id}"):
        try:
            st.session_state[_SAID] = _approve(kept.id, kept.version, promised)
        except CxdashError as error:
            words.problem(error, f"approve-{kept.id}")
            return
        st.rerun()


def _approve(case: str, version: int, promised: tuple[Promise, ...]) -> str:
    """Promises first, the case last: it counts as approved only when all of it is frozen."""
    for promise in promised:
        deeds.freeze(Promise, deeds.enter(promise).id)
    for line in lines_of(state.database(), case):
        deeds.freeze(CaseLine, line)
    deeds.freeze(Case, case, version)
    lines = counted(len(promised), "line is", "lines are")
    return f"The case is approved and {lines} promised."
