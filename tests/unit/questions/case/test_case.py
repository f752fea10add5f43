"""A case as it is told: measured apart from claimed, each dollar once, the same for everybody."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from cxdash import register
from cxdash.errors import UsageError
from cxdash.facts import Answer, Fact, Grade, Interval, Method, Scope
from cxdash.facts.words import cause_words
from cxdash.panel import settled
from cxdash.questions.case.answer import case as answer_case
from cxdash.questions.case.answer import compose
from cxdash.questions.case.audiences import AUDIENCES
from cxdash.questions.case.found import find
from cxdash.questions.case.promises import tracked
from cxdash.register.kinds.cases import Case, CaseLine, Promise, Realised
from cxdash.register.kinds.pilots import PilotPlan
from cxdash.register.records import plain
from cxdash.store import Database

TODAY = date(2026, 11, 24)
PILOT = Method(description="By lot.", randomised=True)
OBSERVED = Method(description="Counted.")
LIKELY = Method(description="Held equal.", adjusted_for=("size",), validated_out_of_time=True)


def money(name, value, low, high, method=PILOT, n=400):
    return Fact(
        id=name,
        label="Money",
        value=value,
        unit="USD",
        interval=Interval(low, high),
        method=method,
        n=n,
        population="customers",
        period="a year",
        definition="revenue_at_stake",
    )


def reply(question, *facts, tables=None):
    return Answer(
        question=question,
        title="",
        as_of=TODAY,
        scope=Scope(),
        headline="",
        facts=facts,
        tables=tables or {},
    )


def measured(**changed):
    """What the questions a case rests on say."""
    rows = [
        {"id": f"pilot_plan-{number}", "pilot": name, "outcome": outcome}
        for number, (name, outcome) in enumerate((("Calls", "churn"), ("Tool", "contacts")), 1)
    ]
    said = {
        "pilots": reply(
            "pilots",
            money("pilots.pilot_plan-1.per_customer_year", 50.0, 20.0, 90.0),
            money("pilots.pilot_plan-2.per_customer_year", 4.0, -1.0, 9.0),
            tables={"pilots": rows},
        ),
        "worth": reply(
            "worth",
            money("worth.excess", 80_000.0, 30_000.0, 120_000.0, LIKELY),
            money("worth.at_stake", 200_000.0, 150_000.0, 260_000.0, OBSERVED),
        ),
    }
    said |= changed
    return said.__getitem__


@pytest.fixture
def db(tmp_path):
    with Database(tmp_path / "c.duckdb") as opened:
        yield opened


def enter(db, *lines, **changes):
    """A case with these lines; its id."""
    terms = {
        "name": "Calls to unhappy customers",
        "starts": date(2025, 1, 1),
        "years": 3,
        "discount_rate": 0.1,
        "payback_discounted": False,
        "margin": None,
    }
    kept = register.put(db, register.built(Case, terms | changes), by="ann")
    for line in lines:
        put_line(db, kept.id, **line)
    return kept.id


def put_line(db, case, **values):
    usual = {
        "case": case,
        "name": "A line",
        "side": "save",
        "line": "retention",
        "first_year": 1,
        "last_year": 3,
        "source": "assertion",
    }
    record = register.built(CaseLine, usual | values)
    return register.put(db, record, by="ann").id


def told(db, case, ask=None):
    with settled(db) as view:
        kept = register.find(view, Case, case)
        return compose(find(view, ask or measured(), kept, Scope(), TODAY, "USD"))


COST = {
    "name": "People",
    "side": "cost",
    "line": "other",
    "first_year": 0,
    "amount": Decimal(20_000),
    "low": Decimal(15_000),
    "high": Decimal(30_000),
}
CALLS = {"name": "Kept", "source": "pilot", "pilot": "pilot_plan-1", "reach": 1_000}
EXCESS = {"name": "Excess", "source": "question", "fact": "worth.excess"}
TYPED = {"name": "Hope", "amount": Decimal(1_000_000)}
PLANS = tuple(f"pilot_plan-{number}" for number in (1, 2))


@pytest.fixture(autouse=True)
def _pilots_exist(db):
    """A reference must point to something that exists."""
    terms = {name: spec.empty for name, spec in register.specs(PilotPlan).items()}
    fields = plain(PilotPlan(**terms | {"name": "A pilot"}))
    with db.writing(entering=True) as cur:
        for plan in PLANS:
            cur.execute(
                "INSERT INTO register_versions VALUES "
                "('pilot_plan', ?, 1, 'entered', now(), 'ann', ?, 'x', false)",
                [plan, fields],
            )


def test_the_published_table_comes_out_exactly_and_is_called_claimed(db):
    benefits = (1_606_511, 3_061_331, 4_229_760)
    costs = (53_150, 666_715, 636_772, 647_783)
    lines = [
        {"name": f"Benefit {at}", "first_year": at, "last_year": at, "amount": Decimal(amount),
         "source": "outside", "citation": "a published study"}
        for at, amount in enumerate(benefits, 1)
    ] + [
        {"name": f"Cost {at}", "side": "cost", "line": "other", "first_year": at, "last_year": at,
         "amount": Decimal(amount), "source": "outside", "citation": "a published study"}
        for at, amount in enumerate(costs)
    ]  # fmt: skip
    answer = told(db, enter(db, *lines))
    assert round(answer.fact("case.claimed.save").value) == 7_168_371
    assert round(answer.fact("case.claimed.cost").value) == 1_672_201
    assert round(answer.fact("case.claimed.npv").value) == 5_496_170
    assert round(100 * answer.fact("case.claimed.roi").value, 1) == 328.7
    assert answer.fact("case.claimed.payback_months").value == pytest.approx(0.68, abs=5e-3)
    assert answer.fact("case.claimed.npv").grade is Grade.E
    assert [row["benefit"] for row in answer.tables["claimed_cashflows"]] == [0.0, *benefits]
    assert [row["cost"] for row in answer.tables["claimed_cashflows"]] == [*costs]
    assert (answer.status, answer.fact("npv").value) == ("partly", None)
    assert "claimed, not measured" in answer.headline


def test_what_is_typed_in_never_enters_the_total(db):
    case = enter(db, CALLS, COST)
    before = told(db, case)
    put_line(db, case, **TYPED)
    after = told(db, case)
    assert after.fact("npv").value == before.fact("npv").value
    assert after.fact("case.claimed.npv").value > after.fact("npv").value + 2_000_000
    assert after.fact("case.claimed.npv").grade is Grade.F
    assert after.fact("npv").grade is Grade.A
    row = next(row for row in after.tables["lines"] if row["name"] == "Hope")
    assert not row["counted"]


def test_the_total_takes_the_worst_grade_of_its_benefits(db):
    answer = told(db, enter(db, CALLS, EXCESS, COST))
    assert answer.fact("npv").grade is Grade.C


def test_a_figure_that_was_only_observed_is_shown_and_not_summed(db):
    stake = {"name": "Stake", "source": "question", "fact": "worth.at_stake", "portion": 0.1}
    answer = told(db, enter(db, stake, COST))
    assert answer.fact("npv").value is None
    assert answer.tables["lines"][0]["grade"] == "D"


def test_two_lines_on_the_same_dollars_count_them_once(db):
    once = told(db, enter(db, CALLS, COST))
    twice = told(db, enter(db, CALLS, {**CALLS, "name": "Again"}, COST))
    assert twice.fact("case.save").value == pytest.approx(once.fact("case.save").value)
    assert any("same dollars" in caveat for caveat in twice.caveats)


def test_a_part_of_what_was_measured_is_that_part(db):
    whole = told(db, enter(db, EXCESS, COST))
    half = told(db, enter(db, {**EXCESS, "portion": 0.5}, COST))
    assert half.fact("case.save").value == pytest.approx(whole.fact("case.save").value / 2)
    assert half.fact("npv").grade is Grade.C


def test_a_pilot_stands_only_in_the_line_of_the_accounts_it_measured(db):
    wrong = {"side": "make", "line": "revenue", **CALLS}
    answer = told(db, enter(db, wrong, COST))
    assert answer.fact("npv").value is None
    assert any("another line of the accounts" in caveat for caveat in answer.caveats)


def test_revenue_that_may_leave_cannot_be_made(db):
    answer = told(db, enter(db, {**EXCESS, "side": "make", "line": "revenue"}, COST))
    assert any("it can only be kept" in caveat for caveat in answer.caveats)


def test_the_margin_of_the_case_lowers_measured_revenue_and_not_saved_cost(db):
    tool = {**CALLS, "name": "Tool", "pilot": "pilot_plan-2", "line": "cost"}
    whole = told(db, enter(db, CALLS, tool, COST)).tables["lines"]
    cut = told(db, enter(db, CALLS, tool, COST, margin=0.25)).tables["lines"]
    assert cut[0]["amount"] == pytest.approx(whole[0]["amount"] / 4)
    assert cut[1]["amount"] == whole[1]["amount"]


def test_save_make_and_cost_stand_apart_and_add_up_to_the_net(db):
    lines = (CALLS, {**TYPED, "side": "make", "line": "revenue"}, COST)
    answer = told(db, enter(db, *lines))
    parts = [answer.fact(f"case.claimed.{side}").value for side in ("save", "make", "cost")]
    assert parts[0] + parts[1] - parts[2] == pytest.approx(answer.fact("case.claimed.npv").value)
    for row in (*answer.tables["cashflows"], *answer.tables["claimed_cashflows"]):
        assert row["save"] + row["make"] == pytest.approx(row["benefit"])
        assert row["benefit"] - row["cost"] == pytest.approx(row["net"])


def test_every_audience_reads_the_same_numbers(db):
    answer = told(db, enter(db, CALLS, COST, TYPED))
    rows = answer.tables["audiences"]
    assert [row["audience"] for row in rows] == [*AUDIENCES]
    figures = [sorted(re.findall(r"[−$]*\d[\d,]*(?:\.\d+)?%?", str(row["words"]))) for row in rows]
    assert figures[0]
    assert all(other == figures[0] for other in figures)
    assert len({row["words"] for row in rows}) == len(rows)


def test_a_plan_whose_range_holds_zero_is_not_said_to_bring_more_than_it_costs(db):
    doubtful = {**CALLS, "pilot": "pilot_plan-2", "line": "cost", "reach": 8_000}
    answer = told(db, enter(db, doubtful, COST))
    assert answer.headline.startswith("Cannot tell whether")
    assert "brings more" not in answer.headline.replace(
        "whether “Calls to unhappy customers” brings more", ""
    )
    assert any("holds zero" in caveat for caveat in answer.caveats)


def test_no_word_of_the_headline_claims_a_cause(db):
    assert not cause_words(told(db, enter(db, CALLS, COST)).headline)


def test_a_promise_beyond_what_was_ever_seen_is_named(db):
    answer = told(db, enter(db, TYPED, COST))
    row = next(row for row in answer.tables["realism"] if row["name"] == "Hope")
    assert row["verdict"] == "beyond"
    assert "more than was ever seen here" in row["words"]


def test_the_base_rate_is_borrowed_cited_and_enters_nothing(db):
    answer = told(db, enter(db, CALLS, COST))
    rate = answer.fact("case.base_rate")
    assert rate.grade is Grade.E
    assert all("customerthink.com" in source for source in rate.sources)


def approve(db, case, lines, amount):
    """Freeze a case as an approval does, each line promised at ``amount`` a year."""
    for line in lines:
        promise = register.built(
            Promise,
            {"case_line": line, "approved_on": TODAY, "amount": amount, "grade": "F"},
        )
        kept = register.put(db, promise, by="ann")
        register.freeze(db, Promise, kept.id, by="ann")
        register.freeze(db, CaseLine, line, by="ann")
    register.freeze(db, Case, case, by="ann")


def report(db, line, after, amount, **more):
    seen = register.built(
        Realised, {"case_line": line, "after": after, "amount": amount, "says": "Finance", **more}
    )
    register.put(db, seen, by="ann")


def promised(db, came):
    """An approved case that promised 1,000 a year and brought ``came`` within a year; its line."""
    case = enter(db)
    line = put_line(db, case, name="Promised", amount=Decimal(1_000))
    approve(db, case, [line], Decimal(1_000))
    report(db, line, "12", Decimal(came))
    return case, line


def test_the_record_of_earlier_promises_is_applied_to_the_next_case(db):
    for came in (500, 600, 700, 800):
        promised(db, came)
    answer = told(db, enter(db, CALLS, COST))
    record = answer.fact("case.record")
    assert (record.value, record.n) == (pytest.approx(0.65), 4)
    cut = answer.fact("case.npv_after_record")
    gross = answer.fact("case.save").value
    assert cut.value == pytest.approx(0.65 * gross - answer.fact("case.cost").value)
    assert cut.interval.low < cut.value < cut.interval.high
    assert "65%" in " ".join(answer.caveats)


def test_what_the_record_would_be_with_cases_nobody_reported_on_is_said(db):
    for came in (500, 600, 700, 800):
        promised(db, came)
    case = enter(db)
    approve(db, case, [put_line(db, case, amount=Decimal(1_000))], Decimal(1_000))
    said = " ".join(told(db, enter(db, CALLS, COST)).caveats)
    assert "had nothing come of it, earlier cases would stand at 52%" in said


def test_too_few_promises_are_said_to_be_too_few(db):
    promised(db, 500)
    answer = told(db, enter(db, CALLS, COST))
    assert answer.fact("case.record").value is None
    assert "a record needs 4" in answer.fact("case.record").caveats[0]
    assert all(fact.id != "case.npv_after_record" for fact in answer.facts)


def test_a_promise_that_fell_short_stays_after_its_line_was_changed(db):
    case, line = promised(db, 200)
    changed = register.find(db, CaseLine, line).record
    register.put(db, replace(changed, amount=Decimal(150)), by="ann", entry=line)
    answer = told(db, case)
    rows = [row for row in answer.tables["promises"] if row["months_after"] == 12]
    assert [(row["promised_amount"], row["realised_amount"]) for row in rows] == [(1_000, 200)]
    assert rows[0]["verdict"] == "less than promised"
    assert any("Changed after the approval" in caveat for caveat in answer.caveats)


def test_what_nobody_reported_counts_as_not_come(db):
    case = enter(db)
    lines = [put_line(db, case, name=name, amount=Decimal(1_000)) for name in ("A", "B")]
    approve(db, case, lines, Decimal(1_000))
    report(db, lines[0], "12", Decimal(1_000))
    with settled(db) as view:
        found = tracked(view, measured(), TODAY)
    assert dict(found.ratios)[case] == pytest.approx(0.5)


def test_what_a_pilot_measured_of_a_promise_is_worked_out_and_graded_as_it_is(db):
    case = enter(db)
    line = put_line(db, case, **CALLS)
    approve(db, case, [line], Decimal(50_000))
    report(db, line, "6", None, pilot=PLANS[1])
    row = at_six_months(told(db, case, measured_twice("churn")))
    assert (row["realised_amount"], row["promised_amount"]) == (30_000.0, 25_000.0)
    assert (row["grade"], row["verdict"]) == ("A", "more than promised")


def measured_twice(outcome):
    """A second pilot that brought 60 dollars a customer and year, by that outcome."""
    rows = [
        {"id": "pilot_plan-1", "pilot": "Calls", "outcome": "churn"},
        {"id": "pilot_plan-2", "pilot": "Holdout", "outcome": outcome},
    ]
    return measured(
        pilots=reply(
            "pilots",
            money("pilots.pilot_plan-1.per_customer_year", 50.0, 20.0, 90.0),
            money("pilots.pilot_plan-2.per_customer_year", 60.0, 40.0, 80.0),
            tables={"pilots": rows},
        )
    )


def at_six_months(answer):
    return next(row for row in answer.tables["promises"] if row["months_after"] == 6)


@pytest.mark.parametrize(
    ("pilot", "outcome"), [(PLANS[0], "churn"), (PLANS[1], "contacts")], ids=["own", "other line"]
)
def test_no_promise_is_kept_by_the_pilot_it_rests_on_or_one_of_another_line(db, pilot, outcome):
    case = enter(db)
    line = put_line(db, case, **CALLS)
    approve(db, case, [line], Decimal(50_000))
    report(db, line, "6", None, pilot=pilot)
    row = at_six_months(told(db, case, measured_twice(outcome)))
    assert (row["realised_amount"], row["came_share"]) == (None, None)


def test_less_than_promised_is_said_also_within_a_wide_range(db):
    case = enter(db)
    line = put_line(db, case, **CALLS)
    amounts = {"amount": Decimal(50_000), "low": Decimal(5_000), "high": Decimal(95_000)}
    promise = {"case_line": line, "approved_on": TODAY, "grade": "A", **amounts}
    kept = register.put(db, register.built(Promise, promise), by="ann")
    for kind, entry in ((Promise, kept.id), (CaseLine, line), (Case, case)):
        register.freeze(db, kind, entry, by="ann")
    report(db, line, "6", Decimal(3_000))
    assert at_six_months(told(db, case))["verdict"] == "less than promised, within its range"


def test_a_range_told_at_another_level_is_taken_at_the_usual_one(db):
    wide = replace(
        money("pilots.pilot_plan-1.per_customer_year", 50.0, 20.0, 90.0),
        interval=Interval(50 - 30 * 1.959964 / 1.644854, 50 + 40 * 1.959964 / 1.644854, 0.95),
    )
    rows = [{"id": "pilot_plan-1", "pilot": "Calls", "outcome": "churn"}]
    at_95 = measured(pilots=reply("pilots", wide, tables={"pilots": rows}))
    case = enter(db, CALLS, COST)
    usual, other = (told(db, case, ask).fact("npv").interval for ask in (measured(), at_95))
    assert (other.low, other.high) == (
        pytest.approx(usual.low, rel=1e-6),
        pytest.approx(usual.high, rel=1e-6),
    )


def test_what_a_pilot_keeps_is_a_part_of_what_may_leave(db):
    together = told(db, enter(db, CALLS, EXCESS, COST)).fact("case.save").value
    alone = told(db, enter(db, EXCESS, COST)).fact("case.save").value
    assert together == pytest.approx(alone)
    shown = {"name": "Stake", "source": "question", "fact": "worth.at_stake"}
    claimed = told(db, enter(db, CALLS, shown, COST)).fact("case.claimed.save").value
    assert claimed == pytest.approx(200_000 / 80_000 * alone)


def test_from_where_to_whom_a_pilot_is_carried_is_said(db):
    rows = [{"id": "pilot_plan-1", "pilot": "Calls", "outcome": "churn", "customers_treated": 150}]
    fact = money("pilots.pilot_plan-1.per_customer_year", 50.0, 20.0, 90.0)
    ask = measured(pilots=reply("pilots", fact, tables={"pilots": rows}))
    said = " ".join(told(db, enter(db, CALLS, COST), ask).caveats)
    assert "150 customers treated" in said
    assert "1,000 customers and 3 years, in full from the first day, is assumed" in said


def test_pilots_of_the_same_customers_tell_of_the_same_revenue(db):
    with db.writing() as cur:
        for number, arm in enumerate(("pilot", "control")):
            cur.execute(
                "INSERT INTO pilot_roster (row_key, row_hash, pilot, customer_id, arm, is_current, "
                "import_id, line_no) VALUES (?, 'x', 'calls', ?, ?, true, 1, 1)",
                [str(number), f"c{number}", arm],
            )
    plans = {
        outcome: register.put(
            db,
            register.built(
                PilotPlan,
                {
                    "name": outcome, "roster": "calls", "design": "randomised", "outcome": outcome,
                    "starts": date(2025, 1, 1), "reads_on": date(2025, 6, 30), "least_effect": 0.1,
                },
            ),
            by="ann",
        ).id
        for outcome in ("churn", "revenue")
    }  # fmt: skip
    ask = measured(
        pilots=reply(
            "pilots",
            *(
                money(f"pilots.{plan}.per_customer_year", 50.0, 20.0, 90.0)
                for plan in plans.values()
            ),
            tables={
                "pilots": [
                    {"id": plan, "pilot": outcome, "outcome": outcome}
                    for outcome, plan in plans.items()
                ]
            },
        )
    )
    kept = {**CALLS, "pilot": plans["churn"]}
    made = {**CALLS, "name": "More", "side": "make", "line": "revenue", "pilot": plans["revenue"]}
    one = told(db, enter(db, kept, COST), ask)
    both = told(db, enter(db, kept, made, COST), ask)
    assert both.fact("case.save").value + both.fact("case.make").value == pytest.approx(
        one.fact("case.save").value
    )


def test_promises_fall_due_after_3_6_12_and_24_months(db):
    case, _ = promised(db, 900)
    rows = told(db, case).tables["promises"]
    assert [(row["months_after"], row["promised_amount"]) for row in rows] == [
        (3, 250.0),
        (6, 500.0),
        (12, 1_000.0),
        (24, 2_000.0),
    ]
    assert rows[3]["verdict"] == "not due yet"
    assert rows[0]["verdict"] == "due, not reported"


def test_without_a_case_the_answer_says_what_to_enter(db):
    with settled(db) as view:
        answer = answer_case(view, Scope())
    assert answer.status == "cannot_tell"
    assert answer.missing


def test_a_case_that_does_not_exist_is_refused(db):
    with settled(db) as view, pytest.raises(UsageError, match="no business case"):
        answer_case(view, Scope(claim="case-9"))


def test_a_second_word_for_the_same_dollars_makes_nothing_surer(db):
    alone = told(db, enter(db, CALLS, COST)).fact("case.save")
    same = {**EXCESS, "name": "Again"}
    fact = money("worth.excess", 50_000.0, 20_000.0, 90_000.0, LIKELY)
    both = told(db, enter(db, CALLS, same, COST), measured(worth=reply("worth", fact)))
    save = both.fact("case.save")
    assert save.value == pytest.approx(alone.value)
    assert save.interval.width == pytest.approx(alone.interval.width, rel=0.02)
