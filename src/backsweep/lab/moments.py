"""Moments: one run of many, whole, as it was at every sweep that is known of it.

Between its start and its end a run is known at the sweeps of its snapshots, or it is
learned again where that takes no longer than a second. What comes of it is bounded: of
large networks fewer moments are sent, of long tables fewer cases.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from backsweep.activations import ACTIVATIONS
from backsweep.engines.plain import judged_by, network_output
from backsweep.equations import (
    Passed,
    backward,
    cases_right,
    forward,
    output_error,
)
from backsweep.errors import DataError
from backsweep.lab.look import (
    MOST_POINTS,
    layer_plans,
    settings_of,
    thinned,
)
from backsweep.lab.messages import OneCase, OneRun
from backsweep.lab.networks import before, blocks_of, over_units, steps_of
from backsweep.lab.packing import levels, packed

if TYPE_CHECKING:
    from backsweep.equations import Signals
    from backsweep.lab.messages import OtherPage
    from backsweep.network import Layer, Network
    from backsweep.procedure import Procedure
    from backsweep.runs import Runs

__all__ = ["Reader", "one_case", "one_run", "snapshots_for"]

Floats: TypeAlias = NDArray[np.float64]
# Gives outputs (..., n_out) as words (...), or as numbers (..., n_answers).
Reader: TypeAlias = Callable[[Floats], NDArray[Any]]

MOST_BYTES: Final = 16_000_000  # of an answer, half of them for the weights
MOST_CASES: Final = 2_000  # whose activities are shown at once
MOST_ANSWERS: Final = 8  # numbers a case; of more, the names of those that are on
MOMENTS: Final = 100  # steps of the slider
LIGHT: Final = 400_000_000  # cases x parameters x moments that take under a second
KEPT: Final = 1_000_000  # weights of all runs at all moments: 8 MB
AGAIN: Final = {"compiled": 2_000_000_000, "compiled-f32": 2_000_000_000}
AGAIN_PLAIN: Final = 20_000_000
# Of a run that diverged; what is no number is said on the page.
QUIETLY: Final = np.errstate(over="ignore", invalid="ignore", divide="ignore")


def snapshots_for(cases: int, sweeps: int, parameters: int, runs: int) -> list[int]:
    """Choose the sweeps at which runs are kept: as many as can soon be looked at."""
    count = min(MOMENTS, LIGHT // (cases * parameters), KEPT // (parameters * runs))
    found = np.linspace(0, sweeps, min(max(count, 2), sweeps) + 1)
    return sorted({round(sweep) for sweep in found.tolist()})


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A run where it is known: the sweeps, and the weights and biases after them."""

    runs: Runs
    run: int
    own: Procedure  # with which it was learned
    sweeps: NDArray[np.int_]
    parameters: Floats  # (n_moments, n_parameters)


def known(runs: Runs, run: int) -> Known:
    """Find a run's moments, from what was recorded or by learning it again.

    Raises
    ------
    DataError
        If the record has no such run; or keeps no weights, and the run would take
        long to learn again.
    """
    closer = _closer(runs, run)
    history, place = closer.history, closer.place(run)
    end = int(history.sweeps[place])
    before = [k for k, at in enumerate(closer.recording.snapshots) if at < end]
    sweeps = np.array([*np.array(closer.recording.snapshots, int)[before], end])
    parameters = np.concatenate(
        [history.snapshots[place, before], history.parameters[place][None]]
    )
    of_one = closer.task.n_cases * closer.network.n_parameters
    most = min(LIGHT // of_one, MOST_BYTES // 2 // (4 * closer.network.n_parameters))
    chosen = thinned(len(sweeps), max(2, most))
    return Known(
        runs=closer,
        run=run,
        own=runs.procedure.of_run(run),
        sweeps=sweeps[chosen],
        parameters=parameters[chosen],
    )


def _closer(runs: Runs, run: int) -> Runs:
    """Have a run between start and end too, where it is not and that is soon done."""
    place, task = runs.place(run), runs.task
    carried_out = int(runs.history.sweeps[place])
    n_parameters = runs.network.n_parameters
    wanted = snapshots_for(task.n_cases, carried_out, n_parameters, 1)
    if sum(at <= carried_out for at in runs.recording.snapshots) >= len(wanted):
        return runs
    work = task.n_cases * n_parameters * runs.procedure.sweeps
    soon = work <= AGAIN.get(runs.engine, AGAIN_PLAIN)
    if runs.history.finished[place] and soon:
        return runs.replay(run, snapshots=tuple(wanted))
    if not runs.recording.ends:
        raise DataError(
            f"the record must hold the weights of run {run} to show it, got none.",
            hint=f"in Python backsweep.open(RECORD).replay({run}).save(FILE) learns it "
            "again, which takes long.",
        )
    return runs


@QUIETLY
def one_run(
    runs: Runs,
    run: int,
    read: Reader | None = None,
    elsewhere: tuple[OtherPage, ...] = (),
) -> bytes:
    """Show one run at all its moments, as `messages.OneRun` describes.

    Parameters
    ----------
    runs
        The record.
    run
        Its number.
    read
        Gives outputs as words or numbers, where there is a table to know them from.
    elsewhere
        Other pages that know its task.

    Raises
    ------
    DataError
        If the record has no such run.
    """
    at = known(runs, run)
    place, network, task = runs.place(run), runs.network, runs.task
    units = sum(step.layer.size for step in network.upward)
    shown = _shown(at, len(at.sweeps) * (2 * units + 1 + 4 * MOST_ANSWERS))
    seen = _seen(at, shown)
    outputs = seen.pop("outputs")
    words: tuple[str, ...] | None = ()
    answers = "units"
    if read is None and _are_many(runs):
        told = _wanted_alone(task.desired[shown], len(at.sweeps))
    else:
        told = _told(task.desired[shown], outputs, read or _reader(runs))
        words, answers = told.pop("words"), "words"
    if words is None:
        words, answers = (), "numbers" if read else "outputs"
    weights = at.parameters
    if weights.nbytes > MOST_BYTES:  # twice the half of them, in double precision
        weights = weights[:, :0]
    closer = at.runs
    recorded, error = _course(at, float(seen["trace"][-1, 0]))
    return packed(
        partial(
            OneRun,
            run=run,
            outcome=cast(Any, str(runs.outcomes[place])),
            learned_at=int(runs.learned_at[place]),
            diverged_at=int(runs.diverged_at[place]),
            sweeps=int(runs.history.sweeps[place]),
            right=int(closer.right[closer.place(run)]),
            held_out_right=int(closer.held_out_right[closer.place(run)]),
            layers=layer_plans(network),
            unit_names=tuple(
                name for step in network.upward for name in step.layer.unit_names
            ),
            input_names=tuple(
                name for layer in network.inputs for name in layer.unit_names
            ),
            blocks=blocks_of(network),
            settings=_own_settings(at),
            cases=tuple(task.case_names[k] for k in shown),
            answers=cast(Any, answers),
            words=words,
            elsewhere=elsewhere,
        ),
        {
            "recorded": recorded.astype(np.int32),
            "error": error,
            "moments": at.sweeps.astype(np.int32),
            "parameters": weights.astype(np.float32),
            "places": shown.astype(np.int32),
            "held_out": np.isin(shown, _apart(at)).astype(np.uint8),
            **seen,
            **told,
        },
    )


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
    work = runs.task.n_cases * network.n_parameters * own.sweeps
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
    if work > AGAIN.get(runs.engine, AGAIN_PLAIN) // 4 or at.parameters.nbytes > (
        MOST_BYTES // 4
    ):
        return (
            "To find each weight's change, the run would take long to learn again.",
            kept_out,
        )
    sweeps = at.sweeps.tolist()
    closer = runs.replay(at.run, snapshots=before(sweeps))
    snapshots = closer.history.snapshots[closer.place(at.run)]
    learning = np.setdiff1d(np.arange(runs.task.n_cases), _apart(at))
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


def _own_settings(at: Known) -> tuple[tuple[str, str], ...]:
    """Name the settings of a run that not all of the record's runs have."""
    of_all, own = settings_of(at.runs.procedure), settings_of(at.own)
    return tuple(mine for mine, all_ in zip(own, of_all, strict=True) if mine != all_)


def _apart(at: Known) -> NDArray[np.int_]:
    """Give the cases that the run did not learn from."""
    apart: NDArray[np.int_] = at.runs.history.held_out[at.runs.place(at.run)]
    return apart


def _passed(at: Known, moment: int) -> Passed:
    return forward(at.runs.network, at.parameters[moment], at.runs.task.inputs)


def _shown(at: Known, bytes_a_case: int) -> NDArray[np.intp]:
    """Sort cases by what is desired, and where that is equal by the last answer."""
    desired = at.runs.task.desired
    outputs = network_output(at.runs.network, _passed(at, -1))
    keys = [outputs[:, 0], *desired.T] if desired.shape[1] > 1 else [*desired.T]
    order = np.lexsort(keys)
    most = min(MOST_CASES, max(2, MOST_BYTES // 2 // bytes_a_case))
    return order[thinned(len(order), most)]


def _seen(at: Known, shown: NDArray[np.intp]) -> dict[str, NDArray[Any]]:
    """Judge the cases at every moment, and ask every unit about those shown."""
    runs = at.runs
    apart = _apart(at)
    learning = np.setdiff1d(np.arange(runs.task.n_cases), apart)
    n_moments, layers = len(at.sweeps), [step.layer for step in runs.network.upward]
    outputs = np.empty((n_moments, len(shown), runs.network.n_out))
    found: dict[str, NDArray[Any]] = {
        "trace": np.full((n_moments, 4), np.nan, dtype=np.float32),
        "right": np.empty((n_moments, len(shown)), dtype=np.uint8),
        "ranges": np.empty((n_moments, len(layers), 2), dtype=np.float32),
        "y": np.empty(
            (n_moments, sum(layer.size for layer in layers), len(shown)),
            dtype=np.uint16,
        ),
        "outputs": outputs,
    }
    for moment in range(n_moments):
        passed = _passed(at, moment)
        y = network_output(runs.network, passed)
        right = cases_right(y, runs.task.desired, *_judged(at))
        outputs[moment], found["right"][moment] = y[shown], right[shown]
        found["trace"][moment] = (
            _error(at, passed, learning, len(learning)),
            _error(at, passed, apart, len(learning)),
            right[learning].mean(),
            right[apart].mean() if len(apart) else np.nan,
        )
        first = 0
        for k, layer in enumerate(layers):
            of_layer = passed.y[layer.name][shown].T
            low, high = found["ranges"][moment, k] = _range(layer, of_layer)
            part = slice(first, first + layer.size)
            found["y"][moment, part] = _levels(of_layer, float(low), float(high))
            first += layer.size
    return found


def _course(at: Known, last: float) -> tuple[NDArray[np.int_], NDArray[np.float32]]:
    """Give the error after so many sweeps: some that were recorded, and the end's.

    What is recorded of a sweep is measured before the weights change, hence it is that
    after the sweep before.
    """
    after = at.runs.error_sweeps - 1
    error = at.runs.errors[at.runs.place(at.run)]
    chosen = np.isin(after, at.sweeps)
    chosen[thinned(len(after), MOST_POINTS)] = True
    chosen &= after < at.sweeps[-1]
    sweeps = np.append(after[chosen], at.sweeps[-1])
    errors = np.append(error[chosen], last).astype(np.float32)
    known = np.isfinite(errors)
    return sweeps[known], errors[known]


def _judged(at: Known) -> tuple[Literal["within", "winner"], Any]:
    criterion = at.own.criterion
    return judged_by(criterion, cast(float, criterion.value))


def _error(
    at: Known, passed: Passed, cases: NDArray[np.int_], n_learning: int
) -> float:
    """Measure the error of some cases as if they were as many as those learned from."""
    runs = at.runs
    if not len(cases):
        return float("nan")
    some = Passed({}, {name: y[cases] for name, y in passed.y.items()})
    error = output_error(runs.network, some, runs.task.desired[cases], at.own.error)
    factor = at.own.error_factor(n_learning, runs.network.n_out)
    return float(error * factor * n_learning / len(cases))


def _range(layer: Layer, y: Floats) -> tuple[float, float]:
    """Say from what to what a layer's outputs lie, or can lie."""
    low, high = ACTIVATIONS[layer.activation].range
    if not np.isfinite(y).all():
        return np.nan, np.nan
    if np.isfinite([low, high]).all():
        return low, high
    return min(float(y.min()), 0.0), max(float(y.max()), 0.0)


def _levels(y: Floats, low: float, high: float) -> NDArray[np.uint16]:
    return levels((y - low) / (high - low if high > low else 1.0))


def _told(desired: Floats, outputs: Floats, read: Reader) -> dict[str, Any]:
    """Read what was wanted and what was answered."""
    wanted, answered = read(desired), read(outputs)
    if wanted.dtype.kind not in "OU":
        return {
            "words": None,
            "wanted": wanted.astype(np.float32),
            "answered": answered.astype(np.float32),
        }
    together = np.concatenate([wanted[None], answered]).astype(str)
    words, places = np.unique(together, return_inverse=True)
    places = places.reshape(*together.shape, 1).astype(np.uint16)
    return {
        "words": tuple(words.tolist()),
        "wanted": places[0],
        "answered": places[1:],
    }


def _are_many(runs: Runs) -> bool:
    """Tell whether outputs are too many to be read as numbers in a row."""
    return (
        runs.network.n_out > MOST_ANSWERS and runs.procedure.criterion.rule != "winner"
    )


def _wanted_alone(desired: Floats, n_moments: int) -> dict[str, Any]:
    """Say what was wanted of each output unit; what it says is among `y`."""
    return {
        "wanted": desired.astype(np.float32),
        "answered": np.empty((n_moments, len(desired), 0), dtype=np.float32),
    }


def _reader(runs: Runs) -> Reader:
    """Read outputs by the names of the output units, or as they are."""
    names = [unit for layer in runs.network.outputs for unit in layer.unit_names]
    if runs.procedure.criterion.rule == "winner":
        return lambda outputs: np.array(names, dtype=str)[outputs.argmax(axis=-1)]
    return lambda outputs: outputs
