"""Every exception that Backsweep raises on purpose, each with its hint."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "BacksweepError",
    "DataError",
    "DirectionError",
    "EngineUnavailableError",
    "FitWarning",
    "RecordError",
    "SettingError",
    "ShapeError",
    "SpecError",
    "TrainingError",
    "UnknownNameError",
    "closest",
    "nearest",
]


class BacksweepError(Exception):
    """Base of every exception the package raises on purpose.

    Parameters
    ----------
    message
        One sentence: what was expected, and what was got.
    hint
        One sentence: what to do about it. Printed on a line of its own.
    """

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message if hint is None else f"{message}\nhint: {hint}")
        self.message = message
        self.hint = hint


class SpecError(BacksweepError, ValueError):
    """A description of a network that cannot stand."""


class DirectionError(SpecError):
    """A link that must go upward and does not."""


class SettingError(BacksweepError, ValueError):
    """A setting of the learning procedure outside its range."""


class ShapeError(BacksweepError, ValueError):
    """Arrays whose sizes do not go together."""


class DataError(BacksweepError, ValueError):
    """Cases or tables that cannot be learned from as they are."""


class UnknownNameError(BacksweepError, LookupError):
    """A task, column, engine or convention that does not exist."""


class RecordError(BacksweepError, OSError):
    """A saved record that cannot be written, or read back."""


class EngineUnavailableError(BacksweepError, ImportError):
    """An engine whose library is not installed, or that cannot do the case."""


class TrainingError(BacksweepError, ArithmeticError):
    """Learning that cannot go on."""


class FitWarning(UserWarning):
    """Settings that do not fit each other; the text says which would."""


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Say which known name is meant, where the known are too many to list.

    Examples
    --------
    >>> nearest("Colin has-ant", ["Colin has-aunt", "Colin has-uncle"])
    "did you mean 'Colin has-aunt'?"
    """
    near = difflib.get_close_matches(name, list(known), n=1)
    return f"did you mean {near[0]!r}?" if near else None


def closest(name: str, known: Iterable[str]) -> str:
    """Say what is known, the nearest name first: the hint for an unknown name.

    Examples
    --------
    >>> closest("symetry", ["xor", "symmetry"])
    "did you mean 'symmetry'? There are 'symmetry', 'xor'."
    """
    names = sorted(known)
    listed = ", ".join(repr(known_name) for known_name in names)
    near = difflib.get_close_matches(name, names, n=1)
    return (
        f"did you mean {near[0]!r}? There are {listed}."
        if near
        else (f"there are {listed}." if names else "there are none.")
    )
