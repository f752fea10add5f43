"""A package for one business question: panel and estimators in, an Answer out."""

from cxdash.questions.ask import QUESTIONS, QuestionInfo, ask
from cxdash.questions.choices import currency, filters, main_metric, metrics, segments, undated

__all__ = [
    "QUESTIONS",
    "QuestionInfo",
    "ask",
    "currency",
    "filters",
    "main_metric",
    "metrics",
    "segments",
    "undated",
]
