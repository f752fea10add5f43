"""Which Facts of an Answer are about too few customers, alone or by comparison."""

from collections.abc import Sequence
from itertools import combinations
from math import ceil
from typing import Final

from cxdash.facts import Answer, Fact
from cxdash.privacy.cells import Hidden
from cxdash.privacy.layouts import MOST_A_CUSTOMER
from cxdash.privacy.rules import FEWEST_CUSTOMERS, FEWEST_WRITERS, WRITTEN, is_small

__all__ = ["hidden_facts"]

# Facts that count findings, ways or measures of quality: nothing about customers.
_COUNT_NOBODY: Final = (
    "brief.held_back",
    "brief.worse",
    "brief.looked_at",
    "trial.working",
    "trial.own_signal",
    "examine.specifications",
    "examine.share_agreeing",
    "examine.share_holding",
    "listening.survey_dependence",
    "churn.leavers_lacking",
    "initiatives.planned",
    "initiatives.wishes",
    "case.record",
    "case.claimed.",
    "goals.share",
    "goals.unserving",
    "room.",
    "cost",
    "ledger.at_risk",
)
# Facts whose n counts each customer once; all others count windows or answers.
_ONCE: Final = (
    "worth.at_stake",
    "worth.revenue_ahead",
    "worth.excess",
    "worth.already_leaving",
    "coverage.",
    "churn.expected_leavers",
    "churn.at_stake",
    "change.",
    "revenue.nrr",
    "revenue.grr",
    "revenue.logo_churn",
    "revenue.earned_growth",
    "revenue.clv",
    "listening.unheard",
    "listening.tipping_point",
    "listening.effective_answers",
    "initiatives.",
    "verified.",
    "indicated",
    "goals.",
    "npv",
    "roi",
    "payback_months",
    "case.save",
    "case.make",
    "case.cost",
    "case.break_even",
    "case.waiting",
    "case.likely",
    "case.npv_after_record",
)


# Facts that say what a row of a table says: the beginning of their ids, the table, its column.
_OF_A_ROW: Final = (
    ("worth.at_stake.", "bands", "band"),
    ("worth.left.", "bands", "band"),
    ("change.", "parts", "part"),
    ("churn.driver.", "drivers", "driver"),
    ("revenue.driver.", "drivers", "driver"),
    ("priorities.value.", "ranking", "initiative"),
    ("priorities.waiting.", "not_doing", "initiative"),
    ("priorities.pilot.", "pilots_worth", "initiative"),
)

# Facts that set rows of a table beside each other: with one row they would tell the other.
_COMPARES: Final = (
    ("worth.gap", "bands"),
    ("worth.excess", "bands"),
    ("listening.gap", "afterwards"),
    ("revenue.premium", "cost"),
    ("change.among_stayers", "parts"),  # the whole without it is those who left and joined
)

_HEARD: Final = "coverage.customers"
# What is said of the heard and the unheard: with the sum of both, one tells the other.
_OF_THE_HEARD: Final = ("coverage.", "worth.at_stake.unheard", "listening.unheard")


def hidden_facts(answer: Answer, wider: Sequence[Answer], cells: Hidden) -> frozenset[str]:
    """Ids of the Facts to withhold; ``cells`` are the cells of tables that are hidden.

    ``wider`` answer the same question for choices of customers that hold this one's.
    """
    facts = answer.facts
    of_rows = {
        f"{start}{answer.tables[table][place].get(column)}"
        for start, table, column in _OF_A_ROW
        for place in cells.rows.get(table, ())
        if table in answer.tables
    }
    of_rows |= {
        fact.id
        for fact in facts
        for start, table in _COMPARES
        if fact.id.startswith(start) and cells.rows.get(table)
    }
    counted = [fact for fact in facts if not fact.id.startswith(_COUNT_NOBODY)]
    hidden = {
        fact.id for fact in counted if is_small(_customers(fact.id, fact.n), _fewest(fact.id))
    }
    if any(_leaves_few(fact) for fact in facts if fact.id == _HEARD):
        hidden |= {fact.id for fact in facts if fact.id.startswith(_OF_THE_HEARD)}
    for other in wider:
        larger = {fact.id: fact.n for fact in other.facts}
        hidden |= {
            fact.id
            for fact in counted
            if is_small(_customers(fact.id, abs(larger.get(fact.id, fact.n) - fact.n)))
        }
    # Two sums of money over nearly the same customers differ by what few of them pay.
    sums = [fact for fact in counted if fact.is_money and fact.id.startswith(_ONCE) and fact.n]
    for one, two in combinations(sums, 2):
        if one.id not in hidden and two.id not in hidden and is_small(abs(one.n - two.n)):
            hidden.add(min((one, two), key=lambda fact: (fact.n, fact.id)).id)
    return frozenset(hidden | of_rows)


def _leaves_few(share: Fact) -> bool:
    """Whether a share of customers, or the rest beside it, is of too few."""
    part = round((share.value or 0.0) * share.n)
    return is_small(part) or is_small(share.n - part)


def _fewest(fact_id: str) -> int:
    return FEWEST_WRITERS if WRITTEN in fact_id.split(".") else FEWEST_CUSTOMERS


def _customers(fact_id: str, n: int) -> int:
    """The fewest customers so many observations can stand for."""
    return n if fact_id.startswith(_ONCE) else ceil(n / MOST_A_CUSTOMER)
