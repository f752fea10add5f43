"""Whom may we still hold? One customer erased in two steps: look what would go, then say it again.

Between the two steps no name is kept: what was typed is known by a salted hash, the fields are
emptied, and the person types it a second time. It stands in no address, no log and no session.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from typing import Final

import streamlit as st

from cxdash import intake
from cxdash.errors import CxdashError
from cxdash.faces.web import deeds, keeping_work, tables, words
from cxdash.faces.web import keeping_told as told
from cxdash.faces.web.escape import md
from cxdash.upkeep import Erased

__all__ = ["erasing"]

_KIND: Final = "erase"
_ASKED: Final = "erase-asked"
_ERROR: Final = "erase-error"
_TURN: Final = "erase-turn"
_OPEN: Final = "erase-open"


@dataclass(frozen=True, slots=True)
class _Asked:
    """What would be erased, and a way to tell whether the same name is typed again."""

    found: Erased
    forget_money: bool
    backups: bool
    digest: bytes
    salt: bytes = field(repr=False)

    def means(self, typed: str) -> bool:
        return hmac.compare_digest(_digest(typed, self.salt), self.digest)


def _digest(name: str, salt: bytes) -> bytes:
    return hashlib.pbkdf2_hmac("sha256", name.strip().encode(), salt, 100_000)


def erasing() -> None:
    """The whole way: the field, what would go, the second step, what was done."""
    done: Erased | None = keeping_work.ended(_KIND)
    if done is not None:
        _told(done)
    asked: _Asked | None = st.session_state.get(_ASKED)
    if keeping_work.is_under_way(_KIND):
        return
    if asked is None:
        _ask()
    else:
        _foreseen(asked)


def _ask() -> None:
    st.markdown(
        "For a customer who asks to be forgotten. First see what would go; nothing is changed by "
        "looking. The number is written nowhere, and the field is emptied. Whoever was erased "
        "before can be given again, to be taken out of older backups too."
    )
    if error := st.session_state.get(_ERROR):
        words.problem(error, "erase")
    loading = bool(intake.under_way())
    if loading:
        st.markdown("A file is being loaded; this waits until that is done.")
    turn = st.session_state.setdefault(_TURN, 0)
    with st.form(f"erase-{turn}", border=False):
        customer = st.text_input(
            "Customer number, or another name of the customer",
            key=f"erase-customer-{turn}",
            autocomplete="off",
            width=420,
        )
        forget_money = st.checkbox(
            "Delete what the customer paid as well; totals of past months then change",
            key=f"erase-money-{turn}",
        )
        backups = st.checkbox(
            "Take the customer out of every backup too, and remove copies set aside",
            key=f"erase-backups-{turn}",
        )
        look = st.form_submit_button("Show what would be erased", key=f"erase-look-{turn}")
    if look and not loading:
        _look(customer, forget_money=forget_money, backups=backups)
        st.rerun()


def _look(customer: str, *, forget_money: bool, backups: bool) -> None:
    """See what would go; the field gets another key, so that no session keeps what was typed."""
    st.session_state[_TURN] += 1
    st.session_state.pop(_ERROR, None)
    keeping_work.forget(_KIND)
    try:
        found = deeds.would_erase(customer, forget_money=forget_money)
    except CxdashError as error:
        # The frames it passed hold what was typed.
        st.session_state[_ERROR] = error.with_traceback(None)
        return
    salt = secrets.token_bytes(16)
    st.session_state[_ASKED] = _Asked(found, forget_money, backups, _digest(customer, salt), salt)


def _foreseen(asked: _Asked) -> None:
    """Nothing has happened yet: rows, copies, and what is out of reach."""
    found = asked.found
    with st.container(key="notice-erase-foreseen"):
        st.markdown(f":orange-badge[Nothing is erased yet] **{md(told.total(found))}**")
    if lines := told.lines(found):
        tables.text_table(
            ["What is held of the customer", "Rows", "What would happen"],
            lines,
            right=[False, True],
            key="erase-foreseen",
        )
    words.bullets([*told.notes(found), told.copies(found, backups=asked.backups), told.taken_out()])
    with st.container(horizontal=True):
        if st.button("Erase this customer …", type="primary", key="erase-go"):
            st.session_state[_OPEN] = True
        if st.button("Leave it as it is", key="erase-leave"):
            del st.session_state[_ASKED]
            st.rerun()
    if st.session_state.get(_OPEN):
        _confirm(asked)


def _close() -> None:
    st.session_state.pop(_OPEN, None)


@st.dialog("Erase this customer for good?", on_dismiss=_close)
def _confirm(asked: _Asked) -> None:
    st.markdown(md(told.total(asked.found)))
    st.markdown("This cannot be taken back, and loading the same files again brings nobody back.")
    with st.form("erase-again", border=False, clear_on_submit=True):
        typed = st.text_input(
            "Type the same number or name again", key="erase-typed", autocomplete="off"
        )
        go = st.form_submit_button("Erase for good", type="primary", key="erase-now")
    if not go:
        return
    if not asked.means(typed):
        st.markdown(":red-badge[Not the same] That is not what you typed before. Nothing is done.")
        return
    job = deeds.start_erasing(typed, forget_money=asked.forget_money, backups=asked.backups)
    keeping_work.begun(_KIND, job)
    del st.session_state[_ASKED]
    _close()
    st.rerun()


def _told(done: Erased) -> None:
    """What was done, its number in the audit log, and what is left to do."""
    with st.container(key="notice-erased"):
        st.markdown(f":green-badge[Erased] **{md(told.whole(done))}**")
        anew = "The file was written anew, so that no byte of the customer is left in it."
        st.markdown(
            md(
                f"The audit log calls it erasure {done.number}; quote that number to whoever "
                f"asked.{f' {anew}' if done.forgotten.rows else ''}"
            )
        )
        words.bullets([*told.notes(done), *told.left(done), told.taken_out()])
