"""A file and a mapping give canonical rows and a receipt: whole, or not at all."""

import csv
import hashlib
import io
from datetime import timedelta
from decimal import Decimal
from importlib import resources

import pytest
from plain_layouts import REVENUE, SURVEY

from cxdash import intake
from cxdash.errors import MappingIncomplete, StoreFull, UsageError
from cxdash.intake.loading import versions

from .conftest import CUSTOMERS

ANSWERS = """
id,customer,at,nps,comment
R1,C1,2026-01-05,9,good
R2,C2,2026-01-06 10:30:00,3,"late,
and rude"
R3,C3,2026-01-07,,
"""


def values(db, sql):
    return [tuple(row.values()) for row in db.rows(sql)]


def test_every_row_is_accounted_for(load):
    receipt = load(
        ANSWERS + "R4,C4,2026-02-30,5,x\nR5,C5,2026-01-01,11,x\nR1,C1,2026-01-05,9,good", SURVEY
    )
    assert receipt.rows_read == 6
    assert (receipt.rows_loaded, receipt.rows_duplicate, receipt.rows_rejected) == (3, 1, 2)


def test_rejects_name_line_and_reason(load):
    receipt = load(ANSWERS + "R4,C4,2026-02-30,5,x\n,C5,2026-01-01,11,x", SURVEY)
    found = [(reject.line, reject.reason) for reject in receipt.rejects]
    assert found[0][0] == 6
    assert "at: '2026-02-30' is not a date" in found[0][1]
    assert found[1][0] == 7
    assert "nps: '11' is outside the scale 0 to 10" in found[1][1]
    assert "nothing stands under id, which names the row" in found[1][1]


def test_answers_without_score_or_comment_keep_the_answer(db, load):
    load(ANSWERS, SURVEY)
    assert values(db, "SELECT count(*) FROM responses") == [(3,)]
    assert values(db, "SELECT row_key, value FROM scores ORDER BY 1") == [("R1", 9.0), ("R2", 3.0)]
    assert values(db, "SELECT body FROM comments ORDER BY line_no")[1] == ("late,\nand rude",)


def test_raw_rows_keep_only_mapped_columns_as_text(db, load):
    load("id,secret,customer,at,nps,comment\nR1,hidden,007,2026-01-05,9,", SURVEY)
    assert values(db, "SELECT cells, status FROM raw_rows") == [
        (["R1", "007", "2026-01-05", "9", ""], "loaded")
    ]


def test_a_row_that_does_not_fit_the_header_can_be_mended_from_the_download(db, load):
    text = 'id,customer,at,nps,comment\nR1,C1,2026-01-05,99,ok\n"=R2",C2,"a ""b"", c"'
    receipt = load(text, SURVEY)
    assert receipt.rejects[0].raw == ("R1", "C1", "2026-01-05", "99", "ok")
    assert receipt.rejects[1].raw == ('=R2,C2,"a ""b"", c"',)
    rows = list(csv.reader(io.StringIO(intake.rejected_rows(db, receipt.import_id), newline="")))
    columns = db.rows("SELECT columns FROM imports")[0]["columns"]
    assert rows[0] == ["line", "reason", *columns, "row as it came"]
    assert rows[1][2:] == ["R1", "C1", "2026-01-05", "99", "ok", ""]
    assert rows[2][:2] == ["3", "the row has 3 cells, the header has 5"]
    assert rows[2][2:] == ["", "", "", "", "", '\'=R2,C2,"a ""b"", c"']
    assert values(db, "SELECT count(*) FROM responses") == [(0,)]


def test_a_row_that_does_not_fit_is_not_kept_where_a_column_was_not_chosen(db, load):
    """The line may hold what nobody chose to store; its number and the reason are kept."""
    receipt = load("id,secret,customer,at,nps,comment\nR2,x,C2,b", SURVEY)
    (reject,) = receipt.rejects
    assert (reject.line, reject.reason) == (2, "the row has 4 cells, the header has 6")
    assert set(reject.raw) == {""}


def test_a_row_with_a_zero_byte_is_kept_with_its_picture(db, load):
    receipt = load("id,customer,at,nps,comment\nR1,C\x001,2026-01-05,9,ok", SURVEY)
    assert receipt.rejects[0].raw == ("R1,C\u24001,2026-01-05,9,ok",)


def test_without_such_rows_the_download_has_no_further_column(db, load):
    load("id,secret,customer,at,nps,comment\nR1,x,C1,2026-01-05,99,ok", SURVEY)
    assert intake.rejected_rows(db, 1).splitlines()[0].endswith("nps,comment")


def test_an_error_on_the_way_leaves_nothing(db, load, monkeypatch):
    def fail(*_):
        raise RuntimeError("pulled plug")

    monkeypatch.setattr(versions, "add", fail)
    version = db.data_version
    with pytest.raises(RuntimeError, match="pulled plug"):
        load(ANSWERS, SURVEY)
    for table in ("imports", "raw_rows", "responses", "scores", "comments", "repeats"):
        assert values(db, f"SELECT count(*) FROM {table}") == [(0,)]
    assert db.data_version == version


def test_a_correction_supersedes_and_the_old_version_stays(db, load):
    load(ANSWERS, SURVEY, "one.csv")
    receipt = load(ANSWERS.replace("9,good", "2,bad"), SURVEY, "two.csv")
    assert (receipt.rows_loaded, receipt.rows_superseding, receipt.rows_duplicate) == (1, 1, 2)
    assert values(db, "SELECT value, is_current FROM scores WHERE row_key = 'R1' ORDER BY 1") == [
        (2.0, True),
        (9.0, False),
    ]


def test_a_correction_of_money_says_by_how_much(load):
    text = (
        "invoice,customer,at,amount,currency\nI1,C1,2026-01-01,100.10,EUR\nI2,C1,2026-02-01,50,EUR"
    )
    load(text, REVENUE, "one.csv")
    receipt = load(text.replace("100.10", "90"), REVENUE, "two.csv")
    assert receipt.money[0].loaded - receipt.money[0].replaced == Decimal("-10.10")
    assert (
        "1 row replaces an earlier version of itself: EUR 100.10 became 90.00. "
        "By month: 2026-01 EUR −10.10." in receipt.warnings
    )


def test_the_same_file_again_is_all_duplicates(load):
    load(ANSWERS, SURVEY, "one.csv")
    receipt = load(ANSWERS, SURVEY, "again.csv")
    assert (receipt.rows_loaded, receipt.rows_duplicate) == (0, 3)
    assert receipt.same_file_as == 1
    assert any("same bytes as import 1" in warning for warning in receipt.warnings)


def test_one_key_with_two_contents_in_a_file_loads_neither(db, load):
    receipt = load(ANSWERS + "R1,C1,2026-01-05,4,other", SURVEY)
    assert receipt.rows_rejected == 2
    assert "appears on lines 2 and 6 with different content" in receipt.rejects[0].reason
    assert ("R1",) not in values(db, "SELECT response_id FROM responses")


def test_refunds_are_negative_and_named(db, load):
    load(
        "invoice,customer,at,amount,currency\nI1,C1,2026-01-01,(12.50),usd\nI2,C1,2026-01-02,0,USD",
        REVENUE,
    )
    assert values(db, "SELECT amount, currency, revenue_kind FROM revenue ORDER BY row_key") == [
        (Decimal("-12.5000"), "USD", "refund"),
        (Decimal("0.0000"), "USD", "recurring"),
    ]


PRODUCT = REVENUE.replace('amount = "amount"', 'amount = { column = "price", times = "qty" }')


@pytest.mark.parametrize(
    ("price", "quantity", "reason"),
    [
        ("9999999", "99999999999", "price: '9999999' with qty: '99999999999' is not an amount"),
        ("99999999999999", "99999999999999", "is not an amount of money"),
        ("5", "two", "price: '5' with qty: 'two' is not an amount of money"),
        ("five", "", "price: 'five' is not an amount of money"),
    ],
)
def test_a_product_that_is_no_amount_spoils_its_row_only(db, load, price, quantity, reason):
    text = "invoice,customer,at,price,qty,currency\nI1,C1,2026-01-01,5000000.50,50000,EUR\n"
    receipt = load(text + f"I2,C1,2026-01-01,{price},{quantity},EUR", PRODUCT)
    assert (receipt.rows_loaded, receipt.rows_rejected) == (1, 1)
    assert reason in receipt.rejects[0].reason
    assert values(db, "SELECT amount FROM revenue") == [(Decimal("250000025000.0000"),)]


@pytest.mark.parametrize("form", ["epoch_s", "epoch_ms"])
@pytest.mark.parametrize("cell", ["-9223372036854775808", "9223372036854775807", "1e400"])
def test_a_time_beyond_all_times_spoils_its_row_only(load, form, cell):
    mapping = REVENUE.replace('dated = "at"', f'dated = {{ column = "at", dates = "{form}" }}')
    good = {"epoch_s": "1735689600", "epoch_ms": "1735689600000"}[form]
    text = f"invoice,customer,at,amount,currency\nI1,C1,{good},5,EUR\nI2,C1,{cell},5,EUR"
    receipt = load(text, mapping)
    assert (receipt.rows_loaded, receipt.rows_rejected) == (1, 1)
    assert f"at: '{cell}' is not a date written as" in receipt.rejects[0].reason


def test_a_line_of_totals_is_rejected(load):
    text = (
        "invoice,customer,at,amount,currency\n"
        "I1,C1,2026-01-01,100,EUR\nGrand Total,C1,2026-01-01,100,EUR"
    )
    receipt = load(text, REVENUE)
    assert receipt.rows_loaded == 1
    assert "line of totals" in receipt.rejects[0].reason


def test_a_mark_that_contradicts_the_currency_is_rejected(load):
    receipt = load("invoice,customer,at,amount,currency\nI1,C1,2026-01-01,€5,USD", REVENUE)
    assert "written in €" in receipt.rejects[0].reason


def test_low_match_is_said_loudly(load):
    load("customer,segment,mail\nC1,SMB,a@example.com", CUSTOMERS, "crm.csv")
    receipt = load(ANSWERS, SURVEY)
    assert receipt.matched == pytest.approx(1 / 3)
    assert any(warning.startswith("Only 33.3% of the rows") for warning in receipt.warnings)


def usable_names(db):
    """What the panel makes of other names: its own rule, read from its own file."""
    sql = (resources.files("cxdash.panel") / "sql" / "links.sql").read_text(encoding="utf-8")
    return dict(values(db, sql))


def test_other_names_match_and_ambiguous_ones_do_not(db, load):
    receipt = load(
        "customer,segment,mail\nC1,SMB,a@example.com\nC2,SMB,both@example.com\nC3,SMB,both@example.com",
        CUSTOMERS,
    )
    assert usable_names(db) == {"a@example.com": "C1"}
    assert any("1 other name of this file belongs to more than one" in w for w in receipt.warnings)


def test_a_name_given_to_two_customers_by_two_files_is_nobodys(db, load):
    load("customer,segment,mail\nC1,SMB,info@x.com\nC3,SMB,c@x.com", CUSTOMERS, "1.csv")
    second = load("customer,segment,mail\nC2,SMB,info@x.com", CUSTOMERS, "2.csv")
    assert usable_names(db) == {"c@x.com": "C3"}
    assert any("1 other name of this file belongs to more than one" in w for w in second.warnings)
    text = "id,customer,at,nps,comment\nR1,info@x.com,2026-01-05,9,\nR2,c@x.com,2026-01-05,9,"
    assert load(text, SURVEY).matched == pytest.approx(1 / 2)
    third = load("customer,segment,mail\nC1,L,info@x.com\nC2,L,info@x.com", CUSTOMERS, "3.csv")
    assert usable_names(db) == {"c@x.com": "C3"}
    assert any("to more than one customer" in w for w in third.warnings)


def test_undoing_the_second_owner_gives_the_name_back(db, load):
    load("customer,segment,mail\nC1,SMB,info@x.com", CUSTOMERS, "1.csv")
    second = load("customer,segment,mail\nC2,SMB,info@x.com", CUSTOMERS, "2.csv")
    assert usable_names(db) == {}
    intake.undo(db, second.import_id)
    assert usable_names(db) == {"info@x.com": "C1"}


def test_turned_round_scale_is_stored_with_high_as_good(db, load):
    mapping = SURVEY.replace(
        'variant = "nps.0-10"', 'variant = "ces.1-7.agree"\nhigh_is_good = false'
    )
    receipt = load("id,customer,at,nps,comment\nR1,C1,2026-01-05,1,", mapping)
    assert values(db, "SELECT value, high_is_good FROM scores") == [(7.0, True)]
    assert any("turned round" in warning for warning in receipt.warnings)


def test_words_are_read_through_the_mapping(db, load):
    mapping = SURVEY.replace(
        'variant = "nps.0-10"', 'variant = "csat.1-5.top2"\nvalues = { "Very satisfied" = 5 }'
    )
    receipt = load(
        "id,customer,at,nps,comment\nR1,C1,2026-01-05,very SATISFIED,\nR2,C1,2026-01-05,so-so,",
        mapping,
    )
    assert values(db, "SELECT value FROM scores") == [(5.0,)]
    assert "'so-so' is not a number" in receipt.rejects[0].reason


def test_rows_can_be_refused_by_a_rule(load):
    rule = '\n[[reject]]\ncolumn = "comment"\nvalues = ["test"]\nreason = "a preview"\n'
    receipt = load("id,customer,at,nps,comment\nR1,C1,2026-01-05,1,TEST", SURVEY + rule)
    assert receipt.rejects[0].reason == "a preview"


def test_a_missing_column_is_named(load):
    with pytest.raises(MappingIncomplete, match=r"has no column 'nps'.*Nothing was loaded"):
        load("id,customer,at,score,comment\nR1,C1,2026-01-05,1,", SURVEY)


def test_equal_rows_without_a_key_must_be_decided(load):
    mapping = REVENUE.replace('key = ["invoice"]', "")
    text = "invoice,customer,at,amount,currency\n,C1,2026-01-01,5,EUR\n,C1,2026-01-01,5,EUR"
    with pytest.raises(MappingIncomplete, match="equal rows, for example on lines 2 and 3"):
        load(text, mapping)
    assert load(text, 'repeats = "keep"\n' + mapping).rows_loaded == 2


def test_two_systems_with_equal_numbers_stay_apart_by_source(db, load):
    text = "id,customer,at,nps,comment\n1,C1,2026-01-05,9,"
    load(text, 'source = "web"\n' + SURVEY, "web.csv")
    load(text.replace("9,", "2,"), 'source = "phone"\n' + SURVEY, "phone.csv")
    assert values(db, "SELECT row_key, value FROM scores WHERE is_current ORDER BY 1") == [
        ("phone:1", 2.0),
        ("web:1", 9.0),
    ]


ORDERS = """
kind = "orders"
[columns]
order_id = "order"
customer_id = "customer"
"""


DELIVERIES = ORDERS + 'promised_at = "due"\ndelivered_at = "came"\n'


HEAD = "order,customer,due,came\n"


def test_an_order_may_say_when_it_was_promised_and_when_it_came(db, load):
    receipt = load(
        "order,customer,due,came\n1,A,2026-12-24,\n2,B,2026-03-01,2026-03-05", DELIVERIES
    )
    assert receipt.rows_loaded == 2  # a promise may lie ahead, a delivery may not
    assert load(HEAD + "3,A,2026-12-24,2026-12-24", DELIVERIES).rows_rejected == 1
    assert values(db, "SELECT order_id, delivered_at - promised_at FROM orders ORDER BY 1") == [
        ("1", None),
        ("2", timedelta(days=4)),
    ]


def test_orders_loaded_before_deliveries_were_known_are_still_recognised(db, load):
    text = "order,customer\n1,A"
    load(text, ORDERS)
    known = values(db, "SELECT row_hash FROM orders")
    assert known == [(hashlib.md5(b"\x1f1\x1fA\x1f\x01\x1f\x01").hexdigest(),)]  # noqa: S324


@pytest.mark.parametrize(("first", "second"), [("shop", "web"), ("", "web"), ("shop", "")])
def test_two_systems_with_the_same_numbers_are_warned_about_loudly(load, first, second):
    def told(text, mapping, source, name):
        receipt = load(text, f'source = "{source}"\n{mapping}', name)
        return [warning for warning in receipt.warnings if "TWO SYSTEMS" in warning]

    assert told("order,customer\n1,A\n2,B", ORDERS, first, "1.csv") == []
    assert told("order,customer\n3,A", ORDERS, second, "2.csv") == []
    said = told("order,customer\n1,C\n2,D\n4,E", ORDERS, second, "3.csv")
    assert len(said) == 1
    named = f"source {first}" if first else "no source"
    assert f"2 order ids of this file also stand in import 1 ({named})" in said[0]
    people = "customer,segment,mail\nC1,SMB,a@x.com"
    assert told(people, CUSTOMERS, first, "4.csv") == []
    assert "1 customer id of this file also stands" in told(people, CUSTOMERS, second, "5.csv")[0]


def test_one_system_loading_its_numbers_again_is_not_warned_about(load):
    load("order,customer\n1,A", 'source = "shop"\n' + ORDERS, "1.csv")
    receipt = load("order,customer\n1,B", 'source = "shop"\n' + ORDERS, "2.csv")
    assert not [warning for warning in receipt.warnings if "TWO SYSTEMS" in warning]


def test_two_layouts_with_equal_numbers_are_asked_about_before_anything_is_loaded(db, load):
    load("id,customer,at,nps,comment\n1,C1,2026-01-05,9,", SURVEY, "one.csv")
    with pytest.raises(MappingIncomplete) as caught:
        load("id,customer,at,nps,comment,seen\n1,C1,2026-01-05,2,,x", SURVEY, "two.csv")
    assert "the same answers, corrected, or another system's" in caught.value.questions[0]
    assert db.rows("SELECT value FROM scores WHERE is_current") == [{"value": 9.0}]
    assert len(intake.imports(db)) == 1


def test_receipt_survives_the_store(db, load):
    receipt = load(ANSWERS, SURVEY)
    assert intake.imports(db) == [receipt]


def test_undoing_twice_or_nothing_says_so(db, load):
    load(ANSWERS, SURVEY)
    assert intake.undo(db, 1).removed == {"removed": 3, "restored": 0, "handed_over": 0}
    with pytest.raises(UsageError, match="undone already"):
        intake.undo(db, 1)
    with pytest.raises(UsageError, match="no import 9"):
        intake.undo(db, 9)
    assert intake.imports(db)[0].undone


def test_a_full_disk_is_refused_before_anything(db, load, monkeypatch):
    monkeypatch.setattr("cxdash.store.space.free", lambda _: 1000)
    with pytest.raises(StoreFull, match=r"Importing file.csv safely takes 210 MB.* has 0 MB left"):
        load(ANSWERS, SURVEY)
    assert intake.imports(db) == []


def test_room_is_asked_for_the_unfolded_rows_and_the_growth_seen(db, load, monkeypatch):
    asked = []
    monkeypatch.setattr(
        "cxdash.store.space.require", lambda _folder, need, work: asked.append((need, work))
    )
    receipt = load(ANSWERS, SURVEY, "one.csv")
    load(ANSWERS, SURVEY, "two.csv")
    (first, name), (second, _) = asked
    assert name == "Importing one.csv"
    assert first == 5 * receipt.bytes, "nothing is known of the growth yet"
    assert second == 7 * receipt.bytes, "a small database grows more than it is given"
