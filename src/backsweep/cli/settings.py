"""Settings: the words behind options, as numbers, ranges, columns and a procedure."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from backsweep.errors import SettingError
from backsweep.procedure import Criterion, Number, Procedure, Spread, Start

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

__all__ = ["Overrides", "as_columns", "as_number", "as_spread", "as_whole"]

DECIMAL_COMMA: Final = re.compile(r"[+-]?\d*,\d+")


def as_number(option: str, text: str) -> float:
    """Read a number."""
    try:
        return float(text)
    except ValueError:
        point = text.replace(",", ".")
        raise SettingError(
            f"`{option}` must be a number, got {text!r}.",
            hint=f"write {point!r}." if DECIMAL_COMMA.fullmatch(text) else None,
        ) from None


def as_whole(option: str, text: str, least: int = 1) -> int:
    """Read a whole number, also such as 100_000 or 1e5.

    Examples
    --------
    >>> as_whole("--runs", "1e5")
    100000
    """
    try:
        number = int(text) if text.strip().lstrip("+-").isdecimal() else float(text)
        whole = int(number)
    except (ValueError, OverflowError):
        whole, number = 0, 0.5
    if whole != number or whole < least:
        raise SettingError(
            f"`{option}` must be a whole number, at least {least}, got {text!r}."
        )
    return whole


def as_spread(option: str, text: str) -> Spread:
    """Read where starting values are drawn from.

    Examples
    --------
    >>> print(as_spread("--start", "0.3"), as_spread("--start", "0:1"))
    U(-0.3, 0.3) U(0, 1)
    """
    low, colon, high = text.strip().partition(":")
    try:
        if text.strip() == "zero":
            return Spread(0.0)
        if low == "normal" and colon:
            return Spread(_positive(high), "normal")
        if colon:
            width = (float(high) - float(low)) / 2
            return Spread(width, centre=(float(low) + float(high)) / 2)
        return Spread(_positive(low))
    except ValueError:  # ours too: what it says of widths was not asked for
        raise SettingError(
            f"`{option}` must be a range, a normal distribution or zero, got {text!r}.",
            hint="'0.3' stands for U(-0.3, 0.3); or '0:0.1', 'normal:0.5', 'zero'.",
        ) from None


def _positive(text: str) -> float:
    number = float(text)
    if number < 0:
        raise ValueError(text)
    return number


def as_columns(texts: Sequence[str]) -> tuple[str, ...]:
    """Read names of columns, commas between them; quotes keep a comma in a name.

    Examples
    --------
    >>> as_columns(["length,width", '"height, cm"'])
    ('length', 'width', 'height, cm')
    """
    rows = csv.reader(texts, skipinitialspace=True)
    return tuple(name.strip() for row in rows for name in row if name.strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class Overrides:
    """Options that replace settings of a task's procedure; None where not given."""

    epsilon: str | None = None
    alpha: str | None = None
    decay: str | None = None
    sweeps: str | None = None
    start: str | None = None
    bias_start: str | None = None
    criterion: str | None = None
    until: str | None = None
    update: str | None = None

    def applied_to(self, procedure: Procedure) -> Procedure:
        """Give the procedure with what was asked for in place of its own."""
        changes: dict[str, Any] = {}
        if self.decay is not None:
            changes["decay"] = as_number("--decay", self.decay)
        if self.sweeps is not None:
            changes["sweeps"] = as_whole("--sweeps", self.sweeps)
        if self.criterion is not None:
            changes["criterion"] = Criterion.parse(self.criterion)
        if self.until is not None:
            changes["until"] = self.until
        if self.update is not None:
            changes["update"] = _update(self.update)
        changes["start"] = self._start(procedure.start)
        return self._stepped(replace(procedure, **changes))

    def _start(self, start: Start) -> Start:
        if self.start is not None:
            spread = as_spread("--start", self.start)
            start = Start(spread, spread)
        if self.bias_start is not None:
            start = replace(start, biases=as_spread("--bias-start", self.bias_start))
        return start

    def _stepped(self, procedure: Procedure) -> Procedure:
        """Put in epsilon and alpha; each stage follows."""
        if self.epsilon is not None:
            epsilon = as_number("--epsilon", self.epsilon)
            procedure = procedure.with_epsilon(epsilon)
        if self.alpha is not None:
            alpha = as_number("--alpha", self.alpha)
            stages = tuple(
                replace(stage, alpha=_at_most(stage.alpha, alpha))
                for stage in procedure.stages
            )
            procedure = replace(procedure, alpha=alpha, stages=stages)
        return procedure


def _at_most(own: Number, new: float) -> float:
    """Keep a stage's momentum where it is lower: stages begin gently."""
    return min(own, new) if isinstance(own, float) else new


def _update(text: str) -> str | int:
    if text in {"sweep", "case"}:
        return text
    try:
        return as_whole("--update", text)
    except SettingError:
        raise SettingError(
            f"`--update` must be 'sweep', 'case' or a number of cases, got {text!r}."
        ) from None
