"""`backsweep lab`: see networks learn, in the browser."""

from __future__ import annotations

from typing import Annotated

import typer

from backsweep.cli import options
from backsweep.cli.screen import Screen
from backsweep.errors import SettingError

__all__ = ["lab"]

PORT = typer.Option(
    "--port",
    metavar="N",
    help="Where to listen on this machine; 1986, or else a free one, if left out.",
    show_default=False,
)
FOLDER = typer.Option(
    "--folder",
    metavar="PATH",
    help="Where records are found and saved; the current folder, if left out.",
    show_default=False,
)
LAST_PORT = 65535
NO_OPEN = typer.Option("--no-open", help="Print the address, and open no browser.")


def lab(
    context: typer.Context,
    *,
    port: Annotated[str | None, PORT] = None,
    folder: Annotated[str | None, FOLDER] = None,
    no_open: Annotated[bool, NO_OPEN] = False,
    debug: Annotated[bool, options.DEBUG] = False,
) -> None:
    """See a network learn, in the browser: forward, backward, and back in time."""
    from pathlib import Path  # noqa: PLC0415  # see the room's docstring

    from backsweep.cli.settings import as_whole  # noqa: PLC0415  # as above
    from backsweep.engines.compiled.link import (  # noqa: PLC0415  # as above
        user_cache,
    )
    from backsweep.lab import opening  # noqa: PLC0415  # as above

    screen = Screen.of(context)
    screen.debug = debug
    if folder is not None and not Path(folder).is_dir():
        raise SettingError(
            f"`--folder` must be a folder that is there, got {folder!r}."
        )
    wanted = None if port is None else as_whole("--port", port)
    if wanted is not None and wanted > LAST_PORT:
        raise SettingError(f"`--port` must be at most {LAST_PORT}, got {wanted}.")
    listener = opening.free_socket(wanted)
    cache = user_cache()
    token = opening.kept_token(cache.parent if cache is not None else None)

    def say(address: str) -> None:
        screen.line(address)
        screen.say("The lab is open at this address. Ctrl-C ends it.")

    opening.serve(
        listener,
        token,
        say=say,
        opens=not no_open,
        folder=None if folder is None else Path(folder),
    )
