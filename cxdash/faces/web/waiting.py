"""What a visitor sees while an answer is worked out: what is being done, and how far it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Final

import streamlit as st

from cxdash.faces.web.escape import md
from cxdash.questions.progress import telling

__all__ = ["waiting"]

_APART: Final = 0.1  # seconds between two messages to the browser
_PAGE: Final = 520  # pixels held free where the page will stand


@contextmanager
def waiting() -> Iterator[None]:
    """Show how far the asking inside the block is; nothing of it stays on the page."""
    slot = st.empty()
    told = _Told()

    def listen(sentence: str, share: float) -> None:
        if told.is_news(sentence, share):
            slot.progress(told.share, text=md(f"{sentence} …"))

    try:
        with st.skeleton(height=_PAGE), telling(listen):
            yield
    finally:
        slot.empty()


class _Told:
    """How far the visitor was told we are; a question inside a question does not set it back."""

    def __init__(self) -> None:
        self.share = 0.0
        self._sentence = ""
        self._at = 0.0

    def is_news(self, sentence: str, share: float) -> bool:
        """Whether to tell this: a new sentence, or some time since the last was told."""
        now = monotonic()
        self.share = max(self.share, share)
        if sentence == self._sentence and now - self._at < _APART:
            return False
        self._sentence, self._at = sentence, now
        return True
