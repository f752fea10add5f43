"""What each table of an Answer counts: who stands behind a row, and what it is a part of.

A table that is not named here is shown only if each of its rows says how many customers or windows
it rests on; otherwise nobody can say that its figures are about enough of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

__all__ = ["COUNTS", "MOST_A_CUSTOMER", "WORDS", "Layout", "Part", "layout_of"]

MOST_A_CUSTOMER: Final = 8  # windows or answers of one customer at most among those counted
_ONCE: Final[Mapping[str, int]] = MappingProxyType({"n": 1, "customers": 1})

# Columns that count what a row rests on, and how often one customer can be among it.
COUNTS: Final[Mapping[str, int]] = MappingProxyType(
    {
        "customers": 1,
        "n": MOST_A_CUSTOMER,
        "n_test": MOST_A_CUSTOMER,
        "n_train": MOST_A_CUSTOMER,
    }
)


_AND_LEAVERS: Final[Mapping[str, int]] = MappingProxyType({"customers": 1, "leavers": 1})


_MOVES: Final = (
    "start",
    "expansion",
    "contraction",
    "churned",
    "new",
    "returned",
    "end",
    "added",
    "small_rises",
    "refunded",
)
_MOVERS: Final[Mapping[str, int]] = MappingProxyType({"customers_start": 1, "customers_end": 1})
# Rows of revenue without a customer, and the names they are under, of which each may be one.
_UNMATCHED: Final[Mapping[str, int]] = MappingProxyType({"n": MOST_A_CUSTOMER})
# Customers who answered twice, at least thirty of them, or at least fifty contacts.
_PAIRS: Final[Mapping[str, int]] = MappingProxyType({"n": 6})

_PILOT: Final[Mapping[str, int]] = MappingProxyType(
    {"customers_treated": 1, "customers_control": 1}
)


@dataclass(frozen=True, slots=True)
class Part:
    """Columns about part of a row's customers.

    ``counts`` are the columns that count the parts, ``shares`` those that say a part as a share of
    ``customers``; where any of them, or what is left beside them, is too few, ``columns`` go.
    """

    columns: tuple[str, ...]
    counts: tuple[str, ...] = ()
    shares: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """How the rows of a table count.

    Parameters
    ----------
    key
        Columns that name a row.
    counts
        As in COUNTS.
    parted
        Whether the rows that agree in ``within`` are parts of one whole, which may stand among them
        with ``whole`` as its name.
    splits
        Filter columns of which a row may be a group.
    one
        Columns about a single customer.
    largest
        A column with the share of a row's money that its largest customer holds.
    parts
        Columns about part of a row's customers.
    follows
        (table, own column, its column): rows without a count of their own go with those; without
        columns all of them go with any of those.
    tied
        (column, its count) that add up to each other, so that the last one tells a hidden one.
    nested
        (count, count): the first counts part of the second's customers.
    cut_across
        Its rows are parts by several columns at once: where one is too few, or customers are
        filtered, only the whole stays.
    nearly
        Its rows are choices of customers that may be nearly the same, so that the difference of two
        rows would tell of few: of two whose counts lie so close the smaller goes.
    words
        Nothing in it counts customers: only its words are looked at.
    """

    key: tuple[str, ...] = ()
    counts: Mapping[str, int] = field(default_factory=lambda: COUNTS)
    parted: bool = False
    within: tuple[str, ...] = ()
    whole: str = ""
    splits: tuple[str, ...] = ()
    one: tuple[str, ...] = ()
    largest: str = ""
    parts: tuple[Part, ...] = ()
    follows: tuple[str, str, str] | None = None
    tied: tuple[tuple[str, str], ...] = ()
    nested: tuple[tuple[str, str], ...] = ()
    cut_across: bool = False
    nearly: bool = False
    words: bool = False


WORDS: Final = Layout(words=True)
_ALL: Final = "All customers"
_HEARD: Final = (
    Part(("answered", "share_heard", "revenue_heard_share"), counts=("answered",)),
    Part(("silent", "never_asked"), counts=("silent", "never_asked")),
)

_LAYOUTS: Final[Mapping[tuple[str, str], Layout]] = MappingProxyType(
    {
        ("brief", "claims"): WORDS,
        ("brief", "held_back"): Layout(("finding", "kind"), counts=_PAIRS),
        ("brief", "worse"): Layout(("finding", "kind"), counts=_PAIRS),
        ("worth", "bands"): Layout(("band",), parted=True),
        ("worth", "compare"): Layout(("label", "view"), parted=True, within=("view",)),
        ("worth", "kept"): Layout(
            ("band",), parted=True, one=("largest_share",), largest="largest_share"
        ),
        ("worth", "cost"): Layout(
            ("band",), parted=True, one=("largest_share",), largest="largest_share"
        ),
        ("worth", "paid"): Layout(("band",), parted=True),
        ("worth", "segments"): Layout(
            ("segment",),
            parted=True,
            splits=("segment",),
            parts=(Part(("heard",), shares=("heard",)),),
        ),
        ("worth", "backtest"): Layout(
            ("group", "from"), counts=_AND_LEAVERS, whole=_ALL, cut_across=True
        ),
        ("churn", "stay"): Layout(("month", "band"), parted=True, within=("month",)),
        ("churn", "left_out"): WORDS,
        ("churn", "risks"): WORDS,
        ("revenue", "drivers"): Layout(("driver", "kind")),
        ("revenue", "beside"): Layout(("label", "compared"), follows=("drivers", "label", "label")),
        ("revenue", "tests"): Layout(
            ("driver",), one=("account",), follows=("drivers", "driver", "driver")
        ),
        ("revenue", "explained"): Layout(("driver",), follows=("drivers", "driver", "driver")),
        ("revenue", "retention"): Layout(("period",), counts=_ONCE),
        ("revenue", "bridge"): Layout(("step",), parted=True, within=("part",)),
        ("revenue", "movements"): Layout(
            ("period",),
            counts=_MOVERS,
            tied=tuple((f"revenue_{name}", f"customers_{name}") for name in _MOVES),
            nested=(
                ("customers_added", "customers_expansion"),
                ("customers_small_rises", "customers_expansion"),
            ),
        ),
        ("revenue", "kept_over_time"): Layout(
            ("period", "measure"), follows=("retention", "period", "period")
        ),
        ("revenue", "cost"): Layout(
            ("by", "label"), parted=True, within=("by",), splits=("segment",)
        ),
        ("revenue", "clv"): Layout(("segment",), parted=True, whole=_ALL, splits=("segment",)),
        ("trial", "verdicts"): Layout(("on_trial",), follows=("metrics", "on_trial", "label")),
        ("trial", "exhibits"): Layout(
            ("metric", "exhibit"), follows=("metrics", "metric", "metric")
        ),
        ("trial", "units"): Layout(("unit", "metric")),
        ("listening", "scores"): Layout(("view",), counts=_ONCE),
        ("listening", "groups"): Layout(
            ("group",),
            parted=True,
            whole=_ALL,
            splits=("segment", "plan", "region"),
            parts=_HEARD,
        ),
        ("listening", "coverage"): Layout(
            ("group",),
            parted=True,
            whole=_ALL,
            splits=("segment", "plan", "region"),
            parts=(Part(("answered", "share_heard"), counts=("answered",)),),
        ),
        ("listening", "afterwards"): Layout(
            ("group",), parted=True, one=("largest_account_share",), largest="largest_account_share"
        ),
        ("listening", "signals"): WORDS,
        ("pilots", "one_page"): WORDS,
        ("pilots", "pilots"): Layout(("pilot", "id"), counts=_PILOT),
        ("pilots", "pilot_effects"): Layout(("pilot", "view"), counts=_PILOT),
        ("pilots", "sides"): Layout(
            ("pilot", "group"), counts=_ONCE, parted=True, within=("pilot",)
        ),
        ("pilots", "checks"): WORDS,
        ("pilots", "changes"): WORDS,
        ("pilots", "sizes"): Layout(("pilot",), counts=_ONCE),
        ("pilots", "refused"): WORDS,
        ("case", "cashflows"): WORDS,
        ("case", "claimed_cashflows"): WORDS,
        ("case", "columns"): WORDS,
        ("case", "lines"): Layout(("id", "name"), counts=_ONCE),
        ("case", "swings"): Layout(("name",), words=True),
        ("case", "break_even"): Layout(("name",), words=True),
        ("case", "audiences"): WORDS,
        ("case", "promises"): Layout(("case", "name"), words=True),
        ("case", "realism"): Layout(("name",), words=True),
        ("case", "levels"): WORDS,
        ("case", "shapes"): Layout(("shape",)),
        ("change", "parts"): Layout(("part",), counts=_ONCE, parted=True),
        ("change", "change_steps"): Layout(
            ("step",), counts=_ONCE, follows=("parts", "step", "label")
        ),
        ("change", "readability"): Layout(("period",), counts=_ONCE),
        ("change", "restated"): Layout(("who", "period"), counts=_ONCE),
        ("change", "control"): Layout(("period",), counts=_ONCE),
        ("change", "year_earlier"): Layout(("which_year", "period"), counts=_ONCE),
        ("change", "events"): WORDS,
        ("ledger", "claims"): Layout(("claim", "month"), counts=_ONCE),
        ("ledger", "by_claim"): Layout(("delivered", "team", "line", "from"), counts=_ONCE),
        ("ledger", "credit"): Layout(("team",), counts=_ONCE, parted=True),
        ("ledger", "cx_roles"): Layout(("cx_role",), counts=_ONCE, parted=True),
        ("ledger", "wins"): Layout(("initiative_name", "line", "team"), counts=_ONCE),
        ("ledger", "sums"): Layout(("what",), counts=_ONCE),
        ("ledger", "without_result"): WORDS,
        ("ledger", "movement"): Layout(("month", "line"), counts=_ONCE),
        ("ledger", "budgets"): WORDS,
        ("reconcile", "months"): Layout(
            ("month", "line", "unit"), counts=_ONCE, parted=True, within=("month", "unit")
        ),
        ("reconcile", "by_month"): Layout(("month",), counts=_ONCE),
        ("reconcile", "signatures"): Layout(("month", "line", "unit"), counts=_ONCE),
        ("reconcile", "unmatched"): Layout(("what", "unit"), counts=_UNMATCHED),
        ("reconcile", "orphans"): Layout(("what",)),
        ("initiatives", "initiatives"): Layout(("name",), counts=_ONCE, nearly=True),
        ("initiatives", "steps"): WORDS,
        # Who objects to what has no layout, so only those who decide read it.
        ("initiatives", "adoption"): Layout(("name", "step"), counts={"exposed": 1}),
        ("initiatives", "overrides"): WORDS,
        ("initiatives", "overlaps"): Layout(
            ("first", "second"),
            counts={"shared": 1, "customers_first": 1, "customers_second": 1},
            tied=tuple(
                ("shared", count) for count in ("shared", "customers_first", "customers_second")
            ),
            nested=(("shared", "customers_first"), ("shared", "customers_second")),
        ),
        ("initiatives", "guardrails"): Layout(
            ("name", "measure"), counts={"customers": 1, "others": 1}
        ),
        ("initiatives", "saved_parts"): Layout(
            ("name", "what_part"), follows=("savings", "name", "name")
        ),
        ("initiatives", "savings"): Layout(("name",), counts={"customers": 1, "others": 1}),
        ("priorities", "ranking"): Layout(("name",), counts=_ONCE, nearly=True),
        ("priorities", "not_doing"): Layout(("name",), counts=_ONCE, nearly=True),
        ("priorities", "pilots_worth"): Layout(("name",), counts=_ONCE, nearly=True),
        ("goals", "goals"): Layout(("goal", "statement"), counts=_ONCE),
        ("goals", "criteria"): Layout(("criterion", "statement"), counts=_ONCE),
        ("goals", "serves"): WORDS,
        ("goals", "say_do"): WORDS,
        ("goals", "unserved"): WORDS,
        ("room", "urgency"): Layout(("label",), counts=_ONCE),
        ("journey", "stages"): Layout(
            ("stage",),
            counts={"customers": 1},
            parts=(
                Part(
                    (
                        "score",
                        "score_low",
                        "score_high",
                        "raw_score",
                        "n",
                        "effort_score",
                        "effort_share",
                        "effort_score_low",
                        "effort_score_high",
                        "effort_share_low",
                        "effort_share_high",
                    ),
                    counts=("n",),
                ),
            ),
        ),
        ("journey", "stage_work"): Layout(
            ("stage",),
            counts={"customers": 1},
            parts=(
                Part(
                    ("customers_today", "revenue", "revenue_at_stake", "stake_low", "stake_high"),
                    counts=("customers_today",),
                ),
            ),
        ),
        ("journey", "losses"): Layout(
            ("stage", "next_stage"),
            counts={"customers": 1},
            parts=(Part(("left_rate", "left_low", "left_high"), shares=("left_rate",)),),
        ),
        ("journey", "unplaced"): Layout(("place", "kind", "channel"), counts={"met": 8}),
        ("team", "teams"): Layout(
            ("unit",), parts=(Part(("left_rate", "left_low", "left_high"), counts=("served",)),)
        ),
        ("team", "links"): Layout(("driver", "label")),
        ("team", "directions"): Layout(("direction",)),
        ("examine", "exhibits"): Layout(("order", "question"), words=True),
        ("examine", "curve"): Layout(("name",), follows=("specifications", "", "")),
        ("voices", "themes"): Layout(
            ("theme",),
            parts=(Part(("customers", "revenue"), counts=("customers",)),),
        ),
        ("voices", "effects"): Layout(("theme", "outcome")),
        ("voices", "score"): Layout(("theme",)),
        ("voices", "compare"): Layout(("label", "view")),
        ("voices", "compare_score"): Layout(("label", "view")),
    }
)
_EVERYWHERE: Final[Mapping[str, Layout]] = MappingProxyType(
    {"excluded": WORDS, "validation": Layout(("model",))}
)


def layout_of(question: str, table: str) -> Layout | None:
    """How that table counts; None where its rows must say it all themselves."""
    return _LAYOUTS.get((question, table)) or _EVERYWHERE.get(table)
