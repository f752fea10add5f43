"""Answers that were worked out before: kept for each state of the data, each question and scope."""

from collections.abc import Callable
from typing import Final

from cxdash.facts import Answer, Scope
from cxdash.store import Reader

__all__ = ["kept"]

KEPT_ANSWERS: Final = 256


def kept(view: Reader, question: str, scope: Scope, make: Callable[[], Answer]) -> Answer:
    """The Answer kept under that question and scope; ``make`` gives it if there is none."""
    return view.kept("answers", (question, scope), make, room=KEPT_ANSWERS)
