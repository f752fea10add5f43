"""What can mislead the money is named in the receipt, counted and priced."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from plain_layouts import REVENUE, SURVEY

from cxdash import intake
from cxdash.intake import Receipt

from .conftest import CUSTOMERS, TODAY

NAMED = """
kind = "customers"
same_rows = "same"
[columns]
customer_id = "customer"
name = "name"
since = "since"
"""
ORDERS = """
kind = "orders"
[columns]
order_id = "order"
customer_id = "customer"
ordered_at = "at"
delivered_at = "delivered"
"""
BY_ORDER = """
kind = "revenue"
source = "{source}"
key = ["order", "part"]
[columns]
order_id = "order"
amount = "amount"
[constants]
currency = "EUR"
revenue_kind = "one-off"
"""
ABOUT_ORDERS = """
kind = "responses"
[columns]
response_id = "id"
order_id = "order"
answered_at = "at"
[[scores]]
item = "nps"
column = "nps"
variant = "nps.0-10"
"""
PLANS = """
kind = "subscriptions"
[columns]
subscription_id = "id"
customer_id = "customer"
started_on = "start"
ended_on = "end"
monthly_amount = "fee"
currency = "currency"
"""
HEAD = "invoice,customer,at,amount,currency\n"


def codes(receipt: Receipt) -> dict[str, list]:
    found: dict[str, list] = {}
    for finding in receipt.findings:
        found.setdefault(finding.code, []).append(finding)
    return found


def only(receipt: Receipt, code: str):
    (finding,) = codes(receipt)[code]
    return finding


@pytest.fixture
def company(load):
    """Three customers of whom C1 and C2 pay."""
    load("customer,mail,segment\nC1,a@x,S\nC2,b@x,S\nC3,c@x,S", CUSTOMERS, "customers.csv")
    load(f"{HEAD}I1,C1,2026-01-05,100,EUR\nI2,C2,2026-02-05,40.50,EUR", REVENUE, "money.csv")


def test_a_clean_file_finds_nothing(load, company):
    receipt = load(f"{HEAD}I3,C1,2026-03-05,100,EUR", REVENUE)
    assert (receipt.findings, receipt.warnings) == ((), ())


def test_rows_of_nobody_are_counted_with_their_money(load, company):
    receipt = load(f"{HEAD}I3,C1,2026-03-05,100,EUR\nI4,C9,2026-03-05,7.25,EUR", REVENUE)
    finding = only(receipt, "low_match")
    assert (finding.rows, finding.severity, finding.money) == (1, "warn", {"EUR": Decimal("7.25")})
    assert "Only 50% of the rows belong" in finding.sentence
    assert "Without a customer: EUR 7.25." in finding.sentence


def test_a_file_of_nobody_does_not_say_nought_percent(load, company):
    receipt = load(f"{HEAD}I3,X1,2026-03-05,1,EUR\nI4,X2,2026-03-05,2,EUR", REVENUE)
    finding = only(receipt, "low_match")
    assert finding.severity == "stop"
    assert finding.sentence.startswith("None of the 2 rows belongs to a customer")


def test_answers_that_miss_customers_are_priced_by_what_those_paid(load, company):
    rows = "".join(f"R{n},X{n},2026-03-01,9,\n" for n in range(3))
    receipt = load(f"id,customer,at,nps,comment\nR9,C1,2026-03-01,9,\n{rows}", SURVEY)
    finding = only(receipt, "low_match")
    assert finding.money == {"EUR": Decimal("40.5")}
    assert "not named in this file paid EUR 40.50 in the last twelve months" in finding.sentence


def test_a_few_answers_of_nobody_are_not_priced_by_what_others_paid(load, company):
    rows = "".join(f"R{n},C1,2026-03-0{n},9,\n" for n in range(1, 6))
    receipt = load(f"id,customer,at,nps,comment\n{rows}R9,,2026-03-01,9,", SURVEY)
    finding = only(receipt, "low_match")
    assert (finding.rows, finding.money, finding.severity) == (1, {}, "info")


def test_an_order_on_several_rows_says_what_a_join_would_count_too_much(load):
    load("order,customer,at,delivered\nO1,C1,2026-01-01,\nO2,C2,2026-01-01,", ORDERS, "o.csv")
    paid = BY_ORDER.format(source="payments")
    load("order,part,amount\nO1,1,60\nO1,2,40\nO2,1,100", paid, "payments.csv")
    receipt = load(
        "id,order,at,nps\nR1,O1,2026-02-01,9\nR2,O1,2026-02-02,8\nR3,O2,2026-02-02,8",
        ABOUT_ORDERS,
        "answers.csv",
    )
    finding = only(receipt, "fan_out")
    assert (finding.rows, finding.money) == (1, {"EUR": Decimal(100)})
    assert "count EUR 100.00 too much, 50% more than the EUR 200.00" in finding.sentence
    assert finding.severity == "info", "it is dealt with here, and named for who joins elsewhere"
    assert finding.sentence.startswith("No figure here counts this twice")


@pytest.mark.parametrize(("paid", "is_told"), [(4_000, False), (3_900, True)])
def test_a_join_that_would_add_less_than_one_percent_is_not_told(load, company, paid, is_told):
    load(f"{HEAD}I3,C1,2026-03-05,{paid},EUR", REVENUE, "more.csv")
    rows = "R1,C1,2026-03-01,9,\nR2,C2,2026-03-01,9,\nR3,C2,2026-04-01,9,"
    receipt = load(f"id,customer,at,nps,comment\n{rows}", SURVEY)
    assert ("fan_out" in codes(receipt)) == (40.50 / (paid + 140.50) >= 0.01) == is_told


def test_answers_about_no_order_are_joined_by_customer_though_invoices_name_orders(load, company):
    load(
        "invoice,customer,order,at,amount,currency\nI8,C1,O1,2026-02-05,60,EUR",
        REVENUE.replace("[columns]", '[columns]\norder_id = "order"'),
        "orders.csv",
    )
    receipt = load("id,customer,at,nps,comment\nR1,C1,2026-03-01,9,\nR2,C1,2026-04-01,3,", SURVEY)
    finding = only(receipt, "fan_out")
    assert (finding.rows, finding.money) == (1, {"EUR": Decimal(160)})


def test_what_a_join_makes_of_several_currencies_is_told_without_one_share(load, company):
    load(f"{HEAD}I3,C2,2026-03-05,7,USD\nI4,C1,2026-03-05,-5,GBP", REVENUE, "more.csv")
    rows = "".join(f"R{n},C{1 + n % 2},2026-0{n}-01,9,\n" for n in range(3, 8))
    receipt = load(f"id,customer,at,nps,comment\n{rows}", SURVEY)
    finding = only(receipt, "fan_out")
    assert finding.rows == 2
    assert finding.money == {"EUR": Decimal(181), "GBP": Decimal(-5), "USD": Decimal(14)}
    assert (
        "make EUR 321.50, GBP -10.00 and USD 21.00 of the EUR 140.50, GBP -5.00 and USD 7.00"
        in (finding.sentence)
    )


def test_the_same_orders_in_two_files_of_money_have_to_be_settled(load):
    load("order,customer,at,delivered\nO1,C1,2026-01-01,\nO2,C2,2026-01-01,", ORDERS, "o.csv")
    paid, items = (BY_ORDER.format(source=name) for name in ("payments", "items"))
    load("order,part,amount\nO1,1,60\nO1,2,40\nO2,1,100", paid, "payments.csv")
    receipt = load(
        "order,part,price\nO1,1,100\nO2,1,100",
        items.replace('amount = "amount"', 'amount = "price"'),
        "items.csv",
    )
    finding = only(receipt, "counted_twice")
    assert (finding.rows, finding.severity, finding.money) == (2, "stop", {"EUR": Decimal(200)})
    assert receipt.findings[0] is finding, "what has to be settled comes first"
    joined = only(receipt, "fan_out")
    assert (joined.rows, joined.money) == (1, {"EUR": Decimal(100)}), "O1's item meets two payments"


def test_invoices_paid_in_a_later_month_are_found_among_the_payments(load):
    rows = "".join(f"I{n},C{n},2026-01-2{n},{100 + n},EUR\n" for n in range(1, 6))
    load(f"{HEAD}{rows}", REVENUE, "invoices.csv")
    payments = REVENUE.replace('"invoice"', '"payment"').replace('"amount"', '"paid"')
    rows = "".join(f"P{n},C{n},2026-02-2{n},{100 + n},EUR\n" for n in range(1, 6))
    receipt = load(f"payment,customer,at,paid,currency\n{rows}", payments, "payments.csv")
    assert only(receipt, "counted_twice").money == {"EUR": Decimal(515)}


def test_a_new_billing_system_that_goes_on_with_the_same_fees_counts_nothing_twice(load):
    months = {"old": (1, 2, 3), "new": (4, 5, 6)}
    old, new = (
        "".join(f"{name}{n}-{m},C{n},2026-0{m}-01,{100 + n},EUR\n" for n in range(5) for m in at)
        for name, at in months.items()
    )
    load(f"{HEAD}{old}", REVENUE, "old.csv")
    other = REVENUE.replace('"invoice"', '"bill"')
    receipt = load(f"bill,customer,at,amount,currency\n{new}", other, "new.csv")
    assert "counted_twice" not in codes(receipt)


def test_answers_before_what_they_are_about_are_counted(load, company):
    load("order,customer,at,delivered\nO1,C1,2026-03-10,2026-03-01", ORDERS, "o.csv")
    receipt = load("id,order,at,nps\nR1,O1,2026-03-09,9", ABOUT_ORDERS, "answers.csv")
    assert "1 answer was given before the order" in only(receipt, "before_event").sentence
    receipt = load("customer,name,since\nC1,One,2026-04-01", NAMED, "since.csv")
    assert "before_event" not in codes(receipt), "the answer names its order, not a customer"
    load(f"{HEAD}I0,C2,2025-11-05,1,EUR", REVENUE, "earlier.csv")
    receipt = load("id,customer,at,nps,comment\nR2,C1,2025-12-01,9,", SURVEY, "s.csv")
    told = [finding.sentence for finding in codes(receipt)["before_event"]]
    assert any("since when their customer is one" in sentence for sentence in told)
    assert any("first month in which their customer paid" in sentence for sentence in told)
    assert all(f.money == {"EUR": Decimal(100)} for f in codes(receipt)["before_event"])


def test_ends_before_starts_are_counted(load, company):
    receipt = load("order,customer,at,delivered\nO1,C1,2026-03-10,2026-03-01", ORDERS, "o.csv")
    assert only(receipt, "backwards").money == {"EUR": Decimal(100)}
    receipt = load(
        "id,customer,start,end,fee,currency\nS1,C1,2026-03-01,2026-02-01,10,EUR", PLANS, "p.csv"
    )
    assert only(receipt, "backwards").money == {"EUR": Decimal(10)}


def test_subscriptions_that_have_not_begun_are_told(load, company):
    later = TODAY + timedelta(days=30)
    receipt = load(f"id,customer,start,end,fee,currency\nS1,C1,{later},,10,EUR", PLANS, "p.csv")
    finding = only(receipt, "ahead")
    assert (finding.rows, finding.money) == (1, {"EUR": Decimal(10)})


def test_rejected_rows_say_what_money_lies_in_them(load, company):
    receipt = load(
        f"{HEAD}I3,C1,2026-03-05,100,EUR\nI4,C1,2027-03-05,70,EUR\nI5,C1,2026-03-06,5,\n"
        "Total,,,175,EUR\nI6,C1,2026-03-07,abc,EUR\nI7,C1,2026-03-07,1,EUR\n"
        "I7,C1,2026-03-07,2,EUR",
        REVENUE,
    )
    found = codes(receipt)
    assert only(receipt, "rejected").money == {"EUR": Decimal(73), "?": Decimal(5)}
    assert only(receipt, "future").money == {"EUR": Decimal(70)}
    assert only(receipt, "no_currency").money == {"?": Decimal(5)}
    assert "would have added EUR 175.00" in only(receipt, "totals").sentence
    assert only(receipt, "contradiction").money == {"EUR": Decimal(3)}
    assert found["unreadable_money"][0].rows == 1
    money = {one.currency: one for one in receipt.money}
    assert money["EUR"].read == money["EUR"].loaded + money["EUR"].rejected == Decimal(348)
    assert money["?"].rejected == Decimal(5)


def test_answers_older_than_all_revenue_are_not_called_too_early(load, company):
    receipt = load("id,customer,at,nps,comment\nR2,C1,2024-12-01,9,", SURVEY, "s.csv")
    assert "before_event" not in codes(receipt)


def test_a_cancelled_row_that_a_new_export_leaves_out_is_told(db, load, company):
    receipt = load(f"{HEAD}I1,C1,2026-01-05,100,EUR\nI3,C2,2026-02-06,1,EUR", REVENUE)
    finding = only(receipt, "left_out")
    assert (finding.rows, finding.severity) == (1, "warn")
    assert finding.money == {"EUR": Decimal("40.5")}
    assert "(import 2)" in finding.sentence
    intake.undo(db, 2)
    assert db.rows("SELECT sum(amount) AS s FROM revenue WHERE is_current")[0]["s"] == 101


def test_a_corrected_row_without_a_number_of_its_own_is_told_to_count_twice(load, company):
    unnamed = REVENUE.replace('key = ["invoice"]', 'repeats = "keep"')
    text = f"{HEAD},C1,2026-04-05,7,EUR\n,C1,2026-05-05,8,EUR\n"
    load(text, unnamed, "first.csv")
    receipt = load(text.replace(",8,", ",6,"), unnamed, "second.csv")
    finding = only(receipt, "left_out")
    assert (finding.rows, finding.money) == (1, {"EUR": Decimal(8)})
    assert "a corrected row counts beside its earlier version" in finding.sentence


def test_the_months_that_changed_most_are_told_and_the_others_counted(load, company):
    days = [f"20{year}-{month:02}-01" for year in (23, 24, 25) for month in range(1, 13)]
    before = "".join(f"K{n},C1,{day},100,EUR\n" for n, day in enumerate(days))
    after = "".join(f"K{n},C1,{day},{101 + n},EUR\n" for n, day in enumerate(days))
    load(f"{HEAD}{before}", REVENUE, "before.csv")
    sentence = only(load(f"{HEAD}{after}", REVENUE, "after.csv"), "replaced").sentence
    assert "By month: 2025-07 EUR +31.00," in sentence
    assert "2025-12 EUR +36.00 and 30 smaller changes." in sentence


def test_refunds_of_a_currency_nothing_came_in_have_no_share(load, company):
    receipt = load(f"{HEAD}I3,C1,2026-03-05,-9,GBP", REVENUE)
    assert only(receipt, "negative").sentence.endswith("counts as refunds: GBP -9.00.")


def test_a_slice_of_other_rows_leaves_nothing_out(load, company):
    receipt = load(f"{HEAD}I7,C1,2026-01-04,1,EUR\nI8,C1,2026-03-05,1,EUR", REVENUE)
    assert "left_out" not in codes(receipt)


def test_answers_off_the_scale_are_priced_by_their_customers(load, company):
    receipt = load("id,customer,at,nps,comment\nR1,C1,2026-03-01,11,\nR2,C2,2026-03-01,9,", SURVEY)
    finding = only(receipt, "off_scale")
    assert (finding.rows, finding.money) == (1, {"EUR": Decimal(100)})


def test_answers_under_an_email_address_are_priced_by_whose_it_is(load, company):
    receipt = load("id,customer,at,nps,comment\nR1,a@x,2026-03-01,11,\nR2,C2,2026-03-01,9,", SURVEY)
    assert only(receipt, "off_scale").money == {"EUR": Decimal(100)}


def test_refunds_zeros_and_currencies_are_told_with_their_sums(load, company):
    receipt = load(
        f"{HEAD}I3,C1,2026-03-05,100,EUR\nI4,C1,2026-03-05,-30,EUR\n"
        "I5,C1,2026-03-05,0,USD\nI6,C1,2026-03-05,9,USD",
        REVENUE,
    )
    assert only(receipt, "negative").money == {"EUR": Decimal(-30)}
    assert "30% of what came in" in only(receipt, "negative").sentence
    assert only(receipt, "zero").rows == 1
    assert only(receipt, "currencies").money == {"EUR": Decimal(70), "USD": Decimal(9)}


def test_one_row_far_out_of_the_rest_is_named_by_its_line(load, company):
    rows = "".join(f"J{n},C1,2026-03-05,10,EUR\n" for n in range(30))
    receipt = load(f"{HEAD}{rows}J99,C1,2026-03-05,50000,EUR", REVENUE)
    finding = only(receipt, "far_out")
    assert "on line 32, holds EUR 50,000.00: 99.4% of all the money" in finding.sentence


def test_months_without_revenue_inside_the_history_are_named(load, company):
    receipt = load(f"{HEAD}I3,C1,2026-06-05,100,EUR", REVENUE)
    assert "3 months inside the history have no revenue: 2026-03, 2026-04 and 2026-05." in (
        only(receipt, "gap").sentence
    )


def test_one_name_under_two_ids_is_told(load, company):
    receipt = load("customer,name,since\nC1,Ada  Ltd.,\nC2,ada ltd,\nC3,Bob,", NAMED, "names.csv")
    finding = only(receipt, "same_people")
    assert (finding.rows, finding.money) == (2, {"EUR": Decimal("140.5")})


def test_what_is_loaded_already_says_what_counting_it_again_would_add(load, company):
    text = f"{HEAD}I1,C1,2026-01-05,100,EUR\nI3,C1,2026-02-05,5,EUR\nI3,C1,2026-02-05,5,EUR"
    receipt = load(text, REVENUE)
    assert only(receipt, "overlap").money == {"EUR": Decimal(100)}
    assert "(import 2)" in only(receipt, "overlap").sentence
    assert only(receipt, "repeated").money == {"EUR": Decimal(5)}
    assert receipt.money[0].duplicate == Decimal(105)


def test_warnings_are_the_findings_a_person_should_read(load, company):
    receipt = load(f"{HEAD}I1,C1,2026-01-05,100,EUR\nI4,C9,2026-03-05,7,EUR", REVENUE)
    loud = [one.sentence for one in receipt.findings if one.severity != "info"]
    assert loud
    assert receipt.warnings == tuple(loud)
    assert "overlap" in codes(receipt)


def test_findings_travel_in_the_receipts_json(load, company):
    receipt = load(f"{HEAD}I1,C1,2026-01-05,90.10,EUR\nI4,C9,2026-03-05,7.25,EUR", REVENUE)
    text = json.dumps(receipt.to_json())
    assert Receipt.from_json(text) == receipt
    assert json.loads(text)["findings"][0]["money"]


def test_a_receipt_from_before_findings_can_still_be_read(load):
    receipt = load(f"{HEAD}I1,C1,2026-01-05,90.10,EUR", REVENUE)
    old = receipt.to_json()
    for name in ("findings", "restated", "lines_read"):
        del old[name]
    for money in old["money"]:
        del money["duplicate"], money["rejected"]
    read = Receipt.from_json(json.dumps(old))
    assert (read.findings, read.restated, read.lines_read) == ((), (), 0)
    assert read.money[0].loaded == Decimal("90.10")


def test_names_of_customers_are_kept_as_they_came(db, load):
    load("customer,name,since\nC1,Ada Ltd.,2025-01-01", NAMED, "names.csv")
    assert db.rows("SELECT name FROM customers") == [{"name": "Ada Ltd."}]


def test_one_row_of_nobody_with_much_of_the_money_has_to_be_checked(load, company):
    rows = "".join(f"J{n},C1,2026-03-05,10,EUR\n" for n in range(30))
    receipt = load(f"{HEAD}{rows}J99,X9,2026-03-05,5000,EUR", REVENUE)
    finding = only(receipt, "low_match")
    assert (finding.severity, finding.money) == ("warn", {"EUR": Decimal(5000)})


def test_a_file_that_only_lost_its_line_of_totals_lost_no_money(load, company):
    receipt = load(f"{HEAD}I3,C1,2026-03-05,100,EUR\nTotal,,,100,EUR", REVENUE)
    assert set(codes(receipt)) == {"totals"}
    assert receipt.warnings == ()


def test_rows_a_rule_leaves_out_are_no_defect_and_their_reason_stands_beside_the_money(
    load, company
):
    column = HEAD.partition(",")[0]
    rule = (
        f'\n[[reject]]\ncolumn = "{column}"\nvalues = ["FAILED"]\n'
        'reason = "the payment did not go through"\n'
    )
    receipt = load(f"{HEAD}FAILED,C1,2026-03-05,100,EUR\nI9,C1,2026-03-05,70,EUR", REVENUE + rule)
    finding = only(receipt, "rejected")
    assert finding.severity == "info"
    assert "left out" in finding.sentence
    assert "because the payment did not go through; readable amounts in it: EUR 100" in (
        finding.sentence
    )
