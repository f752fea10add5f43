"""Lines of questions become rows of responses, columns of months rows of months; none is lost."""

import pytest

from cxdash.intake import Mapping
from cxdash.intake.reading.staging import STAGED, stage
from cxdash.intake.reading.table import open_table
from cxdash.intake.shaping import gathered, questions_in, reshape
from cxdash.store import scratch

LONG = """
kind = "responses"
[long]
row = ["rid"]
question = "q"
answer = "a"
value = "n"
[columns]
response_id = "rid"
customer_id = "who"
[[scores]]
item = "nps"
column = "Recommend?"
variant = "nps.0-10"
[[comments]]
item = "why"
column = "Why?"
[[choices]]
item = "liked"
column = "Liked?"
separator = ";"
"""
LINES = """
q,rid,who,a,n
Recommend?,R1,C1,likely,9
Why?,R1,C1,fast,
Liked?,R1,C1,Price,
Liked?,R1,C1,Support,
Recommend?,R2,C2,unlikely,2
Recommend?,R2,C2,likely,9
Why?,,C3,nobody,
,R3,C3,what,
Recommend?,R4,C4,,7
Why?,R4,C5,other,
too,short
Unmapped,R1,C1,x,
"""
MONTHS = """
kind = "revenue"
key = ["customer", "(month)"]
[months]
"2026-01" = "2026-01-01"
"2026-02" = "2026-02-01"
[columns]
customer_id = "customer"
dated = "(month)"
amount = "(amount)"
"""
WIDE = """
customer,2026-01,2026-02,Total
C1,10,20,30
C2,,5,5
C3,,-,0
C4,1
"""


def shaped(tmp_path, text, mapping):
    path = tmp_path / "file.csv"
    path.write_text(text.lstrip(), encoding="utf-8")
    table = open_table(path)
    wanted = Mapping.from_toml(mapping)
    with scratch() as cur:
        read = stage(cur, table, wanted.sources)
        after = reshape(cur, table, wanted)
        rows = cur.execute(f"SELECT * FROM {STAGED} ORDER BY line_no, 4, 5").fetchall()
        return read, after, rows


def test_lines_of_a_response_become_one_row_and_no_line_is_lost(tmp_path):
    read, table, rows = shaped(tmp_path, LINES, LONG)
    assert read == 12
    assert table.header == ("q", "rid", "who", "Recommend?", "Why?", "Liked?")
    found = {row[0]: (row[1], row[4:]) for row in rows}
    assert found[2] == (None, ("R1", "C1", "9", "fast", "Price;Support"))
    assert found[6][0] == "one response gives different answers to 'Recommend?'"
    assert found[8][0] == "the line does not say which response it belongs to"
    assert found[9][0] == "the line does not say which question it answers"
    assert found[10][0] == "the lines of one response differ in who"
    assert found[12][0] == "the row has 2 cells, the header has 5"
    assert len(rows) == 6


def test_questions_with_several_answers_are_found(tmp_path):
    path = tmp_path / "file.csv"
    path.write_text(LINES.lstrip(), encoding="utf-8")
    table = open_table(path)
    with scratch() as cur:
        stage(cur, table)
        long = Mapping.from_toml(LONG).long
        assert gathered(cur, table, long) == {"Liked?", "Recommend?"}
        assert questions_in(cur, table, "q", 5) == ("Recommend?", "Why?", "Liked?", "Unmapped")
        assert questions_in(cur, table, "q", 3) == ()


def test_each_month_with_an_amount_becomes_a_row_and_a_line_without_one_is_told(tmp_path):
    read, table, rows = shaped(tmp_path, WIDE, MONTHS)
    assert read == 4
    assert table.header == ("customer", "(month)", "(amount)")
    assert [(row[0], row[1], *row[3:]) for row in rows] == [
        (2, None, "C1", "2026-01-01", "10"),
        (2, None, "C1", "2026-02-01", "20"),
        (3, None, "C2", "2026-02-01", "5"),
        (4, "no month of the line holds an amount", "C3", None, None),
        (5, "the row has 2 cells, the header has 4", "", None, None),
    ]


@pytest.mark.parametrize("text", ["customer,amount\nC1,5\n"])
def test_an_ordinary_file_is_left_as_it_is(tmp_path, text):
    mapping = 'kind = "revenue"\n[columns]\ncustomer_id = "customer"\namount = "amount"'
    _, table, rows = shaped(tmp_path, text, mapping)
    assert table.header == ("customer", "amount")
    assert rows == [(2, None, None, "C1", "5")]
