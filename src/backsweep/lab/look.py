"""Looking at runs: what an ensemble came to, and one of its runs at any sweep.

The pages "Your data" and "Records" show the same views; here are their numbers, from
`Runs` and the equations. Between its start and its end a run is known at the sweeps
of its snapshots, or it is learned again where that takes no longer than a second.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast
from urllib.parse import urlencode

import numpy as np
from numpy.typing import NDArray

from backsweep.engines.plain import judged_by, network_output
from backsweep.equations import cases_right, forward, output_error
from backsweep.lab.messages import (
    TASKS,
    CurveSettings,
    Ensemble,
    LayerPlan,
    OneRun,
)
from backsweep.lab.networks import blocks_of
from backsweep.lab.packing import packed
from backsweep.network import Network
from backsweep.notation import written
from backsweep.procedure import Procedure, Spread, Start
from backsweep.runs.summary import OUTCOMES, guessing, share_interval

if TYPE_CHECKING:
    from backsweep.runs import Runs

__all__ = ["Reader", "ensemble", "layer_plans", "one_run", "snapshots_for"]

Floats: TypeAlias = NDArray[np.float64]
# Gives outputs of shape (n_cases, n_out) as words; and whether they are classes.
Reader: TypeAlias = Callable[[Floats], tuple[list[str], bool]]

LEVELS: Final = (0.05, 0.25, 0.5, 0.75, 0.95)
MOST_POINTS: Final = 500  # of a curve
MOST_CASES: Final = 2_000  # whose activities are shown at once
MOST_NAMES: Final = 12  # units of a layer that are drawn one by one
MOMENTS: Final = 100  # sweeps at which a run is looked at
LIGHT: Final = 400_000_000  # cases x parameters x moments that take under a second
AGAIN: Final = {"compiled": 2_000_000_000, "compiled-f32": 2_000_000_000}
AGAIN_PLAIN: Final = 20_000_000


def snapshots_for(cases: int, sweeps: int, parameters: int, runs: int) -> list[int]:
    """Choose the sweeps at which runs are kept: as many as can soon be looked at."""
    count = min(
        MOMENTS, LIGHT // (cases * parameters), 10 * MOMENTS**2 // (parameters * runs)
    )
    found = np.linspace(0, sweeps, min(max(count, 2), sweeps) + 1)
    return sorted({round(sweep) for sweep in found.tolist()})


def layer_plans(network: Network) -> tuple[LayerPlan, ...]:
    """Say of each layer how many units it has and what it hears from."""
    return tuple(
        LayerPlan(
            name=layer.name,
            size=layer.size,
            activation=layer.activation if network.incoming(layer.name) else "",
            sources=tuple(link.source for link in network.incoming(layer.name)),
            units=layer.unit_names[:MOST_NAMES],
        )
        for layer in network.layers
    )


def ensemble(runs: Runs) -> bytes:
    """Say what many runs came to, as `messages.Ensemble` describes."""
    counts = {name: int(runs.ended(name).sum()) for name in OUTCOMES}
    low, high = share_interval(counts["learned"], runs.n_runs)
    chosen = _thinned(len(runs.error_sweeps))
    errors = runs.errors[:, chosen]
    # A run that has learned and stopped keeps the error that it came to.
    kept = runs.ended("learned")[:, None] & np.isnan(errors)
    errors = np.where(kept, runs.final_errors[:, None], errors)
    carried_out = runs.error_sweeps[chosen] <= runs.history.sweeps.max()
    known = np.isfinite(errors).any(axis=0) & carried_out
    alone = guessing(runs.task, runs.procedure)
    return packed(
        partial(
            Ensemble,
            task=runs.task.name,
            about=runs.task.about,
            network=written(runs.network),
            layers=layer_plans(runs.network),
            parameters=runs.network.n_parameters,
            first=int(runs.run[0]),
            runs=runs.n_runs,
            seed=runs.seed,
            engine=runs.engine,
            version=runs.version,
            settings=_settings(runs.procedure),
            sweeps=runs.procedure.sweeps,
            learned=counts["learned"],
            stuck=counts["stuck"],
            diverged=counts["diverged"],
            unfinished=counts["unfinished"],
            low=low,
            high=high,
            cases=runs.task.n_cases,
            held_out=runs.task.n_held_out,
            guessing=None if alone is None else alone["share"],
            levels=LEVELS,
        ),
        {
            "recorded": runs.error_sweeps[chosen][known].astype(np.int32),
            "quantiles": np.nanquantile(errors[:, known], LEVELS, axis=0).astype(
                np.float32
            ),
            "learned_at": runs.learned_at.astype(np.int32),
            "diverged_at": runs.diverged_at.astype(np.int32),
            "right": runs.right.astype(np.int32),
            "held_out_right": runs.held_out_right.astype(np.int32),
            "final_error": runs.final_errors.astype(np.float32),
        },
    )


def _thinned(count: int) -> NDArray[np.intp]:
    """Choose places among so many, the first and the last among them."""
    return np.unique(np.linspace(0, count - 1, min(count, MOST_POINTS)).astype(np.intp))


def _settings(procedure: Procedure) -> tuple[tuple[str, str], ...]:
    """Name the settings that one asks for first, one value a run left unsaid."""

    def said(value: object) -> str:
        if isinstance(value, float):
            return f"{value:g}"
        return "one value a run" if isinstance(value, tuple) else str(value)

    named = {
        "epsilon": procedure.epsilon,
        "alpha": procedure.alpha,
        "decay": procedure.decay,
        "error": procedure.error,
        "weights change after each": procedure.update,
        "start": "given" if procedure.start.given is not None else procedure.start,
        "criterion": procedure.criterion,
        "most sweeps": f"{procedure.sweeps:,}",
        "a run stops": "when it has learned"
        if procedure.until == "learned"
        else "at the end",
        "stages before": len(procedure.stages) or "none",
    }
    return tuple((name, said(value)) for name, value in named.items())


def one_run(runs: Runs, run: int, sweep: int, read: Reader | None = None) -> bytes:
    """Show one run after a sweep, as `messages.OneRun` describes.

    Parameters
    ----------
    runs
        The record.
    run, sweep
        Its number; the nearest sweep that is known is shown.
    read
        Gives outputs as words, where there is a table to know them from.

    Raises
    ------
    DataError
        If the record has no such run.
    """
    place = runs.place(run)
    closer = _closer(runs, run)
    history = closer.history
    at = closer.place(run)
    moments = (*closer.recording.snapshots, int(history.sweeps[at]))
    parameters = np.concatenate([history.snapshots[at], history.parameters[at][None]])
    trace = _trace(closer, run, parameters)
    nearest = int(np.abs(np.array(moments) - sweep).argmin())
    weights = parameters[nearest]
    with np.errstate(over="ignore", invalid="ignore"):  # of a run that diverged
        passed = forward(runs.network, weights, runs.task.inputs)
    outputs = network_output(runs.network, passed)
    read = read or _reader(runs)
    wanted, is_class = read(runs.task.desired)
    answered, _ = read(outputs)
    rule, near = judged_by(runs.procedure.criterion, _near(runs, run))
    right = cases_right(outputs, runs.task.desired, rule, near)
    held_out = np.isin(np.arange(runs.task.n_cases), runs.history.held_out[place])
    shown = _sorted(runs.task.desired, outputs)
    above = [passed.y[step.layer.name] for step in runs.network.upward]
    y = np.concatenate(above, axis=-1)[shown].T
    recorded = _thinned(closer.errors.shape[1])
    error = closer.errors[at, recorded]
    known = np.isfinite(error)
    return packed(
        partial(
            OneRun,
            run=run,
            outcome=cast(Any, str(runs.outcomes[place])),
            learned_at=int(runs.learned_at[place]),
            diverged_at=int(runs.diverged_at[place]),
            sweep=moments[nearest],
            sweeps=int(runs.history.sweeps[place]),
            right=int(runs.right[place]),
            held_out_right=int(runs.held_out_right[place]),
            layers=layer_plans(runs.network),
            unit_names=tuple(
                name for step in runs.network.upward for name in step.layer.unit_names
            ),
            input_names=tuple(
                name for layer in runs.network.inputs for name in layer.unit_names
            ),
            blocks=blocks_of(runs.network),
            cases=tuple(runs.task.case_names[k] for k in shown),
            wanted=tuple(wanted[k] for k in shown),
            answered=tuple(answered[k] for k in shown),
            is_class=is_class,
            curve_page=curve_page(runs, run),
        ),
        {
            "recorded": closer.error_sweeps[recorded][known].astype(np.int32),
            "error": error[known].astype(np.float32),
            "traced": np.array(moments, dtype=np.int32),
            "trace": trace.astype(np.float32),
            "parameters": weights.astype(np.float32),
            "y": y.astype(np.float32),
            "right": right[shown].astype(np.int32),
            "held_out": held_out[shown].astype(np.int32),
        },
    )


def _closer(runs: Runs, run: int) -> Runs:
    """Have a run between start and end too, where it is not and that is soon done."""
    if len(runs.recording.snapshots) > 1 or not runs.history.finished.all():
        return runs
    task, n_parameters = runs.task, runs.network.n_parameters
    sweeps = runs.procedure.sweeps
    if task.n_cases * n_parameters * sweeps > AGAIN.get(runs.engine, AGAIN_PLAIN):
        return runs
    wanted = snapshots_for(task.n_cases, sweeps, n_parameters, 1)
    carried_out = int(runs.history.sweeps[runs.place(run)])
    within = tuple(sweep for sweep in wanted if sweep <= carried_out)
    return runs.replay(run, snapshots=within)


def _near(runs: Runs, run: int) -> float:
    value = runs.procedure.criterion.value
    return value if isinstance(value, float) else value[run]


def _trace(runs: Runs, run: int, parameters: Floats) -> Floats:
    """Judge learning and held-out cases at every moment: shape (n_moments, 4)."""
    task, procedure = runs.task, runs.procedure
    apart = runs.history.held_out[runs.place(run)]
    learning = np.setdiff1d(np.arange(task.n_cases), apart)
    rule, near = judged_by(procedure.criterion, _near(runs, run))
    found = np.full((len(parameters), 4), np.nan)
    factor = procedure.error_factor(len(learning), runs.network.n_out)
    for column, cases in enumerate((learning, apart)):
        if not len(cases):
            continue
        for moment, weights in enumerate(parameters):
            with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
                passed = forward(runs.network, weights, task.inputs[cases])
                error = output_error(
                    runs.network, passed, task.desired[cases], procedure.error
                )
            y = network_output(runs.network, passed)
            right = cases_right(y, task.desired[cases], rule, near)
            # Both as if over the learning cases, so that they can be compared.
            found[moment, column] = error * factor * len(learning) / len(cases)
            found[moment, 2 + column] = right.mean()
    return found


def _reader(runs: Runs) -> Reader:
    """Read outputs by the names of the output units."""
    names = [unit for layer in runs.network.outputs for unit in layer.unit_names]
    one_of = runs.procedure.criterion.rule == "winner"

    def read(outputs: Floats) -> tuple[list[str], bool]:
        if one_of:
            return [names[k] for k in outputs.argmax(axis=-1)], True
        return [" ".join(map(_brief, row[:8])) for row in outputs.tolist()], False

    return read


def _brief(value: float) -> str:
    """Write a number with at most two decimals.

    Examples
    --------
    >>> _brief(1.0), _brief(0.146), _brief(-0.001)
    ('1', '0.15', '0')
    """
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _sorted(desired: Floats, outputs: Floats) -> NDArray[np.intp]:
    """Sort cases by what is desired, and where that is equal by the answer."""
    keys = [outputs[:, 0], *desired.T] if desired.shape[1] > 1 else [*desired.T]
    order = np.lexsort(keys)
    if len(order) <= MOST_CASES:
        return order
    return order[np.linspace(0, len(order) - 1, MOST_CASES).astype(np.intp)]


def curve_page(runs: Runs, run: int) -> str:
    """Give the state in which the page of training curves shows a run; "" if none."""
    procedure, weights = runs.procedure, runs.procedure.start.weights
    hidden: Sequence[int] = [layer.size for layer in runs.network.hidden]
    if runs.task.name not in TASKS or len(hidden) > 1 or runs.task.n_held_out:
        return ""
    plain = Procedure(
        epsilon=procedure.epsilon,
        alpha=procedure.alpha,
        update=procedure.update,
        start=Start(Spread(weights.width), Spread(weights.width)),
        criterion=procedure.criterion,
        sweeps=procedure.sweeps,
        until=procedure.until,
    )
    sizes = [runs.network.n_in, *hidden, 1]
    if procedure != plain or runs.network != Network.layered(*sizes):
        return ""
    settings = {
        "task": runs.task.name,
        "hidden": hidden[0] if hidden else 0,
        "epsilon": procedure.epsilon,
        "alpha": procedure.alpha,
        "start": weights.width,
        "update": procedure.update,
        "seed": runs.seed,
        "run": run,
    }
    try:
        CurveSettings.model_validate(settings)
    except ValueError:  # beyond what that page shows
        return ""
    return urlencode({"page": "curve", **settings})
