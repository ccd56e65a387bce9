"""Mistypings: words of a command that are not what they look like."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from backsweep.errors import SettingError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["OUR_WORDS", "joined_words", "refuse_dashes"]

DASHES: Final = {"\u2010": "hyphen", "\u2011": "hyphen", "\u2012": "figure dash",
                 "\u2013": "en dash", "\u2014": "em dash",
                 "\u2212": "minus sign"}  # fmt: skip
# What other programs call an option, and what the letter has for it.
OUR_WORDS: Final = {
    "--learning-rate": "--epsilon",
    "--lr": "--epsilon",
    "--momentum": "--alpha",
    "--weight-decay": "--decay",
    "--epochs": "--sweeps",
    "--iterations": "--sweeps",
    "--batch-size": "--update",
}
OPTION: Final = re.compile(rf"([{''.join(DASHES)}]+)-?([A-Za-z][a-z-]*)(=.*)?")


def refuse_dashes(arguments: Sequence[str]) -> None:
    """Refuse an option that begins with a dash, as word processors make of hyphens."""
    for word in arguments:
        found = OPTION.fullmatch(word)
        if found is None:
            continue
        meant = f"{'--' if len(found[2]) > 1 else '-'}{found[2]}{found[3] or ''}"
        raise SettingError(
            f"an option must begin with hyphens, got {word!r} with the"
            f" {DASHES[found[1][0]]} {found[1][0]!r}.",
            hint=f"write {meant!r}.",
        )


def joined_words(arguments: Sequence[str]) -> str:
    """Guess what was meant by numbers that stand alone: symmetry 8, --network 2 2 1.

    Examples
    --------
    >>> joined_words(["learn", "symmetry", "8"])
    "'symmetry:8'"
    >>> joined_words(["learn", "xor", "--network", "2", "3", "1"])
    "--network '2-3-1'"
    """
    from backsweep.tasks import TASKS  # noqa: PLC0415  # see the room's docstring

    for place, word in enumerate(arguments):
        numbers = []
        for number in arguments[place + 1 :]:
            if not number.isdecimal():
                break
            numbers.append(number)
        layers = "-".join(numbers)
        if word == "--network" and len(numbers) > 1:
            return f"--network '{layers}'"
        if numbers and word in TASKS and TASKS[word].pattern.count(":") == 1:
            return f"'{word}:{layers}'"
    return ""
