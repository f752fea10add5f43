"""The one way to draw a Chart: its kind chooses who draws it."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from cxdash.faces.web.charts.bridge import bridge
from cxdash.faces.web.charts.lines import control, line
from cxdash.faces.web.charts.marks import in_shown_units, marks
from cxdash.faces.web.charts.rows import bars, intervals
from cxdash.faces.web.charts.scatter import scatter
from cxdash.faces.web.charts.shared import LABEL, SMALL
from cxdash.facts import Answer, Cell, Chart

__all__ = ["Spec", "is_wide", "picture", "pictures"]

Spec = dict[str, Any]

_DRAWN_BY: Final = {
    "interval": intervals,
    "bar": bars,
    "line": line,
    "control": control,
    "scatter": scatter,
    "bridge": bridge,
}


def pictures(answer: Answer) -> dict[str, Spec]:
    """The picture of every chart by its id; as wide as it will be shown."""
    return {
        chart.id: picture(chart, answer.tables[chart.table], wide=is_wide(answer, chart))
        for chart in answer.charts
    }


def is_wide(answer: Answer, chart: Chart) -> bool:
    """Whether a chart has the page's whole width: the first, and a map of many names."""
    names = chart.kind == "scatter" and not chart.diagonal
    return chart == answer.charts[0] or names


def picture(chart: Chart, rows: Sequence[Mapping[str, Cell]], *, wide: bool = True) -> Spec:
    """A Vega-Lite specification with its data inside; empty if there is nothing to draw.

    ``wide`` says whether it has the whole page's width; a narrow picture writes shorter labels.
    """
    chart = in_shown_units(chart)
    drawn = marks(chart, rows, wide=wide)
    if not drawn:
        return {}
    made = (
        _DRAWN_BY[chart.kind](chart, drawn, wide=wide)
        .configure(font="Source Sans, sans-serif")
        .configure_view(stroke=None)
        .configure_axis(labelFontSize=LABEL, titleFontSize=SMALL, titleFontWeight="normal")
    )
    spec: Spec = made.to_dict()
    return spec
