"""Known export layouts are recognised or asked about; nothing ambiguous is chosen silently."""

from pathlib import Path

import pytest
from openpyxl import Workbook

from cxdash import intake
from cxdash.errors import MappingIncomplete
from cxdash.intake.footers import FOOTER
from cxdash.intake.recognition.vocabulary import normal

from .conftest import TODAY

LAYOUTS = Path(__file__).parents[2] / "fixtures" / "layouts"

# file: kind, recognised as, roles, scores, what must be asked
KNOWN = {
    "qualtrics_tsv_utf16le.tsv": (
        "responses", "Qualtrics", {"response_id": "ResponseId", "answered_at": "StartDate"},
        {"Q1"}, {"role:customer_id"},
    ),
    "surveymonkey_current.csv": (
        "responses", "SurveyMonkey",
        {"response_id": "Respondent ID", "customer_id": "Custom Data 1"},
        {"How likely is it that you would recommend us to a friend?"},
        {"dates:End Date", "scale:How likely is it that you would recommend us to a friend?"},
    ),
    "surveymonkey_legacy.csv": (
        "responses", "SurveyMonkey", {"response_id": "RespondentID"},
        {"<b>How satisfied are you?</b>"}, {"scale:<b>How satisfied are you?</b>"},
    ),
    "typeform_2018.csv": (
        "responses", "Typeform", {"response_id": "#", "answered_at": "Submit Date (UTC)"},
        {"How likely are you to recommend us?"}, {"role:customer_id"},
    ),
    "typeform_2023.csv": (
        "responses", "Typeform", {"response_id": "#"},
        {"How likely are you to recommend us?"}, {"role:customer_id"},
    ),
    "google_forms_en_my.csv": (
        "responses", "Google Forms", {"answered_at": "Timestamp"}, set(), {"role:customer_id"},
    ),
    "medallia_agent_connect_export.csv": (
        "responses", "Medallia", {"response_id": "request_id"}, {"star_rating"},
        {"role:customer_id", "scale:star_rating"},
    ),
    "stripe_payments.csv": (
        "revenue", "Stripe payments", {"amount": "Amount", "dated": "Created (UTC)"}, set(),
        {"revenue_kind", "currencies"},
    ),
    "stripe_subscriptions.csv": (
        "subscriptions", "Stripe subscriptions", {"subscription_id": "id"}, set(), set(),
    ),
    "xero_sales_invoices.csv": (
        "revenue", "Xero sales invoices", {"amount": "*UnitAmount", "dated": "*InvoiceDate"},
        set(), {"revenue_kind", "dates:*InvoiceDate", "role:customer_id"},
    ),
    "salesforce_report_with_footer.csv": (
        "revenue", "Salesforce opportunities", {"customer_id": "Account ID (18)"}, set(),
        {"revenue_kind", "currencies"},
    ),
    "hubspot_deals.csv": (
        "revenue", "HubSpot deals", {"amount": "Amount"}, set(),
        {"revenue_kind", "currency", "role:customer_id"},
    ),
    "excel_semicolon_decimalcomma_sep_hint.csv": (
        "revenue", None, {"amount": "Umsatz", "dated": "Datum", "customer_id": "Kunde"}, set(),
        {"encoding", "currency", "revenue_kind"},
    ),
    "stripe_application_fees_decimal_comma.csv": (
        "revenue", None, {"amount": "Amount", "dated": "Created (UTC)"}, set(), {"revenue_kind"},
    ),
}  # fmt: skip


def test_every_layout_sample_is_covered():
    assert {path.name for path in LAYOUTS.glob("*.?sv")} == set(KNOWN)


@pytest.mark.parametrize("name", KNOWN)
def test_layout(name):
    kind, known_as, roles, scores, asked = KNOWN[name]
    proposal = intake.inspect(LAYOUTS / name)
    assert kind in (None, proposal.kind)
    assert known_as in (None, proposal.recognised_as)
    found = {role: spec.column for role, spec in proposal.mapping.columns.items()}
    assert roles.items() <= found.items()
    assert {score.column for score in proposal.mapping.scores} == scores
    assert asked <= {question.id for question in proposal.questions}
    assert all(question.default is None for question in proposal.questions)
    if asked:
        with pytest.raises(MappingIncomplete, match="Nothing was loaded"):
            proposal.require()


def test_qualtrics_previews_are_refused_and_its_header_rows_are_no_answers(db):
    proposal = intake.inspect(LAYOUTS / "qualtrics_tsv_utf16le.tsv").with_answers(
        {"role:customer_id": ""}
    )
    receipt = intake.load(db, proposal.path, proposal.require(), today=TODAY)
    assert (receipt.rows_read, receipt.rows_loaded) == (2, 1)
    assert "preview" in receipt.rejects[0].reason


def test_footers_are_no_deals(db):
    proposal = intake.inspect(LAYOUTS / "salesforce_report_with_footer.csv").with_answers(
        {"revenue_kind": "recurring", "currencies": "several"}
    )
    receipt = intake.load(db, proposal.path, proposal.require(), today=TODAY)
    assert (receipt.rows_read, receipt.rows_loaded, receipt.rows_rejected) == (5, 1, 4)
    assert [reject.reason for reject in receipt.rejects[1:]] == [FOOTER] * 3
    assert "misaligned" not in {finding.code for finding in receipt.findings}
    (told,) = [finding for finding in receipt.findings if finding.code == "footer"]
    assert (told.rows, told.severity) == (3, "info")
    (rejected,) = [finding for finding in receipt.findings if finding.code == "rejected"]
    assert rejected.rows == 1
    assert [str(money.loaded) for money in receipt.money if money.loaded] == ["25000.0000"]


def test_stripe_refunds_are_taken_off(db):
    proposal = intake.inspect(LAYOUTS / "stripe_payments.csv").with_answers(
        {"revenue_kind": "recurring", "currencies": "several"}
    )
    receipt = intake.load(db, proposal.path, proposal.require(), today=TODAY)
    assert {money.currency: int(money.loaded) for money in receipt.money} == {"EUR": 0, "USD": 1250}


def test_words_with_numbers_are_scores(db):
    proposal = intake.inspect(LAYOUTS / "surveymonkey_current.csv")
    answers = {question.id: question.options[0][0] for question in proposal.questions}
    proposal = proposal.with_answers({**answers, "dates:End Date": "mdy"})
    intake.load(db, proposal.path, proposal.require(), today=TODAY)
    assert {row["value"] for row in db.rows("SELECT value FROM scores")} == {9.0, 10.0}


def test_a_low_scale_under_a_name_of_ten_points_is_asked(tmp_path):
    path = tmp_path / "nps.csv"
    rows = [f"R{n},C{n},2026-01-13,{1 + n % 5}" for n in range(40)]
    path.write_text("\n".join(["response_id,customer_id,submitted_at,nps", *rows]))
    assert [question.id for question in intake.inspect(path).questions] == ["scale:nps"]


@pytest.mark.parametrize(
    ("amounts", "decimal", "asked"),
    [
        (["1.234,50", "5"], ",", False),
        (["1,234.50", "5"], ".", False),
        (["0,25"], ",", False),
        (["12", "7"], ".", False),
        (["1,234", "5,678"], "", True),
        (["1.234", "5"], "", True),
        (["1.5", "1,5"], "", True),
    ],
)
def test_the_decimal_sign_is_settled_by_the_column_or_asked(tmp_path, amounts, decimal, asked):
    path = tmp_path / "money.csv"
    rows = [f"I{n};C{n};2026-01-13;{amount};EUR" for n, amount in enumerate(amounts)]
    path.write_text("\n".join(["invoice id;customer;date;amount;currency", *rows]))
    proposal = intake.inspect(path, kind="revenue")
    ids = {question.id for question in proposal.questions}
    assert ("decimal:amount" in ids) == asked
    assert proposal.mapping.columns["amount"].decimal == decimal


@pytest.mark.parametrize(
    ("dates", "order", "asked"),
    [
        (["2026-01-05"], "ymd", False),
        (["05/01/2026", "13/01/2026"], "dmy", False),
        (["05/01/2026", "01/13/2026"], "mdy", False),
        (["05/01/2026"], "", True),
        (["13/01/2026", "01/13/2026"], "", True),
        (["05.01.26", "31.01.26"], "dmy2", False),
        (["45000", "45001"], "", True),
        (["2026-01", "2026-02"], "ym", False),
        (["5 Mar 2026"], "ymd", False),
        (["2026-01-05", "05/01/2026"], "", True),
    ],
)
def test_the_order_of_dates_is_settled_by_the_column_or_asked(tmp_path, dates, order, asked):
    path = tmp_path / "money.csv"
    rows = [f"I{n},C{n},{day},5,EUR" for n, day in enumerate(dates)]
    path.write_text("\n".join(["invoice id,customer,date,amount,currency", *rows]))
    proposal = intake.inspect(path, kind="revenue")
    assert ("dates:date" in {question.id for question in proposal.questions}) == asked
    assert proposal.mapping.columns["dated"].dates == order


def test_a_pair_of_columns_that_names_the_rows_is_offered(tmp_path):
    path = tmp_path / "lines.csv"
    path.write_text(
        "invoice id,line,customer,date,amount,currency\n"
        "I1,1,C1,2026-01-05,5,EUR\nI1,2,C1,2026-01-05,6,EUR\nI2,1,C1,2026-01-05,5,EUR\n"
    )
    proposal = intake.inspect(path, kind="revenue")
    question = next(question for question in proposal.questions if question.id == "key")
    assert question.options[0][0] == "invoice id|line"
    assert proposal.mapping.key == ("invoice id", "line")


def test_a_remembered_mapping_is_proposed_again_and_dates_are_checked_anew(db, tmp_path):
    head = "response_id,customer_id,submitted_at,nps"
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    first.write_text(f"{head}\nR1,C1,2026-01-13,9\n")
    second.write_text(f"{head}\nR2,C1,01/02/2026,9\n")
    intake.load(db, first, intake.inspect(first).require(), today=TODAY)
    again = intake.inspect(second, remembered=intake.remembered(db))
    assert again.recognised_as == "a layout read before"
    assert [question.id for question in again.questions] == ["dates:submitted_at"]


@pytest.mark.parametrize(
    ("header", "plain"),
    [("<b>How?</b>", "how"), ("InvoiceNumber", "invoice number"), ("Währung", "wahrung")],
)
def test_headers_are_compared_without_dress(header, plain):
    assert normal(header) == plain


def test_a_footer_of_a_workbook_is_a_footer_and_a_row_of_one_word_is_not(db, tmp_path):
    sheet = Workbook()
    for row in (
        ["invoice id", "customer", "date", "amount", "currency"],
        ["I1", "C1", "2026-01-05", "5", "EUR"],
        ["I2"],
        ["Generated by Ann on 2026-01-06"],
    ):
        sheet.active.append(row)
    sheet.save(tmp_path / "report.xlsx")
    proposal = intake.inspect(tmp_path / "report.xlsx").with_answers(
        {"revenue_kind": "one-off", "currency_missing": "reject"}
    )
    receipt = intake.load(db, proposal.path, proposal.require(), today=TODAY)
    reasons = [reject.reason for reject in receipt.rejects]
    assert (receipt.rows_loaded, len(reasons), reasons.count(FOOTER)) == (1, 2, 1)
    assert reasons[1] == FOOTER


@pytest.mark.parametrize(
    ("header", "cells", "since"),
    [
        ("first_order", ("45001", "45002"), None),
        ("Start", ("20017", "20018"), None),
        ("first_order", ("O-17", "O-18"), None),
        ("first_order", ("2024-01-05", "2024-02-01"), "first_order"),
        ("Start date", ("45001", "45002"), "Start date"),
        ("created", ("1704412800", "1704412801"), "created"),
    ],
)
def test_numbers_of_something_are_not_the_day_since_when_a_customer_is_one(
    tmp_path, header, cells, since
):
    path = tmp_path / "customers.csv"
    rows = [f"C{n},Acme {n},{cell}" for n, cell in enumerate(cells)]
    path.write_text("\n".join([f"customer_id,name,{header}", *rows]))
    columns = intake.inspect(path).mapping.columns
    assert (columns["since"].column if "since" in columns else None) == since
