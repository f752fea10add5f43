"""Short names for survey items, made of long questions."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final, TypeVar

from cxdash.facts.definitions import definition
from cxdash.intake.mapping import CommentSpec, ScoreSpec, item_name
from cxdash.intake.reading.table import Table
from cxdash.intake.recognition.vocabulary import normal

__all__ = ["apart", "question_text", "questions_below", "short_name", "standard_names"]

Item = TypeVar("Item", ScoreSpec, CommentSpec)

_LONGEST: Final = 40
_A_QUESTION: Final = 4  # words from which a header counts as a whole question
# What stands in brackets behind a question and tells its scale, such as (1 = bad, 5 = good).
_ENDS_TOLD: Final = re.compile(r"[(\[][^)\]]*\d[^)\]]*[)\]]")
_STANDARD: Final = ("nps", "csat", "ces", "fcr")
# What questions begin with before they come to their subject, in plain words.
_LEAD: Final = re.compile(
    r"^(q ?\d+|\d+|question \d+|frage \d+)\s+"
    r"|^(on|auf) (a|einer) (scale|skala) (of|from|von) \d+ (to|bis) \d+\s*"
    r"|^(overall|generally|in general|insgesamt|globalement|en general|no geral|please|bitte)\s+"
    r"|^(and|so|now)\s+"
    r"|^how (would|do) you (rate|evaluate|assess|feel about|describe)\s+"
    r"|^how (satisfied|happy|pleased) (are|were) you( overall)?( with)?\s+"
    r"|^how (likely|important|easy|difficult|good|well|much|often) (is|are|was|were|do|did|does)"
    r"( it)?( for)?( you)?( to| that| will)?\s+"
    r"|^how (likely|important|easy|difficult|good|well|much|often)\s+"
    r"|^to what extent (do|did) you (dis)?agree( that| with)?\s+"
    r"|^(you |please )?rate\s+|^rating of\s+|^satisfaction with\s+|^zufriedenheit mit\s+"
    r"|^what (did|do) you (think of|like about)\s+|^what (is|was|are) your\s+"
    r"|^wie (zufrieden|glucklich) (sind|waren) sie( insgesamt)?( mit)?\s+"
    r"|^wie (bewerten|beurteilen|wurden) sie\s+"
    r"|^wie (leicht|einfach|wahrscheinlich) (ist|war) es\s+"
    r"|^(a quel point |dans quelle mesure )?(etes|etiez) vous satisfaite?( e)?( de)?\s+"
    r"|^comment (evaluez|jugez) vous\s+"
    r"|^(que|cuan) (tan )?satisfech[oa]( a)? (esta|estuvo)( usted)?( con)?\s+"
    r"|^como (calificaria|valora|evalua|voce avalia|avalia)\s+"
    r"|^quao satisfeit[oa]( a)? (voce )?(esta|ficou)( com)?\s+"
)
_SMALL: Final = frozenset(
    {
        *(
            "the",
            "a",
            "an",
            "our",
            "your",
            "this",
            "that",
            "these",
            "of",
            "with",
            "for",
            "to",
            "you",
        ),
        *(
            "it",
            "is",
            "are",
            "was",
            "us",
            "in",
            "on",
            "at",
            "and",
            "der",
            "die",
            "das",
            "dem",
            "den",
        ),
        *(
            "mit",
            "unser",
            "unsere",
            "unserem",
            "unserer",
            "unseren",
            "ihr",
            "ihre",
            "und",
            "le",
            "la",
        ),
        *(
            "les",
            "de",
            "du",
            "des",
            "notre",
            "nos",
            "el",
            "los",
            "las",
            "nuestro",
            "nuestra",
            "con",
        ),
        *("o", "os", "as", "do", "da", "dos", "das", "nosso", "nossa", "com", "e", "y", "et", "as"),
    }
)


def questions_below(table: Table) -> bool:
    """Whether the line below the header words the questions; SurveyMonkey's never does.

    It writes the kind of answer there, such as "Response".
    """
    return table.tool != "surveymonkey"


def question_text(name: str, label: str) -> str:
    """The whole question a column answers, in one line; empty when its header is no question."""
    text = label if label and normal(label) != normal(name) else name
    text = " ".join(re.sub(r"<[^>]+>|&nbsp;", " ", text).split())
    return text if len(normal(text).split()) >= _A_QUESTION or label else ""


def short_name(name: str, label: str = "") -> str:
    """A short stable name for an item, from its column or its question.

    >>> short_name("How satisfied are you with our delivery speed?")
    'delivery_speed'
    """
    text = normal(_ENDS_TOLD.sub(" ", name)) or normal(name)
    if len(text.split()) < _A_QUESTION and not label:
        return _joined(text)
    whole = normal(_ENDS_TOLD.sub(" ", label)) or text
    if len(whole.split()) < _A_QUESTION:
        return _joined(whole)
    while (shorter := _LEAD.sub("", whole, count=1)) not in (whole, ""):
        whole = shorter
    words = [word for word in whole.split() if word not in _SMALL]
    kept: list[str] = []
    for word in words:
        if len("_".join([*kept, word])) > _LONGEST:
            break
        kept.append(word)
    return "_".join(kept) or _joined(text)


def _joined(text: str) -> str:
    return re.sub(r"\s+", "_", text)[:_LONGEST] or "item"


def standard_names(scores: Sequence[ScoreSpec]) -> tuple[ScoreSpec, ...]:
    """Scores with the standard name where one alone measures NPS, CSAT, effort or first contact."""
    taken = {score.item for score in scores}
    named = list(scores)
    for standard in _STANDARD:
        of_it = [at for at, score in enumerate(named) if definition(score.variant).id == standard]
        if len(of_it) == 1 and standard not in taken:
            named[of_it[0]] = replace(named[of_it[0]], item=standard)
    return apart(named)


def apart(specs: Sequence[Item]) -> tuple[Item, ...]:
    """Scores or comments with names of their own, numbered where two would share one."""
    seen: set[str] = set()
    unique = []
    for spec in specs:
        base, item, count = item_name(spec.item), item_name(spec.item), 1
        while item in seen:
            count += 1
            item = item_name(f"{base[:70]}_{count}")
        seen.add(item)
        unique.append(replace(spec, item=item))
    return tuple(unique)
