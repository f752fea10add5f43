"""Each dollar stands in one column, and none of a source counts twice, whatever is entered."""

from dataclasses import replace
from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from cxdash.facts import Method
from cxdash.questions.case.evidence import Evidence
from cxdash.questions.case.plan import COST, MAKE, SAVE, planned
from cxdash.questions.case.valued import column, valued
from cxdash.register import Kept
from cxdash.register.kinds.cases import Case, CaseLine
from cxdash.stats.cashflow import returned

METHODS = {
    "A": Method(description="", randomised=True),
    "C": Method(description="", adjusted_for=("size",), validated_out_of_time=True),
    "D": Method(description=""),
    "F": Method(description="", assertion=True),
}
CASE = Case(
    name="Plan",
    starts=date(2026, 1, 1),
    years=3,
    discount_rate=0.1,
)
LINE = CaseLine(
    case="case-1",
    name="Line",
    side=SAVE,
    line="retention",
    first_year=1,
    last_year=3,
    source="assertion",
)
WHOLE = 1_000.0


def kept(record, number):
    return Kept(
        id=f"{record.KIND}-{number}",
        version=1,
        what="entered",
        at=datetime(2026, 1, 1, tzinfo=UTC),
        by="ann",
        record=record,
        digest="",
    )


@st.composite
def entered(draw):
    """A line with what it rests on; measured ones share two pools of 1,000 dollars a year."""
    side = draw(st.sampled_from([SAVE, MAKE, COST]))
    first = draw(st.integers(0, 3))
    last = draw(st.integers(first, 3))
    pool = "" if side == COST else draw(st.sampled_from(["", "one", "two"]))
    part = draw(st.floats(0.05, 1.0))
    amount = WHOLE * part
    grade = draw(st.sampled_from([*METHODS])) if pool else "F"
    found = Evidence(
        amount=amount,
        low=amount * 0.5,
        high=amount * 1.5,
        method=METHODS[grade],
        n=100,
        source=pool,
        pool=pool,
        whole=WHOLE if pool else 0.0,
    )
    return replace(LINE, side=side, first_year=first, last_year=last), found


LINES = st.lists(entered(), min_size=1, max_size=8)


def plan_of(lines):
    return planned(
        kept(CASE, 1), [(kept(line, at), found) for at, (line, found) in enumerate(lines)]
    )


@given(LINES)
def test_every_dollar_of_a_plan_stands_in_exactly_one_column(lines):
    plan = plan_of(lines)
    worth = valued(plan, plan.valued, None)
    if worth is None:
        return
    save, make, cost = (column(plan, worth, side)[0] for side in (SAVE, MAKE, COST))
    assert abs(save + make - worth.at_rest.present_benefits) < 1e-6
    assert abs(cost - worth.at_rest.present_costs) < 1e-6


@given(LINES)
def test_no_dollar_of_a_source_counts_twice_in_a_year(lines):
    plan = plan_of(lines)
    for pool in ("one", "two"):
        own = [part for part in plan.parts if part.found.pool == pool]
        for year in range(4):
            taken = sum(part.flow.amount * part.pattern[year] for part in own)
            assert taken <= WHOLE + 1e-6


@given(LINES)
def test_what_is_typed_in_or_only_observed_never_enters_the_total(lines):
    counted = plan_of(lines).counted
    assert all(part.is_cost or part.found.method.grade.name in ("A", "B", "C") for part in counted)


@given(LINES)
def test_a_line_that_is_only_shown_moves_no_total(lines):
    with_all = plan_of(lines)
    alone = plan_of(
        [
            (line, found)
            for line, found in lines
            if line.side == COST or found.method.grade.may_be_summed
        ]
    )
    assert with_all.flows(with_all.counted) == alone.flows(alone.counted)


@given(LINES)
def test_a_cost_is_never_left_out_of_a_total(lines):
    plan = plan_of(lines)
    if plan.counted:
        assert [part for part in plan.parts if part.is_cost] == [
            part for part in plan.counted if part.is_cost
        ]


@given(LINES, st.randoms())
def test_the_order_of_entry_changes_nothing(lines, random):
    mixed = [*lines]
    random.shuffle(mixed)
    worth = [
        returned(plan.flows(plan.valued), plan.rate).npv
        for plan in (plan_of(lines), plan_of(mixed))
    ]
    assert abs(worth[0] - worth[1]) < 1e-6
