"""Upkeep this visitor started: its progress in its place on the page, then how it ended."""

from typing import Any, Final

import streamlit as st

from cxdash.faces.web import words
from cxdash.faces.web.escape import md
from cxdash.faces.web.guard import guarded
from cxdash.store.background import Job

__all__ = ["begun", "ended", "forget", "is_under_way"]

_POLL_SECONDS: Final = 0.7


def begun(kind: str, job: Job[Any]) -> None:
    """Remember the work under its kind, in place of what was there before."""
    st.session_state[_key(kind)] = job


def ended(kind: str) -> Any:
    """The result of the work once there is one, else None; how far it is, or what went wrong, is
    drawn meanwhile.
    """
    job: Job[Any] | None = st.session_state.get(_key(kind))
    if job is None:
        return None
    if job.is_alive:
        _poll(kind)
    elif job.error is not None:
        words.problem(job.error, f"work-{kind}")
    return job.result


def is_under_way(kind: str) -> bool:
    """Whether work of that kind, begun by this visitor, has not ended."""
    job: Job[Any] | None = st.session_state.get(_key(kind))
    return job is not None and job.is_alive


def forget(kind: str) -> None:
    """Say no more about it."""
    st.session_state.pop(_key(kind), None)


def _key(kind: str) -> str:
    return f"upkeep-{kind}"


@st.fragment(run_every=_POLL_SECONDS)
def _poll(kind: str) -> None:
    """The work itself does not depend on this page: closing it stops nothing."""
    with guarded():
        job: Job[Any] | None = st.session_state.get(_key(kind))
        if job is None or not job.is_alive:
            st.rerun()
            return
        st.progress(min(1.0, job.fraction), text=md(f"{job.title}: {job.message} …"))
