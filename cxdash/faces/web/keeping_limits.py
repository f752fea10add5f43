"""How long may we hold things? Limits shown, tried before they are set, then set or applied."""

from dataclasses import dataclass
from typing import Final

import streamlit as st

from cxdash import upkeep
from cxdash.errors import CxdashError
from cxdash.faces.web import deeds, keeping_work, state, words
from cxdash.faces.web.escape import md
from cxdash.store.journal.keeping import KEPT_DAYS
from cxdash.upkeep import Policy, Retained

__all__ = ["limits"]

_KIND: Final = "retention"
_TRIED: Final = "limits-tried"
_SAID: Final = "limits-said"
_FIELDS: Final = {
    "raw_days": "Days for cells of loaded files",
    "comment_months": "Months for what customers wrote",
    "backup_days": "Days for backups and copies",
    "backup_count": "Newest backups kept at most",
    "log_days": "Days for logs",
}
_MOST: Final = {"log_days": KEPT_DAYS}


@dataclass(frozen=True, slots=True)
class _Tried:
    limits: Policy
    found: Retained


def limits() -> None:
    """The limits as they are, a form for others, and what those would remove."""
    now = upkeep.policy(state.database())
    done: Retained | None = keeping_work.ended(_KIND)
    if done is not None:
        words.notice([done.sentence], "limits-applied")
    if said := st.session_state.pop(_SAID, ""):
        words.notice([said], "limits-set")
    words.bullets(now.sentences)
    _form(now)
    tried: _Tried | None = st.session_state.get(_TRIED)
    if tried is not None:
        _foreseen(tried, now)


def _form(now: Policy) -> None:
    st.markdown(
        "An empty field sets no limit; logs go after "
        f"{KEPT_DAYS} days even so. What is past a limit goes whenever the app starts; the newest "
        "backup always stays, and a rating stays when its comment goes."
    )
    with st.form("limits", border=False):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            given = {
                name: st.number_input(
                    label,
                    min_value=1,
                    max_value=_MOST.get(name, 36_500),
                    step=1,
                    value=_within(name, getattr(now, name)),
                    placeholder=str(_MOST.get(name, "for good")),
                    key=f"limit-{name}",
                    width=220,
                )
                for name, label in _FIELDS.items()
            }
        asked = st.form_submit_button("Show what would go", key="try-limits")
    if not asked:
        return
    wanted = Policy(**{name: int(limit) if limit else None for name, limit in given.items()})
    try:
        with st.spinner("Looking for what is past these limits …"):
            st.session_state[_TRIED] = _Tried(wanted, deeds.would_remove(wanted))
    except CxdashError as error:
        st.session_state.pop(_TRIED, None)
        words.problem(error, "limits")


def _within(name: str, limit: int | None) -> int | None:
    """The limit, or the longest there is where a longer one was once set."""
    return min(limit, _MOST.get(name, limit)) if limit else limit


def _foreseen(tried: _Tried, now: Policy) -> None:
    """What would go, and the ways on: set the limits, remove it now too, or leave it."""
    with st.container(key="notice-limits-tried"):
        st.markdown(f"**{md(tried.found.sentence)}**")
        for path in (*tried.found.copies, *tried.found.logs):
            st.markdown(md(path))
        if tried.found.anything:
            st.markdown("What was removed comes back from a backup only.")
        with st.container(horizontal=True):
            fresh = tried.limits != now
            put = fresh and st.button("Set these limits", key="set-limits")
            word = "Set them and remove it now" if fresh else "Remove it now"
            go = tried.found.anything and st.button(word, key="apply-limits")
            leave = st.button("Leave it as it is", key="leave-limits")
    if not (put or go or leave):
        return
    try:
        if not leave and fresh:
            deeds.set_limits(tried.limits)
            st.session_state[_SAID] = "The limits are set, as the audit log says."
        if go:
            keeping_work.begun(_KIND, deeds.start_removing())
    except CxdashError as error:
        words.problem(error, "limits")
        return
    del st.session_state[_TRIED]
    st.rerun()
