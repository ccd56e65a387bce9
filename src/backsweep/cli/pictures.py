"""Pictures: which figures show what was learned, put together on one sheet."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from backsweep.cli.data import published_sweeps
from backsweep.cli.words import counted, several
from backsweep.errors import RecordError
from backsweep.figures import (
    blank_figure,
    check_target,
    draw_final_errors,
    draw_network,
    draw_sweeps_to_learn,
    draw_training_curve,
    save_figure,
)

if TYPE_CHECKING:
    from pathlib import Path

    from backsweep.runs import Runs

__all__ = ["check_place", "draw"]

MOST_CURVES: Final = 5000  # runs in a fan: more change nothing that can be seen


def check_place(path: Path, *, force: bool) -> None:
    """Raise unless a figure can be written there: asked before learning."""
    check_target(path, force=force)
    if not os.access(path.parent, os.W_OK):
        raise RecordError(
            f"the folder of {str(path)!r} must be writable, and is not.",
            hint="choose another place.",
        )


def draw(runs: Runs, path: Path, *, force: bool) -> None:
    """Draw one network with its curve, or what came of many, into a file."""
    figure = _one(runs) if runs.n_runs == 1 else _many(runs)
    save_figure(figure, path, force=force)


def _one(runs: Runs) -> Any:
    """Network and training curve side by side; a large network above its curve."""
    is_large = runs.network.n_parameters > 120
    figure = blank_figure(*((20.0, 24.0) if is_large else (24.0, 11.0)))
    grid = (
        figure.add_gridspec(2, 1, height_ratios=(2.2, 1.0))
        if is_large
        else figure.add_gridspec(1, 2, width_ratios=(1.25, 1.0))
    )
    # The curve first: the sheet of the network is measured as it stands then.
    _curve(figure.add_subplot(grid[1]), runs)
    draw_network(
        figure.add_subplot(grid[0]),
        runs.network,
        runs.parameters[0],
        title=f"{runs.task.name}: {_ended(runs)}",
    )
    return figure


def _many(runs: Runs) -> Any:
    others = runs.outcomes == "stuck"
    figure = blank_figure(24.0, 15.0 if others.any() else 9.0)
    ratios = (2.0, 1.0) if others.any() else (1.0,)
    grid = figure.add_gridspec(len(ratios), 2, height_ratios=ratios)
    _curve(figure.add_subplot(grid[0, 0]), runs)
    learned_at = np.where(runs.learned_at > 0, runs.learned_at, np.nan)
    draw_sweeps_to_learn(
        figure.add_subplot(grid[0, 1]),
        learned_at,
        published=published_sweeps(runs),
        published_label="published",
    )
    if others.any():
        draw_final_errors(
            figure.add_subplot(grid[1, :]),
            runs.final_errors[others],
            n_runs=runs.n_runs,
        )
    return figure


def _curve(axes: Any, runs: Runs) -> None:
    # A run that diverges has an error beyond all numbers, which no axis holds.
    drawable = ~np.isnan(runs.errors[:, 0]) & ~np.isinf(runs.errors).any(axis=1)
    errors = runs.errors[drawable][:MOST_CURVES]
    if not len(errors):
        axes.set_axis_off()
        axes.set_title("every run diverged")
        return
    draw_training_curve(
        axes,
        runs.error_sweeps,
        errors,
        published=published_sweeps(runs) if len(errors) > 1 else None,
        published_label="published",
        title=_held_out(runs) or "Error while learning",
    )


def _ended(runs: Runs) -> str:
    outcome = str(runs.outcomes[0])
    if outcome == "learned":
        return f"learned after {several(int(runs.learned_at[0]), 'sweep')}"
    if outcome == "diverged":
        return f"diverged in sweep {counted(int(runs.diverged_at[0]))}"
    return f"not learned in {several(int(runs.history.sweeps[0]), 'sweep')}"


def _held_out(runs: Runs) -> str | None:
    cases = runs.task.n_held_out
    if not cases:
        return None
    right = float(runs.held_out_right.mean())
    return f"Held-out cases right: {right:.3g} of {cases}"
