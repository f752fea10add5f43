"""The charts of ``churn``: what goes before leaving, where to look first, and how right it was."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from cxdash.facts import Chart, Interval, Row, wording
from cxdash.facts import format as fmt
from cxdash.facts.definitions import definition
from cxdash.questions.churn.find import Found
from cxdash.questions.churn.stay import staying
from cxdash.questions.churn.tables import CORNERS
from cxdash.questions.churn.words import driver_sentence
from cxdash.questions.judgement import LEVEL

__all__ = ["churn_charts"]

Tables = Mapping[str, Sequence[Row]]
_STEP: Final = "Change in leaving within {} months per realistic step, in percentage points"


def churn_charts(found: Found, tables: Tables) -> tuple[Chart, ...]:
    """Charts of the tables that exist, the proof of the headline first."""
    return tuple(_charts(found, tables))


def _charts(found: Found, tables: Tables) -> Iterator[Chart]:
    horizon = found.stage.horizon
    if tables.get("compare"):
        rows = tables["compare"]
        yield Chart(
            id="drivers",
            title=_drivers_title(found),
            kind="interval",
            table="compare",
            category="label",
            value="effect",
            low="low",
            high="high",
            group="view",
            unit="share",
            category_title="What goes before",
            value_title=_STEP.format(horizon),
            category_order=tuple(dict.fromkeys(str(row["label"]) for row in rows)),
            alt=_alt(rows, "effect", "view"),
        )
    if len(tables.get("importance", ())) > 1:
        rows = tables["importance"]
        yield Chart(
            id="importance",
            title=_importance_title(rows),
            kind="scatter",
            table="importance",
            category="label",
            value="importance",
            low="importance_low",
            high="importance_high",
            unit="share",
            value_title=f"Fewer leavers within {horizon} months per step",
            x="performance_share",
            x_unit="share",
            x_title="How customers score it today, as a share of the scale",
            corners=CORNERS,
            alt=_alt(rows, "importance", ""),
        )
    if tables.get("reliability"):
        rows = tables["reliability"]
        yield Chart(
            id="calibration",
            title=_calibration_title(found),
            kind="scatter",
            table="reliability",
            category="group",
            value="left_rate",
            low="left_low",
            high="left_high",
            unit="share",
            value_title="Share that then left",
            x="predicted_rate",
            x_unit="share",
            x_title="Chance the model had stated",
            diagonal=True,
            alt=_alt(rows, "left_rate", ""),
        )
    if tables.get("stay"):
        rows = tables["stay"]
        yield Chart(
            id="stay",
            title=_stay_title(found),
            kind="line",
            table="stay",
            category="month",
            value="stayed_share",
            low="low",
            high="high",
            group="band",
            unit="share",
            category_title="Months after the window began",
            value_title="Share still there",
            category_order=tuple(dict.fromkeys(str(row["month"]) for row in rows)),
            alt=_stay_alt(found, [row for row in rows if row["month"] == str(horizon)]),
        )


def _drivers_title(found: Found) -> str:
    clear = [driver for driver in found.drivers if driver.beyond_noise]
    if clear:
        return driver_sentence(found, clear[0])
    return wording.cannot_tell(
        "which of these goes with leaving when all else is held equal",
        f"none of {len(found.drivers)} is beyond noise",
    )


def _importance_title(rows: Sequence[Row]) -> str:
    clear = [row for row in rows if row["beyond_noise"]]
    if not clear:
        return wording.cannot_tell(
            "which answer to look at first", "none goes with leaving beyond noise by itself"
        )
    lowest = min(clear, key=lambda row: float(row["performance_share"] or 0))
    return (
        f"Look at {wording.quoted(str(lowest['label']))} first: of the answers that go with "
        "leaving, customers score it lowest"
    )


def _calibration_title(found: Found) -> str:
    if found.record is None:
        return "What was stated and what then happened"
    told = found.record.of_main.calibration
    return (
        f"Stated and happened: {fmt.count(round(told.expected))} leavers were expected on windows "
        f"the model had not seen, {fmt.count(told.events)} left"
    )


def _stay_title(found: Found) -> str:
    """Whether as many of the band at one end stayed as of that at the other, as counted."""
    curves = staying(found)
    if curves is None:
        return "Share still there in the months after an answer, as counted"
    meant = definition(found.closed.items[curves.number].variant)
    bands = {band.label: band for band in meant.bands}
    return wording.compare_rates(
        *(wording.scored(meant, bands[label]) for label in curves.ends),
        did=f"stayed all {found.stage.horizon} months",
        difference=Interval(curves.gap.low, curves.gap.high, LEVEL),
        estimate=curves.gap.estimate,
    )


def _stay_alt(found: Found, ends: Sequence[Row]) -> str:
    curves = staying(found)
    tested = f"; log-rank test {fmt.p_value(curves.difference.p_value)}" if curves else ""
    return f"{_alt(ends, 'stayed_share', 'band')}{tested}"


def _alt(rows: Sequence[Row], value: str, group: str) -> str:
    parts = []
    for row in rows:
        name = " ".join(
            str(row[key]) for key in ("label", "group", group) if key and row.get(key) is not None
        )
        parts.append(f"{name}: {fmt.number(float(row[value] or 0), 'share')}")
    return "; ".join(parts)
