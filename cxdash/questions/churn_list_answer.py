"""The Answer of ``churn`` where only a list of customers on one day is loaded."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

import numpy as np

from cxdash.errors import UsageError
from cxdash.facts import Answer, Card, Chart, Fact, Interval, Method, Row, Scope, wording
from cxdash.facts import format as fmt
from cxdash.panel.snapshots import CustomerList
from cxdash.questions.churn_drivers import Driver
from cxdash.questions.churn_list import (
    EVENTS_A_COLUMN,
    FOLDS,
    TRAITS,
    ListCheck,
    ListFound,
    find_in_list,
    signs_of,
)
from cxdash.questions.churn_risks import NOTHING_APART, reasons
from cxdash.questions.churn_tables import COUNTED, HELD, MOST_COMPARED, MOST_RISKS, place
from cxdash.questions.leaving import LEVEL
from cxdash.stats.estimate import z_of_level
from cxdash.stats.proportions import share

__all__ = ["answer_of_list"]

_CUTOFF: Final = f"none: {FOLDS}-fold cross-validation, out of time is impossible"
_IMPOSSIBLE: Final = (
    "The list holds one day and no dates, so out-of-time validation is impossible: nobody can "
    "learn from earlier customers and look at later ones. The models were cross-validated instead, "
    "which shows how well traits tell leavers from stayers of this list, not what tomorrow brings. "
    "Nothing of it is graded beyond D."
)
_ORDER: Final = (
    "Without dates nobody can tell whether a trait came before leaving or was written down "
    "afterwards. What gives itself away is left out."
)
_NO_LEVER: Final = "a list without dates cannot tell what came first"
_NO_SPAN: Final = (
    "The list does not say over which time customers left, so neither does this sum; the range is "
    "that of chance alone."
)
_DATES: Final = (
    "When customers left: import subscriptions with start and end, or invoices and payments with "
    "customer and day. Then drivers can be tried on later windows."
)
_VOICE: Final = (
    "What customers say: import a survey export with a customer key, a date and at least one "
    "rating."
)


def answer_of_list(people: CustomerList, scope: Scope, *, title: str) -> Answer:
    """What a list can tell.

    Raises
    ------
    UsageError
        The scope filters by something the list does not hold, or nobody passes.
    """
    found = find_in_list(_narrowed(people, scope))
    rows = _tables(found, scope)
    return Answer(
        question="churn",
        title=title,
        as_of=_day(found.people) or found.people.imported_on,
        scope=scope,
        headline=_headline(found),
        status="partly" if found.fit is not None else "cannot_tell",
        facts=tuple(_facts(found, scope.horizon)),
        tables=rows,
        caveats=tuple(_caveats(found)),
        missing=(*(() if found.fit else (_lacking(found),)), _DATES, _VOICE),
        charts=tuple(_charts(found, rows)),
    )


def _narrowed(people: CustomerList, scope: Scope) -> CustomerList:
    """The customers the filters pass; a filter is looked up among the traits, whatever its case."""
    for column, value in scope.where:
        known = {str(name).casefold(): name for name in people.traits}
        if column.casefold() not in known:
            raise UsageError(
                f"The list of customers has no {column!r} to filter by.",
                do_next="Drop the filter, or import the customer list with that column.",
            )
        keep = (people.traits[known[column.casefold()]] == value).to_numpy()
        if not keep.any():
            raise UsageError(f"No customer has {column}={value}.", do_next="Drop the filter.")
        people = CustomerList(
            people.rows[keep].reset_index(drop=True),
            people.traits[keep].reset_index(drop=True),
            people.sources,
            people.imported_on,
        )
    return people


def _day(people: CustomerList) -> date | None:
    days = people.rows["taken_on"].dropna()
    return None if days.empty else days.max().date()


def _main(found: ListFound) -> ListCheck | None:
    return next((entry for entry in found.checks if entry.model == TRAITS), None)


# -- words ----------------------------------------------------------------------------------------


def _headline(found: ListFound) -> str:
    main = _main(found)
    if main is None or main.auc is None:
        return wording.cannot_tell("what leavers have in common", _lacking_short(found))
    clear = [driver for driver in found.drivers if driver.beyond_noise]
    order = fmt.number(main.auc.estimate, "share", interval=_interval(main.auc.low, main.auc.high))
    ends = fmt.spread(main.auc.low, main.auc.high, "share")
    told = (
        "Out-of-time validation is impossible on a list without dates; cross-validated, the leaver "
        f"of a pair had the larger chance in {order} of pairs (range {ends})."
    )
    return f"{_sentence(clear[0])} {told}" if clear else told


def _sentence(driver: Driver) -> str:
    return wording.compare_rates(
        f"customers with {driver.short}",
        "otherwise equal customers",
        did="left before the list was drawn up",
        difference=_interval(driver.effect.low, driver.effect.high),
        estimate=driver.effect.estimate,
    )


def _lacking_short(found: ListFound) -> str:
    left = int(found.left.sum())
    few, side = min((left, "left"), (found.left.size - left, "stayed"))
    return (
        f"in only {fmt.count(few)} of {fmt.count(found.left.size)} rows the customer {side}; "
        f"{fmt.count(found.needed)} are needed, {fmt.count(max(0, found.needed - few))} more than "
        "there are"
    )


def _lacking(found: ListFound) -> str:
    return (
        f"Import a longer list: {_lacking_short(found)} ({EVENTS_A_COLUMN} for each column of the "
        "model)."
    )


def _caveats(found: ListFound) -> Iterator[str]:
    yield _IMPOSSIBLE
    yield _ORDER
    if found.fit is not None:
        yield (
            "These are associations, not proof: customers with another trait differ in much else. "
            "Held equal: the other traits of the list."
        )
    if found.fit is not None and int((~found.left).sum()) > MOST_RISKS:
        yield (
            f"The list of risks holds the first {fmt.count(MOST_RISKS)} of "
            f"{fmt.count(int((~found.left).sum()))} customers still there."
        )
    if found.excluded:
        columns = ", ".join(entry.column for entry in found.excluded)
        yield f"Left out because they know the outcome: {columns}."
    if len(set(found.people.rows["currency"].dropna())) > 1:
        yield "Amounts come in several currencies, so they are neither compared nor added up."


# -- facts ----------------------------------------------------------------------------------------


def _interval(low: float, high: float) -> Interval:
    return Interval(low, high, LEVEL)


def _facts(found: ListFound, horizon: int) -> Iterator[Fact]:
    left, n = int(found.left.sum()), int(found.left.size)
    rate = share(left, n, level=LEVEL)
    day = _day(found.people)
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
    main = _main(found)
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
    yield from _stake(found, crossed, period, horizon)
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
            caveats=(f"The step: {driver.change}.", f"Not offered as a lever: {_NO_LEVER}."),
        )


def _stake(found: ListFound, method: Method, period: str, horizon: int) -> Iterator[Fact]:
    """What customers still there pay, weighted by how much they look like those who left."""
    rows = found.people.rows
    currencies = sorted(set(rows["currency"].dropna()))
    if len(currencies) != 1:
        return
    still = ~found.left
    amount = np.nan_to_num(rows["monthly_amount"].to_numpy(np.float64, na_value=np.nan))[still]
    chance, revenue = found.chances[still], amount * horizon
    middle = float(chance @ revenue)
    half = z_of_level(LEVEL) * float(np.sqrt((chance * (1 - chance)) @ np.square(revenue)))
    yield Fact(
        id="churn.at_stake",
        label=f"Revenue of those still there who look like leavers, {horizon} months",
        value=middle,
        interval=_interval(max(0.0, middle - half), middle + half),
        unit=str(currencies[0]),
        method=method,
        n=int(still.sum()),
        population="customers of the list who were still there",
        period=period,
        definition="revenue_at_stake",
        caveats=(_NO_SPAN,),
        sources=found.people.sources,
    )


def _card(found: ListFound) -> Card:
    main = _main(found)
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
        code="cxdash.questions.churn_list.find_in_list",
    )


# -- tables and charts ----------------------------------------------------------------------------


def _tables(found: ListFound, scope: Scope) -> dict[str, Sequence[Row]]:
    made: dict[str, Sequence[Row]] = {
        "drivers": [_driver(found, driver) for driver in found.drivers],
        "compare": list(_compare(found)),
        "validation": [_check(found, entry) for entry in found.checks],
        "reliability": list(_reliability(found)),
        "risks": _risks(found, scope),
        "excluded": [{"column": e.column, "reason": e.reason} for e in found.excluded],
        "left_out": [{"column": e.column, "reason": e.reason} for e in found.left_out],
    }
    always = ("drivers", "validation", "excluded", "risks")
    return {name: rows for name, rows in made.items() if rows or name in always}


def _driver(found: ListFound, driver: Driver) -> Row:
    raw = driver.raw
    held = [part.label for part in found.parts if part.label != driver.label]
    return {
        "driver": driver.name,
        "label": driver.label,
        "known_by": driver.kind,
        "change": driver.change,
        "effect": driver.effect.estimate,
        "low": driver.effect.low,
        "high": driver.effect.high,
        "raw_effect": raw.estimate if raw else None,
        "raw_low": raw.low if raw else None,
        "raw_high": raw.high if raw else None,
        "p_adjusted": driver.p_adjusted,
        "beyond_noise": driver.beyond_noise,
        "rank": driver.ranks.rank,
        "rank_low": driver.ranks.low,
        "rank_high": driver.ranks.high,
        "place": place(driver, len(found.drivers)),
        "lever": False,
        "lever_reason": _NO_LEVER,
        "grade": Method(description="", adjusted_for=tuple(held)).grade.name,
        "adjusted_for": ", ".join(held),
        "n": driver.n,
    }


def _compare(found: ListFound) -> Iterator[Row]:
    surest = sorted(found.drivers, key=lambda driver: driver.effect.p_value)[:MOST_COMPARED]
    for driver in sorted(surest, key=lambda driver: driver.ranks.rank):
        for view, effect in ((COUNTED, driver.raw), (HELD, driver.effect)):
            if effect is not None:
                yield {
                    "label": driver.label,
                    "view": view,
                    "effect": effect.estimate,
                    "low": effect.low,
                    "high": effect.high,
                    "n": driver.n,
                }


def _check(found: ListFound, entry: ListCheck) -> Row:
    return {
        "model": entry.model,
        "auc": entry.auc.estimate if entry.auc else 0.5,
        "auc_low": entry.auc.low if entry.auc else None,
        "auc_high": entry.auc.high if entry.auc else None,
        "brier": entry.calibration.brier.estimate,
        "calibration_slope": entry.calibration.slope,
        "calibration_intercept": entry.calibration.intercept,
        "n_train": entry.trained,
        "n_test": int(found.left.size),
        "events_test": int(found.left.sum()),
        "cutoff": _CUTOFF,
    }


def _reliability(found: ListFound) -> Iterator[Row]:
    for number, group in enumerate(found.groups, start=1):
        yield {
            "group": f"Tenth {number}",
            "predicted_rate": group.predicted,
            "left_rate": group.observed,
            "left_low": group.low,
            "left_high": group.high,
            "n": group.n,
            "left": group.events,
        }


def _risks(found: ListFound, scope: Scope) -> list[Row]:
    """Customers who were still there and look like those who had left, the largest loss first."""
    if found.fit is None:
        return []
    still = ~found.left
    rows = found.people.rows
    one_currency = len(set(rows["currency"].dropna())) == 1
    amount = rows["monthly_amount"].to_numpy(np.float64, na_value=np.nan)
    weight = found.chances * (np.nan_to_num(amount) if one_currency else 1.0)
    order = [int(row) for row in np.argsort(-weight, kind="stable") if still[row]][:MOST_RISKS]
    keep = np.zeros(len(rows), dtype=np.bool_)
    keep[order] = True
    average = found.matrix[still].mean(axis=0)
    said = reasons(found.fit, found.matrix, signs_of(found), average=average, of=keep)
    ids = rows["customer_id"].to_numpy(dtype=object)
    return [
        {
            "customer_id": str(ids[row]),
            "risk": float(found.chances[row]),
            "revenue": round(float(amount[row]) * scope.horizon, 2)
            if one_currency and np.isfinite(amount[row])
            else None,
            "reasons": "; ".join(said[row]) or NOTHING_APART,
        }
        for row in order
    ]


def _charts(found: ListFound, tables: dict[str, Sequence[Row]]) -> Iterator[Chart]:
    if tables.get("compare"):
        rows = tables["compare"]
        clear = [driver for driver in found.drivers if driver.beyond_noise]
        yield Chart(
            id="drivers",
            title=_sentence(clear[0]) if clear else "What leavers have in common",
            kind="interval",
            table="compare",
            category="label",
            value="effect",
            low="low",
            high="high",
            group="view",
            unit="share",
            category_title="Trait",
            value_title="Change in the chance of having left, per step",
            category_order=tuple(dict.fromkeys(str(row["label"]) for row in rows)),
            alt="; ".join(
                f"{row['label']}, {row['view']}: {fmt.number(float(row['effect'] or 0), 'share')}"
                for row in rows
            ),
        )
    if tables.get("reliability"):
        yield Chart(
            id="calibration",
            title="Stated and happened, cross-validated: each customer by a model that had not "
            "seen it",
            kind="scatter",
            table="reliability",
            category="group",
            value="left_rate",
            low="left_low",
            high="left_high",
            unit="share",
            value_title="Share that had left",
            x="predicted_rate",
            x_unit="share",
            x_title="Chance the model had stated",
            diagonal=True,
            alt="; ".join(
                f"{row['group']}: stated {fmt.number(float(row['predicted_rate'] or 0), 'share')}, "
                f"left {fmt.number(float(row['left_rate'] or 0), 'share')}"
                for row in tables["reliability"]
            ),
        )
