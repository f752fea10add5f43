"""Work on waiting files that may take long: done beside the page, which never stands still for it.

A page asks for a result by a slot and a key. Small files are read while it waits a moment; of a
large one the page shows how far it is, and is drawn again when the result is there.
"""

import threading
from collections.abc import Callable, Collection
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from dataclasses import dataclass
from time import monotonic
from typing import Any, Final, TypeVar

import streamlit as st

from cxdash.errors import CxdashError, DataError
from cxdash.faces.web.escape import md, plain
from cxdash.faces.web.guard import guarded
from cxdash.store.incident import record

__all__ = ["Patience", "Told", "forget", "keep_only", "known", "progress"]

Made = TypeVar("Made")

_READERS: Final = ThreadPoolExecutor(max_workers=2, thread_name_prefix="cxdash-reader")
_POLL_SECONDS: Final = 0.5
_MOMENT: Final = 1.5  # seconds a page waits before it shows that work goes on


class Patience:
    """How long one drawing of the page may still wait for results."""

    def __init__(self, seconds: float | None = None) -> None:
        self._until = monotonic() + (_MOMENT if seconds is None else seconds)

    @property
    def left(self) -> float:
        return max(0.0, self._until - monotonic())


class Told:
    """What a reader in the background last said; written by it, read by the page."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._text = ""

    def __call__(self, _share: float, text: str) -> None:
        with self._lock:
            self._text = text

    @property
    def text(self) -> str:
        with self._lock:
            return self._text


@dataclass(frozen=True, slots=True)
class _Work:
    """``key`` is what the result depends on: another key needs another result."""

    key: Any
    title: str
    future: Future[Any]
    told: Told
    since: float


def known(
    slot: str, key: object, title: str, make: Callable[[Told], Made], patience: Patience
) -> Made | None:
    """The result for this key; None while it is being worked out. Raises what the work raised."""
    kept = _works()
    if slot not in kept or kept[slot].key != key:
        told = Told()
        kept[slot] = _Work(key, title, _READERS.submit(_done, make, told, title), told, monotonic())
    try:
        made: Made = kept[slot].future.result(timeout=patience.left)
    except NotYet:
        return None
    return made


def keep_only(slots: Collection[str]) -> None:
    """Forget results of files that wait no more."""
    kept = _works()
    for slot in set(kept) - set(slots):
        kept.pop(slot).future.cancel()


def forget(slot: str) -> None:
    """Let the next question for this slot be worked out anew."""
    _works().pop(slot, None)


def progress() -> None:
    """Say what is being read; the page is drawn again as soon as something is known."""
    if any(not work.future.done() for work in _works().values()):
        _poll(sum(work.future.done() for work in _works().values()))


@st.fragment(run_every=_POLL_SECONDS)
def _poll(done_before: int) -> None:
    with guarded():
        works = _works().values()
        if sum(work.future.done() for work in works) > done_before:
            st.rerun()
        open_ones = [work for work in works if not work.future.done()]
        for number, work in enumerate(open_ones[:3]):
            said = work.told.text or ("Reading the file" if number < 2 else "Waiting its turn")
            with st.container(key=f"reading-{number}"):
                name, seconds = md(plain(work.title, 120)), f"{monotonic() - work.since:.0f} s"
                st.markdown(f":material/hourglass_top: {name}: {md(said)} … {seconds}")
        if len(open_ones) > 3:
            st.markdown(md(f"{len(open_ones) - 3} more files after these."))


def _done(make: Callable[[Told], Made], told: Told, title: str) -> Made:
    """The result; an error nobody expected is written down and told of this file alone."""
    try:
        return make(told)
    except CxdashError:
        raise
    except Exception as error:
        incident = record(error)
        raise DataError(
            f"{title} could not be looked at: an error of ours "
            f"({incident.kind}, reference {incident.reference}).",
            state="Nothing was changed.",
            do_next=incident.advice,
        ) from error


def _works() -> dict[str, _Work]:
    found: dict[str, _Work] = st.session_state.setdefault("readings", {})
    return found
