"""Correcting what a column is used for gives a mapping that can be kept and asked about."""

import pytest

from cxdash.faces.web import uses
from cxdash.intake import Mapping

COLUMNS = ["How likely?\n(0-10)", "How likely? \\ (0-10)", "x" * 300, "x" * 300 + "y", "\t"]
RATING = "score:nps.0-10"


def test_columns_of_any_name_become_ratings_with_names_of_their_own():
    mapping = Mapping(kind="responses")
    for column in COLUMNS:
        mapping = uses.with_use(mapping, column, RATING)
    names = [score.item for score in mapping.scores]
    assert len(set(names)) == len(COLUMNS)
    assert names[:2] == ["nps", "How likely? / (0-10)"]
    assert [score.column for score in mapping.scores] == COLUMNS
    assert Mapping.from_toml(mapping.to_toml()) == mapping


@pytest.mark.parametrize("column", COLUMNS)
def test_a_column_of_any_name_becomes_a_comment(column):
    mapping = uses.with_use(Mapping(kind="responses"), column, "comment")
    assert Mapping.from_toml(mapping.to_toml()) == mapping
    assert uses.use_of(mapping, column) == "comment"
