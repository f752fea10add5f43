"""Files with a line a question, a column a month or several choices are loaded and accounted."""

from decimal import Decimal

from cxdash import intake

LONG = """
kind = "responses"
[columns]
response_id = "respondent"
customer_id = "customer"
answered_at = "at"
[long]
row = ["respondent"]
question = "question"
answer = "answer"
[[scores]]
item = "nps"
column = "How likely?"
variant = "nps.0-10"
[[comments]]
item = "comment"
column = "Why?"
"""
LONG_HEAD = "respondent,customer,at,question,answer\n"
WIDE = """
kind = "revenue"
key = ["customer", "(month)"]
[columns]
customer_id = "customer"
dated = { column = "(month)", dates = "ymd" }
amount = { column = "(amount)", decimal = "." }
[constants]
currency = "EUR"
revenue_kind = "recurring"
[months]
"2026-01" = "2026-01-01"
"2026-02" = "2026-02-01"
"""
CHOICES = """
kind = "responses"
[columns]
response_id = "id"
answered_at = "at"
[[choices]]
item = "used"
columns = { Web = "web", Shop = "shop" }
[[choices]]
item = "liked"
column = "Liked"
separator = ";"
"""


def test_lines_of_a_long_survey_become_responses_and_none_is_lost(db, load):
    text = (
        f"{LONG_HEAD}R1,C1,2026-01-05,How likely?,9\nR1,C1,2026-01-05,Why?,Quick\n"
        "R2,C2,2026-01-06,How likely?,3\nR2,C2,2026-01-06,How likely?,4\n,C3,2026-01-07,Why?,Lost"
    )
    receipt = load(text, LONG)
    assert receipt.lines_read == 5
    assert (receipt.rows_read, receipt.rows_loaded, receipt.rows_rejected) == (3, 1, 2)
    assert {reject.line for reject in receipt.rejects} == {4, 6}
    assert db.rows("SELECT value FROM scores") == [{"value": 9.0}]
    assert db.rows("SELECT body FROM comments") == [{"body": "Quick"}]
    assert db.rows("SELECT count(*) AS n FROM raw_rows") == [{"n": 3}]
    again = load(text, LONG)
    assert (again.rows_loaded, again.rows_duplicate, again.rows_rejected) == (0, 1, 2)


def test_a_column_a_month_becomes_a_row_a_month(db, load):
    text = "customer,2026-01,2026-02\nC1,100,110.50\nC2,50,\nC3,,"
    receipt = load(text, WIDE)
    assert receipt.lines_read == 3
    assert (receipt.rows_read, receipt.rows_loaded, receipt.rows_rejected) == (4, 3, 1)
    assert receipt.money[0].loaded == Decimal("260.5")
    corrected = load(text.replace("110.50", "90"), WIDE)
    assert (corrected.rows_superseding, corrected.rows_duplicate) == (1, 2)
    changes = [(one.by, one.name, one.change) for one in corrected.restated]
    assert changes == [("month", "2026-02", Decimal("-20.5")), ("customer", "C1", Decimal("-20.5"))]
    intake.undo(db, 2)
    total = db.rows("SELECT sum(amount) AS total FROM revenue WHERE is_current")
    assert total == [{"total": Decimal("260.5")}]


def test_months_that_repeat_in_a_file_contradict_each_other(db, load):
    text = "customer,2026-01,2026-02\nC1,100,110\nC1,100,120"
    receipt = load(text, WIDE)
    assert (receipt.rows_loaded, receipt.rows_duplicate, receipt.rows_rejected) == (1, 1, 2)


def test_several_choices_are_kept_one_a_row_and_follow_their_answer(db, load):
    text = 'id,at,Web,Shop,Liked\nR1,2026-01-05,Web,,Price;Speed\nR2,2026-01-05,no,1," Speed "'
    load(text, CHOICES)
    found = db.rows(
        "SELECT row_key, item, choice FROM choices WHERE is_current ORDER BY row_key, item, choice"
    )
    assert [tuple(row.values()) for row in found] == [
        ("R1", "liked", "Price"),
        ("R1", "liked", "Speed"),
        ("R1", "used", "web"),
        ("R2", "liked", "Speed"),
        ("R2", "used", "shop"),
    ]
    receipt = load(text.replace("Price;Speed", "Price"), CHOICES)
    assert (receipt.rows_superseding, receipt.rows_duplicate) == (1, 1)
    assert "liked: Speed,chosen," in intake.changes(db, 2)
    intake.undo(db, 2)
    back = db.rows("SELECT count(*) AS n FROM choices WHERE is_current")
    assert back == [{"n": 5}]
