"""Whether a column holds answers on a scale, and on which: settled by its answers, or asked."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from cxdash.facts.definitions import definition
from cxdash.intake.mapping import RejectRule, ScoreSpec
from cxdash.intake.recognition.draft import Draft
from cxdash.intake.recognition.labels import question_text, short_name
from cxdash.intake.recognition.profile import Shapes
from cxdash.intake.recognition.questions import Question
from cxdash.intake.recognition.scales import AnswerScale, scales_of, told_by, unanswered
from cxdash.intake.recognition.variants import score_spec, settled, variants
from cxdash.intake.recognition.vocabulary import Item, normal, vocabulary

__all__ = ["NO_ANSWER", "chosen_scale", "item_of", "may_be_score", "says", "score_of", "wording"]

_MOST_ASKED: Final = 40
NO_ANSWER: Final = re.compile(
    r"id\b|\b(ip|duration|progress|finished|latitude|longitude|click|count|zip|age|year|version|tax"
    r"|password|birth|name|email|mail|phone|url|address|language|user|device|browser|tags?)"
)
_SKIP: Final = ("skip", "It is no score; leave it out")


def item_of(shape: Shapes) -> tuple[Item | None, str]:
    """The item a column's words speak of, and whether exactly or in part."""
    texts = [text for text in (normal(shape.name), normal(shape.label)) if text]
    for item in vocabulary().items:
        if any(text in item.exact for text in texts):
            return item, "exact"
    for item in vocabulary().items:
        if any(says(word, text) for word in item.part for text in texts):
            return item, "part"
    return None, ""


def says(word: str, text: str) -> bool:
    """Whether the text holds the word at the start of one of its words."""
    return f" {word}" in f" {text}"


def score_of(draft: Draft, shape: Shapes, *, surveyed: bool) -> tuple[ScoreSpec | None, Draft]:
    """The score a column holds, as far as it shows or a person said; None if it holds none."""
    id_ = f"scale:{shape.name}"
    item, how = item_of(shape)
    exact = how == "exact"
    if draft.evidence.has(f"{shape.name}_NPS_GROUP"):
        # The tool writes such a column beside a question of 0 to 10 about recommending.
        item, exact = next(item for item in vocabulary().items if item.name == "nps"), True
    scales = told_by(wording(shape, shape.label), scales_of(shape))
    chosen: str | None = None
    if scales and may_be_score(shape, item, scales, surveyed=surveyed, asked=draft.open):
        chosen, draft = chosen_scale(draft, shape, scales, item, exact=exact)
    elif item is not None and exact and not scales:
        chosen, draft = draft.asking(_unreadable(shape, item))
    else:
        offered = variants(item, scales) or variants(item, ())
        draft = replace(draft, shown=(*draft.shown, Question(id_, "", (*offered, _SKIP))))
        chosen = draft.answers.get(id_)
    if not chosen or chosen == "skip":
        return None, draft
    variant, _, turned = chosen.partition(":")
    name = item.name if item and exact else short_name(shape.name, shape.label)
    draft = _without_unanswered(draft.because({shape.name: "survey item"}), shape)
    spec = score_spec(name, shape, variant, scales, high_is_good=turned != "low_is_good")
    return replace(spec, label=question_text(shape.name, shape.label)), draft


def _without_unanswered(draft: Draft, shape: Shapes) -> Draft:
    """Rows that only say that the question was put are no answers."""
    words = unanswered(shape)
    if not words:
        return draft
    rule = RejectRule(shape.name, words, f"its {shape.name} says that nobody answered")
    return draft.with_mapping(reject=(*draft.mapping.reject, rule))


def may_be_score(
    shape: Shapes,
    item: Item | None,
    scales: Sequence[AnswerScale],
    *,
    surveyed: bool,
    asked: Sequence[Question],
) -> bool:
    """Whether a person should be asked about a column whose cells could be answers on a scale."""
    if sum(question.id.startswith("scale:") for question in asked) >= _MOST_ASKED:
        return False
    yes_or_no = all((scale.low, scale.high) == (0, 1) for scale in scales)
    if item is not None:
        return not yes_or_no or item.name == "fcr"
    if any(scale.ends_known and not scale.about for scale in scales):
        return True
    if not surveyed or yes_or_no or NO_ANSWER.search(normal(shape.name)):
        return False
    in_words = any(scale.about or scale.values for scale in scales)
    # A column that only ever says one number tells nothing of a scale.
    return in_words or shape.distinct > 1 or shape.filled < 5


def chosen_scale(
    draft: Draft,
    shape: Shapes,
    scales: Sequence[AnswerScale],
    item: Item | None,
    *,
    exact: bool,
    columns: int = 1,
) -> tuple[str | None, Draft]:
    """The variant the answers settle; else what a person says, the likeliest in the meantime."""
    options = (*variants(item, scales), _SKIP)
    label = f" ({shape.label})" if shape.label else ""
    told = scales[0].told
    rows = f" It has {columns} rows, all on one scale." if columns > 1 else ""
    question = Question(
        f"scale:{shape.name}",
        f"What does {shape.name!r}{label} ask, and on which scale? {told}{rows}",
        options,
        "columns",
        columns=(shape.name,),
    )
    sure = settled(item, scales, exact=exact) if item else ""
    if item and sure:
        named = definition(sure).name
        draft = draft.because({shape.name: f"asks about {item.name}, answers fit {named}"})
        draft = replace(draft, shown=(*draft.shown, question))
        return draft.answers.get(question.id, sure), draft
    if len(options) == 1:
        return None, draft
    said, draft = draft.asking(question)
    return said or options[0][0], draft


def wording(shape: Shapes, label: str) -> str:
    return f"{shape.name} {label}"


def _unreadable(shape: Shapes, item: Item) -> Question:
    """A column named like a score whose cells are none is not left out in silence."""
    return Question(
        f"scale:{shape.name}",
        f"{shape.name!r} is named like a score, but its cells are not numbers on one of "
        f"its scales ({', '.join(shape.samples[:3])}). Rows that do not fit are rejected.",
        (*variants(item, ()), _SKIP),
        "columns",
        columns=(shape.name,),
    )
