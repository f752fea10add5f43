"""The methods card: everything a sceptic needs to redo a number, in the order he would ask."""

from dataclasses import dataclass
from typing import Any

__all__ = ["Card"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """How a number was made. All parts are plain sentences without a number of their own claim.

    Parameters
    ----------
    model
        The estimator, by its standard name.
    formula
        What is computed, in words or symbols.
    sample
        What one row is and how many there are.
    window
        From when to when; for a model, which windows were learned from and which tested on.
    exclusions
        Rows or columns that were left out, and why.
    assumptions
        What must hold for the number to mean what it says.
    validation
        How it was checked on data it had not seen, with the result; empty if it was not.
    sensitivity
        How much another defensible choice, or an unmeasured cause, would move it.
    code
        Dotted name of the function that computes it.
    """

    model: str
    formula: str
    sample: str
    window: str
    exclusions: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    validation: str = ""
    sensitivity: str = ""
    code: str = ""

    def to_json(self) -> dict[str, Any]:
        return {
            "model": self.model,
            "formula": self.formula,
            "sample": self.sample,
            "window": self.window,
            "exclusions": list(self.exclusions),
            "assumptions": list(self.assumptions),
            "validation": self.validation,
            "sensitivity": self.sensitivity,
            "code": self.code,
        }
