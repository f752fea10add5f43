"""Exports of help desks are lists of tickets, read in one round; what has no place is told."""

import pytest

from cxdash import intake

from .conftest import TODAY

ZENDESK = (
    "Ticket #,Created at,Solved at,Status,Priority,Group,Channel,Satisfaction,Customer",
    "{n},2026-03-{d:02} 08:00,2026-03-{d:02} 09:30,Solved,High,Billing,Email,{rating},C{n}",
    ("Good", "Bad", "Offered", "", "Unoffered"),
)
VIEW = (
    (
        "Id,Requester,Requester id,Assignee,Group,Subject,Status,Priority,Via,Ticket type,"
        "Created at,Organization,Solved at,Satisfaction Score"
    ),
    (
        "{n},Ann {n},9{n},Bob,Tech,Help {n},Solved,Low,Mail,Question,2026-03-{d:02} 08:00,Acme {n},"
        "2026-03-{d:02} 09:30,{rating}"
    ),
    ("Good", "Bad", "Not Offered"),
)
FRESHDESK = (
    (
        "Ticket ID,Subject,Status,Priority,Source,Type,Agent,Group,Created time,Resolved time,"
        "Survey results,Email,Contact ID"
    ),
    (
        "{n},Help,Closed,Low,Portal,Question,Ann,Tech,2026-03-{d:02} 08:00,2026-03-{d:02} 09:30,"
        "{rating},p{n}@acme.example,7{n}"
    ),
    ("Extremely happy", "Neutral", "Extremely unhappy", ""),
)
HELP_SCOUT = (
    "Conversation #,Customer Email,Subject,Status,Assigned To,Mailbox,Created,Closed,Rating",
    (
        "{n},p{n}@acme.example,Help,Closed,Ann,Support,2026-03-{d:02} 08:00,2026-03-{d:02} 09:00,"
        "{rating}"
    ),
    ("Great", "Okay", "Not Good"),
)
INTERCOM = (
    (
        "Conversation ID,Conversation started at,Conversation state,Channel,User ID,Team assigned,"
        "First closed at,Conversation rating,Conversation rating remark"
    ),
    (
        "2150000{n},2026-03-{d:02} 08:00,closed,email,C{n},Tier 1,2026-03-{d:02} 09:00,{rating},"
        "well {n}"
    ),
    ("5", "1", ""),
)


@pytest.fixture
def inspect(tmp_path):
    def run(export, **more):
        head, row, ratings = export
        rows = [row.format(n=n, d=n % 27 + 1, rating=ratings[n % len(ratings)]) for n in range(30)]
        path = tmp_path / "tickets.csv"
        path.write_text("\n".join([head, *rows]) + "\n")
        return intake.inspect(path, **more)

    return run


@pytest.mark.parametrize(
    ("export", "number", "day", "customer"),
    [
        (ZENDESK, "Ticket #", "Created at", "Customer"),
        (VIEW, "Id", "Created at", "Organization"),
        (FRESHDESK, "Ticket ID", "Created time", "Email"),
        (HELP_SCOUT, "Conversation #", "Created", "Customer Email"),
        (INTERCOM, "Conversation ID", "Conversation started at", "User ID"),
    ],
)
def test_tickets_are_contacts_after_one_round_at_most(inspect, db, export, number, day, customer):
    proposal = inspect(export)
    assert proposal.kind == "contacts"
    assert {question.id for question in proposal.questions} <= {"role:customer_id"}
    ready = proposal.with_answers({"role:customer_id": customer})
    columns = {role: spec.column for role, spec in ready.require().columns.items()}
    assert (columns["contact_id"], columns["contacted_at"]) == (number, day)
    assert columns["customer_id"] == customer
    assert intake.load(db, ready.path, ready.mapping, today=TODAY).rows_loaded == 30


def test_what_a_contact_has_no_place_for_is_told_by_what_it_says(inspect):
    told = inspect(ZENDESK).warnings
    assert any("Satisfaction is what customers answered" in text for text in told)
    unkept = "when it was solved (Solved at) and how urgent it was (Priority)"
    assert f"Not kept, because cxdash has no place for it yet: {unkept}." in told
    assert "Not stored, because nobody mapped them: Status." in told


def test_the_group_that_had_a_ticket_is_kept_with_the_contact(inspect, db):
    found = inspect(ZENDESK)
    assert found.mapping.columns["unit"].column == "Group"
    intake.load(db, found.path, found.require(), today=TODAY)
    held = db.rows("SELECT count(unit) AS units, count(*) AS n FROM contacts WHERE is_current")[0]
    assert held["units"] == held["n"] > 0


def test_the_answers_in_a_list_of_tickets_can_be_loaded_beside_the_contacts(inspect, db):
    contacts = inspect(ZENDESK)
    intake.load(db, contacts.path, contacts.require(), today=TODAY)
    answers = inspect(ZENDESK, kind="responses", remembered=intake.remembered(db))
    assert [question.id for question in answers.questions] == ["scale:Satisfaction"]
    said = answers.with_answers({"scale:Satisfaction": "csat.1-5.top2"})
    assert said.mapping.columns["response_id"].column == "Ticket #"
    receipt = intake.load(db, said.path, said.require(), today=TODAY)
    assert (receipt.rows_loaded, receipt.rows_rejected) == (18, 12)
    assert all("says that nobody answered" in one.reason for one in receipt.rejects)
    assert db.rows("SELECT count(*) AS n FROM scores WHERE is_current")[0]["n"] == 12
    assert db.rows("SELECT count(*) AS n FROM contacts WHERE is_current")[0]["n"] == 30


def test_each_of_two_readings_of_a_layout_is_remembered(inspect, db):
    contacts = inspect(ZENDESK)
    intake.load(db, contacts.path, contacts.require(), today=TODAY)
    answers = inspect(ZENDESK, kind="responses").with_answers(
        {"scale:Satisfaction": "csat.1-5.top2"}
    )
    intake.load(db, answers.path, answers.require(), today=TODAY)
    for kind in ("contacts", "responses"):
        again = inspect(ZENDESK, kind=kind, remembered=intake.remembered(db))
        assert (again.ready, again.recognised_as) == (True, "a layout read before")
    asked = inspect(ZENDESK, remembered=intake.remembered(db))
    assert [(one.id, one.values) for one in asked.questions] == [
        ("kind", ("responses", "contacts"))
    ]
    assert asked.with_answers({"kind": "contacts"}).ready


@pytest.mark.parametrize(
    ("head", "row"),
    [
        (
            "Ticket ID,Customer,Date,Agent,Team,CSAT,Comment",
            "T{n},C{n},2026-03-{d:02},Ann,North,{rating},well {n}",
        ),
        (
            "Response ID,Case ID,Customer,Responded at,Agent,Status,CSAT,Comments",
            "R{n},K{n},C{n},2026-03-{d:02},Ann,done,{rating},well {n}",
        ),
    ],
)
def test_a_survey_about_tickets_stays_a_survey(inspect, head, row):
    proposal = inspect((head, row, ("1", "2", "3", "4", "5")))
    assert proposal.kind == "responses"
    assert "kind" not in {question.id for question in proposal.questions}
