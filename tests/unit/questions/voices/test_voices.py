"""What the question says of comments on companies made by hand."""

import logging

import numpy as np
import pytest

from cxdash import questions, register
from cxdash.errors import UsageError
from cxdash.facts import Scope
from cxdash.privacy import answered
from cxdash.register.kinds.voices import Theme

TOPICS = {
    "delivery": ("delivery", "parcel", "courier"),
    "invoice": ("invoice", "billing", "charged"),
    "support": ("support", "hotline", "agent"),
}


def sentence(topic, rng):
    one, two = rng.choice(TOPICS[topic], 2, replace=False)
    return f"It was about the {one} and then the {two} of yours"


def talk(company, *, customers=240, scored=True, known=True, text=None, seed=1):
    """Customers who wrote thrice; who writes of delivery answers lower and leaves more often."""
    rng = np.random.default_rng(seed)
    for number in range(customers):
        name = f"c{number:04}"
        topic = list(TOPICS)[number % 3]
        company.add("customers", customer_id=name, segment=f"S{number % 2}", row_key=name)
        leaves = rng.random() < (0.75 if topic == "delivery" else 0.1)
        end = f"2025-{rng.integers(2, 13):02}-15" if leaves else None
        company.contract(name, "2023-05-01", end, amount=100 + number)
        for day in ("2024-01-10", "2024-07-10", "2025-01-10"):
            key = f"r{number}-{day}"
            company.add(
                "responses",
                response_id=key,
                customer_id=name if known else None,
                answered_at=f"{day} 12:00",
                survey="wave",
                row_key=key,
            )
            if scored:
                company.add(
                    "scores",
                    item="nps",
                    variant="nps.0-10",
                    value=2 if topic == "delivery" else 9,
                    scale_low=0,
                    scale_high=10,
                    high_is_good=True,
                    row_key=key,
                )
            body = text(number) if text else sentence(topic, rng)
            company.add("comments", item="comment", body=body, row_key=key)
    company.pays("c0001", "2025-12-31", 1)
    return company.db


def ask(db, **scope):
    return questions.ask(db, "voices", Scope(**{"horizon": 3} | scope))


@pytest.fixture(scope="module")
def usual(shared_company):
    """A company whose customers wrote of three things, one of which goes with leaving."""
    return talk(shared_company)


@pytest.fixture(scope="module")
def told(usual):
    return ask(usual)


def test_a_theme_that_goes_with_leaving_is_found_with_its_money(told):
    assert told.status == "answered"
    assert (
        "left more often within 3 months than customers who wrote of other things" in told.headline
    )
    assert "of revenue lost over the next 3 months" in told.headline
    row = next(row for row in told.tables["effects"] if "delivery" in row["label"])
    assert row["low"] > 0
    assert row["money"] < 0
    assert row["money_low"] <= row["money"] <= row["money_high"]
    assert row["grade"] in {"C", "D"}


def test_raw_stands_beside_adjusted_with_ranges_and_counts(told):
    for row in told.tables["effects"]:
        assert row["raw_low"] <= row["raw_effect"] <= row["raw_high"]
        assert row["low"] <= row["effect"] <= row["high"]
        assert row["n"] > 0
        assert row["controls"]
    for theme in {row["theme"] for row in told.tables["effects"]}:
        adjusted, raw = (
            told.fact(f"voices.{theme}.{name}") for name in ("leaving", "leaving_as_counted")
        )
        assert adjusted.interval is not None
        assert raw.grade.name == "D"


def test_what_is_left_of_the_others_once_the_surest_theme_is_held_equal_is_nothing(told):
    """Everybody writes of something: who writes of support does not write of delivery."""
    others = [row for row in told.tables["effects"] if "delivery" not in row["label"]]
    leaving = [row for row in others if row["outcome"] == "customers who leave"]
    assert {row["verdict"] for row in leaving} == {"the mix of customers"}
    assert all("delivery" in row["controls"] for row in leaving)


def test_customers_and_revenue_at_stake_are_those_of_today_who_wrote_within_a_year(told, usual):
    here = {
        row["customer_id"]: float(row["monthly_amount"])
        for row in usual.rows("SELECT * FROM subscriptions WHERE ended_on IS NULL")
    }
    for row in told.tables["themes"]:
        topic = next(name for name in TOPICS if name in row["words"])
        own = [amount for name, amount in here.items() if list(TOPICS)[int(name[1:]) % 3] == topic]
        assert row["customers"] == len(own)
        assert row["revenue"] == pytest.approx(3 * sum(own))


def test_without_a_score_the_tone_comes_from_the_word_list_and_no_score_is_spoken_of(company):
    told = ask(talk(company, scored=False))
    assert "score" not in told.tables
    assert told.fact("voices.tone_right").value is None
    assert any("import a rating" in line for line in told.missing)
    assert told.tables["effects"]


def test_without_customers_themes_are_told_and_nothing_is_said_of_what_follows(company):
    told = ask(talk(company, known=False))
    assert told.status == "partly"
    assert told.tables["themes"]
    assert "effects" not in told.tables
    assert any("customer key" in line for line in told.missing)


def test_two_comments_cannot_tell_a_theme(company):
    db = talk(company, customers=1, text=lambda _: "The delivery was late again")
    told = ask(db)
    assert told.status == "cannot_tell"
    assert told.headline.startswith("Cannot tell what customers write about")
    assert "3 comments are too few" in told.headline
    assert told.missing


def test_without_any_comment_it_says_what_to_import(company):
    company.contract("c1", "2024-01-01")
    company.answers("c1", "2024-06-01", 5)
    company.pays("c1", "2025-12-31", 1)
    told = ask(company.db)
    assert told.status == "cannot_tell"
    assert "free text" in told.missing[0]


def test_comments_in_another_language_are_counted_and_no_theme_is_guessed(company):
    polish = "Przesyłka przyszła za późno i nikt nie odpowiada na moje wiadomości"
    told = ask(talk(company, text=lambda number: polish if number % 2 else "ok"))
    assert told.status == "cannot_tell"
    assert told.fact("voices.read").value == 0
    kinds = {row["language"]: row["comments"] for row in told.tables["languages"]}
    assert kinds == {"another language": 360, "cannot be told, such as one word or two": 360}


def test_a_named_theme_comes_before_those_that_were_found(told, company):
    db = talk(company)
    register.put(db, Theme(name="Shipping", words="courier, parc*", note=""), by="ann")
    after = ask(db)
    first = after.tables["themes"][0]
    assert (first["label"], first["theme"]) == ("Shipping", "theme-1")
    assert first["stability"] is None
    found = {row["label"]: row["n"] for row in told.tables["themes"]}
    left = {row["label"]: row["n"] for row in after.tables["themes"]}
    whole = next(n for label, n in found.items() if "delivery" in label)
    assert first["n"] + sum(n for label, n in left.items() if "delivery" in label) == whole
    assert any("entered by a person" in line for line in after.caveats)


def test_the_same_data_gives_the_same_answer(told, company):
    again = ask(talk(company))
    assert again.to_json() == told.to_json()


def test_filters_narrow_comments_and_customers(usual):
    told = ask(usual, where=(("segment", "S1"),))
    assert told.fact("voices.comments").value == 360


def test_a_filter_that_nobody_passes_is_refused(usual):
    with pytest.raises(UsageError, match="No customer has segment=S9"):
        ask(usual, where=(("segment", "S9"),))


def test_comments_in_two_languages_have_themes_of_their_own(company):
    german = (
        "Die Lieferung mit dem Paket kam von dem Kurier viel zu spät bei uns an",
        "Die Rechnung und die Abrechnung von dem Vertrag waren wieder falsch",
        "Der Berater in der Hotline hatte am Telefon keine Ahnung von der Technik",
    )
    rng = np.random.default_rng(2)

    def text(number):
        topic = number % 3
        return german[topic] if number % 2 else sentence(list(TOPICS)[topic], rng)

    told = ask(talk(company, text=text))
    labels = {row["language"]: row["label"] for row in told.tables["themes"]}
    assert set(labels) == {"German", "English"}
    assert labels["German"].endswith("(German)")


def test_a_viewer_sees_figures_of_enough_customers_and_no_quote(told, usual):
    def asked(scope):
        return questions.ask(usual, "voices", scope)

    seen = answered(usual, Scope(horizon=3), asked, sees_people=False)
    assert told.tables["quotes"]
    assert told.tables["quote_of_the_day"]
    assert not {"quotes", "quote_of_the_day"} & set(seen.tables)
    quotes = {row["quote"] for row in told.tables["quotes"]}
    assert not any(quote in str(seen) for quote in quotes)
    assert seen.tables["themes"]


def test_names_and_contact_details_are_masked_and_markup_stays_text(company):
    said = (
        "The delivery parcel of Herr Müller came to a.b@example.com <b>late</b> ![x](http://e.org)"
    )
    told = ask(talk(company, text=lambda _: said))
    quotes = {row["quote"] for row in told.tables["quote_of_the_day"]}
    assert quotes == {
        "The delivery parcel of Herr [name] came to [e-mail] <b>late</b> ![x](http://e.org)"
    }


def test_no_word_of_a_customer_reaches_the_log(company, caplog):
    with caplog.at_level(logging.DEBUG):
        ask(talk(company, text=lambda number: f"verysecretword{number % 3} delivery parcel late"))
    assert "verysecret" not in caplog.text


def test_no_theme_is_made_of_an_address_or_a_name_that_is_masked_in_quotes(company):
    called = (" Write to bertram@quillon.example", " Ask Mr Zacharias", "")
    found = ask(
        talk(
            company,
            text=lambda n: sentence(list(TOPICS)[n % 3], np.random.default_rng(n)) + called[n % 3],
        )
    )
    words = {word for row in found.tables["themes"] for word in row["words"].split(", ")}
    assert {"parcel", "invoice"} <= words
    assert not words & {"bertram", "quillon", "example", "zacharias", "mail", "name"}
