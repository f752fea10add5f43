"""Which column has which role: by its name, by what a person said, or by asking."""

import re
from typing import Final

from cxdash.intake.kinds import KINDS
from cxdash.intake.mapping import ColumnSpec
from cxdash.intake.recognition.draft import Draft
from cxdash.intake.recognition.evidence import Evidence
from cxdash.intake.recognition.profile import Shapes
from cxdash.intake.recognition.questions import NONE, Question
from cxdash.intake.recognition.scores import says
from cxdash.intake.recognition.vocabulary import normal, spellings, vocabulary

__all__ = ["ROLE_WORDS", "chosen_roles", "fits_type", "from_words", "named_roles", "needed_roles"]

ROLE_WORDS: Final = {
    "customer_id": "the customer",
    "order_id": "the order",
    "response_id": "the number of the answer",
    "answered_at": "the time of the answer",
    "amount": "the amount of money",
    "dated": "the date of the money",
    "started_on": "the start",
    "sent_at": "the time of the invitation",
    "contacted_at": "the time of the contact",
    "period": "the month",
    "arm": "the group",
    "pilot": "the name of the pilot",
    "unit": "the unit or team",
    "measure": "what the total measures",
    "rate": "the exchange rate",
    "what": "what happened",
    "metric": "the metric",
    "has_left": "whether the customer has left",
}


_OF_A_DAY: Final = re.compile(
    r"\b(date|day|at|on|time|timestamp|utc|since|until|created|updated|joined|registered|datum|seit"
    r"|fecha|data|desde)\b"
)
_ID_WORDS: Final = re.compile(r"\b(id|no|nr|number|key|code|email|mail|account|customer|client)\b")


def named_roles(evidence: Evidence, kind: str) -> dict[str, ColumnSpec]:
    """Roles whose words equal a header, in the order of likelihood; a column has one role."""
    taken: set[str] = set()
    found: dict[str, ColumnSpec] = {}
    ordered = sorted(
        vocabulary().roles[kind].items(), key=lambda item: item[0] not in KINDS[kind].required
    )
    for role, words in ordered:
        needed = role in KINDS[kind].required
        match = _match(evidence, words, KINDS[kind].roles[role], taken, needed=needed)
        if match is not None:
            taken.add(match)
            found[role] = ColumnSpec(match)
    return found


def _match(
    evidence: Evidence, words: tuple[str, ...], sql_type: str, taken: set[str], *, needed: bool
) -> str | None:
    """The column whose name is one of the words: as it is, else without what stands beside it."""
    open_ = [
        shape
        for shape in evidence.shapes
        if shape.name not in taken
        and fits_type(shape, sql_type)
        and (needed or not _may_be_numbers(shape, sql_type))
    ]
    for bare in (False, True):
        for word in words:
            for shape in open_:
                names = spellings(shape.name)
                if word in (names[1:] if bare else names[:1]):
                    return shape.name
    return None


def fits_type(shape: Shapes, sql_type: str) -> bool:
    """Whether the cells of a column could be read as that type."""
    if shape.filled == 0:
        return False
    if sql_type in ("DATE", "TIMESTAMP"):
        return shape.is_date or shape.most("epoch_s", "epoch_ms") or shape.most("excel")
    if sql_type.startswith("DECIMAL") or sql_type == "DOUBLE":
        return shape.counts["number_dot"] + shape.counts["number_comma"] > 0 or shape.filled < 5
    return True


def _may_be_numbers(shape: Shapes, sql_type: str) -> bool:
    """Whether what could be days counted from a first one may as well be numbers of something.

    ``first_order`` with 45001 in it holds orders, not days, unless the header speaks of a day.
    """
    if sql_type not in ("DATE", "TIMESTAMP") or shape.is_date:
        return False
    return not _OF_A_DAY.search(normal(shape.name))


def from_words(draft: Draft) -> Draft:
    """Give every role its column where the header says so."""
    if draft.read_before or draft.layout is not None:
        return draft
    kind = draft.mapping.kind
    columns = {**named_roles(draft.evidence, kind), **draft.mapping.columns}
    draft = draft.because(
        {
            spec.column: f"named like {ROLE_WORDS.get(role, role.replace('_', ' '))}"
            for role, spec in columns.items()
        }
    )
    return draft.with_mapping(columns=columns)


def chosen_roles(draft: Draft) -> Draft:
    """What a person said about roles, asked or not, stands above what was found."""
    columns = dict(draft.mapping.columns)
    for role in KINDS[draft.mapping.kind].roles:
        chosen = draft.answers.get(f"role:{role}")
        if chosen is None:
            continue
        if chosen == "":
            columns.pop(role, None)
        elif draft.evidence.has(chosen):
            kept = columns.get(role)
            columns[role] = kept if kept and kept.column == chosen else ColumnSpec(chosen)
    return draft.with_mapping(columns=columns)


def needed_roles(draft: Draft) -> Draft:
    """Ask for every role the kind cannot do without."""
    kind = KINDS[draft.mapping.kind]
    if draft.mapping.kind == "revenue" and "revenue_kind" in draft.mapping.missing():
        said, draft = draft.asking(
            Question(
                "revenue_kind",
                "What kind of revenue is this? (Negative amounts count as refunds in any case.)",
                (
                    ("recurring", "Recurring: subscriptions, contracts, retainers"),
                    ("one-off", "One-off: orders, projects, single payments"),
                ),
                "money",
            )
        )
        if said:
            draft = draft.with_constant("revenue_kind", said)
    for role in draft.mapping.missing():
        if role not in ("currency", "revenue_kind"):
            draft = _ask(draft, role)
    linked = {"customer_id", "order_id"} & (
        set(draft.mapping.columns) | set(draft.mapping.constants)
    )
    asked = any(question.id == "role:customer_id" for question in draft.put)
    if "customer_id" in kind.roles and not linked and not asked and not draft.read_before:
        draft = _ask(draft, "customer_id", optional=True)
    return draft


def _ask(draft: Draft, role: str, *, optional: bool = False) -> Draft:
    kind = draft.mapping.kind
    sql_type = KINDS[kind].roles[role]
    fitting = [shape for shape in draft.evidence.shapes if fits_type(shape, sql_type)]
    words = _words(role)
    if not fitting:
        return _nowhere(draft, role, sql_type)
    ordered = sorted(fitting, key=lambda shape: _unlikely(draft, role, shape))
    likely = [shape for shape in ordered if _unlikely(draft, role, shape) < 2]
    rest = [shape for shape in ordered if shape not in likely]
    options = [(shape.name, described(shape)) for shape in likely]
    options += [NONE] if optional else []
    options += [(shape.name, described(shape)) for shape in rest]
    said, draft = draft.asking(
        Question(
            f"role:{role}",
            f"Which column holds {words}?",
            tuple(options),
            "columns",
            columns=tuple(shape.name for shape in ordered if _unlikely(draft, role, shape) < 3),
        )
    )
    if said and draft.evidence.has(said):
        return draft.with_column(role, ColumnSpec(said))
    return draft


def _nowhere(draft: Draft, role: str, sql_type: str) -> Draft:
    """No column can hold the role: a day may be told for all rows, anything else is exported anew.

    A day that is told is read as any other and refused if it is none.
    """
    if sql_type in ("DATE", "TIMESTAMP"):
        said, draft = draft.asking(
            Question(
                f"fixed:{role}",
                f"No column holds {_words(role)}. If one day is near enough for all rows, which "
                "one (such as 2026-03-05)? Else export the file again with the dates.",
                (),
                "columns",
                free=True,
            )
        )
        return draft.with_constant(role, said.strip()) if said else draft
    _, draft = draft.asking(
        Question(
            f"role:{role}",
            f"No column looks as if it held {_words(role)}. Export the file again with it.",
            (),
            "columns",
        )
    )
    return draft


def _unlikely(draft: Draft, role: str, shape: Shapes) -> int:
    """How little speaks for a column: 0 its name, 1 its form, 2 nothing, 3 and more another use."""
    text = normal(shape.name)
    words = vocabulary().roles[draft.mapping.kind].get(role, ())
    tests = (
        (6, shape.name.lower().startswith("_fivetran")),
        (3, shape.name in draft.used or shape.name in {s.column for s in draft.mapping.scores}),
        (0, any(says(word, text) for word in words)),
        (1, role.endswith("_id") and (shape.most("email") or bool(_ID_WORDS.search(text)))),
        (4, role.endswith("_id") and (shape.is_date or shape.length > 60)),
    )
    return next((place for place, holds in tests if holds), 2)


def _words(role: str) -> str:
    return ROLE_WORDS.get(role, role.replace("_", " "))


def described(shape: Shapes) -> str:
    return f"{shape.name}: {', '.join(shape.samples[:3])}"
