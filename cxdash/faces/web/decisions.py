"""What a person has said about each waiting file: kept for the visit, apart from the file."""

from collections.abc import Mapping as Dictionary
from dataclasses import dataclass, field

import streamlit as st

from cxdash.faces.web import staging
from cxdash.faces.web.staging import Staged
from cxdash.faces.web.visitor import visitor
from cxdash.intake import Mapping

__all__ = ["Waiting", "decide", "forget", "waiting"]

_KEPT = "decisions"


@dataclass(frozen=True, slots=True)
class Waiting:
    """An uploaded file and what the person has said about it so far.

    ``mapping_file`` is the mapping file it is read with; empty when the person wants none, None
    while nobody has decided.
    """

    staged: Staged
    kind: str | None = None
    sheet: str | None = None
    mapping: Mapping | None = None
    answers: Dictionary[str, str] = field(default_factory=dict)
    mapping_file: str | None = None

    @property
    def token(self) -> str:
        return self.staged.token

    @property
    def is_untouched(self) -> bool:
        """Whether nobody has said anything about it."""
        return self == Waiting(self.staged)


def waiting() -> list[Waiting]:
    """The visitor's waiting files, in the order they came, with what was decided about each."""
    kept = _decisions()
    return [kept.get(file.token, Waiting(file)) for file in staging.listed(visitor().owner)]


def decide(said: Waiting) -> None:
    """Keep what the person says now about a file."""
    _decisions()[said.token] = said


def forget(token: str) -> None:
    """The file is loaded or put away."""
    _decisions().pop(token, None)


def _decisions() -> dict[str, Waiting]:
    found: dict[str, Waiting] = st.session_state.setdefault(_KEPT, {})
    return found
