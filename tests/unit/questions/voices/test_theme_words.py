"""The words of a theme that a person named."""

import pytest

from cxdash.questions.voices.theme import words_of


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("Delivery, late parcel", ("delivery", "late parcel")),
        ("deliver*; Não\nGRÖSSE", ("deliver*", "nao", "grosse")),
        (" , ;\n", ()),
        ("same, Same, SAME", ("same",)),
        ("a.b (c)", ("a b c",)),
    ],
)
def test_words_and_phrases_are_parted_and_made_plain(typed, words):
    assert words_of(typed) == words
