"""A mapping is kept as TOML and says what is wrong with it."""

import pytest

from cxdash.errors import UsageError
from cxdash.intake import Mapping

from .conftest import CUSTOMERS, REVENUE, SURVEY


@pytest.mark.parametrize("text", [SURVEY, REVENUE, CUSTOMERS])
def test_toml_and_back(text):
    mapping = Mapping.from_toml(text)
    assert Mapping.from_toml(mapping.to_toml()) == mapping


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("kind = ", "not valid TOML"),
        ('kind = "suveys"', "kind 'suveys' is unknown"),
        ("completeness = 'all'", "has no kind"),
        ('kind = "revenue"\ncolour = "red"', "'colour' is not a part of a mapping"),
        ('kind = "revenue"\n[columns]\nincome = "x"', "'income' is not a column of revenue"),
        ('kind = "revenue"\n[columns]\namount = { column = "x", dates = "dym" }', "Allowed"),
        ('kind = "revenue"\n[constants]\ncurrency = "euros"', "three-letter code"),
        ('kind = "revenue"\naliases = ["mail"]', "aliases belong to customers"),
        (SURVEY.replace("nps.0-10", "nps.0-9"), "variant 'nps.0-9' is unknown"),
        (SURVEY.replace('"nps.0-10"', '"nps.0-10"\nscale_high = 9'), "scale 0 to 9 does not fit"),
        (SURVEY.replace('"nps.0-10"', '"nps.0-10"\nvalues = { top = 11 }'), "outside the scale"),
    ],
)
def test_what_is_wrong_is_said(text, said):
    with pytest.raises(UsageError, match=said.replace("(", "\\(")):
        Mapping.from_toml(text)


def test_what_is_missing_is_known():
    assert Mapping.from_toml('kind = "revenue"').missing() == (
        "amount",
        "currency",
        "revenue_kind",
        "customer_id",
        "dated",
    )
    assert "dated" not in Mapping.from_toml('kind = "revenue"\n[columns]\norder_id = "o"').missing()
