"""The vocabulary of cxdash: Fact, Interval, Grade, Answer. Imports nothing else of ours."""

from cxdash.facts.answer import Answer, Cell, Chart, Row, Scope, Status
from cxdash.facts.fact import Fact, Interval, UngradedSumError, total
from cxdash.facts.grade import Grade, Method, worst

__all__ = [
    "Answer",
    "Cell",
    "Chart",
    "Fact",
    "Grade",
    "Interval",
    "Method",
    "Row",
    "Scope",
    "Status",
    "UngradedSumError",
    "total",
    "worst",
]
