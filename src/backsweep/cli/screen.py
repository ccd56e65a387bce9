"""Screen: where a command's data and messages go: stdout and stderr, JSON or text."""

from __future__ import annotations

import json
import math
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    import typer
    from rich.console import Console, RenderableType

__all__ = ["Data", "Screen", "page", "plain"]

Data = dict[str, Any]  # as `--json` prints it


class Screen:
    """What one call of the program writes on.

    Parameters
    ----------
    arguments
        The words behind the program's name, to be repeated in advice.

    Attributes
    ----------
    as_json, quiet, debug
        What the options of the same names say, once the command has read them.
    """

    def __init__(self, arguments: Sequence[str] = ()) -> None:
        self.arguments = tuple(arguments)
        self.as_json = False
        self.quiet = False
        self.debug = "--debug" in arguments

    @classmethod
    def of(cls, context: typer.Context) -> Screen:
        """Find the screen of a running command."""
        return cast(Screen, context.obj)

    @cached_property
    def out(self) -> Console:
        """For data."""
        from rich.console import Console  # noqa: PLC0415  # only where one prints

        return Console(highlight=False, markup=False, emoji=False)

    @cached_property
    def err(self) -> Console:
        """For messages."""
        from rich.console import Console  # noqa: PLC0415  # as above

        return Console(stderr=True, highlight=False, markup=False, emoji=False)

    @property
    def shows_progress(self) -> bool:
        """Whether somebody looks at stderr who wants to know how far things are."""
        return not self.quiet and self.err.is_terminal

    def show(self, data: Data, render: Callable[[Any], RenderableType]) -> None:
        """Print data: as one JSON object, or rendered."""
        if self.as_json:
            self.line(json.dumps(plain(data), indent=2, allow_nan=False))
        else:
            self.print(render(data))

    def print(self, rendered: RenderableType) -> None:
        """Print what is rendered, without blanks at the ends of lines in a file."""
        if self.out.is_terminal:
            self.out.print(rendered)
            return
        with self.out.capture() as caught:
            self.out.print(rendered)
        lines = caught.get().splitlines()
        self.line("\n".join(line.rstrip() for line in lines))

    def show_long(self, data: Data, render: Callable[[Any], RenderableType]) -> None:
        """Print data of many long lines: none broken, by a pager on a terminal."""
        if self.as_json:
            self.show(data, render)
            return
        with self.out.capture() as caught:
            self.out.print(render(data), crop=False)
        text = caught.get()
        if self.out.is_terminal and text.count("\n") >= self.out.height:
            page(text)
        else:
            self.line("\n".join(line.rstrip() for line in text.splitlines()))

    @staticmethod
    def line(text: str) -> None:
        """Print a line of data as it stands."""
        print(text, flush=True)

    def say(self, text: str) -> None:
        """Give a message that --quiet silences."""
        if not self.quiet:
            self._message("", text)

    def warn(self, text: str) -> None:
        """Give a message about something to be changed."""
        self._message("warning: ", text, "yellow")

    def fail(self, message: str, hint: str | None = None) -> None:
        """Say what went wrong, and what to do about it."""
        self._message("error: ", message, "bold red")
        if hint is not None:
            self._message("", "")
            self._message("hint: ", hint, "cyan")

    def _message(self, label: str, text: str, style: str = "") -> None:
        from rich.text import Text  # noqa: PLC0415  # as above

        # Words may be copied from here: no line is broken where nobody looks.
        self.err.print(
            Text.assemble((label, style), text), soft_wrap=not self.err.is_terminal
        )
        sys.stderr.flush()


def page(text: str) -> None:
    """Show text that is longer than a terminal, in $PAGER or less, if there is one."""
    command = shlex.split(os.environ.get("PAGER") or "less")
    found = shutil.which(command[0])
    if found is None:
        Screen.line(text.rstrip("\n"))
        return
    # As git does: colours, no line broken, and what was read stays to be seen.
    settings = {"LESS": "FRSX"} | dict(os.environ)
    with subprocess.Popen(
        [found, *command[1:]], stdin=subprocess.PIPE, text=True, env=settings
    ) as pager:
        try:
            pager.communicate(text)
        except KeyboardInterrupt:
            pager.wait()  # Ctrl-C is the pager's own affair


def plain(value: Any) -> Any:
    """Give nested values as JSON has them: no NaN, no infinity, no arrays.

    Examples
    --------
    >>> plain({"error": float("nan"), "runs": (1, 2)})
    {'error': None, 'runs': [1, 2]}
    """
    if isinstance(value, Mapping):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(part) for part in value]
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
