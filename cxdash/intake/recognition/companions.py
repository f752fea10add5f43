"""What else is kept of a customer: other names to match by, and traits."""

import re
from dataclasses import replace
from typing import Final

from cxdash.intake.recognition.draft import Draft
from cxdash.intake.recognition.evidence import IDS
from cxdash.intake.recognition.helpdesk import spoken_of
from cxdash.intake.recognition.profile import Shapes, is_question
from cxdash.intake.recognition.questions import Question
from cxdash.intake.recognition.vocabulary import normal

__all__ = ["leftovers", "other_names", "told", "traits"]

_MOST_TRAIT_VALUES: Final = 30
_YES_OR_NO: Final = (("yes", "Yes, keep it to match by"), ("no", "No, do not store it"))
_NAMED: Final = re.compile(r"\b(ids?|number|no|nr|key|code|external|reference)\b")
_PRIVATE: Final = re.compile(r"\b(phone|fax|tax|vat|zip|postal|birth|iban|card|password|tel)\b")


def other_names(draft: Draft) -> Draft:
    """Columns of a customer file under which other files may know the customer."""
    if draft.mapping.kind != "customers" or draft.read_before:
        return draft
    aliases = list(draft.mapping.aliases)
    for shape in draft.evidence.shapes:
        if shape.name in draft.used or shape.name in aliases or not shape.filled:
            continue
        question = Question(
            f"alias:{shape.name}",
            f"Do other files, for example the survey, name customers by {shape.name!r} "
            f"({', '.join(shape.samples[:2])})?",
            _YES_OR_NO,
            "columns",
            columns=(shape.name,),
        )
        if _may_name(shape, draft.evidence.apart.distinct_rows):
            said, draft = draft.asking(question)
        else:
            draft = replace(draft, shown=(*draft.shown, question))
            said = draft.answers.get(question.id)
        if said == "yes":
            aliases.append(shape.name)
    return draft.with_mapping(aliases=tuple(aliases))


def _may_name(shape: Shapes, rows: int) -> bool:
    """Whether other files may use the column's values for a customer: nearly all different."""
    text = normal(shape.name)
    if shape.is_date or _PRIVATE.search(text):
        return False
    looks = shape.most("email") or bool(_NAMED.search(text))
    return looks and shape.distinct >= 0.5 * min(rows, max(1, shape.filled))


def traits(draft: Draft) -> Draft:
    """Columns of a snapshot that may tell leavers from stayers: few values, or numbers."""
    if draft.mapping.kind != "snapshots" or draft.read_before:
        return draft
    found = []
    for shape in draft.evidence.shapes:
        if shape.name in draft.used:
            continue
        question = Question(
            f"trait:{shape.name}",
            f"Is {shape.name!r} kept, to tell leavers from stayers by?",
            (("yes", "Yes, keep it"), ("no", "No, do not store it")),
            "columns",
            columns=(shape.name,),
        )
        draft = replace(draft, shown=(*draft.shown, question))
        said = draft.answers.get(question.id)
        if said == "yes" or (said is None and _is_trait(shape)):
            found.append(shape.name)
    draft = draft.because(dict.fromkeys(found, "may tell who leaves from who stays"))
    return draft.with_mapping(traits=tuple(found))


def _is_trait(shape: Shapes) -> bool:
    # A name, an address or a number of a person tells a customer, not a trait.
    if not shape.filled or shape.most("email") or IDS.search(normal(shape.name)):
        return False
    return shape.distinct <= _MOST_TRAIT_VALUES or shape.is_number


def told(draft: Draft) -> Draft:
    """What a person says about the file as a whole, without being asked."""
    answers, mapping = draft.answers, draft.mapping
    survey = answers.get("survey", "")
    if survey and mapping.kind in ("responses", "invitations"):
        draft = draft.with_constant("survey", survey)
    return draft.with_mapping(
        completeness=answers.get("completeness") or mapping.completeness,
        note=answers.get("note") or mapping.note,
        source=answers.get("source") or mapping.source,
        conflicts=answers.get("conflicts") or mapping.conflicts,
    )


def leftovers(draft: Draft) -> Draft:
    """Say which columns are stored nowhere, what a survey asked first.

    Those still asked about may be stored.
    """
    asked = {name for question in draft.open for name in question.columns}
    used = {*draft.mapping.sources, *asked, *spoken_of(draft)}
    left = [shape for shape in draft.evidence.shapes if shape.name not in used]
    if not left:
        return draft
    left.sort(key=lambda shape: not is_question(shape.label or shape.name))
    unused = [
        f"{shape.name} ({shape.label})" if is_question(shape.label) else shape.name
        for shape in left
    ]
    shown = ", ".join(unused[:8]) + (f" and {len(unused) - 8} more" if len(unused) > 8 else "")
    return draft.saying(f"Not stored, because nobody mapped them: {shown}.")
