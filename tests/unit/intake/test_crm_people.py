"""Lists of people from a customer system are no survey: contacts name their account, leads wait."""

from cxdash import intake

from .conftest import TODAY

CONTACTS = """id,account_id,created_date,first_name,last_name,email,mailing_city,lead_score_c
P1,A1,2026-01-01,Ann,Lee,ann@acme.example,Bern,3
P2,A1,2026-01-02,Bob,Ray,bob@acme.example,Bern,4
P3,A2,2026-01-03,Cem,Oz,cem@globex.example,Rome,5
"""
LEADS = """id,created_date,company,email,is_converted,lead_source,behavioral_score_c
L1,2026-01-01,Acme,ann@acme.example,false,Web,3
L2,2026-01-02,Globex,bob@globex.example,false,Fair,4
"""
LIST = """id,account,created_date,quality_score,fit_score
1,A1,2026-01-01,3,5
2,A2,2026-01-02,4,4
"""


def inspected(tmp_path, text):
    path = tmp_path / "people.csv"
    path.write_text(text)
    return intake.inspect(path)


def test_contacts_are_other_names_of_their_accounts(db, tmp_path):
    proposal = inspected(tmp_path, CONTACTS)
    assert (proposal.kind, proposal.recognised_as) == ("customers", "Salesforce contacts")
    ready = proposal.with_answers(
        {"role:customer_id": "account_id", "alias:email": "yes", "alias:id": "yes"}
    )
    receipt = intake.load(db, ready.path, ready.require(), today=TODAY)
    assert (receipt.rows_read, receipt.rows_rejected) == (3, 0)
    assert len(db.rows("SELECT 1 FROM customers WHERE is_current")) == 2
    assert len(db.rows("SELECT 1 FROM customer_keys WHERE is_current")) == 6


def test_leads_are_not_loaded_unless_a_person_insists(tmp_path):
    proposal = inspected(tmp_path, LEADS)
    assert proposal.kind == "customers"
    (asked,) = [one for one in proposal.questions if one.id == "load_anyway"]
    assert "who may become customers" in asked.text
    assert "revenue" not in asked.options[0][1]
    assert not proposal.with_answers({"role:customer_id": "id"}).ready


def test_a_column_that_only_sounds_like_a_score_makes_no_survey(tmp_path):
    proposal = inspected(tmp_path, LIST)
    assert "kind" in {question.id for question in proposal.questions}
