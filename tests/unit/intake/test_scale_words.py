"""A question about answers in words shows the words of the file, and the ends only if it must."""

import pytest

from cxdash import intake


@pytest.fixture
def asked(tmp_path):
    def run(*words):
        path = tmp_path / "survey.csv"
        rows = [f"R{n},C{n},2026-03-{n + 1:02},{word}" for n, word in enumerate(words * 4)]
        head = "Response ID,Customer,Submitted at,How satisfied are you with us?"
        path.write_text("\n".join([head, *rows]) + "\n")
        proposal = intake.inspect(path)
        (question,) = [one for one in proposal.questions if one.id.startswith("scale:")]
        return question.text, proposal.mapping.scores[0].values

    return run


def test_only_words_that_stand_in_the_file_are_shown(asked):
    text, values = asked("Very satisfied", "Neutral", "Very dissatisfied")
    assert "Its answers are words: 'very dissatisfied' is 1, 'neutral' is 3, " in text
    assert "'very satisfied' is 5." in text
    assert "unsatisfied" not in text.replace("dissatisfied", "")
    assert "No cell says so" not in text
    assert ("dissatisfied", 2.0) in values, "a word nobody said this time is known next time"


def test_an_end_of_the_scale_that_nobody_chose_is_named(asked):
    text, _ = asked("Satisfied", "Dissatisfied")
    assert "'dissatisfied' is 2, 'satisfied' is 4." in text
    assert "No cell says so, but 1 would be 'very dissatisfied' and 5 would be" in text
    assert asked("Very satisfied", "Dissatisfied")[0].count("would be") == 1
