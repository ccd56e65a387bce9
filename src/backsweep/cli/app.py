"""App: the commands under one name, and what the name alone shows."""

from __future__ import annotations

from typing import Annotated

import typer

from backsweep import __version__
from backsweep.cli.failures import Commands
from backsweep.cli.lab import lab
from backsweep.cli.learn import learn
from backsweep.cli.map import map_
from backsweep.cli.reproduce import reproduce
from backsweep.cli.runs import runs
from backsweep.cli.screen import Screen
from backsweep.cli.show import show
from backsweep.cli.tasks import tasks

__all__ = ["app", "main"]

app = typer.Typer(
    name="backsweep",
    cls=Commands,
    help="Train small networks by back-propagation, as the letter of 1986 does.",
    epilog="Begin with: backsweep learn symmetry",
    invoke_without_command=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)

VERSION = typer.Option(
    "--version", "-V", help="Print the version and stop.", is_eager=True
)  # fmt: skip


@app.callback()
def begin(context: typer.Context, *, version: Annotated[bool, VERSION] = False) -> None:
    """Show the version, or what to do first where no command is named."""
    screen = Screen.of(context)
    if version:
        screen.line(f"backsweep {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        from backsweep.cli import render  # noqa: PLC0415  # see the room's docstring

        screen.print(render.welcome(__version__))


for command in (learn, map_, lab, reproduce, tasks, show, runs):
    app.command(command.__name__.rstrip("_"))(command)


def main() -> None:
    """Run the command that the words after `backsweep` name, and exit."""
    app(prog_name="backsweep")
