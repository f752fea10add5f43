"""From what the columns hold to a proposed mapping and the questions that stay open."""

import re
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Final

import duckdb

from cxdash.facts.definitions import definition
from cxdash.facts.format import counted
from cxdash.intake.kinds import KINDS
from cxdash.intake.mapping import (
    DATE_ORDERS,
    ColumnSpec,
    CommentSpec,
    FileSpec,
    Mapping,
    RejectRule,
    ScoreSpec,
)
from cxdash.intake.reading.staging import STAGED
from cxdash.intake.reading.table import Table
from cxdash.intake.recognition.forms import date_order, decimal_sign
from cxdash.intake.recognition.profile import Shapes
from cxdash.intake.recognition.remembered import Remembered
from cxdash.intake.recognition.scales import AnswerScale, score_spec, variants
from cxdash.intake.recognition.vocabulary import Item, Layout, normal, vocabulary

__all__ = ["Apart", "Evidence", "Question", "Reading", "read", "rows_apart"]

_MOST_ITEMS: Final = 40
_MOST_TRAIT_VALUES: Final = 30
_IDS: Final = re.compile(
    r"\b(id|number|no|nr|key|sequential|line|item|code|email|customer|account)\b"
)
_NO_ANSWER: Final = re.compile(
    r"id\b|\b(ip|duration|progress|finished|latitude|longitude|click|count|zip|age|year|version|tax"
    r"|password|birth)"
)
_ROW_IDS: Final = (
    "invoice id",
    "invoice number",
    "payment id",
    "transaction id",
    "charge id",
    "revenue id",
    "invoice",
    "id",
)
_MONTHS: Final = frozenset({"month", "monat", "mes", "period", "periode", "mois", "zeitraum"})
_GOOD_STATUS: Final = frozenset(
    {"active", "paid", "succeeded", "complete", "completed", "settled", "captured", "posted"}
    | {"refunded", "partially refunded", "closed won", "won", "bezahlt", "pago"}
)
# Roles that together mark a kind, and roles without any of which a file is of another kind.
_MARKED_BY: Final = {
    "revenue": {"amount", "dated"},
    "events": {"dated", "what"},
    "snapshots": {"customer_id", "has_left"},
}
_EMPTY_WITHOUT: Final = {
    "teams": {"headcount", "engagement", "turnover", "absence"},
    "metric_register": {"goal", "decision"},
    "snapshots": {"has_left"},
}
_CURRENCIES: Final = ("USD", "EUR", "GBP", "BRL", "CHF", "CAD", "AUD", "JPY", "INR", "SEK", "MXN")
_MARKS: Final = {"€": "EUR", "£": "GBP", "R$": "BRL", "₹": "INR"}


@dataclass(frozen=True, slots=True)
class Question:
    """Something only a person can decide.

    ``options`` are (value, what it means); an answer is one of the values. There is no default.
    """

    id: str
    text: str
    options: tuple[tuple[str, str], ...]
    default: str | None = None


@dataclass(frozen=True, slots=True)
class Apart:
    """What tells rows apart: distinct rows, and pairs of columns that name each of them.

    ``rows`` and ``distinct_rows`` leave out rows that do not line up with the header.
    """

    rows: int
    distinct_rows: int
    pairs: frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Everything known about a file before anybody is asked."""

    table: Table
    rows: int
    shapes: tuple[Shapes, ...]
    apart: Apart
    forced: Mapping | None
    kind: str | None
    remembered: Remembered | None
    settled: FileSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A mapping with what is still open about it."""

    mapping: Mapping
    questions: tuple[Question, ...]
    warnings: tuple[str, ...]
    why: Dictionary[str, str]
    recognised_as: str


def rows_apart(cur: duckdb.DuckDBPyConnection, table: Table, shapes: tuple[Shapes, ...]) -> Apart:
    """Count distinct rows; look for pairs of columns that name a row when no single one does."""
    every = ", ".join(f"c{at}" for at in range(len(table.header)))
    rows, distinct = cur.execute(
        f"SELECT count(*), count(DISTINCT hash({every})) FROM {STAGED} WHERE problem IS NULL"
    ).fetchall()[0]
    likely = [
        at
        for at, shape in enumerate(shapes)
        if (_IDS.search(normal(shape.name)) or shape.is_date) and shape.filled == shape.rows
    ][:8]
    pairs = set()
    for one, other in combinations(likely, 2):
        # A pair can only name the rows if its columns have enough values between them.
        if shapes[one].distinct * shapes[other].distinct < distinct:
            continue
        found = cur.execute(
            f"SELECT count(DISTINCT (c{one}, c{other})) FROM {STAGED} WHERE problem IS NULL"
        ).fetchall()[0][0]
        if found == distinct:
            pairs.add((table.header[one], table.header[other]))
    return Apart(rows, distinct, frozenset(pairs))


def read(evidence: Evidence, answers: Dictionary[str, str]) -> Reading:
    """The mapping proposed under the answers given so far, and what is still to be asked."""
    return _Reader(evidence, answers).read()


@dataclass(slots=True)
class _Reader:
    """One run of the recognition; collects questions, warnings and reasons on the way."""

    evidence: Evidence
    answers: Dictionary[str, str]
    questions: list[Question] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    why: dict[str, str] = field(default_factory=dict)
    recognised_as: str = ""

    def read(self) -> Reading:
        for doubt in self.evidence.table.doubts:
            self.ask(doubt.subject, doubt.text, doubt.options)
        mapping = self._base()
        mapping = self._chosen_roles(mapping)
        mapping = self._needed(mapping)
        mapping = self._forms(mapping)
        mapping = self._money(mapping)
        mapping = self._keys(mapping)
        mapping = self._other_names(mapping)
        mapping = self._traits(mapping)
        mapping = self._told(mapping)
        self._leftovers(mapping)
        return Reading(
            mapping=mapping,
            questions=tuple(self.questions),
            warnings=tuple(self.warnings),
            why=self.why,
            recognised_as=self.recognised_as,
        )

    def ask(self, id_: str, text: str, options: tuple[tuple[str, str], ...]) -> str | None:
        """The answer to a question; None, and the question stays open, if there is none yet."""
        given = self.answers.get(id_)
        # An answer outside the options counts too where the question allows any code or column.
        if given is not None:
            return given
        self.questions.append(Question(id_, text, options))
        return None

    def shape(self, name: str) -> Shapes | None:
        return next((shape for shape in self.evidence.shapes if shape.name == name), None)

    # -- where the mapping starts from ------------------------------------------------------

    def _base(self) -> Mapping:
        known = self.evidence.forced or (
            self.evidence.remembered.mapping if self.evidence.remembered else None
        )
        wanted = self.answers.get("kind") or self.evidence.kind
        if known is not None and (wanted is None or wanted == known.kind):
            absent = [name for name in known.sources if self.shape(name) is None]
            if not absent:
                self.recognised_as = "a layout read before"
                return known
            self.warnings.append(
                f"The mapping given reads {absent[0]!r}, which this file does not have; "
                "the columns are proposed anew."
            )
        layout = next(
            (
                layout
                for layout in vocabulary().layouts
                if layout.fits(self.evidence.table.header, self.evidence.table.tool)
                and (wanted is None or wanted == layout.kind)
            ),
            None,
        )
        if layout is not None:
            return self._from_layout(layout)
        return self._from_words(wanted)

    def _from_layout(self, layout: Layout) -> Mapping:
        self.recognised_as = layout.name
        if layout.warn:
            self.warnings.append(layout.warn)
        columns: dict[str, ColumnSpec] = {}
        for role, names in layout.columns.items():
            found = next((name for name in names if self._is_filled(name)), None)
            if found is None:
                continue
            self.why[found] = f"column of a {layout.name} export"
            if role in layout.ask:
                options = ((found, f"Yes: {found}"), *self._column_options(but=found), _NONE)
                answer = self.ask(
                    f"role:{role}",
                    f"Is {found!r} the name under which {_ROLE_WORDS.get(role, role)} is known "
                    "in your other files?",
                    options,
                )
                found = found if answer is None else answer
            if found:
                columns[role] = ColumnSpec(
                    found, minus=layout.minus.get(role, ""), times=layout.times.get(role, "")
                )
        reject = tuple(
            RejectRule(
                rule["column"],
                tuple(rule["values"]),
                rule["reason"],
                unless=bool(rule.get("unless", False)),
            )
            for rule in layout.reject
            if self.shape(rule["column"]) is not None
        )
        mapping = Mapping(kind=layout.kind, columns=columns, reject=reject, key=layout.key)
        return self._items(mapping, layout) if layout.kind == "responses" else mapping

    def _is_filled(self, name: str) -> bool:
        shape = self.shape(name)
        return shape is not None and shape.filled > 0

    def _from_words(self, wanted: str | None) -> Mapping:
        kind = wanted or self._kind()
        columns = self._exact_roles(kind)
        for role, spec in columns.items():
            self.why.setdefault(spec.column, f"named like {_ROLE_WORDS.get(role, role)}")
        mapping = Mapping(kind=kind, columns=columns)
        return self._items(mapping, None) if kind == "responses" else mapping

    def _kind(self) -> str:
        """The kind the headers speak for; asked unless one stands out."""
        scores = {kind: self._kind_score(kind) for kind in KINDS}
        ranked = sorted(scores, key=lambda kind: -scores[kind])
        best, second = ranked[0], ranked[1]
        sure = scores[best] >= 2 and scores[best] - scores[second] >= 1
        if sure:
            self.recognised_as = KINDS[best].title
            return best
        answer = self.ask(
            "kind",
            f"What does {self.evidence.table.scan.name} hold?",
            tuple((kind, KINDS[kind].title) for kind in ranked),
        )
        return answer or best

    def _kind_score(self, kind: str) -> float:
        found = self._exact_roles(kind)
        own = [role for role in found if role not in vocabulary().roles["fx"] or kind == "fx"]
        needed = [
            role
            for role in (*KINDS[kind].required, *KINDS[kind].key)
            if role not in ("currency", "revenue_kind")
        ]
        share = sum(role in found for role in needed) / max(1, len(needed))
        score = 2 * share + 0.25 * len(own)
        if kind == "responses":
            items = sum(self._item_of(shape)[1] == "exact" for shape in self.evidence.shapes)
            items += any(
                normal(shape.name) in vocabulary().comment.exact for shape in self.evidence.shapes
            )
            # Answers without a single item or comment are not answers.
            score += min(3, items) if items else -1
        if kind in _MARKED_BY and _MARKED_BY[kind] <= set(found):
            score += 1
        if kind in _EMPTY_WITHOUT and not _EMPTY_WITHOUT[kind] & set(found):
            score -= 1
        if kind in ("events", "metric_register") and self._speaks_of_customers():
            score -= 2
        if kind == "customers" and not self._names_each_row(found.get("customer_id")):
            score -= 2
        return score

    def _speaks_of_customers(self) -> bool:
        """Whether rows belong to customers or hold answers; a register holds neither."""
        return "customer_id" in self._exact_roles("contacts") or any(
            self._item_of(shape)[1] == "exact" for shape in self.evidence.shapes
        )

    def _names_each_row(self, spec: ColumnSpec | None) -> bool:
        shape = self.shape(spec.column) if spec else None
        return shape is not None and shape.distinct >= 0.9 * self.evidence.apart.distinct_rows

    def _exact_roles(self, kind: str) -> dict[str, ColumnSpec]:
        """Roles whose words equal a header, in the order of likelihood; a column has one role."""
        taken: set[str] = set()
        found: dict[str, ColumnSpec] = {}
        ordered = sorted(
            vocabulary().roles[kind].items(), key=lambda item: item[0] not in KINDS[kind].required
        )
        for role, words in ordered:
            match = next(
                (
                    shape.name
                    for word in words
                    for shape in self.evidence.shapes
                    if normal(shape.name) == word
                    and shape.name not in taken
                    and self._fits_type(shape, KINDS[kind].roles[role])
                ),
                None,
            )
            if match is not None:
                taken.add(match)
                found[role] = ColumnSpec(match)
        return found

    @staticmethod
    def _fits_type(shape: Shapes, sql_type: str) -> bool:
        if shape.filled == 0:
            return False
        if sql_type in ("DATE", "TIMESTAMP"):
            return shape.is_date or shape.most("epoch_s", "epoch_ms") or shape.most("excel")
        if sql_type.startswith("DECIMAL") or sql_type == "DOUBLE":
            return shape.counts["number_dot"] + shape.counts["number_comma"] > 0 or shape.filled < 5
        return True

    # -- survey items -----------------------------------------------------------------------

    def _items(self, mapping: Mapping, layout: Layout | None) -> Mapping:
        used = {spec.column for spec in mapping.columns.values()}
        used |= {rule.column for rule in mapping.reject}
        ignored = layout.ignore if layout else ()
        scores: list[ScoreSpec] = []
        comments: list[CommentSpec] = []
        for shape in self.evidence.shapes:
            if shape.name in used or shape.filled == 0 or shape.name.endswith(ignored or ("\0",)):
                continue
            if self._is_comment(shape, used):
                comments.append(CommentSpec(_item_name(shape), shape.name))
                self.why[shape.name] = "named like a comment"
                continue
            score = self._score(shape, surveyed=layout is not None, taken=len(scores))
            if score is not None:
                scores.append(score)
        return replace(mapping, scores=_unique(scores), comments=tuple(comments))

    def _is_comment(self, shape: Shapes, used: set[str]) -> bool:
        chosen = self.answers.get(f"comment:{shape.name}")
        if chosen is not None:
            return chosen == "yes"
        if f"scale:{shape.name}" in self.answers or shape.name in used:
            return False
        words = {normal(shape.name), normal(shape.label)}
        if words & vocabulary().comment.exact:
            return True
        named = any(_says(word, text) for word in vocabulary().comment.part for text in words)
        return named and not shape.is_number and shape.distinct > 0.5 * min(shape.filled, 50)

    def _item_of(self, shape: Shapes) -> tuple[Item | None, str]:
        """The item a column's words speak of, and whether exactly or in part."""
        texts = [text for text in (normal(shape.name), normal(shape.label)) if text]
        for item in vocabulary().items:
            if any(text in item.exact for text in texts):
                return item, "exact"
        for item in vocabulary().items:
            if any(_says(word, text) for word in item.part for text in texts):
                return item, "part"
        return None, ""

    def _score(self, shape: Shapes, *, surveyed: bool, taken: int) -> ScoreSpec | None:
        """The score a column holds, as far as it shows or a person said; None if it holds none."""
        chosen = self.answers.get(f"scale:{shape.name}")
        item, how = self._item_of(shape)
        exact = item if how == "exact" else None
        scale = AnswerScale.of(shape)
        if chosen is None:
            if exact is not None and scale is None:
                self._ask_unreadable(shape, exact)
            elif scale is not None and self._may_be_score(shape, item, surveyed, taken):
                chosen = self._scale(shape, scale, item, exact)
        if not chosen or chosen == "skip":
            return None
        variant, _, turned = chosen.partition(":")
        name = exact.name if exact else _item_name(shape)
        self.why.setdefault(shape.name, "survey item")
        values = scale.values if scale else ()
        return score_spec(name, shape, variant, values, high_is_good=turned != "low_is_good")

    @staticmethod
    def _may_be_score(shape: Shapes, item: Item | None, surveyed: bool, taken: int) -> bool:
        """Whether a person should be asked about a column whose cells could be answers."""
        if taken >= _MOST_ITEMS:
            return False
        return item is not None or (surveyed and not _NO_ANSWER.search(normal(shape.name)))

    def _scale(
        self, shape: Shapes, scale: AnswerScale, item: Item | None, exact: Item | None
    ) -> str:
        """The variant the answers settle; else the likeliest one, with the question left open."""
        settled = scale.settles(exact) if exact else ""
        if exact and settled:
            self.why[shape.name] = f"named {exact.name}, answers fit {definition(settled).name}"
            return settled
        options = variants(item, scale)
        if not options:
            return ""
        label = f" ({shape.label})" if shape.label else ""
        self.questions.append(
            Question(
                f"scale:{shape.name}",
                f"What does {shape.name!r}{label} ask, and on which scale? {scale.told}",
                (*options, ("skip", "It is no score; leave it out")),
            )
        )
        return options[0][0]

    def _ask_unreadable(self, shape: Shapes, item: Item) -> None:
        """A column named like a score whose cells are none is not left out in silence."""
        self.questions.append(
            Question(
                f"scale:{shape.name}",
                f"{shape.name!r} is named like a score, but its cells are not numbers on one of "
                f"its scales ({', '.join(shape.samples[:3])}). Rows that do not fit are rejected.",
                (*variants(item, None), ("skip", "It is no score; leave it out")),
            )
        )

    # -- roles ------------------------------------------------------------------------------

    def _chosen_roles(self, mapping: Mapping) -> Mapping:
        columns = dict(mapping.columns)
        for role in KINDS[mapping.kind].roles:
            chosen = self.answers.get(f"role:{role}")
            if chosen is None:
                continue
            if chosen == "":
                columns.pop(role, None)
            elif self.shape(chosen) is not None:
                kept = columns.get(role)
                columns[role] = kept if kept and kept.column == chosen else ColumnSpec(chosen)
        return replace(mapping, columns=columns)

    def _needed(self, mapping: Mapping) -> Mapping:
        kind = KINDS[mapping.kind]
        if mapping.kind == "revenue" and "revenue_kind" in mapping.missing():
            answer = self.ask(
                "revenue_kind",
                "What kind of revenue is this? (Negative amounts count as refunds in any case.)",
                (
                    ("recurring", "Recurring: subscriptions, contracts, retainers"),
                    ("one-off", "One-off: orders, projects, single payments"),
                ),
            )
            if answer:
                mapping = replace(mapping, constants={**mapping.constants, "revenue_kind": answer})
        for role in mapping.missing():
            if role not in ("currency", "revenue_kind"):
                mapping = self._ask_role(mapping, role)
        linked = {"customer_id", "order_id"} & (set(mapping.columns) | set(mapping.constants))
        asked = "role:customer_id" in {question.id for question in self.questions}
        if "customer_id" in kind.roles and not linked and not asked:
            mapping = self._ask_role(mapping, "customer_id", optional=True)
        return mapping

    def _ask_role(self, mapping: Mapping, role: str, *, optional: bool = False) -> Mapping:
        sql_type = KINDS[mapping.kind].roles[role]
        fitting = [s.name for s in self.evidence.shapes if self._fits_type(s, sql_type)]
        weak = [name for name in fitting if self._weakly(mapping.kind, role, name)]
        order = dict.fromkeys([*weak, *fitting])
        options = tuple((name, self._described(name)) for name in order)
        words = _ROLE_WORDS.get(role, role.replace("_", " "))
        if not options:
            self.questions.append(
                Question(
                    f"role:{role}",
                    f"No column looks as if it held {words}. Export the file again with it.",
                    (),
                )
            )
            return mapping
        if optional:
            options = (*options, _NONE)
        answer = self.ask(
            f"role:{role}",
            f"Which column holds {words}?",
            options,
        )
        if answer and self.shape(answer) is not None:
            return mapping.with_columns({role: ColumnSpec(answer)})
        return mapping

    def _weakly(self, kind: str, role: str, name: str) -> bool:
        text = normal(name)
        return any(_says(word, text) for word in vocabulary().roles[kind].get(role, ()))

    def _described(self, name: str) -> str:
        shape = self.shape(name)
        samples = ", ".join(shape.samples[:3]) if shape else ""
        return f"{name}: {samples}"

    def _column_options(self, but: str = "") -> tuple[tuple[str, str], ...]:
        return tuple(
            (shape.name, self._described(shape.name))
            for shape in self.evidence.shapes
            if shape.name != but
        )

    # -- forms of dates and numbers ---------------------------------------------------------

    def _forms(self, mapping: Mapping) -> Mapping:
        columns = dict(mapping.columns)
        zoned = bare = 0
        for role, spec in mapping.columns.items():
            sql_type = KINDS[mapping.kind].roles[role]
            shape = self.shape(spec.column)
            if shape is None:
                continue
            if sql_type in ("DATE", "TIMESTAMP"):
                columns[role] = replace(spec, dates=self._date_order(shape, spec.dates))
                zoned += shape.counts["zoned"]
                bare += max(0, shape.counts["timed"] - shape.counts["zoned"])
            elif sql_type.startswith("DECIMAL") or sql_type == "DOUBLE":
                columns[role] = replace(spec, decimal=self._decimal(shape, spec.decimal))
        time_zone = mapping.time_zone
        if zoned and bare and not time_zone:
            time_zone = (
                self.ask(
                    "time_zone",
                    f"{zoned:,} times are written with their offset from UTC and {bare:,} without. "
                    "In which time zone were those without written?",
                    (
                        ("UTC", "UTC"),
                        ("Europe/Berlin", "Central Europe"),
                        ("Europe/London", "United Kingdom"),
                        ("America/New_York", "US East"),
                        ("America/Los_Angeles", "US West"),
                        ("America/Sao_Paulo", "Brazil"),
                    ),
                )
                or ""
            )
        return replace(mapping, columns=columns, time_zone=time_zone)

    def _date_order(self, shape: Shapes, known: str) -> str:
        """The order of day and month the whole column settles, else what a person says."""
        order, options = date_order(shape, known)
        if order:
            return order
        sample = ", ".join(shape.samples[:3])
        answer = self.ask(
            f"dates:{shape.name}",
            f"How are the dates in {shape.name!r} written ({sample})?",
            tuple((option, DATE_ORDERS[option]) for option in options),
        )
        return answer or known

    def _decimal(self, shape: Shapes, known: str) -> str:
        """The decimal sign the whole column settles, else what a person says."""
        sign = decimal_sign(shape, known)
        if sign:
            return sign
        sample = ", ".join(shape.samples[:3])
        answer = self.ask(
            f"decimal:{shape.name}",
            f"Which sign separates the decimals in {shape.name!r} ({sample})?",
            ((".", "The point: 1,234.50"), (",", "The comma: 1.234,50")),
        )
        return answer or ""

    # -- money ------------------------------------------------------------------------------

    def _money(self, mapping: Mapping) -> Mapping:
        if mapping.kind == "control_totals" or "currency" not in KINDS[mapping.kind].roles:
            return mapping
        if mapping.kind != "fx":
            mapping = self._currency(mapping)
        if mapping.kind == "revenue":
            mapping = self._status(mapping)
        return mapping

    def _currency(self, mapping: Mapping) -> Mapping:
        money = next(
            (r for r in ("amount", "monthly_amount", "cost") if r in mapping.columns), None
        )
        if money is None:
            return mapping
        if "currency" not in mapping.columns and "currency" not in mapping.constants:
            marks = self._marks(mapping.columns[money].column)
            if marks and len(marks) == 1:
                code = next(iter(marks))
                return replace(mapping, constants={**mapping.constants, "currency": code})
            answer = self.ask(
                "currency",
                "No column names the currency. In which currency are the amounts?",
                tuple((code, code) for code in _CURRENCIES),
            )
            if answer:
                constants = {**mapping.constants, "currency": answer.strip().upper()}
                return replace(mapping, constants=constants)
            return mapping
        if "currency" in mapping.columns:
            return self._currency_column(mapping)
        return mapping

    def _marks(self, column: str) -> set[str] | None:
        """Currencies the marks in the amounts name, if every amount carries an unmistakable one."""
        shape = self.shape(column)
        if shape is None or shape.values is None:
            return None
        found = set()
        for value in shape.values:
            code = next((code for mark, code in _MARKS.items() if mark in value), None)
            if code is None:
                return None
            found.add(code)
        return found

    def _currency_column(self, mapping: Mapping) -> Mapping:
        shape = self.shape(mapping.columns["currency"].column)
        if shape is None:
            return mapping
        codes = sorted({value.upper() for value in shape.values or ()})
        empty = shape.rows - shape.filled
        if empty and "currency" not in mapping.constants:
            answer = self.ask(
                "currency_missing",
                f"{counted(empty, 'row names', 'rows name')} no currency. What about "
                f"{'it' if empty == 1 else 'them'}?",
                (("reject", "Do not load them"), *((code, f"They are {code}") for code in codes)),
            )
            if answer and answer != "reject":
                mapping = replace(mapping, constants={**mapping.constants, "currency": answer})
        if len(codes) > 1 and mapping.currencies != "several":
            answer = self.ask(
                "currencies",
                f"The amounts are in {len(codes)} currencies ({', '.join(codes[:6])}). They are "
                "kept apart and never added up without exchange rates. Is that right?",
                (
                    ("several", "Yes, load each in its own currency"),
                    ("wrong", "No, the column is wrong; I will export again"),
                ),
            )
            if answer == "several":
                mapping = replace(mapping, currencies="several")
            elif answer == "wrong":
                self.questions.append(
                    Question("currencies", "Export the file again with the right currency.", ())
                )
        return mapping

    def _status(self, mapping: Mapping) -> Mapping:
        """A status column may say that some amounts never became money."""
        if any(normal(rule.column) == "status" for rule in mapping.reject):
            return mapping
        shape = next((s for s in self.evidence.shapes if normal(s.name) == "status"), None)
        if shape is None or not shape.filled:
            return mapping
        words = {value.lower() for value in shape.values or ("?",)}
        known = self.evidence.remembered is not None or self.evidence.forced is not None
        if words <= _GOOD_STATUS and not self.answers.get(f"status:{shape.name}"):
            return mapping
        listed = [(f"only:{value}", f"Only rows that say {value}") for value in shape.values or ()]
        text = "in spite of the mapping used before " if known else ""
        answer = self.ask(
            f"status:{shape.name}",
            f"{shape.name!r} says {', '.join(list(shape.values or ())[:6])}. Which rows are money "
            f"that was really earned {text}?".replace(" ?", "?"),
            (("all", "Every row counts"), *listed),
        )
        if answer and answer.startswith("only:"):
            values = tuple(answer.removeprefix("only:").split("|"))
            rule = RejectRule(
                shape.name, values, f"its {shape.name} is not {' or '.join(values)}", unless=True
            )
            return replace(mapping, reject=(*mapping.reject, rule))
        return mapping

    # -- what names a row -------------------------------------------------------------------

    def _keys(self, mapping: Mapping) -> Mapping:
        if mapping.key:
            return self._customer_months(self._checked_key(mapping))
        kind = KINDS[mapping.kind]
        if mapping.kind == "revenue":
            mapping = self._revenue_key(mapping)
        elif kind.own_id and kind.own_id in mapping.columns:
            mapping = self._composite(mapping, mapping.columns[kind.own_id].column)
        if not mapping.key and not (kind.key and set(kind.key) <= set(mapping.columns)):
            mapping = self._repeats(mapping)
        return mapping

    def _names_rows(self, *names: str) -> bool:
        if len(names) == 1:
            shape = self.shape(names[0])
            return shape is not None and shape.distinct >= self.evidence.apart.distinct_rows
        pair = tuple(sorted(names))
        return any(tuple(sorted(found)) == pair for found in self.evidence.apart.pairs)

    def _checked_key(self, mapping: Mapping) -> Mapping:
        known = self.evidence.remembered is not None or self.evidence.forced is not None
        if known or len(mapping.key) > 2 or self._names_rows(*mapping.key):
            return mapping
        self.warnings.append(
            f"{' and '.join(mapping.key)} do not name each row; rows that share them are rejected "
            "when they differ."
        )
        return mapping

    def _revenue_key(self, mapping: Mapping) -> Mapping:
        named = next(
            (
                shape.name
                for word in _ROW_IDS
                for shape in self.evidence.shapes
                if normal(shape.name) == word and shape.filled == shape.rows
            ),
            None,
        )
        if named is not None:
            return self._composite(replace(mapping, key=(named,)), named)
        customer, dated = mapping.columns.get("customer_id"), mapping.columns.get("dated")
        if customer and dated:
            shape = self.shape(dated.column)
            monthly = normal(dated.column) in _MONTHS or (shape is not None and shape.all("ym"))
            if monthly and self._names_rows(customer.column, dated.column):
                self.warnings.append(
                    f"A row is named by {customer.column} and {dated.column}: a later file with "
                    "another amount for the same customer and month replaces this one."
                )
                return self._customer_months(replace(mapping, key=(customer.column, dated.column)))
        order = mapping.columns.get("order_id")
        if order is not None:
            return self._composite(mapping, order.column, alone_by_default=False)
        return mapping

    def _customer_months(self, mapping: Mapping) -> Mapping:
        """Equal rows of one customer and month may be two payments or one written twice."""
        customer, dated = mapping.columns.get("customer_id"), mapping.columns.get("dated")
        if not customer or not dated or mapping.key != (customer.column, dated.column):
            return mapping
        asked = self._repeats(mapping)
        return replace(asked, key=()) if asked.repeats == "keep" else asked

    def _other_names(self, mapping: Mapping) -> Mapping:
        """Columns of a customer file under which other files may know the customer."""
        if mapping.kind != "customers" or self.recognised_as == "a layout read before":
            return mapping
        aliases = list(mapping.aliases)
        used = {spec.column for spec in mapping.columns.values()}
        for shape in self.evidence.shapes:
            if shape.name in used or shape.name in aliases or not shape.filled:
                continue
            offered = shape.most("email") or re.search(r"\bid\b|number\b", normal(shape.name))
            if not offered and f"alias:{shape.name}" not in self.answers:
                continue
            answer = self.ask(
                f"alias:{shape.name}",
                f"Do other files, for example the survey, name customers by {shape.name!r} "
                f"({', '.join(shape.samples[:2])})?",
                (("yes", "Yes, keep it to match by"), ("no", "No, do not store it")),
            )
            if answer == "yes":
                aliases.append(shape.name)
        return replace(mapping, aliases=tuple(aliases))

    def _traits(self, mapping: Mapping) -> Mapping:
        """Columns of a snapshot that may tell leavers from stayers: few values, or numbers."""
        if mapping.kind != "snapshots" or self.recognised_as == "a layout read before":
            return mapping
        used = {spec.column for spec in mapping.columns.values()}
        traits = [
            shape.name
            for shape in self.evidence.shapes
            if shape.name not in used and self._is_trait(shape)
        ]
        self.why |= dict.fromkeys(traits, "may tell who leaves from who stays")
        return replace(mapping, traits=tuple(traits))

    def _is_trait(self, shape: Shapes) -> bool:
        chosen = self.answers.get(f"trait:{shape.name}")
        if chosen is not None:
            return chosen == "yes"
        # A name, an address or a number of a person tells a customer, not a trait.
        if not shape.filled or shape.most("email") or _IDS.search(normal(shape.name)):
            return False
        return shape.distinct <= _MOST_TRAIT_VALUES or shape.is_number

    def _told(self, mapping: Mapping) -> Mapping:
        """What a person says about the file as a whole, without being asked."""
        survey = self.answers.get("survey", "")
        if survey and mapping.kind in ("responses", "invitations"):
            mapping = replace(mapping, constants={**mapping.constants, "survey": survey})
        return replace(
            mapping,
            completeness=self.answers.get("completeness") or mapping.completeness,
            note=self.answers.get("note") or mapping.note,
            source=self.answers.get("source") or mapping.source,
            conflicts=self.answers.get("conflicts") or mapping.conflicts,
        )

    def _composite(
        self, mapping: Mapping, column: str, *, alone_by_default: bool = True
    ) -> Mapping:
        """Offer a pair of columns when the id alone does not name each row."""
        if self._names_rows(column):
            return mapping if alone_by_default else replace(mapping, key=(column,))
        pairs = sorted(pair for pair in self.evidence.apart.pairs if column in pair)
        if not pairs:
            return mapping
        options = [
            ("|".join(_first(column, pair)), " and ".join(_first(column, pair))) for pair in pairs
        ]
        answer = self.ask(
            "key",
            f"{column!r} stands on several different rows. What names a row?",
            (*options, (column, f"{column} alone; rows that differ are rejected")),
        )
        names = tuple((answer or options[0][0]).split("|"))
        return replace(mapping, key=names)

    def _repeats(self, mapping: Mapping) -> Mapping:
        equal = self.evidence.apart.rows - self.evidence.apart.distinct_rows
        if equal <= 0 or mapping.repeats:
            return mapping
        answer = self.ask(
            "repeats",
            f"No column names a row, and {counted(equal, 'row is', 'rows are')} equal to "
            "another one. Are they separate events, or the same event twice?",
            (
                ("keep", "Separate events: keep them all"),
                ("drop", "The same twice: drop the extra"),
            ),
        )
        return replace(mapping, repeats=answer) if answer in ("keep", "drop") else mapping

    def _leftovers(self, mapping: Mapping) -> None:
        unused = [name for name in self.evidence.table.header if name not in mapping.sources]
        if unused:
            shown = ", ".join(unused[:8]) + (" and others" if len(unused) > 8 else "")
            self.warnings.append(f"Not stored, because nobody mapped them: {shown}.")


_NONE: Final = ("", "None of them")
_ROLE_WORDS: Final = {
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
}


def _item_name(shape: Shapes) -> str:
    """A short stable name for an item, from its column."""
    return re.sub(r"\s+", "_", normal(shape.name))[:40] or "item"


def _unique(scores: list[ScoreSpec]) -> tuple[ScoreSpec, ...]:
    seen: dict[str, int] = {}
    unique = []
    for score in scores:
        seen[score.item] = seen.get(score.item, 0) + 1
        count = seen[score.item]
        unique.append(score if count == 1 else replace(score, item=f"{score.item}_{count}"))
    return tuple(unique)


def _first(column: str, pair: tuple[str, str]) -> tuple[str, str]:
    return pair if pair[0] == column else (pair[1], pair[0])


def _says(word: str, text: str) -> bool:
    """Whether the text holds the word at the start of one of its words."""
    return f" {word}" in f" {text}"
