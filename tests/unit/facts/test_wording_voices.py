"""Sentences about themes claim a direction only where the range leaves one."""

import pytest

from cxdash.facts import Fact, Interval, Method
from cxdash.facts.wording_voices import money_beside, written_of


def fact(value, low, high, unit="USD", meant="theme_money"):
    return Fact(
        id="voices.en.late.money",
        label="Revenue that goes with it",
        value=value,
        interval=None if low is None else Interval(low, high),
        unit=unit,
        method=Method(description="made up"),
        n=100,
        population="customers",
        period="2025",
        definition=meant,
        caveats=("made up",),
    )


def test_money_is_lost_or_kept_by_its_sign_and_told_without_it():
    lost = money_beside("late parcel", fact(-48_000, -76_000, -20_000), horizon=6)
    assert lost == (
        "Beside “late parcel” goes $50,000 (range $20,000–80,000) of revenue lost over the next 6 "
        "months, the rest held equal."
    )
    assert "of revenue kept or won" in money_beside("x", fact(48_000, 20_000, 76_000), horizon=6)


@pytest.mark.parametrize("told", [fact(5, -10, 20), fact(None, None, None)])
def test_what_may_be_nothing_or_is_withheld_has_no_direction(told):
    said = money_beside("late", told, horizon=6)
    assert said.startswith("Cannot tell what revenue goes with “late”")
    assert "lost" not in said


def test_the_themes_are_named_with_their_shares():
    share = fact(0.12, 0.11, 0.13, "share", "theme_share")
    assert written_of({"late": share}) == "Of the comments, 12% speak of “late”."
    assert written_of({"a": share, "b": share, "c": share}) == (
        "Of the comments, 12% speak of “a”, 12% of “b” and 12% of “c”."
    )
