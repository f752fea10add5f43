"""Exports come again: the same, in another order, overlapping, corrected, cut short, taken back."""

import csv
import io
from decimal import Decimal
from pathlib import Path

import pytest
from loading import MONEY_HEAD, SURVEY_HEAD, TODAY, load, money_map, survey_map, value

from cxdash import intake
from cxdash.errors import MappingIncomplete, UsageError
from cxdash.intake import Mapping
from cxdash.panel import panel
from cxdash.store import Database
from cxdash.store.content import content, differing

FIRST = f"""{MONEY_HEAD}I1,C1,2026-01-05,100.00,EUR
I2,C2,2026-01-06,50.50,EUR
I3,C1,2026-02-05,100.00,EUR
I4,C3,2026-02-06,7.25,USD
"""
CORRECTED = f"""{MONEY_HEAD}I1,C1,2026-01-05,90.00,EUR
I2,C2,2026-01-06,50.50,EUR
I3,C2,2026-02-05,100.00,EUR
I4,C3,2026-03-06,8.25,USD
"""


@pytest.fixture
def db(tmp_path):
    with Database(tmp_path / "db") as database:
        yield database


def total(db, currency="EUR"):
    rows = db.rows(
        "SELECT sum(amount) AS total FROM revenue WHERE is_current AND currency = ?", [currency]
    )
    return rows[0]["total"]


def state(db):
    """What every table but the list of imports holds."""
    with db.cursor() as cur:
        return {name: table for name, table in content(cur).items() if name != "imports"} | {}


def same(one, other):
    left_out = {"store_info"}  # the data version moves on with every write
    return set(differing(one, other)) <= left_out


@pytest.mark.promise("U01")
def test_U01_the_same_file_again_adds_nothing_and_says_when_it_was_loaded(db, tmp_path):
    first = load(db, tmp_path, FIRST, money_map())
    again = load(db, tmp_path, FIRST, money_map(), "renamed.csv")
    assert (again.rows_loaded, again.rows_duplicate) == (0, 4)
    assert again.same_file_as == first.import_id
    assert any(
        f"import 1, which is in force since {first.imported_at:%Y-%m-%d %H:%M} UTC" in text
        for text in again.warnings
    )
    assert total(db) == Decimal("250.50")


@pytest.mark.promise("U02")
def test_U02_the_same_rows_in_another_order_and_other_bytes_add_nothing(db, tmp_path):
    load(db, tmp_path, FIRST, money_map())
    head, *rows = FIRST.splitlines()
    shuffled = "\r\n".join([head, *reversed(rows)]).replace("100.00", '" 100 "')
    again = load(db, tmp_path, shuffled, money_map())
    assert (again.rows_loaded, again.rows_duplicate, again.same_file_as) == (0, 4, None)
    assert again.money[0].duplicate == Decimal("250.50")
    assert total(db) == Decimal("250.50")


@pytest.mark.promise("U03")
def test_U03_of_an_overlapping_file_only_the_new_rows_are_loaded(db, tmp_path):
    load(db, tmp_path, FIRST, money_map())
    more = f"{FIRST}I5,C1,2026-03-05,100.00,EUR\n"
    receipt = load(db, tmp_path, more, money_map())
    assert (receipt.rows_loaded, receipt.rows_duplicate) == (1, 4)
    (overlap,) = (one for one in receipt.findings if one.code == "overlap")
    assert overlap.rows == 4
    assert overlap.money == {"EUR": Decimal("250.5"), "USD": Decimal("7.25")}
    assert total(db) == Decimal("350.50")


@pytest.mark.promise("U04")
def test_U04_a_corrected_export_shows_the_change_in_money_by_month_and_customer(db, tmp_path):
    load(db, tmp_path, FIRST, money_map())
    receipt = load(db, tmp_path, CORRECTED, money_map())
    assert (receipt.rows_loaded, receipt.rows_superseding, receipt.rows_duplicate) == (3, 3, 1)
    found = [
        (one.by, one.name, one.currency, one.before, one.after, one.change)
        for one in receipt.restated
    ]
    assert found == [
        ("month", "2026-01", "EUR", Decimal(100), Decimal(90), Decimal(-10)),
        ("month", "2026-02", "USD", Decimal("7.25"), Decimal(0), Decimal("-7.25")),
        ("month", "2026-03", "USD", Decimal(0), Decimal("8.25"), Decimal("8.25")),
        ("customer", "C1", "EUR", Decimal(200), Decimal(90), Decimal(-110)),
        ("customer", "C2", "EUR", Decimal(0), Decimal(100), Decimal(100)),
        ("customer", "C3", "USD", Decimal("7.25"), Decimal("8.25"), Decimal(1)),
    ]
    (finding,) = (one for one in receipt.findings if one.code == "replaced")
    assert finding.money == {"EUR": Decimal(-10), "USD": Decimal(1)}
    assert "EUR 200.00 became 190.00; USD 7.25 became 8.25" in finding.sentence


@pytest.mark.promise("U04")
def test_U04_questions_use_the_corrected_amounts(db, tmp_path):
    """What questions see of money is the panel, and it is built from the versions that count."""
    seen = []
    for text in (FIRST, CORRECTED):
        load(db, tmp_path, "".join(text.splitlines(keepends=True)[:-1]), money_map())
        panel(db)
        seen.append(value(db, "SELECT sum(revenue) FROM panel_takings"))
    assert [Decimal(str(amount)) for amount in seen] == [Decimal("250.5"), Decimal("240.5")]


@pytest.mark.promise("U04")
def test_U04_every_version_of_a_row_is_kept_and_can_be_looked_up(db, tmp_path):
    load(db, tmp_path, FIRST, money_map())
    load(db, tmp_path, CORRECTED, money_map())
    versions = intake.history(db, "revenue", "I1")
    assert [(one.import_id, one.line_no, one.is_current) for one in versions] == [
        (1, 2, False),
        (2, 2, True),
    ]
    assert [one.content["amount"] for one in versions] == [Decimal(100), Decimal(90)]
    assert value(db, "SELECT count(*) FROM raw_rows") == 8, "the raw rows of both stay"
    with pytest.raises(UsageError, match="has the key 'I99'"):
        intake.history(db, "revenue", "I99")
    with pytest.raises(UsageError, match="no kind of extract called 'scores'"):
        intake.history(db, "scores", "I1")


@pytest.mark.promise("U04")
def test_U04_what_an_import_changed_can_be_taken_along_cell_by_cell(db, tmp_path):
    load(db, tmp_path, FIRST, money_map())
    load(db, tmp_path, CORRECTED, money_map())
    rows = list(csv.DictReader(io.StringIO(intake.changes(db, 2))))
    assert [(row["row"], row["column"], row["before"], row["after"]) for row in rows] == [
        ("I1", "amount", "100.0000", "90.0000"),
        ("I3", "customer_id", "C1", "C2"),
        ("I4", "amount", "7.2500", "8.2500"),
        ("I4", "dated", "2026-02-06", "2026-03-06"),
    ]
    assert {(row["import before"], row["kind"]) for row in rows} == {("1", "revenue")}
    assert len(list(csv.DictReader(io.StringIO(intake.changes(db, 1))))) == 0
    intake.undo(db, 2)
    with pytest.raises(UsageError, match="was undone"):
        intake.changes(db, 2)
    with pytest.raises(UsageError, match="no import 9"):
        intake.changes(db, 9)


@pytest.mark.promise("U04")
def test_U04_a_corrected_answer_shows_its_scores_before_and_after(db, tmp_path):
    load(db, tmp_path, f"{SURVEY_HEAD}R1,C1,2026-01-05,9,fine\n", survey_map())
    receipt = load(db, tmp_path, f"{SURVEY_HEAD}R1,C1,2026-01-05,3,=1+1\n", survey_map())
    assert receipt.rows_superseding == 1
    rows = list(csv.DictReader(io.StringIO(intake.changes(db, 2))))
    assert [(row["column"], row["before"], row["after"]) for row in rows] == [
        ("comment", "fine", "'=1+1"),
        ("nps", "9.0", "3.0"),
    ]
    assert [one.content["nps"] for one in intake.history(db, "responses", "R1")] == [9.0, 3.0]
    assert db.rows("SELECT value FROM scores WHERE is_current") == [{"value": 3.0}]


@pytest.mark.promise("U04", "U09")
def test_U04_U09_a_correction_taken_back_leaves_what_was_there_before(db, tmp_path):
    load(db, tmp_path, FIRST, money_map())
    before = state(db)
    load(db, tmp_path, CORRECTED, money_map())
    assert not same(before, state(db))
    intake.undo(db, 2)
    assert same(before, state(db))
    assert total(db) == Decimal("250.50")


@pytest.mark.promise("U05")
def test_U05_a_row_that_stands_twice_counts_once(db, tmp_path):
    receipt = load(db, tmp_path, f"{FIRST}I2,C2,2026-01-06,50.5,EUR\n", money_map())
    assert (receipt.rows_loaded, receipt.rows_duplicate, receipt.rows_rejected) == (4, 1, 0)
    assert total(db) == Decimal("250.50")


@pytest.mark.promise("U05")
def test_U05_rows_of_one_key_that_contradict_each_other_are_all_set_aside(db, tmp_path):
    receipt = load(db, tmp_path, f"{FIRST}I2,C2,2026-01-06,51,EUR\n", money_map())
    assert (receipt.rows_loaded, receipt.rows_duplicate, receipt.rows_rejected) == (3, 0, 2)
    assert [reject.line for reject in receipt.rejects] == [3, 6]
    (finding,) = (one for one in receipt.findings if one.code == "contradiction")
    assert finding.money == {"EUR": Decimal("101.5")}
    assert total(db) == Decimal(200)


@pytest.mark.promise("U05")
def test_U05_equal_rows_without_a_key_are_asked_about(db, tmp_path):
    mapping = intake.Mapping.from_toml(money_map().to_toml().replace('"invoice",', ""))
    bare = intake.Mapping(kind=mapping.kind, columns=mapping.columns, constants=mapping.constants)
    twice = f"{FIRST}I9,C1,2026-01-05,100.00,EUR\n"
    before = state(db)
    with pytest.raises(MappingIncomplete, match="equal rows, for example on lines 2 and 6"):
        load(db, tmp_path, twice, bare)
    assert same(before, state(db))


@pytest.mark.promise("U08")
def test_U08_a_download_cut_short_sets_its_last_line_aside_and_says_so(db, tmp_path, tell):
    whole = FIRST.encode()
    last = whole.rstrip(b"\n").rindex(b"\n") + 1
    cuts = [cut for cut in range(last + 1, len(whole) - 1) if whole[cut - 1 : cut] != b"\n"]
    lost = 0
    for cut in cuts[::4]:
        with Database(tmp_path / f"{cut}.db") as one:
            path = tmp_path / "cut.csv"
            path.write_bytes(whole[:cut])
            receipt = intake.load(one, path, money_map(), today=TODAY)
            assert receipt.rows_read == 4
            assert total(one) == Decimal("250.50")
            lost += receipt.rows_rejected
            if receipt.rows_rejected:
                assert receipt.rejects[-1].line == 5
    assert lost >= len(cuts[::4]) - 1, "only a cut inside the last cell can go unseen"
    tell("places where a download was cut", len(cuts[::4]))


@pytest.mark.promise("U09")
def test_U09_imports_taken_back_in_any_order_leave_the_exact_state_without_them(db, tmp_path):
    load(db, tmp_path, FIRST, money_map())
    only_first = state(db)
    load(db, tmp_path, CORRECTED, money_map())
    load(db, tmp_path, f"{SURVEY_HEAD}R1,C1,2026-01-05,9,fine\n", survey_map())
    intake.undo(db, 2)
    intake.undo(db, 3)
    assert same(only_first, state(db))
    intake.undo(db, 1)
    assert all(table.rows == 0 for name, table in state(db).items() if name != "store_info")


@pytest.mark.promise("U09")
def test_U09_an_import_that_repeats_a_row_holds_it_when_the_first_is_taken_back(db, tmp_path):
    load(db, tmp_path, FIRST, money_map())
    load(db, tmp_path, f"{MONEY_HEAD}I1,C1,2026-01-05,100.00,EUR\n", money_map())
    intake.undo(db, 1)
    assert total(db) == Decimal(100)


@pytest.mark.promise("P05")
def test_P05_columns_nobody_mapped_are_in_no_file_beside_the_database(tmp_path):
    secret = "TAX-DE-4711"  # noqa: S105 - a made-up tax number
    home = tmp_path / "home"
    text = "".join(
        f"{line},{secret if at else 'tax_id'}\n" for at, line in enumerate(FIRST.splitlines())
    )
    short = f"I9,C9,2026-01-05\n{secret}-short,1\n"
    upload = tmp_path / "upload.csv"
    upload.write_text(text + short)
    with Database(home / "db") as db:
        receipt = intake.load(db, upload, money_map(), today=TODAY)
        assert receipt.unused_columns == ("tax_id",)
        assert receipt.rows_rejected == 2
        assert secret not in intake.rejected_rows(db, 1)
    searched = [path for path in home.rglob("*") if path.is_file()]
    assert len(searched) > 1
    for path in searched:
        assert secret.encode() not in Path(path).read_bytes(), path


ITEMS = "order,part,at,amount\nO1,1,2026-01-05,10.00\nO1,2,2026-01-05,5.00\nO2,1,2026-01-06,7.50\n"
PAYMENTS = "order,part,at,paid\nO1,1,2026-01-05,12.00\nO2,1,2026-01-06,7.50\nO3,1,2026-01-07,1.00\n"
PARTS = """
kind = "revenue"
key = ["order", "part"]
{more}
[columns]
order_id = "order"
dated = "at"
amount = "{amount}"
[constants]
currency = "EUR"
revenue_kind = "one-off"
"""


def parts_map(amount, more=""):
    return Mapping.from_toml(PARTS.format(amount=amount, more=more))


@pytest.mark.promise("U04")
def test_U04_rows_of_another_layout_under_the_same_numbers_are_replaced_by_nobody_unasked(
    db, tmp_path
):
    load(db, tmp_path, ITEMS, parts_map("amount"), "items.csv")
    before = state(db)
    with pytest.raises(MappingIncomplete) as caught:
        load(db, tmp_path, PAYMENTS, parts_map("paid"), "payments.csv")
    (asked,) = caught.value.questions
    assert asked.startswith("same_rows: Rows of import 1 (items.csv, loaded on ")
    assert "), a file of another layout, carry the same numbers" in asked
    assert "numbers as 1 row of this file" in asked, "a row that says the same replaces nothing"
    assert asked.endswith("(same / other)")
    assert same(before, state(db))
    apart = load(db, tmp_path, PAYMENTS, parts_map("paid", 'source = "payments"'), "payments.csv")
    assert (apart.rows_loaded, apart.rows_superseding) == (3, 0)
    assert total(db) == Decimal("43.00")


@pytest.mark.promise("U04")
def test_U04_a_file_said_to_correct_another_layout_replaces_its_rows(db, tmp_path):
    load(db, tmp_path, ITEMS, parts_map("amount"), "items.csv")
    said = parts_map("paid", 'same_rows = "same"')
    receipt = load(db, tmp_path, PAYMENTS, said, "payments.csv")
    assert (receipt.rows_loaded, receipt.rows_superseding, receipt.rows_duplicate) == (2, 1, 1)
    assert any(one.code == "other_layout" for one in receipt.findings)
    assert total(db) == Decimal("25.50")


@pytest.mark.promise("U04")
def test_U04_a_new_export_of_the_same_layout_is_not_asked_in_whatever_order_its_columns_stand(
    db, tmp_path
):
    load(db, tmp_path, ITEMS, parts_map("amount"), "items.csv")
    turned = "AMOUNT,at,part,order\n11.00,2026-01-05,1,O1\n".replace("AMOUNT", "amount")
    receipt = load(db, tmp_path, turned, parts_map("amount"), "items.csv")
    assert receipt.rows_superseding == 1
    assert total(db) == Decimal("23.50")


@pytest.mark.promise("U04")
def test_U04_the_question_stands_among_the_questions_and_its_answer_is_kept(db, tmp_path):
    load(db, tmp_path, ITEMS, parts_map("amount"), "items.csv")
    path = tmp_path / "payments.csv"
    path.write_text(PAYMENTS)
    plain = intake.inspect(path, mapping=parts_map("paid"))
    assert plain.ready, "without the database nobody knows"
    asked = intake.meet(db, plain)
    assert [question.id for question in asked.questions] == ["same_rows"]
    other = asked.with_answers({"same_rows": "other"})
    assert [question.id for question in other.questions] == ["source"]
    with pytest.raises(UsageError):
        other.with_answers({"source": " "})
    named = intake.meet(db, other.with_answers({"source": "payments"}))
    assert (named.ready, named.mapping.source, named.mapping.same_rows) == (True, "payments", "")
    intake.load(db, path, named.require(), today=TODAY)
    path.write_text(PAYMENTS.replace("12.00", "13.00"))
    later = intake.meet(db, intake.inspect(path, remembered=intake.remembered(db)))
    assert later.ready, "what was said is remembered for the layout"
    assert intake.load(db, path, later.require(), today=TODAY).rows_superseding == 1
    intake.undo(db, 2, 3)
    kept = asked.with_answers({"same_rows": "same"})
    intake.load(db, path, kept.require(), today=TODAY)
    path.write_text(PAYMENTS.replace("12.00", "14.00"))
    assert intake.meet(db, intake.inspect(path, remembered=intake.remembered(db))).ready
