"""Failures: what goes wrong, as a sentence, a hint and an exit code."""

from __future__ import annotations

import os
import re
import sys
import traceback
import warnings
from typing import TYPE_CHECKING, Any, Final, TextIO

import typer
from typer.core import TyperGroup

from backsweep.cli.mistypings import OUR_WORDS, joined_words, refuse_dashes
from backsweep.cli.screen import Screen
from backsweep.errors import (
    BacksweepError,
    EngineUnavailableError,
    FitWarning,
    RecordError,
    TrainingError,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["DONE", "FAILED", "MISUSED", "Commands", "in_our_words"]

DONE: Final = 0
FAILED: Final = 1
MISUSED: Final = 2

# Everything else that Backsweep raises is about what it was asked to do.
FAILURES: Final = (RecordError, TrainingError, EngineUnavailableError)

# typer has its own copy of click since 0.27: the class is found through a name of it
# that both have.
Usage: Final[Any] = typer.BadParameter.__mro__[2]

SAID_FOR_PYTHON: Final = (
    (re.compile(r"force=True \(--force\)"), "--force"),
    (re.compile(r"with force\b"), "with --force"),
    (re.compile(r"missing='(\w+)'"), r"--missing \1"),
    (re.compile(r"fill with 'mean'"), "fill with --missing mean"),
    (re.compile(r"\b1 (input|output) units\b"), r"1 \1 unit"),
    (re.compile(r"`learn --save` or `Runs.save`"), "`backsweep learn --save`"),
    (
        re.compile(
            r"`(alpha|criterion|decay|desired|engine|epsilon|hold_out|inputs|missing"
            r"|network|port|runs|scale|seed|sweeps|until|update)`"
        ),
        lambda found: f"`--{found[1].replace('_', '-')}`",
    ),
)  # fmt: skip


def in_our_words(text: str) -> str:
    """Name options where a message names the parameters of a Python function.

    Examples
    --------
    >>> in_our_words("`hold_out` must be a share under 1, got 3.5.")
    '`--hold-out` must be a share under 1, got 3.5.'
    """
    for pattern, words in SAID_FOR_PYTHON:
        text = pattern.sub(words, text)
    return text


class Commands(TyperGroup):
    """The commands, with one way to fail for all of them."""

    def main(self, args: Sequence[str] | None = None, *rest: Any, **extra: Any) -> Any:
        """Run a command and exit with 0 done, 1 failed or 2 misused."""
        arguments = sys.argv[1:] if args is None else list(args)
        if arguments[:1] == ["help"]:
            arguments = [*arguments[1:], "--help"]
        screen = Screen(arguments)
        extra |= {"standalone_mode": False, "obj": screen}
        with warnings.catch_warnings():
            warnings.simplefilter("always", FitWarning)
            warnings.showwarning = _shown_on(screen)
            code = self._run(screen, arguments, *rest, **extra)
        sys.exit(code)

    def _run(
        self, screen: Screen, arguments: list[str], *rest: Any, **extra: Any
    ) -> int:
        try:
            refuse_dashes(arguments)
            code = super().main(arguments, *rest, **extra)
            sys.stdout.flush()
        except Usage as error:
            screen.fail(*_misused(error, arguments))
            return MISUSED
        except BacksweepError as error:
            _trace(screen)
            hint = None if error.hint is None else in_our_words(error.hint)
            screen.fail(in_our_words(error.message), hint)
            return FAILED if isinstance(error, FAILURES) else MISUSED
        except BrokenPipeError:
            _close_pipe()
            return FAILED
        except MemoryError:
            _trace(screen)
            screen.fail("there is not enough memory for this.", "ask for fewer runs.")
            return FAILED
        except OSError as error:
            _trace(screen)
            where = f"{str(error.filename)!r}: " if error.filename else ""
            screen.fail(f"{where}{error.strerror or error}.")
            return FAILED
        except Exception as error:  # noqa: BLE001  # a fault of ours: said in one sentence
            _trace(screen)
            screen.fail(
                f"a fault of Backsweep: {type(error).__name__}: {error}.",
                "add --debug to see where, and report it.",
            )
            return FAILED
        if code == 130:  # Ctrl-C, as typer reports it
            screen.fail("broken off.")
            return FAILED
        return code if isinstance(code, int) else DONE


def _shown_on(screen: Screen) -> Any:
    other = warnings.showwarning
    seen: set[str] = set()

    def show(
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        file: TextIO | None = None,
        line: str | None = None,
    ) -> None:
        if not issubclass(category, FitWarning):
            other(message, category, filename, lineno, file, line)
        elif str(message) not in seen:
            seen.add(str(message))
            screen.warn(in_our_words(str(message)))

    return show


def _misused(error: Any, arguments: Sequence[str]) -> tuple[str, str]:
    """Say in our form what typer found in the words of a command."""
    text = error.format_message().strip()
    sentence, _, guess = text.partition(" Did you mean ")
    sentence, _, options = sentence.partition(" (Possible options: ")
    near = guess.rstrip("?. ") or options.rstrip("). ")
    ours = OUR_WORDS.get(getattr(error, "option_name", ""), "")
    meant = (
        ours
        or near
        or (joined_words(arguments) if " extra argument" in sentence else "")
    )
    where = error.ctx.command_path if error.ctx is not None else "backsweep"
    message = sentence[:1].lower() + sentence[1:].rstrip(".") + "."
    return (
        message,
        f"did you mean {meant}?" if meant else f"'{where} --help' tells more.",
    )


def _trace(screen: Screen) -> None:
    if screen.debug:
        traceback.print_exc()


def _close_pipe() -> None:
    """Let nothing more be written, not by the interpreter's end either."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
