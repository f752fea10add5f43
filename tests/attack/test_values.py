"""Values are read exactly or not at all: none of the silent wrong results of common readers.

Sums are held against a second program of a few lines here, which knows neither the database engine
nor the code that loads.
"""

import csv
import json
import math
import os
import random
import re
import subprocess
import sys
from collections import defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from loading import MONEY_HEAD, SURVEY_HEAD, TODAY, load, money_map, survey_map, value

from cxdash import intake
from cxdash.errors import MappingIncomplete
from cxdash.store import Database

FILES = Path(__file__).parent / "files"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def db(tmp_path):
    with Database(tmp_path / "db") as database:
        yield database


def reckoned(path: Path, decimal: str = ".") -> dict[str, Decimal]:
    """Sums by currency of the rows whose amount, day and currency anybody can read."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    group = "," if decimal == "." else "."
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter=";" if decimal == "," else ","):
            text = row["amount"].strip()
            negative = text.startswith(("(", "-", "−")) or text.endswith(("-", "−"))
            digits = text.strip("()-− ").lstrip("$€£").strip()
            whole, _, cents = digits.partition(decimal)
            parts = whole.split(group)
            if not all(part.isdecimal() and part.isascii() for part in parts):
                continue
            if len(parts) > 1 and (len(parts[0]) > 3 or any(len(p) != 3 for p in parts[1:])):
                continue
            if (cents and not cents.isdecimal()) or len("".join(parts).lstrip("0")) > 13:
                continue
            if not re.fullmatch(r"[A-Z]{3}", row["currency"]) or row["customer"] in ("", "Total"):
                continue
            amount = Decimal(f"{''.join(parts)}.{cents or '0'}")
            sums[row["currency"]] += -amount if negative else amount
    return dict(sums)


def stored(db: Database) -> dict[str, Decimal]:
    rows = db.rows("SELECT currency, sum(amount) AS total FROM revenue WHERE is_current GROUP BY 1")
    return {row["currency"]: row["total"] for row in rows}


def spoiled(db, folder, mapping, head, row, texts, good="5"):
    """The receipt of a file with one good row below rows that each hold one of the texts.

    Each of those is set aside under its own line; the good one is loaded.
    """
    lines = [row.format(n, f'"{text}"') for n, text in enumerate([*texts, good])]
    receipt = load(db, folder, head + "".join(lines), mapping)
    assert (receipt.rows_loaded, receipt.rows_rejected) == (1, len(texts))
    assert [reject.line for reject in receipt.rejects] == list(range(2, len(texts) + 2))
    return receipt


def written(draw: random.Random, decimal: str) -> str:
    """An amount as some system writes it, now and then as nobody can read it."""
    cents = draw.choice((draw.randrange(10_000), draw.randrange(10**9), draw.randrange(10**12)))
    whole, rest = divmod(cents, 100)
    grouped = f"{whole:,}" if draw.random() < 0.5 else str(whole)
    text = f"{grouped}.{rest:02}"
    if decimal == ",":
        text = text.translate(str.maketrans(",.", ".,"))
    wrong = ("NaN", "inf", "-Infinity", "1e308", "9" * 23, "N/A", "", "12.34.56,7", "1O0", "null")
    shapes = (text, text, text, f"({text})", f"{text}-", f"-{text}", f"−{text}")
    return draw.choice(shapes) if draw.random() > 0.15 else draw.choice(wrong)


@pytest.mark.promise("I18", "I20")
@pytest.mark.parametrize("decimal", [".", ","])
def test_I18_I20_sums_agree_to_the_cent_with_a_second_program(db, tmp_path, decimal, tell):
    draw, separator = random.Random(41), ";" if decimal == "," else ","  # noqa: S311
    path, rows = tmp_path / "a.csv", 3_000
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=separator)
        writer.writerow(MONEY_HEAD.strip().split(","))
        for n in range(rows):
            currency = draw.choice(("EUR", "EUR", "JPY", "USD", "", "euro"))
            day = f"2026-0{draw.randrange(1, 10)}-1{draw.randrange(10)}"
            writer.writerow([f"I{n}", f"C{n % 50}", day, written(draw, decimal), currency])
        writer.writerow(["Total", "", "", "99999,99", "EUR"])
    receipt = intake.load(db, path, money_map(decimal), today=TODAY)
    assert stored(db) == reckoned(path, decimal)
    assert receipt.rows_read == rows + 1 == receipt.rows_loaded + receipt.rows_rejected
    told = {one.currency: one.loaded for one in receipt.money if one.loaded}
    assert told == stored(db)
    assert all(math.isfinite(float(amount)) for amount in told.values())
    tell("amounts compared with a second program", rows)


@pytest.mark.promise("I18")
def test_I18_amounts_are_read_exactly(db, tmp_path, tell):
    amounts = {
        "1,234.50": "1234.50",
        "$1,234.50": "1234.50",
        "(250)": "-250",
        "250-": "-250",
        "−250": "-250",
        "12,345,678.90": "12345678.90",
        " 7.10 ": "7.10",
    }
    rows = "".join(f'I{n},C1,2026-01-05,"{text}",USD\n' for n, text in enumerate(amounts))
    load(db, tmp_path, MONEY_HEAD + rows, money_map())
    found = db.rows("SELECT amount FROM revenue ORDER BY line_no")
    assert [row["amount"] for row in found] == [Decimal(amount) for amount in amounts.values()]
    tell("ways to write an amount", len(amounts))


@pytest.mark.promise("I18")
def test_I18_what_is_no_amount_is_set_aside_and_never_text_in_a_number(db, tmp_path, tell):
    wrong = ["1,23.50", "12.345.678", "1 2 3", "1.2.3", "$", "ten", "0x10"]
    receipt = spoiled(db, tmp_path, money_map(), MONEY_HEAD, "I{},C1,2026-01-05,{},USD\n", wrong)
    assert all("is not an amount of money" in reject.reason for reject in receipt.rejects)
    assert stored(db) == {"USD": Decimal(5)}
    tell("texts that are no amount", len(wrong))


@pytest.mark.promise("I18")
def test_I18_a_sign_of_another_currency_spoils_the_row(db, tmp_path):
    receipt = load(db, tmp_path, f"{MONEY_HEAD}I1,C1,2026-01-05,€5,USD\n", money_map())
    assert receipt.rows_rejected == 1
    assert "written in €, the currency is USD" in receipt.rejects[0].reason


@pytest.mark.promise("I18")
def test_I18_a_row_of_totals_adds_nothing(db, tmp_path):
    rows = "I1,C1,2026-01-05,1000,EUR\nI2,C1,2026-01-05,1200,EUR\nTotal,,2026-01-31,2190,EUR\n"
    receipt = load(db, tmp_path, MONEY_HEAD + rows, money_map())
    assert stored(db) == {"EUR": Decimal(2200)}
    assert any("would have added EUR 2,190.00" in one.sentence for one in receipt.findings)


@pytest.mark.promise("I18")
def test_I18_ids_are_text_whatever_they_look_like(db, tmp_path):
    ids = ["00123", "123", "NA", "null", "None", "12345678901234567890", "12345678901234567891"]
    rows = "".join(f"I{n},{one},2026-01-05,1,EUR\n" for n, one in enumerate(ids))
    load(db, tmp_path, MONEY_HEAD + rows, money_map())
    found = db.rows("SELECT customer_id FROM revenue ORDER BY line_no")
    assert [row["customer_id"] for row in found] == ids


@pytest.mark.promise("I20")
def test_I20_numbers_beyond_money_are_set_aside_and_totals_stay_finite(db, tmp_path, tell):
    wrong = ["NaN", "inf", "-Infinity", "1e308", "9" * 23, "1e5"]
    receipt = spoiled(db, tmp_path, money_map(), MONEY_HEAD, "I{},C1,2026-01-05,{},EUR\n", wrong)
    assert stored(db) == {"EUR": Decimal(5)}
    assert json.loads(json.dumps(receipt.to_json()))["money"][0]["loaded"] == "5"
    tell("numbers beyond money", len(wrong))


@pytest.mark.promise("I20")
def test_I20_scores_beyond_any_scale_are_set_aside(db, tmp_path):
    wrong = ["inf", "-Infinity", "1e308", "9" * 23]
    spoiled(db, tmp_path, survey_map(), SURVEY_HEAD, "R{},C1,2026-01-05,{},x\n", wrong)
    assert db.rows("SELECT value FROM scores") == [{"value": 5.0}]


@pytest.mark.promise("I22")
def test_I22_currencies_are_never_added_up(db, tmp_path):
    proposal = intake.inspect(FILES / "num_multi_currency.csv")
    assert any("currenc" in question.text.lower() for question in proposal.questions)
    rows = "I1,C1,2026-01-05,100,USD\nI2,C1,2026-02-05,100,JPY\nI3,C2,2026-01-05,100,EUR\n"
    receipt = load(db, tmp_path, MONEY_HEAD + rows, money_map())
    assert {one.currency: one.loaded for one in receipt.money} == dict.fromkeys(
        ("EUR", "JPY", "USD"), Decimal(100)
    )
    assert any("never added up without exchange rates" in text for text in receipt.warnings)
    assert "300" not in json.dumps(receipt.to_json())


@pytest.mark.promise("I22")
def test_I22_an_amount_without_a_currency_is_set_aside_with_its_amount(db, tmp_path):
    assert not intake.inspect(FILES / "num_missing_currency.csv").ready
    rows = "I1,C1,2026-01-05,100,USD\nI2,C2,2026-01-05,70,\n"
    receipt = load(db, tmp_path, MONEY_HEAD + rows, money_map())
    assert stored(db) == {"USD": Decimal(100)}
    (finding,) = (one for one in receipt.findings if one.code == "no_currency")
    assert finding.money == {"?": Decimal(70)}


@pytest.mark.promise("I23")
def test_I23_answers_off_their_scale_are_set_aside(db, tmp_path, tell):
    wrong = ["11", "-1", "8.5", "90%", "C2", "100"]
    receipt = spoiled(db, tmp_path, survey_map(), SURVEY_HEAD, "R{},C1,2026-01-05,{},x\n", wrong)
    assert db.rows("SELECT value FROM scores") == [{"value": 5.0}]
    assert sum(one.rows for one in receipt.findings if one.code == "off_scale") == 4
    tell("answers off the scale", len(wrong))


@pytest.mark.promise("I23")
def test_I23_swapped_columns_load_nothing(db, tmp_path):
    """Scores stand under the customer's name and the other way round."""
    rows = "".join(f"R{n},{n % 11},2026-01-05,C{n},x\n" for n in range(20))
    receipt = load(db, tmp_path, SURVEY_HEAD + rows, survey_map())
    assert (receipt.rows_loaded, receipt.rows_rejected) == (0, 20)
    assert value(db, "SELECT count(*) FROM scores") == 0
    assert "No row of this file was new." in receipt.warnings


@pytest.mark.promise("I24")
def test_I24_a_missing_amount_is_no_zero(db, tmp_path, tell):
    words = ["N/A", "-", "", "null", "#N/A", "n.a.", "--", "None", "NaN"]
    receipt = spoiled(db, tmp_path, money_map(), MONEY_HEAD, "I{},C1,2026-01-05,{},EUR\n", words)
    assert {reject.reason for reject in receipt.rejects} == {"amount is missing"}
    assert stored(db) == {"EUR": Decimal(5)}
    tell("words for a missing value", len(words))


@pytest.mark.promise("I24")
def test_I24_a_missing_score_is_no_score_and_its_row_is_kept(db, tmp_path):
    rows = "R1,C1,2026-01-05,N/A,x\nR2,C1,2026-01-05,0,x\n"
    receipt = load(db, tmp_path, SURVEY_HEAD + rows, survey_map())
    assert receipt.rows_loaded == 2
    assert receipt.scores[0].counts == ((0.0, 1),)


@pytest.mark.promise("D01")
def test_D01_dates_that_can_be_read_in_two_ways_are_asked_and_nothing_is_stored(db):
    proposal = intake.inspect(FILES / "date_ambiguous.csv")
    assert "dates:submitted_at" in [question.id for question in proposal.questions]
    with pytest.raises(MappingIncomplete):
        intake.load(db, FILES / "date_ambiguous.csv", proposal.require(), today=TODAY)
    assert intake.imports(db) == []


@pytest.mark.promise("D02")
def test_D02_days_that_cannot_be_are_set_aside(db, tmp_path, tell):
    wrong = ["2026-02-30", "2026-13-01", "0000-00-00", "1900-01-01", "9999-12-31", "1970-01-01"]
    spoiled(db, tmp_path, survey_map(), SURVEY_HEAD, "R{},C1,{},5,x\n", wrong, good="2026-02-28")
    assert value(db, "SELECT answered_at FROM responses").date() == date(2026, 2, 28)
    tell("days that cannot be", len(wrong))


@pytest.mark.promise("D03", "S12")
def test_D03_S12_what_lies_after_the_day_of_the_import_is_set_aside(tmp_path):
    # A day more is allowed for places whose day has begun already.
    for today, loaded in ((date(2026, 2, 28), 1), (date(2026, 3, 2), 2), (date(2020, 1, 1), 0)):
        with Database(tmp_path / f"{today}.db") as db:
            path = tmp_path / "a.csv"
            path.write_text(f"{SURVEY_HEAD}R1,C1,2026-03-01,9,x\nR2,C1,2026-03-03,9,x\n")
            receipt = intake.load(db, path, survey_map(), today=today)
            assert receipt.rows_loaded == loaded
            future = [one for one in receipt.findings if one.code == "future"]
            assert sum(one.rows for one in future) == 2 - loaded


SHOW = """
import json, sys, time
from cxdash import intake
from cxdash.errors import MappingIncomplete
from cxdash.store import Database
time.tzset()
with Database(sys.argv[1]) as db:
    receipt = intake.load(db, sys.argv[2], intake.Mapping.from_toml(sys.argv[3]))
    months = db.rows("SELECT strftime(date_trunc('month', answered_at), '%Y-%m') AS month, "
                     "count(*) AS n FROM responses GROUP BY 1 ORDER BY 1")
    times = db.rows("SELECT CAST(answered_at AS VARCHAR) AS at FROM responses ORDER BY line_no")
print(json.dumps([months, times, receipt.first_day, receipt.last_day]))
"""


@pytest.mark.promise("D05", "S12")
def test_D05_S12_the_month_of_an_answer_does_not_depend_on_the_servers_zone(tmp_path, tell):
    zoned = (
        "2026-03-01T00:30:00+02:00",  # still February in UTC, March in Berlin
        "2026-02-28T23:30:00-05:00",
        "2026-03-29 02:30:00",  # an hour Berlin skips
        "2026-10-25T02:30:00+01:00",  # an hour Berlin has twice
        "2026-03-31T23:30:00Z",
    )
    path = tmp_path / "a.csv"
    rows = "".join(f"R{n},C1,{at},9,x\n" for n, at in enumerate(zoned))
    path.write_text(SURVEY_HEAD + rows)
    mapping = survey_map('time_zone = "Europe/Berlin"\n').to_toml()
    seen = set()
    zones = ("UTC", "America/New_York", "Asia/Kolkata")
    for at, zone in enumerate(zones):
        told = subprocess.run(
            [sys.executable, "-c", SHOW, tmp_path / f"{at}.db", path, mapping],
            env={**os.environ, "TZ": zone, "PYTHONPATH": str(ROOT)},
            check=True,
            capture_output=True,
            text=True,
            timeout=120,
        )
        seen.add(told.stdout)
    (only,) = seen
    months, times, *_ = json.loads(only)
    assert [row["at"] for row in times] == [
        "2026-02-28 23:30:00",
        "2026-03-01 05:30:00",
        "2026-03-29 02:30:00",
        "2026-10-25 02:30:00",
        "2026-04-01 01:30:00",
    ]
    assert {row["month"]: row["n"] for row in months} == {
        "2026-02": 1,
        "2026-03": 2,
        "2026-04": 1,
        "2026-10": 1,
    }
    tell("time zones of the server tried", len(zones))


@pytest.mark.promise("D05")
def test_D05_times_with_and_without_an_offset_are_asked_about(db):
    proposal = intake.inspect(FILES / "date_timezones.csv")
    assert "time_zone" in [question.id for question in proposal.questions]
    assert not proposal.ready


@pytest.mark.promise("D07")
@pytest.mark.parametrize("name", ["date_epoch.csv", "date_excel_serial.csv"])
def test_D07_numbers_that_may_be_days_are_asked_about(tmp_path, name):
    path = FILES / name
    if name == "date_excel_serial.csv":
        path = tmp_path / name
        days = "".join(f"R{n},C{n},{46_000 + n},9,5,web,SMB,x\n" for n in range(20))
        path.write_text(
            "response_id,customer_id,submitted_at,nps,csat,channel,segment,comment\n" + days
        )
    proposal = intake.inspect(path)
    assert not proposal.ready
    assert "dates:submitted_at" in [question.id for question in proposal.questions]


@pytest.mark.promise("D07")
@pytest.mark.parametrize(
    ("order", "text"),
    [("excel", "46023"), ("epoch_s", "1767225600"), ("epoch_ms", "1767225600000")],
)
def test_D07_once_told_the_day_is_exact(db, tmp_path, order, text):
    mapping = survey_map()
    column = intake.ColumnSpec("at", dates=order)
    load(
        db,
        tmp_path,
        f"{SURVEY_HEAD}R1,C1,{text},9,x\n",
        mapping.with_columns({"answered_at": column}),
    )
    assert value(db, "SELECT answered_at FROM responses").date() == date(2026, 1, 1)
