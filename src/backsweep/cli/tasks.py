"""`backsweep tasks`: what there is to learn, with its size and its source."""

from __future__ import annotations

from typing import Annotated, Final

import typer  # noqa: TC002  # typer reads the annotations

from backsweep.cli import options
from backsweep.cli.screen import Data, Screen

__all__ = ["tasks"]

VARIANTS: Final = {  # of the families, by what stands behind the colon
    "": "settings that learn",
    "long": "takes longer, and has more of the held-out cases right",
    "printed": "the settings of the letter",
}


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
    from backsweep.cli.words import counted  # noqa: PLC0415  # as above
    from backsweep.tasks import TASKS, families  # noqa: PLC0415  # as above

    variants = {
        "families": [
            {
                "task": families.named(recipe),
                "about": f"{VARIANTS[recipe]}: {counted(procedure.sweeps)} sweeps",
            }
            for recipe, procedure in families.RECIPES.items()
        ]
    }

    return {
        "tasks": [
            {
                "task": entry.pattern,
                "about": entry.about,
                "size": entry.size,
                "source": entry.source,
                "variants": variants.get(entry.name, []),
            }
            for entry in TASKS.values()
        ]
    }
