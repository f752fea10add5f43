"""The language of short comments: told with the help of all the others, never guessed."""

import numpy as np
import pytest

from cxdash.stats.languages import SUPPORTED, UNTOLD, languages_of, words_in

SAID = {
    "en": ("The delivery was late again", "Support never called me back", "Too expensive for us"),
    "de": ("Die Lieferung kam zu spät", "Der Kundenservice war schrecklich", "Viel zu teuer"),
    "es": ("El pedido llegó tarde otra vez", "Muy mala atención al cliente", "Me gusta mucho"),
    "fr": ("La livraison était en retard", "Personne ne répond au téléphone"),
    "it": ("La consegna è arrivata tardi", "Nessuno risponde al telefono"),
    "nl": ("De klantenservice is erg slecht", "Niemand neemt de telefoon op"),
    "pt": ("O produto ainda não chegou", "Entrega muito rápida, recomendo a loja"),
}
FOREIGN = ("Bardzo zły kontakt z obsługą", "Müşteri hizmetleri çok kötü", "Mycket dålig kundtjänst")


@pytest.mark.parametrize("language", SAID)
def test_sentences_of_each_supported_language_are_told(language):
    assert language in SUPPORTED
    assert list(languages_of(SAID[language])) == [language] * len(SAID[language])


def test_one_word_or_two_are_never_guessed_at():
    assert list(languages_of(["good", "Muito bom", "", "12345 678", "ok!!! :)"])) == [UNTOLD] * 5


def test_another_language_is_never_taken_for_a_supported_one():
    assert not set(languages_of(FOREIGN)) & set(SUPPORTED)


def test_a_few_words_are_told_from_what_the_others_are_written_in():
    """Taken alone, such words could be Galician or Spanish as well."""
    short = ["Recomendo a loja", "Entrega no prazo", "Chegou tudo certo"]
    among = languages_of([*SAID["pt"] * 100, *short])[-3:]
    assert list(among) == ["pt"] * 3
    assert list(languages_of(["Recomendo a loja"])) != ["pt"]


def test_the_few_who_write_in_another_language_are_not_swallowed():
    others = [*SAID["de"], *SAID["fr"]]
    found = languages_of([*SAID["pt"] * 300, *others])[-len(others) :]
    assert list(found) == ["de"] * 3 + ["fr"] * 2


def test_nothing_to_read_gives_nothing():
    assert languages_of([]).shape == (0,)
    assert isinstance(languages_of(["a b"]), np.ndarray)


def test_an_apostrophe_stands_inside_a_word_and_numbers_are_none():
    assert words_in("l'ordre n°12 isn't here_now") == ["l'ordre", "n", "isn't", "here", "now"]
