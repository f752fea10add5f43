"""The pictures of ``voices``: what goes with themes, raw beside adjusted."""

from collections.abc import Iterator, Mapping, Sequence

from cxdash.facts import Chart, Row
from cxdash.facts import format as fmt
from cxdash.questions.voices.find import Found
from cxdash.questions.voices.words import leaving_title, score_title

__all__ = ["voices_charts"]

Tables = Mapping[str, Sequence[Row]]


def voices_charts(found: Found, tables: Tables) -> tuple[Chart, ...]:
    """Pictures of the tables there are, the proof of the headline first."""
    return tuple(_charts(found, tables))


def _charts(found: Found, tables: Tables) -> Iterator[Chart]:
    if tables.get("compare"):
        rows = tables["compare"]
        yield Chart(
            id="leaving",
            title=leaving_title(found),
            kind="interval",
            table="compare",
            category="label",
            value="effect",
            low="low",
            high="high",
            group="view",
            unit="share",
            category_title="Theme",
            value_title=f"Leaving within {found.scope.horizon} months, those who wrote of the "
            "theme minus those who wrote of other things, in percentage points",
            category_order=_order(rows),
            alt=_alt(rows, "effect", "share"),
        )
    if tables.get("compare_score") and found.scored is not None:
        rows = tables["compare_score"]
        unit = found.scored.measure.change_unit
        most = next(
            apart for apart in found.scored.themes.values() if apart.theme.label == rows[0]["label"]
        )
        yield Chart(
            id="score",
            title=score_title(found, most),
            kind="interval",
            table="compare_score",
            category="label",
            value="difference",
            low="low",
            high="high",
            group="view",
            unit=unit,
            category_title="Theme",
            value_title=f"{fmt.spoken(found.scored.item.name)} of all answers minus those without "
            "the theme",
            category_order=_order(rows),
            alt=_alt(rows, "difference", unit),
        )


def _order(rows: Sequence[Row]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(row["label"]) for row in rows))


def _alt(rows: Sequence[Row], value: str, unit: str) -> str:
    return "; ".join(
        f"{row['label']}, {row['view']}: {fmt.number(float(row[value] or 0), unit)}" for row in rows
    )
