"""`backsweep map`: networks learn over a grid of settings, and a picture of it."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Final

import typer  # noqa: TC002  # typer reads the annotations

from backsweep.cli import options
from backsweep.cli.broken_off import break_off
from backsweep.cli.screen import Data, Screen
from backsweep.errors import SettingError, closest

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet
    from pathlib import Path

    from backsweep.grids import Axis, Grid
    from backsweep.network import Network
    from backsweep.procedure import Procedure
    from backsweep.runs import Runs
    from backsweep.tasks import Task

__all__ = ["map_"]

RUNS: Final = 16
MOST_CELLS_A_SIDE: Final = 8192


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What one call of the command asks for, read and checked."""

    task: Task
    network: Network
    procedure: Procedure
    grid: Grid
    show: str
    seed: int
    engine: str
    threads: int | None
    save: Path
    resume: bool
    figure: Path
    theme: str
    force: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The options that say which part of a map is drawn how finely."""

    size: str | None
    centre: str | None
    width: str | None

    @property
    def given(self) -> list[str]:
        """Names of those that were given."""
        names = ("size", "centre", "width")
        return [name for name in names if getattr(self, name) is not None]


def map_(
    context: typer.Context,
    task: Annotated[str, options.TASK],
    *,
    network: Annotated[str | None, options.NETWORK] = None,
    runs: Annotated[str | None, options.MAP_RUNS] = None,
    seed: Annotated[str | None, options.SEED] = None,
    engine: Annotated[str | None, options.MAP_ENGINE] = None,
    threads: Annotated[str | None, options.THREADS] = None,
    show: Annotated[str | None, options.SHOW] = None,
    size: Annotated[str | None, options.SIZE] = None,
    centre: Annotated[str | None, options.CENTRE] = None,
    width: Annotated[str | None, options.WIDTH] = None,
    theme: Annotated[str, options.THEME] = "light",
    epsilon: Annotated[str | None, options.EPSILON] = None,
    alpha: Annotated[str | None, options.ALPHA] = None,
    rate: Annotated[list[str] | None, options.RATE] = None,
    decay: Annotated[str | None, options.DECAY] = None,
    sweeps: Annotated[str | None, options.SWEEPS] = None,
    start: Annotated[str | None, options.START] = None,
    bias_start: Annotated[str | None, options.BIAS_START] = None,
    criterion: Annotated[str | None, options.CRITERION] = None,
    until: Annotated[str | None, options.UNTIL] = None,
    update: Annotated[str | None, options.UPDATE] = None,
    desired: Annotated[list[str] | None, options.DESIRED] = None,
    inputs: Annotated[list[str] | None, options.INPUTS] = None,
    missing: Annotated[str | None, options.MISSING] = None,
    hold_out: Annotated[str | None, options.HOLD_OUT] = None,
    save: Annotated[str | None, options.MAP_SAVE] = None,
    resume: Annotated[bool, options.RESUME] = False,
    figure: Annotated[str | None, options.MAP_FIGURE] = None,
    force: Annotated[bool, options.FORCE] = False,
    json: Annotated[bool, options.JSON] = False,
    quiet: Annotated[bool, options.QUIET] = False,
    debug: Annotated[bool, options.DEBUG] = False,
) -> None:
    """Let networks learn in every cell of a grid of settings, and draw the map.

    Give one or two settings as ranges; if left out, epsilon and alpha are varied about
    those of the task, or what the task has a map of.
    """
    from backsweep.cli.pictures import check_place, draw_grid  # noqa: PLC0415  # see the room's docstring
    from backsweep.cli.render_map import mapped  # noqa: PLC0415  # as above
    from backsweep.cli.settings import Overrides, as_whole  # noqa: PLC0415  # as above
    from backsweep.cli.subject import TableWishes, find_task, rows_told  # noqa: PLC0415  # as above
    from backsweep.figures import theme_named  # noqa: PLC0415  # as above
    from backsweep.runs import engine_for  # noqa: PLC0415  # as above

    screen = Screen.of(context)
    screen.as_json, screen.quiet, screen.debug = json, quiet, debug
    number = as_whole("--seed", seed or "0", 0)
    wishes = TableWishes(desired=desired or (), inputs=inputs or (), missing=missing)
    subject = find_task(task, wishes, hold_out=hold_out, seed=number)
    overrides = Overrides(
        epsilon=epsilon,
        alpha=alpha,
        decay=decay,
        sweeps=sweeps,
        start=start,
        bias_start=bias_start,
        criterion=criterion,
        until=until,
        update=update,
        rate=rate or (),
    )
    window = Window(size=size, centre=centre, width=width)
    wanted = _shown(show, subject)
    procedure = overrides.applied_to(subject.procedure)
    if wanted == "convergence" and until is None:
        procedure = replace(procedure, until="end")
    named = {"epsilon": epsilon, "alpha": alpha}
    held = {setting for setting, text in named.items() if text is not None}
    axes = _axes(overrides.axes(screen.arguments), window, subject, procedure, held)
    count = None if runs is None else as_whole("--runs", runs)
    theme_named(theme)
    wish = Wish(
        task=subject,
        network=_network(network, subject),
        procedure=procedure,
        grid=_grid(axes, count, procedure),
        show=wanted,
        seed=number,
        engine="",
        threads=None if threads is None else as_whole("--threads", threads),
        save=_place(save, subject, ".zarr"),
        resume=resume,
        figure=_place(figure, subject, ".png"),
        theme=theme,
        force=force,
    )
    wish = replace(
        wish, engine=engine or engine_for(wish.grid, wish.network, wish.procedure)
    )
    check_place(wish.figure, force=force)
    result, data = _carry_out(screen, wish)
    screen.show(data | rows_told(task, wishes), mapped)
    draw_grid(result, wish.show, wish.figure, theme=theme, force=force)
    screen.say(f"drawn: {wish.figure}")
    screen.say(f"saved: {wish.save}")


def _shown(show: str | None, task: Task) -> str:
    from backsweep.cli.gridded import SHOWS  # noqa: PLC0415  # as in `map_`

    if show is None:
        return "share" if task.grid is None else "convergence"
    if show not in SHOWS:
        raise SettingError(
            f"`--show` must be one of {', '.join(map(repr, SHOWS))}, got {show!r}.",
            hint=closest(show, SHOWS),
        )
    return show


def _network(text: str | None, task: Task) -> Network:
    from backsweep.cli.subject import read_network  # noqa: PLC0415  # as in `map_`

    return task.network if text is None else read_network(text)


def _place(text: str | None, task: Task, suffix: str) -> Path:
    """Give the place asked for, or one in this folder that is named by the task."""
    from pathlib import Path  # noqa: PLC0415  # as in `map_`

    if text is not None:
        return Path(text)
    return Path(f"{Path(task.name).stem.replace(':', '-')}-map{suffix}")


def _grid(axes: tuple[Axis, ...], runs: int | None, procedure: Procedure) -> Grid:
    from backsweep.cli.gridded import check_axes  # noqa: PLC0415  # as in `map_`
    from backsweep.grids import Grid  # noqa: PLC0415  # as above

    alike = procedure.start.given is not None and "start" not in [
        axis.setting for axis in axes
    ]
    grid = Grid(axes, runs or (1 if alike else RUNS))
    check_axes(grid)
    return grid


# -- what is spanned -----------------------------------------------------------------


def _axes(
    given: tuple[Axis, ...],
    window: Window,
    task: Task,
    procedure: Procedure,
    held: AbstractSet[str],
) -> tuple[Axis, ...]:
    """Give the axes asked for; else the task's own, or epsilon and alpha.

    Those of the two that are `held` at one value do not vary.
    """
    if given:
        for name in window.given:
            raise SettingError(
                f"`--{name}` goes without ranges of settings, got "
                f"{given[0].setting} as a range too.",
                hint="a range has its own ends and its own number of values.",
            )
        return given
    size = _size(window.size)
    if task.grid is not None:
        return _within(task.grid.axes, window, size)
    for name in window.given:
        if name != "size":
            raise SettingError(
                f"`--{name}` goes with a task that has a map of its own, got "
                f"{task.name!r}.",
                hint="such as 'trainability'; else give ranges, such as"
                " --epsilon 0.1:1:32log.",
            )
    axes = tuple(axis for axis in _about(procedure, size) if axis.setting not in held)
    if not axes:
        raise SettingError(
            "a map must vary something, got one value each of epsilon and alpha.",
            hint="give a range, such as --epsilon 0.1:1:32log.",
        )
    return axes


def _about(procedure: Procedure, size: int | None) -> tuple[Axis, ...]:
    """Vary epsilon about the task's by a factor of 32 each way, and alpha."""
    import numpy as np  # noqa: PLC0415  # as in `map_`

    from backsweep.grids import Axis  # noqa: PLC0415  # as above

    own = procedure.epsilon
    middle = own if isinstance(own, float) and own > 0 else 0.1
    steps = np.geomspace(middle / 32, middle * 32, size or 24)
    return (
        Axis("epsilon", tuple(steps.tolist())),
        Axis("alpha", tuple(np.linspace(0, 0.95, size or 16).tolist())),
    )


def _within(
    axes: tuple[Axis, ...], window: Window, size: int | None
) -> tuple[Axis, ...]:
    """Give a window of a map with logarithmic axes."""
    import numpy as np  # noqa: PLC0415  # as in `map_`

    from backsweep.cli.settings import as_number  # noqa: PLC0415  # as above

    ends = [np.log10([axis.values[0], axis.values[-1]]) for axis in axes]
    middles = [float(end.mean()) for end in ends]
    if window.centre is not None:
        middles = _centre(window.centre, len(axes))
    widths = [float(np.ptp(end)) for end in ends]
    if window.width is not None:
        width = as_number("--width", window.width)
        if not 0 < width <= 100:
            raise SettingError(
                "`--width` must be above 0 and at most 100 powers of ten, got "
                f"{window.width!r}."
            )
        widths = [width] * len(axes)
    found = []
    for axis, middle, width in zip(axes, middles, widths, strict=True):
        powers = np.linspace(
            middle - width / 2, middle + width / 2, size or len(axis.values)
        )
        if not (np.diff(10**powers) > 0).all():
            raise SettingError(
                f"the cells must lie further apart than rounding, got a width of "
                f"{width:g} for {len(powers):,} of them.",
                hint="the least width for that is about 1e-12.",
            )
        found.append(replace(axis, values=tuple((10**powers).tolist())))
    return tuple(found)


def _centre(text: str, count: int) -> list[float]:
    from backsweep.cli.settings import as_number  # noqa: PLC0415  # as in `map_`

    parts = text.split(",")
    try:
        numbers = [as_number("--centre", part) for part in parts]
    except SettingError:
        numbers = []
    if len(numbers) != count or not all(abs(number) < 100 for number in numbers):
        raise SettingError(
            f"`--centre` must be {count} numbers with a comma between them, the "
            f"logarithms of the middle, got {text!r}.",
            hint="for instance --centre 1.5,-0.6.",
        )
    return numbers


def _size(text: str | None) -> int | None:
    from backsweep.cli.settings import as_whole  # noqa: PLC0415  # as in `map_`

    if text is None:
        return None
    size = as_whole("--size", text, 2)
    if size > MOST_CELLS_A_SIDE:
        raise SettingError(
            f"`--size` must be at most {MOST_CELLS_A_SIDE:,}, got {size:,}, which are "
            f"{size * size:,} cells.",
            hint="draw windows of it with --centre and --width.",
        )
    return size


# -- carried out ---------------------------------------------------------------------


def _carry_out(screen: Screen, wish: Wish) -> tuple[Runs, Data]:
    from backsweep.cli.gridded import grid_data  # noqa: PLC0415  # as in `map_`
    from backsweep.cli.progress import following  # noqa: PLC0415  # as above
    from backsweep.runs import learn  # noqa: PLC0415  # as above

    begun = time.perf_counter()
    total = wish.grid.n_runs
    try:
        with following(screen) as listener:
            result = learn(
                wish.network,
                wish.task,
                wish.procedure,
                grid=wish.grid,
                seed=wish.seed,
                engine=wish.engine,
                every=wish.procedure.sweeps,
                ends=False,
                convergence=wish.show == "convergence",
                threads=wish.threads,
                save=wish.save,
                resume=wish.resume,
                force=wish.force,
                listener=listener,
            )
    except KeyboardInterrupt:
        break_off(screen, wish.save, 0, total)
    done = int(result.history.finished.sum())
    if done < total:
        break_off(screen, wish.save, done, total)
    seconds = time.perf_counter() - begun
    rate = float(result.history.sweeps.sum()) / seconds
    data = result.summary() | {
        "about": result.task.about,
        "source": result.task.source,
        "map": grid_data(result, wish.show),
        "record": str(wish.save),
        "figure": str(wish.figure),
        "seconds": seconds,
        "net_sweeps_per_second": rate,
    }
    del data["final_errors"]
    return result, data
