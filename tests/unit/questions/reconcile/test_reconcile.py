"""Whether what is loaded ties to finance, how far apart it is in money, and whose name stands."""

from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from filled import fill

from cxdash import register
from cxdash.facts import Scope
from cxdash.questions import ask
from cxdash.questions.reconcile.measures import line_of
from cxdash.questions.unreconciled import is_marked
from cxdash.register.kinds.ledger import SignOff, Tolerance

MONTHS = [f"2025-{month:02}" for month in range(1, 13)]
MARK = "Not reconciled"
OF_CONTACTS = ("cost_to_serve", "cost_per_contact")


def book(company, *, customers=60, drop=(), twice=(), total=True):
    """Monthly payments of 60 customers, of which some rows are lost or doubled on the way in."""
    truth = dict.fromkeys(MONTHS, Decimal(0))
    place = 0
    for number in range(customers):
        name = f"c{number:04}"
        company.add("customers", customer_id=name, segment="S", row_key=name)
        for month in MONTHS:
            amount = Decimal(100 + number) + Decimal("0.25")
            truth[month] += amount
            for _ in range(0 if place in drop else 2 if place in twice else 1):
                company.pays(name, f"{month}-28", amount)
            place += 1
    if total:
        for month, amount in truth.items():
            company.add(
                "control_totals",
                period=f"{month}-01",
                measure="Net revenue",
                amount=amount,
                currency="USD",
                signed_by="Finance",
            )
    return truth


def sign(company, month, total, **more):
    db = company.db
    ask(db, "reconcile")  # so that the state of the data is settled
    values = {"line": "revenue", "signed_by": "Ann Controller", "loaded_version": db.loaded_version}
    record = SignOff(month=month, total=total, **(values | more))
    return register.put(db, record, by="ann")


def load_file(company, **more):
    with company.db.writing() as cur:
        cur.execute(
            "INSERT INTO imports SELECT 77, 'responses', 'later.csv', NULL, 'x', 1, 'x', '', [], "
            "'complete', false, 1, 1, 0, 0, 0, '{}', TIMESTAMP '2100-01-01', NULL"
        )


def row_of(answer, month, line="revenue"):
    (row,) = [
        row
        for row in answer.tables["months"]
        if row["month"] == f"{month}-01" and row["line"] == line
    ]
    return row


def test_without_totals_it_says_plainly_that_there_is_nothing_to_reconcile_with(company):
    book(company, total=False)
    answer = ask(company.db, "reconcile")
    assert answer.status == "cannot_tell"
    assert "nothing to reconcile with" in answer.headline
    assert answer.missing
    assert not answer.tables["months"]


def test_without_data_it_says_what_to_import(company):
    answer = ask(company.db, "reconcile")
    assert answer.status == "cannot_tell"
    assert answer.missing


def test_totals_that_are_met_tie_to_the_cent(company):
    book(company)
    answer = ask(company.db, "reconcile")
    assert answer.status == "answered"
    assert "ties to finance: 12 months" in answer.headline
    assert answer.fact("reconcile.match").value == 1
    assert answer.fact("reconcile.difference").value == 0
    row = row_of(answer, "2025-03")
    assert (row["loaded"], row["difference"], row["match"]) == (row["control"], 0, 1)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("what", ["drop", "twice"])
def test_one_row_in_a_hundred_lost_or_doubled_is_found_and_told_in_money(company, seed, what):
    rows = 60 * len(MONTHS)
    hurt = np.random.default_rng(seed).choice(rows, rows // 100, replace=False)
    book(company, **{what: set(hurt.tolist())})
    answer = ask(company.db, "reconcile")
    lost = sum(100.25 + place // len(MONTHS) for place in hurt.tolist())
    assert answer.fact("reconcile.difference").value == pytest.approx(lost, abs=1e-6)
    assert answer.headline.startswith(MARK)
    assert answer.fact("reconcile.match").value < 1
    apart = [row for row in answer.tables["months"] if not row["ties"]]
    assert apart
    sign = -1 if what == "drop" else 1
    assert sum(sign * row["difference"] for row in apart) == pytest.approx(lost, abs=1e-6)


def test_the_difference_is_exactly_as_large_as_the_tolerance_allows_or_not(company):
    book(company)
    with company.db.writing() as cur:
        cur.execute("UPDATE control_totals SET amount = amount / 0.995 WHERE period = '2025-05-01'")
    assert row_of(ask(company.db, "reconcile"), "2025-05")["ties"] is True
    with company.db.writing() as cur:
        cur.execute("UPDATE control_totals SET amount = amount + 1 WHERE period = '2025-05-01'")
    assert row_of(ask(company.db, "reconcile"), "2025-05")["ties"] is False


@pytest.mark.parametrize("question", ["worth", "churn", "revenue", "brief"])
def test_every_answer_with_dollars_carries_the_mark_until_it_ties(company, question):
    fill(company)
    company.add("control_totals", period="2025-12-01", measure="revenue", amount=1, currency="USD")
    before = ask(company.db, question)
    assert not [line for line in before.caveats if MARK in line]
    company.add("control_totals", period="2025-11-01", measure="revenue", amount=9, currency="USD")
    after = ask(company.db, question)
    assert after.caveats[0].startswith(MARK)
    assert is_marked(after)
    assert not is_marked(before)
    dollars = [fact for fact in after.facts if fact.is_money and fact.value is not None]
    assert dollars
    assert all(fact.caveats[0].startswith(MARK) for fact in dollars)
    assert [fact.grade for fact in after.facts] == [fact.grade for fact in before.facts]


def test_contacts_that_do_not_tie_leave_what_customers_pay_unmarked(company):
    """Only the cost of serving rests on how many contacts there were."""
    fill(company)
    company.add("contacts", contact_id="t1", customer_id="c1", contacted_at="2025-11-11")
    company.add("control_totals", period="2025-11-01", measure="contacts", amount=900)
    answer = ask(company.db, "worth")
    paid = [fact for fact in answer.facts if fact.is_money and fact.definition not in OF_CONTACTS]
    assert ask(company.db, "reconcile").headline.startswith(MARK)
    assert paid
    assert not any(MARK in caveat for fact in paid for caveat in fact.caveats)


def test_without_totals_only_the_brief_says_calmly_that_nothing_was_reconciled(company):
    fill(company)
    brief, worth = ask(company.db, "brief"), ask(company.db, "worth")
    assert sum("have not been reconciled" in line for line in brief.caveats) == 1
    assert not any("reconciled" in line for line in worth.caveats)


def test_an_entry_moves_the_mark_and_not_the_answer_below_it(company):
    fill(company)
    worth = ask(company.db, "worth")
    sign(company, date(2025, 12, 5), Decimal(5))
    marked = ask(company.db, "worth")
    assert marked.caveats[0].startswith(MARK)
    assert marked.tables is worth.tables  # worked out once
    sign(company, date(2025, 12, 5), Decimal(1))
    assert ask(company.db, "worth").caveats == worth.caveats


def test_the_tolerance_that_was_agreed_counts(company):
    book(company, drop={5})
    db = company.db
    assert ask(db, "reconcile").headline.startswith(MARK)
    register.put(db, Tolerance(most=0.05, agreed_by="Ann Controller"), by="ann")
    answer = ask(db, "reconcile")
    assert "within 5.0%" in answer.headline or "within 5%" in answer.headline
    assert any("agreed by Ann Controller" in line for line in answer.caveats)


def test_a_signature_stands_until_a_file_is_loaded_and_then_says_what_was(company):
    truth = book(company)
    sign(company, date(2025, 3, 1), truth["2025-03"], loaded=float(truth["2025-03"]))
    assert row_of(ask(company.db, "reconcile"), "2025-03")["signature"] == "signed"
    load_file(company)
    answer = ask(company.db, "reconcile")
    (row,) = answer.tables["signatures"]
    assert row["signature"].startswith("void")
    assert "later.csv" in row["since"]
    assert any("void" in line for line in answer.caveats)


def test_another_entry_voids_no_signature(company):
    truth = book(company)
    sign(company, date(2025, 3, 1), truth["2025-03"])
    sign(company, date(2025, 4, 1), truth["2025-04"])
    rows = ask(company.db, "reconcile").tables["signatures"]
    assert {row["signature"] for row in rows} == {"signed"}


def test_a_signature_is_void_when_the_figure_it_saw_is_another_one(company):
    truth = book(company)
    sign(company, date(2025, 3, 1), truth["2025-03"], loaded=1.0)
    assert row_of(ask(company.db, "reconcile"), "2025-03")["signature"].startswith("void")


def test_a_total_that_was_entered_stands_in_the_place_of_that_in_the_file(company):
    truth = book(company)
    sign(company, date(2025, 3, 9), truth["2025-03"] * 2)
    row = row_of(ask(company.db, "reconcile"), "2025-03")
    assert row["control"] == float(truth["2025-03"] * 2)
    assert row["match"] == 0.5
    assert row["signed_by"] == "Ann Controller"


def test_customers_and_contacts_are_compared_by_count(company):
    for number in range(10):
        company.contract(f"c{number}", "2025-01-10", "2025-03-15" if number < 2 else None)
        company.add(
            "contacts", contact_id=f"t{number}", customer_id=f"c{number}", contacted_at="2025-02-11"
        )
    company.pays("c5", "2025-04-30", 100)
    for measure, amount in (("Active customers", 10), ("tickets", 11)):
        company.add("control_totals", period="2025-02-01", measure=measure, amount=amount)
    company.add("control_totals", period="2025-03-01", measure="customers", amount=8)
    answer = ask(company.db, "reconcile")
    assert row_of(answer, "2025-02", "customers")["difference"] == 0
    assert row_of(answer, "2025-03", "customers")["difference"] == 0
    assert row_of(answer, "2025-02", "contacts")["difference"] == -1
    assert "(contacts)" in answer.headline


def test_refunds_stated_without_a_sign_are_compared_all_the_same(company):
    book(company, total=False)
    company.pays("c0001", "2025-02-10", -30, revenue_kind="refund")
    company.add("control_totals", period="2025-02-01", measure="Refunds", amount=30, currency="USD")
    assert row_of(ask(company.db, "reconcile"), "2025-02", "refunds")["difference"] == 0


def test_the_totals_are_told_net_of_refunds(company):
    book(company, total=False)
    company.pays("c0001", "2025-02-10", -30, revenue_kind="refund")
    for measure, amount in (("Refunds", -30), ("One-off revenue", 0)):
        company.add(
            "control_totals",
            period="2025-02-01",
            measure=measure,
            amount=amount,
            currency="USD",
        )
    answer = ask(company.db, "reconcile")
    assert answer.fact("reconcile.control").value == -30
    assert answer.fact("reconcile.match").value == 1


def test_a_total_that_is_called_like_nothing_loaded_is_said_and_not_compared(company):
    book(company)
    company.add("control_totals", period="2025-02-01", measure="Headcount", amount=7)
    company.add("control_totals", period="2030-02-01", measure="revenue", amount=7, currency="USD")
    answer = ask(company.db, "reconcile")
    assert answer.status == "partly"
    assert any("Headcount is not compared" in line for line in answer.caveats)
    assert any("does not cover that month" in line for line in answer.caveats)


def test_revenue_of_nobody_and_answers_without_money_are_told_in_money(company):
    book(company)
    company.contract("c0000", "2025-01-01", amount=200)
    company.pays("stranger", "2025-06-10", 500)
    company.pays(None, "2025-06-11", 70, order_id="o-9")
    company.answers("c0000", "2025-06-01", 9)
    company.answers("ghost", "2025-06-01", 2)
    company.answers(None, "2025-06-02", 2)
    answer = ask(company.db, "reconcile")
    assert answer.fact("reconcile.unmatched").value == 570
    assert "$570 of revenue belongs to no known customer" in answer.headline
    assert {row["what"]: row["n"] for row in answer.tables["unmatched"]} == {
        "the order it names is not loaded": 1,
        "its customer is in no list, contract or order": 1,
    }
    assert answer.fact("reconcile.orphans").value == 2
    assert answer.fact("reconcile.orphan_money").value == pytest.approx(12 * 200)


def test_currencies_are_compared_each_by_itself(company):
    book(company)
    company.pays("c0001", "2025-02-10", 40, currency="EUR")
    company.add("control_totals", period="2025-02-01", measure="sales", amount=40, currency="EUR")
    answer = ask(company.db, "reconcile")
    rows = {
        row["unit"]: row["difference"]
        for row in answer.tables["months"]
        if row["month"] == "2025-02-01"
    }
    assert rows == {"USD": 0, "EUR": 0}


@pytest.mark.parametrize(
    ("measure", "line"),
    [
        ("recurring_revenue", "recurring_revenue"),
        ("Net Revenue", "revenue"),
        ("Anzahl Stühle", None),
        ("Credit notes", "refunds"),
    ],
)
def test_finance_may_call_its_totals_as_it_likes(measure, line):
    assert line_of(measure) == line


def test_filters_of_customers_do_not_narrow_what_finance_counts(company):
    book(company)
    narrowed = ask(company.db, "reconcile", Scope(where=(("segment", "S"),)))
    assert narrowed.tables == ask(company.db, "reconcile").tables
