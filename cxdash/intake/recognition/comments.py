"""Whether a column holds what people wrote, rather than what they chose."""

from typing import Final

from cxdash.intake.recognition.draft import Draft
from cxdash.intake.recognition.profile import Shapes, is_question
from cxdash.intake.recognition.scales import scales_of
from cxdash.intake.recognition.scores import NO_ANSWER, says
from cxdash.intake.recognition.vocabulary import normal, vocabulary

__all__ = ["is_comment", "is_open_ended"]

_LONG_TEXT: Final = 25  # letters a comment has on average, where a survey tool tells no more
_SHORT_FILE: Final = 30  # answers; with fewer, how many of them are equal says nothing
# What a column of remarks is called, as the last word of its header.
_REMARKS: Final = frozenset(
    {"comment", "comments", "feedback", "remark", "remarks", "suggestion", "suggestions"}
    | {"kommentar", "kommentare", "comentario", "comentarios", "commentaire", "commentaires"}
)


def is_comment(draft: Draft, shape: Shapes, *, surveyed: bool) -> bool:
    """Whether people wrote what stands in the column; ``surveyed`` where a survey tool says so."""
    chosen = draft.answers.get(f"comment:{shape.name}")
    if chosen is not None:
        return chosen == "yes"
    if f"scale:{shape.name}" in draft.answers:
        return False
    words = {normal(shape.name), normal(shape.label)}
    if words & vocabulary().comment.exact or is_open_ended(draft, shape):
        return True
    varied = not shape.is_number and shape.distinct > 0.5 * min(shape.filled, 50)
    if any(says(word, text) for word in vocabulary().comment.part for text in words):
        return varied or _is_written(shape, words)
    # In a survey, a column of sentences that differ is what people wrote.
    told = surveyed and shape.length >= _LONG_TEXT and shape.distinct > 0.8 * shape.filled
    return told and varied and not shape.is_date and not NO_ANSWER.search(normal(shape.name))


def _is_written(shape: Shapes, words: set[str]) -> bool:
    """Whether few distinct cells below words of a comment are written rather than chosen.

    In a long file few distinct cells were chosen from a list. In a short one they tell nothing, so
    the header decides: it asks in a sentence, or ends with what a remark is called.
    """
    if shape.is_number or shape.is_date or shape.distinct < 2 or scales_of(shape):
        return False
    if shape.filled >= _SHORT_FILE and shape.length < _LONG_TEXT:
        return False
    named = any(text.split()[-1:] and text.split()[-1] in _REMARKS for text in words)
    asked = is_question(shape.name) or is_question(shape.label)
    return named or (asked and shape.filled < _SHORT_FILE)


def is_open_ended(draft: Draft, shape: Shapes) -> bool:
    """Whether the survey tool itself says below the question that it is answered in words."""
    table = draft.evidence.table
    below = dict(zip(table.header, table.labels, strict=False)).get(shape.name, "")
    return table.tool == "surveymonkey" and normal(below) == "open ended response"
