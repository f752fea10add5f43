"""Pictures: safe field names, intervals kept, nothing drawn that cannot be told."""

import json
from dataclasses import replace
from datetime import date

import fixtures
import pytest

from cxdash.faces.web.charts import MAX_MARKS, marks, picture
from cxdash.facts import Chart, Scope

ANSWER = fixtures.worth(Scope())
CHARTS = {chart.id: chart for chart in ANSWER.charts}
HOSTILE = Chart(
    id="x",
    title="t",
    kind="interval",
    table="t",
    category="a.b[0]",
    value="c:Q",
    low="lo'",
    high="hi\\",
    unit="share",
    alt="alt",
)


@pytest.mark.parametrize("name", CHARTS)
@pytest.mark.parametrize("wide", [True, False])
def test_every_kind_draws_all_rows_with_their_intervals(name: str, wide: bool) -> None:
    chart = CHARTS[name]
    rows = ANSWER.tables[chart.table]
    spec = picture(chart, rows, wide=wide)
    assert len(spec["data"]["values"]) == len(rows)
    factor = 100 if chart.unit == "share" else 1
    drawn = spec["data"]["values"][0]
    assert drawn["lo"] == pytest.approx(rows[0][chart.low] * factor)
    assert drawn["hi"] == pytest.approx(rows[0][chart.high] * factor)
    assert {"lo", "hi"} <= fields(spec), "the interval is drawn, not only the value"


def fields(spec: object) -> set[str]:
    if isinstance(spec, dict):
        own = {spec["field"]} if isinstance(spec.get("field"), str) else set()
        return own.union(*(fields(value) for value in spec.values()))
    if isinstance(spec, list):
        return set().union(*(fields(value) for value in spec))
    return set()


def test_column_names_and_text_never_reach_the_specification_outside_the_data() -> None:
    row = {"a.b[0]": "datum['x']", "c:Q": 0.5, "lo'": 0.4, "hi\\": 0.6}
    spec = picture(HOSTILE, [row])
    values = spec["data"].pop("values")
    assert values[0]["c"] == "datum['x']"
    rest = json.dumps({**spec, "layer": strip_sorts(spec["layer"])})
    assert fields(spec) <= {"c", "v", "lo", "hi", "g", "t", "r", "w"}
    assert "datum['x']" not in rest
    assert "a.b" not in rest


def strip_sorts(layers: list) -> list:
    return json.loads(
        json.dumps(layers), object_hook=lambda d: {k: v for k, v in d.items() if k != "sort"}
    )


def test_a_value_that_cannot_be_told_is_not_drawn() -> None:
    rows = [
        {"a.b[0]": "known", "c:Q": 0.5, "lo'": 0.4, "hi\\": 0.6},
        {"a.b[0]": "unknown", "c:Q": None, "lo'": None, "hi\\": None},
        {"a.b[0]": "broken", "c:Q": float("nan"), "lo'": None, "hi\\": None},
    ]
    assert [mark["c"] for mark in marks(HOSTILE, rows)] == ["known"]
    assert picture(HOSTILE, rows[1:]) == {}


def test_a_flood_of_rows_is_bounded() -> None:
    rows = [{"a.b[0]": str(i), "c:Q": 0.5} for i in range(MAX_MARKS * 2)]
    assert len(marks(HOSTILE, rows)) == MAX_MARKS


def test_bars_start_at_zero_and_dots_far_from_it_need_not() -> None:
    near = {"a.b[0]": "x", "c:Q": 0.98, "lo'": 0.97, "hi\\": 0.99}
    dots = picture(HOSTILE, [near])["layer"][0]["encoding"]["x"]["scale"]["domain"]
    assert dots[0] == pytest.approx(97)
    bars = picture(replace(HOSTILE, kind="bar"), [near])["layer"][0]["encoding"]["x"]["scale"]
    assert bars["domain"][0] == 0
    small = {**near, "c:Q": 0.05, "lo'": 0.04, "hi\\": 0.09}
    both = picture(HOSTILE, [small])["layer"][0]["encoding"]["x"]["scale"]["domain"]
    assert both[0] == 0


def test_two_series_differ_in_shape_as_well_as_colour() -> None:
    spec = picture(CHARTS["bands"], ANSWER.tables["compared"])
    point = next(layer for layer in spec["layer"] if layer["mark"]["type"] == "point")
    assert point["encoding"]["shape"]["field"] == point["encoding"]["color"]["field"] == "g"


def test_dates_are_drawn_as_time_and_words_are_not() -> None:
    timed = picture(CHARTS["kept"], ANSWER.tables["kept"])
    assert timed["layer"][0]["encoding"]["x"]["type"] == "temporal"
    worded = [{**row, "month": f"wave {i}"} for i, row in enumerate(ANSWER.tables["kept"])]
    spec = picture(CHARTS["kept"], worded)
    assert spec["layer"][0]["encoding"]["x"]["type"] == "ordinal"
    assert date.fromisoformat(timed["data"]["values"][0]["c"])
