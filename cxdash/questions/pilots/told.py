"""What the pilots showed, for the other questions that rest on it."""

from datetime import date

from cxdash.facts import Answer, Scope
from cxdash.questions.pilots.answer import pilots
from cxdash.questions.replies import kept
from cxdash.store import Reader

__all__ = ["pilots_told"]


def pilots_told(view: Reader, as_of: date | None = None) -> Answer:
    """The Answer about all pilots as of a day; None: the last day of the data. Worked out once for
    each state of the data and of what people entered.
    """
    scope = Scope(as_of=as_of)
    return kept(view, "pilots", scope, lambda: pilots(view, scope), enters=True)
