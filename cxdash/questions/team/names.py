"""How figures of employees and of customers are called, and in what unit they are."""

from collections.abc import Mapping
from typing import Final

from cxdash.facts import format as fmt
from cxdash.questions.team.find import Found

__all__ = ["drawn_as", "measure_name", "outcome_name", "outcome_unit", "step_name"]

_MEASURES: Final[Mapping[str, str]] = {
    "engagement": "engagement",
    "turnover": "the share of employees who leave",
    "absence": "absence",
    "workload": "contacts for each employee",
}
_STEPS: Final[Mapping[int, str]] = {1: "month", 3: "quarter", 6: "half-year", 12: "year"}


def measure_name(name: str) -> str:
    return _MEASURES[name]


def outcome_name(found: Found, name: str) -> str:
    item = found.item
    if name == "score" and item is not None:
        ends = f"{item.scale_low:g} to {item.scale_high:g}"
        return f"customers' mean {fmt.spoken(item.name)} answer ({ends})"
    if name == "left":
        return "the share of customers gone within three months"
    return "contacts a month"


def drawn_as(found: Found, cause: str, outcome: str) -> tuple[str, str]:
    """Short names of both, for a picture."""
    short = {"turnover": "leavers", "workload": "contacts each"}.get(cause, cause)
    item = fmt.spoken(found.item.name) if found.item else ""
    return short, {"score": item, "left": "customers gone"}.get(outcome, outcome)


def outcome_unit(name: str) -> str:
    return {"score": "score", "left": "share", "contacts": "count"}[name]


def step_name(found: Found) -> str:
    return _STEPS[found.grid.step] if found.grid else "month"
