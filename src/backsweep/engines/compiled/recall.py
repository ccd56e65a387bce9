"""Recall: from a description to the machine code that was made of it before.

Beside the objects that `link` keeps stand notes: which object belongs to a network, a
procedure, its cases and so many lanes, and what buffers it takes. With a note, nothing
is lowered or emitted.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from backsweep.engines.compiled import link
from backsweep.engines.compiled.frame import is_used
from backsweep.engines.compiled.ir import Buffer, Program
from backsweep.procedure import Start

if TYPE_CHECKING:
    from backsweep.engines.compiled.frame import Cases
    from backsweep.engines.compiled.ir import Precision
    from backsweep.network import Network
    from backsweep.procedure import Procedure

__all__ = ["description", "plain", "recall", "remember"]

# What a program is made by, besides the modules of this room.
MAKERS: Final = ("network.py", "procedure.py", "threefry.py")


def plain(procedure: Procedure) -> Procedure:
    """Take out of a procedure the numbers that come with each call.

    Programs are made from what is left, so that none can depend on the others.
    """
    return replace(
        procedure,
        epsilon=1.0,
        alpha=0.5,
        decay=0.5 if is_used(procedure, "decay") else 0.0,
        zone=0.5 if is_used(procedure, "zone") else 0.0,
        stages=(),
        rates=dict.fromkeys(procedure.rate_of, 1.0),
        sweeps=1,
        start=Start(),
        criterion=replace(procedure.criterion, value=0.5),
    )


@cache
def _compiler() -> str:
    """Give a digest of the source that programs are made by."""
    here = Path(__file__).parent
    makers = [here.parents[1] / name for name in MAKERS]
    digest = hashlib.sha256()
    for path in [*sorted(here.glob("*.py")), *makers]:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def description(
    network: Network, procedure: Procedure, cases: Cases, precision: Precision
) -> str:
    """Write all down that decides a program: the same text, the same program."""
    numbers = [
        "own" if values is None else hashlib.sha256(values.tobytes()).hexdigest()
        for values in (cases.inputs, cases.desired)
    ]
    parts = [repr(network), repr(procedure), precision, repr(cases.count), *numbers]
    return "\0".join([_compiler(), *parts])


def recall(
    text: str, lanes: int, precision: Precision, folder: Path | None
) -> tuple[Program, link.Linked] | None:
    """Find the machine code of a description for so many lanes, if it was kept.

    The program that comes with it has buffers, but no instructions.
    """
    note = link.find(folder, link.key_of(text, str(lanes)))
    if note is None:
        return None
    found = json.loads(note)
    linked = link.find_linked(folder, found["object"])
    if linked is None:
        return None
    buffers = tuple(Buffer(*one) for one in found["buffers"])
    return Program(precision=precision, buffers=buffers, instructions=()), linked


def remember(
    text: str, lanes: int, program: Program, emitted: str, folder: Path | None
) -> None:
    """Note which object belongs to a description."""
    note = {"object": link.key_of(emitted), "buffers": program.buffers}
    if folder is not None:
        link.keep(folder, link.key_of(text, str(lanes)), json.dumps(note).encode())
