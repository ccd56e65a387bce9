"""Ranges: the words that stand for several values of a setting.

`0.01:10:64log` are 64 values from 0.01 to 10, both included, in even steps of their
logarithm; `0:0.9:10`, or `0:0.9:10lin`, are in even steps; `0.1,0.2,0.5` are these
three.
"""

from __future__ import annotations

import math
import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from backsweep.errors import SettingError, closest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

__all__ = ["DECIMAL_COMMA", "as_number", "as_values", "option_order"]

DECIMAL_COMMA: Final = re.compile(r"[+-]?\d*,\d+")

COUNT: Final = re.compile(r"(\d[\d_]*(?:\.\d+)?(?:e\d+)?)\s*([a-z]*)", re.IGNORECASE)
STEPS: Final[Mapping[str, Callable[..., Any]]] = {
    "": np.linspace,
    "lin": np.linspace,
    "log": np.geomspace,
}
MOST_VALUES: Final = 1_000_000
EXAMPLE: Final = "for instance '0.01:10:64log', '0:0.9:10' or '0.1,0.2,0.5'."


def as_number(option: str, text: str) -> float:
    """Read a number."""
    try:
        return float(text)
    except ValueError:
        hint = None
        if DECIMAL_COMMA.fullmatch(text):
            whole, _, rest = text.partition(",")
            hint = f"write '{whole}.{rest}', or for two values '{whole}.0,{rest}.0'."
        raise SettingError(
            f"`{option}` must be a number, got {text!r}.", hint=hint
        ) from None


def as_values(option: str, text: str) -> tuple[float, ...]:
    """Read a range or a list.

    Examples
    --------
    >>> as_values("--epsilon", "0.1:10:3log"), as_values("--alpha", "0,0.5,0.9")
    ((0.1, 1.0, 10.0), (0.0, 0.5, 0.9))
    """
    values = _range(option, text) if ":" in text else _list(option, text)
    for low, high in pairwise(values):
        if not low < high:
            raise SettingError(
                f"the values of `{option}` must ascend, got {low:g} before {high:g} in "
                f"{text!r}."
            )
    return values


def _list(option: str, text: str) -> tuple[float, ...]:
    words = [word.strip() for word in text.split(",")]
    if not all(words):
        raise SettingError(
            f"`{option}` must have a number at each comma, got {text!r}.", hint=EXAMPLE
        )
    return tuple(_finite(option, word, text) for word in words)


def _range(option: str, text: str) -> tuple[float, ...]:
    parts = [part.strip() for part in text.split(":")]
    if len(parts) != 3 or not all(parts):
        raise SettingError(
            f"a range of `{option}` must be START:STOP:COUNT, got {text!r}.",
            hint=EXAMPLE,
        )
    start, stop = (_finite(option, part, text) for part in parts[:2])
    count, steps = _count(option, parts[2], text)
    if start >= stop:
        swapped = f"{parts[1]}:{parts[0]}:{parts[2]}"
        raise SettingError(
            f"a range of `{option}` must go up, got {text!r}.",
            hint=f"write {swapped!r}." if start > stop else None,
        )
    if steps == "log" and start <= 0:
        raise SettingError(
            f"a logarithmic range of `{option}` must begin above 0, got {text!r}.",
            hint=f"begin for instance at {_example_start(stop)!r}, or take even steps:"
            f" '{parts[0]}:{parts[1]}:{count}'.",
        )
    return tuple(STEPS[steps](start, stop, count).tolist())


def _example_start(stop: float) -> str:
    return f"{10 ** math.floor(math.log10(stop) - 3):g}" if stop > 0 else "0.001"


def _count(option: str, part: str, text: str) -> tuple[int, str]:
    found = COUNT.fullmatch(part)
    if found is None:
        raise SettingError(
            f"a range of `{option}` must end in how many values, got {part!r} in "
            f"{text!r}.",
            hint=EXAMPLE,
        )
    number, steps = float(found[1].replace("_", "")), found[2].lower()
    if steps not in STEPS:
        raise SettingError(
            f"the steps of a range of `{option}` must be 'lin' or 'log', got "
            f"{found[2]!r} in {text!r}.",
            hint=closest(steps, ["lin", "log"]),
        )
    if number != int(number) or not 2 <= number <= MOST_VALUES:
        raise SettingError(
            f"a range of `{option}` must have a whole number of values from 2 to "
            f"{MOST_VALUES:,}, got {found[1]} in {text!r}."
        )
    return int(number), steps


def _finite(option: str, word: str, text: str) -> float:
    try:
        number = as_number(option, word)
    except SettingError:
        number = math.nan
    if not math.isfinite(number):
        raise SettingError(
            f"`{option}` must have finite numbers, got {word!r} in {text!r}.",
            hint=EXAMPLE,
        )
    return number


def option_order(arguments: Sequence[str], options: Sequence[str]) -> list[str]:
    """Give those of some options that stand among the words, in their order.

    Examples
    --------
    >>> option_order(["--alpha", "0,1", "--epsilon=1:2:3"], ["--epsilon", "--alpha"])
    ['--alpha', '--epsilon']
    """
    names = (word.partition("=")[0] for word in arguments)
    return [name for name in names if name in options]
