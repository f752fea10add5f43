"""Comments that say a mark was asked for."""

import tomllib
from importlib import resources

import pytest

from cxdash.stats.begging import begs

ASKED = [
    "The agent asked me to please give full marks.",
    "I was told that only a 5 counts, so here is a 5.",
    "They said anything below 5 hurts them. Fine, 5.",
    "he told us to rate 10 out of 10",
    "She begged for a ten",
    "His bonus depends on this survey",
    "was pressured to give a high score",
    "He asked me for 5 stars",
    "Der Mitarbeiter hat mich gebeten, eine 10 zu geben",
    "Ich wurde gebeten, die volle Punktzahl zu geben",
    "Nur eine 10 zählt, hat er gesagt",
    "On m’a demandé de mettre la note maximale",
    "Le conseiller m'a prié de donner un 10",
    "Me pidió que le diera un 10",
    "Me pidieron dar la máxima nota",
    "Pediram para eu dar nota 10",
    "Mi ha chiesto di dare un 10",
    "De medewerker vroeg mij een 10 te geven",
    "Poprosił mnie o najwyższą ocenę",
    "Han bad mig ge högsta betyg",
]
NOT_ASKED = [
    "A well earned 10!",
    "Excellent service, 10/10",
    "I would give 10 out of 10",
    "want to give 10 because great",
    "Quick and friendly.",
    "I had to explain it all again.",
    "I asked for a refund 5 times",
    "They told me to wait 10 minutes",
    "asked me for my customer number 5 times",
    "they said everything below the line was fine",
    "told us the outage would be below an hour",
    "told me 5 different things",
    "told us to leave 10 minutes earlier",
    "I asked for 10 seats and got 8",
    "Ich habe 10 Tage gewartet",
    "Ils m'ont demandé 5 fois mon numéro",
    "Me pidieron 5 veces mi número",
    "Ze vroeg 5 keer om mijn nummer",
    "Prosiłem 5 razy",
    "",
]


@pytest.mark.parametrize("text", ASKED)
def test_asking_for_a_mark_is_found(text):
    assert begs([text]).all()


@pytest.mark.parametrize("text", NOT_ASKED)
def test_praise_and_other_requests_are_not_taken_for_it(text):
    assert not begs([text]).any()


def test_every_language_has_an_example_here():
    phrases = resources.files("cxdash.stats") / "begging.toml"
    assert len(tomllib.loads(phrases.read_text(encoding="utf-8"))) == 9


def test_a_very_long_comment_is_read_in_no_time():
    assert not begs(["asked me to " * 100_000]).any()
