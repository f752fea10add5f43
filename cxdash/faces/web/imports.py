"""The flow of the Import page: upload, decide, load in the background, read the receipt."""

from typing import Final

import streamlit as st

from cxdash import intake
from cxdash.errors import CxdashError
from cxdash.faces.web import receipts, staging, state, words
from cxdash.faces.web.escape import md, plain
from cxdash.faces.web.guard import guarded
from cxdash.faces.web.proposals import Waiting, proposal_card
from cxdash.intake import ImportJob, Mapping

__all__ = ["loading", "receive", "waiting_files"]

_TYPES: Final = ["csv", "tsv", "txt", "xlsx", "parquet"]
_POLL_SECONDS: Final = 0.7


def _waiting() -> dict[str, Waiting]:
    found: dict[str, Waiting] = st.session_state.setdefault("waiting", {})
    return found


def _jobs() -> list[ImportJob]:
    """Jobs this visitor started, the newest last."""
    found: list[ImportJob] = st.session_state.setdefault("jobs", [])
    return found


def receive() -> None:
    """Take uploads out of the widget, and so out of memory, into the staging folder."""
    turn = st.session_state.setdefault("upload_turn", 0)
    uploads = st.file_uploader(
        "Exports from your survey tool, your CRM, your billing or your help desk",
        type=_TYPES,
        accept_multiple_files=True,
        key=f"upload-{turn}",
    )
    if uploads:
        for upload in uploads:
            staged = staging.stage(upload)
            _waiting()[staged.token] = Waiting(staged)
        st.session_state["upload_turn"] = turn + 1
        st.rerun()


def waiting_files() -> None:
    """Every uploaded file that is not loaded yet, with its proposal."""
    for token, waiting in list(_waiting().items()):
        with st.container(key=f"chart-waiting-{token}"):
            st.subheader(md(plain(waiting.staged.name, 120)), anchor=False)
            _one(token, waiting)


def _one(token: str, waiting: Waiting) -> None:
    try:
        said, now = proposal_card(waiting)
    except CxdashError as error:
        words.problem(error, token)
        changed = waiting != Waiting(waiting.staged)
        if changed and st.button("Start this file afresh", key=f"afresh-{token}"):
            _waiting()[token] = Waiting(waiting.staged)
            st.rerun()
        if st.button("Put this file away", key=f"away-{token}"):
            _drop(token)
        return
    if said != waiting:
        _waiting()[token] = said
        st.rerun()
    with st.container(horizontal=True, key=f"actions-{token}"):
        ready = now.mapping is not None and not now.questions and not now.mapping.missing()
        load = st.button("Load this file", type="primary", key=f"load-{token}", disabled=not ready)
        away = st.button("Put this file away", key=f"away-{token}")
    if not ready:
        gaps = now.mapping.missing() if now.mapping else ()
        still = [question.text for question in now.questions]
        still += [f"Say which column holds the {role.replace('_', ' ')}." for role in gaps]
        st.markdown("Before it can be loaded:")
        words.bullets(still or ["Say what this file holds."])
    if away:
        _drop(token)
    if load:
        _start(waiting, now.mapping)


def _start(waiting: Waiting, mapping: Mapping) -> None:
    """Hand the file to the background writer, which removes it when it has ended."""
    job = intake.start_import(
        state.database(),
        waiting.staged.path,
        mapping,
        file_name=waiting.staged.name,
        remove_after=True,
    )
    _jobs().append(job)
    del _waiting()[waiting.staged.token]
    st.rerun()


def _drop(token: str) -> None:
    staging.discard(_waiting().pop(token).staged)
    st.rerun()


def loading() -> None:
    """Imports that run, polled; then this visitor's receipts, or what went wrong."""
    if intake.under_way():
        _progress()
    for number, job in reversed(list(enumerate(_jobs()))):
        if job.error is not None:
            words.problem(job.error, f"job-{number}")
        elif job.receipt is not None:
            receipts.receipt_card(job.receipt)


@st.fragment(run_every=_POLL_SECONDS)
def _progress() -> None:
    """Draws how far running imports are; the import itself does not depend on this page."""
    with guarded():
        jobs = intake.under_way()
        if not jobs:
            st.rerun()
        for job in jobs:
            text = f"{plain(job.title, 120)}: {job.message}"
            st.progress(min(1.0, max(0.0, job.fraction)), text=md(text))
