"""Names in free text, as far as they can be told from other words."""

import pytest

from cxdash.privacy.names import Names

KNOWN = Names(["Acme Ltd", "Orange"], ["Ann Lee", "Account desk 01"])


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Acme Ltd was billed twice", "[name] was billed twice"),
        ("ACME LTD was billed twice", "[name] was billed twice"),
        ("Orange never called, an orange box came", "[name] never called, an orange box came"),
        ("Ann was kind, so was Lee", "[name] was kind, so was [name]"),
        ("the account desk 01 is slow", "the [name] is slow"),
        ("Herr Müller war nett", "Herr [name] war nett"),
        ("Frau Dr. Schön half", "Frau Dr. [name] half"),
        ("Sra. García no llamó", "Sra. [name] no llamó"),
        ("my name is Peter Smith", "my name is [name]"),
        ("obrigada Ana pela ajuda", "obrigada [name] pela ajuda"),
        ("write to a.b@example.com or +49 170 1234567", "write to [e-mail] or [phone number]"),
    ],
)
def test_what_gives_itself_away_is_masked(said, shown):
    assert KNOWN.masked(said) == shown


@pytest.mark.parametrize(
    "said", ["This is a shame", "Thank you very much", "the desk is slow", "merci à vous", ""]
)
def test_other_words_stay(said):
    assert KNOWN.masked(said) == said


def test_without_known_names_titles_still_give_them_away():
    assert Names([], []).masked("Mrs O'Neill-Jones and Tom") == "Mrs [name] and Tom"


def test_parts_of_the_names_of_staff_are_no_theme_words():
    assert KNOWN.of_staff == {"ann", "lee", "account"}
