"""What customers were asked: scores, comments, choices, and the grids they come in."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from cxdash.intake.mapping import ChoiceSpec, CommentSpec, ScoreSpec, item_name
from cxdash.intake.recognition.comments import is_comment, is_open_ended
from cxdash.intake.recognition.draft import Draft
from cxdash.intake.recognition.families import Family, families
from cxdash.intake.recognition.labels import (
    apart,
    question_text,
    questions_below,
    short_name,
    standard_names,
)
from cxdash.intake.recognition.pieces import Pieces
from cxdash.intake.recognition.profile import Shapes, pooled
from cxdash.intake.recognition.questions import Question
from cxdash.intake.recognition.scales import scales_of, told_by
from cxdash.intake.recognition.scores import (
    chosen_scale,
    item_of,
    may_be_score,
    score_of,
    wording,
)
from cxdash.intake.recognition.variants import score_spec
from cxdash.intake.recognition.vocabulary import normal, vocabulary

__all__ = ["items"]

# Questions about the person; nothing is learned from them that is worth keeping them.
_PERSONAL: Final = re.compile(
    r"\b(gender|sex|age|income|ethnicity|race|education|marital|religion|geschlecht|alter|einkommen"
    r"|bildung|genero|edad|ingresos|sexo|idade|renda|sexe|revenu)\b"
)
_VAGUE: Final = ("following", "following_aspects", "following_statements", "item", "statements")


@dataclass(frozen=True, slots=True)
class _Found:
    """Items of a survey as they are found, column by column."""

    scores: tuple[ScoreSpec, ...] = ()
    comments: tuple[CommentSpec, ...] = ()
    choices: tuple[ChoiceSpec, ...] = ()


def items(draft: Draft) -> Draft:
    """Take every column that holds answers, or ask what it holds."""
    if draft.mapping.kind != "responses" or draft.read_before:
        return draft
    ignored = draft.layout.ignore if draft.layout else ()
    shapes = [
        shape
        for shape in _columns(draft)
        if shape.name not in draft.used
        and not shape.name.endswith(ignored or ("\0",))
        and not shape.name.lower().startswith("_fivetran")
    ]
    together = families(shapes, numbered=draft.evidence.table.tool == "qualtrics")
    taken = {shape.name for family in together for shape, _ in family.parts}
    found = _Found()
    for family in together:
        found, draft = _family(found, draft, family)
    several = {column.column: column for column in _pieces(draft)}
    for shape in shapes:
        if shape.filled == 0 or (shape.name in taken and not _told_apart(draft, shape)):
            continue
        found, draft = _single(found, draft, shape, several.get(shape.name))
    return draft.with_mapping(
        scores=standard_names(found.scores),
        comments=apart(found.comments),
        choices=found.choices,
    )


def _columns(draft: Draft) -> Sequence[Shapes]:
    lines = draft.evidence.lines
    if lines and draft.mapping.long:
        return lines.answers
    if not questions_below(draft.evidence.table):
        return [replace(shape, label="") for shape in draft.evidence.shapes]
    return draft.evidence.shapes


def _pieces(draft: Draft) -> Sequence[Pieces]:
    lines = draft.evidence.lines
    if not (lines and draft.mapping.long):
        return draft.evidence.pieces
    return tuple(
        Pieces(shape.name, ";", tuple(shape.values or ()))
        for shape in lines.answers
        if shape.name in lines.several
    )


def _told_apart(draft: Draft, shape: Shapes) -> bool:
    """Whether a person spoke of one column of a family."""
    return bool({f"scale:{shape.name}", f"comment:{shape.name}"} & set(draft.answers))


def _single(
    found: _Found, draft: Draft, shape: Shapes, several: Pieces | None
) -> tuple[_Found, Draft]:
    """A column that stands alone: several answers a cell, a comment, a score, or none of them."""
    surveyed = draft.layout is not None or draft.mapping.long is not None
    written = is_open_ended(draft, shape) or normal(shape.name) in vocabulary().comment.exact
    if several is not None and not written and f"scale:{shape.name}" not in draft.answers:
        choice, draft = _several(draft, shape, several)
        if choice is not None:
            return replace(found, choices=(*found.choices, choice)), draft
    if is_comment(draft, shape, surveyed=surveyed):
        comment = CommentSpec(
            short_name(shape.name, shape.label),
            shape.name,
            question_text(shape.name, shape.label),
        )
        draft = draft.because({shape.name: "answers in words"})
        return replace(found, comments=(*found.comments, comment)), draft
    score, draft = score_of(draft, shape, surveyed=surveyed)
    if score is not None:
        found = replace(found, scores=(*found.scores, score))
    return found, draft


def _several(draft: Draft, shape: Shapes, several: Pieces) -> tuple[ChoiceSpec | None, Draft]:
    """A question of which several answers may be chosen, all of them in one cell."""
    id_ = f"choices:{shape.name}"
    shown = ", ".join(several.choices[:4])
    question = Question(
        id_,
        f"Does {shape.name!r} hold several answers in one cell ({shown})?",
        (("yes", "Yes: each is an answer of its own"), ("no", "No: leave it out, or as one text")),
        "columns",
        columns=(shape.name,),
    )
    said = draft.answers.get(id_)
    if several.is_sure:
        draft = replace(draft, shown=(*draft.shown, question))
        said = said or "yes"
    else:
        said, draft = draft.asking(question)
    if said != "yes":
        return None, draft
    text = question_text(shape.name, shape.label)
    draft = draft.because({shape.name: "several answers in one cell"})
    spec = ChoiceSpec(
        item=item_name(short_name(shape.name, shape.label)),
        column=shape.name,
        separator=several.separator,
        label=text,
    )
    return spec, draft


def _family(found: _Found, draft: Draft, family: Family) -> tuple[_Found, Draft]:
    """A question that spans several columns."""
    name = item_name(short_name(family.question, family.question))
    label = question_text(family.question, family.question)
    if family.is_choice:
        if _PERSONAL.search(normal(family.question)):
            return found, draft
        columns = tuple((shape.name, item_name(part or shape.name)) for shape, part in family.parts)
        draft = draft.because(dict.fromkeys((column for column, _ in columns), "one of several"))
        choice = ChoiceSpec(item=name, columns=columns, label=label)
        return replace(found, choices=(*found.choices, choice)), draft
    return _grid(found, draft, family, name)


def _grid(found: _Found, draft: Draft, family: Family, name: str) -> tuple[_Found, Draft]:
    """Rows of a grid lie on one scale, which is asked once."""
    whole = pooled(family.question, [shape for shape, _ in family.parts])
    asks = family.parts[0][1] if family.is_numbered else family.question
    scales = told_by(wording(whole, asks), scales_of(whole))
    named = [shape for shape, _ in family.parts if item_of(shape)[1] == "exact"]
    if not scales or named:
        for shape, _ in family.parts:
            found, draft = _single(found, draft, shape, None)
        return found, draft
    item = item_of(replace(whole, label=asks))[0]
    if not may_be_score(whole, item, scales, surveyed=True, asked=draft.open):
        return found, draft
    whole = replace(whole, label=asks if family.is_numbered else "")
    chosen, draft = chosen_scale(draft, whole, scales, item, exact=False, columns=len(family.parts))
    if not chosen or chosen == "skip":
        return found, draft
    variant, _, turned = chosen.partition(":")
    scores = list(found.scores)
    for shape, part in family.parts:
        if _told_apart(draft, shape):
            continue
        row = short_name(part, part) if family.is_numbered else f"{name}: {part}"
        spec = score_spec(
            item_name(part if name in _VAGUE else row),
            shape,
            variant,
            scales,
            high_is_good=turned != "low_is_good",
        )
        label = part if family.is_numbered else f"{family.question} - {part}"
        scores.append(replace(spec, label=label))
        draft = draft.because({shape.name: "a row of a grid"})
    return replace(found, scores=tuple(scores)), draft
