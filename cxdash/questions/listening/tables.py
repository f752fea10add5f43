"""The tables of ``listening``: groups of customers, three scores, what came after, every signal."""

from collections.abc import Sequence

from cxdash.facts import Row
from cxdash.panel import month_end
from cxdash.questions.listening.facts import STANDINGS
from cxdash.questions.listening.findings import Findings
from cxdash.questions.listening.standing import Afterwards, Group, Standing
from cxdash.stats.estimate import Estimate

__all__ = ["tables"]

HEARD = "As those who answered gave it"
WEIGHTED = "Weighted to all customers"
OTHERS_LOWEST = "All others at the lowest"
OTHERS_HIGHEST = "All others at the highest"
NO_NAME = "Survey without a name"
CENTS = 2


def tables(found: Findings) -> dict[str, Sequence[Row]]:
    """Every table that has something to show."""
    made: dict[str, Sequence[Row]] = {"scores": _scores(found)}
    if found.standing:
        groups = (found.standing.everybody, *found.standing.groups)
        made["groups"] = [_group(found, group) for group in groups]
        made["coverage"] = _coverage(found.standing)
        made["afterwards"] = [_afterwards(each) for each in found.standing.afterwards if each.rate]
    made["response_rate"] = _rates(found)
    made["strong_feelings"] = _feelings(found)
    made["signals"] = [
        {
            "signal": signal.name,
            "asked_for": signal.solicited,
            "loaded": signal.loaded,
            "adds": signal.adds,
        }
        for signal in found.signals
    ]
    return {name: rows for name, rows in made.items() if rows}


def _group(found: Findings, group: Group) -> Row:
    """A group as the contract has it, then shares and what the rate of leaving rests on."""
    asked = found.ground.has_invitations
    money = found.has_money
    rate = group.rate
    return {
        "group": group.label,
        "customers": group.customers,
        "revenue": round(group.revenue * found.setting.horizon, CENTS) if money else None,
        "answered": group.answered,
        "silent": group.silent if asked else None,
        "never_asked": group.never_asked if asked else None,
        "churn_rate": rate.estimate if rate else None,
        "low": rate.low if rate else None,
        "high": rate.high if rate else None,
        "n": rate.n if rate else 0,
        "share_heard": group.heard,
        "revenue_heard_share": group.revenue_heard / group.revenue
        if money and group.revenue > 0
        else None,
    }


def _coverage(standing: Standing) -> Sequence[Row]:
    """All customers, and the groups of the column in which answering differs most.

    Without a clear difference: the first column there is.
    """
    columns = [group.column for group in standing.groups]
    column = standing.contrast.first.column if standing.contrast else next(iter(columns), "")
    own = [group for group in standing.groups if group.column == column]
    return [
        {
            "group": group.name,
            "share_heard": group.heard,
            "answered": group.answered,
            "customers": group.customers,
        }
        for group in (standing.everybody, *own)
    ]


def _scores(found: Findings) -> Sequence[Row]:
    score = found.score
    rows: list[Row] = []
    if score.observed:
        rows.append(_score(HEARD, score.observed))
    if score.adjusted:
        rows.append(_score(WEIGHTED, score.adjusted.weighted))
    if score.bounds:
        ends = ((OTHERS_LOWEST, score.bounds.low), (OTHERS_HIGHEST, score.bounds.high))
        rows += [
            {"view": view, "score": end, "low": None, "high": None, "n": score.customers}
            for view, end in ends
        ]
    return rows


def _score(view: str, found: Estimate) -> Row:
    return {
        "view": view,
        "score": found.estimate,
        "low": found.low,
        "high": found.high,
        "n": found.n,
    }


def _afterwards(each: Afterwards) -> Row:
    rate, kept = each.rate, each.kept
    return {
        "group": STANDINGS[each.standing],
        "n": each.n,
        "left": each.left,
        "churn_rate": rate.estimate if rate else None,
        "churn_low": rate.low if rate else None,
        "churn_high": rate.high if rate else None,
        "revenue_kept": kept.estimate if kept else None,
        "kept_low": kept.low if kept else None,
        "kept_high": kept.high if kept else None,
        "largest_account_share": kept.largest_share if kept else None,
    }


def _rates(found: Findings) -> Sequence[Row]:
    return [
        {
            "survey": each.survey or NO_NAME,
            "month": month_end(each.month).isoformat(),
            "response_rate": each.rate.estimate,
            "low": each.rate.low,
            "high": each.rate.high,
            "n": each.rate.n,
        }
        for each in found.rates
    ]


def _feelings(found: Findings) -> Sequence[Row]:
    habits = found.score.habits
    if habits is None:
        return []
    names = (
        ("Answered fewer than half of their invitations", "Answered half or more")
        if habits.by_asking
        else ("Answered once in two years", "Answered more often")
    )
    return [
        {
            "habit": name,
            "share_at_the_ends": each.estimate,
            "low": each.low,
            "high": each.high,
            "n": each.n,
        }
        for name, each in zip(names, (habits.occasional, habits.regular), strict=True)
    ]
