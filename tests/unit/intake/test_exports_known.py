"""Files as people have them are recognised with every role, or asked about, the likeliest first."""

from pathlib import Path

import pytest
from reference import public

from cxdash import intake

LAYOUTS = Path(__file__).parents[2] / "fixtures" / "layouts"

# An exact reading: kind, roles, scores (item: column, variant), comments, choices, key, questions.
EXACT = {
    "stripe_payments.csv": (
        "revenue",
        {
            "customer_id": "Customer ID",
            "dated": "Created (UTC)",
            "amount": "Amount",
            "currency": "Currency",
        },
        {},
        {},
        {},
        ("id",),
        {"revenue_kind": "recurring", "currencies": "several"},
    ),
    "stripe_application_fees_decimal_comma.csv": (
        "revenue",
        {
            "customer_id": "User ID",
            "dated": "Created (UTC)",
            "amount": "Amount",
            "currency": "Currency",
        },
        {},
        {},
        {},
        ("id",),
        {"revenue_kind": "recurring"},
    ),
    "stripe_subscriptions.csv": (
        "subscriptions",
        {
            "subscription_id": "id",
            "customer_id": "Customer ID",
            "plan": "Plan",
            "started_on": "Start Date (UTC)",
            "ended_on": "Ended At (UTC)",
            "cancelled_on": "Canceled At (UTC)",
            "reason": "Cancellation Reason",
        },
        {},
        {},
        {},
        (),
        {},
    ),
    "surveymonkey_current.csv": (
        "responses",
        {"response_id": "Respondent ID", "answered_at": "End Date", "customer_id": "Custom Data 1"},
        {"nps": ("How likely is it that you would recommend us to a friend?", "nps.0-10")},
        {"anything_else": "Anything else?"},
        {"what_like_select_all_apply": ("Price", "Support", "Other (please specify)")},
        (),
        {
            "scale:How likely is it that you would recommend us to a friend?": "nps.0-10",
            "dates:End Date": "dmy",
        },
    ),
    "surveymonkey_legacy.csv": (
        "responses",
        {"response_id": "RespondentID", "answered_at": "EndDate", "customer_id": "Custom Data"},
        {"csat": ("<b>How satisfied are you?</b>", "csat.1-5.top2")},
        {"comments": "Comments"},
        {},
        (),
        {"scale:<b>How satisfied are you?</b>": "csat.1-5.top2"},
    ),
    "qualtrics_tsv_utf16le.tsv": (
        "responses",
        {"response_id": "ResponseId", "answered_at": "StartDate"},
        {"nps": ("Q1", "nps.0-10")},
        {"why": "Q2"},
        {},
        (),
        {"role:customer_id": ""},
    ),
    "typeform_2023.csv": (
        "responses",
        {"response_id": "#", "answered_at": "Submit Date (UTC)"},
        {"nps": ("How likely are you to recommend us?", "nps.0-10")},
        {"why": "Why?"},
        {},
        (),
        {"role:customer_id": "Network ID", "scale:How likely are you to recommend us?": "nps.0-10"},
    ),
    "salesforce_report_with_footer.csv": (
        "revenue",
        {
            "customer_id": "Account ID (18)",
            "dated": "Close Date",
            "amount": "Amount",
            "currency": "Amount Currency",
        },
        {},
        {},
        {},
        (),
        {"revenue_kind": "recurring", "currencies": "several"},
    ),
    "xero_sales_invoices.csv": (
        "revenue",
        {
            "customer_id": "EmailAddress",
            "dated": "*InvoiceDate",
            "amount": "*UnitAmount",
            "currency": "Currency",
        },
        {},
        {},
        {},
        ("*InvoiceNumber", "*Description"),
        {
            "revenue_kind": "recurring",
            "dates:*InvoiceDate": "dmy",
            "role:customer_id": "EmailAddress",
        },
    ),
}

# Files as analysts write them: text, kind, roles, what is asked.
OWN = {
    "payments with the currency in the header": (
        "payment_id,customer_id,paid_on,amount_usd\nP1,C1,2026-01-05,12\nP2,C2,2026-01-07,9\n",
        "revenue",
        {"customer_id": "customer_id", "dated": "paid_on", "amount": "amount_usd"},
        {"revenue_kind"},
    ),
    "German invoices": (
        (
            "Rechnungsnummer;Kundennr.;Rechnungsdatum;Betrag in EUR\n"
            "R1;C1;05.03.2026;1.234,50\nR2;C2;31.03.2026;-12,00\n"
        ),
        "revenue",
        {"customer_id": "Kundennr.", "dated": "Rechnungsdatum", "amount": "Betrag in EUR"},
        {"revenue_kind"},
    ),
    "dollars of some country": (
        'Invoice,Account,Invoice Date,Amount ($)\nI1,C1,03/25/2026,"$1,200.00"\n',
        "revenue",
        {"customer_id": "Account", "dated": "Invoice Date", "amount": "Amount ($)"},
        {"revenue_kind", "currency"},
    ),
    "customers with a start": (
        "Customer No,Company,Segment,Start\nC1,Acme,SMB,2024-03-01\nC2,Globex,SMB,2025-01-15\n",
        "customers",
        {"customer_id": "Customer No", "name": "Company", "segment": "Segment", "since": "Start"},
        set(),
    ),
    "customers with a first order": (
        "customer_id,first_order,country\nC1,2024-03-01,DE\nC2,2025-01-15,FR\n",
        "customers",
        {"customer_id": "customer_id", "since": "first_order", "region": "country"},
        set(),
    ),
    "tickets": (
        (
            "Ticket ID,Customer,Opened,Closed,Category\n"
            "T1,C1,2026-01-05 10:00,2026-01-05 12:00,Billing\nT2,C2,2026-01-06 09:00,,Login\n"
        ),
        "contacts",
        {
            "contact_id": "Ticket ID",
            "customer_id": "Customer",
            "contacted_at": "Opened",
            "reason": "Category",
        },
        set(),
    ),
    "tickets that only say when they were solved": (
        "Ticket ID,Customer,Resolved at,Category\nT1,C1,2026-01-05 10:00,Billing\n",
        "contacts",
        {
            "contact_id": "Ticket ID",
            "customer_id": "Customer",
            "contacted_at": "Resolved at",
            "reason": "Category",
        },
        set(),
    ),
    "a list of who left": (
        "Customer,Plan,Months,Churned\nC1,Gold,5,Yes\nC2,Silver,9,No\n",
        "snapshots",
        {"customer_id": "Customer", "has_left": "Churned", "tenure_months": "Months"},
        set(),
    ),
    "subscriptions": (
        "Customer,Plan,Start,End\nC1,Gold,2025-01-01,\nC2,Silver,2025-02-01,2026-02-01\n",
        "subscriptions",
        {"customer_id": "Customer", "plan": "Plan", "started_on": "Start", "ended_on": "End"},
        set(),
    ),
    "one column a month": (
        (
            "Customer,Segment,Jan 2026,Feb 2026,Mar 2026,Total\n"
            "C1,SMB,100,120,130,350\nC2,SMB,,50,60,110\n"
        ),
        "revenue",
        {"customer_id": "Customer", "dated": "(month)", "amount": "(amount)"},
        {"revenue_kind", "currency"},
    ),
}

# Answers in words, and what they are read as.
WORDED = {
    "9 - likely|3|10 - extremely likely": ("How likely to recommend us?", "nps.0-10", (9, 3, 10)),
    "Strongly agree|Disagree|Agree": ("It was easy to get help", "ces.1-5.agree", (5, 2, 4)),
    "Sehr zufrieden|Unzufrieden|Teils/teils": (
        "Wie zufrieden sind Sie?",
        "csat.1-5.top2",
        (5, 2, 3),
    ),
    "Très satisfait(e)|Insatisfait(e)|Neutre": (
        "Êtes-vous satisfait de notre service ?",
        "csat.1-5.top2",
        (5, 2, 3),
    ),
    "Totalmente de acuerdo|En desacuerdo|De acuerdo": (
        "Fue fácil resolver mi problema",
        "ces.1-5.agree",
        (5, 2, 4),
    ),
    "Muito satisfeito|Insatisfeito|Neutro": (
        "Qual sua satisfação com o suporte?",
        "csat.1-5.top2",
        (5, 2, 3),
    ),
    "Extremely satisfied|Slightly satisfied|Moderately dissatisfied": (
        "How satisfied are you?",
        "csat.1-7.top3",
        (7, 5, 2),
    ),
}


def read_as(mapping):
    return {role: spec.column for role, spec in mapping.columns.items()}


def written(tmp_path, text):
    path = tmp_path / "file.csv"
    path.write_text(text, encoding="utf-8")
    return intake.inspect(path)


@pytest.mark.parametrize("name", EXACT)
def test_an_export_is_read_exactly_and_one_round_of_answers_completes_it(name):
    kind, roles, scores, comments, choices, key, answers = EXACT[name]
    proposal = intake.inspect(LAYOUTS / name)
    assert {question.id for question in proposal.questions} == set(answers)
    done = proposal.with_answers(answers)
    mapping = done.require()
    assert (mapping.kind, read_as(mapping), mapping.key) == (kind, roles | _said(answers), key)
    assert {one.item: (one.column, one.variant) for one in mapping.scores} == scores
    assert {one.item: one.column for one in mapping.comments} == comments
    assert {one.item: tuple(said for _, said in one.columns) for one in mapping.choices} == choices


def _said(answers):
    said = answers.get("role:customer_id")
    return {"customer_id": said} if said else {}


@pytest.mark.parametrize("name", OWN)
def test_a_file_of_ones_own_is_recognised(tmp_path, name):
    text, kind, roles, asked = OWN[name]
    proposal = written(tmp_path, text)
    assert (proposal.kind, read_as(proposal.mapping)) == (kind, roles)
    assert {question.id for question in proposal.questions} == asked


def test_the_currency_of_a_header_needs_no_question_and_a_dollar_sign_offers_dollars(tmp_path):
    assert written(tmp_path, OWN["German invoices"][0]).mapping.constants["currency"] == "EUR"
    asked = written(tmp_path, OWN["dollars of some country"][0]).questions
    offered = next(question for question in asked if question.id == "currency").values
    assert offered[:3] == ("USD", "CAD", "AUD")
    assert "EUR" in offered


@pytest.mark.parametrize("answers", WORDED)
def test_answers_in_words_are_offered_as_what_they_are(tmp_path, answers):
    question, variant, numbers = WORDED[answers]
    cells = answers.split("|")
    rows = [f"R{at};C{at};2026-01-0{at + 1};{cell}" for at, cell in enumerate(cells)]
    proposal = written(tmp_path, "\n".join([f"Response ID;Customer;Date;{question}", *rows]) + "\n")
    asked = next(one for one in proposal.questions if one.id == f"scale:{question}")
    assert asked.values[0] == variant
    score = proposal.with_answers({asked.id: variant}).require().scores[0]
    values = dict(score.values)
    read = tuple(float(values.get(cell.lower(), values.get(cell, cell))) for cell in cells)
    assert read == numbers
    assert score.item == variant.split(".")[0]
    assert score.label in (question, "")


def test_words_beside_turned_numbers_are_offered_the_right_way_round(tmp_path):
    rows = ["1 - Very satisfied", "5 - Very dissatisfied", "2 - Satisfied"]
    text = "\n".join(f"R{at},C{at},2026-01-05,{cell}" for at, cell in enumerate(rows))
    proposal = written(tmp_path, f"Response ID,Customer,Date,How satisfied are you?\n{text}\n")
    assert proposal.questions[0].values[0] == "csat.1-5.top2:low_is_good"


def test_a_grid_is_asked_about_once_and_several_choices_belong_together(tmp_path):
    grid = "How satisfied are you with our service?"
    text = (
        f"Timestamp,Customer ID,{grid} [Speed],{grid} [Price],Which channels do you use?\n"
        "2026-01-05,C1,Very satisfied,Neutral,Phone;Chat\n"
        "2026-01-06,C2,Dissatisfied,Satisfied,Chat\n"
        "2026-01-07,C3,Satisfied,Satisfied,Phone;Chat;E-mail\n"
        "2026-01-08,C4,Satisfied,Satisfied,E-mail\n"
    )
    proposal = written(tmp_path, text)
    assert [question.id for question in proposal.questions] == [f"scale:{grid}"]
    mapping = proposal.with_answers({f"scale:{grid}": "csat.1-5.top2"}).require()
    assert [score.item for score in mapping.scores] == ["service: Speed", "service: Price"]
    assert [(one.column, one.separator) for one in mapping.choices] == [
        ("Which channels do you use?", ";")
    ]


def test_halves_of_one_answer_are_no_choices_and_a_comma_is_asked(tmp_path):
    head = "Timestamp,Customer ID,Is it rude?,Drinks"
    rows = [
        f'2026-01-{day:02d},C{day},"{said}","{drinks}"'
        for day, (said, drinks) in enumerate(
            [
                ("No, not at all rude", "Tea, Coffee"),
                ("Yes, very rude", "Coffee, Water"),
                ("No, somewhat rude", "Tea, Water"),
            ]
            * 4,
            1,
        )
    ]
    proposal = written(tmp_path, "\n".join([head, *rows]) + "\n")
    assert [question.id for question in proposal.questions] == ["choices:Drinks"]
    assert proposal.with_answers({"choices:Drinks": "yes"}).mapping.choices[0].separator == ","
    assert not proposal.with_answers({"choices:Drinks": "no"}).mapping.choices


def test_a_line_a_question_is_read_as_a_row_a_response(tmp_path):
    text = (
        "response_id,customer_id,submitted_at,question,answer\n"
        "R1,C1,2026-01-05,How likely are you to recommend us?,9\n"
        "R1,C1,2026-01-05,Why?,Fast and good\n"
        "R1,C1,2026-01-05,What do you like?,Price\n"
        "R1,C1,2026-01-05,What do you like?,Support\n"
        "R2,C2,2026-01-06,How likely are you to recommend us?,3\n"
        "R2,C2,2026-01-06,Why?,Too slow\n"
    )
    proposal = written(tmp_path, text)
    mapping = proposal.mapping
    assert mapping.long.row == ("response_id",)
    assert [score.item for score in mapping.scores] == ["nps"]
    assert [comment.item for comment in mapping.comments] == ["why"]
    assert [(one.column, one.separator) for one in mapping.choices] == [("What do you like?", ";")]
    assert any("6 lines make 2 responses" in warning for warning in proposal.warnings)
    assert proposal.with_answers({"shape": "plain"}).mapping.long is None


def test_what_is_asked_for_a_customer_offers_ids_first_and_none_before_anything_unlikely():
    proposal = intake.inspect(LAYOUTS / "typeform_2023.csv")
    asked = next(one for one in proposal.questions if one.id == "role:customer_id")
    assert asked.values[:2] == ("Network ID", "")


# Public files that may not lie here: kind, roles, items found, what is asked.
PUBLIC = {
    "qualtrics_exports/hausladen_choice_text.csv": (
        "responses",
        {"response_id": "ResponseId", "answered_at": "RecordedDate"},
        {"method_3_please_score_each_color_between: yellow"},
    ),
    "qualtrics_exports/qualtRics_sample_german_row2.csv": (
        "responses",
        {"response_id": "ResponseId", "answered_at": "RecordedDate"},
        {"multiple_choice_question"},
    ),
    "qualtrics_exports/qualtRics_sample_legacy_2row_bom.csv": (
        "responses",
        {"response_id": "ResponseID", "answered_at": "EndDate"},
        {"multiple_choice_question"},
    ),
    "surveymonkey_exports/region-survey_SOUTH.csv": (
        "responses",
        {"response_id": "RespondentID"},
        {"which_following_states_consider_part"},
    ),
    "google_forms_starbucks/Starbucks satisfactory survey.csv": (
        "responses",
        {"answered_at": "Timestamp"},
        {"wi_fi_quality_starbucks", "price_range_starbucks"},
    ),
    "vendor_seeds/zendesk/ticket_data.csv": (
        "contacts",
        {"contact_id": "id", "contacted_at": "created_at", "customer_id": "organization_id"},
        set(),
    ),
    "vendor_seeds/hubspot/company_data.csv": (
        "customers",
        {"customer_id": "id", "name": "property_name", "since": "property_createdate"},
        set(),
    ),
    "vendor_seeds/netsuite/netsuite_customers_data.csv": (
        "customers",
        {"customer_id": "customer_id", "name": "company_name"},
        set(),
    ),
    "vendor_seeds/quickbooks/invoice_data.csv": (
        "revenue",
        {"customer_id": "customer_id", "dated": "transaction_date", "amount": "total_amount"},
        set(),
    ),
    "vendor_seeds/recurly/subscription_history_data.csv": (
        "subscriptions",
        {"customer_id": "account_id", "started_on": "activated_at", "ended_on": "expires_at"},
        set(),
    ),
    "vendor_seeds/salesforce/sf_opportunity_data.csv": (
        "revenue",
        {"customer_id": "account_id", "dated": "close_date", "amount": "amount"},
        set(),
    ),
    "vendor_seeds/stripe/subscription_data.csv": (
        "subscriptions",
        {"customer_id": "customer_id", "started_on": "start_date", "ended_on": "ended_at"},
        set(),
    ),
    "vendor_seeds/xero/xero_invoice_data.csv": (
        "revenue",
        {"customer_id": "contact_id", "dated": "date", "amount": "total"},
        set(),
    ),
    "telco/Telco-Customer-Churn_classic.csv": (
        "snapshots",
        {"customer_id": "customerID", "has_left": "Churn", "tenure_months": "tenure"},
        set(),
    ),
}


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_file_is_recognised(name):
    path = public(name)
    if not path.is_file():
        pytest.skip(f"{path} is not at hand; CXDASH_PUBLIC_DATA names the folder")
    kind, roles, items = PUBLIC[name]
    proposal = intake.inspect(path)
    found = read_as(proposal.mapping)
    assert proposal.kind == kind
    assert roles.items() <= found.items()
    mapping = proposal.mapping
    named = {one.item for one in (*mapping.scores, *mapping.comments, *mapping.choices)}
    assert items <= named


def test_raw_charges_in_cents_are_stopped():
    path = public("vendor_seeds/stripe/charge_data.csv")
    if not path.is_file():
        pytest.skip(f"{path} is not at hand; CXDASH_PUBLIC_DATA names the folder")
    asked = {question.id: question for question in intake.inspect(path).questions}
    assert "cents" in asked["load_anyway"].text


def test_a_question_that_tells_its_scale_needs_fewer_answers(tmp_path):
    text = (
        "Response ID,Customer,Date,Would you recommend us? (0-10),Service (1 = bad; 5 = good)\n"
        "R1,C1,2026-01-05,9,4\nR2,C2,2026-01-06,3,2\n"
    )
    proposal = written(tmp_path, text)
    assert [question.id for question in proposal.questions] == ["scale:Service (1 = bad; 5 = good)"]
    asked = proposal.questions[0].values
    assert asked[0] == "rating.1-5"
    assert not any("0-10" in value or "1-7" in value for value in asked)
    assert {score.item: score.variant for score in proposal.mapping.scores} == {
        "nps": "nps.0-10",
        "service": "rating.1-5",
    }


def test_numbered_questions_of_one_block_are_asked_about_once(tmp_path):
    ends = "(1 = not at all; 5 = fully)"
    labels = [f"How satisfied are you with {what}? {ends}" for what in ("our support", "billing")]
    imports = [f'"{{""ImportId"":""{name}""}}"' for name in ("a", "b", "c", "d", "e")]
    text = "\n".join(
        [
            "RecordedDate,ResponseId,ExternalReference,Q2_1,Q2_2",
            f"Recorded Date,Response ID,Reference,{','.join(labels)}",
            ",".join(imports),
            *(f"2026-01-0{n} 10:00:00,R_{n},C{n},{n},{6 - n}" for n in range(1, 6)),
        ]
    )
    proposal = written(tmp_path, text + "\n")
    assert [question.id for question in proposal.questions] == ["scale:Q2"]
    mapping = proposal.with_answers({"scale:Q2": "csat.1-5.top2"}).require()
    assert [(score.item, score.column) for score in mapping.scores] == [
        ("support", "Q2_1"),
        ("billing", "Q2_2"),
    ]
    assert mapping.scores[0].label == labels[0]
