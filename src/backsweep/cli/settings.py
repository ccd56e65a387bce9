"""Settings: the words behind options, as numbers, ranges, columns and a procedure."""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from backsweep.cli.ranges import DECIMAL_COMMA, as_number, as_values, option_order
from backsweep.errors import SettingError
from backsweep.grids import RATE, Axis
from backsweep.procedure import Criterion, Procedure, Spread, Start

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

__all__ = ["Overrides", "as_columns", "as_number", "as_spread", "as_whole"]

VARIED: Final = ("epsilon", "alpha", "decay", "start")  # options that take ranges
NORMAL: Final = "normal:"


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


def is_several(text: str, setting: str = "") -> bool:
    """Say whether a word is meant as a range or a list of values.

    Of starts, LOW:HIGH is one range to draw from.
    """
    if setting == "start":
        text = _widths(text)
        return text.count(":") > 1 or "," in text
    return ":" in text or ("," in text and not DECIMAL_COMMA.fullmatch(text.strip()))


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
    error: str | None = None
    sweeps: str | None = None
    start: str | None = None
    bias_start: str | None = None
    criterion: str | None = None
    until: str | None = None
    update: str | None = None
    rate: Sequence[str] = ()

    def axes(self, arguments: Sequence[str]) -> tuple[Axis, ...]:
        """Give the settings for which several values were asked, in the order given.

        Parameters
        ----------
        arguments
            The words of the command line.
        """
        own = {f"--{name}": getattr(self, name) for name in VARIED}
        rates = iter(self.rate)
        found: list[Axis] = []
        for option in option_order(arguments, [*own, "--rate"]):
            setting, text = option[2:], own.get(option)
            if option == "--rate":
                layer, text = _rate(next(rates))
                setting = f"{RATE}{layer}"
            if text is not None and is_several(text, setting):
                found.append(Axis(setting, as_values(option, _widths(text))))
        return tuple(found)

    def applied_to(self, procedure: Procedure) -> Procedure:
        """Give the procedure with what was asked for in place of its own.

        Settings with several values are left to the grid.
        """
        changes: dict[str, Any] = {}
        if self.decay is not None and not is_several(self.decay):
            changes["decay"] = as_number("--decay", self.decay)
        if self.error is not None:
            changes["error"] = self.error
        if self.sweeps is not None:
            changes["sweeps"] = as_whole("--sweeps", self.sweeps)
        if self.criterion is not None:
            changes["criterion"] = Criterion.parse(self.criterion)
        if self.until is not None:
            changes["until"] = self.until
        if self.update is not None:
            changes["update"] = _update(self.update)
        changes["start"] = self._start(procedure.start)
        procedure = self._stepped(replace(procedure, **changes))
        for layer, text in map(_rate, self.rate):
            if not is_several(text):
                procedure = procedure.with_rates({layer: as_number("--rate", text)})
        return procedure

    def _start(self, start: Start) -> Start:
        if self.start is not None:
            # Of several widths the first stands in; the grid puts in each run's own.
            several = is_several(self.start, "start")
            spread = (
                _first_spread(self.start)
                if several
                else as_spread("--start", self.start)
            )
            start = Start(spread, spread)
        if self.bias_start is not None:
            start = replace(start, biases=as_spread("--bias-start", self.bias_start))
        return start

    def _stepped(self, procedure: Procedure) -> Procedure:
        """Put in epsilon and alpha; each stage follows."""
        if self.epsilon is not None and not is_several(self.epsilon):
            epsilon = as_number("--epsilon", self.epsilon)
            procedure = procedure.with_epsilon(epsilon)
        if self.alpha is not None and not is_several(self.alpha):
            procedure = procedure.with_alpha(as_number("--alpha", self.alpha))
        return procedure


def _rate(text: str) -> tuple[str, str]:
    """Part "hidden=2" into the layer and its rate, or rates."""
    layer, equals, values = (part.strip() for part in text.partition("="))
    if not layer or not equals or not values:
        raise SettingError(
            f"`--rate` must be LAYER=NUMBER, got {text!r}.",
            hint="for instance 'hidden=2', or 'hidden=0.1:10:16log'.",
        )
    return layer, values


def _widths(text: str) -> str:
    """Give the widths of several starts without the name of their distribution."""
    return text.strip().removeprefix(NORMAL)


def _first_spread(text: str) -> Spread:
    is_normal = text.strip().startswith(NORMAL)
    width = as_values("--start", _widths(text))[0]
    return Spread(width, "normal" if is_normal else "uniform")


def _update(text: str) -> str | int:
    if text in {"sweep", "case"}:
        return text
    try:
        return as_whole("--update", text)
    except SettingError:
        raise SettingError(
            f"`--update` must be 'sweep', 'case' or a number of cases, got {text!r}."
        ) from None
