"""Screen: where a command's data and messages go: stdout and stderr, JSON or text."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    import typer
    from rich.console import Console, RenderableType

__all__ = ["Data", "Screen", "plain"]

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
