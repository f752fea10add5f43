"""Which words of a status column mean that a row is money: asked once, kept with the layout.

What a person said stands in a rule of the mapping with every word it was said of, so that a later
export is asked about words that are new, and about nothing else.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from cxdash.intake.mapping import RejectRule
from cxdash.intake.recognition.draft import Draft
from cxdash.intake.recognition.profile import Shapes
from cxdash.intake.recognition.questions import Question
from cxdash.intake.recognition.vocabulary import normal

__all__ = ["statuses"]

_GOOD: Final = frozenset(
    {"active", "paid", "succeeded", "complete", "completed", "settled", "captured", "posted"}
    | {"refunded", "partially refunded", "closed won", "won", "bezahlt", "pago", "fulfilled"}
)
_STATUS: Final = ("status", "payment status", "invoice status", "state", "zahlungsstatus")
_SHOWN: Final = 8


def statuses(draft: Draft) -> Draft:
    """A status column may say that some amounts never became money."""
    kept = next((rule for rule in draft.mapping.reject if rule.known), None)
    if kept is not None:
        return _again(draft, kept)
    if any(normal(rule.column) in _STATUS for rule in draft.mapping.reject):
        # An export we know, or a person, says of every word whether it counts.
        return draft
    won = draft.layout.won if draft.layout else ""
    shape = next(
        (s for word in _STATUS for s in draft.evidence.shapes if normal(s.name) == word),
        draft.shape(won),
    )
    if shape is None or not shape.filled or shape.values is None:
        return draft
    words = tuple(shape.values)
    question = _first_time(shape, words)
    if _all_good(words) and question.id not in draft.answers:
        draft = replace(draft, shown=(*draft.shown, question))
        return draft if draft.read_before else _with_rule(draft, None, _rule(shape.name, words, ()))
    said, draft = draft.asking(question)
    return _with_rule(draft, None, _said(shape.name, words, said)) if said else draft


def _again(draft: Draft, kept: RejectRule) -> Draft:
    """The words of an earlier file are decided; asked is what it did not hold."""
    shape = draft.shape(kept.column)
    if shape is None or shape.values is None:
        return draft
    words = tuple(shape.values)
    whole = _first_time(shape, words)
    draft = replace(draft, shown=(*draft.shown, whole))
    anew = draft.answers.get(whole.id)
    if anew is not None and whole.allows(anew):
        return _with_rule(draft, kept, _said(kept.column, words, anew))
    decided = {_plain(word) for word in kept.known}
    new = tuple(word for word in words if _plain(word) not in decided)
    if not new:
        return draft
    named = {_plain(word) for word in kept.values}
    counts = [word for word in kept.known if (_plain(word) in named) == kept.unless]
    out = [word for word in kept.known if word not in counts]
    if _all_good(new) and not out:
        return _with_rule(draft, kept, _rule(kept.column, (*counts, *new), ()))
    said, draft = draft.asking(_new_words(shape, new))
    if said is None:
        return draft
    more, less = _parted(new, said)
    rule = _rule(kept.column, (*counts, *more), (*out, *less), unless=kept.unless)
    return _with_rule(draft, kept, rule)


def _first_time(shape: Shapes, words: Sequence[str]) -> Question:
    good = [word for word in words if _plain(word) in _GOOD]
    options = [("all", "Every row counts")]
    if 1 < len(good) < len(words):
        options.append(("only:" + "|".join(good), f"Only rows that say {' or '.join(good)}"))
    options += [(f"only:{word}", f"Only rows that say {word}") for word in words]
    options += [(f"not:{word}", f"Every row but those that say {word}") for word in words]
    return Question(
        f"status:{shape.name}",
        f"{shape.name!r} says {', '.join(words[:_SHOWN])}. Which rows are money that was really "
        "earned?",
        tuple(options),
        "rows",
        columns=(shape.name,),
    )


def _new_words(shape: Shapes, new: Sequence[str]) -> Question:
    one = len(new) == 1
    options = [
        ("all", "They count, as money that was really earned"),
        ("none", "They do not count: they are rejected with the reason"),
    ]
    if not one:
        options += [(f"only:{word}", f"Of these, only rows that say {word} count") for word in new]
        options += [(f"not:{word}", f"All of these count but {word}") for word in new]
    return Question(
        f"new_words:{shape.name}",
        f"{shape.name!r} says {', '.join(new[:_SHOWN])}, which "
        f"{'is a word' if one else 'are words'} no earlier file of this layout held. What about "
        "these rows? The words known already are read as was said before.",
        tuple(options),
        "rows",
        columns=(shape.name,),
    )


def _said(column: str, words: Sequence[str], answer: str) -> RejectRule:
    """The rule an answer about every word makes."""
    counts, out = _parted(words, answer)
    return _rule(column, counts, out, unless=answer.startswith("only:"))


def _parted(words: Sequence[str], answer: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words that count under an answer, and those that do not."""
    how, _, listed = answer.partition(":")
    named = (listed,) if listed in words else tuple(listed.split("|"))
    meant = {"all": words, "none": (), "only": named}.get(how)
    counts = tuple(
        word for word in words if (word in meant if meant is not None else word not in named)
    )
    return counts, tuple(word for word in words if word not in counts)


def _rule(
    column: str, counts: Sequence[str], out: Sequence[str], *, unless: bool = False
) -> RejectRule:
    """Refuse the words that do not count; with ``unless`` any word but those that count."""
    told = " or ".join(counts if unless else out) or "said not to count"
    reason = f"its {column} is {'not ' if unless else ''}{told}"
    values = counts if unless else out
    return RejectRule(column, tuple(values), reason, unless=unless, known=(*counts, *out))


def _with_rule(draft: Draft, before: RejectRule | None, rule: RejectRule) -> Draft:
    """The draft with the rule in the place of the one before it."""
    others = tuple(one for one in draft.mapping.reject if one is not before)
    return draft.with_mapping(reject=(*others, rule))


def _all_good(words: Iterable[str]) -> bool:
    return all(_plain(word) in _GOOD for word in words)


def _plain(word: str) -> str:
    return word.strip().lower()
