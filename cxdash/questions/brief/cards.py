"""The methods cards of the brief's good news: which difference, and how noise was kept out."""

from cxdash.facts import Card
from cxdash.facts import format as fmt
from cxdash.questions.brief.news import (
    FALSE_ALARMS,
    FEWEST_COUNTED,
    FEWEST_PAIRS,
    Candidate,
    News,
)

__all__ = ["news_card"]


def news_card(heard: News, candidate: Candidate, period: str) -> Card:
    """How one piece of good news was found among all that were looked at."""
    gap = candidate.difference
    if gap.paired:
        model, fewest = "Mean difference of the same customers, paired; Student's t", FEWEST_PAIRS
        code = "cxdash.stats.paired.paired_mean_difference"
        rows = f"{fmt.count(gap.n_first)} customers with both values"
    else:
        model, fewest = "Difference of two shares; Newcombe's hybrid score interval", FEWEST_COUNTED
        code = "cxdash.stats.proportions.share_difference"
        rows = f"{fmt.count(gap.n_first)} rows after and {fmt.count(gap.n_second)} before"
    formula = "after − before"
    if candidate.kind == "strength":
        formula = "the item − the mean of the same customers' other items on the same scale"
    looked_at = len(heard.candidates)
    left_out = [f"Candidates with fewer than {fewest} rows."]
    if candidate.item and candidate.kind == "change":
        left_out.append("Customers who answered in one of the two periods only.")
    return Card(
        model=model,
        formula=f"{formula}, turned so that above zero is good news",
        sample=rows,
        window=period,
        exclusions=tuple(left_out),
        assumptions=(
            "Customers are independent of each other.",
            "Nothing else changed that would move the figure for these customers.",
        ),
        validation=(
            f"Passes Benjamini and Hochberg's correction over {fmt.count(looked_at)} candidates at "
            f"{FALSE_ALARMS:.0%}: {fmt.p_value(candidate.p_adjusted)} after it."
        ),
        sensitivity=(
            f"{fmt.counted(len(heard.held_back), 'candidate', 'candidates')} that "
            f"{'looks good too does' if len(heard.held_back) == 1 else 'look good too do'} not "
            f"pass and {'is' if len(heard.held_back) == 1 else 'are'} listed as held back."
        ),
        code=code,
    )
