"""What counts as delivered: each dollar once, capped by evidence and by what the accounts moved."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from cxdash import register
from cxdash.facts import Answer, Fact, Grade, Interval, Method, Scope
from cxdash.panel import settled, stamp
from cxdash.questions import ask
from cxdash.questions.ledger.answer import compose
from cxdash.questions.ledger.evidence import Pilots, evidence_of
from cxdash.questions.ledger.findings import find
from cxdash.register.entries import save
from cxdash.register.kinds.initiatives import Initiative
from cxdash.register.kinds.ledger import Claim, Funding

JUNE = date(2025, 6, 10)
CUSTOMERS = 80


def fill(company):
    """80 customers at 100 a month from 2021 on; 20 leave in 2023/24, none in the year after, when
    contacts cost 1 instead of 2 for each customer.
    """
    for number in range(CUSTOMERS):
        name = f"c{number:03}"
        segment = "Large" if number % 2 else "Small"
        region = "North" if number % 3 else "South"
        company.add("customers", customer_id=name, segment=segment, region=region, row_key=name)
        leaves = f"2023-{10 + number % 3}-05" if number < 20 else None
        company.contract(name, "2021-01-01", leaves)
        company.pays(name, "2021-02-01", 100)
        for year, cost in ((2024, 2), (2025, 1)):
            company.add(
                "contacts",
                contact_id=f"{name}-{year}",
                customer_id=name,
                contacted_at=f"{year}-06-10",
                cost=cost,
                currency="USD",
            )
    company.pays("c050", "2025-06-30", 100)


@pytest.fixture
def filled(company):
    fill(company)
    ask(company.db, "ledger")
    return company


def initiative(db, name="Named contact", **more):
    values = {
        "aim": "keep",
        "need": "n",
        "behaviour": "b",
        "line": "retention",
        "falsifier": "f",
        "status": "running",
    }
    return register.put(db, Initiative(name=name, **(values | more)), by="ann").id


def claim(db, amount, *, of, **more):
    values = {
        "delivered": "Fewer left",
        "line": "retention",
        "month": JUNE,
        "source": "assertion",
        "team": "Service",
        "cx_role": "found",
    }
    record = Claim(initiative=of, amount=Decimal(str(amount)), **(values | more))
    # What a claim refers to is not what is tried here.
    with db.writing(entering=True) as cur:
        return save(cur, record, by="ann")


def pilot(
    plan="pilot_plan-1", *, a_year=1200.0, low=600.0, outcome="churn", randomised=True, level=0.9
):
    """What a pilot showed: so much for each customer and year."""
    return plan, a_year, low, outcome, randomised, level


def counted(db, *read, scope=None):
    """The Answer, with what those pilots showed."""
    facts = [
        Fact(
            id=f"pilots.{plan}.per_customer_year",
            label="l",
            value=a_year,
            interval=Interval(low, 2 * a_year - low, level),
            unit="USD",
            method=Method(description="d", randomised=randomised),
            n=200,
            population="p",
            period="q",
            definition="delivered",
        )
        for plan, a_year, low, _, randomised, level in read
    ]
    rows = [
        {"id": plan, "pilot": plan, "outcome": outcome, "verdict": "scale"}
        for plan, _, _, outcome, _, _ in read
    ]
    told = Answer(
        question="pilots",
        title="t",
        as_of=JUNE,
        scope=Scope(),
        headline="h",
        facts=tuple(facts),
        tables={"pilots": rows},
    )
    with settled(db) as view:
        return compose(find(view, stamp(view), scope or Scope(), told), ())


def by_pilot(plan="pilot_plan-1"):
    return {"source": "pilot", "pilot": plan}


def rows_of(answer):
    return {row["claim"]: row for row in answer.tables["claims"]}


def moved(answer, line):
    (row,) = [row for row in answer.tables["movement"] if line in row["line"]]
    return row["amount_moved"]


def test_without_claims_it_says_what_to_enter(filled):
    answer = ask(filled.db, "ledger")
    assert answer.status == "cannot_tell"
    assert "Nothing has been claimed" in answer.headline
    assert any("Enter what an initiative delivered" in line for line in answer.missing)


def test_without_data_it_says_what_to_import(company):
    assert ask(company.db, "ledger").status == "cannot_tell"


def test_a_claim_on_a_pilot_that_was_read_is_verified(filled):
    db = filled.db
    claim(db, 500, of=initiative(db), **by_pilot())
    answer = counted(db, pilot())
    save = answer.fact("verified.save")
    assert save.value == 500
    assert save.grade is Grade.A
    assert save.interval.low == pytest.approx(250)
    assert answer.fact("verified.make").value == 0
    assert "$500" in answer.headline
    assert rows_of(answer)["claim-1"]["standing"] == "verified"


def test_a_claim_counts_with_no_more_than_its_pilot_supports(filled):
    db = filled.db
    claim(db, 5000, of=initiative(db), customers="segment=Large", **by_pilot())
    (row,) = counted(db, pilot(a_year=120.0, low=60.0)).tables["claims"]
    assert row["customers"] == 30
    assert row["amount_counted"] == 30 * 120 / 12
    assert "beyond its evidence" in row["why"]


def test_claims_count_with_no_more_than_the_line_moved(filled):
    """A quarter of the money of June 2023 was gone by June 2024, nothing of that of June 2024."""
    db = filled.db
    claim(db, 4000, of=initiative(db), **by_pilot())
    answer = counted(db, pilot(a_year=99_000.0, low=90_000.0))
    assert moved(answer, "kept") == pytest.approx(0.25 * 6000)
    assert answer.fact("verified.save").value == pytest.approx(1500)
    assert "beyond what the line moved" in answer.tables["claims"][0]["why"]


def test_the_cost_of_serving_moves_by_what_each_customer_costs_less(filled):
    db = filled.db
    claim(db, 1, of=initiative(db), line="cost", **by_pilot())
    answer = counted(db, pilot(outcome="contacts"))
    # Those who left called once more in 2024 and are no customers: 60 are left of either year.
    assert moved(answer, "cost of serving") == pytest.approx(60)


def test_two_claims_on_the_same_customers_are_counted_once_and_shared(filled):
    db = filled.db
    first, second = initiative(db), initiative(db, "Onboarding")
    claim(db, 300, of=first, **by_pilot())
    claim(db, 100, of=second, **by_pilot())
    rows = rows_of(counted(db, pilot()))
    assert (rows["claim-1"]["amount_counted"], rows["claim-2"]["amount_counted"]) == (225, 75)
    assert "counted with other claims" in rows["claim-2"]["why"]


def test_what_is_only_judged_is_shown_and_in_no_sum(filled):
    db = filled.db
    claim(db, 300, of=initiative(db))
    answer = counted(db)
    (row,) = answer.tables["claims"]
    assert (row["grade"], row["standing"], row["amount_counted"]) == ("F", "unsummed", 0)
    assert row["amount_claimed"] == 300
    assert answer.fact("verified.save").value == answer.fact("indicated").value == 0
    assert answer.status == "partly"


@pytest.mark.parametrize(
    ("read", "why"),
    [
        ((), "has not been read"),
        ((pilot(low=-10.0),), "cannot be told from nothing"),
        ((pilot(outcome="revenue"),), "another line"),
        ((pilot(randomised=False),), "too weak"),
    ],
)
def test_a_pilot_that_shows_nothing_for_the_line_verifies_nothing(filled, read, why):
    db = filled.db
    claim(db, 300, of=initiative(db), **by_pilot())
    answer = counted(db, *read)
    assert answer.fact("verified.save").value == 0
    assert why in answer.tables["claims"][0]["why"]


def test_a_figure_of_a_question_that_is_no_money_supports_nothing(filled):
    db = filled.db
    of = initiative(db)
    claim(db, 300, of=of, source="question", fact="worth.gap_adjusted")
    claim(db, 300, of=of, source="question", fact="gossip.heard")
    rows = rows_of(counted(db))
    assert "does not tell" in rows["claim-1"]["why"]
    assert "no figure is called" in rows["claim-2"]["why"]


def test_months_that_cannot_be_compared_with_the_year_before_count_nothing(filled):
    db = filled.db
    claim(db, 300, of=initiative(db), **by_pilot() | {"month": date(2022, 3, 1)})
    answer = counted(db, pilot())
    assert answer.fact("verified.save").value == 0
    assert "own year before" in answer.tables["claims"][0]["why"]


def test_a_claim_goes_on_month_by_month_and_not_beyond_the_day_of_the_question(filled):
    db = filled.db
    claim(
        db,
        100,
        of=initiative(db),
        **by_pilot() | {"month": date(2025, 4, 1), "until": date(2026, 1, 1)},
    )
    months = [row["month"] for row in counted(db, pilot()).tables["claims"]]
    assert months == ["2025-06-01", "2025-05-01", "2025-04-01"]
    told = counted(db, pilot(), scope=Scope(as_of=date(2025, 5, 31)))
    assert told.fact("verified.save").value == 200


@pytest.mark.promise("L01")
def test_both_lenses_come_to_the_same_total_and_no_line_beyond_what_it_moved(filled):
    """Random overlapping claims of several teams and roles."""
    db = filled.db
    rng = np.random.default_rng(7)
    of = initiative(db)
    groups = ("", "segment=Large", "segment=Small", "region=North", "segment=Large; region=South")
    for number in range(24):
        line, plan = (("retention", 1), ("cost", 2), ("revenue", 3))[number % 3]
        claim(
            db,
            round(float(rng.uniform(1, 900)), 2),
            of=of,
            line=line,
            customers=groups[rng.integers(len(groups))],
            team=f"Team {rng.integers(4)}",
            cx_role=("found", "recommended", "coordinated")[rng.integers(3)],
            month=date(2025, int(rng.integers(4, 7)), 1),
            **by_pilot(f"pilot_plan-{plan}"),
        )
    answer = counted(
        db,
        pilot("pilot_plan-1"),
        pilot("pilot_plan-2", outcome="contacts"),
        pilot("pilot_plan-3", outcome="revenue"),
    )
    claimed: dict[tuple[str, str], float] = defaultdict(float)
    for row in answer.tables["claims"]:
        claimed[row["month"], row["line"]] += row["amount_counted"]
    assert sum(claimed.values()) > 0
    for row in answer.tables["movement"]:
        line = {"Save: rev": "retention", "Save: cos": "cost", "Make: rev": "revenue"}[
            row["line"][:9]
        ]
        assert claimed[row["month"], line] <= max(row["amount_moved"] or 0, 0) + 1e-9
    for column, fact in (("amount_saved", "verified.save"), ("amount_made", "verified.make")):
        sums = {
            lens: round(100 * sum(row[column] for row in answer.tables[lens]))
            for lens in ("credit", "cx_roles")
        }
        assert sums["credit"] == sums["cx_roles"] == round(100 * answer.fact(fact).value)


def test_the_order_of_entry_changes_no_cent(another_company):
    amounts = (310.07, 95.5, 777.77, 12.01, 400.0)
    groups = ("", "segment=Large", "region=North", "segment=Large; region=North", "segment=Small")
    entries = list(zip(amounts, groups, strict=True))
    found = []
    for order in (entries, entries[::-1]):
        company = another_company()
        fill(company)
        db = company.db
        of = initiative(db)
        for amount, group in order:
            claim(db, amount, of=of, customers=group, **by_pilot())
        rows = counted(db, pilot()).tables["claims"]
        found.append({row["amount_claimed"]: row["amount_counted"] for row in rows})
    assert found[0] == found[1]
    assert sum(found[0].values()) < sum(amounts)


def test_budgets_stand_beside_by_the_days_passed_and_what_is_in_question_is_told(filled):
    db = filled.db
    claim(db, 100, of=initiative(db, cost=Decimal(77)), **by_pilot())
    assert counted(db, pilot()).fact("cost").value == 77
    for name, starts, ends, status in (
        ("Team", date(2025, 1, 1), date(2025, 12, 31), "granted"),
        ("Next", date(2025, 6, 21), date(2025, 7, 10), "at_risk"),
        ("Wish", date(2025, 1, 1), date(2025, 12, 31), "asked"),
    ):
        record = Funding(name=name, amount=Decimal(36_500), starts=starts, ends=ends, status=status)
        register.put(db, record, by="ann")
    answer = counted(db, pilot())
    assert answer.fact("cost").value == 181 * 100 + 18_250
    assert answer.fact("cost").grade is Grade.F
    assert answer.fact("ledger.at_risk").value == 18_250
    assert answer.fact("verified.save").value == 100  # never netted


def test_what_brought_nothing_stays_visible(filled):
    db = filled.db
    initiative(db, "Chatbot", status="stopped")
    of = initiative(db, "E-mail")
    claim(db, 100, of=of)
    rows = {row["what"]: row for row in counted(db).tables["without_result"]}
    assert rows["Chatbot"]["why"] == "nothing is claimed"
    assert rows["E-mail"]["why"] == "what is claimed does not count"


def test_a_claim_that_is_entered_changes_the_answer_at_once(filled):
    db = filled.db
    assert not ask(db, "ledger").tables["claims"]
    claim(db, 100, of=initiative(db))
    assert len(ask(db, "ledger").tables["claims"]) == 1


def test_a_pilot_supports_no_more_than_its_initiative_reaches(filled):
    for number in range(20, 30):
        filled.add(
            "pilot_roster", pilot="contact", customer_id=f"c{number:03}", row_key=str(number),
            arm="pilot" if number % 2 else "control",
        )  # fmt: skip
    listed = initiative(filled.db, roster="contact")
    one = claim(filled.db, 2_000, of=listed, **by_pilot())
    row = rows_of(counted(filled.db, pilot(a_year=1200.0, low=600.0)))[one]
    assert row["customers"] == 5
    assert row["amount_counted"] == pytest.approx(5 * 100)


def test_a_claim_is_about_nobody_its_initiative_does_not_reach(filled):
    large = initiative(filled.db, customers="segment=Large")
    one = claim(filled.db, 90, of=large, **by_pilot())
    other = claim(filled.db, 90, of=initiative(filled.db), customers="segment=Small", **by_pilot())
    rows = rows_of(counted(filled.db, pilot()))
    assert [rows[claimed]["amount_shared"] for claimed in (one, other)] == [0, 0]
    assert rows[one]["customers"] == 30


def test_a_range_told_at_another_level_is_told_at_the_usual_one(filled):
    claim(filled.db, 500, of=initiative(filled.db), **by_pilot())
    low = 1200 - 300 * 1.959964 / 1.644854
    told = counted(filled.db, pilot(a_year=1200.0, low=low, level=0.95)).fact("verified.save")
    assert told.interval.low == pytest.approx(0.75 * told.value, rel=1e-4)


def test_a_small_budget_does_not_hide_what_initiatives_cost(filled):
    initiative(filled.db, cost=Decimal(50_000))
    budget = Funding(
        name="Stamps", amount=Decimal(100), starts=date(2025, 1, 1), ends=date(2025, 6, 30),
        status="granted",
    )  # fmt: skip
    register.put(filled.db, budget, by="ann")
    answer = ask(filled.db, "ledger")
    assert answer.fact("cost").value == 100
    assert any("entered with $50,000, which is more" in caveat for caveat in answer.caveats)


def test_no_claim_rests_on_a_pilot_of_another_initiative() -> None:
    of, other = (
        Claim(
            initiative=name, pilot="pilot_plan-1", source="pilot", line="retention",
            amount=Decimal(1), delivered="d", month=JUNE, team="t", cx_role="found",
        )
        for name in ("initiative-1", "initiative-2")
    )  # fmt: skip
    read = Pilots({}.get, {"pilot_plan-1": "churn"}, {"pilot_plan-1": "initiative-1"})
    assert "another initiative" not in evidence_of(None, of, read).why
    fact = Fact(
        id="x", label="l", value=5.0, interval=Interval(1, 9), unit="USD", n=9, population="p",
        period="q", definition="delivered", method=Method(description="d", randomised=True),
    )  # fmt: skip
    read = Pilots(lambda _: fact, read.outcomes, read.initiatives)
    assert evidence_of(None, of, read).grade is Grade.A
    assert evidence_of(None, other, read).why == "its pilot tried another initiative"
