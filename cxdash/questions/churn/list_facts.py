"""The facts of ``churn`` about a list of customers without dates, each with its record."""

from collections.abc import Iterator
from datetime import date
from typing import Final

import numpy as np

from cxdash.facts import Card, Fact, Interval, Method
from cxdash.facts import format as fmt
from cxdash.panel.snapshots import CustomerList
from cxdash.questions.churn.list import FOLDS, ListFound
from cxdash.questions.churn.list_words import main_check
from cxdash.questions.judgement import LEVEL
from cxdash.stats.proportions import share
from cxdash.stats.stake import revenue_at_stake

__all__ = ["NO_LEVER", "day_of", "list_facts"]

NO_LEVER: Final = "a list without dates cannot tell what came first"
_NO_SPAN: Final = (
    "It is no forecast: the list does not say over which time customers left, nor does it show "
    "that those who look alike will. The range holds the doubt about the model and who of them "
    "would have left by chance."
)
_SEED: Final = 31_013


def day_of(people: CustomerList) -> date | None:
    days = people.rows["taken_on"].dropna()
    return None if days.empty else days.max().date()


def _interval(low: float, high: float) -> Interval:
    return Interval(low, high, LEVEL)


def list_facts(found: ListFound) -> Iterator[Fact]:
    """What the list tells."""
    left, n = int(found.left.sum()), int(found.left.size)
    rate = share(left, n, level=LEVEL)
    day = day_of(found.people)
    period = f"up to {day.isoformat()}" if day else "up to a day the list does not say"

    def fact(
        id: str,
        label: str,
        value: float,
        interval: Interval,
        definition: str,
        method: Method,
        *,
        unit: str = "share",
        caveats: tuple[str, ...] = (),
    ) -> Fact:
        return Fact(
            id=id,
            label=label,
            value=value,
            interval=interval,
            unit=unit,
            method=method,
            n=n,
            population="all customers of the list",
            period=period,
            definition=definition,
            caveats=caveats,
            sources=found.people.sources,
        )

    counted = Method(description="Share of the rows of the list; Wilson interval.")
    yield fact(
        "churn.rate",
        "Customers who had left when the list was drawn up",
        rate.estimate,
        _interval(rate.low, rate.high),
        "churn_rate",
        counted,
        caveats=("The list does not say over which time they left.",),
    )
    main = main_check(found)
    if main is None:
        return
    held = tuple(part.label for part in found.parts)
    crossed = Method(
        description=f"{FOLDS}-fold cross-validation: each customer is predicted by a model fitted "
        "on the others.",
        adjusted_for=held,
        card=_card(found),
    )
    if main.auc:
        yield fact(
            "churn.auc",
            "How often the leaver of a pair had the larger chance",
            main.auc.estimate,
            _interval(main.auc.low, main.auc.high),
            "auc",
            crossed,
            caveats=("Cross-validated, not tried on later customers.", "A coin toss gives 50%."),
        )
    slope = main.calibration
    if slope.slope is not None:
        yield fact(
            "churn.calibration_slope",
            "Are the chances too bold? 1 is right",
            slope.slope,
            _interval(slope.slope_low or 0.0, slope.slope_high or 0.0),
            "calibration_slope",
            crossed,
            unit="ratio",
            caveats=("Cross-validated, not tried on later customers.",),
        )
    top = found.lifts[0]
    yield fact(
        "churn.top_tenth",
        "Leavers who had been among the tenth with the largest chance",
        top.captured,
        _interval(top.captured_low, top.captured_high),
        "top_tenth",
        crossed,
        caveats=("Drawn by lot it would be 10%.",),
    )
    yield from _stake(found, crossed, period)
    for driver in found.drivers:
        yield fact(
            f"churn.driver.{driver.name}",
            f"Change in having left with {driver.short}",
            driver.effect.estimate,
            _interval(driver.effect.low, driver.effect.high),
            "driver_effect",
            Method(
                description="Mean change of the modelled chance of having left, with the other "
                "traits held equal; delta method.",
                adjusted_for=tuple(label for label in held if label != driver.label),
                card=_card(found),
            ),
            caveats=(f"The step: {driver.change}.", f"Not offered as a lever: {NO_LEVER}."),
        )


def _stake(found: ListFound, method: Method, period: str) -> Iterator[Fact]:
    """What customers still there pay a month, weighted by how alike they are to those who left."""
    rows = found.people.rows
    currencies = sorted(set(rows["currency"].dropna()))
    if len(currencies) != 1 or found.steady is None:
        return
    still = ~found.left
    amount = np.nan_to_num(rows["monthly_amount"].to_numpy(np.float64, na_value=np.nan))[still]
    stake = revenue_at_stake(
        found.steady,
        found.matrix[still],
        amount,
        {"all": np.ones(int(still.sum()), dtype=np.bool_)},
        rng=np.random.default_rng(_SEED),
        level=LEVEL,
    )["all"]
    yield Fact(
        id="churn.at_stake",
        label="What those still there who look like those who left pay a month",
        value=stake.estimate,
        interval=_interval(stake.low, stake.high),
        unit=str(currencies[0]),
        method=method,
        n=int(still.sum()),
        population="customers of the list who were still there",
        period=period,
        definition="revenue_alike",
        caveats=(_NO_SPAN,),
        sources=found.people.sources,
    )


def _card(found: ListFound) -> Card:
    main = main_check(found)
    told = main.calibration if main else None
    return Card(
        model="Logistic regression, coefficients drawn towards zero as far as their errors call "
        "for (empirical Bayes)",
        formula="log odds of having left = traits of the list, weighted; numbers as they are and "
        "in logs",
        sample=f"{fmt.count(found.left.size)} customers, {fmt.count(int(found.left.sum()))} of "
        "whom had left",
        window="one day; the list holds no dates",
        exclusions=tuple(f"{entry.column}: {entry.reason}" for entry in found.excluded),
        assumptions=(
            "Traits describe customers before they left; without dates nobody can check it.",
        ),
        validation=f"{FOLDS}-fold cross-validation; calibration slope "
        f"{told.slope if told and told.slope is not None else float('nan'):.2f}. Out of time is "
        "impossible.",
        code="cxdash.questions.churn.list.find_in_list",
    )
