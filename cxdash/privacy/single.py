"""A list of single customers as it is shown to those who may not see single ones.

Every customer has a pseudonym. Figures are microaggregated: the customers are put in the order of a
figure and cut into groups of at least five neighbours, and each is shown the mean of its group. A
reason is shown only if as many customers of the list share it word for word. Two such lists could
be laid beside each other, so there is one list for all customers and none for a choice of them.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from cxdash.facts import Cell, Row
from cxdash.privacy.pseudonyms import Pseudonyms
from cxdash.privacy.rules import FEWEST_CUSTOMERS

__all__ = ["LISTS", "shared_list"]

LISTS: Final = (("churn", "risks"),)
_BETWEEN: Final = "; "
_OWN: Final = "signs that few others share"


def shared_list(rows: Sequence[Row], pseudonyms: Pseudonyms) -> list[Row]:
    """The list in an order that tells no more than the group means; empty if it is too short."""
    if len(rows) < FEWEST_CUSTOMERS:
        return []
    risks, revenues = (_means([row.get(name) for row in rows]) for name in ("risk", "revenue"))
    common = Counter(part for row in rows for part in str(row["reasons"]).split(_BETWEEN))
    shown: list[Row] = [
        {
            "customer_id": pseudonyms.of(str(row["customer_id"])),
            "risk": risk,
            "revenue": revenue,
            "reasons": _shared(str(row["reasons"]), common),
        }
        for row, risk, revenue in zip(rows, risks, revenues, strict=True)
    ]
    return sorted(shown, key=lambda row: (-_weight(row), str(row["customer_id"])))


def _weight(row: Row) -> float:
    risk, revenue = row["risk"], row["revenue"]
    if not isinstance(risk, int | float):
        return 0.0
    return float(risk) * (float(revenue) if isinstance(revenue, int | float) else 1.0)


def _means(cells: Sequence[Cell]) -> list[Cell]:
    """Each figure as the mean of its group of neighbours in size; empty where one is missing."""
    known = sorted(
        (float(cell), place)
        for place, cell in enumerate(cells)
        if isinstance(cell, int | float) and not isinstance(cell, bool)
    )
    told: list[Cell] = [None] * len(cells)
    groups = len(known) // FEWEST_CUSTOMERS
    for number in range(groups):
        start = number * FEWEST_CUSTOMERS
        end = len(known) if number == groups - 1 else start + FEWEST_CUSTOMERS
        mean = sum(figure for figure, _ in known[start:end]) / (end - start)
        for _, place in known[start:end]:
            told[place] = mean
    return told


def _shared(reasons: str, common: Counter[str]) -> str:
    parts = reasons.split(_BETWEEN)
    kept = [part for part in parts if common[part] >= FEWEST_CUSTOMERS]
    return _BETWEEN.join([*kept, *([_OWN] if len(kept) < len(parts) else [])])
