"""What tests of engines share: tasks made up of any cases, and runs carried along."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backsweep.procedure import Procedure
from backsweep.tasks.task import Task
from tests.strategies import cases_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import ArrayLike, NDArray

    from backsweep.engines import Engine
    from backsweep.network import Network

Outcome = dict[str, "NDArray[Any]"]


def a_task(
    network: Network, inputs: ArrayLike, desired: ArrayLike, **settings: Any
) -> Task:
    """Make a task of the cases given."""
    return Task(
        name="a test",
        about="Cases of a test.",
        source="this file",
        inputs=np.asarray(inputs),
        desired=np.asarray(desired),
        network=network,
        procedure=Procedure(),
        **settings,
    )


def made_up(network: Network, seed: int, n_cases: int = 5, **settings: Any) -> Task:
    """Make a task of cases that only the seed decides."""
    return a_task(network, *cases_of(network, seed, n_cases), **settings)


def carried(
    engine: Engine,
    task: Task,
    procedure: Procedure,
    runs: range,
    chunks: Sequence[int],
    seed: int = 3,
) -> Outcome:
    """Carry runs through chunks of sweeps; give all there is to know of them."""
    program = engine.prepare(task.network, task, procedure)
    state = program.start(seed, runs)
    progress = [program.advance(state, sweeps) for sweeps in chunks]
    return {
        "errors": np.concat([part.errors for part in progress], axis=1),
        "learned_at": progress[-1].learned_at,
        "diverged_at": progress[-1].diverged_at,
        "running": progress[-1].running,
        "parameters": program.parameters(state),
    }


def assert_same_bits(actual: Mapping[str, Any], expected: Mapping[str, Any]) -> None:
    """Hold every array to the last bit; a NaN is a NaN, whatever its bits."""
    for name, values in expected.items():
        assert actual[name].shape == values.shape, name
        assert actual[name].dtype == values.dtype, name
        np.testing.assert_array_equal(actual[name], values, err_msg=name)
        np.testing.assert_array_equal(
            np.signbit(np.nan_to_num(actual[name], nan=1.0)),
            np.signbit(np.nan_to_num(values, nan=1.0)),
            err_msg=name,
        )


def rows(outcome: Mapping[str, Any], some: Any) -> Outcome:
    """Give some runs of an outcome."""
    return {name: values[some] for name, values in outcome.items()}
