"""The charts of ``journey``: money at stake by stage, and who left before the next one."""

from collections.abc import Iterator, Mapping, Sequence

from cxdash.facts import Chart, Row
from cxdash.facts import format as fmt
from cxdash.questions.journey.find import Found
from cxdash.questions.journey.words import headline

__all__ = ["charts"]

Tables = Mapping[str, Sequence[Row]]


def charts(found: Found, tables: Tables) -> tuple[Chart, ...]:
    return tuple(_charts(found, tables))


def _charts(found: Found, tables: Tables) -> Iterator[Chart]:
    months = fmt.number(found.stage.horizon, "months")
    before = ", before the next stage where there is one" if found.ordered else ""
    lost = tables.get("losses", ())
    if lost:
        yield Chart(
            id="losses",
            title=headline(found) if found.ordered else f"Who left within {months}, by touchpoint",
            kind="interval",
            table="losses",
            category="stage",
            value="left_rate",
            low="left_low",
            high="left_high",
            unit="share",
            category_order=tuple(str(row["stage"]) for row in lost),
            category_title="Stage",
            value_title=f"Share who left within {months}{before}",
            alt="; ".join(f"{row['stage']}: {_share(row['left_rate'])}" for row in lost),
        )
    money = found.stage.currency
    stages = [row for row in tables.get("stage_work", ()) if row["revenue_at_stake"] is not None]
    if stages and money:
        yield Chart(
            id="stakes",
            title=f"What is expected to leave within {months} among customers met at each stage",
            kind="interval",
            table="stage_work",
            category="stage",
            value="revenue_at_stake",
            low="stake_low",
            high="stake_high",
            unit=money,
            category_order=tuple(str(row["stage"]) for row in stages),
            category_title="Stage",
            value_title="Revenue at stake, overlapping between stages",
            alt=f"{len(stages)} stages; a customer may be met at several.",
        )


def _share(value: object) -> str:
    return fmt.number(value, "share") if isinstance(value, float) else "cannot tell"
