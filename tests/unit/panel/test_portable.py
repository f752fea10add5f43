"""The panel's SQL stays inside the small common language that other engines share."""

import re
from importlib import resources

import pytest

FILES = sorted(
    entry.name
    for entry in (resources.files("cxdash.panel") / "sql").iterdir()
    if entry.name.endswith(".sql")
)
BANNED = [
    r"\basof\b",
    r"\bqualify\b",
    r"\bignore nulls\b",
    r"\bmedian\s*\(",
    r"\bmode\s*\(",
    r"\bapprox_",
    r"\bstring_agg\b",
    r"\blistagg\b",
    r"\bgenerate_series\b",
    r"\bunnest\b",
    r"\brange\s*\(",
    r"\badd_months\b",
    r"\bdatediff\b",
    r"\bdate_diff\b",
    r"\bregexp",
    r"\bgroup by all\b",
    r"\bpivot\b",
    r"\btablesample\b",
    r"\bmax_by\b",
    r"\bany_value\b",
    r"\bavg\s*\(",
    r"::",
    r"\bstrftime\b",
    r"\bepoch\b",
    r"\blist\s*\(",
    r"\bselect \*",
]


@pytest.mark.parametrize("name", FILES)
def test_no_construct_outside_the_common_language(name):
    text = (resources.files("cxdash.panel") / "sql" / name).read_text(encoding="utf-8").lower()
    found = [pattern for pattern in BANNED if re.search(pattern, text)]
    assert not found


def test_there_are_relations_to_check():
    assert {"customer_months.sql", "window_rows.sql", "window_answers.sql"} <= set(FILES)
