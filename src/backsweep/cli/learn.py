"""`backsweep learn`: one network or many learn a task or a table of one's own."""

from __future__ import annotations

import shlex
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer  # noqa: TC002  # typer reads the annotations

from backsweep.cli import options
from backsweep.cli.broken_off import break_off
from backsweep.cli.screen import Data, Screen
from backsweep.errors import RecordError, SettingError

if TYPE_CHECKING:
    from pathlib import Path

    from backsweep.cli.settings import Overrides
    from backsweep.grids import Grid
    from backsweep.network import Network
    from backsweep.runs import Runs
    from backsweep.tasks import Task

__all__ = ["learn"]

ADVICE = (
    "Stuck at the last sweep: add --sweeps to see whether it only takes longer; a"
    " smaller --epsilon often helps."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What one call of the command asks for, read and checked."""

    task: Task
    overrides: Overrides
    grid: Grid | None
    network: Network | None
    runs: int
    seed: int
    engine: str
    threads: int | None
    save: Path | None
    resume: bool
    figure: Path | None
    force: bool


def learn(
    context: typer.Context,
    task: Annotated[str, options.TASK],
    *,
    network: Annotated[str | None, options.NETWORK] = None,
    runs: Annotated[str | None, options.RUNS] = None,
    seed: Annotated[str | None, options.SEED] = None,
    engine: Annotated[str, options.ENGINE] = "auto",
    threads: Annotated[str | None, options.THREADS] = None,
    epsilon: Annotated[str | None, options.EPSILON] = None,
    alpha: Annotated[str | None, options.ALPHA] = None,
    rate: Annotated[list[str] | None, options.RATE] = None,
    decay: Annotated[str | None, options.DECAY] = None,
    error: Annotated[str | None, options.ERROR] = None,
    sweeps: Annotated[str | None, options.SWEEPS] = None,
    start: Annotated[str | None, options.START] = None,
    bias_start: Annotated[str | None, options.BIAS_START] = None,
    criterion: Annotated[str | None, options.CRITERION] = None,
    until: Annotated[str | None, options.UNTIL] = None,
    update: Annotated[str | None, options.UPDATE] = None,
    desired: Annotated[list[str] | None, options.DESIRED] = None,
    inputs: Annotated[list[str] | None, options.INPUTS] = None,
    classes: Annotated[list[str] | None, options.CLASSES] = None,
    missing: Annotated[str | None, options.MISSING] = None,
    hold_out: Annotated[str | None, options.HOLD_OUT] = None,
    save: Annotated[str | None, options.SAVE] = None,
    resume: Annotated[bool, options.RESUME] = False,
    figure: Annotated[str | None, options.FIGURE] = None,
    force: Annotated[bool, options.FORCE] = False,
    json: Annotated[bool, options.JSON] = False,
    quiet: Annotated[bool, options.QUIET] = False,
    debug: Annotated[bool, options.DEBUG] = False,
) -> None:
    """Let one network learn, or many, each from a start of its own.

    A built-in task is learned as it was published, but for the options given. In a
    table of your own, one column is learned from the others.
    """
    from backsweep.cli import render_record  # noqa: PLC0415  # see the room's docstring
    from backsweep.cli.settings import Overrides, as_whole  # noqa: PLC0415  # as above
    from backsweep.cli.subject import TableWishes, find_task, read_network, rows_told  # noqa: PLC0415  # as above
    from backsweep.grids import Grid  # noqa: PLC0415  # as above

    screen = Screen.of(context)
    screen.as_json, screen.quiet, screen.debug = json, quiet, debug
    number = as_whole("--seed", seed or "0", 0)
    wishes = TableWishes(
        desired=desired or (),
        inputs=inputs or (),
        classes=classes or (),
        missing=missing,
    )
    overrides = Overrides(
        epsilon=epsilon,
        alpha=alpha,
        decay=decay,
        error=error,
        sweeps=sweeps,
        start=start,
        bias_start=bias_start,
        criterion=criterion,
        until=until,
        update=update,
        rate=rate or (),
    )
    axes, count = overrides.axes(screen.arguments), as_whole("--runs", runs or "1")
    varied = Grid(axes, count) if axes else None
    wish = Wish(
        task=find_task(task, wishes, hold_out=hold_out, seed=number),
        overrides=overrides,
        grid=varied,
        network=None if network is None else read_network(network),
        runs=count if varied is None else varied.n_runs,
        seed=number,
        engine=engine,
        threads=None if threads is None else as_whole("--threads", threads),
        save=_path(save),
        resume=resume,
        figure=_path(figure),
        force=force,
    )
    _check_places(wish)
    result, data = _carry_out(screen, wish)
    screen.show(data | rows_told(task, wishes), render_record.learned)
    done = int(result.history.finished.sum())
    if done < wish.runs:
        break_off(screen, wish.save, done, wish.runs)
    if data["outcomes"]["stuck"]:
        screen.say(ADVICE)
    if wish.save is not None:
        screen.say(f"saved: {wish.save}")
    if wish.figure is not None:
        from backsweep.cli.pictures import draw  # noqa: PLC0415  # as above

        draw(result, wish.figure, force=force)
        screen.say(f"drawn: {wish.figure}")
    elif not json:
        screen.say(f"To see it drawn: {_drawn_by(wish)}")


def _drawn_by(wish: Wish) -> str:
    figure = f"--figure {shlex.quote(wish.task.name.split(':')[0])}.svg"
    if wish.save is None:
        return f"add {figure}"
    return f"backsweep show {shlex.quote(str(wish.save))} {figure}"


def _path(text: str | None) -> Path | None:
    from pathlib import Path  # noqa: PLC0415  # as in `learn`

    return None if text is None else Path(text)


def _check_places(wish: Wish) -> None:
    """Find out before learning what would spoil its end."""
    if wish.figure is not None:
        from backsweep.cli.pictures import check_place  # noqa: PLC0415  # as in `learn`

        check_place(wish.figure, force=wish.force)
    if wish.save is None:
        if wish.resume:
            raise SettingError(
                "`--resume` needs `--save` with the record to go on with, got none."
            )
        return
    if wish.resume and wish.save.exists() and not wish.force:
        raise RecordError(
            f"the record {str(wish.save)!r} is complete: nothing is left to do.",
            hint=f"see 'backsweep show {wish.save}', or begin anew with --force.",
        )


def _carry_out(screen: Screen, wish: Wish) -> tuple[Runs, Data]:
    from backsweep.cli.data import record_data  # noqa: PLC0415  # as in `learn`
    from backsweep.cli.partial import kept_sweeps  # noqa: PLC0415  # as above
    from backsweep.cli.progress import following  # noqa: PLC0415  # as above
    from backsweep.learning import shelf_beside  # noqa: PLC0415  # as above
    from backsweep.runs import learn as carry_out  # noqa: PLC0415  # as above

    kept = 0
    if wish.resume and wish.save is not None:
        folder = shelf_beside(wish.save)
        if folder.is_dir():
            kept = kept_sweeps(folder)
        else:
            screen.say(f"nothing of {wish.save} was begun before: beginning.")
    begun = time.perf_counter()
    try:
        with following(screen) as listener:
            result = carry_out(
                wish.network,
                wish.task,
                wish.overrides.applied_to(wish.task.procedure),
                grid=wish.grid,
                runs=wish.runs if wish.grid is None else None,
                seed=wish.seed,
                engine=wish.engine,
                threads=wish.threads,
                save=wish.save,
                resume=wish.resume,
                force=wish.force,
                listener=listener,
            )
    except KeyboardInterrupt:
        break_off(screen, wish.save, 0, wish.runs)
    seconds = time.perf_counter() - begun
    swept = int(result.history.sweeps.sum()) - kept
    data = record_data(result, is_whole=result.n_runs == wish.runs)
    if result.grid is not None:
        from backsweep.cli.gridded import grid_data, shown_by_default  # noqa: PLC0415  # as above

        data["map"] = grid_data(result, shown_by_default(result))
    data |= {"seconds": seconds, "net_sweeps_per_second": max(swept, 0) / seconds}
    return result, data
