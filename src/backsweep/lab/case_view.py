"""Case view: one case in one run, passed through it at all its moments."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, cast

import numpy as np

from backsweep.equations import backward, forward, output_error
from backsweep.errors import DataError
from backsweep.lab.messages import OneCase
from backsweep.lab.moments import MOST_BYTES, QUIETLY, Floats, is_soon, known
from backsweep.lab.networks import before, over_units, steps_of
from backsweep.lab.packing import packed

if TYPE_CHECKING:
    from backsweep.equations import Passed, Signals
    from backsweep.lab.moments import Known
    from backsweep.network import Network
    from backsweep.procedure import Procedure
    from backsweep.runs import Runs

__all__ = ["one_case"]


@QUIETLY
def one_case(runs: Runs, run: int, case: int) -> bytes:
    """Pass one case through a run at all its moments, as `messages.OneCase` describes.

    Parameters
    ----------
    runs
        The record.
    run
        Its number.
    case
        The place of the case in the task.

    Raises
    ------
    DataError
        If the record has no such run, or the task no such case.
    """
    task, network = runs.task, runs.network
    if case >= task.n_cases:
        raise DataError(f"a case's number must be under {task.n_cases}, got {case}.")
    at = known(runs, run)
    alone = slice(case, case + 1)
    own = at.own
    passed = forward(network, at.parameters, task.inputs[alone])
    error = output_error(network, passed, task.desired[alone], own.error)
    signals = _signals(own, network, at.parameters, passed, task.desired[alone])
    step, steps = _steps(at)
    found = {
        "dE_dy": over_units(network, signals.dE_dy)[:, 0],
        "dE_dx": over_units(network, signals.dE_dx)[:, 0],
        **steps,
        "x": over_units(network, passed.x)[:, 0],
        "y": over_units(network, passed.y)[:, 0],
        "inputs": task.inputs[case],
        "desired": task.desired[case],
        "error": error,
    }
    return packed(
        partial(
            OneCase,
            run=run,
            case=case,
            measure=own.error,
            epsilon=cast(float, own.epsilon),
            alpha=cast(float, own.alpha),
            factor=own.error_factor(task.n_cases - task.n_held_out, network.n_out),
            step=step,
        ),
        {name: values.astype(np.float32) for name, values in found.items()},
    )


def _signals(
    own: Procedure,
    network: Network,
    parameters: Floats,
    passed: Passed,
    desired: Floats,
) -> Signals:
    return backward(
        network,
        parameters,
        passed,
        desired,
        error=own.error,
        zone=cast(float, own.zone),
        ties=own.ties,
    )


def _steps(at: Known) -> tuple[str, dict[str, Floats]]:
    """Tell what made each weight's last change, or why equation 9 does not."""
    own, runs, network = at.own, at.runs, at.runs.network
    none = np.empty((len(at.sweeps), 0))
    kept_out = {"change": none, "slope": none, "before": none}
    if own.update != "sweep":
        return (
            "Weights change more than once in a sweep here, each time by (9).",
            kept_out,
        )
    if own.stages or own.rates or own.momentum != "letter":
        return (
            "The rates of this run are not the same for all weights and sweeps.",
            kept_out,
        )
    if not is_soon(runs, times=4) or at.parameters.nbytes > MOST_BYTES // 4:
        return (
            "To find each weight's change, the run would take long to learn again.",
            kept_out,
        )
    sweeps = at.sweeps.tolist()
    closer = runs.replay(at.run, snapshots=before(sweeps))
    snapshots = closer.history.snapshots[closer.place(at.run)]
    learning = np.setdiff1d(np.arange(runs.task.n_cases), at.apart)
    inputs, desired = runs.task.inputs[learning], runs.task.desired[learning]
    factor = own.error_factor(len(learning), network.n_out)

    def slope(parameters: Floats) -> Floats:
        each = [
            _signals(own, network, one, forward(network, one, inputs), desired).dE_dw
            for one in parameters
        ]
        return factor * np.array(each)

    lost = cast(float, own.decay)
    steps = steps_of(snapshots, sweeps, slope, lambda _: lost)
    epsilon, alpha = cast(float, own.epsilon), cast(float, own.alpha)
    told = -epsilon * steps["slope"] + alpha * steps["before"]
    if not np.allclose(steps["change"], told, rtol=1e-3, atol=1e-5, equal_nan=True):
        return "The change of a sweep holds more than (9) here.", kept_out
    return "", steps
