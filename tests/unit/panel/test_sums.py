"""What contracts come to beside what was invoiced, for whom both are known and no one else."""

import pytest

from cxdash.panel import panel, settled, two_sums, uncompared

MONTHS = [f"{year}-{month:02}" for year in (2024, 2025) for month in range(1, 13)]


def _compared(company):
    built = panel(company.db)
    with settled(company.db) as view:
        return two_sums(view, built)


def _customers(company, *, many=10, start="2023-06-01", fee=100, currency="USD"):
    names = [f"{currency}{number:02}" for number in range(many)]
    for name in names:
        company.contract(name, start, amount=fee, currency=currency)
    return names


def _invoiced(company, names, amount, months=MONTHS, **more):
    for name in names:
        for month in months:
            company.pays(name, f"{month}-28", amount, **more)


def test_the_last_twelve_months_are_summed_both_ways(company):
    _invoiced(company, _customers(company), 240)
    (found,) = _compared(company)
    assert (found.currency, found.customers, found.months) == ("USD", 10, 12)
    assert (found.fees, found.invoices) == (10 * 12 * 100, 10 * 12 * 240)
    assert found.ratio == pytest.approx(2.4)
    assert found.until == "2025-12-31"


def test_yearly_invoices_meet_their_twelve_fees(company):
    for number, name in enumerate(_customers(company, many=12)):
        for year in (2024, 2025):
            company.pays(name, f"{year}-{number + 1:02}-03", 1200)
    company.pays("USD00", "2025-12-31", 0)
    (found,) = _compared(company)
    assert found.fees == found.invoices == 12 * 1200


def test_customers_of_a_part_of_the_year_are_left_out_of_both_sums(company):
    _invoiced(company, _customers(company), 100)
    company.contract("new", "2025-09-01", amount=100)
    company.contract("gone", "2023-01-01", "2025-06-30", amount=100)
    _invoiced(company, ["new", "gone"], 1200, ["2025-10"])
    (found,) = _compared(company)
    assert (found.customers, found.fees, found.invoices) == (10, 12_000, 12_000)


@pytest.mark.parametrize("second", ["2025-06-30", "2025-07-01"])
def test_a_contract_that_goes_on_from_another_counts_every_month_once(company, second):
    names = [f"r{number:02}" for number in range(10)]
    for name in names:
        company.contract(name, "2023-07-01", "2025-06-30", amount=100)
        company.contract(name, second, amount=120)
    _invoiced(company, names, 100, MONTHS[:18])
    _invoiced(company, names, 120, MONTHS[18:])
    (found,) = _compared(company)
    assert (found.customers, found.months) == (10, 12)
    assert found.fees == found.invoices == 10 * (6 * 100 + 6 * 120)


def test_customers_without_a_single_invoice_are_left_out(company):
    _invoiced(company, _customers(company, many=20)[:10], 100)
    (found,) = _compared(company)
    assert (found.customers, found.fees, found.invoices) == (10, 12_000, 12_000)


def test_who_was_invoiced_before_and_not_in_these_months_counts_with_nothing(company):
    names = _customers(company)
    _invoiced(company, names[1:], 100)
    _invoiced(company, names[:1], 3600, ["2024-01"])
    (found,) = _compared(company)
    assert (found.customers, found.fees, found.invoices) == (10, 12_000, 9 * 1200)


def test_what_is_named_as_one_off_is_left_out_and_refunds_are_taken_off(company):
    names = _customers(company)
    _invoiced(company, names, 100)
    _invoiced(company, names, 5000, ["2025-03"], revenue_kind="one-off")
    _invoiced(company, names, -30, ["2025-04"], revenue_kind="refund")
    (found,) = _compared(company)
    assert found.invoices == 12_000 - 300


def test_where_everything_is_named_as_one_off_it_is_compared(company):
    _invoiced(company, _customers(company), 240, revenue_kind="one-off")
    (found,) = _compared(company)
    assert found.ratio == pytest.approx(2.4)


def test_a_customer_with_a_contract_without_an_amount_is_left_out(company):
    names = _customers(company)
    _invoiced(company, names, 100)
    company.contract("open", "2023-01-01", amount=100)
    company.contract("open", "2023-02-01", amount=None)
    _invoiced(company, ["open"], 900)
    (found,) = _compared(company)
    assert (found.customers, found.fees, found.invoices) == (10, 12_000, 12_000)


def test_currencies_are_never_added(company):
    _invoiced(company, _customers(company), 100)
    _invoiced(company, _customers(company, currency="EUR", fee=50), 70, currency="EUR")
    found = {one.currency: (one.fees, one.invoices) for one in _compared(company)}
    assert found == {"USD": (12_000, 12_000), "EUR": (6000, 8400)}


def test_the_sums_of_fewer_than_ten_customers_are_not_told(company):
    _invoiced(company, _customers(company, many=9), 240)
    assert _compared(company) == ()


def test_of_less_than_a_year_only_who_is_invoiced_every_month_is_compared(company):
    names = _customers(company, many=20)
    _invoiced(company, names[:10], 240, MONTHS[-5:])
    _invoiced(company, names[10:], 1200, MONTHS[-2:-1])
    (found,) = _compared(company)
    assert (found.customers, found.months) == (10, 3)
    assert (found.fees, found.invoices) == (3000, 7200)


def test_new_customers_are_compared_by_their_months_where_there_are_no_others(company):
    _invoiced(company, _customers(company, start="2025-08-01"), 100, MONTHS[-5:])
    _invoiced(company, ["elsewhere"], 1, MONTHS)
    (found,) = _compared(company)
    assert (found.customers, found.months, found.ratio) == (10, 3, 1.0)


def test_a_month_whose_first_days_may_be_missing_is_not_compared(company):
    names = _customers(company)
    for month in MONTHS[-3:]:
        for name in names:
            company.pays(name, f"{month}-28", 100)
    assert _compared(company) == ()  # October begins on the 28th: two whole months


def test_without_contracts_or_without_invoices_there_is_nothing_to_compare(company):
    _invoiced(company, ["A", "B"], 100)
    assert _compared(company) == ()


def test_contracts_alone_are_not_compared(company):
    _customers(company)
    company.answers("USD00", "2025-12-31", 9)
    assert _compared(company) == ()


def _in_two_currencies(company):
    built = panel(company.db)
    with settled(company.db) as view:
        return [(one.contracts, one.invoices, one.customers) for one in uncompared(view, built)]


def test_contracts_in_one_currency_and_invoices_in_another_are_counted(company):
    _invoiced(company, _customers(company), 100, currency="EUR")
    assert _compared(company) == ()
    assert _in_two_currencies(company) == [("USD", "EUR", 10)]


def test_an_invoice_in_the_currency_of_the_contract_makes_the_sums_comparable(company):
    names = _customers(company)
    _invoiced(company, names, 100)
    _invoiced(company, names, 5, currency="EUR")
    assert _in_two_currencies(company) == []


def test_fewer_than_ten_customers_in_two_currencies_are_not_counted(company):
    _invoiced(company, _customers(company, many=9), 100, currency="EUR")
    assert _in_two_currencies(company) == []
