"""The task `trainability` beside its network written down as the source has it."""

from __future__ import annotations

import numpy as np
import pytest

import backsweep
from backsweep.errors import SettingError
from backsweep.learning.convergence import Convergence
from backsweep.tasks.trainability import make, window


def by_the_source(task, rate_0, rate_1, sweeps):
    """Train with the scales in the network, gradients worked out by hand."""
    n = task.network.n_in
    given = np.array(task.procedure.start.given)
    w_0 = given[: n * n].reshape(n, n).T / np.sqrt(2 / n)  # (from, to), N(0, 1)
    w_1 = given[n * n :] * n
    x, y = task.inputs, task.desired[:, 0]
    losses = []
    for _ in range(sweeps):
        z = x @ w_0 / np.sqrt(n)
        h = np.tanh(np.sqrt(2) * z)
        out = (h @ w_1 / np.sqrt(n)) / np.sqrt(n)
        losses.append(np.mean((out - y) ** 2))
        d_out = 2 * (out - y) / len(y)
        g_1 = h.T @ d_out / n
        d_z = np.outer(d_out, w_1 / n) * (1 - h**2) * np.sqrt(2)
        g_0 = x.T @ d_z / np.sqrt(n)
        w_0, w_1 = w_0 - rate_0 * g_0, w_1 - rate_1 * g_1
    return np.array(losses)


@pytest.mark.parametrize("engine", ["plain", "compiled"])
@pytest.mark.parametrize("n_units", [4, 8])
def test_its_losses_are_those_of_the_source(n_units, engine):
    task = make(n_units)
    rates = [(0.1, 0.1), (3.0, 10.0), (0.01, 60.0), (20.0, 1.0)]
    for rate_0, rate_1 in rates:
        steps = backsweep.grid({"rate of hidden": [rate_0], "rate of output": [rate_1]})
        runs = backsweep.learn(task=task, grid=steps, engine=engine)
        expected = by_the_source(task, rate_0, rate_1, 100)
        # Steps at the edge of trainability magnify what rounding leaves.
        np.testing.assert_allclose(runs.errors[0, :20], expected[:20], rtol=1e-6)
        assert runs.errors.shape == (1, 100)


def test_cases_and_start_are_standard_normal():
    task = make(32)
    assert task.n_cases == task.network.n_parameters == 32 * 33
    given = np.array(task.procedure.start.given)
    for numbers in (
        task.inputs, task.desired, given[:1024] / np.sqrt(2 / 32), given[1024:] * 32
    ):  # fmt: skip
        spread = 4 / np.sqrt(numbers.size)
        assert abs(numbers.mean()) < spread
        assert abs(numbers.std() - 1) < spread
    whole = np.concatenate([task.inputs.ravel(), task.desired.ravel(), given])
    assert len(np.unique(whole)) == whole.size


def test_its_map_spans_nine_powers_of_ten():
    grid = make().grid
    assert grid is not None
    axes = grid.axes
    assert [axis.setting for axis in axes] == ["rate of hidden", "rate of output"]
    for axis in axes:
        assert axis.scale == "log"
        assert (axis.values[0], axis.values[-1]) == pytest.approx((1e-3, 1e6))
    small = window(3, centre=(1.0, 2.0), width=0.5)
    assert small.axes[0].values == pytest.approx((10**0.75, 10, 10**1.25))
    assert small.axes[1].values[1] == pytest.approx(100)


def test_small_steps_converge_and_large_ones_diverge():
    runs = backsweep.learn(
        task="trainability:4", grid=window(5), ends=False, convergence=True
    )
    values = runs.map("convergence").values
    assert values[0, 0] < 0 < values[-1, -1]
    # The steps of both layers are varied, and not by the same numbers.
    assert not np.allclose(values, values.T)


@pytest.mark.parametrize("engine", ["plain", "compiled", "compiled-f32"])
def test_a_cell_comes_to_the_same_bits_alone(engine):
    """With its rates, its curve, and the measure that is made of it."""
    runs = backsweep.learn(
        task="trainability:4",
        grid=window(6),
        ends=False,
        convergence=True,
        every=100,
        engine=engine,
    )
    values = runs.map("convergence").values.ravel()
    for run in (0, 14, 20, 35):
        alone = Convergence(1, 100)
        alone.take(runs.replay(run).errors)
        assert alone.value() == values[run]


def test_every_cell_has_the_same_start():
    runs = backsweep.learn(task="trainability:2", grid=window(3))
    assert len(np.unique(runs.errors[:, 0])) == 1


@pytest.mark.parametrize("name", ["trainability:0", "trainability:65"])
def test_sizes_out_of_range_are_refused(name):
    with pytest.raises(SettingError, match="from 1 to 64 units"):
        backsweep.task(name)
