"""The tables of ``case``, under the names of the contract."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np

from cxdash.facts import Cell, Fact, Row
from cxdash.facts import format as fmt
from cxdash.facts.wording_case import realistic
from cxdash.questions.case.audiences import briefs
from cxdash.questions.case.found import Found
from cxdash.questions.case.next_tables import levels, shapes
from cxdash.questions.case.plan import COST, MAKE, SAVE, Part
from cxdash.questions.case.valued import Valued, column
from cxdash.register.kinds.cases import SIDES, SOURCES
from cxdash.register.kinds.goals import LINES
from cxdash.stats.value import present_values

__all__ = ["case_tables"]

_CENTS: Final = 2
_ENDS: Final = (0.05, 0.95)


def case_tables(found: Found, facts: Mapping[str, Fact]) -> dict[str, Sequence[Row]]:
    """Every table that has something to show; those of the contract always."""
    tables: dict[str, Sequence[Row]] = {
        "cashflows": cash_flows(found, found.own),
        "claimed_cashflows": cash_flows(found, found.claimed),
        "columns": _columns(found),
        "lines": [_line(found, part) for part in found.plan.parts],
        "swings": _swings(found),
        "break_even": list(_break_even(found)),
        "audiences": briefs(found, facts),
        "promises": _promises(found),
        "realism": list(_realism(found)),
        "levels": levels(found),
        "shapes": shapes(found),
    }
    return {name: rows for name, rows in tables.items() if rows or name == "cashflows"}


def cash_flows(found: Found, valued: Valued | None) -> list[Row]:
    """Money a year, the columns apart; net is the last column and hides none of them."""
    if valued is None:
        return []
    plan = found.plan
    rows: list[Row] = []
    drawn = np.quantile(valued.over.net, _ENDS, axis=0)
    by_side = {
        side: sum(
            (
                np.array(flow.years) * flow.amount
                for flow in plan.flows(part for part in valued.parts if part.side == side)
            ),
            start=np.zeros(plan.years + 1),
        )
        for side in (SAVE, MAKE, COST)
    }
    net = valued.at_rest.net
    today = present_values(net, plan.rate)
    for year in range(plan.years + 1):
        row: dict[str, Cell] = {
            "year": year,
            "benefit": _cents(float(valued.at_rest.benefits[year])),
            "cost": _cents(float(valued.at_rest.costs[year])),
            "net": _cents(float(net[year])),
            "save": _cents(float(by_side[SAVE][year])),
            "make": _cents(float(by_side[MAKE][year])),
            "net_today": _cents(float(today[year])),
            "summed_net": _cents(float(net[: year + 1].sum())),
        }
        if valued.has_ranges:
            row |= {
                "net_low": _cents(min(float(drawn[0, year]), float(net[year]))),
                "net_high": _cents(max(float(drawn[1, year]), float(net[year]))),
            }
        rows.append(row)
    return rows


def _columns(found: Found) -> list[Row]:
    """Save, make and cost, worth today: what was measured, and what is claimed beside it."""
    rows: list[Row] = []
    for label, valued in (("measured", found.own), ("with claims typed in", found.claimed)):
        if valued is None:
            continue
        for side in (SAVE, MAKE, COST):
            worth, spread = column(found.plan, valued, side)
            rows.append(
                {
                    "side": SIDES[side].partition(":")[0],
                    "view": label,
                    "amount": _cents(worth),
                    "amount_low": _cents(spread.low) if spread else None,
                    "amount_high": _cents(spread.high) if spread else None,
                }
            )
    return rows


def _line(found: Found, part: Part) -> Row:
    record, flow = part.line.record, part.flow
    worth = None
    if flow is not None:
        worth = _cents(flow.amount * float(present_values(flow.years, found.plan.rate).sum()))
    first, last = record.first_year or 0, record.last_year or 0
    return {
        "name": part.line.title,
        "side": SIDES[part.side].partition(":")[0],
        "years": str(first) if first == last else f"{first} to {last}",
        "amount": None if flow is None else _cents(flow.amount),
        "amount_low": _cents(flow.low) if flow is not None and flow.has_range else None,
        "amount_high": _cents(flow.high) if flow is not None and flow.has_range else None,
        "amount_today": worth,
        "grade": part.found.method.grade.name,
        "counted": part in found.plan.counted,
        "rests_on": SOURCES[record.source],
        "why": _why(part),
        "account_line": LINES[record.line],
        "id": part.line.id,
        "n": part.found.n,
    }


def _why(part: Part) -> str:
    """Why a line is not counted, or not in full."""
    if part.found.why_not:
        return part.found.why_not
    if part.taken < 1:
        return (
            f"Cut to {fmt.number(part.taken, 'share')}: other lines rest on the same dollars, and "
            "each counts once."
        )
    if not part.is_counted:
        return "Shown, never added up: it was not measured here."
    return part.found.said or ("" if not part.is_cost else "A plan. Costs always count in full.")


def _swings(found: Found) -> list[Row]:
    """What each line alone does to the net present value, the widest first."""
    valued = found.main
    if valued is None:
        return []
    rows: list[Row] = []
    for swing in valued.swings:
        if not swing.size:
            continue
        low, high = sorted((swing.at_low, swing.at_high))
        rows.append(
            {
                "name": valued.parts[swing.line].line.title,
                "npv": _cents(valued.at_rest.npv),
                "npv_low": _cents(low),
                "npv_high": _cents(high),
                "grade": valued.parts[swing.line].found.method.grade.name,
            }
        )
    return rows


def _break_even(found: Found) -> Iterator[Row]:
    """At which amount, and which effect, of one line alone the plan loses nothing."""
    valued = found.main
    if valued is None:
        return
    for part, flow in zip(valued.parts, valued.flows, strict=True):
        worth = float(present_values(flow.years, found.plan.rate).sum())
        if part.is_cost or not worth or not flow.amount:
            continue
        needed = flow.amount - valued.at_rest.npv / worth
        effect = part.found.effect
        yield {
            "name": part.line.title,
            "amount": _cents(flow.amount),
            "needed_amount": _cents(max(needed, 0.0)),
            "pilot_found": _effect(effect, part.found.unit),
            "pilot_needed": _effect(
                None if effect is None else effect * max(needed, 0.0) / flow.amount, part.found.unit
            ),
            "verdict": "the plan pays without it" if needed <= 0 else "this much of it is needed",
        }


def _effect(effect: float | None, unit: str) -> str:
    """An effect of a pilot as a difference; empty where the line rests on none."""
    return "" if effect is None else fmt.gap(effect, unit)


def _promises(found: Found) -> list[Row]:
    return [
        {
            "case": due.case_name,
            "name": due.line_name,
            "side": "Cost" if due.is_cost else "Benefit",
            "months_after": due.after,
            "due": due.on.isoformat(),
            "promised_amount": _cents(due.promised),
            "promised_low": _cents(due.low),
            "promised_high": _cents(due.high),
            "realised_amount": None if due.realised is None else _cents(due.realised),
            "came_share": due.ratio,
            "verdict": due.verdict,
            "promised_on": due.promised_grade,
            "grade": due.grade.name if due.grade else None,
        }
        for due in found.tracked.dues
    ]


def _realism(found: Found) -> Iterator[Row]:
    """What each line promises beside the largest that was ever seen here."""
    valued = found.claimed or found.own
    for part in valued.benefits if valued is not None else ():
        flow, record = part.flow, part.line.record
        if flow is None:
            continue
        limits = []
        if found.largest is not None and found.customers:
            limits.append(
                (
                    f"the largest effect measured ({found.largest.name}), on every customer",
                    found.largest.per_customer * found.customers,
                )
            )
        if record.line == "retention" and found.at_risk is not None:
            limits.append(("all revenue expected to leave in a year", found.at_risk))
        for seen, size in limits:
            beyond = flow.amount > size
            text = fmt.number(size, found.currency)
            yield {
                "name": part.line.title,
                "amount": _cents(flow.amount),
                "seen_amount": _cents(size),
                "verdict": "beyond" if beyond else "within",
                "words": realistic(part.line.title, beyond=beyond, seen=seen, size=text),
            }


def _cents(value: float) -> float:
    return round(value, _CENTS)
