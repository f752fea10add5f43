"""A mapping is kept as TOML and says what is wrong with it."""

import re

import pytest
from plain_layouts import REVENUE, SURVEY

from cxdash import intake
from cxdash.errors import UsageError
from cxdash.intake import Mapping, item_name

from .conftest import CUSTOMERS

LONG = """
kind = "responses"
[long]
row = ["rid"]
question = "q"
answer = "a"
value = "n"
[columns]
customer_id = "who"
answered_at = "at"
[[scores]]
item = "nps"
column = "How likely are you to recommend us?"
variant = "nps.0-10"
label = "How likely are you to recommend us?"
[[choices]]
item = "liked"
column = "What do you like?"
separator = ";"
[[choices]]
item = "used"
[choices.columns]
Q3_1 = "Phone"
Q3_2 = "Chat"
"""
MONTHS = """
kind = "revenue"
key = ["customer", "(month)"]
[months]
"Jan 2026" = "2026-01-01"
"Feb 2026" = "2026-02-01"
[columns]
customer_id = "customer"
dated = "(month)"
amount = "(amount)"
[constants]
currency = "EUR"
revenue_kind = "recurring"
"""
FIXED = 'kind = "revenue"\n[file]\nheader = "none"\nfixed_width = [0, 6, 12]'


@pytest.mark.parametrize("text", [SURVEY, REVENUE, CUSTOMERS, LONG, MONTHS, FIXED])
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
        ('kind = "revenue"\n[columns]\namount = { column = 5 }', "columns.amount.column must be"),
        ('kind = "revenue"\n[columns]\namount = ""', "columns.amount names no column"),
        ('kind = "revenue"\n[file]\ndelimiter = ";;"', "file.delimiter = ';;'"),
        ('kind = "revenue"\n[file]\ndelimiter = "\\n"', "file.delimiter = "),
        ('kind = "revenue"\n[file]\nheader_row = -1', "file.header_row = -1"),
        ('kind = "revenue"\n[file]\nheader_rows = 99', "file.header_rows = 99"),
        ('kind = "revenue"\n[constants]\ndated = "soon"', "constants.dated = 'soon'"),
        ('kind = "revenue"\n[constants]\ndated = "20260305"', "constants.dated = "),
        ('kind = "revenue"\n[constants]\namount = "abc"', "constants.amount = 'abc'"),
        ('kind = "revenue"\n[constants]\ncustomer_id = " "', "constants.customer_id = ' '"),
        ('kind = "contacts"\n[constants]\nresolved_first = "si"', "constants.resolved_first = "),
        ('kind = "revenue"\nsource = "a\\u0000b"', "character that cannot be seen"),
        ('kind = "revenue"\n[file]\nheader = "no"', "file.header = 'no'"),
        ('kind = "revenue"\n[file]\nfixed_width = [3, 1]', "file.fixed_width = [3, 1]"),
        ('kind = "revenue"\n[file]\nfixed_width = ["a"]', "a list of whole numbers"),
        (LONG.replace('row = ["rid"]', "row = []"), "long.row names no column"),
        (LONG.replace('question = "q"', 'question = ""'), "the question and of the answer"),
        (LONG.replace('separator = ";"', ""), "choices.separator is missing"),
        (LONG.replace('column = "What do you like?"', ""), "choices name no column"),
        (MONTHS.replace("2026-02-01", "2026-02"), "months.Feb 2026 = '2026-02'"),
        (MONTHS.replace('dated = "(month)"', 'dated = "at"'), "columns.dated must be '(month)'"),
        (MONTHS.replace('"revenue"', '"contacts"', 1), "is not a column of contacts"),
        (SURVEY.replace('item = "nps"', 'item = ""'), "scores.item = ''"),
        (SURVEY.replace('item = "nps"', 'item = "Ease\\nof use"'), "for example 'Ease of use'"),
        (SURVEY.replace('item = "nps"', 'item = "1\\\\5 stars"'), "for example '1/5 stars'"),
        (SURVEY.replace('item = "nps"', 'item = "a\\u202eb"'), "scores.item"),
        (SURVEY.replace('item = "nps"', f'item = "{"x" * 81}"'), "at most 80 characters"),
        (SURVEY.replace('item = "comment"', 'item = "a\\tb"'), "comments.item"),
        (SURVEY.replace('column = "nps"', 'column = ""'), "scores.column names no column"),
        (SURVEY.replace('column = "comment"', 'column = ""'), "comments.column names no column"),
        (SURVEY.replace("nps.0-10", "nps.0-9"), "variant 'nps.0-9' is unknown"),
        (SURVEY.replace('"nps.0-10"', '"nps.0-10"\nscale_high = 9'), "scale 0 to 9 does not fit"),
        (SURVEY.replace('"nps.0-10"', '"nps.0-10"\nvalues = { top = 11 }'), "outside the scale"),
    ],
)
def test_what_is_wrong_is_said(text, said):
    with pytest.raises(UsageError, match=re.escape(said)):
        Mapping.from_toml(text)


@pytest.mark.parametrize(
    "text",
    [
        "Ease\nof use",
        "1\\5 stars",
        "\x00",
        "a\u2028b\u202ec",
        "x" * 200,
        "y" * 79 + " z",
        "\ud800",
        "",
    ],
)
def test_any_text_becomes_a_name_an_item_may_have(text):
    name = item_name(text)
    assert item_name(name) == name
    spec = f"[[scores]]\nitem = '{name}'\ncolumn = 'c'\nvariant = 'nps.0-10'"
    assert Mapping.from_toml(f"kind = 'responses'\n{spec}").scores[0].item == name


def test_a_mapping_of_old_that_would_be_refused_today_is_not_proposed_again(db, load):
    load("id,customer,at,nps,comment\nR1,C1,2026-01-05,9,", SURVEY, "one.csv")
    assert [seen.file_name for seen in intake.remembered(db)] == ["one.csv"]
    with db.writing() as cur:
        cur.execute("UPDATE imports SET mapping = replace(mapping, 'item = \"nps', 'item = \"')")
    assert intake.remembered(db) == ()


def test_a_mapping_tells_the_columns_of_the_file_from_those_a_row_will_have():
    long = Mapping.from_toml(LONG)
    assert set(long.sources) == {"rid", "who", "at", "q", "a", "n"}
    assert set(long.cells) == {
        *("rid", "who", "at", "How likely are you to recommend us?"),
        *("What do you like?", "Q3_1", "Q3_2"),
    }
    months = Mapping.from_toml(MONTHS)
    assert set(months.sources) == {"customer", "Jan 2026", "Feb 2026"}
    assert set(months.cells) == {"customer", "(month)", "(amount)"}
    assert Mapping.from_toml(SURVEY).cells == Mapping.from_toml(SURVEY).sources


def test_what_is_missing_is_known():
    assert Mapping.from_toml('kind = "revenue"').missing() == (
        "amount",
        "currency",
        "revenue_kind",
        "customer_id",
        "dated",
    )
    assert "dated" not in Mapping.from_toml('kind = "revenue"\n[columns]\norder_id = "o"').missing()
