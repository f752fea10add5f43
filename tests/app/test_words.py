"""Headlines: the finding in large type, the rest below it, and nothing lost."""

import pytest

from cxdash.faces.web.words import lead

LONG = (
    "Customers with one extra step on every answer left less often within 6 months than otherwise "
    "equal customers, given the same time as a customer and spend, a difference of 3.0 points"
)


@pytest.mark.parametrize(
    ("sentences", "finding", "rest"),
    [
        ("A is higher than B. By 5 points.", "A is higher than B", "By 5 points."),
        ("Short: told in one line", "Short: told in one line", ""),
        (
            (
                "Cannot tell whether NPS changed: it was 16 (372 people), then 15 (342 people); "
                "the difference lies anywhere."
            ),
            "Cannot tell whether NPS changed",
            "It was 16 (372 people), then 15 (342 people); the difference lies anywhere.",
        ),
        (
            f"{LONG}. No single answer stands out.",
            LONG.split(", given", maxsplit=1)[0],
            (
                "Given the same time as a customer and spend, a difference of 3.0 points. No "
                "single answer stands out."
            ),
        ),
        (
            LONG.replace(", given the same time as a customer and spend", ""),
            LONG.split(", given", maxsplit=1)[0],
            "A difference of 3.0 points.",
        ),
    ],
)
def test_a_long_sentence_is_cut_where_it_reads_on(sentences: str, finding: str, rest: str) -> None:
    assert lead(sentences) == (finding, rest)
