"""Tasks: what can be learned. One table of those that are built in.

`named` gives one by its written name; tables of one's own are in `tasks.table`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from backsweep.errors import SettingError, UnknownNameError, closest
from backsweep.tasks import boolean, encoder, families, parity, symmetry, trainability
from backsweep.tasks.task import Maker, Task

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["TASKS", "Task", "TaskEntry", "named"]

# Nine digits are beyond every bound; a million of them would take long to read.
SIZE: Final = re.compile("[0-9]{1,9}")
EXAMPLES: Final = {
    "parity": "4",
    "encoder": "8-3",
    "symmetry": "8",
    "trainability": "16",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskEntry:
    """A task, or tasks of one kind that differ in a parameter.

    Parameters
    ----------
    name
        What stands in front of the colon: "parity".
    pattern
        How the whole name is written: "parity:N".
    about
        One sentence.
    size
        The units of the network's layers, and the number of cases.
    source
        Where it was published.
    make
        Gives the task from the parameter, which stands behind the colon; from ""
        where none is given.
    """

    name: str
    pattern: str
    about: str
    size: str
    source: str
    make: Maker


def _truth(name: str, parameter: str) -> Task:
    if parameter:
        raise SettingError(
            f"the task {name!r} must be written without a parameter,"
            f" got '{name}:{parameter}'.",
            hint="truth functions of more bits are 'parity:N' and 'symmetry:N'.",
        )
    return boolean.make(name)


def _sized(pattern: str, make: Callable[..., Task], parameter: str) -> Task:
    """Read as many sizes as the pattern has, hyphens between them; or none."""
    sizes = parameter.split("-") if parameter else []
    count = pattern.count("-") + 1
    if len(sizes) not in (0, count) or not all(map(SIZE.fullmatch, sizes)):
        name = pattern.partition(":")[0]
        numbers = "a whole number" if count == 1 else f"{count} whole numbers"
        raise SettingError(
            f"the task {name!r} must be written as {pattern!r}, with {numbers},"
            f" got '{name}:{parameter}'.",
            hint=f"for instance '{name}:{EXAMPLES[name]}'.",
        )
    return make(*map(int, sizes))


def _families(recipe: str) -> Task:
    if recipe not in families.RECIPES:
        name = families.named(recipe)
        raise UnknownNameError(
            f"there is no task {name!r}.",
            hint=closest(name, map(families.named, families.RECIPES)),
        )
    return families.make(recipe)


TASKS: Final[Mapping[str, TaskEntry]] = MappingProxyType(
    {
        name: TaskEntry(
            name=name,
            pattern=name,
            about=truth.about,
            size=boolean.SIZE,
            source=truth.source,
            make=partial(_truth, name),
        )
        for name, truth in boolean.FUNCTIONS.items()
    }
    | {
        "parity": TaskEntry(
            name="parity",
            pattern="parity:N",
            about=parity.ABOUT,
            size=parity.SIZE,
            source=parity.SOURCE,
            make=partial(_sized, "parity:N", parity.make),
        ),
        "encoder": TaskEntry(
            name="encoder",
            pattern="encoder:N-H",
            about=encoder.ABOUT,
            size=encoder.SIZE,
            source=encoder.SOURCE,
            make=partial(_sized, "encoder:N-H", encoder.make),
        ),
        "symmetry": TaskEntry(
            name="symmetry",
            pattern="symmetry:N",
            about=symmetry.ABOUT,
            size=symmetry.SIZE,
            source=symmetry.SOURCE,
            make=partial(_sized, "symmetry:N", symmetry.make),
        ),
        "families": TaskEntry(
            name="families",
            pattern="families[:printed]",
            about=families.ABOUT,
            size=families.SIZE,
            source=families.SOURCE,
            make=_families,
        ),
        "trainability": TaskEntry(
            name="trainability",
            pattern="trainability:N",
            about=trainability.ABOUT,
            size=trainability.SIZE,
            source=trainability.SOURCE,
            make=partial(_sized, "trainability:N", trainability.make),
        ),
    }
)


def named(name: str) -> Task:
    """Give a built-in task by its written name.

    Parameters
    ----------
    name
        "xor", "parity:4", "encoder:8-3", "symmetry", "families:printed" and so on;
        `TASKS` has the patterns. Capitals and blanks around it do not matter.

    Raises
    ------
    UnknownNameError
        If there is no such task; names the nearest.
    SettingError
        If its parameter is missing, malformed or out of range.

    Examples
    --------
    >>> named("symmetry").n_cases
    64
    >>> named("encoder:8-3").network.n_parameters
    59
    """
    kind, colon, parameter = name.strip().lower().partition(":")
    if kind not in TASKS:
        raise UnknownNameError(f"there is no task {name!r}.", hint=closest(kind, TASKS))
    if colon and not parameter:
        raise SettingError(
            f"a task's parameter must stand behind the colon, got {name!r}.",
            hint=f"it is written as {TASKS[kind].pattern!r}.",
        )
    return TASKS[kind].make(parameter)
