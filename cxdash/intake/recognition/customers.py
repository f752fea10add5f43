"""Whether the column taken as the customer is the one that names customers who are known.

A billing tool has numbers of its own. Where another column names the customers as the other files
do, a person says which of the two is the customer before anything is loaded.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from cxdash.facts.format import count
from cxdash.intake.recognition.draft import Draft
from cxdash.intake.recognition.evidence import Fit
from cxdash.intake.recognition.questions import Question
from cxdash.intake.recognition.roles import described

__all__ = ["ROLE", "customer_doubted", "known_beside"]

#: The question which column holds the customer.
ROLE: Final = "role:customer_id"
_LITTLE: Final = 0.5  # share of its values below which a column is doubted
_BETTER: Final = 0.3  # by how much the share of another must be larger
_AS_MANY: Final = 20  # a column with so many times fewer values names something else


def customer_doubted(draft: Draft) -> Draft:
    """Ask which column is the customer where another names those who are known far better."""
    spec = draft.mapping.columns.get("customer_id")
    if spec is None or "order_id" in draft.mapping.columns:
        return draft
    if draft.read_before:
        draft = draft.because({spec.column: "read as the customer before"})
    fits = {fit.column: fit for fit in draft.evidence.fits}
    mine = fits.get(spec.column)
    if mine is None or any(question.id == ROLE for question in draft.put):
        return draft
    better = sorted(
        (fit for fit in fits.values() if _is_better(fit, mine)),
        key=lambda fit: (-fit.share, -fit.known),
    )
    return draft.asking(_which(draft, mine, better))[1] if better else draft


def known_beside(draft: Draft) -> Draft:
    """Say beside each column that may be the customer how many of its values are known."""
    fits = {fit.column: fit for fit in draft.evidence.fits}
    put = tuple(
        replace(
            one, options=tuple((value, _told(text, fits.get(value))) for value, text in options)
        )
        if one.id == ROLE and (options := one.options)
        else one
        for one in draft.put
    )
    return replace(draft, put=put)


def _is_better(fit: Fit, mine: Fit) -> bool:
    return (
        mine.share < _LITTLE <= fit.share
        and fit.share >= mine.share + _BETTER
        and fit.values * _AS_MANY >= mine.values
    )


def _which(draft: Draft, mine: Fit, better: Sequence[Fit]) -> Question:
    """The columns that fit better, the one proposed, and what a person has said already."""
    best = better[0]
    columns = dict.fromkeys([*(fit.column for fit in better), mine.column])
    options = [(name, described(shape)) for name in columns if (shape := draft.shape(name))]
    said = draft.answers.get(ROLE)
    if said is not None and said not in columns and (said == "" or draft.evidence.has(said)):
        options.append((said, said or "None of them"))
    return Question(
        ROLE,
        f"Of the {count(mine.values)} values of {mine.column!r} {count(mine.known)} are customers "
        f"that are known. In {best.column!r} {count(best.known)} of {count(best.values)} are "
        "known. Which column is the customer?",
        tuple(options),
        "columns",
        columns=tuple(columns),
    )


def _told(text: str, fit: Fit | None) -> str:
    if fit is None:
        return text
    return f"{text} ({count(fit.known)} of {count(fit.values)} known)"
