"""Where else a record's run is shown: the same numbers, or a reason for no link."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

import numpy as np
import pytest

import backsweep
from backsweep import tasks
from backsweep.lab import curve, data, ensembles, families, packing, symmetry
from backsweep.lab.elsewhere import BOUNDS, other_pages
from backsweep.lab.messages import (
    CurveAsked,
    DataSettings,
    FamilySettings,
    LearnTable,
    MapCellWanted,
    MapSettings,
    MapSide,
    RunAsked,
    SymmetrySettings,
)
from backsweep.lab.pages_folder import PAGES


def unpacked(body):
    raw, rest = packing.unpacked(body)
    message = json.loads(raw)
    return message, {
        place["name"]: np.frombuffer(
            rest, place["dtype"], int(np.prod(place["shape"])), place["offset"]
        ).reshape(place["shape"])
        for place in message["arrays"]
    }


def settings_of(kind, state, keys=None):
    """Read a page's settings from an address, as the page does."""
    plain = {}
    for name, text in state.items():
        field = kind.model_fields.get(name)
        if field is None:
            continue
        try:
            plain[name] = json.loads(text)
        except json.JSONDecodeError:
            plain[name] = text
    return kind.model_validate(plain | (keys or {}))


def page_of(runs, run, title):
    (found,) = [one for one in other_pages(runs, run) if one.title == title]
    return dict(parse_qsl(found.link, keep_blank_values=True)), found.why


def end_of(runs, run):
    """Give the weights at the end of a run as the pages write them."""
    alone = runs if runs.recording.ends else runs.replay(run)
    place = alone.place(run)
    parameters = alone.history.parameters[place].astype(np.float32)
    return int(alone.history.sweeps[place]), parameters


def logic():
    return backsweep.learn(task="xor", runs=4, seed=3, engine="compiled")


def varied():
    steps = backsweep.grid(epsilon=[0.2, 0.7], alpha=[0.0, 0.8], runs=3)
    return backsweep.learn(
        task="parity:3", grid=steps, seed=4, engine="compiled", ends=False
    )


@pytest.mark.parametrize(("make", "run"), [(logic, 2), (varied, 10)])
def test_the_training_curve_has_the_same_numbers(make, run):
    runs = make()
    state, why = page_of(runs, run, "Training curve")
    assert (state["page"], why) == ("curve", "")
    _, arrays = unpacked(curve.history(settings_of(CurveAsked, state)))
    sweep, parameters = end_of(runs, run)
    assert sweep > 10
    assert np.array_equal(arrays["weights"][sweep], parameters)


@pytest.mark.slow
def test_the_page_of_symmetry_has_the_same_numbers():
    runs = backsweep.learn(task="symmetry", runs=2, seed=1, engine="compiled")
    state, why = page_of(runs, 1, "Symmetry")
    assert (state["page"], why) == ("symmetry", "")
    settings = settings_of(SymmetrySettings, state)
    message, arrays = unpacked(symmetry.history(settings))
    sweep, parameters = end_of(runs, 1)
    assert message["learned_at"] == runs.learned_at[1]
    place = message["sweeps"].index(sweep)
    assert np.array_equal(arrays["weights"][place], parameters)


@pytest.mark.slow
def test_the_page_of_family_trees_has_the_same_numbers():
    runs = backsweep.learn(task="families", runs=1, seed=2, engine="compiled")
    state, why = page_of(runs, 0, "Family trees")
    assert (state["page"], state["recipe"], why) == ("families", "learns", "")
    _, arrays = unpacked(families.history(settings_of(FamilySettings, state)))
    assert np.array_equal(arrays["weights"][-1], end_of(runs, 0)[1])


TABLES: dict[str, dict[str, Any]] = {
    "as it is": {},
    "held out": {"hold_out": 0.3, "seed": 5, "sweeps": 60, "update": "case"},
    "columns": {"predict": (3,), "leave": (1,), "sweeps": 30, "alpha": 0.5},
    "classes": {"predict": (4,), "classes": (3,), "network": "25-5-3", "sweeps": 20},
}


@pytest.mark.parametrize("name", TABLES)
def test_the_page_of_tables_has_the_same_numbers(name):
    settings = DataSettings(runs=3, **TABLES[name])
    list(data.Learning(LearnTable(work="learn table", settings=settings), ""))
    runs = data.result_of(settings).runs
    state, why = page_of(runs, 1, "Your data")
    assert (state["page"], state["run"], why) == ("data", "1", "")
    listed = {
        key: tuple(int(one) for one in state[key].split(",") if one.isdigit())
        for key in ("predict", "leave", "classes")
    }
    again = settings_of(
        DataSettings, state, {**listed, "hold_out": float(state["hold"])}
    )
    list(data.Learning(LearnTable(work="learn table", settings=again), ""))
    _, arrays = unpacked(data.one_run(RunAsked(settings=again, run=1)))
    assert np.array_equal(arrays["parameters"][-1], end_of(runs, 1)[1])


@pytest.mark.parametrize(
    ("x", "y", "task"),
    [
        (("epsilon", -2.0, 2.0), ("alpha", 0.0, 1.0), "xor"),
        (("start", -1.37, 0.81), ("epsilon", -0.123456, 1.000001), "and"),
        (("rate of hidden", -3.0, 6.0), ("rate of output", -3.0, 6.0),
         "trainability:8"),
    ],
)  # fmt: skip
def test_the_page_of_maps_has_the_same_cells(tmp_path, x, y, task):
    sides = [MapSide(setting=name, low=low, high=high) for name, low, high in (x, y)]
    settings = MapSettings(
        task=task, x=sides[0], y=sides[1], cells=16, runs=2, sweeps=40, seed=7,
        show="convergence" if task.startswith("train") else "share",
    )  # fmt: skip
    at = ensembles.planned(settings, 16)
    runs = backsweep.learn(
        at.network, at.task, at.common, grid=at.grid, seed=7, engine=at.engine,
        every=40, ends=False, convergence=settings.show == "convergence",
    )  # fmt: skip
    runs = backsweep.open(runs.save(tmp_path / "map.zarr"))
    run = 2 * (3 * 16 + 5) + 1
    state, why = page_of(runs, run, "Ensembles")
    assert (state["page"], state["cell"], why) == ("ensembles", "3,5", "")
    edges = [float(edge) for edge in state["window"].split(",")]
    again = settings_of(
        MapSettings,
        {name: text for name, text in state.items() if name not in "xy"},
        {
            "x": MapSide(setting=state["x"], low=edges[0], high=edges[1]),
            "y": MapSide(setting=state["y"], low=edges[2], high=edges[3]),
        },
    )
    message, arrays = unpacked(
        ensembles.cell(MapCellWanted(settings=again, level=16, column=3, row=5))
    )
    assert message["first"] + 1 == run
    assert arrays["learned_at"][1] == runs.learned_at[run]
    assert ensembles.planned(again, 16).grid == runs.grid


def test_the_pages_bounds_of_maps_are_those_known_here():
    text = (PAGES / "ensembles" / "axes.js").read_text("utf-8")
    found = dict(
        re.findall(r'^  "?([\w ]+?)"?: \{.*bounds: (\[.*?\])', text, re.MULTILINE)
    )
    assert {name: tuple(json.loads(two)) for name, two in found.items()} == BOUNDS


def changed(task="xor", **changes):
    return replace(tasks.named(task).procedure, **changes)


OTHERWISE: dict[str, tuple[dict[str, Any], str, str]] = {
    "engine": ({"engine": "plain"}, "Training curve", "by the engine 'plain'"),
    "decay": ({"procedure": changed(decay=0.1)}, "Training curve", "settings that"),
    "epsilon": ({"procedure": changed(epsilon=300.0)}, "Training curve", "epsilon"),
    "network": ({"network": "2-3-3-1"}, "Training curve", "network is another"),
    "long": (
        {"procedure": changed(epsilon=0.001, sweeps=700)}, "Training curve",
        "has 700 sweeps",
    ),
    "recipe": (
        {"task": "families", "procedure": changed("families", sweeps=30, stages=())},
        "Family trees", "settings that",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", OTHERWISE)
def test_what_a_page_would_show_otherwise_is_said_and_not_linked(name):
    changes, title, said = OTHERWISE[name]
    asked: dict[str, Any] = {
        "task": "xor",
        "runs": 2,
        "seed": 1,
        "engine": "compiled",
    } | changes
    state, why = page_of(backsweep.learn(**asked), 1, title)
    assert state == {}
    assert said in why
    assert why.endswith(".")


def test_a_table_that_is_not_at_hand_is_asked_for(tmp_path):
    path = tmp_path / "shapes.csv"
    path.write_text("a,b\n" + "".join(f"{k},{'xy'[k % 2]}\n" for k in range(20)))
    task = backsweep.read_table(path)
    runs = backsweep.learn(task=task, runs=2, engine="compiled")
    state, why = page_of(runs, 0, "Your data")
    assert (state, why[:22]) == ({}, "Its table, shapes.csv,")
    data.take_in("shapes.csv", path.read_bytes())
    state, why = page_of(runs, 0, "Your data")
    assert (state["learn"], why) == ("yes", "")


def test_a_task_that_only_the_page_of_maps_has_is_told_of_it():
    runs = backsweep.learn(task="trainability:8", runs=1)
    (page,) = other_pages(runs, 0)
    assert (page.title, page.link) == ("Ensembles", "")
    assert "over a grid of settings" in page.why


def test_a_map_that_the_page_cannot_place_is_said():
    for axes, said in (
        ({"epsilon": [0.1, 0.3, 0.4], "alpha": [0.1, 0.2, 0.3]}, "do not lie where"),
        ({"epsilon": [0.1, 1.0], "alpha": [0.1, 0.2, 0.3]}, "has 2 x 3"),
    ):
        runs = backsweep.learn(
            task="xor", grid=backsweep.grid(axes, runs=1), engine="compiled"
        )
        state, why = page_of(runs, 0, "Ensembles")
        assert state == {}
        assert said in why
    encoder = backsweep.learn(task="encoder:4-2", runs=1)
    assert other_pages(encoder, 0) == ()
