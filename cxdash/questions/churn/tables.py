"""The tables of ``churn``: drivers, what was left out, the record, and who may leave."""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from scipy.stats import t

from cxdash.facts import Method, Row
from cxdash.facts.definitions import definition
from cxdash.facts.format import number as number_of
from cxdash.facts.format import spoken
from cxdash.panel import Windows
from cxdash.questions.churn.drivers import Driver
from cxdash.questions.churn.find import Found
from cxdash.questions.churn.risks import NOTHING_APART, reasons
from cxdash.questions.churn.rows import compared, driver_row
from cxdash.questions.churn.signs import signs
from cxdash.questions.churn.stay import staying
from cxdash.questions.churn.steps import label_of
from cxdash.questions.judgement import LEVEL
from cxdash.questions.validation import table

__all__ = [
    "CORNERS",
    "MOST_RISKS",
    "driver_method",
    "held_equal",
    "tables",
]

CENTS: Final = 2
MOST_RISKS: Final = 5_000
CORNERS: Final = (
    "goes with leaving, scored low: look here first",
    "goes with leaving, scored well: keep it up",
    "scored low, no clear link with leaving",
    "scored well, no clear link with leaving",
)


def tables(found: Found) -> dict[str, Sequence[Row]]:
    """Every table that has something to show; those of the contract always."""
    curves = staying(found)
    made: dict[str, Sequence[Row]] = {
        "drivers": [_driver(found, driver) for driver in found.drivers],
        "compare": list(compared(found.drivers)),
        "importance": list(_importance(found)),
        "validation": table(found.record.checks) if found.record else [],
        "reliability": list(_reliability(found)),
        "lift": list(_lift(found)),
        "stay": curves.rows if curves else (),
        "risks": risks(found),
        "excluded": [
            {"column": entry.column, "reason": entry.reason}
            for entry in found.stage.cleared.excluded
        ],
        "left_out": list(_left_out(found)),
    }
    always = ("drivers", "validation", "excluded", "risks")
    return {name: rows for name, rows in made.items() if rows or name in always}


def held_equal(found: Found, driver: Driver | None = None) -> tuple[str, ...]:
    """What the model holds equal when it speaks of a driver."""
    if found.model is None:
        return ()
    named = found.model.design.controls.held_equal
    about = found.model.design.controls.predictors
    own = {one.words for one in about if driver is not None and one.name == driver.name}
    answers = ("the other answers",) if len(found.model.design.ratings.numbers) > 1 else ()
    if driver is None or driver.kind != "experience":
        answers = ("the answers",) if found.model.design.ratings.numbers else ()
    return (*(name for name in named if name not in own), *answers)


def driver_method(found: Found, driver: Driver) -> Method:
    """The record of one driver; its grade follows from it."""
    held = held_equal(found, driver)
    return Method(
        description=(
            "Mean change of the modelled chance of leaving, had each of these customers made the "
            f"step, with {', '.join(held) or 'nothing else'} held equal; interval by the delta "
            "method."
        ),
        adjusted_for=held,
        validated_out_of_time=bool(driver.confirmed) and driver.beyond_noise,
    )


def _driver(found: Found, driver: Driver) -> Row:
    within = driver.within
    method = driver_method(found, driver)
    return {
        **driver_row(driver, len(found.drivers), method, driver.against_lever),
        "within_effect": within.estimate if within else None,
        "within_low": within.low if within else None,
        "within_high": within.high if within else None,
    }


def _importance(found: Found) -> Iterator[Row]:
    """What an item goes with beside how it is scored today, for items customers of today answered.

    ``importance`` turns the effect round: leavers fewer after the step.
    """
    if found.model is None:
        return
    seen = found.stage.seen.part(found.stage.seen.is_base)
    own = {driver.name: driver for driver in found.drivers}
    for number in found.model.design.ratings.numbers:
        item, driver = seen.items[number], own[seen.key_of(number)]
        scores = seen.scores[:, number][~np.isnan(seen.scores[:, number])]
        if scores.size < 2:
            continue
        meant = definition(item.variant)
        low, high = float(meant.scale_low or 0.0), float(meant.scale_high or 1.0)
        share = (scores - low) / (high - low)
        share = share if item.high_is_good else 1 - share
        middle = float(share.mean())
        half = float(t.ppf(0.5 + LEVEL / 2, share.size - 1) * share.std(ddof=1) / share.size**0.5)
        yield {
            "item": driver.name,
            "label": _scored(label_of(seen, number), seen, number),
            "importance": -driver.effect.estimate,
            "importance_low": -driver.effect.high,
            "importance_high": -driver.effect.low,
            "performance_share": middle,
            "performance_share_low": max(0.0, middle - half),
            "performance_share_high": min(1.0, middle + half),
            "beyond_noise": driver.beyond_noise,
            "p_adjusted": driver.p_adjusted,
            "n": int(scores.size),
        }


def _scored(label: str, seen: Windows, number: int) -> str:
    """The item; with its score where that is no mean, so that no mean is taken for the score."""
    meant = definition(seen.items[number].variant)
    if meant.unit != "points":
        return label
    scores = seen.scores[:, number][~np.isnan(seen.scores[:, number])]
    ends = [
        float(((scores >= band.low) & (scores <= band.high)).mean())
        for band in (meant.bands[0], meant.bands[-1])
    ]
    score = number_of(100 * (ends[1] - ends[0]), "points")
    return f"{label} (score {score}; placed by its mean answer)"


def _reliability(found: Found) -> Iterator[Row]:
    for number, group in enumerate(found.record.groups if found.record else (), start=1):
        yield {
            "group": f"Tenth {number}",
            "predicted_rate": group.predicted,
            "left_rate": group.observed,
            "left_low": group.low,
            "left_high": group.high,
            "n": group.n,
            "left": group.events,
        }


def _lift(found: Found) -> Iterator[Row]:
    for entry in found.record.lifts if found.record else ():
        yield {
            "top": f"the {entry.top:.0%} with the highest risk",
            "leavers_share": entry.captured,
            "leavers_share_low": entry.captured_low,
            "leavers_share_high": entry.captured_high,
            "lift": entry.lift,
            "n": entry.n,
            "events": entry.events,
        }


def _left_out(found: Found) -> Iterator[Row]:
    for entry in found.stage.cleared.left_out:
        yield {"column": entry.column, "reason": entry.reason}
    for number in found.dropped:
        yield {
            "column": found.stage.seen.items[number].name,
            "reason": f"Too few leavers to hold {spoken(found.stage.seen.items[number].name)} "
            "apart from the others; fewer customers answered it.",
        }


def risks(found: Found) -> list[Row]:
    """Today's customers, the largest expected loss first; only their number names them.

    Without money the highest risk comes first. At most :data:`MOST_RISKS` rows.
    """
    if found.model is None:
        return []
    seen = found.stage.seen.part(found.stage.seen.is_base)
    if seen.rows.empty:
        return []
    matrix = found.model.design.matrix(seen)
    chance = found.model.steady.probabilities(matrix)
    revenue = seen.rows["rate"].to_numpy(np.float64) * found.stage.horizon
    money = found.stage.conditions.money_allowed
    order = np.argsort(-(chance * revenue if money else chance), kind="stable")[:MOST_RISKS]
    keep = np.zeros(len(chance), dtype=np.bool_)
    keep[order] = True
    shown = seen.part(keep)
    said = reasons(
        found.model.steady,
        matrix[keep],
        signs(found.model.design, shown),
        average=matrix.mean(axis=0),
    )
    place = np.cumsum(keep) - 1
    ids = seen.rows["customer_id"].to_numpy(dtype=object)
    return [
        {
            "customer_id": str(ids[row]),
            "risk": float(chance[row]),
            "revenue": round(float(revenue[row]), CENTS) if money else None,
            "reasons": "; ".join(said[place[row]]) or NOTHING_APART,
        }
        for row in order
    ]
