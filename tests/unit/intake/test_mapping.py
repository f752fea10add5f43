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
        ('kind = "revenue"\nsource = 3', "source must be a text in quotes"),
        ('kind = "revenue"\nkey = "id"', "key must be a list of texts"),
        ('kind = "revenue"\nreject = [3]', "each of reject must be a table"),
        ('kind = "revenue"\n[[reject]]\nvalues = 3', "reject.values must be a list of texts"),
        ('kind = "revenue"\n[[reject]]\nvalues = []', "reject lacks column and reason"),
        ('kind = "revenue"\n[file]\nheader_row = "x"', "header_row must be a whole number"),
        ('kind = "revenue"\n[constants]\ncurrency = ["USD"]', "one value for each name"),
        ('kind = "revenue"\n[columns]\namount = 3', "must be a column name or a table"),
        ('kind = "revenue"\n[columns]\namount = { decimal = "." }', "columns.amount lacks column"),
        ('kind = "revenue"\n[columns.dated]\ncolumn = "d"\nvalues = 3', "one value for each"),
        (SURVEY.replace('"nps.0-10"', '"nps.0-10"\nvalues = 3'), "one value for each name"),
        (
            SURVEY.replace('"nps.0-10"', '"nps.0-10"\nvalues = { a = "b" }'),
            "a number for each word",
        ),
        (SURVEY.replace('"nps.0-10"', '"nps.0-10"\nhigh_is_good = "no"'), "must be true or false"),
        (SURVEY.replace('"nps.0-10"', '"nps.0-10"\nscale_low = "a"'), "must be a number, not 'a'"),
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
