"""Run view: one run of many, whole, at every moment that is known of it.

What comes of it is bounded: of large networks fewer moments are sent, of long tables
fewer cases.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from backsweep.activations import ACTIVATIONS
from backsweep.engines.plain import judged_by, network_output
from backsweep.equations import Passed, cases_right, forward, output_error
from backsweep.lab.look import MOST_POINTS, layer_plans, settings_of, thinned
from backsweep.lab.messages import OneRun
from backsweep.lab.moments import MOST_BYTES, QUIETLY, Floats, known
from backsweep.lab.networks import blocks_of
from backsweep.lab.packing import levels, packed

if TYPE_CHECKING:
    from backsweep.lab.messages import OtherPage
    from backsweep.lab.moments import Known
    from backsweep.network import Layer
    from backsweep.runs import Runs

__all__ = ["Reader", "one_run"]

# Gives outputs (..., n_out) as words (...), or as numbers (..., n_answers).
Reader: TypeAlias = Callable[[Floats], NDArray[Any]]

MOST_CASES: Final = 2_000  # whose activities are shown at once
MOST_ANSWERS: Final = 8  # numbers a case; of more, the names of those that are on


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
            "held_out": np.isin(shown, at.apart).astype(np.uint8),
            **seen,
            **told,
        },
    )


def _own_settings(at: Known) -> tuple[tuple[str, str], ...]:
    """Name the settings of a run that not all of the record's runs have."""
    of_all, own = settings_of(at.runs.procedure), settings_of(at.own)
    return tuple(mine for mine, all_ in zip(own, of_all, strict=True) if mine != all_)


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
    apart = at.apart
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
