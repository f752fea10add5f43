"""Names of columns and tables as a finance director reads them, and units a name alone tells."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

__all__ = ["HEADINGS", "UNITS"]

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
        "label": "what",
        "lead_p": "chance that it leads nothing (p)",
        "left": "left",
        "logo_churn": "customers lost",
        "metric": "rating",
        "money_per_move": "money per realistic move",
        "n": "observations",
        "n_test": "rows tested on",
        "n_train": "rows learned from",
        "nrr": "revenue kept, growth counted",
        "observed": "as reported",
        "points": "part of the change",
        "raw_effect": "effect, as counted",
        "restated": "restated",
        "revenue": "revenue",
        "risk": "chance of leaving",
        "variant": "asked and scored as",
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
