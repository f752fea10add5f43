"""Whether a file has a line a question, or a column a month, instead of a row a fact."""

import re
from datetime import date
from typing import Final

import duckdb

from cxdash.intake.mapping import AMOUNT, MONTH, ColumnSpec, LongSpec, Mapping
from cxdash.intake.reading.staging import STAGED
from cxdash.intake.reading.table import Table
from cxdash.intake.recognition.draft import Draft
from cxdash.intake.recognition.evidence import Lines
from cxdash.intake.recognition.profile import Shapes, profile
from cxdash.intake.recognition.vocabulary import normal
from cxdash.intake.shaping import gathered, questions_in, reshape

__all__ = ["lines_of", "long_shape", "month_of", "monthly_shape", "months_in"]

_QUESTION: Final = (
    *("question", "question text", "question title", "question label", "question name", "item"),
    *("frage", "fragetext", "pregunta", "pergunta", "intitule question", "question id", "metric"),
    *("question description", "survey question", "item name", "variable"),
)
_ANSWER: Final = (
    *("answer", "answer text", "response", "response text", "answer value", "value", "score"),
    *("antwort", "antworttext", "reponse", "respuesta", "resposta", "answer label", "choice"),
    *("choice text", "rating"),
)
_VALUE: Final = (
    "value",
    "score",
    "answer value",
    "numeric value",
    "answer number",
    "wert",
    "valor",
)
_RESPONSE: Final = (
    *("response id", "responseid", "respondent id", "respondentid", "survey response id"),
    *("answer id", "submission id", "interview id", "antwort id", "id respuesta", "id resposta"),
    *("id reponse", "respondent", "participant id", "case id", "result id"),
)
_MOST_QUESTIONS: Final = 200
_LEAST_MONTHS: Final = 3
_MONTH_WORDS: Final = (
    ("jan", "ene", "janv"),
    ("feb", "fev", "fevr"),
    ("mar", "mrz", "marz", "mars"),
    ("apr", "abr", "avr"),
    ("may", "mai", "maio"),
    ("jun", "juin"),
    ("jul", "juil"),
    ("aug", "ago", "aou"),
    ("sep", "set"),
    ("oct", "okt", "out"),
    ("nov",),
    ("dec", "dez", "dic"),
)


def long_shape(shapes: tuple[Shapes, ...]) -> LongSpec | None:
    """The columns of response, question and answer of a file with a line for each; else None."""
    row = _first(shapes, _RESPONSE, ())
    question = _first(shapes, _QUESTION, ())
    if row is None or question is None or question.distinct > _MOST_QUESTIONS:
        return None
    answer = _first(shapes, _ANSWER, (question.name,))
    # A response answers several questions, a question is answered by several responses.
    repeats = row.distinct < row.filled and question.distinct < question.filled
    if answer is None or not repeats or question.distinct < 2 or answer.is_date:
        return None
    value = _first(shapes, _VALUE, (question.name, answer.name))
    is_value = value is not None and value.is_number and not answer.is_number
    return LongSpec(
        (row.name,), question.name, answer.name, value.name if value and is_value else ""
    )


def _first(
    shapes: tuple[Shapes, ...], words: tuple[str, ...], but: tuple[str, ...]
) -> Shapes | None:
    return next(
        (
            shape
            for word in words
            for shape in shapes
            if normal(shape.name) == word and shape.name not in but and shape.filled
        ),
        None,
    )


def lines_of(cur: duckdb.DuckDBPyConnection, table: Table, spec: LongSpec) -> Lines | None:
    """What each question was answered with; leaves the staged table with a column a question."""
    asked = questions_in(cur, table, spec.question, _MOST_QUESTIONS)
    if not asked:
        return None
    several = frozenset(gathered(cur, table, spec))
    mapping = Mapping(kind="responses", long=spec)
    wide = reshape(cur, table, mapping, told=asked)
    rows = int(cur.execute(f"SELECT count(*) FROM {STAGED}").fetchall()[0][0])
    found = {shape.name: shape for shape in profile(cur, wide)}
    answers = tuple(found[name] for name in wide.header[-len(asked) :])
    return Lines(spec, rows, answers, several)


def month_of(name: str) -> str:
    """The first day of the month a header names, as text; empty when it names none.

    >>> month_of("Feb 2026"), month_of("2026-02"), month_of("02/2026")
    ('2026-02-01', '2026-02-01', '2026-02-01')
    """
    text = normal(name)
    match = re.fullmatch(r"(\d{4}) ?m?(\d{1,2})( 0?1)?", text) or re.fullmatch(
        r"(\d{4})m(\d\d)", text
    )
    if match:
        return _written(int(match[1]), int(match[2]))
    match = re.fullmatch(r"(\d{1,2}) (\d{4})", text)
    if match:
        return _written(int(match[2]), int(match[1]))
    match = re.fullmatch(r"([a-z]{3,10}) ?(?:de )?(\d{4}|\d{2})", text)
    if match:
        at = next((n for n, ways in enumerate(_MONTH_WORDS, 1) if match[1][:4].startswith(ways)), 0)
        year = int(match[2])
        return _written(year if year > 99 else 2000 + year, at)
    return ""


def _written(year: int, month: int) -> str:
    if not (1990 <= year <= 2100 and 1 <= month <= 12):
        return ""
    return date(year, month, 1).isoformat()


def months_in(shapes: tuple[Shapes, ...]) -> tuple[tuple[str, str], ...]:
    """The columns of a file that has one for each month, with their months; else none."""
    found = [(shape, month) for shape in shapes if (month := month_of(shape.name))]
    amounts = [shape for shape, _ in found if shape.filled]
    months = [month for _, month in found]
    if len(found) < _LEAST_MONTHS or len(set(months)) < len(months):
        return ()
    if not all(shape.is_number for shape in amounts):
        return ()
    return tuple((shape.name, month) for shape, month in found)


def monthly_shape(draft: Draft) -> Draft:
    """Read a column a month as a row a month."""
    months = months_in(draft.evidence.shapes)
    if not months or draft.mapping.kind != "revenue" or draft.read_before:
        return draft
    if draft.answers.get("shape") == "plain":
        return draft
    first, last = min(month for _, month in months), max(month for _, month in months)
    draft = draft.saying(
        f"Each of the {len(months)} columns from {first[:7]} to {last[:7]} is a month: a line "
        "becomes a row for each month that holds an amount."
    )
    draft = draft.because(dict.fromkeys((name for name, _ in months), "the amount of a month"))
    columns = {
        **draft.mapping.columns,
        "dated": ColumnSpec(MONTH, dates="ymd"),
        "amount": ColumnSpec(AMOUNT),
    }
    return draft.with_mapping(columns=columns, months=months)
