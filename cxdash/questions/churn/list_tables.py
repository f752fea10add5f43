"""Tables and charts of ``churn`` about a list of customers without dates."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from cxdash.facts import Chart, Method, Row
from cxdash.facts import format as fmt
from cxdash.questions.churn.drivers import Driver
from cxdash.questions.churn.list import ListFound, signs_of
from cxdash.questions.churn.list_facts import NO_LEVER
from cxdash.questions.churn.list_words import sentence
from cxdash.questions.churn.risks import NOTHING_APART, reasons
from cxdash.questions.churn.rows import compared, driver_row
from cxdash.questions.churn.tables import MOST_RISKS
from cxdash.questions.validation import table

__all__ = ["list_charts", "list_tables"]


def list_tables(found: ListFound) -> dict[str, Sequence[Row]]:
    """The tables there is something to show of, and those that are always there."""
    made: dict[str, Sequence[Row]] = {
        "drivers": [_driver(found, driver) for driver in found.drivers],
        "compare": list(compared(found.drivers)),
        "validation": table(found.checks),
        "reliability": list(_reliability(found)),
        "risks": _risks(found),
        "excluded": [{"column": e.column, "reason": e.reason} for e in found.excluded],
        "left_out": [{"column": e.column, "reason": e.reason} for e in found.left_out],
    }
    always = ("drivers", "validation", "excluded", "risks")
    return {name: rows for name, rows in made.items() if rows or name in always}


def _driver(found: ListFound, driver: Driver) -> Row:
    held = tuple(part.label for part in found.parts if part.label != driver.label)
    method = Method(description="", adjusted_for=held)
    return driver_row(driver, len(found.drivers), method, NO_LEVER)


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


def _risks(found: ListFound) -> list[Row]:
    """Customers who were still there, by how much they look like those who had left.

    Weighed by what they pay a month, which is their ``revenue``: a list looks no months ahead.
    """
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
            "revenue": round(float(amount[row]), 2)
            if one_currency and np.isfinite(amount[row])
            else None,
            "reasons": "; ".join(said[row]) or NOTHING_APART,
        }
        for row in order
    ]


def list_charts(found: ListFound, tables: Mapping[str, Sequence[Row]]) -> Iterator[Chart]:
    """Charts of the tables that exist."""
    if tables.get("compare"):
        rows = tables["compare"]
        clear = [driver for driver in found.drivers if driver.beyond_noise]
        yield Chart(
            id="drivers",
            title=sentence(clear[0]) if clear else "What leavers have in common",
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
