"""What stands below a picture: the words behind the numbers in it."""

from collections.abc import Mapping, Sequence

from cxdash.faces.web.charts.lines import moments_of
from cxdash.faces.web.charts.marks import in_shown_units, marks
from cxdash.faces.web.charts.scatter import names_by_number
from cxdash.facts import Cell, Chart

__all__ = ["notes"]


def notes(chart: Chart, rows: Sequence[Mapping[str, Cell]], *, wide: bool = True) -> list[str]:
    """One entry for each number written into the picture; empty when it needs none."""
    chart = in_shown_units(chart)
    drawn = marks(chart, rows, wide=wide)
    if not drawn:
        return []
    if chart.kind == "scatter":
        return names_by_number(chart, drawn, wide=wide)
    if chart.kind in {"line", "control"}:
        return moments_of(chart, drawn).notes()
    return []
