"""What each column of a file is used for, as a choice a person can change. Pure."""

from dataclasses import replace
from typing import Final

from cxdash.facts.definitions import definition, score_variants
from cxdash.facts.format import spoken
from cxdash.intake import ColumnSpec, CommentSpec, Mapping, ScoreSpec, item_name
from cxdash.intake.kinds import KINDS

__all__ = ["NOT_USED", "choices", "in_words", "use_of", "with_use"]

NOT_USED: Final = "nothing"
_ROLE, _SCORE, _COMMENT, _ALIAS, _TRAIT = "role:", "score:", "comment", "alias", "trait"


def choices(kind: str) -> tuple[str, ...]:
    """Every use a column of that kind of file can have."""
    found = [NOT_USED, *(_ROLE + role for role in KINDS[kind].roles)]
    if kind == "responses":
        found += [*(_SCORE + variant for variant in score_variants()), _COMMENT]
    if kind == "customers":
        found.append(_ALIAS)
    if kind == "snapshots":
        found.append(_TRAIT)
    return tuple(found)


def in_words(use: str) -> str:
    """A use as a reader says it.

    >>> in_words("role:customer_id")
    'customer id'
    """
    if use.startswith(_ROLE):
        return spoken(use.removeprefix(_ROLE))
    if use.startswith(_SCORE):
        meant = definition(use.removeprefix(_SCORE))
        return (
            f"rating: {meant.name}, {meant.scale_low:g} to {meant.scale_high:g} ({meant.variant})"
        )
    words = {
        _COMMENT: "comment",
        _ALIAS: "another name of the customer",
        _TRAIT: "trait of the customer",
    }
    return words.get(use, "not used")


def use_of(mapping: Mapping, column: str) -> str:
    """What the mapping uses a column for; NOT_USED if it does not."""
    for role, spec in mapping.columns.items():
        if column in {spec.column, spec.minus, spec.times}:
            return _ROLE + role
    for score in mapping.scores:
        if score.column == column:
            return _SCORE + score.variant
    if any(comment.column == column for comment in mapping.comments):
        return _COMMENT
    if column in mapping.traits:
        return _TRAIT
    return _ALIAS if column in mapping.aliases else NOT_USED


def with_use(mapping: Mapping, column: str, use: str) -> Mapping:
    """The mapping with this column used for ``use`` and nothing else.

    A role belongs to one column: the column that had it before is not used any more.
    """
    bare = _without(mapping, column)
    if use.startswith(_ROLE):
        return bare.with_columns({use.removeprefix(_ROLE): ColumnSpec(column)})
    if use.startswith(_SCORE):
        return replace(bare, scores=(*bare.scores, _score(bare, column, use.removeprefix(_SCORE))))
    if use == _COMMENT:
        return replace(bare, comments=(*bare.comments, CommentSpec(item_name(column), column)))
    if use == _ALIAS:
        return replace(bare, aliases=(*bare.aliases, column))
    if use == _TRAIT:
        return replace(bare, traits=(*bare.traits, column))
    return bare


def _without(mapping: Mapping, column: str) -> Mapping:
    return replace(
        mapping,
        columns={role: spec for role, spec in mapping.columns.items() if spec.column != column},
        scores=tuple(score for score in mapping.scores if score.column != column),
        comments=tuple(comment for comment in mapping.comments if comment.column != column),
        aliases=tuple(alias for alias in mapping.aliases if alias != column),
        traits=tuple(trait for trait in mapping.traits if trait != column),
    )


def _score(mapping: Mapping, column: str, variant: str) -> ScoreSpec:
    """A rating item named after its metric, or after its column when that name is taken."""
    meant = definition(variant)
    taken = {score.item for score in mapping.scores}
    name = item_name(column)
    names = [meant.id, name, *(f"{name[:70]} ({number})" for number in range(2, len(taken) + 3))]
    return ScoreSpec(
        item=next(item for item in names if item not in taken),
        column=column,
        variant=variant,
        scale_low=float(meant.scale_low or 0.0),
        scale_high=float(meant.scale_high or 0.0),
    )
