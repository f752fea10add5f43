"""What people wrote is told from what they chose by the header and the length, not by numbers."""

import pytest

from cxdash import intake


@pytest.fixture
def comments(tmp_path):
    def run(header, cells, rows):
        path = tmp_path / "survey.csv"
        lines = [
            f'R{n},C{n % 97},2026-0{n % 9 + 1}-0{n % 8 + 1},{n % 11},"{cells[n % len(cells)]}"'
            for n in range(rows)
        ]
        head = f'Response ID,Customer,Submitted at,NPS,"{header}"'
        path.write_text("\n".join([head, *lines]) + "\n")
        return [one.column for one in intake.inspect(path).mapping.comments]

    return run


SAME = ("nothing", "nothing", "be faster", "nothing")
SENTENCES = ("the delivery came a week late", "nothing to complain about, thank you")


@pytest.mark.parametrize(
    ("header", "cells", "rows"),
    [
        ("What could we do better?", SAME, 8),
        ("Rating comments", SAME, 8),
        ("Customer feedback", SENTENCES, 200),
        ("Why?", ("x", "y"), 200),
    ],
)
def test_few_distinct_cells_below_words_of_a_comment_are_a_comment(comments, header, cells, rows):
    assert comments(header, cells, rows) == [header]


@pytest.mark.parametrize(
    ("header", "cells", "rows"),
    [
        ("What could we do better?", ("price", "speed", "support"), 200),
        ("Reason for contact", ("billing", "technical", "billing"), 8),
        ("Feedback channel", ("mail", "phone", "mail"), 8),
        ("Please tell us that you agree to be called back", ("I agree",), 8),
        ("Please describe how satisfied you are", ("satisfied", "very satisfied"), 8),
    ],
)
def test_chosen_answers_are_no_comment(comments, header, cells, rows):
    assert comments(header, cells, rows) == []
