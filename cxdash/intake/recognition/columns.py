"""The columns of a file as a person sees them: what they hold, what they are read for, and why."""

from collections.abc import Iterable
from dataclasses import dataclass

from cxdash.intake.mapping import Mapping
from cxdash.intake.recognition.profile import Shapes, is_question
from cxdash.intake.recognition.reading import Reading

__all__ = ["ColumnProfile", "column_profiles"]


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """A column as a person sees it on the mapping page.

    ``role`` is what it is proposed to be (``answered_at``, ``score nps``, ``comment``), empty when
    it would not be stored; ``why`` says what speaks for it.
    """

    name: str
    label: str
    samples: tuple[str, ...]
    filled: int
    distinct: int
    role: str = ""
    why: str = ""

    @property
    def is_asked(self) -> bool:
        """Whether it holds answers of people to a question, so that leaving it out is felt."""
        return is_question(self.label or self.name)


def column_profiles(shapes: Iterable[Shapes], reading: Reading) -> Iterable[ColumnProfile]:
    """Each column of a file with what it is read for."""
    uses = _uses(reading.mapping)
    for shape in shapes:
        yield ColumnProfile(
            name=shape.name,
            label=shape.label,
            samples=shape.samples,
            filled=shape.filled,
            distinct=shape.distinct,
            role=", ".join(dict.fromkeys(uses.get(shape.name, ()))),
            why=reading.why.get(shape.name, ""),
        )


def _uses(mapping: Mapping) -> dict[str, list[str]]:
    """What each column is read for, in the order of importance."""
    pairs = [(spec.column, role) for role, spec in mapping.columns.items()]
    for role, spec in mapping.columns.items():
        pairs += [(spec.minus, f"taken off {role}"), (spec.times, f"multiplied with {role}")]
    if mapping.long:
        named = mapping.long
        pairs += [(named.question, "question"), (named.answer, "answer"), (named.value, "answer")]
        pairs += [(name, "names the response") for name in named.row]
    else:
        pairs += [(score.column, f"score {score.item}") for score in mapping.scores]
        pairs += [(comment.column, "comment") for comment in mapping.comments]
        pairs += [(name, f"choice {c.item}") for c in mapping.choices for name in c.sources]
    pairs += [(name, "amount of the month") for name, _ in mapping.months]
    pairs += [(name, "other name of the customer") for name in mapping.aliases]
    pairs += [(name, "trait of the customer") for name in mapping.traits]
    pairs += [(name, "names the row") for name in mapping.key]
    pairs += [(rule.column, "tells which rows count") for rule in mapping.reject]
    uses: dict[str, list[str]] = {}
    for column, use in pairs:
        if column:
            uses.setdefault(column, []).append(use)
    return uses
