"""Looking at many runs: what an ensemble came to.

The pages "Your data" and "Records" show the same views; here are their numbers of all
runs, from `Runs`. `run_view` has those of one of them.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np

from backsweep.lab.messages import Ensemble, LayerPlan
from backsweep.lab.packing import packed
from backsweep.notation import written
from backsweep.runs.summary import OUTCOMES, guessing, share_interval

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from backsweep.network import Network
    from backsweep.procedure import Procedure
    from backsweep.runs import Runs

__all__ = ["ensemble", "layer_plans", "settings_of", "thinned"]

LEVELS: Final = (0.05, 0.25, 0.5, 0.75, 0.95)
MOST_POINTS: Final = 500  # of a curve
MOST_NAMES: Final = 12  # units of a layer that are drawn one by one


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
    chosen = thinned(len(runs.error_sweeps), MOST_POINTS)
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
            settings=settings_of(runs.procedure),
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


def thinned(count: int, most: int) -> NDArray[np.intp]:
    """Choose so many places among a number of them, the first and the last too.

    Examples
    --------
    >>> thinned(9, 3).tolist(), thinned(2, 5).tolist()
    ([0, 4, 8], [0, 1])
    """
    return np.unique(np.linspace(0, count - 1, min(count, most)).astype(np.intp))


def settings_of(procedure: Procedure) -> tuple[tuple[str, str], ...]:
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
