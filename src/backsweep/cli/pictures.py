"""Pictures: which figures show what was learned, put together on one sheet."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from backsweep.cli.data import published_sweeps
from backsweep.cli.fields import fields_of, has_names
from backsweep.cli.gridded import shown_by_default
from backsweep.cli.words import counted, several
from backsweep.errors import RecordError
from backsweep.figures import (
    LIGHT,
    MapAxis,
    Theme,
    blank_figure,
    check_target,
    draw_activity,
    draw_final_errors,
    draw_map,
    draw_network,
    draw_sweeps_to_learn,
    draw_training_curve,
    save_figure,
    theme_named,
)
from backsweep.figures.final_errors import grouped
from backsweep.figures.shares import ShareLine, draw_shares
from backsweep.figures.theme import FONTS
from backsweep.grids import RATE
from backsweep.runs import cells, share_interval

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from backsweep.runs import Runs

__all__ = ["check_place", "draw", "draw_case", "draw_grid"]

MOST_AXES: Final = 2  # of a grid that is drawn as such
FINE: Final = 512  # cells to a side: finer maps get more dots to the inch
MOST_DOTS: Final = 1200
MOST_CURVES: Final = 5000  # runs in a fan: more change nothing that can be seen
BEYOND: Final = 1e6  # an error of one run above this is no longer drawn
FEWEST_POINTS: Final = 3  # of a curve
MOST_ARCS: Final = 120  # weights and biases of a network drawn as such


def check_place(path: Path, *, force: bool) -> None:
    """Raise unless a figure can be written there: asked before learning."""
    check_target(path, force=force)
    if not os.access(path.parent, os.W_OK):
        raise RecordError(
            f"the folder of {str(path)!r} must be writable, and is not.",
            hint="choose another place.",
        )


def draw(runs: Runs, path: Path, *, force: bool, run: int | None = None) -> None:
    """Draw one run, or what came of many where None is named, into a file."""
    if run is None and runs.grid is not None and len(runs.grid.axes) <= MOST_AXES:
        draw_grid(runs, shown_by_default(runs), path, force=force)
        return
    if run is None and runs.n_runs == 1:
        run = int(runs.run[0])
    figure = _many(runs) if run is None else _one(runs, run)
    save_figure(figure, path, force=force)


def draw_case(runs: Runs, run: int, case: str, path: Path, *, force: bool) -> None:
    """Draw the activities of every layer for one case: the letter's Fig. 3."""
    place = runs.task.case_names.index(case)
    outputs = {
        layer: values[0] for layer, values in runs.activities(run, case).y.items()
    }
    figure = blank_figure(16.0, 15.0)
    _head(figure, f"{runs.task.name}, run {run}: {case}")
    draw_activity(
        figure.add_subplot(), runs.network, outputs, desired=runs.task.desired[place]
    )
    save_figure(figure, path, force=force)


def draw_grid(
    runs: Runs, show: str, path: Path, *, theme: str = "light", force: bool
) -> None:
    """Draw what came of a grid's cells: over one setting, or a map of two."""
    grid = runs.grid
    if grid is None:
        raise AssertionError("`draw_grid` is for grids")
    colours = theme_named(theme)
    fine = max(1.0, max(grid.shape) / FINE)
    colours = replace(colours, dpi=min(round(colours.dpi * fine), MOST_DOTS))
    sides = [
        MapAxis(
            label=_setting(runs, axis.setting), values=axis.values, scale=axis.scale
        )
        for axis in grid.axes
    ]
    each = f", {grid.runs:,} runs to a cell" if grid.runs > 1 else ""
    title = f"{runs.task.name}{each}"
    figure = blank_figure(18.0, 10.0 if len(sides) == 1 else 15.0, theme=colours)
    axes = figure.add_subplot()
    if len(sides) == 1 and show == "share":
        _draw_share(axes, runs, sides[0], title, colours)
    else:
        shape = (grid.shape[0], -1)
        alone = MapAxis(label="", values=(0.0,))
        draw_map(
            axes,
            cells(runs, show).reshape(shape),
            sides[0],
            sides[1] if len(sides) > 1 else alone,
            shows=show,  # type: ignore[arg-type]  # checked there
            diverged=cells(runs, "diverged").reshape(shape),
            title=title,
            theme=colours,
        )
        axes.yaxis.set_visible(len(sides) > 1)
    save_figure(figure, path, force=force)


def _setting(runs: Runs, name: str) -> str:
    """Say what an axis varies; a rate with epsilon 1 is a step size."""
    own = runs.common.epsilon if runs.common is not None else None
    if name.startswith(RATE) and own == 1:
        return f"step size of the {name.removeprefix(RATE)} layer"
    return f"width of the {name}" if name == "start" else name


def _draw_share(axes: Any, runs: Runs, side: MapAxis, title: str, theme: Theme) -> None:
    learned = cells(runs, "learned_at")
    counted_in = (~np.isnan(learned)).sum(axis=-1)
    found = (learned > 0).sum(axis=-1)
    line = ShareLine(
        label="learned",
        at=side.values,
        shares=found / counted_in,
        intervals=[
            share_interval(int(one), int(total))
            for one, total in zip(found, counted_in, strict=True)
        ],
    )
    draw_shares(
        axes, [line], x=side.label, y="share of runs that learned", scale=side.scale,
        title=title, theme=theme,
    )  # fmt: skip


def _head(figure: Any, text: str) -> None:
    """Write over the whole sheet what is drawn on it."""
    figure.suptitle(
        text, x=0.005, horizontalalignment="left", color=LIGHT.ink,
        fontfamily=list(FONTS), fontsize=1.15 * LIGHT.font_size,
    )  # fmt: skip


def _one(runs: Runs, run: int) -> Any:
    """Show a run: its network if it is small, the fields of its units, its curve."""
    network, parameters = runs.network, runs.parameters_of(run)
    if not np.isfinite(parameters).all():  # diverged: no weights are left to draw
        figure = blank_figure(16.0, 9.0)
        _head(figure, f"{_named(runs, run)}: {_ended(runs, run)}")
        _curve(figure.add_subplot(), runs, run)
        return figure
    is_small = network.n_parameters <= MOST_ARCS
    panels: list[Callable[[Any], None]] = []
    if is_small:
        panels.append(lambda axes: draw_network(axes, network, parameters))
    if has_names(network) or not is_small:
        fields = fields_of(network, parameters, is_drawn=is_small)
        panels += [field.draw for field in fields]
    figure = blank_figure(*((24.0, 12.0) if len(panels) == 1 else (26.0, 16.0)))
    _head(figure, f"{_named(runs, run)}: {_ended(runs, run)}{_held_out(runs, run)}")
    _arrange(figure, panels, lambda axes: _curve(axes, runs, run))
    return figure


def _arrange(
    figure: Any, panels: list[Callable[[Any], None]], curve: Callable[[Any], None]
) -> None:
    """Give the first diagram the left half, the curve the lower right, others above."""
    above = panels[1:]
    halves = figure.add_gridspec(1, 2)
    right = halves[1].subgridspec(2, 1) if above else [halves[1]]
    places = [halves[0]]
    if above:
        places += list(right[0].subgridspec(1, len(above)))
    sheets = [figure.add_subplot(place) for place in places]
    for axes in sheets:
        axes.set_axis_off()  # or their ticks would take room
    # The curve first: diagrams are measured as they stand then.
    curve(figure.add_subplot(right[-1]))
    for panel, axes in zip(panels, sheets, strict=True):
        panel(axes)


def _many(runs: Runs) -> Any:
    others = runs.outcomes == "stuck"
    bars = min(len(grouped(runs.final_errors[others], 0.02)), 8)
    figure = blank_figure(24.0, 10.0 + (2.0 + 0.9 * bars) * bool(bars))
    _head(figure, f"{runs.task.name}, {several(runs.n_runs, 'run')}{_held_out(runs)}")
    ratios = (9.0, 1.6 + 0.8 * bars) if bars else (1.0,)
    grid = figure.add_gridspec(len(ratios), 2, height_ratios=ratios)
    has_learned = (runs.learned_at > 0).any()
    _curve(figure.add_subplot(grid[0, 0] if has_learned else grid[0, :]), runs)
    if has_learned:
        draw_sweeps_to_learn(
            figure.add_subplot(grid[0, 1]),
            np.where(runs.learned_at > 0, runs.learned_at, np.nan),
            published=published_sweeps(runs),
            published_label="published",
        )
    if bars:
        draw_final_errors(
            figure.add_subplot(grid[1, :]),
            runs.final_errors[others],
            n_runs=runs.n_runs,
        )
    return figure


def _curve(axes: Any, runs: Runs, run: int | None = None) -> None:
    kept = runs.errors if run is None else runs.errors[[runs.place(run)]]
    if run is not None and (kept <= BEYOND).sum() >= FEWEST_POINTS:
        kept = np.where(kept <= BEYOND, kept, np.nan)
    # A run that diverges has an error beyond all numbers, which no axis holds.
    drawable = ~np.isnan(kept[:, 0]) & ~np.isinf(kept).any(axis=1)
    errors = kept[drawable][:MOST_CURVES]
    if not len(errors):
        axes.set_axis_off()
        what = "every run" if len(kept) > 1 else "the run"
        axes.set_title(f"{what} diverged: its error is beyond all numbers")
        return
    draw_training_curve(
        axes,
        runs.error_sweeps,
        errors,
        published=published_sweeps(runs) if len(errors) > 1 else None,
        published_label="published",
        title="Error while learning",
    )


def _named(runs: Runs, run: int) -> str:
    return runs.task.name if runs.n_runs == 1 else f"{runs.task.name}, run {run}"


def _ended(runs: Runs, run: int) -> str:
    place = runs.place(run)
    outcome = str(runs.outcomes[place])
    if outcome == "learned":
        return f"learned after {several(int(runs.learned_at[place]), 'sweep')}"
    if outcome == "diverged":
        return f"diverged in sweep {counted(int(runs.diverged_at[place]))}"
    return f"not learned in {several(int(runs.history.sweeps[place]), 'sweep')}"


def _held_out(runs: Runs, run: int | None = None) -> str:
    cases = runs.task.n_held_out
    if not cases:
        return ""
    if run is not None:
        right = int(runs.held_out_right[runs.place(run)])
        return f"; {right} of {cases} held-out cases right"
    return (
        f"; {runs.held_out_right.mean():.3g} of {cases} held-out cases right on average"
    )
