"""Scatters, bridges and curves of many choices: where marks and names stand."""

from dataclasses import replace
from itertools import combinations

import pytest

from cxdash.faces.web.charts import MAX_MARKS, notes, picture
from cxdash.faces.web.charts.labels import _box, placed
from cxdash.facts import Chart

SCATTER = Chart(
    id="map",
    title="Support matters and is weak",
    kind="scatter",
    table="items",
    category="item",
    value="effect",
    low="low",
    high="high",
    unit="share",
    x="score",
    x_unit="score",
    x_title="How satisfied",
    value_title="Importance",
    alt="Importance beside performance.",
)
ITEMS = [
    {"item": f"Item number {n}", "score": 5 + n * 0.4, "effect": 0.01 * n, "low": 0.01 * n - 0.005,
     "high": 0.01 * n + 0.005}
    for n in range(6)
]  # fmt: skip
BRIDGE = Chart(
    id="split",
    title="Why it moved",
    kind="bridge",
    table="parts",
    category="part",
    value="points",
    low="low",
    high="high",
    group="kind",
    unit="points",
    value_title="NPS",
    alt="From 30 to 33.",
)
PARTS = [
    {"part": "first half", "points": 30.0, "low": None, "high": None, "kind": "total"},
    {"part": "changed their mind", "points": -4.0, "low": -6.0, "high": -2.0, "kind": "step"},
    {"part": "left", "points": 7.0, "low": 5.0, "high": 9.0, "kind": "step"},
    {"part": "second half", "points": 33.0, "low": 29.0, "high": 37.0, "kind": "total"},
]


def shared(spec):
    return spec["datasets"][spec["data"]["name"]]


def own(spec):
    return [marks for name, marks in spec["datasets"].items() if name != spec["data"]["name"]]


def layers(spec, kind):
    return [one for one in spec["layer"] if one["mark"]["type"] == kind]


def written(spec):
    return [mark["w"] for marks in own(spec) for mark in marks if "w" in mark]


def test_every_point_has_its_interval_its_name_and_lines_at_the_means():
    spec = picture(SCATTER, ITEMS)
    assert [mark["hi"] for mark in shared(spec)] == pytest.approx(
        [100 * row["high"] for row in ITEMS]
    )
    assert set(written(spec)) == {row["item"] for row in ITEMS}
    (means,) = [marks for marks in own(spec) if set(marks[0]) == {"x", "v"} and len(marks) == 1]
    assert means[0] == {"x": pytest.approx(6.0), "v": pytest.approx(2.5)}


def test_a_point_without_a_place_across_is_not_drawn():
    rows = [*ITEMS, {"item": "unknown", "score": None, "effect": 0.01}]
    assert len(shared(picture(SCATTER, rows))) == len(ITEMS)


def test_names_do_not_cover_each_other():
    points = [(100.0 + 40 * n, 120.0 + 7 * (n % 3)) for n in range(12)]
    names = [f"some item {n}" for n in range(12)]
    found = placed(points, names, size=(980, 370), font=16)
    boxes = [
        _box(point, name, place, 16)
        for point, name, place in zip(points, names, found, strict=True)
        if place
    ]
    assert len(boxes) >= 6
    for one, other in combinations(boxes, 2):
        assert one.covered(other) <= 0.25 * min(one.area, other.area)


def test_a_name_without_room_becomes_a_number_that_is_told_below():
    rows = [{**row, "score": 7.0, "effect": 0.02} for row in ITEMS * 3]
    rows = [{**row, "item": f"{row['item']} {n}"} for n, row in enumerate(rows)]
    spec, told = picture(SCATTER, rows), notes(SCATTER, rows)
    assert told
    numbers = [text for text in written(spec) if text.isdecimal()]
    assert numbers == [note.split(":")[0] for note in told]
    assert len(written(spec)) == len(rows)


def test_calibration_has_the_diagonal_and_one_scale_for_both_axes():
    rows = [{**row, "score": row["effect"] + 0.01} for row in ITEMS[1:]]
    chart = replace(SCATTER, diagonal=True, x_unit="share")
    spec = picture(chart, rows)
    assert "as predicted" in written(spec)
    point = layers(spec, "point")[0]["encoding"]
    assert point["x"]["scale"]["domain"][0] == 0
    assert point["y"]["scale"]["domain"][0] == 0
    assert notes(chart, rows) == []


def test_corners_are_named_when_the_answer_names_them():
    names = ("weak and it matters", "strong and it matters", "", "strong, matters little")
    spec = picture(replace(SCATTER, corners=names), ITEMS)
    assert {name for name in names if name} <= set(written(spec))


def test_steps_of_a_bridge_begin_where_the_last_one_ended():
    marks = {mark["c"]: mark for mark in shared(picture(BRIDGE, PARTS))}
    assert (marks["changed their mind"]["s"], marks["changed their mind"]["e"]) == (30, 26)
    assert (marks["left"]["s"], marks["left"]["e"]) == (26, 33)
    assert (marks["left"]["lo"], marks["left"]["hi"]) == (31, 35)
    assert (marks["second half"]["lo"], marks["second half"]["hi"]) == (29, 37)


def test_a_step_says_its_sign_and_its_shape_says_its_direction():
    spec = picture(BRIDGE, PARTS)
    marks = {mark["c"]: mark for mark in shared(spec)}
    assert marks["left"]["w"] == "+7.0  (5.0–9.0)"
    assert marks["changed their mind"]["w"].startswith("−4.0")
    assert marks["first half"]["w"] == "30"
    assert {mark["k"] for mark in marks.values()} == {"Total", "Adds", "Takes away"}
    assert "shape" in layers(spec, "point")[-1]["encoding"]


def test_totals_are_bars_from_zero_unless_zero_is_far_away():
    near = picture(BRIDGE, PARTS)
    assert len(layers(near, "bar")) == 2
    far = [{**row, "points": row["points"] + 1_000} if row["kind"] == "total" else row
           for row in PARTS]  # fmt: skip
    far[-1] = {**far[-1], "low": 1_029.0, "high": 1_037.0}
    spec = picture(BRIDGE, far)
    assert len(layers(spec, "bar")) == 1
    low = layers(spec, "bar")[0]["encoding"]["x"]["scale"]["domain"][0]
    assert low > 1_000


def many(count):
    return [
        {"item": f"choice {n}", "effect": 0.03 - 0.001 * n, "low": 0.02 - 0.001 * n,
         "high": 0.04 - 0.001 * n, "kind": "adjusted" if n % 2 else "as counted"}
        for n in range(count)
    ]  # fmt: skip


CURVE = replace(SCATTER, kind="interval", x=None, group="kind")


def test_sixty_choices_fit_one_screen_in_order_of_size_without_names():
    spec = picture(CURVE, many(60))
    assert spec["height"] < 620
    assert not layers(spec, "text")
    values = [mark["v"] for mark in shared(spec)]
    assert values == sorted(values)
    assert len(values) == 60
    assert layers(spec, "point")[0]["encoding"]["y"].get("axis", "") is None


def test_a_difference_of_shares_is_drawn_in_percentage_points_and_says_so_once():
    spec = picture(CURVE, many(3))
    axis = layers(spec, "point")[0]["encoding"]["x"]
    assert axis["title"] == "Importance (percentage points)"
    assert "%" not in str(axis["axis"])
    assert shared(spec)[0]["w"] == "3.0  (2.0–4.0)"
    assert shared(spec)[0]["v"] == pytest.approx(3.0)
    said = replace(CURVE, value_title="Change, in percentage points")
    assert layers(picture(said, many(3)), "point")[0]["encoding"]["x"]["title"].count("points") == 1


def test_a_curve_keeps_the_order_that_was_asked_for():
    chart = replace(CURVE, category_order=tuple(f"choice {n}" for n in range(60)))
    assert [mark["n"] for mark in shared(picture(chart, many(60)))][:2] == ["choice 0", "choice 1"]


def test_a_dozen_items_with_two_series_close_up_but_keep_their_names():
    rows = [{**row, "kind": kind} for row in many(12) for kind in ("as counted", "adjusted")]
    spec = picture(CURVE, rows)
    assert spec["height"] < 700
    assert layers(spec, "text")


def test_the_line_of_no_difference_is_drawn_only_when_something_lies_below_it():
    assert picture(CURVE, many(60))["layer"][0]["encoding"]["x"] == {
        "datum": 0, "type": "quantitative"
    }  # fmt: skip
    above = picture(CURVE, many(10))
    assert all("datum" not in one["encoding"].get("x", {}) for one in above["layer"])


def test_lines_that_only_guide_the_eye_are_silent_for_screen_readers():
    rules = [
        picture(CURVE, many(60))["layer"][0],
        *layers(picture(SCATTER, ITEMS), "rule")[:2],
        layers(picture(BRIDGE, PARTS), "line")[0],
    ]
    assert [rule["mark"]["aria"] for rule in rules] == [False] * 4


@pytest.mark.parametrize("chart", [SCATTER, BRIDGE, CURVE])
def test_no_name_reaches_the_specification_outside_its_data(chart):
    text = "datum['x'] <script>"
    rows = [{**row, "item": text, "part": text} for row in (*PARTS, *ITEMS)]
    rows = [{"effect": 0.1, "score": 1.0, "points": 1.0, "kind": "total", **row} for row in rows]
    spec = picture(chart, rows)
    rest = str({**spec, "datasets": {}, "layer": [without_sort(one) for one in spec["layer"]]})
    assert "script" not in rest


def without_sort(part):
    if isinstance(part, dict):
        return {key: without_sort(value) for key, value in part.items() if key != "sort"}
    return [without_sort(one) for one in part] if isinstance(part, list) else part


def test_a_flood_of_points_is_bounded():
    assert len(shared(picture(CURVE, many(MAX_MARKS * 2)))) == MAX_MARKS
