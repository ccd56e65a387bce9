"""`backsweep show`: a network, a task, a table, a record, or one run of a record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from backsweep.cli import completion, options
from backsweep.cli.screen import Data, Screen
from backsweep.errors import SettingError

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import RenderableType

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


def show(
    context: typer.Context,
    what: Annotated[str, WHAT],
    *,
    run: Annotated[str | None, RUN] = None,
    json: Annotated[bool, options.JSON] = False,
    debug: Annotated[bool, options.DEBUG] = False,
) -> None:
    """Look at a network, a task, a table, a record, or one run of a record."""
    screen = Screen.of(context)
    screen.as_json, screen.debug = json, debug
    screen.show(*_found(what, run))


def _found(what: str, run: str | None) -> tuple[Data, Callable[[Data], RenderableType]]:
    from pathlib import Path  # noqa: PLC0415  # see the room's docstring

    from backsweep.cli import data, render, render_record, subject  # noqa: PLC0415  # as above
    from backsweep.cli.settings import as_whole  # noqa: PLC0415  # as above
    from backsweep.errors import UnknownNameError  # noqa: PLC0415  # as above
    from backsweep.runs import open_runs  # noqa: PLC0415  # as above

    number = None if run is None else as_whole("--run", run, 0)
    if subject.is_path(what) and not subject.is_table(what):
        if what.endswith(".partial"):
            raise UnknownNameError(
                f"{what!r} was broken off and is no record yet.",
                hint="'backsweep runs' tells how far it is; go on with learn --resume.",
            )
        if not Path(what).exists() and Path(what).suffix != ".zarr":
            raise subject.unknown(what)
        record = open_runs(what)
        if number is not None:
            return data.run_data(record, number), render_record.one_run
        return data.record_data(record), render_record.learned
    if number is not None:
        raise SettingError(f"`--run` goes with a record, got {what!r}.")
    network = subject.find_network(what)
    if network is not None:
        return data.network_data(network), render.network
    return data.task_data(subject.find_task(what, hold_out=None)), render.task
