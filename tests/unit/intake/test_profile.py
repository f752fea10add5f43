"""What columns hold is counted over all rows, the same however many columns at a time."""

import pytest

from cxdash.intake.reading.staging import stage
from cxdash.intake.reading.table import open_table
from cxdash.intake.recognition import profile
from cxdash.store import scratch

TEXT = """id,empty,score,when,money,mixed
a, ,5,13/02/2026,"1.234,50",n/a
b,,,01/02/2026,"2,5",x
c,,10,01/02/2026 10:30,7,X
d,,5,31/01/2026,"-3,25",x
e,too,short
"""


def shapes(tmp_path, text=TEXT):
    path = tmp_path / "file.csv"
    path.write_text(text, encoding="utf-8")
    table = open_table(path)
    with scratch() as connection:
        stage(connection, table)
        return {shape.name: shape for shape in profile.profile(connection, table)}


def test_cells_are_counted_by_what_they_look_like(tmp_path):
    found = shapes(tmp_path)
    score = found["score"]
    assert (score.rows, score.filled, score.distinct) == (4, 3, 2)
    assert (score.low, score.high) == (5, 10)
    assert score.values == {"10": 1, "5": 2}
    assert score.samples == ("5", "10")
    assert found["id"].is_unique
    when = found["when"].counts
    assert (when["dmy"], when["first_over_12"], when["second_over_12"], when["timed"]) == (
        4,
        2,
        0,
        1,
    )
    money = found["money"].counts
    assert (money["number_comma"], money["only_comma"], money["separated"]) == (4, 3, 0)
    assert found["mixed"].values == {"X": 1, "n/a": 1, "x": 2}
    assert (found["mixed"].filled, found["mixed"].distinct) == (3, 2)


def test_an_empty_column_has_no_values(tmp_path):
    empty = shapes(tmp_path)["empty"]
    assert (empty.rows, empty.filled, empty.distinct, empty.low, empty.high) == (
        4,
        0,
        0,
        None,
        None,
    )
    assert (empty.values, empty.samples) == ({}, ())
    assert not empty.is_date
    assert not empty.is_unique


def test_many_values_are_counted_but_not_listed(tmp_path):
    text = "id,n\n" + "".join(f"R{n},{n % 50}\n" for n in range(200))
    column = shapes(tmp_path, text)["n"]
    assert (column.distinct, column.values) == (50, None)
    assert column.samples == ("0", "1", "2", "3", "4")


@pytest.mark.parametrize("cells", [1, 10, 10**9])
def test_the_number_of_columns_counted_at_a_time_changes_nothing(tmp_path, monkeypatch, cells):
    whole = shapes(tmp_path)
    monkeypatch.setattr(profile, "_CELLS_AT_ONCE", cells)
    assert shapes(tmp_path) == whole


class Counting:
    """A connection that counts what it is asked."""

    def __init__(self, connection):
        self.connection = connection
        self.asked = 0

    def execute(self, *question):
        self.asked += 1
        return self.connection.execute(*question)


def test_three_hundred_columns_do_not_take_three_hundred_queries(tmp_path):
    path = tmp_path / "file.csv"
    row = ",".join(["5"] * 300)
    path.write_text(",".join(f"q{n}" for n in range(300)) + f"\n{row}\n" * 20)
    table = open_table(path)
    with scratch() as connection:
        stage(connection, table)
        counting = Counting(connection)
        found = profile.profile(counting, table)
    assert [shape.values for shape in found] == [{"5": 20}] * 300
    assert counting.asked < 10
