"""The doctor finds what is wrong, says what to do, and finds nothing in a sound database."""

import json

import duckdb
import pytest

from cxdash import upkeep
from cxdash.store import Database, space

BREAK = {
    "rows": "DELETE FROM raw_rows WHERE import_id = 2 AND line_no = 9",
    "versions": "INSERT INTO customers SELECT * FROM customers WHERE customer_id = 'C-7'",
    "lineage": "UPDATE revenue SET import_id = 99 WHERE line_no = 9",
    "orphans": "DELETE FROM responses WHERE line_no = 9",
    "money": "UPDATE revenue SET amount = amount + 0.01 WHERE line_no = 9",
}


def by_code(diagnosis):
    return {finding.code: finding for finding in diagnosis.findings}


def test_a_sound_database_is_called_well(db):
    upkeep.backup(db)
    found = upkeep.examined(db)
    assert found.healthy
    assert [f.code for f in found.findings if f.severity != "fine"] == []
    assert found.sentence == "The database is well."
    assert json.loads(json.dumps(found.to_json()))["healthy"]


@pytest.mark.parametrize("code", BREAK)
def test_a_broken_rule_is_found_and_explained(db, code):
    with db.writing() as cur:
        cur.execute(BREAK[code])
    found = upkeep.examined(db)
    assert not found.healthy
    finding = by_code(found)[code]
    assert finding.severity == "bad"
    assert finding.sentence
    assert "Restore" in finding.do_next
    assert "problem" in found.sentence


def test_the_sentence_names_import_currency_and_both_sums(db):
    with db.writing() as cur:
        cur.execute(BREAK["money"])
    sentence = by_code(upkeep.examined(db))["money"].sentence
    assert sentence.startswith("Money differs from the receipt of import 2 (USD: ")


def test_what_is_only_worth_knowing_leaves_the_database_well(db, monkeypatch):
    with db.writing() as cur:
        cur.execute("UPDATE responses SET answered_at = TIMESTAMP '2200-01-01' WHERE line_no = 9")
    db.place.file.chmod(0o644)
    db.place.file.parent.chmod(0o755)
    monkeypatch.setattr(space, "free", lambda _folder: 1 << 20)
    found = upkeep.examined(db)
    hints = {f.code for f in found.findings if f.severity == "hint"}
    assert hints == {"days", "rights", "room", "backups"}
    assert all(f.do_next for f in found.findings if f.severity == "hint")
    assert found.healthy
    assert found.sentence == "The database is well; 4 things worth knowing."


def test_a_file_mostly_empty_is_said(db):
    with db.writing() as cur:
        cur.execute(
            "CREATE TABLE big AS SELECT md5(CAST(n AS VARCHAR)) AS h FROM range(1000000) AS r(n)"
        )
    with db.writing() as cur:
        cur.execute("DROP TABLE big")
    assert by_code(upkeep.examined(db))["size"].do_next.endswith("`python -m cxdash compact`.")


def test_a_file_that_cannot_be_opened_is_a_finding(tmp_path):
    path = tmp_path / "company.duckdb"
    path.write_text("something else")
    found = upkeep.doctor(path)
    assert not found.healthy
    assert [f.code for f in found.findings] == ["file"]


def test_a_file_another_program_changed_is_refused_until_somebody_accepts_it(db):
    path = db.path
    db.close()
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE revenue SET amount = 1")
    found = upkeep.doctor(path)
    assert not found.healthy
    assert "another program changed it" in found.findings[0].sentence
    assert "--accept" in found.findings[0].do_next
    upkeep.accept(path)
    found = upkeep.doctor(path)
    assert by_code(found)["file"].severity == "fine"
    assert by_code(found)["money"].severity == "bad"
    with Database(path) as again:
        assert not again.loss
