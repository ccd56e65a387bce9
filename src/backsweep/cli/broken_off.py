"""Broken off: what is said where learning was ended by Ctrl-C."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, NoReturn

import typer

from backsweep.cli.failures import FAILED

if TYPE_CHECKING:
    from pathlib import Path

    from backsweep.cli.screen import Screen

__all__ = ["break_off"]


def break_off(screen: Screen, save: Path | None, done: int, runs: int) -> NoReturn:
    """Say how far it came and how to go on, and end."""
    from backsweep.cli.partial import read_partial  # noqa: PLC0415  # as above
    from backsweep.learning import shelf_beside  # noqa: PLC0415  # as above

    told = f"broken off: {done:,} of {runs:,} runs done"
    if save is None:
        screen.fail(f"{told}.", "with --save, a long ensemble can be resumed.")
        raise typer.Exit(FAILED)
    words = [word for word in screen.arguments if word != "--resume"]
    again = shlex.join(["backsweep", *words, "--resume"])
    partial = read_partial(shelf_beside(save))
    if partial is None or not partial.block:
        kept = "none of them kept, for no block of runs was complete"
        hint = f"begin anew: {again}"
    else:
        kept = f"{partial.done:,} of them kept (blocks of {partial.block:,})"
        hint = f"go on: {again}"
    screen.fail(f"{told}, {kept}.", hint)
    raise typer.Exit(FAILED)
