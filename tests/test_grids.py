"""Grids: which run has which settings, and what is refused."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

import backsweep
from backsweep.errors import SettingError
from backsweep.grids import Axis, Grid, grid
from backsweep.procedure import Procedure, Spread, Stage, Start


def test_the_last_axis_goes_fastest_and_runs_fastest_of_all():
    steps = grid(alpha=[0, 0.5], epsilon=[1, 2, 3], runs=2)
    assert steps.shape == (2, 3)
    assert (steps.n_cells, steps.n_runs) == (6, 12)
    assert steps.numbers("alpha").tolist() == [0.0] * 6 + [0.5] * 6
    assert steps.numbers("epsilon").tolist() == [1, 1, 2, 2, 3, 3] * 2
    for run in range(12):
        own = {name: steps.numbers(name)[run] for name in steps.names}
        assert steps.of_run(run) == own


def test_values_of_runs_are_laid_out_over_the_cells():
    steps = grid(alpha=[0, 0.5], epsilon=[1, 2, 3], runs=2)
    full = steps.by_cell([0, 11, 4], [7.0, 8.0, 9.0])
    assert full.shape == (2, 3, 2)
    assert (full[0, 0, 0], full[1, 2, 1], full[0, 2, 0]) == (7.0, 8.0, 9.0)
    assert np.isnan(full).sum() == 9


def test_each_axis_takes_the_place_of_its_setting():
    stage = Stage(sweeps=5, epsilon=0.05, alpha=0.3)
    own = Procedure(
        epsilon=0.1,
        stages=(stage,),
        rates={"hidden": 3.0},
        start=Start(Spread(0.5, "normal"), Spread(0.2, centre=0.1)),
    )
    steps = grid(
        {"rate of hidden": [1, 2], "rate of output": [5]},
        epsilon=[0.1, 0.2],
        alpha=[0.1, 0.4],
        decay=[0.01],
        start=[0.7],
    )
    made = steps.applied_to(own)
    assert made.epsilon == (0.1,) * 2 + (0.2,) * 2 + (0.1,) * 2 + (0.2,) * 2
    assert made.rate_of["hidden"] == (3.0,) * 4 + (6.0,) * 4
    assert made.rate_of["output"] == (5.0,) * 8
    # A stage's epsilon in proportion, its momentum where it is the lower.
    assert made.stages[0].epsilon == pytest.approx(steps.numbers("epsilon") / 2)
    assert made.stages[0].alpha == tuple(np.minimum(steps.numbers("alpha"), 0.3))
    assert made.decay == (0.01,) * 8
    assert made.start.weights == Spread((0.7,) * 8, "normal")
    assert made.start.biases == Spread((0.7,) * 8, centre=0.1)
    assert [count for _, count in made.per_run()] == [8] * 9


def test_a_start_of_drawn_weights_takes_the_place_of_given_ones():
    own = Procedure(start=Start(given=(1.0, 2.0)))
    assert grid(start=[0.5]).applied_to(own).start.given is None


def test_it_comes_back_from_plain_values():
    steps = grid({"rate of hidden": [1, 2]}, epsilon=[0.1, 1 / 3], runs=4)
    assert Grid.from_dict(json.loads(json.dumps(steps.to_dict()))) == steps


@pytest.mark.parametrize(
    ("values", "scale"),
    [
        (np.geomspace(0.01, 10, 7), "log"),
        (np.linspace(0.01, 10, 7), "linear"),
        ([0.1, 0.2, 0.5, 1, 2], "log"),
        ([0, 1, 10], "linear"),
        ([1, 10], "linear"),
    ],
)
def test_the_scale_is_that_on_which_values_stand_evenly(values, scale):
    assert Axis("epsilon", tuple(values)).scale == scale


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (grid, "a grid must have at least one axis, got none."),
        (lambda: grid(epsilom=[1]), "an axis must be one of .* got 'epsilom'.*epsilon"),
        (lambda: grid({"rate of ": [1]}), "an axis must be one of"),
        (lambda: grid({"epsilon": [1]}, epsilon=[2]), "each axis once, got 'epsilon'"),
        (
            lambda: Grid((Axis("alpha", (0,)), Axis("alpha", (0.5,)))),
            "each axis once, got 'alpha' twice",
        ),
        (lambda: grid(epsilon=[]), "values of `epsilon` must be numbers, got ()"),
        (
            lambda: grid(epsilon=["a"]),  # type: ignore[list-item]  # as one might
            "values of `epsilon` must be numbers",
        ),
        (lambda: grid(epsilon=[2, 1]), "finite and ascend, got 2 before 1"),
        (lambda: grid(epsilon=[1, 1]), "finite and ascend, got 1 before 1"),
        (lambda: grid(epsilon=[1, np.inf]), "must be finite, got inf"),
        (lambda: grid(epsilon=[np.nan]), "must be finite, got nan"),
        (lambda: grid(epsilon=[1], runs=0), "`runs` must be a whole number"),
        (
            lambda: grid(epsilon=range(2000), alpha=range(3000), runs=1000),
            "at most 2\\*\\*32 runs, got 2,000 x 3,000 x 1,000 = 6,000,000,000",
        ),
        (lambda: grid(epsilon=[1, 2]).numbers("alpha"), "has no axis 'alpha'"),
    ],
)
def test_what_is_no_grid_is_refused(make, said):
    with pytest.raises(SettingError, match=re.compile(said, re.DOTALL)):
        make()


XOR = grid(epsilon=[0.1, 0.5, 1.0], alpha=[0.0, 0.9], runs=5)


@pytest.fixture(scope="module")
def runs():
    own = replace(backsweep.task("xor").procedure, sweeps=300)
    return backsweep.learn(task="xor", procedure=own, grid=XOR, seed=1)


def test_a_cell_learns_as_its_settings_do_alone(runs):
    own = replace(backsweep.task("xor").procedure, sweeps=300)
    for run in (0, 13, 29):
        alone = runs.replay(run)
        np.testing.assert_array_equal(alone.errors[0], runs.errors[run])
        cell = XOR.of_run(run)
        plain = backsweep.learn(
            task="xor",
            procedure=own.with_epsilon(cell["epsilon"]).with_alpha(cell["alpha"]),
            runs=range(run, run + 1),
            seed=1,
        )
        np.testing.assert_array_equal(plain.errors[0], runs.errors[run])


def test_a_map_has_the_grids_dimensions(runs):
    shares = runs.map()
    assert shares.dims == ("epsilon", "alpha")
    assert shares["epsilon"].values.tolist() == [0.1, 0.5, 1.0]
    table = runs.table()
    for cell, some in table.groupby(["epsilon", "alpha"]):
        share = shares.sel(epsilon=cell[0], alpha=cell[1]).item()
        assert share == (some["outcome"] == "learned").mean()
        median = runs.map("median").sel(epsilon=cell[0], alpha=cell[1]).item()
        expected = some["learned_at"].median()
        assert (np.isnan(median) and share == 0) or median == expected
    assert shares.max() > 0
    assert shares.min() < 1
    rows = runs.map("learned_at")
    assert rows.dims == ("epsilon", "alpha", "repeat")
    np.testing.assert_array_equal(rows.values.ravel(), runs.learned_at)


def test_a_record_keeps_its_grid(runs, tmp_path):
    kept = backsweep.open(runs.save(tmp_path / "x.zarr"))
    assert kept.grid == XOR
    assert kept.procedure == runs.procedure
    assert kept.common == runs.common
    assert kept.common is not None
    assert kept.common.epsilon == backsweep.task("xor").procedure.epsilon
    np.testing.assert_array_equal(kept.map().values, runs.map().values)
    np.testing.assert_array_equal(kept.replay(17).errors[0], runs.errors[17])
    settings = json.loads(kept.dataset.attrs["settings"])
    assert settings["grid"] == XOR.to_dict()
    assert kept.dataset["epsilon"].dims == ("run",)
    shown = kept.summary()
    assert shown["grid"] == XOR.to_dict()
    assert shown["procedure"]["epsilon"] == (0.1, 1.0)


def test_a_grid_goes_on_where_it_was_broken_off(tmp_path):
    """Its settings are compared without one number a run."""
    path = tmp_path / "x.zarr"
    steps = grid(epsilon=[0.1, 1.0], runs=4)

    def stop(report):
        if report.finished:
            raise KeyboardInterrupt

    own = replace(backsweep.task("xor").procedure, sweeps=20)
    whole = backsweep.learn(task="xor", procedure=own, grid=steps)
    backsweep.learn(task="xor", procedure=own, grid=steps, save=path, listener=stop)
    if not path.exists():
        with pytest.raises(backsweep.BacksweepError, match="another grid"):
            backsweep.learn(
                task="xor",
                procedure=own,
                grid=grid(epsilon=[0.1, 2.0], runs=4),
                save=path,
                resume=True,
            )
        backsweep.learn(task="xor", procedure=own, grid=steps, save=path, resume=True)
    np.testing.assert_array_equal(backsweep.open(path).parameters, whole.parameters)


def test_a_map_can_do_without_weights(tmp_path):
    own = replace(backsweep.task("xor").procedure, sweeps=60, until="end")
    learn = partial(
        backsweep.learn, task="xor", procedure=own, grid=XOR, convergence=True
    )
    full = learn()
    lean = learn(ends=False, every=60)
    assert lean.parameters.shape == (30, 0)
    assert np.isnan(lean.final_errors).all()
    assert (lean.right == -1).all()
    for show in ("share", "median", "diverged", "convergence"):
        np.testing.assert_array_equal(full.map(show).values, lean.map(show).values)
    kept = backsweep.open(lean.save(tmp_path / "lean.zarr"))
    np.testing.assert_array_equal(
        kept.map("convergence").values, lean.map("convergence").values
    )
    assert kept.summary()["final_errors"] is None
    with pytest.raises(backsweep.BacksweepError, match=r"replay\(3\)"):
        kept.weights(3, "hidden")
    again = kept.replay(3).weights(3, "hidden")
    assert again.equals(full.weights(3, "hidden"))


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"grid": XOR, "runs": 3}, "must stand in the grid, got `runs` 3 too"),
        ({"grid": {"epsilon": [1]}}, "`grid` must be a Grid"),
        ({"grid": grid({"rate of hidde": [1, 2]})}, "got 'hidde'.*'hidden'"),
        ({"grid": grid({"rate of input": [1, 2]})}, "got 'input'"),
        ({"grid": grid(alpha=[0, 1])}, "`alpha` must be at least 0 and under 1, got 1"),
        ({"convergence": True}, "must be of whole runs.*'end'"),
        (
            {"grid": grid(epsilon=range(100_000), alpha=np.linspace(0, 0.9, 20_000))},
            "2,000,000,000 runs must fit the machine's memory",
        ),
    ],
)
def test_what_cannot_be_learned_as_a_grid_is_refused(settings, said):
    with pytest.raises(SettingError, match=re.compile(said, re.DOTALL)):
        backsweep.learn(task="xor", **settings)


def test_a_map_must_be_there(runs):
    with pytest.raises(SettingError, match="a map must be of a grid"):
        backsweep.learn(task="xor", runs=2).map()
    with pytest.raises(SettingError, match="must hold the measure of convergence"):
        runs.map("convergence")
    with pytest.raises(SettingError, match="'median'"):
        runs.map("medain")


def test_a_layer_may_be_called_as_a_setting(tmp_path):
    network = "input 2; alpha 2 <- input; rate of alpha 1 <- alpha"
    steps = grid({"rate of alpha": [1, 2]}, alpha=[0, 0.5])
    runs = backsweep.learn(network, "xor", grid=steps)
    kept = backsweep.open(runs.save(tmp_path / "x.zarr"))
    assert kept.map().dims == ("rate of alpha", "alpha")
    assert kept.weights(3, "alpha").equals(runs.weights(3, "alpha"))
