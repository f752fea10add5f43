"""Names of columns and tables as a finance director reads them, and units a name alone tells."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

__all__ = ["HEADINGS", "TABLES", "UNITS"]

HEADINGS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "adjusted_for": "held equal",
        "adjusted_rate": "share who left, held equal",
        "added_skill": "skill it adds on later data",
        "auc": "ranks right (0.5 is a coin, 1 perfect)",
        "brier": "squared error of chances (0 is perfect)",
        "calibration_intercept": "shift of chances (0 is right)",
        "calibration_slope": "spread of chances (1 is right)",
        "change": "realistic improvement",
        "churn_rate": "share who left",
        "column": "column left out",
        "customer_id": "customer",
        "cutoff": "tested on what came after",
        "effect": "effect, others held equal",
        "events_test": "left in the test",
        "flagged": "worth a check",
        "grade": "evidence",
        "grr": "revenue kept, growth left out",
        "controls": "held equal",
        "definition": "answers are read as",
        "horizon": "months ahead",
        "label": "what",
        "lead_p": "chance that it leads nothing (p)",
        "left": "left",
        "logo_churn": "customers lost",
        "memory": "answers at most this old, months",
        "metric": "rating",
        "money_per_move": "money per realistic move",
        "n": "observations",
        "n_test": "rows tested on",
        "n_train": "rows learned from",
        "nrr": "revenue kept, growth counted",
        "observed": "as reported",
        "points": "part of the change",
        "raw_effect": "effect, as counted",
        "response_rate": "answered within 30 days",
        "restated": "restated",
        "revenue_heard_share": "revenue heard",
        "share_heard": "customers heard",
        "revenue": "revenue",
        "risk": "chance of leaving",
        "variant": "asked and scored as",
    }
)

TABLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "afterwards": "what became of those who answered and those who did not",
        "backtest": "what was predicted, and what happened",
        "bands": "customers by their last answer",
        "compare": "as counted, and with the rest held equal",
        "cost": "cost to serve",
        "coverage": "whom we heard, by segment",
        "curve": "ways of computing it that are drawn",
        "drivers": "what goes with it, one by one",
        "excluded": "left out because it knows the outcome",
        "exhibits": "the questions of a sceptic",
        "groups": "answered, silent, never asked, by group",
        "held_back": "held back: may be chance",
        "importance": "how much it matters, and how we do",
        "kept": "revenue kept",
        "left_out": "left out of the model",
        "lift": "how far the list concentrates leavers",
        "metrics": "each rating on trial",
        "paid": "paid so far",
        "parts": "what the change is made of",
        "readability": "which periods can be read",
        "reliability": "predicted beside what happened",
        "response_rate": "invitations answered, by month",
        "retention": "revenue and customers kept, by period",
        "risks": "customers by their chance of leaving",
        "scores": "the score as heard, weighted and bounded",
        "segments": "by segment",
        "signals": "what is heard beside surveys",
        "specifications": "every defensible way of computing it",
        "stay": "how long customers stay",
        "strong_feelings": "who answers only when it matters",
        "units": "units, and whether their scores deserve a check",
        "validation": "how right the models were on later data",
        "worse": "what got worse beyond chance",
    }
)

UNITS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "auc": "ratio",
        "brier": "ratio",
        "calibration_intercept": "ratio",
        "calibration_slope": "ratio",
        "grr": "share",
        "lead_p": "p",
        "logo_churn": "share",
        "nrr": "share",
        "p": "p",
        "points": "points",
        "p_value": "p",
        "q": "p",
        "rank": "count",
        "risk": "share",
    }
)
