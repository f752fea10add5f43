"""Background work this visitor started: remembered, polled, and told about when it has ended."""

from typing import Final

import streamlit as st

from cxdash import intake
from cxdash.faces.web.escape import md, plain
from cxdash.faces.web.guard import guarded
from cxdash.intake import ImportJob

__all__ = ["mine", "progress"]

_POLL_SECONDS: Final = 0.7


def mine() -> list[ImportJob]:
    """Jobs this visitor started, the newest last."""
    found: list[ImportJob] = st.session_state.setdefault("jobs", [])
    return found


def progress() -> None:
    """Say how far background work is, whoever started it; nothing when there is none."""
    if intake.under_way():
        _poll()


@st.fragment(run_every=_POLL_SECONDS)
def _poll() -> None:
    """The work itself does not depend on this page: closing it stops nothing."""
    with guarded():
        jobs = intake.under_way()
        if not jobs:
            st.rerun()
        for job in jobs:
            text = f"{plain(job.title, 120)}: {job.message}"
            st.progress(min(1.0, max(0.0, job.fraction)), text=md(text))
