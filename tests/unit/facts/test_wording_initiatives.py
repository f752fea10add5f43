"""The sentences about what is done claim no more than the ranges allow."""

import pytest

from cxdash.facts import Fact, Interval, Method, wording_initiatives


def _money(value: float | None, low: float = 0, high: float = 0) -> Fact:
    return Fact(
        id="x",
        label="x",
        value=value,
        interval=None if value is None else Interval(low, high),
        unit="USD",
        method=Method(description="m"),
        n=100,
        population="p",
        period="q",
        definition="net_saving",
        caveats=() if value is not None else ("It is too early.",),
    )


@pytest.mark.parametrize(
    ("net", "gross", "begins"),
    [
        (_money(900, 200, 1600), _money(1000, 800, 1200), "“Bot” saved"),
        (_money(-900, -1600, -200), _money(1000, 800, 1200), "“Bot” moved cost and did not"),
        (_money(-900, -1600, -200), _money(100, -800, 1000), "“Bot” cost $900 more than it"),
        (_money(-900, -2000, 200), _money(1000, 800, 1200), "Cannot tell whether “Bot” saves"),
        (_money(None), _money(None), "Cannot tell whether “Bot” saves money: it is too early."),
    ],
)
def test_a_saving_or_a_loss_needs_a_range_on_one_side_of_zero(
    net: Fact, gross: Fact, begins: str
) -> None:
    said = wording_initiatives.moved("Bot", net, gross, _money(1900, 1000, 2800), 6)
    assert said.startswith(begins)


def test_an_order_that_cannot_be_told_is_no_order() -> None:
    both = wording_initiatives.places(["A", "B"], True, 2, 5)
    assert both.startswith("Cannot tell which comes first")
    some = wording_initiatives.places(["A", "B"], True, 3, 5)
    assert "cannot be told" in some
    assert "nothing to rank it against" in wording_initiatives.places(["A"], False, 1, 3)
    assert "“A” comes first" in wording_initiatives.places(["A"], False, 2, 3)


def test_initiatives_without_any_goal_are_called_wishes() -> None:
    assert wording_initiatives.planned(1, 1, 0).startswith("The one initiative is a wish")
    assert wording_initiatives.planned(3, 3, 1).startswith("All 3 initiatives are wishes")
    assert wording_initiatives.planned(3, 1, 0).startswith("Of 3 initiatives 2 have a goal")


def test_a_pilot_that_would_hardly_change_anything_is_not_proposed() -> None:
    assert "No pilot" in wording_initiatives.worth_a_pilot("A", _money(5, 0, 9), 0.01, 40)
    assert "one of “A”" in wording_initiatives.worth_a_pilot("A", _money(5, 0, 9), 0.2, 40)


def test_without_anything_worth_its_cost_the_choice_is_nothing() -> None:
    assert "nothing that was measured" in wording_initiatives.best_choice([], None, "$5")


def test_a_choice_that_may_bring_nothing_is_not_said_to_bring_something() -> None:
    unsure = wording_initiatives.best_choice(["A"], _money(800_000, -200_000, 1_800_000), "$5")
    assert "whether it brings more than it costs cannot be told" in unsure
    sure = wording_initiatives.best_choice(["A"], _money(800_000, 200_000, 1_400_000), "$5")
    assert sure.endswith("beyond what it costs.")
