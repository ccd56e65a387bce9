"""Runs: reading a record from Python: weights by name, activities, error signals."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import backsweep
from backsweep.equations import backward, forward
from backsweep.errors import SettingError, SpecError, UnknownNameError


@pytest.fixture(scope="module")
def trees():
    procedure = replace(backsweep.task("families").procedure, sweeps=30)
    return backsweep.learn(task="families", procedure=procedure, runs=3, seed=4)


def test_weights_are_named_by_unit(trees):
    weights = trees.weights(1, "hidden")
    assert weights.shape == (12, 13)
    assert list(weights.columns.levels[0]) == [
        "bias",
        "person code",
        "relation code",
    ]
    matrix = trees.network.weights(
        trees.parameters[1], trees.network.incoming("hidden")[1]
    )
    assert np.array_equal(weights["relation code"].to_numpy(), matrix)
    assert np.array_equal(
        trees.weights(1, "person code")["person", "Colin"].to_numpy(),
        trees.dataset["weights to person code from person"]
        .sel({"run": 1, "person": "Colin"})
        .to_numpy(),
    )


def test_a_layer_that_is_not_there_is_named(trees):
    with pytest.raises(SpecError, match="did you mean 'person code'"):
        trees.weights(0, "person cod")


def test_a_case_goes_forward_and_back(trees):
    name = "Colin has-aunt"
    place = trees.task.case_names.index(name)
    inputs, desired = trees.task.inputs[[place]], trees.task.desired[[place]]
    passed = forward(trees.network, trees.parameters[2], inputs)
    signals = backward(trees.network, trees.parameters[2], passed, desired, zone=0.3)
    for layer in trees.network.layers:
        assert np.array_equal(
            trees.activities(2, name).y[layer.name], passed.y[layer.name]
        )
    assert np.array_equal(trees.signals(2, name).dE_dw, signals.dE_dw)
    assert trees.activities(2).y["output"].shape == (104, 24)


def test_a_case_that_is_not_there_is_named(trees):
    with pytest.raises(UnknownNameError, match="did you mean 'Colin has-aunt'"):
        trees.activities(0, "Colin has-ant")


def test_the_blame_of_all_cases_is_the_gradient_learned_from():
    own = replace(backsweep.task("xor").procedure, alpha=0.0, sweeps=1, until="end")
    runs = backsweep.learn(task="xor", procedure=own, runs=3, seed=1, snapshots=[0])
    for run in range(3):
        before = runs.parameters_of(run, 0)
        after = before - 0.5 * runs.signals(run, sweep=0).dE_dw
        assert np.allclose(after, runs.parameters[run], rtol=0, atol=1e-15)


def test_a_path_of_a_table_is_a_task(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text("a,b,c\n" + "\n".join(f"{k},{k % 3},{k * 2}" for k in range(12)))
    assert backsweep.learn(task=str(path)).task.name == "rows"


def test_there_are_as_many_runs_as_values_unless_asked_otherwise():
    own = backsweep.task("xor").procedure.with_epsilon((0.1, 0.5, 0.9))
    assert backsweep.learn(task="xor", procedure=own).n_runs == 3
    assert backsweep.learn(task="xor", procedure=own, runs=range(1, 3)).n_runs == 2
    for runs in (2, 4):
        with pytest.raises(SettingError, match=f"each of {runs} runs, got 3"):
            backsweep.learn(task="xor", procedure=own, runs=runs)


def test_stages_follow_another_epsilon():
    own = backsweep.task("families:printed").procedure
    other = own.with_epsilon((0.01, 0.02))
    assert own.with_epsilon(0.05).stages[0].epsilon == pytest.approx(0.025)
    assert other.stages[0].epsilon == pytest.approx((0.005, 0.01))
    assert other.epsilon == (0.01, 0.02)


def test_what_never_happened_spoils_no_mean():
    table = backsweep.learn(task="xor", runs=30, seed=1).table()
    stuck = table["outcome"] == "stuck"
    assert stuck.any()
    assert table.loc[stuck, "learned_at"].isna().all()
    assert table.loc[~stuck, "learned_at"].mean() == table["learned_at"].mean()
