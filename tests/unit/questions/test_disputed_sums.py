"""Where contracts and invoices tell different sums, every question with dollars says so."""

from dataclasses import replace

import pytest
from filled import fill

from cxdash.facts import Grade
from cxdash.facts import format as fmt
from cxdash.panel import Sums, ground, settled, stamp
from cxdash.questions import ask
from cxdash.questions.sums import disputed

APART = "Contracts and invoices tell different sums"


def _invoiced(company, times):
    """Monthly invoices of so many times the fee, for all 240 customers while they stay."""
    fill(company)
    for number in range(240):
        for month in ("2024-12", *(f"2025-{month:02}" for month in range(1, 13))):
            company.pays(f"c{number:04}", f"{month}-28", times * (100 + number))


def _invoiced_yearly(company):
    fill(company)
    for number in range(240):
        month = number % 12 + 1
        for year in (2024, 2025):
            company.pays(f"c{number:04}", f"{year}-{month:02}-02", 12 * (100 + number))


def _said(answer):
    return [line for line in answer.caveats if APART in line]


@pytest.fixture
def apart(company):
    _invoiced(company, 2.4)
    return company


@pytest.mark.parametrize("question", ["worth", "brief", "churn", "revenue", "listening", "change"])
def test_invoices_of_more_than_twice_the_fees_are_named_wherever_dollars_are(apart, question):
    answer = ask(apart.db, question)
    (line,) = _said(answer)
    assert answer.caveats[0] == line
    assert "2.40 times as much" in line
    assert "over the 12 months to 2025-12-31" in line
    assert "rest on the contracts" in line
    dollars = [fact for fact in answer.facts if fact.is_money and fact.value is not None]
    assert dollars
    for fact in dollars:
        assert not fact.grade.may_be_summed
        assert sum("come to 2.40 times" in caveat for caveat in fact.caveats) == 1


@pytest.mark.parametrize(
    ("times", "told", "cause"),
    [
        (1.19, "1.19 times as much", "a tax of 19.0% on the invoices would explain it"),
        (1.15, "1.15 times as much", "a tax of 15.0% on the invoices would explain it"),
        (2.4, "2.40 times as much", "two files, or several years paid in advance may explain it"),
        (0.85, "0.85 times as much", "discounts and credit notes"),
        (1 / 12, "0.08 times as much", "fees of a year that were read as fees of a month"),
    ],
)
def test_how_far_they_are_apart_and_what_may_be_the_cause_are_told(company, times, told, cause):
    _invoiced(company, times)
    (line,) = _said(ask(company.db, "worth"))
    assert told in line
    assert cause in line


def test_both_sums_are_told(apart):
    (line,) = _said(ask(apart.db, "worth"))
    stayed = apart.db.rows(
        "SELECT count(*) AS n, 12 * sum(monthly_amount) AS fees FROM subscriptions "
        "WHERE ended_on IS NULL"
    )[0]
    assert f"the {stayed['n']} customers who have both" in line
    fees = float(stayed["fees"])
    told = [fmt.number(amount, "USD") for amount in (fees, 2.4 * fees)]
    assert f"contracts come to {told[0]} and invoices and payments to {told[1]}," in line


def test_the_dollars_themselves_stay(apart):
    doubted = ask(apart.db, "worth").fact("worth.revenue_ahead").value
    with apart.db.writing() as cur:
        cur.execute("UPDATE revenue SET amount = amount / 2.4")
    assert ask(apart.db, "worth").fact("worth.revenue_ahead").value == doubted


@pytest.mark.parametrize("question", ["worth", "brief", "churn", "revenue"])
def test_yearly_invoices_of_monthly_contracts_are_no_difference(company, question):
    _invoiced_yearly(company)
    answer = ask(company.db, question)
    assert _said(answer) == []
    assert not any(fact.method.disputed for fact in answer.facts)


def test_where_most_contracts_name_no_amount_revenue_rests_on_the_invoices(apart):
    for number in range(30):
        apart.contract(f"free{number}", "2023-05-01", amount=None)
    assert "rest on the invoices" in _said(ask(apart.db, "revenue"))[0]
    assert "rest on the contracts" in _said(ask(apart.db, "worth"))[0]


def test_a_share_is_doubted_in_the_caveat_and_keeps_its_grade(apart):
    answer = ask(apart.db, "worth")
    assert not answer.fact("worth.gap_adjusted").method.disputed


def test_a_doubt_lowers_the_best_grade_to_observed_and_no_other(apart):
    method = ask(apart.db, "worth").fact("worth.at_stake").method
    assert replace(method, randomised=True).grade is Grade.D
    assert replace(method, randomised=True, disputed=False).grade is Grade.A
    assert replace(method, assertion=True).grade is Grade.F


@pytest.mark.parametrize(
    ("invoices", "differs"), [(1.1, False), (1.10001, True), (0.9, False), (0.89999, True)]
)
def test_a_tenth_more_or_less_is_within_the_tolerance(company, invoices, differs):
    company.contract("A", "2025-01-01")
    with settled(company.db) as view:
        data = ground(view, stamp(view))
    sums = Sums("USD", 100, 12, 24311, 100.0, round(100.0 * invoices, 4))
    assert bool(disputed(replace(data, sums=(sums,)))) is differs


def test_sums_in_different_currencies_are_said_to_be_uncompared(company):
    fill(company)
    company.add("fx", currency="EUR", to_currency="USD", dated="2020-01-01", rate=1.10)
    company.add("fx", currency="USD", to_currency="EUR", dated="2020-01-01", rate=0.91)
    for number in range(240):
        for month in range(1, 13):
            company.pays(f"c{number:04}", f"2025-{month:02}-28", 500, currency="EUR")
    answer = ask(company.db, "worth")
    assert _said(answer) == []
    (line,) = [line for line in answer.caveats if "could not be looked at" in line]
    assert "their contracts are in USD and their invoices in EUR" in line
    assert not any(fact.method.disputed for fact in answer.facts)
