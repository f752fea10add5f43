"""A table as a file: every row and digit, and nothing a spreadsheet would run."""

import csv
import io

import pytest

from cxdash.faces.exports import csv_of


def read(rows):
    return list(csv.DictReader(io.StringIO(csv_of(rows))))


@pytest.mark.parametrize(
    "evil", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1"]
)
def test_no_text_becomes_a_formula(evil):
    (row,) = read([{"customer_id": evil, evil: 1}])
    assert row["customer_id"] == f"'{evil}"
    assert f"'{evil}" in row


def test_figures_keep_every_digit_and_their_sign():
    (row,) = read([{"effect": -0.0211234567890123, "n": 12}])
    assert float(row["effect"]) == -0.0211234567890123
    assert row["n"] == "12"


def test_customer_numbers_stay_text_and_unknown_stays_empty():
    (row,) = read([{"customer_id": "010001", "revenue": None, "flagged": True}])
    assert row == {"customer_id": "010001", "revenue": "", "flagged": "yes"}


def test_rows_with_different_columns_share_one_header():
    rows = read([{"a": 1}, {"b": 2}])
    assert rows == [{"a": "1", "b": ""}, {"a": "", "b": "2"}]
