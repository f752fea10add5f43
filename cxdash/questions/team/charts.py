"""The charts of ``team``: both directions beside each other, and units by engagement and score."""

from collections.abc import Iterator, Mapping, Sequence

from cxdash.facts import Chart, Row
from cxdash.facts import format as fmt
from cxdash.facts.words import begun
from cxdash.questions.team.find import Found
from cxdash.questions.team.names import outcome_name, outcome_unit
from cxdash.questions.team.words import said

__all__ = ["charts"]

Tables = Mapping[str, Sequence[Row]]


def charts(found: Found, tables: Tables) -> tuple[Chart, ...]:
    return tuple(_charts(found, tables))


def _charts(found: Found, tables: Tables) -> Iterator[Chart]:
    if "directions" in tables:
        first = found.links[0]
        yield Chart(
            id="directions",
            title=said(found, first),
            kind="interval",
            table="directions",
            category="direction",
            value="effect",
            low="effect_low",
            high="effect_high",
            group="side",
            unit=outcome_unit(first.outcome),
            category_order=tuple(str(row["direction"]) for row in tables["directions"]),
            category_title="What comes first, and what then",
            value_title=f"{begun(outcome_name(found, first.outcome))}, for a usual move",
            alt=said(found, first),
        )
    shown = [
        row
        for row in tables.get("teams", ())
        if row["score"] is not None and row["engagement"] is not None
    ]
    if len(shown) > 1:
        name = fmt.spoken(found.item.name) if found.item else "score"
        yield Chart(
            id="units",
            title=f"{begun(name)} of each unit beside its engagement, over twelve months",
            kind="scatter",
            table="teams",
            category="unit",
            value="score",
            low="score_low",
            high="score_high",
            unit="score",
            x="engagement",
            x_unit="score",
            x_title="Engagement of employees",
            value_title=f"{begun(name)}, mean answer",
            alt=f"{len(shown)} units. Units differ in much else than engagement, so this is no "
            "evidence of a link; each unit compared with itself is.",
        )
