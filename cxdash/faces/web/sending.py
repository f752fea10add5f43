"""Waiting files on their way: handed to the background writer, waiting again, or put away."""

from typing import Final

import streamlit as st

from cxdash.errors import CxdashError
from cxdash.faces.web import deeds, jobs, staging
from cxdash.faces.web.batch import Standing
from cxdash.faces.web.staging import Staged
from cxdash.intake import ImportJob, Mapping

__all__ = ["kept_back", "start", "take_back", "taken_elsewhere"]

_TAKEN: Final = "taken-by-another-tab"
_KEPT_BACK: Final = "kept-back"


def start(one: Standing) -> None:
    """Hand the file to the background writer, which removes it once it is loaded.

    Nothing happens when another tab has taken it meanwhile; a file that may not be loaded now waits
    again.
    """
    if one.proposal is None:
        return
    leaving = staging.claim(one.waiting.staged)
    if leaving is None:
        st.session_state[_TAKEN] = one.name
        return
    mapping: Mapping = one.proposal.mapping
    try:
        job = deeds.start_import(leaving, mapping, file_name=one.waiting.staged.name)
    except CxdashError as error:
        staging.give_back(one.waiting.staged)
        st.session_state.setdefault(_KEPT_BACK, []).append(error)
        return
    jobs.mine().append(job)
    _sent()[one.token] = (one.waiting.staged, job)


def take_back() -> None:
    """A file that could not be loaded waits again; what was decided about it lies beside it."""
    for token, (staged, job) in list(_sent().items()):
        if job.state == "failed":
            staging.give_back(staged)
        if job.state in ("failed", "done"):
            del _sent()[token]


def kept_back() -> list[CxdashError]:
    """Why files this visit wanted to load wait again; told once."""
    errors: list[CxdashError] = st.session_state.pop(_KEPT_BACK, [])
    return errors


def taken_elsewhere() -> str:
    """Name of a file this visit wanted to load and another tab had sent off; told once."""
    return str(st.session_state.pop(_TAKEN, ""))


def _sent() -> dict[str, tuple[Staged, ImportJob]]:
    """Files handed over to the background."""
    found: dict[str, tuple[Staged, ImportJob]] = st.session_state.setdefault("sent", {})
    return found
