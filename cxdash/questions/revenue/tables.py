"""The tables of ``revenue``: drivers, retention, movements, accounts, cost, value, other models."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Final

from cxdash.facts import Row
from cxdash.panel import month_end
from cxdash.questions.guard import table as table_of_excluded
from cxdash.questions.revenue.ahead import Worth
from cxdash.questions.revenue.driver_facts import change_method, level_method, year_of
from cxdash.questions.revenue.drivers import Driver
from cxdash.questions.revenue.facts import facts_by_id
from cxdash.questions.revenue.find import Findings
from cxdash.questions.revenue.links import Link
from cxdash.stats.ratio import Ratio

__all__ = ["BETWEEN", "MOST_DRAWN", "WITHIN", "tables"]

BETWEEN: Final = "Different customers compared"
WITHIN: Final = "The same customers over time"
MOST_DRAWN: Final = 7
CENTS: Final = 2
_GROSS: Final = "Growth left out (GRR)"
_NET: Final = "Growth counted (NRR)"
_BY: Final = {"all": "All", "answer": "By answer", "segment": "By segment"}


def tables(found: Findings) -> dict[str, Sequence[Row]]:
    """Every table that has something to show; ``drivers`` and ``retention`` always."""
    made: dict[str, Sequence[Row]] = {
        "beside": list(_beside(found)),
        "drivers": list(_drivers(found)),
        "tests": list(_tests(found)),
        "retention": list(_retention(found)),
        "kept_over_time": list(_over_time(found)),
        "bridge": list(_bridge(found)),
        "movements": list(_movements(found)),
        "cost": list(_costs(found)),
        "clv": list(_values(found)),
        "premium": list(_premium(found)),
        "accounts": list(_accounts(found)),
        "models": list(_models(found)),
        "explained": list(_explained(found)),
        "excluded": table_of_excluded(found.stage.excluded),
    }
    always = {"drivers", "retention"}
    return {name: rows for name, rows in made.items() if rows or name in always}


def _drivers(found: Findings) -> Iterator[Row]:
    """The change of every candidate, largest first, each with its level beside it."""
    for driver in found.drivers.found if found.drivers else ():
        yield _driver(found, driver, driver.change, driver.change_rank)
        yield _driver(found, driver, driver.level, driver.level_rank)


def _driver(found: Findings, driver: Driver, link: Link, rank: int) -> Row:
    effect, raw = link.effect, link.raw
    is_change = link.kind == "change"
    method = change_method(found, driver) if is_change else level_method(found, driver)
    return {
        "driver": link.candidate.name,
        "label": link.candidate.label,
        "kind": link.kind,
        "change": link.candidate.step,
        "unit": found.stage.unit,
        "effect": _cents(effect.estimate if effect else None),
        "low": _cents(effect.low if effect else None),
        "high": _cents(effect.high if effect else None),
        "raw_effect": _cents(raw.estimate if raw else None),
        "raw_low": _cents(raw.low if raw else None),
        "raw_high": _cents(raw.high if raw else None),
        "rank": rank,
        "grade": method.grade.name,
        "lever": is_change and driver.is_lever,
        "adjusted_for": ", ".join(_SHORT.get(part, part) for part in link.held_equal),
        "n": effect.customers if effect else 0,
    }


def _tests(found: Findings) -> Iterator[Row]:
    """How each change came through its tests, and what it comes to in a year."""
    for driver in found.drivers.found if found.drivers else ():
        link, effect = driver.change, driver.change.effect
        if effect is None:
            continue
        year, low, high = year_of(found, driver) or (None, None, None)
        yield {
            "driver": link.candidate.name,
            "label": link.candidate.label,
            "unit": found.stage.unit,
            "verdict": _verdict(driver),
            "money_first_p": link.lead_p,
            "shown_later": _LATER[link.confirmed] if link.same else "history too short",
            "account": link.account.customer_id if link.account else "none",
            "would_go": _would_go(link),
            "year": _cents(year),
            "year_low": _cents(low),
            "year_high": _cents(high),
            "usual": link.candidate.usual,
        }


def _would_go(link: Link) -> str:
    """How few customers would undo a clear change, in words where it is no number."""
    if link.would_go is None:
        return "more than half of all"
    return str(link.would_go) if link.would_go else "nothing to lose"


_LATER: Final = {True: "yes", False: "no"}
_SHORT: Final = {
    "everything that stays the same about a customer": "customer",
    "the period": "period",
    "time as a customer": "tenure",
    "recent contacts": "contacts",
}


def _verdict(driver: Driver) -> str:
    """What the three tests and the many looks leave of a change, in a few words."""
    if driver.backwards:
        return "money moved first"
    account = driver.change.account
    if account and account.dominates:
        return "one account carries it"
    if not driver.stands_out:
        return "not told from noise"
    if not driver.stands_alone:
        return "one account carries it"
    return "confirmed later" if driver.change_validated else "not confirmed yet"


def _beside(found: Findings) -> Iterator[Row]:
    """The first few drivers for drawing: level and change of each, one below the other."""
    shown = [d for d in (found.drivers.found if found.drivers else ()) if d.change.effect]
    for driver in shown[:MOST_DRAWN]:
        for name, link in ((WITHIN, driver.change), (BETWEEN, driver.level)):
            if link.effect:
                yield {
                    "label": link.candidate.label,
                    "compared": name,
                    "effect": _cents(link.effect.estimate),
                    "low": _cents(link.effect.low),
                    "high": _cents(link.effect.high),
                }


def _retention(found: Findings) -> Iterator[Row]:
    for flow in found.flows:
        if not flow.customers:
            continue
        kept = flow.kept
        lost = flow.lost if not found.stage.conditions.against_rates else None
        yield {
            "period": month_end(flow.opens + found.stage.horizon).isoformat(),
            "from": month_end(flow.opens).isoformat(),
            **_ends("grr", kept.grr if kept else None),
            **_ends("nrr", kept.nrr if kept else None),
            "logo_churn": lost.estimate if lost else None,
            "logo_churn_low": lost.low if lost else None,
            "logo_churn_high": lost.high if lost else None,
            **_ends("earned_growth", kept.earned_growth if kept else None),
            "n": flow.customers,
        }


def _ends(name: str, ratio: Ratio | None) -> Row:
    return {
        name: ratio.estimate if ratio else None,
        f"{name}_low": ratio.low if ratio else None,
        f"{name}_high": ratio.high if ratio else None,
    }


def _over_time(found: Findings) -> Iterator[Row]:
    """Net and gross retention by period, for drawing."""
    for flow in found.flows:
        if flow.kept is None:
            continue
        for name, ratio in ((_NET, flow.kept.nrr), (_GROSS, flow.kept.grr)):
            yield {
                "period": month_end(flow.opens + found.stage.horizon).isoformat(),
                "measure": name,
                "kept": ratio.estimate,
                "low": ratio.low,
                "high": ratio.high,
            }


def _movements(found: Findings) -> Iterator[Row]:
    for flow in found.flows:
        move, movers = flow.moved, flow.movers
        if move is None or movers is None:
            continue
        yield {
            "period": month_end(flow.opens + found.stage.horizon).isoformat(),
            "from": month_end(flow.opens).isoformat(),
            "revenue_start": _cents(move.start),
            "revenue_expansion": _cents(move.expansion),
            "revenue_contraction": _cents(-move.contraction),
            "revenue_churned": _cents(-move.churned),
            "revenue_new": _cents(move.new),
            "revenue_returned": _cents(move.returned),
            "revenue_end": _cents(move.end),
            "revenue_added": _cents(flow.added),
            "revenue_small_rises": _cents(flow.small_rises),
            "revenue_refunded": _cents(-flow.refunded),
            **{f"customers_{name}": count for name, count in asdict(movers).items()},
        }


def _bridge(found: Findings) -> Iterator[Row]:
    """The newest period from start to end, for drawing."""
    flow = found.latest
    if flow is None or flow.moved is None or flow.movers is None:
        return
    move, movers = flow.moved, flow.movers
    steps = (
        ("Start", move.start, movers.start, "total"),
        ("Grew", move.expansion, movers.expansion, "step"),
        ("Shrank", -move.contraction, movers.contraction, "step"),
        ("Left", -move.churned, movers.churned, "step"),
        ("New", move.new, movers.new, "step"),
        ("Came back", move.returned, movers.returned, "step"),
        ("End", move.end, movers.end, "total"),
    )
    for step, amount, customers, group in steps:
        if amount or group == "total":
            yield {"step": step, "revenue": _cents(amount), "part": group, "customers": customers}


def _costs(found: Findings) -> Iterator[Row]:
    for each in found.costs:
        yield {
            "by": _BY[each.by],
            "label": each.label,
            # Not to the cent: rounded twice, $8.347 would read $8.4 here and $8.3 in worth.
            "cost_a_month": each.cost.estimate,
            "low": each.cost.low,
            "high": each.cost.high,
            "n": each.cost.n,
        }


def _values(found: Findings) -> Iterator[Row]:
    for each in found.values:
        yield {
            "segment": _segments(each),
            "customers": each.customers,
            "revenue_ahead": _cents(each.value.estimate),
            "low": _cents(each.value.low),
            "high": _cents(each.value.high),
        }


def _segments(each: Worth) -> str:
    if not each.segments:
        return "All customers"
    said = [name or "not given" for name in each.segments]
    return said[0].capitalize() if said == ["not given"] else " + ".join(said)


def _premium(found: Findings) -> Iterator[Row]:
    """The gap between the bands as counted and held equal, each with its grade."""
    if found.premium is None:
        return
    by_id = facts_by_id(found)
    gap = found.premium
    for view, effect, name in (
        ("As counted", gap.raw, "revenue.premium"),
        ("Held equal", gap.held, "revenue.premium_adjusted"),
    ):
        if effect:
            yield {
                "metric": found.metric,
                "view": view,
                "spend_gap": _cents(effect.estimate),
                "low": _cents(effect.low),
                "high": _cents(effect.high),
                "grade": by_id[name].grade.name,
                "n": effect.customers,
                "adjusted_for": ", ".join(gap.held_equal) if effect is gap.held else "",
            }


def _accounts(found: Findings) -> Iterator[Row]:
    """Accounts that carry a finding, with what is found without each."""
    flow = found.latest
    if flow and flow.heavy:
        yield {
            "finding": "Net revenue retention",
            "customer_id": flow.heavy.customer_id,
            "share_of_revenue": flow.heavy.share,
            "unit": "share",
            "with_account": flow.heavy.nrr,
            "without_account": flow.heavy.without,
            "low": None,
            "high": None,
        }
    for driver in found.drivers.found if found.drivers else ():
        account, effect = driver.change.account, driver.change.effect
        if account and effect:
            yield {
                "finding": f"Spend after {driver.candidate.after}",
                "customer_id": account.customer_id,
                "share_of_revenue": account.paid,
                "unit": found.stage.unit,
                "with_account": _cents(effect.estimate),
                "without_account": _cents(account.estimate),
                "low": _cents(account.low),
                "high": _cents(account.high),
            }


def _models(found: Findings) -> Iterator[Row]:
    for each in found.drivers.rivals if found.drivers else ():
        yield {
            "driver": each.name,
            "label": each.label,
            "kind": each.kind,
            "model": each.model,
            "unit": found.stage.unit,
            "effect": _cents(each.estimate.estimate),
            "low": _cents(each.estimate.low),
            "high": _cents(each.estimate.high),
            "n": each.estimate.n,
        }


def _explained(found: Findings) -> Iterator[Row]:
    drivers = found.drivers
    if drivers is None or drivers.importance is None:
        return
    rows = zip(drivers.split, drivers.importance.parts, strict=True)
    for candidate, part in sorted(rows, key=lambda pair: pair[1].rank):
        yield {
            "driver": candidate.name,
            "label": candidate.label,
            "share": part.share,
            "low": part.low,
            "high": part.high,
            "rank": part.rank,
            "rank_low": part.rank_low,
            "rank_high": part.rank_high,
            "unique_share": part.unique,
            "chance_share": part.placebo,
            "beyond_chance": part.beyond_placebo,
        }


def _cents(amount: float | None) -> float | None:
    return None if amount is None else round(amount, CENTS) + 0.0  # no minus nothing
