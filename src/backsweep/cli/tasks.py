"""`backsweep tasks`: what there is to learn, with its size and its source."""

from __future__ import annotations

from typing import Annotated

import typer  # noqa: TC002  # typer reads the annotations

from backsweep.cli import options
from backsweep.cli.screen import Data, Screen

__all__ = ["tasks"]


def tasks(
    context: typer.Context,
    *,
    json: Annotated[bool, options.JSON] = False,
    debug: Annotated[bool, options.DEBUG] = False,
) -> None:
    """List the tasks that are built in, with size and source."""
    from backsweep.cli import render  # noqa: PLC0415  # see the room's docstring

    screen = Screen.of(context)
    screen.as_json, screen.debug = json, debug
    screen.show(_data(), render.tasks)


def _data() -> Data:
    from backsweep.tasks import TASKS  # noqa: PLC0415  # as above

    return {
        "tasks": [
            {
                "task": entry.pattern,
                "about": entry.about,
                "size": entry.size,
                "source": entry.source,
            }
            for entry in TASKS.values()
        ]
    }
