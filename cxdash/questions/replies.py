"""Answers that were worked out before: kept for each state of the data, each question and scope."""

from collections.abc import Callable
from typing import Final

from cxdash.facts import Answer, Scope
from cxdash.questions.sums import weighed
from cxdash.questions.unreconciled import marked
from cxdash.store import Reader

__all__ = ["kept"]

KEPT_ANSWERS: Final = 256


def kept(
    view: Reader, question: str, scope: Scope, make: Callable[[], Answer], *, enters: bool = False
) -> Answer:
    """The Answer kept under that question and scope; ``make`` gives it if there is none.

    ``enters`` says that it rests on what people entered too, and changes with it.

    Every Answer passes here, so that none tells dollars on which the files disagree, or which do
    not tie to finance, without saying so. Whether they tie rests on what people enter, so an entry
    changes the mark and leaves the Answer below it as it was worked out.
    """
    answer = view.kept(
        "answers",
        (question, scope),
        lambda: weighed(view, make()),
        room=KEPT_ANSWERS,
        entered=enters,
    )
    return view.kept(
        "marked answers",
        (question, scope),
        lambda: marked(view, answer),
        room=KEPT_ANSWERS,
        entered=True,
    )
