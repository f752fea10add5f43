"""What can be read in two ways is asked, on the whole file, and what was said is kept by layout."""

import json
from datetime import date
from pathlib import Path

import pytest

from cxdash import intake
from cxdash.errors import MappingIncomplete
from cxdash.store import Database

FILES = Path(__file__).parent / "files"
MANIFEST = {entry["file"]: entry for entry in json.loads((FILES / "manifest.json").read_text())}
TODAY = date(2026, 11, 21)
LAST = 300_000


@pytest.fixture
def db(tmp_path):
    with Database(tmp_path / "db") as database:
        yield database


def asked(proposal):
    return {question.id: question for question in proposal.questions}


def written(tmp_path, text, name="file.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def refuses(db, proposal):
    """Nothing is loaded while a question is open."""
    with pytest.raises(MappingIncomplete):
        proposal.require()
    return not db.rows("SELECT import_id FROM imports")


@pytest.mark.promise("D01")
def test_D01_ambiguous_dates_are_asked_and_nothing_is_chosen(db):
    proposal = intake.inspect(FILES / "date_ambiguous.csv")
    question = asked(proposal)["dates:submitted_at"]
    assert question.values == ("dmy", "mdy")
    assert question.default is None
    assert refuses(db, proposal)


@pytest.mark.promise("D01")
@pytest.mark.parametrize(
    ("telling", "order"), [("13/02/2026", "dmy"), ("02/13/2026", "mdy"), ("03/04/2026", "")]
)
def test_D01_the_last_of_300000_rows_decides_on_the_order_of_dates(tmp_path, telling, order, tell):
    rows = [f"I{n},C{n % 977},0{1 + n % 9}/0{1 + n % 7}/2026,5,EUR" for n in range(LAST - 1)]
    text = "\n".join(["invoice id,customer,date,amount,currency", *rows, f"L,C1,{telling},5,EUR"])
    proposal = intake.inspect(written(tmp_path, text + "\n"), kind="revenue")
    assert proposal.rows == LAST
    assert proposal.mapping.columns["dated"].dates == order
    assert ("dates:date" in asked(proposal)) == (not order)
    tell("rows of which the last decides", LAST)


@pytest.mark.promise("I17")
@pytest.mark.parametrize(("telling", "sign"), [("1.234,50", ","), ("1,234.50", "."), ("1.234", "")])
def test_I17_the_last_of_300000_rows_decides_on_the_decimal_sign(tmp_path, telling, sign, tell):
    rows = [f"I{n};C{n % 977};2026-01-05;{1 + n % 9}.{n % 900 + 100};EUR" for n in range(LAST - 1)]
    comma = [row.replace(".", ",") for row in rows] if sign == "." else rows
    text = "\n".join(
        ["invoice id;customer;date;amount;currency", *comma, f"L;C1;2026-01-05;{telling};EUR"]
    )
    proposal = intake.inspect(written(tmp_path, text + "\n"), kind="revenue")
    assert proposal.mapping.columns["amount"].decimal == sign
    assert ("decimal:amount" in asked(proposal)) == (not sign)
    tell("rows of which the last decides", LAST)


@pytest.mark.promise("D01")
@pytest.mark.parametrize(
    ("dates", "order", "options"),
    [
        (["01/09/21", "02/09/21"], "", ("dmy2", "mdy2", "ymd2")),
        (["31/01/26", "05/01/26"], "", ("dmy2", "ymd2")),
        (["01/25/26", "02/20/26"], "mdy2", ()),
        (["31.01.26", "05.01.26"], "dmy2", ()),
        (["5/1/32", "31/1/40"], "dmy2", ()),
    ],
)
def test_D01_a_year_of_two_digits_is_asked_unless_the_column_tells(tmp_path, dates, order, options):
    rows = [f"I{n},C{n},{day},5,EUR" for n, day in enumerate(dates)]
    text = "\n".join(["invoice id,customer,date,amount,currency", *rows]) + "\n"
    proposal = intake.inspect(written(tmp_path, text), kind="revenue")
    assert proposal.mapping.columns["dated"].dates == order
    question = asked(proposal).get("dates:date")
    assert (question.values if question else ()) == options


@pytest.mark.promise("D02")
def test_D02_dates_that_do_not_exist_raise_no_question_and_set_their_rows_aside(db):
    proposal = intake.inspect(FILES / "date_impossible.csv")
    assert not [id_ for id_ in asked(proposal) if id_.startswith("dates:")]
    ready = proposal.with_answers({"scale:csat": "csat.1-5.top2"})
    receipt = intake.load(db, ready.path, ready.require(), today=TODAY)
    assert receipt.rows_loaded == MANIFEST["date_impossible.csv"]["truth"]["rows"]
    assert receipt.rows_rejected > 0


@pytest.mark.promise("D02", "D01")
@pytest.mark.parametrize(
    ("written_as", "day"),
    [
        ("5. März 2026", date(2026, 3, 5)),
        ("5 mars 2026", date(2026, 3, 5)),
        ("5 de marzo de 2026", date(2026, 3, 5)),
        ("5 de março de 2026", date(2026, 3, 5)),
        ("05-dez-2025", date(2025, 12, 5)),
        ("12 abr. 2026", date(2026, 4, 12)),
        ("12 août 2026", date(2026, 8, 12)),
        ("3 Okt 2026", date(2026, 10, 3)),
    ],
)
def test_D01_months_by_name_are_read_in_five_languages(db, tmp_path, written_as, day):
    text = f"invoice id;customer;date;amount;currency\nI1;C1;{written_as};5;EUR\n"
    proposal = intake.inspect(written(tmp_path, text), kind="revenue")
    assert set(asked(proposal)) == {"revenue_kind"}
    ready = proposal.with_answers({"revenue_kind": "recurring"})
    intake.load(db, ready.path, ready.require(), today=TODAY)
    assert [row["dated"] for row in db.rows("SELECT dated FROM revenue")] == [day]


@pytest.mark.promise("D07")
@pytest.mark.parametrize(
    ("cells", "options"),
    [
        (["46023", "46024"], ("excel",)),
        (["1767571200", "1767657600"], ("epoch_s", "epoch_ms")),
        (["1767571200000", "1767657600000"], ("epoch_s", "epoch_ms")),
    ],
)
def test_D07_days_and_seconds_counted_from_a_first_one_are_asked(db, tmp_path, cells, options):
    rows = [f"R{n},C{n},{cell},9" for n, cell in enumerate(cells)]
    text = "\n".join(["response_id,customer_id,submitted_at,nps", *rows]) + "\n"
    proposal = intake.inspect(written(tmp_path, text))
    assert asked(proposal)["dates:submitted_at"].values == options
    assert refuses(db, proposal)


@pytest.mark.promise("I15")
def test_I15_banner_lines_and_a_missing_header_are_asked(db):
    preamble = intake.inspect(FILES / "shape_preamble.csv")
    assert "header_row" in asked(preamble)
    assert refuses(db, preamble)
    bare = intake.inspect(FILES / "shape_no_header.csv")
    assert "no_header" in asked(bare)
    assert refuses(db, bare)


@pytest.mark.promise("I15")
def test_I15_a_renamed_column_is_asked_and_its_place_is_remembered(db):
    first = intake.inspect(FILES / "ok_survey.csv")
    intake.load(db, first.path, first.require(), today=TODAY)
    renamed = FILES / "shape_renamed_column.csv"
    proposal = intake.inspect(renamed, remembered=intake.remembered(db))
    question = asked(proposal)["layout"]
    assert question.values == ("in place: NPS Score (0-10)", "new")
    ready = proposal.with_answers({"layout": "in place: NPS Score (0-10)"})
    assert [score.item for score in ready.require().scores] == ["nps", "csat"]
    intake.load(db, renamed, ready.require(), today=TODAY)
    again = intake.inspect(renamed, remembered=intake.remembered(db))
    assert again.ready
    assert again.recognised_as == "a layout read before"


KNOWN = "response_id,customer_id,submitted_at,nps,colour\nR1,C1,2026-01-13,9,red\n"


@pytest.fixture
def remembered(db, tmp_path):
    path = written(tmp_path, KNOWN, "known.csv")
    intake.load(db, path, intake.inspect(path).require(), today=TODAY)
    return intake.remembered(db)


@pytest.mark.promise("I15")
def test_I15_columns_in_another_order_are_read_as_before(remembered, tmp_path):
    text = "nps,colour,submitted_at,response_id,customer_id\n9,red,2026-01-13,R2,C1\n"
    proposal = intake.inspect(written(tmp_path, text), remembered=remembered)
    assert proposal.recognised_as == "a layout read before"
    assert proposal.ready


@pytest.mark.promise("I15")
def test_I15_a_column_more_or_less_is_told_and_asked(remembered, tmp_path):
    more = KNOWN.replace("colour\n", "colour,size\n").replace("red\n", "red,5\n")
    question = asked(intake.inspect(written(tmp_path, more), remembered=remembered))["layout"]
    assert "it also has 'size'" in question.text
    assert question.values == ("same", "new")
    less = KNOWN.replace(",colour", "").replace(",red", "")
    proposal = intake.inspect(written(tmp_path, less), remembered=remembered)
    assert "it lacks 'colour'" in asked(proposal)["layout"].text
    assert proposal.with_answers({"layout": "same"}).ready
    anew = proposal.with_answers({"layout": "new"})
    assert anew.recognised_as != "a layout read before"


@pytest.mark.promise("I15")
def test_I15_a_question_worded_otherwise_is_never_read_as_before_in_silence(db, tmp_path):
    def export(question):
        return (
            "StartDate,ResponseId,RecordedDate,ExternalReference,Q1\n"
            f"Start Date,Response ID,Recorded Date,Reference,{question}\n"
            '"{""ImportId"":""startDate""}","{""ImportId"":""_recordId""}",'
            '"{""ImportId"":""recordedDate""}","{""ImportId"":""ref""}","{""ImportId"":""QID1""}"\n'
            "2026-01-13 10:00:00,R_1,2026-01-13 10:00:00,C1,9\n"
        )

    first = written(tmp_path, export("How likely are you to recommend us?"), "one.csv")
    proposal = intake.inspect(first)
    ready = proposal.with_answers({question.id: "nps.0-10" for question in proposal.questions})
    intake.load(db, first, ready.require(), today=TODAY)
    seen = intake.remembered(db)
    assert intake.inspect(first, remembered=seen).ready
    second = written(tmp_path, export("How much effort did it take?"), "two.csv")
    question = asked(intake.inspect(second, remembered=seen))["layout"]
    assert "the question of 'Q1' is worded otherwise" in question.text


def test_the_next_surveymonkey_export_asks_nothing_about_the_wording_of_its_questions(db):
    """The line below its header says "Response" under a question, not the question."""
    export = FILES.parents[1] / "fixtures" / "layouts" / "surveymonkey_current.csv"
    first = intake.inspect(export)
    ready = first.with_answers({one.id: one.values[0] for one in first.questions}).require()
    assert [score.label for score in ready.scores if score.label]
    intake.load(db, export, ready, today=TODAY)
    assert intake.inspect(export, remembered=intake.remembered(db)).ready


@pytest.mark.parametrize("column", ["Rechnungsnr", "Rechnungs-Nr.", "Beleg-Nr", "Invoice No."])
def test_a_corrected_invoice_replaces_its_earlier_version_under_a_number_cut_short(
    db, tmp_path, column
):
    def export(amount):
        return f"{column};Kunde;Datum;Betrag;Währung\n2026001;C1;13.06.2026;{amount};EUR\n"

    for name, amount in [("one.csv", "1049,50"), ("two.csv", "1111,50")]:
        proposal = intake.inspect(written(tmp_path, export(amount), name), kind="revenue")
        ready = proposal.with_answers({"revenue_kind": "one-off"}).require()
        receipt = intake.load(db, tmp_path / name, ready, today=TODAY)
    [money] = receipt.money
    assert (float(money.loaded), float(money.replaced)) == (1111.50, 1049.50)


@pytest.mark.promise("I17")
@pytest.mark.parametrize("amount", ["1.234", "1,234"])
def test_I17_a_sign_that_may_separate_thousands_or_decimals_is_asked(db, tmp_path, amount):
    text = f"invoice id;customer;date;amount;currency\nI1;C1;2026-01-13;{amount};EUR\n"
    proposal = intake.inspect(written(tmp_path, text), kind="revenue")
    assert asked(proposal)["decimal:amount"].values == (".", ",")
    assert refuses(db, proposal)


@pytest.mark.promise("I18", "I22")
def test_I18_a_dollar_sign_alone_names_no_currency(db, tmp_path):
    text = 'invoice id,customer,date,amount\nI1,C1,2026-01-13,"$1,234.50"\n'
    proposal = intake.inspect(written(tmp_path, text), kind="revenue")
    assert asked(proposal)["currency"].values[:3] == ("USD", "CAD", "AUD")
    assert refuses(db, proposal)


@pytest.mark.promise("I22")
def test_I22_several_or_missing_currencies_are_asked(db):
    several = intake.inspect(FILES / "num_multi_currency.csv")
    assert asked(several)["currencies"].values == ("several", "wrong")
    missing = intake.inspect(FILES / "num_missing_currency.csv")
    assert {"currency", "currency_missing"} & set(asked(missing))
    assert refuses(db, several)
    assert refuses(db, missing)


@pytest.mark.promise("I23")
@pytest.mark.parametrize(
    "answers", [["0", "55", "100"], ["10%", "55%", "90%"], ["8.5", "7.25", "9.5"]]
)
def test_I23_a_column_called_nps_that_is_none_is_asked_about(db, tmp_path, answers):
    rows = [f"R{n},C{n},2026-01-13,{answer}" for n, answer in enumerate(answers)]
    text = "\n".join(["response_id,customer_id,submitted_at,nps", *rows]) + "\n"
    proposal = intake.inspect(written(tmp_path, text))
    assert "is named like a score, but" in asked(proposal)["scale:nps"].text
    assert refuses(db, proposal)


@pytest.mark.promise("I23")
def test_I23_columns_that_changed_places_are_not_taken_for_each_other(db, tmp_path):
    text = "response_id,customer_id,submitted_at,nps\n2026-01-13,C1,R1,9\n2026-01-14,C2,R2,8\n"
    proposal = intake.inspect(written(tmp_path, text))
    assert "role:answered_at" in asked(proposal)
    assert refuses(db, proposal)
