"""Pictures: safe field names, intervals kept, nothing drawn that cannot be told."""

import json
from dataclasses import replace
from datetime import date

import fixtures
import pytest

from cxdash.faces.web.charts import MAX_MARKS, marks, picture, pictures
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
    assert len(data(spec)) == len(rows)
    factor = 100 if chart.unit == "share" else 1
    drawn = data(spec)[0]
    assert drawn["lo"] == pytest.approx(rows[0][chart.low] * factor)
    assert drawn["hi"] == pytest.approx(rows[0][chart.high] * factor)
    assert {"lo", "hi"} <= fields(spec), "the interval is drawn, not only the value"


def data(spec: dict) -> list[dict]:
    """The marks a specification draws."""
    (values,) = spec["datasets"].values()
    return values


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
    assert data(spec)[0]["c"] == "datum['x']"
    rest = json.dumps({**spec, "layer": strip_sorts(spec["layer"]), "datasets": {}})
    assert fields(spec) <= {"c", "v", "lo", "hi", "g", "t", "r", "w", "u"}
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


def test_labels_at_the_edge_are_drawn_inwards_and_amounts_are_never_in_thousandths() -> None:
    axis = picture(CHARTS["stake"], ANSWER.tables["bands"])["layer"][0]["encoding"]["x"]["axis"]
    assert axis["labelFlush"] > 20
    assert axis["labelExpr"].startswith("(datum.value < 0 ? '−' : '') + '$' + (abs(datum.value)")
    assert "~s" not in axis["labelExpr"], "the engine writes 0.5 as 500m"


def test_a_narrow_picture_writes_the_range_below_the_value() -> None:
    narrow = data(picture(CHARTS["stake"], ANSWER.tables["bands"], wide=False))[0]
    assert narrow["w"] == f"{narrow['t']}\n{narrow['r']}"
    broad = data(picture(CHARTS["stake"], ANSWER.tables["bands"], wide=True))[0]
    assert broad["w"] == f"{broad['t']}  ({broad['r']})"


def test_only_the_last_point_of_a_line_is_labelled() -> None:
    drawn = data(picture(CHARTS["kept"], ANSWER.tables["kept"]))
    assert [mark["c"] for mark in drawn if mark["w"]] == ["2025-12-01"]


@pytest.mark.parametrize("name", CHARTS)
def test_a_picture_is_small_enough_to_send_at_every_click(name: str) -> None:
    spec = picture(CHARTS[name], ANSWER.tables[CHARTS[name].table])
    assert len(json.dumps(spec)) < 8_000


def test_a_reply_holds_a_picture_for_every_chart_the_first_one_wide() -> None:
    made = pictures(ANSWER)
    assert list(made) == [chart.id for chart in ANSWER.charts]
    assert made["stake"] == picture(CHARTS["stake"], ANSWER.tables["bands"], wide=False)


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
    assert date.fromisoformat(data(timed)[0]["c"])


def test_where_rows_close_up_each_holds_one_line_of_words() -> None:
    chart = replace(HOSTILE, category="c", value="v", low="lo", high="hi")
    rows = [{"c": f"metric {n}", "v": 0.1, "lo": 0.05, "hi": 0.15} for n in range(12)]
    assert {mark["w"] for mark in marks(chart, rows, wide=False)} == {"10%"}
    assert {mark["w"] for mark in marks(chart, rows[:3], wide=False)} == {"10%\n5–15%"}
    assert {mark["w"] for mark in marks(chart, rows, wide=True)} == {"10%  (5–15%)"}


def test_a_title_too_long_for_a_narrow_picture_is_broken_and_given_room() -> None:
    chart, rows = CHARTS["bands"], ANSWER.tables[CHARTS["bands"].table]
    said = "Change in the share of scores of 0–6 (percentage points)"
    short = picture(replace(chart, value_title="Change"), rows, wide=False)
    long = picture(replace(chart, value_title=said), rows, wide=False)
    lines = next(layer["encoding"]["x"]["title"] for layer in long["layer"])
    assert len(lines) > 1
    assert " ".join(lines).startswith(said)
    assert max(map(len, lines)) <= 60
    assert long["height"] > short["height"]
