"""The tables of ``worth``: one row a band, a segment, a window that was predicted."""

from collections.abc import Sequence

from cxdash.facts import Row
from cxdash.panel import month_end
from cxdash.questions.guard import table as table_of_excluded
from cxdash.questions.validation import table
from cxdash.questions.worth.bands import BandOutcome
from cxdash.questions.worth.findings import Findings
from cxdash.questions.worth.leaving import BandRate, Group
from cxdash.stats.ratio import Ratio
from cxdash.stats.stake import Stake

__all__ = ["AS_COUNTED", "HELD_EQUAL", "tables"]

AS_COUNTED = "As counted"
HELD_EQUAL = "Held equal"
CENTS = 2


def tables(found: Findings) -> dict[str, Sequence[Row]]:
    """Every table that has something to show; ``bands`` always."""
    made: dict[str, Sequence[Row]] = {"bands": [_band(found, band) for band in found.all_bands]}
    if found.rates_shown:
        made["compare"] = _compare(found)
        if found.setting.conditions.money_allowed:
            made["kept"] = _ratios(found, [band.kept for band in found.all_bands], "kept")
        if found.ground.has_costs and not found.ground.costs_unconverted:
            made["cost"] = _ratios(found, [band.cost for band in found.all_bands], "cost_a_month")
    if found.money_shown:
        made["segments"] = _segments(found)
    if found.paid:
        made["paid"] = _paid(found)
    made["excluded"] = table_of_excluded(found.setting.excluded)
    if found.backtest:
        made["backtest"] = _backtest(found)
        made["validation"] = table(found.backtest.checks)
    return {name: rows for name, rows in made.items() if rows}


def _band(found: Findings, band: BandOutcome) -> Row:
    shown = band.rate if found.rates_shown else None
    adjusted = _adjusted(found, band.name)
    stake = _stake(found, ("band", band.name))
    money = found.setting.conditions.money_allowed
    return {
        "metric": found.setting.item.name,
        "band": band.name,
        "label": band.label,
        "customers": band.customers,
        "n": band.n,
        "left": band.left if found.rates_shown else None,
        "churn_rate": shown.estimate if shown else None,
        "churn_low": shown.low if shown else None,
        "churn_high": shown.high if shown else None,
        "adjusted_rate": adjusted.estimate if adjusted else None,
        "adjusted_low": adjusted.low if adjusted else None,
        "adjusted_high": adjusted.high if adjusted else None,
        "revenue": round(band.revenue, CENTS) if money else None,
        "revenue_at_stake": round(stake.estimate, CENTS) if stake else None,
        "stake_low": round(stake.low, CENTS) if stake else None,
        "stake_high": round(stake.high, CENTS) if stake else None,
    }


def _adjusted(found: Findings, band: str) -> BandRate | None:
    return found.model.adjusted.get(band) if found.model and found.rates_shown else None


def _stake(found: Findings, group: Group) -> Stake | None:
    return found.model.stakes.get(group) if found.model and found.money_shown else None


def _compare(found: Findings) -> Sequence[Row]:
    """Two rows a band: as counted, and with what finance knows held equal."""
    rows: list[Row] = []
    for band in found.all_bands:
        if band.rate is None:
            continue
        rows.append(_view(band, AS_COUNTED, band.rate.estimate, band.rate.low, band.rate.high))
        adjusted = _adjusted(found, band.name)
        if adjusted:
            rows.append(_view(band, HELD_EQUAL, adjusted.estimate, adjusted.low, adjusted.high))
    return rows


def _view(band: BandOutcome, view: str, rate: float, low: float, high: float) -> Row:
    return {"label": band.label, "view": view, "rate": rate, "low": low, "high": high, "n": band.n}


def _ratios(found: Findings, ratios: Sequence[Ratio | None], name: str) -> Sequence[Row]:
    return [
        {
            "band": band.name,
            "label": band.label,
            name: ratio.estimate,
            "low": ratio.low,
            "high": ratio.high,
            "n": ratio.n,
            "largest_share": ratio.largest_share,
        }
        for band, ratio in zip(found.all_bands, ratios, strict=True)
        if ratio
    ]


def _paid(found: Findings) -> Sequence[Row]:
    return [
        {
            "band": band.name,
            "label": band.label,
            "paid": mean.estimate,
            "low": mean.low,
            "high": mean.high,
            "n": mean.n,
        }
        for band, mean in found.paid
    ]


def _segments(found: Findings) -> Sequence[Row]:
    if found.model is None:
        return []
    base = found.setting.marks.base
    segment = base["segment"].fillna("").astype(str)
    rows: list[Row] = []
    for (kind, name), stake in found.model.stakes.items():
        if kind != "segment":
            continue
        own = base[segment == name]
        rows.append(
            {
                "segment": name or "Not given",
                "customers": stake.customers,
                "heard": float(own["heard"].mean()),
                "revenue": round(float(own["rate"].sum()) * found.setting.horizon, CENTS),
                "revenue_at_stake": round(stake.estimate, CENTS),
                "stake_low": round(stake.low, CENTS),
                "stake_high": round(stake.high, CENTS),
            }
        )
    return sorted(rows, key=lambda row: -float(row["revenue_at_stake"] or 0))


def _backtest(found: Findings) -> Sequence[Row]:
    """One row for all customers, each band and each segment in the window that was predicted."""
    test, horizon = found.backtest, found.setting.horizon
    if test is None:
        return []
    money = found.setting.conditions.money_allowed
    labels = {("band", band.name): band.label for band in found.all_bands}
    labels |= {("all", ""): "All customers", ("unheard", ""): "Answered nothing"}
    rows: list[Row] = []
    for group, expected in test.expected.items():
        rows.append(
            {
                "group": labels.get(group, group[1] or "Not given"),
                "from": month_end(test.landmark).isoformat(),
                "until": month_end(test.landmark + horizon).isoformat(),
                "customers": expected.customers,
                "expected_leavers": expected.leavers,
                "leavers_low": expected.leavers_low,
                "leavers_high": expected.leavers_high,
                "leavers": test.leavers[group],
                "expected_lost": round(expected.estimate, CENTS) if money else None,
                "lost_low": round(expected.low, CENTS) if money else None,
                "lost_high": round(expected.high, CENTS) if money else None,
                "lost": round(test.lost[group], CENTS) if money else None,
                "confirmed": test.confirms(group),
            }
        )
    return rows
