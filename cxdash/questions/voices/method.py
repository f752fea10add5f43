"""How what goes with a theme was found: the record from which its grade follows."""

from typing import Final

from cxdash.facts import Card, Grade, Method
from cxdash.facts import format as fmt
from cxdash.questions.voices.find import Found
from cxdash.questions.voices.lived import Effect
from cxdash.questions.voices.score import Apart

__all__ = ["grade_of", "method_of", "score_card", "tone_card"]

_NO_CAUSE: Final = (
    "Who speaks of the theme and who writes of something else are alike in what nobody recorded, "
    "once what is held equal is equal; otherwise this describes them and says nothing of what "
    "mending it would do."
)
_BEFORE: Final = (
    "Only comments of the twelve months before a window began count; comments that came with a "
    "goodbye are left out."
)


def method_of(found: Found, effect: Effect, *, held: bool) -> Method:
    """Validated only where the effect is beyond noise and later windows showed it again."""
    again = held and _is_validated(effect)
    model = (
        "Discrete-time model of leaving, average partial effect"
        if effect.outcome == "leaving"
        else "Straight line for the change of spend of those who stayed"
    )
    what = f"Held equal: {fmt.listed(effect.held_equal)}." if held else "Nothing held equal."
    return Method(
        description=f"{model}: customers who had spoken of the theme beside others who wrote. "
        f"{what}",
        adjusted_for=effect.held_equal if held else (),
        validated_out_of_time=again,
        card=Card(
            model=model,
            formula="mean over those who spoke of it of (outcome as they are − outcome had they "
            "written of something else); for money weighted with what today's customers who speak "
            "of it pay over the horizon",
            sample=f"One row is a customer and a window of {found.scope.horizon} months: "
            f"{effect.n:,} rows, {effect.customers:,} customers had spoken of the theme",
            window=found.stage.period if found.stage else found.period,
            exclusions=(_BEFORE,),
            assumptions=(_NO_CAUSE,),
            validation=_validation(effect) if held else "",
            sensitivity=f"Allowing for every theme and both outcomes, "
            f"{fmt.p_value(effect.p_adjusted)}."
            if held
            else "",
            code="cxdash.questions.voices.effects.behaviour",
        ),
    )


def grade_of(effect: Effect) -> Grade:
    """The grade of what goes with a theme, held equal."""
    return Method(
        description="As its Fact says.",
        adjusted_for=effect.held_equal,
        validated_out_of_time=_is_validated(effect),
    ).grade


def _is_validated(effect: Effect) -> bool:
    """Only what is beyond noise and was shown again by later windows alone is."""
    return effect.is_told and effect.confirmed is True


def _validation(effect: Effect) -> str:
    if effect.confirmed is None:
        return "There are too few windows to look for it in the later ones alone."
    if effect.confirmed:
        return "Later windows alone show it beyond noise, and earlier ones point the same way."
    return "Later windows alone do not show it beyond noise."


def tone_card(found: Found) -> Card:
    """How the tone of comments was held against the scores beside them."""
    return Card(
        model="Ridge regression on runs of two to four letters, cross-fitted by customer",
        formula="share of pairs of a comment beside a score in the upper quarter of its scale and "
        "one in the lower quarter that the tone puts in that order (AUC)",
        sample=f"One row is a comment with a score beside it: {found.comments:,} comments in all",
        window=found.period,
        exclusions=("Comments beside a score in the middle half of its scale are not compared.",),
        assumptions=("Customers mean by their words what they mean by their score.",),
        validation="No comment is judged by a model that saw it, or another one by its writer.",
        code="cxdash.stats.sentiment.taught_tone",
    )


def score_card(found: Found, apart: Apart, n: int) -> Card:
    """How the score without a theme was worked out."""
    return Card(
        model="Difference of means; the range from each answer's influence, summed by customer",
        formula="score of all answers − score of the answers without the theme; within groups the "
        "mean of that over the groups, weighted by their answers",
        sample=f"One row is an answer with a comment beside it: {n:,} answers, {apart.n:,} mention "
        "the theme",
        window=found.period,
        exclusions=("Answers that came with or after a goodbye are left out.",),
        assumptions=("Customers of one group are alike in what nobody recorded.",),
        sensitivity=f"Allowing for every theme, {fmt.p_value(apart.p_adjusted)}.",
        code="cxdash.stats.left_out.left_out",
    )
