"""The maps' numbers: those of the grid, of the command line, of a run's own page."""

from __future__ import annotations

import base64
import io
import json
import re
import shlex
import zipfile
import zlib
from typing import Any
from urllib.parse import parse_qsl

import numpy as np
import pytest

import backsweep
from backsweep.cli import main
from backsweep.errors import SettingError
from backsweep.lab import curve, ensembles, map_files, packing
from backsweep.lab.messages import (
    CurveAsked,
    DrawMap,
    MapCellWanted,
    MapPart,
    MapSettings,
    MapSide,
    MapSummary,
    TakeMap,
)
from backsweep.lab.parcels import Parcels
from backsweep.runs import open_runs
from backsweep.runs.summary import share_interval

XOR = MapSettings(
    cells=32,
    runs=3,
    sweeps=200,
    x=MapSide(setting="epsilon", low=-1, high=2),
    y=MapSide(setting="alpha", low=0, high=1),
)
FRACTAL = MapSettings(
    task="trainability:8",
    x=MapSide(setting="rate of hidden", low=-3, high=6),
    y=MapSide(setting="rate of output", low=-3, high=6),
    show="convergence",
    cells=32,
    runs=1,
    sweeps=100,
)
START = XOR.model_copy(
    update={
        "x": MapSide(setting="start", low=-1, high=1),
        "y": MapSide(setting="epsilon", low=-0.5, high=1),
        "alpha": 0.5,
        "hidden": 3,
        "cells": 16,
        "update": "case",
    }
)
MAPS = {"XOR": XOR, "fractal": FRACTAL, "start": START}


@pytest.fixture
def parcels():
    made = Parcels()
    yield made
    made.close()


def taken(parcels, **wanted):
    return map_files.take(parcels, TakeMap(work="take map", **wanted), "a")


def drawn(settings):
    """Draw a map: its parts put together by level, and what is said of all cells."""
    levels: dict[int, list[np.ndarray]] = {}
    summary = None
    for report in ensembles.draw(DrawMap(work="draw map", settings=settings), "a"):
        part = report.so_far
        assert isinstance(part, MapPart)
        if part.columns:
            values = np.frombuffer(base64.b64decode(part.values), "<f4")
            columns = values.reshape(-1, part.columns, part.level)
            levels.setdefault(part.level, []).append(columns)
        summary = part.summary
        assert report.done <= report.total
    assert report.done == report.total
    return {
        level: np.concatenate(parts, axis=1) for level, parts in levels.items()
    }, summary


def cell(settings, level, column, row):
    raw, body = packing.unpacked(
        ensembles.cell(
            MapCellWanted(settings=settings, level=level, column=column, row=row)
        )
    )
    message = json.loads(raw)
    return message, {
        place["name"]: np.frombuffer(
            body, place["dtype"], int(np.prod(place["shape"])), place["offset"]
        ).reshape(place["shape"])
        for place in message["arrays"]
    }


@pytest.mark.parametrize("name", MAPS)
def test_the_command_that_is_shown_draws_the_same_map(
    name, tmp_path, capsys, monkeypatch
):
    settings = MAPS[name]
    levels, _ = drawn(settings)
    words = shlex.split(ensembles.plan(settings).command)
    save, figure = tmp_path / "map.zarr", tmp_path / "map.svg"
    assert words[0] == "backsweep"
    words += ["--save", str(save), "--figure", str(figure), "--quiet"]
    monkeypatch.setattr("sys.argv", words)
    with pytest.raises(SystemExit) as ended:
        main()
    assert not ended.value.code, capsys.readouterr().err
    runs = open_runs(save)
    is_measure = settings.show == "convergence"
    kinds = ["convergence"] if is_measure else ["share", "median", "diverged"]
    expected = np.stack([runs.map(kind).to_numpy() for kind in kinds])
    assert expected.shape[1:] == (settings.cells, settings.cells)
    np.testing.assert_array_equal(levels[settings.cells], expected.astype(np.float32))


@pytest.mark.parametrize("name", MAPS)
def test_the_python_that_is_shown_learns_the_same_map(name):
    settings = MAPS[name]
    levels, _ = drawn(settings)
    scope: dict[str, Any] = {}
    exec(ensembles.plan(settings).python, scope)  # it is to be run
    expected = scope["runs"].map(settings.show).to_numpy()
    np.testing.assert_array_equal(
        levels[settings.cells][0], expected.astype(np.float32)
    )


def test_a_map_comes_coarse_to_fine():
    levels, summary = drawn(XOR.model_copy(update={"seed": 76}))
    assert list(levels) == [8, 32]
    assert list(levels) == list(ensembles.plan(XOR).levels)
    share, median, diverged = levels[32]
    assert summary.counts["all learned"] == (share == 1).sum()
    assert sum(summary.counts.values()) == 32 * 32
    assert (share + diverged <= 1).all()
    np.testing.assert_array_equal(np.isnan(median), share == 0)
    best = summary.best
    assert share[best.column, best.row] == best.value == share.max()
    assert 0 < (share > 0).mean() < 1, "an edge runs through this map"


def test_a_fractal_says_how_rough_its_edge_is():
    levels, summary = drawn(FRACTAL)
    values = levels[32][0].astype(float)
    crossed = backsweep.analysis.boundary(values)
    assert summary.boundary == pytest.approx(crossed.mean())
    assert summary.dimension == backsweep.analysis.box_dimension(crossed)
    assert summary.counts["converged"] == (values < 0).sum()


@pytest.mark.parametrize("name", MAPS)
def test_a_cell_has_the_runs_of_the_map(name):
    settings = MAPS[name]
    finest = drawn(settings)[0][settings.cells]
    for column, row in ((4, 3), (9, 12), (13, 8)):
        message, arrays = cell(settings, settings.cells, column, row)
        of_it = ensembles.planned(settings, settings.cells).grid.of_run(
            message["first"]
        )
        assert [message["x"], message["y"]] == list(of_it.values())
        learned = arrays["learned_at"]
        if settings.show == "convergence":
            errors = arrays["error"][0].astype(float)
            errors = np.where(np.isfinite(errors), errors, 1e6)
            assert (errors[-20:].mean() < 1) == (finest[0, column, row] < 0)
            continue
        assert finest[0, column, row] == np.float32((learned > 0).mean())
        if learned.any():
            assert finest[1, column, row] == np.median(learned[learned > 0])


def test_a_link_opens_the_very_run_on_the_page_of_the_training_curve():
    settings = XOR.model_copy(update={"sweeps": 600, "hidden": 3})
    message, arrays = cell(settings, 32, 18, 20)
    assert arrays["learned_at"].any()
    for link, at in zip(message["links"], arrays["learned_at"], strict=True):
        state = dict(parse_qsl(link))
        assert state.pop("page") == "curve"
        for name in ("hidden", "seed", "run"):
            state[name] = int(state[name])
        for name in ("epsilon", "alpha", "start"):
            state[name] = float(state[name])
        raw, _ = packing.unpacked(curve.history(CurveAsked(**state)))
        assert json.loads(raw)["learned_at"] == at


def test_networks_without_a_page_have_no_link():
    assert not ensembles.plan(FRACTAL).opens
    by_rate = XOR.model_copy(
        update={"y": MapSide(setting="rate of hidden", low=-1, high=1)}
    )
    assert not ensembles.plan(by_rate).opens
    assert ensembles.plan(XOR).opens


@pytest.mark.parametrize("name", MAPS)
def test_the_record_is_that_of_the_command(name, tmp_path, parcels):
    settings = MAPS[name].model_copy(update={"cells": 16})
    said = list(taken(parcels, form="record", settings=settings))
    assert [report.done for report in said] == sorted(report.done for report in said)
    assert said[-1].done == said[-1].total == 16 * 16 * settings.runs
    parcel, parts = parcels.take(said[-1].so_far.ticket)
    body = b"".join(parts)
    assert len(body) == parcel.size_bytes == said[-1].so_far.size_bytes
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        archive.extractall(tmp_path)
    (path,) = tmp_path.iterdir()
    scope: dict[str, Any] = {}
    exec(ensembles.plan(settings).python, scope)  # it is to be run
    expected, found = scope["runs"].dataset, open_runs(path).dataset
    assert found.attrs == expected.attrs
    for variable in expected.variables:
        np.testing.assert_array_equal(found[variable], expected[variable])


def test_what_is_broken_off_leaves_nothing(parcels):
    reports = taken(parcels, form="record", settings=XOR)
    next(reports)
    (folder,) = parcels.folder.iterdir()
    reports.close()
    assert not folder.exists()


def test_a_drawn_map_is_put_into_its_page_without_learning_again(parcels):
    levels, summary = drawn(XOR)
    said = list(taken(parcels, form="page", settings=XOR, cell=(9, 12), state="a=b"))
    assert len(said) == 1
    _, parts = parcels.take(said[0].so_far.ticket)
    page = b"".join(parts).decode()
    (raw,) = re.findall('id="kept">(.*?)</script>', page)
    kept = json.loads(raw)
    assert kept["state"] == "a=b"
    answers = {
        one["path"]: packing.unpacked(zlib.decompress(base64.b64decode(one["body"])))
        for one in kept["answers"]
    }
    message, values = answers["api/map/kept"]
    message = json.loads(message)
    assert MapSummary(**message["summary"]) == summary
    assert MapSettings(**message["settings"]) == XOR
    assert message["cell"] == [9, 12]
    np.testing.assert_array_equal(
        np.frombuffer(values, np.float32, levels[32].size).reshape(levels[32].shape),
        levels[32],
    )
    assert json.loads(answers["api/map/cell"][0]) == cell(XOR, 32, 9, 12)[0]


def test_a_page_of_a_map_that_is_not_held_is_drawn_first(parcels):
    settings = XOR.model_copy(update={"seed": 77, "cells": 16})
    said = list(taken(parcels, form="page", settings=settings))
    assert len(said) > 1
    assert [report.so_far.ticket is None for report in said][-2:] == [True, False]


def test_a_map_that_was_drawn_comes_again_at_once():
    settings = XOR.model_copy(update={"seed": 78})
    levels, summary = drawn(settings)
    again = settings.model_copy(update={"show": "median"})
    found, same = drawn(again)
    assert list(found) == [32], "the finest level alone"
    np.testing.assert_array_equal(found[32], levels[32])
    assert same == summary
    assert ensembles.drawn(settings.model_copy(update={"runs": 4})) is None


def test_what_it_costs_is_judged_by_networks_that_learn():
    """The clock says that the smaller map took a second and the larger one three."""

    def cost(sweeps):
        times = iter([0, 1, 10, 13])
        settings = XOR.model_copy(update={"sweeps": sweeps})
        return ensembles.cost_of(settings, clock=lambda: next(times))

    short, long = cost(200), cost(20_000)
    assert short.part == long.part == 1
    more = 2 / short.cell  # cells of the larger map beyond those of the smaller
    assert more == pytest.approx(round((more + 16) ** 0.5) ** 2 - 16)
    assert long.cell > 20 * short.cell, "it learned for part of the sweeps alone"


def test_a_plan_says_how_many_learn_and_how_long():
    settings = XOR.model_copy(update={"seed": 79})
    plan = ensembles.plan(settings)
    assert plan.networks == (8 * 8 + 32 * 32) * settings.runs
    assert plan.seconds > 0
    finer = settings.model_copy(update={"cells": 256})
    assert ensembles.plan(finer).seconds > plan.seconds
    drawn(settings)
    assert ensembles.plan(settings).seconds == 0, "it is there"


def test_a_plan_has_the_interval_of_every_share():
    intervals = ensembles.plan(XOR).intervals
    assert len(intervals) == XOR.runs + 1
    assert intervals[0][0] == pytest.approx(0)
    assert intervals[-1][1] == pytest.approx(1)
    assert intervals[2] == share_interval(2, XOR.runs)


@pytest.mark.parametrize("name", MAPS)
def test_a_cell_says_how_its_runs_are_had_elsewhere(name, capsys, monkeypatch):
    settings = MAPS[name]
    message, arrays = cell(settings, settings.cells, 9, 12)
    scope: dict[str, Any] = {}
    exec(message["python"], scope)  # it is to be run
    np.testing.assert_array_equal(scope["runs"].learned_at, arrays["learned_at"])
    np.testing.assert_array_equal(scope["runs"].diverged_at, arrays["diverged_at"])
    words = shlex.split(message["command"])
    monkeypatch.setattr("sys.argv", [*words, "--json"])
    with pytest.raises(SystemExit) as ended:
        main()
    told = capsys.readouterr()
    assert not ended.value.code, told.err
    said = json.loads(told.out)
    assert said["runs"] == settings.runs


def test_a_cell_says_where_the_edge_of_its_steps_is():
    message, _ = cell(XOR, 32, 9, 12)
    assert (message["epsilon"], message["alpha"]) == (message["x"], message["y"])
    assert message["edge"] == 2 * (1 + message["alpha"]) / message["epsilon"]
    assert cell(START, 16, 2, 3)[0]["alpha"] == 0.5
    assert cell(FRACTAL, 32, 2, 3)[0]["edge"] is None, "its layers differ"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"cells": 512, "runs": 256}, "at most 1,048,576 runs"),
        ({"y": MapSide(setting="epsilon", low=0, high=1)}, "each axis once"),
        ({"x": MapSide(setting="alpha", low=0, high=0.5)}, "each axis once"),
        ({"y": MapSide(setting="alpha", low=-0.1, high=1)}, "from 0 to 1"),
        ({"x": MapSide(setting="epsilon", low=1, high=1)}, "must ascend"),
        (
            {"x": MapSide(setting="epsilon", low=1, high=1 + 1e-15)},
            "further apart than rounding",
        ),
        ({"hidden": 0, "y": MapSide(setting="rate of hidden", low=0, high=1)},
         "layers that links lead into"),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_is_said_in_a_sentence(change, sentence):
    settings = XOR.model_copy(update=change)
    with pytest.raises(SettingError, match=sentence):
        ensembles.plan(settings)
    with pytest.raises(SettingError, match=sentence):
        next(ensembles.draw(DrawMap(work="draw map", settings=settings), "a"))


def test_a_map_beyond_the_budget_is_refused_with_the_limit():
    huge = MapSettings(task="trainability:16", cells=512, runs=4, sweeps=20_000)
    with pytest.raises(SettingError, match="4,000,000,000,000"):
        ensembles.plan(huge)
    long = MapSettings(task="symmetry", cells=128, runs=32, sweeps=5000)
    ensembles.plan(long)


def test_a_cell_that_would_take_long_is_refused():
    slow = MapSettings(task="trainability:16", runs=64, sweeps=20_000)
    with pytest.raises(SettingError, match="fewer runs to a cell"):
        cell(slow, 64, 0, 0)


def test_a_cell_must_lie_in_its_map():
    with pytest.raises(SettingError, match="32 x 32, got column 32"):
        cell(XOR, 32, 32, 0)
