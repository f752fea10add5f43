"""The vocabulary of cxdash: Fact, Interval, Grade, Answer. Imports only errors of ours."""

from cxdash.facts.answer import HORIZONS, Answer, Cell, Chart, Row, Scope, Status
from cxdash.facts.card import Card
from cxdash.facts.definitions import (
    Band,
    Definition,
    VariantsDifferError,
    comparable,
    definition,
    definitions,
    ensure_comparable,
    score_variants,
)
from cxdash.facts.fact import Fact, Interval, UngradedSumError, total
from cxdash.facts.grade import Grade, Method, worst

__all__ = [
    "HORIZONS",
    "Answer",
    "Band",
    "Card",
    "Cell",
    "Chart",
    "Definition",
    "Fact",
    "Grade",
    "Interval",
    "Method",
    "Row",
    "Scope",
    "Status",
    "UngradedSumError",
    "VariantsDifferError",
    "comparable",
    "definition",
    "definitions",
    "ensure_comparable",
    "score_variants",
    "total",
    "worst",
]
