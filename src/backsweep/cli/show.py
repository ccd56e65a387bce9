"""`backsweep show`: a network, a task, a table, a record, or one run of a record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from backsweep.cli import completion, options
from backsweep.cli.screen import Data, Screen
from backsweep.errors import SettingError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from rich.console import RenderableType

    from backsweep.cli.subject import TableWishes
    from backsweep.runs import Runs

    Shown = tuple[Data, Callable[[Data], RenderableType]]

__all__ = ["show"]

WHAT = typer.Argument(
    metavar="WHAT",
    help="A network ('6-2-1', or lines), a task, a table, or a record ('x.zarr').",
    autocompletion=completion.complete_shown,
    show_default=False,
)
RUN = typer.Option(
    "--run", metavar="N", help="One run of a record, by its number.", show_default=False
)
CASE = typer.Option(
    "--case",
    metavar="NAME",
    help="What every unit of that run does for one case: 'Colin has-aunt'.",
    show_default=False,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What to see of a record, and where to draw it."""

    run: int | None
    case: str | None
    figure: Path | None
    force: bool


def show(
    context: typer.Context,
    what: Annotated[str, WHAT],
    *,
    run: Annotated[str | None, RUN] = None,
    case: Annotated[str | None, CASE] = None,
    figure: Annotated[str | None, options.FIGURE] = None,
    force: Annotated[bool, options.FORCE] = False,
    desired: Annotated[list[str] | None, options.DESIRED] = None,
    inputs: Annotated[list[str] | None, options.INPUTS] = None,
    classes: Annotated[list[str] | None, options.CLASSES] = None,
    missing: Annotated[str | None, options.MISSING] = None,
    ir: Annotated[bool, options.IR] = False,
    assembly: Annotated[bool, options.ASSEMBLY] = False,
    engine: Annotated[str | None, options.COMPILED] = None,
    lanes: Annotated[str | None, options.LANES] = None,
    network: Annotated[str | None, options.PROGRAM_NETWORK] = None,
    update: Annotated[str | None, options.PROGRAM_UPDATE] = None,
    json: Annotated[bool, options.JSON] = False,
    quiet: Annotated[bool, options.QUIET] = False,
    debug: Annotated[bool, options.DEBUG] = False,
) -> None:
    """Look at a network, a task, a table, a record, or one run of a record.

    A record is drawn with --figure, without being learned again. With --ir or
    --assembly, a task is shown as the program that the compiled engine makes of it.
    """
    from pathlib import Path  # noqa: PLC0415  # see the room's docstring

    from backsweep.cli import subject  # noqa: PLC0415  # as above
    from backsweep.cli.settings import as_whole  # noqa: PLC0415  # as above
    from backsweep.tasks.table import is_table  # noqa: PLC0415  # as above

    screen = Screen.of(context)
    screen.as_json, screen.quiet, screen.debug = json, quiet, debug
    wish = Wish(
        run=None if run is None else as_whole("--run", run, 0),
        case=case,
        figure=None if figure is None else Path(figure),
        force=force,
    )
    wishes = subject.TableWishes(
        desired=desired or (),
        inputs=inputs or (),
        classes=classes or (),
        missing=missing,
    )
    asked = {"engine": engine, "lanes": lanes, "network": network, "update": update}
    if ir or assembly:
        if ir and assembly:
            raise SettingError("`--ir` and `--assembly` must be asked for one by one.")
        if ir and lanes is not None:
            raise SettingError(
                "`--lanes` goes with `--assembly`, not with `--ir`.",
                hint="the lane program is the same for any number of lanes.",
            )
        _check_program(what, "ir" if ir else "assembly", wish)
        _show_program(screen, what, wishes, "ir" if ir else "assembly", asked)
        return
    for name, value in asked.items():
        if value is not None:
            raise SettingError(f"`--{name}` goes with `--ir` or `--assembly`.")
    if subject.is_path(what) and not is_table(what):
        if wishes.given:
            raise SettingError(
                f"`--{wishes.given[0]}` goes with a table, got {what!r}."
            )
        _show_record(screen, what, wish)
        return
    for name, value in (("run", run), ("case", case), ("figure", figure)):
        if value is not None:
            hint = "to draw what is learned: 'backsweep learn ... --figure'."
            raise SettingError(
                f"`--{name}` goes with a record, got {what!r}.",
                hint=hint if name == "figure" else None,
            )
    screen.show(*_described(what, wishes))


def _check_program(what: str, option: str, wish: Wish) -> None:
    from backsweep.cli import subject  # noqa: PLC0415  # as in `show`
    from backsweep.tasks.table import is_table  # noqa: PLC0415  # as above

    for name in ("run", "case", "figure"):
        if getattr(wish, name) is not None:
            raise SettingError(f"`--{name}` goes with a record, not with `--{option}`.")
    hint = None
    if subject.find_network(what) is not None:
        hint = f"name the cases too: backsweep show xor --{option} --network {what!r}."
    elif not subject.is_path(what) or is_table(what):
        return
    raise SettingError(
        f"`--{option}` goes with a task or a table, got {what!r}.", hint=hint
    )


def _show_program(
    screen: Screen,
    what: str,
    wishes: TableWishes,
    option: str,
    asked: dict[str, str | None],
) -> None:
    from backsweep.cli import program, subject  # noqa: PLC0415  # as in `show`
    from backsweep.cli.settings import Overrides, as_whole  # noqa: PLC0415  # as above

    task = subject.find_task(what, wishes)
    engine, lanes, network = asked["engine"], asked["lanes"], asked["network"]
    wish = program.ProgramWish(
        engine=engine,
        lanes=None if lanes is None else as_whole("--lanes", lanes),
        network=None if network is None else subject.read_network(network),
        procedure=Overrides(update=asked["update"]).applied_to(task.procedure),
    )
    make = program.ir_data if option == "ir" else program.assembly_data
    screen.show_long(make(task, wish), program.program)


def _described(what: str, wishes: TableWishes) -> Shown:
    from backsweep.cli import data, render, subject  # noqa: PLC0415  # as in `show`

    network = subject.find_network(what)
    if network is not None:
        return data.network_data(network), render.network
    task = subject.find_task(what, wishes, hold_out=None)
    return data.task_data(task) | subject.rows_told(what, wishes), render.task


def _show_record(screen: Screen, what: str, wish: Wish) -> None:
    if wish.figure is not None:
        from backsweep.cli.pictures import check_place  # noqa: PLC0415  # as in `show`

        check_place(wish.figure, force=wish.force)
    record = _opened(what)
    count = record.n_runs
    if wish.run is not None and not record.recording.ends:
        # A map keeps no weights; the run comes to the same bits again.
        record = record.replay(wish.run)
    data, render = _looked_at(record, wish)
    screen.show(data | {"runs": count}, render)
    if wish.figure is not None:
        _draw(record, wish, wish.figure)
        screen.say(f"drawn: {wish.figure}")


def _opened(what: str) -> Runs:
    from pathlib import Path  # noqa: PLC0415  # as in `show`

    from backsweep.cli import subject  # noqa: PLC0415  # as above
    from backsweep.learning.shelf import PARTIAL  # noqa: PLC0415  # as above
    from backsweep.runs import open_runs  # noqa: PLC0415  # as above

    path = Path(what)
    if what.endswith(PARTIAL):
        raise UnknownNameError(
            f"{what!r} was broken off and is no record yet.",
            hint="'backsweep runs' tells how far it is; go on with learn --resume.",
        )
    if not path.exists():
        if (path.with_suffix("") / "zarr.json").exists():
            raise UnknownNameError(
                f"there is no record {what!r}.",
                hint=f"did you mean {str(path.with_suffix(''))!r}?",
            )
        if path.suffix != ".zarr":
            raise subject.unknown(what)
    return open_runs(what)


def _looked_at(record: Runs, wish: Wish) -> Shown:
    from backsweep.cli import data, render_record  # noqa: PLC0415  # as in `show`

    if wish.case is not None:
        from backsweep.cli.case import case_data, one_case  # noqa: PLC0415  # as above

        return case_data(record, _run_of(record, wish), wish.case), one_case
    if wish.run is not None:
        return data.run_data(record, wish.run), render_record.one_run
    found = data.record_data(record)
    if record.grid is not None:
        from backsweep.cli.gridded import grid_data, shown_by_default  # noqa: PLC0415  # as above

        found["map"] = grid_data(record, shown_by_default(record))
    return found, render_record.learned


def _run_of(record: Runs, wish: Wish) -> int:
    if wish.run is None and record.n_runs > 1:
        raise SettingError(
            f"`--case` needs `--run` with one of {record.n_runs:,} runs, got none.",
            hint="for instance --run 0.",
        )
    return int(record.run[0]) if wish.run is None else wish.run


def _draw(record: Runs, wish: Wish, path: Path) -> None:
    from backsweep.cli import pictures  # noqa: PLC0415  # as in `show`

    if wish.case is None:
        pictures.draw(record, path, force=wish.force, run=wish.run)
        return
    run = _run_of(record, wish)
    pictures.draw_case(record, run, wish.case, path, force=wish.force)
