"""Tables that come with the lab, and what units say over a plane: the numbers."""

from __future__ import annotations

import json

import numpy as np
import pytest
from starlette.testclient import TestClient

import backsweep
from backsweep.equations import forward
from backsweep.errors import BacksweepError, DataError, SettingError
from backsweep.lab import data, packing, plane
from backsweep.lab.examples import EXAMPLES, content_of, examples, is_example
from backsweep.lab.messages import (
    DataSettings,
    LearnTable,
    PlaneAsked,
    RunPlaneAsked,
)
from backsweep.lab.server import create

TOKEN = "p" * 32
HERE = "http://127.0.0.1:1986"
MADE = [one for one in examples().examples if one.table in EXAMPLES]


def settings_of(example, **changes):
    advice = example.advice.model_dump()
    return DataSettings(table=example.table, **{**advice, **changes})


def carried_out(settings):
    for _ in data.Learning(LearnTable(work="learn table", settings=settings), ""):
        pass
    return data.result_of(settings)


def arrays_of(body):
    raw, rest = packing.unpacked(body)
    message = json.loads(raw)
    return message, {
        place["name"]: np.frombuffer(
            rest, place["dtype"], int(np.prod(place["shape"])), place["offset"]
        ).reshape(place["shape"])
        for place in message["arrays"]
    }


def by_name(name):
    return next(one for one in examples().examples if one.table == name)


# ---- examples -----------------------------------------------------------------------


@pytest.mark.parametrize("example", MADE, ids=lambda one: one.table)
def test_an_example_is_learned_well_with_its_advice(example):
    found = carried_out(settings_of(example))
    runs = found.runs
    assert runs.n_runs >= 4
    assert runs.ended("learned").all()
    assert runs.task.n_held_out == 60
    assert np.median(runs.held_out_right) >= 54


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_the_same_each_time_and_has_the_noise_asked_for(name, tmp_path):
    assert content_of(name) == content_of(f"{name}-{EXAMPLES[name].noise}")
    calm, wild = content_of(f"{name}-0"), content_of(f"{name}-50")
    assert calm != wild
    path = tmp_path / f"{name}.csv"
    path.write_bytes(content_of(name))
    task = backsweep.read_table(path)
    assert task.n_cases == 300
    assert [unit for layer in task.network.inputs for unit in layer.units] == [
        "across",
        "up",
    ]
    counts = task.desired.sum(axis=0)
    if task.desired.shape[1] > 1:
        assert counts.tolist() == [300 / len(counts)] * len(counts)
    else:
        values = np.loadtxt(path, delimiter=",", skiprows=1)
        assert np.corrcoef(values[:, 2], values[:, 0] * values[:, 1])[0, 1] > 0.98


def test_one_line_parts_two_clouds_but_no_other_example():
    for example in MADE:
        if not example.has_classes:
            continue
        network = f"input 2; output {2 + (example.table == 'arms')} softmax <- input"
        settings = settings_of(example, network=network, runs=1, sweeps=200)
        share = carried_out(settings).runs.right[0] / 240
        assert (share > 0.95) == (example.table == "clouds"), example.table


@pytest.mark.parametrize(
    ("mark", "said"),
    [
        ("rung", "an example must be one of 'arms', .*, got 'rung'"),
        ("ring-51", "at most 50 percent, got 51"),
        ("Ring", "got 'Ring'"),
    ],
)
def test_what_is_no_example_is_said(mark, said):
    with pytest.raises(DataError, match=said):
        content_of(mark)


def test_marks_of_examples_are_told_from_those_of_files():
    assert is_example("ring")
    assert is_example("iris")
    assert is_example("ring-30")
    assert not is_example("0123456789abcdef")
    assert not is_example("nothing")
    assert not is_example("ring-51")
    assert [one.name for one in data.at_hand("arms")] == ["arms.csv"]


# ---- over the plane -----------------------------------------------------------------


def asked_forward(found, sweep, square, view):
    """Ask the equations, with inputs scaled by hand."""
    task = found.table.task
    learned = np.setdiff1d(np.arange(task.n_cases), task.held_out_cases)
    inputs = np.repeat(task.inputs[learned].mean(axis=0)[None], len(square), axis=0)
    names = [unit for layer in task.network.inputs for unit in layer.unit_names]
    for side, name in enumerate(view["names"]):
        column = next(one for one in found.table.inputs if one.name == name)
        low, high = view["low"][side], view["high"][side]
        own = low + square[:, side] * (high - low)
        inputs[:, names.index(name)] = (own - column.centre) / column.spread
    runs = found.runs
    weights = runs.replay(0, snapshots=(sweep,)).history.snapshots[0, 0]
    return forward(runs.network, weights, inputs)


@pytest.mark.parametrize("name", ["ring", "saddle", "iris"])
def test_sheets_are_what_the_equations_say(name):
    settings = settings_of(by_name(name), runs=2)
    found = carried_out(settings)
    view, where = arrays_of(data.plane_points(PlaneAsked(settings=settings)))
    message, arrays = arrays_of(data.plane_sheets(RunPlaneAsked(settings=settings)))
    side, moments = message["side"], arrays["moments"]
    assert arrays["levels"].shape == (
        len(moments), len(message["units"]), side, side
    )  # fmt: skip
    assert (moments[0], moments[-1]) == (0, found.runs.procedure.sweeps)
    rows, columns = np.array([0, 3, 20, side - 1]), np.array([side - 1, 7, 11, 0])
    square = np.stack([columns, rows], axis=-1) / (side - 1)
    for moment in (0, len(moments) // 3, len(moments) - 1):
        passed = asked_forward(found, int(moments[moment]), square, view)
        y = np.concatenate(
            [passed.y[step.layer.name] for step in found.runs.network.upward], axis=-1
        ).T
        if name == "saddle":
            y[-1] = found.table.desired[0].to_values(y[-1][:, None])
        low, high = arrays["ranges"].T[:, :, None]
        levels = arrays["levels"][moment][:, rows, columns] / 65535
        expected = np.clip(y, low, high)
        assert low + levels * (high - low) == pytest.approx(expected, abs=1e-4)
    assert view["fixed"] == (["sepal_length", "sepal_width"] if name == "iris" else [])
    assert where["points"].min() > 0
    assert where["points"].max() < 1


def test_points_lie_where_their_columns_say():
    settings = settings_of(by_name("ring"), hold_out=0.3, seed=4)
    asked = PlaneAsked(settings=settings, across=1, up=0, reach=2)
    view, arrays = arrays_of(data.plane_points(asked))
    assert view["names"] == ["up", "across"]
    assert min(view["low"]) < -2
    assert min(view["high"]) > 2
    rows = [line.split(",") for line in content_of("ring").decode().split()[1:]]
    low, high = np.array(view["low"]), np.array(view["high"])
    own = np.array([(row[1], row[0]) for row in rows], dtype=float)
    assert low + arrays["points"] * (high - low) == pytest.approx(own, abs=1e-5)
    assert [view["classes"][int(k)] for k in arrays["wanted"]] == [r[2] for r in rows]
    task = carried_out(settings).table.task
    assert set(np.flatnonzero(arrays["held_out"])) == set(task.held_out_cases)
    assert arrays["held_out"].sum() == 90


def test_wanted_numbers_lie_on_their_scale():
    settings = settings_of(by_name("saddle"))
    view, arrays = arrays_of(data.plane_points(PlaneAsked(settings=settings)))
    lines = content_of("saddle").decode().split()[1:]
    values = [float(line.split(",")[2]) for line in lines]
    low, high = view["scale"]
    assert view["classes"] == []
    assert low + arrays["wanted"] * (high - low) == pytest.approx(values, abs=1e-5)


def test_a_dividing_line_is_where_the_total_input_is_none():
    settings = settings_of(by_name("ring"), runs=2)
    found = carried_out(settings)
    view, _ = arrays_of(data.plane_points(PlaneAsked(settings=settings)))
    message, arrays = arrays_of(data.plane_sheets(RunPlaneAsked(settings=settings)))
    lines = arrays["lines"]
    assert np.isfinite(lines[:, :4]).all(), "hidden units have one"
    assert np.isnan(lines[:, 4:]).all(), "output units have none"
    for unit in range(4):
        across, up, offset = lines[-1, unit].tolist()
        point = np.array([[0.3, -(offset + 0.3 * across) / up]])
        end = int(arrays["moments"][-1])
        x = asked_forward(found, end, point, view).x["hidden"]
        assert x[0, unit] == pytest.approx(0, abs=1e-4)
    assert message["units"] == [0, 1, 2, 3, 4, 5]


@pytest.mark.slow
def test_sheets_of_a_large_network_are_bounded():
    settings = settings_of(
        by_name("corners"),
        network="input 2; a 90 tanh <- input; b 70 tanh <- a; output 2 softmax <- b",
        sweeps=20, runs=1,
    )  # fmt: skip
    carried_out(settings)
    body = data.plane_sheets(RunPlaneAsked(settings=settings))
    message, arrays = arrays_of(body)
    assert len(body) < plane.MOST_BYTES + 100_000
    assert message["units"] == [*range(16), *range(90, 106), 160, 161]
    assert len(arrays["moments"]) == 21


@pytest.mark.filterwarnings("ignore")
def test_a_run_that_diverged_is_shown_all_the_same():
    settings = settings_of(by_name("saddle"), epsilon=100.0, sweeps=400, runs=1)
    assert carried_out(settings).runs.ended("diverged").all()
    _, arrays = arrays_of(data.plane_sheets(RunPlaneAsked(settings=settings)))
    assert np.isfinite(arrays["ranges"]).all()


@pytest.mark.parametrize(
    ("content", "changes", "error", "said"),
    [
        (b"a,b\n1,x\n2,y\n3,x\n4,y\n", {}, SettingError, "two columns of numbers"),
        (b"a,w,b\n1,p,x\n2,q,y\n3,p,x\n4,q,y\n", {}, SettingError, "got 1"),
        (None, {"across": 1, "up": 1}, SettingError, "got 1 and 1"),
        (None, {"across": 0, "up": 2}, SettingError, r"\(0, 1\), got 0 and 2"),
        (None, {"settings": {"predict": (0, 1)}}, BacksweepError, "got 0"),
    ],
)
def test_what_is_no_plane_is_said(content, changes, error, said):
    mark = "ring" if content is None else data.take_in("t.csv", content).table
    given = {"table": mark, "hold_out": 0.0, **changes.get("settings", {})}
    if "predict" in given:
        saddle = data.take_in("s.csv", b"a,b,c\n1,2,3\n2,1,4\n3,5,5\n4,4,1\n")
        given["table"] = saddle.table
    asked = PlaneAsked(
        settings=DataSettings(**given), across=changes.get("across"),
        up=changes.get("up"),
    )  # fmt: skip
    with pytest.raises(error, match=said):
        data.plane_points(asked)


def test_the_server_gives_examples_and_their_files():
    app = create(TOKEN, port=1986)
    with TestClient(app, base_url=HERE) as client:
        client.headers["Authorization"] = f"Bearer {TOKEN}"
        listed = client.post("/api/table/examples").json()["examples"]
        assert [one["table"] for one in listed] == [*EXAMPLES, "iris"]
        file = client.post("/api/table/example/file", json={"table": "ring-30"})
        assert file.content == content_of("ring-30")
        assert file.headers["content-type"].startswith("text/csv")
        seen = client.post("/api/table/example", json={"table": "spirals"}).json()
        assert (seen["table"], seen["rows"]) == ("spirals", 300)
        wrong = client.post("/api/table/example", json={"table": "spyrals"})
        assert wrong.status_code == 400
        assert "did you mean 'spirals'" in wrong.json()["hint"]
        # What was handed in under the name of an example is no example.
        other = client.post("/api/table?name=ring", content=b"a,b\n1,x\n2,y\n").json()
        assert other["table"] != "ring"
