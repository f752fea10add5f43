"""From what the columns hold to a proposed mapping and the questions that stay open.

A reading is a row of small steps, each of which takes a draft and returns the next one. Everything
that can be known is asked at once; only the kind of a file comes before the rest, because nothing
else can be known without it.
"""

from collections.abc import Callable
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass, replace
from typing import Final

from cxdash.facts.format import listed
from cxdash.intake.kinds import KINDS
from cxdash.intake.mapping import Mapping
from cxdash.intake.recognition.companions import leftovers, other_names, told, traits
from cxdash.intake.recognition.customers import customer_doubted, known_beside
from cxdash.intake.recognition.draft import Draft
from cxdash.intake.recognition.evidence import Evidence
from cxdash.intake.recognition.forms import forms
from cxdash.intake.recognition.helpdesk import not_kept, ticket_numbers
from cxdash.intake.recognition.items import items
from cxdash.intake.recognition.keys import keys
from cxdash.intake.recognition.kind import kind
from cxdash.intake.recognition.layouts import known_layout, stopped, take_layout
from cxdash.intake.recognition.money import money
from cxdash.intake.recognition.namesakes import namesakes, same_rows
from cxdash.intake.recognition.outlines import monthly_shape
from cxdash.intake.recognition.questions import Question
from cxdash.intake.recognition.remembered import Recalled, in_place_of
from cxdash.intake.recognition.roles import chosen_roles, from_words, needed_roles

__all__ = ["Reading", "read"]

Step = Callable[[Draft], Draft]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A mapping with what is still open about it.

    ``put`` are all questions, answered ones included; ``shown`` what the file shows itself or a
    person may say without being asked.
    """

    mapping: Mapping
    put: tuple[Question, ...]
    shown: tuple[Question, ...]
    questions: tuple[Question, ...]
    warnings: tuple[str, ...]
    why: Dictionary[str, str]
    recognised_as: str


def read(evidence: Evidence, answers: Dictionary[str, str]) -> Reading:
    """The mapping proposed under the answers given so far, and what is still to be asked."""
    draft = Draft(evidence=evidence, answers=answers, mapping=Mapping(kind="responses"))
    draft = _mentioned(_start(_doubts(draft)))
    for step in _STEPS if draft.sure else ():
        draft = step(draft)
    return Reading(
        mapping=draft.mapping,
        put=draft.put,
        shown=draft.shown,
        questions=draft.open,
        warnings=draft.warnings,
        why=draft.why,
        recognised_as=draft.recognised_as,
    )


def _doubts(draft: Draft) -> Draft:
    """What is open about the file itself comes first."""
    for doubt in draft.evidence.table.doubts:
        _, draft = draft.asking(Question(doubt.subject, doubt.text, doubt.options, "file"))
    return draft


def _start(draft: Draft) -> Draft:
    """Where the mapping starts from: one given or remembered, a layout we know, or its words."""
    evidence = draft.evidence
    wanted = draft.answers.get("kind") or evidence.kind
    if evidence.forced is not None and wanted in (None, evidence.forced.kind):
        known, draft = _known(draft, evidence.forced)
        if known:
            return draft
    if wanted is None and len(evidence.read_as) > 1:
        return _one_of(draft, evidence.read_as)
    recalled = evidence.recalled(wanted)
    if recalled is not None:
        known, draft = _recalled(draft, recalled)
        if known:
            return draft
    return _anew(draft, wanted)


def _anew(draft: Draft, wanted: str | None) -> Draft:
    """The mapping of an export we know, or an empty one of the kind the headers speak for."""
    evidence = draft.evidence
    layout = known_layout(evidence, wanted)
    if layout is not None:
        return take_layout(draft, layout)
    if wanted in KINDS:
        return _long(replace(draft, mapping=Mapping(kind=wanted)))
    if evidence.lines is not None and draft.answers.get("shape") != "plain":
        return _long(replace(draft, recognised_as=KINDS["responses"].title))
    return kind(draft)


def _known(draft: Draft, mapping: Mapping) -> tuple[bool, Draft]:
    """The mapping as it is, if the file has every column it reads."""
    absent = [name for name in mapping.sources if not draft.evidence.has(name)]
    if absent:
        return False, draft.saying(
            f"The mapping given reads {absent[0]!r}, which this file does not have; "
            "the columns are proposed anew."
        )
    after = replace(draft, mapping=mapping, recognised_as="a layout read before", read_before=True)
    return True, after


def _one_of(draft: Draft, kinds: tuple[str, ...]) -> Draft:
    """A layout that was read in two ways, such as tickets with what customers answered."""
    _, draft = draft.asking(
        Question(
            "kind",
            f"Files like {draft.evidence.table.scan.name} were read as "
            f"{listed([KINDS[kind].title for kind in kinds])} before. Which is it to be this time?",
            tuple((kind, KINDS[kind].title) for kind in kinds),
            "what",
        )
    )
    return replace(draft, mapping=Mapping(kind=kinds[0]), sure=False)


def _recalled(draft: Draft, recalled: Recalled) -> tuple[bool, Draft]:
    """What was said of the same columns before; a person says so where something has changed."""
    if recalled.is_same:
        return _known(draft, recalled.seen.mapping)
    said, draft = draft.asking(_as_before(recalled))
    if said == "new" or (said is None and recalled.gone):
        return False, draft
    mapping = recalled.seen.mapping
    if said is not None and said.startswith(_IN_PLACE):
        mapping = in_place_of(mapping, recalled.gone, said.removeprefix(_IN_PLACE))
    return _known(draft, mapping)


def _as_before(recalled: Recalled) -> Question:
    changed = [
        *(f"it also has {name!r}" for name in recalled.more[:3]),
        *(f"it lacks {name!r}" for name in recalled.fewer[:3]),
        *(f"the question of {name!r} is worded otherwise" for name in recalled.reworded[:3]),
    ]
    same = [("same", "Yes, as before")]
    if recalled.gone:
        same = [
            (f"{_IN_PLACE}{name}", f"Yes: {name!r} takes the place of {recalled.gone!r}")
            for name in recalled.more
        ]
    return Question(
        "layout",
        f"It looks like {recalled.seen.file_name}, which was read before, but "
        f"{', '.join(changed)}. Is it to be read the same way?",
        (*same, ("new", "No, propose it anew")),
        "what",
        columns=recalled.more,
    )


def _long(draft: Draft) -> Draft:
    """Take lines of questions as rows of responses."""
    lines = draft.evidence.lines
    if lines is None or draft.mapping.kind != "responses" or draft.answers.get("shape") == "plain":
        return draft
    spec = lines.spec
    draft = draft.saying(
        f"A line holds the answer to one question: {draft.evidence.rows:,} lines make "
        f"{lines.rows:,} responses, told apart by {' and '.join(spec.row)}."
    )
    draft = draft.because(
        {spec.question: "the question", spec.answer: "the answer"}
        | ({spec.value: "the answer as a number"} if spec.value else {})
    )
    return draft.with_mapping(long=spec)


def _mentioned(draft: Draft) -> Draft:
    """Roles, the kind and what is said of the file, which may be told without being asked."""
    header = [(shape.name, shape.name) for shape in draft.evidence.shapes]
    said = [
        Question("kind", "", tuple((name, found.title) for name, found in KINDS.items())),
        Question("completeness", "", tuple((name, name) for name in _COMPLETENESS)),
        Question("conflicts", "", (("reject", "Reject all"), ("last", "The last line counts"))),
        same_rows(draft.mapping.kind),
        Question("shape", "", (("plain", "A row is a line, a column is a column"),)),
        *(Question(name, "", (), free=True) for name in ("note", "source", "survey")),
        *(
            Question(f"role:{role}", "", (*header, ("", "none")))
            for role in KINDS[draft.mapping.kind].roles
        ),
    ]
    if draft.mapping.kind == "responses":
        choice = (("yes", "yes"), ("no", "no"))
        said += [Question(f"comment:{shape.name}", "", choice) for shape in draft.evidence.shapes]
    if draft.evidence.table.sheets:
        sheets = tuple((name, name) for name in draft.evidence.table.sheets)
        said.append(Question("sheet", "", sheets))
    said += [Question(name, "", (), free=True) for name in _OF_THE_FILE]
    said.append(Question("no_header", "", (("none", "no names"), ("first", "names in the first"))))
    return replace(draft, shown=(*draft.shown, *said))


_IN_PLACE: Final = "in place: "
_COMPLETENESS: Final = ("complete", "sample", "unknown")
_OF_THE_FILE: Final = ("encoding", "header_row", "fixed_width")
_STEPS: Final[tuple[Step, ...]] = (
    from_words,
    ticket_numbers,
    customer_doubted,
    chosen_roles,
    monthly_shape,
    needed_roles,
    items,
    forms,
    stopped,
    money,
    keys,
    other_names,
    traits,
    told,
    namesakes,
    not_kept,
    leftovers,
    known_beside,
)
