"""`backsweep reproduce`: the letter's claims, published beside measured."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from backsweep.cli import completion, options
from backsweep.cli.screen import Data, Screen
from backsweep.errors import RecordError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

__all__ = ["reproduce"]

CLAIM = typer.Argument(
    metavar="CLAIM",
    help="Which claims; all if left out. --list names them.",
    autocompletion=completion.complete_claim,
    show_default=False,
)
RUNS = typer.Option(
    "--runs",
    metavar="N",
    help="Runs of every ensemble, in place of each claim's own number.",
    show_default=False,
)
SCALE = typer.Option(
    "--scale",
    metavar="NUMBER",
    help="So many times the usual number of runs: 0.1 for a quick look.",
    show_default=False,
)
SEED = typer.Option(
    "--seed",
    metavar="N",
    help="What all starts are drawn from; 1 if left out.",
    show_default=False,
)
REPORT = typer.Option(
    "--report",
    metavar="DIR",
    help="Write one HTML page with all figures into this folder.",
    show_default=False,
)
LIST = typer.Option("--list", help="List the claims, and measure none.")
FORCE = typer.Option("--force", help="Overwrite a report that is there.")


def reproduce(
    context: typer.Context,
    claims: Annotated[list[str] | None, CLAIM] = None,
    *,
    runs: Annotated[str | None, RUNS] = None,
    scale: Annotated[str | None, SCALE] = None,
    seed: Annotated[str | None, SEED] = None,
    engine: Annotated[str, options.ENGINE] = "auto",
    report: Annotated[str | None, REPORT] = None,
    list_claims: Annotated[bool, LIST] = False,
    force: Annotated[bool, FORCE] = False,
    json: Annotated[bool, options.JSON] = False,
    quiet: Annotated[bool, options.QUIET] = False,
    debug: Annotated[bool, options.DEBUG] = False,
) -> None:
    """Measure the claims of the letter, beside what it published."""
    from backsweep import claims as room  # noqa: PLC0415  # see the room's docstring
    from backsweep.cli import render_claims  # noqa: PLC0415  # as above
    from backsweep.cli.settings import as_number, as_whole  # noqa: PLC0415  # as above

    screen = Screen.of(context)
    screen.as_json, screen.quiet, screen.debug = json, quiet, debug
    if list_claims:
        screen.show(_listed(), render_claims.listed)
        return
    _check_names(claims or [])
    folder = None if report is None else _free_folder(report, force=force)
    with _following(screen) as listener:
        rows = room.measure(
            claims or None,
            scale=1.0 if scale is None else as_number("--scale", scale),
            seed=as_whole("--seed", seed or "1", 0),
            runs=None if runs is None else as_whole("--runs", runs),
            engine=engine,
            listener=listener,
        )
    screen.show({"claims": [row.to_dict() for row in rows]}, render_claims.measured)
    if folder is not None:
        page = room.report(rows, folder, force=force)
        screen.say(f"report: {page}")
    elif not json:
        screen.say("All figures on one page: add --report letter")


def _check_names(names: Sequence[str]) -> None:
    """Suggest, for a part of names, the claims that contain it."""
    from backsweep.claims import CLAIMS  # noqa: PLC0415  # as in `reproduce`

    for name in names:
        held = " or ".join(repr(claim) for claim in CLAIMS if name.lower() in claim)
        if name not in CLAIMS and held:
            raise UnknownNameError(
                f"there is no claim {name!r}.",
                hint=f"did you mean {held}?",
            )


def _listed() -> Data:
    from backsweep.claims import CLAIMS  # noqa: PLC0415  # as in `reproduce`

    return {
        "claims": [
            {
                "claim": claim.name,
                "words": claim.words,
                "place": claim.place,
                "published": claim.published,
                "runs": claim.runs,
                "rule": claim.rule,
            }
            for claim in CLAIMS.values()
        ]
    }


def _free_folder(text: str, *, force: bool) -> Path:
    """Find out before measuring whether the report has a place."""
    from pathlib import Path  # noqa: PLC0415  # as in `reproduce`

    folder = Path(text)
    if folder.exists() and not folder.is_dir():
        raise RecordError(f"the report must go to a folder, got the file {text!r}.")
    if (folder / "index.html").exists() and not force:
        raise RecordError(
            f"the folder {text!r} holds a page already.",
            hint="choose another name, or overwrite with --force.",
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RecordError(
            f"the folder {text!r} cannot be made: {error.strerror}."
        ) from error
    return folder


@contextmanager
def _following(screen: Screen) -> Iterator[Callable[[str, int, int], None] | None]:
    if not screen.shows_progress:
        yield None
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415  # as in `reproduce`

    bar = Progress(
        BarColumn(bar_width=24),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeRemainingColumn(compact=True),
        TextColumn("left, {task.description}"),
        console=screen.err,
        transient=True,
    )
    with bar:
        line = bar.add_task("beginning", total=None)

        def listen(claim: str, done: int, total: int) -> None:
            bar.update(line, description=claim, completed=done, total=total)

        yield listen
