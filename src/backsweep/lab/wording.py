"""Wording: what a message had wrong, as one sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from backsweep.lab.messages import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["failed", "in_a_sentence"]

LONGEST: Final = 60  # of a value that is repeated


def in_a_sentence(errors: Sequence[Mapping[str, Any]]) -> str:
    """Say the first thing that was wrong: where, what was expected and what was got.

    Parameters
    ----------
    errors
        As pydantic's `ValidationError.errors` gives them.

    Examples
    --------
    >>> in_a_sentence(
    ...     [
    ...         {
    ...             "loc": ("body", "hidden"),
    ...             "msg": "Input should be less than or equal to 8",
    ...             "input": 9,
    ...         }
    ...     ]
    ... )
    '`hidden` must be less than or equal to 8, got 9.'
    """
    error = errors[0]
    named = [part for part in error["loc"] if isinstance(part, str) and part != "body"]
    where = f"`{named[-1]}`" if named else "the message"
    expected = error["msg"].removeprefix("Input should be ")
    expected = expected[:1].lower() + expected[1:]
    got = repr(error.get("input"))
    got = got if len(got) <= LONGEST else got[:LONGEST] + "..."
    if not error["msg"].startswith("Input should be "):
        return f"{where} cannot be read: {expected}; got {got}."
    return f"{where} must be {expected}, got {got}."


def failed(error: BaseException, name: str | None = None) -> Refused:
    """Say that something failed for a reason that nobody foresaw.

    Parameters
    ----------
    error
        What was raised.
    name
        The piece of work that failed; none where None.
    """
    if isinstance(error, MemoryError):
        return Refused(
            id=name,
            message="what was asked for needs more memory than there is.",
            hint="ask for fewer runs, or for a smaller network or table.",
        )
    return Refused(
        id=name,
        message=f"the lab failed at this: {type(error).__name__}.",
        hint="try it again; the terminal in which the lab runs says more.",
    )
