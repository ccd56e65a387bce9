"""Elsewhere: on which other pages of the lab a run of a record can be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from backsweep.lab.messages import TASKS, CurveSettings
from backsweep.network import Network
from backsweep.procedure import Procedure, Spread, Start

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backsweep.runs import Runs

__all__ = ["curve_page"]


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
