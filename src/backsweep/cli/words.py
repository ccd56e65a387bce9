"""Words: numbers as they are read, the same in every command."""

from __future__ import annotations

__all__ = ["brief", "counted", "decimal", "percent", "several", "size", "took"]


def counted(number: float) -> str:
    """Write a count: 20,000."""
    return f"{number:,.0f}"


def several(number: int, noun: str) -> str:
    """Write a count with its noun: "1 run", "20 runs"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def brief(number: float) -> str:
    """Write a rate with three figures.

    Examples
    --------
    >>> brief(1_234_567), brief(999_600), brief(12.34)
    ('1.23 million', '1.00 million', '12.3')
    """
    for size, name in ((1e9, "billion"), (1e6, "million")):
        if number >= 0.9995 * size:
            return f"{number / size:#.3g} {name}"
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"


def decimal(number: float | None) -> str:
    """Write an error or a weight that need not be exact.

    Examples
    --------
    >>> decimal(4.0), decimal(0.01234), decimal(3.2e-9), decimal(None)
    ('4.00', '0.0123', '3.2e-09', 'none')
    """
    if number is None:
        return "none"
    if number == 0:
        return "0"
    if abs(number) >= 1000 or abs(number) < 1e-4:
        return f"{number:.3g}"
    if abs(number) < 0.1:
        return f"{number:.3g}"
    return f"{number:.2f}" if abs(number) >= 1 else f"{number:.3f}"


def percent(share: float) -> str:
    """Write a share; what is not all is never 100 %.

    Examples
    --------
    >>> percent(0.9523), percent(0.99999), percent(1.0), percent(0.0)
    ('95.2 %', '99.9 %', '100 %', '0 %')
    """
    if min(share, 1 - share) < 1e-9:  # an interval's end may miss 0 by a rounding
        return f"{100 * share:.0f} %"
    return f"{min(max(100 * share, 0.1), 99.9):.1f} %"


def size(n_bytes: int) -> str:
    """Write how much room something takes: 12 kB."""
    for unit, name in ((1e9, "GB"), (1e6, "MB")):
        if n_bytes >= unit:
            return f"{n_bytes / unit:.1f} {name}"
    return f"{n_bytes / 1000:.0f} kB"


def took(seconds: float) -> str:
    """Write how long something took."""
    if seconds < 60:
        return f"{seconds:.2g} s" if seconds < 10 else f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"
