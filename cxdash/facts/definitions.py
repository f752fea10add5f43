"""The definition catalogue: what each figure means, in which variant, and what may be compared.

The definitions are data (``catalogue/*.toml``). Two variants of a metric, for example two ways of
asking for satisfaction, are never merged or compared silently: :func:`comparable` says no and
:func:`ensure_comparable` raises.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Literal

from cxdash.errors import UsageError

__all__ = [
    "Band",
    "Better",
    "Definition",
    "Golden",
    "VariantsDifferError",
    "comparable",
    "definition",
    "definitions",
    "ensure_comparable",
    "score_variants",
]

Better = Literal["higher", "lower", "neither"]


class VariantsDifferError(UsageError):
    """Two figures were to be compared or merged although they are different metrics or variants."""


@dataclass(frozen=True, slots=True)
class Band:
    """A group of answers, for example the unhappy ones. Both ends belong to the band.

    ``low`` and ``high`` are on the item's own scale. ``term`` is the trade's word, if there is one.
    """

    name: str
    label: str
    low: float
    high: float
    term: str = ""

    def holds(self, value: float) -> bool:
        return self.low <= value <= self.high


@dataclass(frozen=True, slots=True)
class Golden:
    """A published or hand-checked result that our own code must reproduce.

    ``function`` is a public name of :mod:`cxdash.stats`, ``part`` the attribute of its result or
    empty if the result is a plain number; ``tolerance`` is absolute.
    """

    function: str
    inputs: Mapping[str, Any]
    expected: float
    tolerance: float
    part: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """One variant of one metric.

    Parameters
    ----------
    id, variant
        The metric and the exact way it is computed; ``variant`` is unique in the catalogue. Where
        there is only one way, the two are equal.
    plain
        One sentence for a reader who has never heard of the metric.
    unit
        As in Fact, or ``money`` for any currency.
    better
        Which direction is good news for the company.
    difference
        Whether the figure is one thing minus another, so that a share of it is printed in
        percentage points.
    is_item
        Whether a survey item can have this variant, that is, whether answers are stored under it.
    scale_low, scale_high, high_is_good
        The scale of a single answer; None when the metric is not asked in a survey.
    bands
        From the low to the high end of the scale, for whole-number answers.
    trap
        What goes wrong with this figure in practice.
    """

    id: str
    variant: str
    name: str
    plain: str
    formula: str
    unit: str
    better: Better
    source: str
    trap: str
    difference: bool = False
    is_item: bool = False
    scale_low: float | None = None
    scale_high: float | None = None
    high_is_good: bool | None = None
    bands: tuple[Band, ...] = ()
    golden: tuple[Golden, ...] = ()

    def band_of(self, value: float) -> Band | None:
        """The band an answer belongs to; None for an answer off the scale or between two bands."""
        return next((band for band in self.bands if band.holds(value)), None)

    def band(self, name: str) -> Band:
        """The band of that name; KeyError if there is none."""
        for band in self.bands:
            if band.name == name:
                return band
        raise KeyError(name)

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "variant": self.variant,
            "name": self.name,
            "plain": self.plain,
            "formula": self.formula,
            "unit": self.unit,
            "better": self.better,
            "scale": None if self.scale_low is None else [self.scale_low, self.scale_high],
            "high_is_good": self.high_is_good,
            "bands": [
                {"name": band.name, "label": band.label, "low": band.low, "high": band.high}
                for band in self.bands
            ],
            "source": self.source,
            "trap": self.trap,
        }


@cache
def definitions() -> Mapping[str, Definition]:
    """Every definition of the catalogue by its variant id, in the catalogue's order."""
    found: dict[str, Definition] = {}
    folder = files("cxdash.facts").joinpath("catalogue")
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if not file.name.endswith(".toml"):
            continue
        for record in tomllib.loads(file.read_text("utf-8"))["definition"]:
            entry = _definition(record)
            if entry.variant in found:
                raise ValueError(f"{file.name}: the variant {entry.variant} is defined twice")
            found[entry.variant] = entry
    return MappingProxyType(found)


def definition(variant: str) -> Definition:
    """The definition of that variant.

    Raises
    ------
    UsageError
        If the catalogue does not hold it; the message names the nearest variants.
    """
    known = definitions()
    if variant in known:
        return known[variant]
    same_metric = [name for name, entry in known.items() if entry.id == variant]
    near = " or ".join(same_metric or get_close_matches(variant, known, n=3))
    raise UsageError(
        f"The catalogue has no definition {variant!r}.",
        do_next=f"Did you mean {near}?" if near else "See: python -m cxdash definitions",
    )


def score_variants() -> tuple[str, ...]:
    """The variants a survey item can have: those whose single answers are stored."""
    return tuple(variant for variant, entry in definitions().items() if entry.is_item)


def comparable(first: str, second: str) -> bool:
    """Whether figures of the two variants may be compared: only if the variant is the same."""
    return definition(first).variant == definition(second).variant


def ensure_comparable(first: str, second: str) -> None:
    """Raise VariantsDifferError unless the two variants may be compared or merged."""
    if comparable(first, second):
        return
    one, other = definition(first), definition(second)
    raise VariantsDifferError(
        f"{one.name} ({one.variant}) and {other.name} ({other.variant}) are different measures "
        "and cannot be compared or merged.",
        do_next="Compare each with itself, or ask both groups the same question on the same scale.",
    )


def _definition(record: Mapping[str, Any]) -> Definition:
    fields = dict(record)
    fields["variant"] = fields.get("variant", fields["id"])
    fields["bands"] = tuple(Band(**band) for band in fields.get("bands", ()))
    fields["golden"] = tuple(
        Golden(**{**golden, "inputs": MappingProxyType(golden["inputs"])})
        for golden in fields.get("golden", ())
    )
    return Definition(**fields)
