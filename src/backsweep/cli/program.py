"""Program: what the compiled engine makes of a task, as data and as text."""

from __future__ import annotations

import re
import struct
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from rich.console import Group
from rich.text import Text

from backsweep.cli.render import grid, short_network
from backsweep.cli.words import counted, percent, several
from backsweep.engines import ENGINES, choose
from backsweep.engines.compiled import CompiledEngine, link
from backsweep.engines.compiled.ir import Op
from backsweep.engines.compiled.listing import a_sweep, listing
from backsweep.engines.compiled.names import RowNames
from backsweep.errors import EngineUnavailableError, SettingError
from backsweep.notation import written

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import RenderableType

    from backsweep.cli.screen import Data
    from backsweep.engines.compiled.engine import CompiledProgram
    from backsweep.network import Network
    from backsweep.procedure import Procedure
    from backsweep.tasks import Task

__all__ = ["WIDTHS", "ProgramWish", "assembly_data", "ir_data", "program"]

WIDTHS: Final = (1, 2, 4, 8, 16, 32)
BITS: Final = {"f32": 32, "f64": 64}
MOST_KINDS: Final = 7  # of operations or instructions that the heading counts

# What an instruction of x86 or ARM is for, by its name; the first that fits counts.
KINDS: Final[Mapping[str, re.Pattern[str]]] = {
    "multiply-add": re.compile(r"v?f(n?m(add|sub|la|ls)).*"),
    "division": re.compile(r"v?f?div.*"),
    "other arithmetic": re.compile(
        r"v?(add|sub|mul|min|max|rndscale|round|scalef|getexp|getmant)[ps][sdh]"
        r"|f(add|sub|mul|abs|neg|rint|min|max).*"
    ),
    "bits and choices": re.compile(
        r"v?(blend|cmp|pcmp|and|or|xor|pand|por|pxor|ptern|psll|psrl|p(add|sub)|fpclass)"
        r".*|k(mov|and|or|xor|not|test|ortest).*|fcm.*|bsl|bit|bif|shl|ushr|orr|eor"
    ),
    "broadcasts": re.compile(
        r"v?(broadcast|p?broadcast|shuf|perm|unpck|movddup).*|dup"
    ),
    "loads, stores and moves": re.compile(
        r"v?mov.*|ldr.*|str.*|ldp|stp|fmov|ld1.*|st1"
    ),
}
# A number in the data of machine code, bit by bit.
BITS_OF: Final = {".quad": ("<Q", "<d"), ".long": ("<I", "<f"), ".xword": ("<Q", "<d")}
NUMBER: Final = re.compile(r"^\t(\.quad|\.xword|\.long)\t0x([0-9a-f]+)$", re.MULTILINE)
INSTRUCTION: Final = re.compile(r"^\t([a-z][a-z0-9_.]*)", re.MULTILINE)

STYLES: Final = (
    (r"(?<=\s)[;#] .*$", "dim"),
    (r"(?<![\w.$])-?\d+(\.\d+)?(e[-+]?\d+)?\b", "cyan"),
    (r"^\s*(v\d+ = )?(?P<word>[a-z]+)\b", "bold"),
    (r"\b(?P<word>fma|v?fn?m(?:add|sub)\w*|fml[as])\b", "bold green"),
    (r"^[.\w$]+:", "bold yellow"),
    (r"\b(loop|end|go on while)\b", "bold magenta"),
)
PATTERNS: Final = tuple((re.compile(pattern), style) for pattern, style in STYLES)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramWish:
    """Which program is to be shown; None where nothing was said."""

    engine: str | None = None
    lanes: int | None = None
    network: Network | None = None
    procedure: Procedure | None = None


def _made(task: Task, wish: ProgramWish) -> CompiledProgram:
    """Make the program, or say why there is none."""
    network = wish.network or task.network
    procedure = wish.procedure or task.procedure
    name = wish.engine or "compiled"
    engine = ENGINES.get(name) or choose(name, network, procedure)
    if not isinstance(engine, CompiledEngine):
        raise EngineUnavailableError(
            f"the engine {engine.name!r} makes no program of its own.",
            hint="--engine compiled or --engine compiled-f32 does.",
        )
    verdict = engine.supports(network, procedure)
    if not verdict:
        raise EngineUnavailableError(
            verdict.reason, hint="the engine 'plain' can learn it, without a program."
        )
    if wish.lanes is not None and wish.lanes not in WIDTHS:
        widths = ", ".join(map(str, WIDTHS))
        raise SettingError(f"`--lanes` must be one of {widths}, got {wish.lanes}.")
    own = CompiledEngine(engine.name, engine.precision, lanes=wish.lanes)
    return own.prepare(network, task, procedure)


def _data(task: Task, wish: ProgramWish, made: CompiledProgram) -> Data:
    return {
        "task": task.name,
        "about": task.about,
        "network": written(made.network),
        "parameters": made.network.n_parameters,
        "learning_cases": made.n_cases,
        "engine": wish.engine or "compiled",
        "precision": made.precision,
    }


def ir_data(task: Task, wish: ProgramWish) -> Data:
    """Give the lane program of a task, and the operations of a sweep."""
    made = _made(task, wish)
    cases = task.case_names if not task.n_held_out else ()
    text = listing(made.program, RowNames(made.network, cases, made.procedure))
    counts = a_sweep(made.program)
    del counts[Op.CONST]  # costs nothing: LLVM writes it where it is used
    return _data(task, wish, made) | {
        "a_sweep": {op.name.lower(): count for op, count in counts.most_common()},
        "lines": len(text.splitlines()),
        "ir": text,
    }


def assembly_data(task: Task, wish: ProgramWish) -> Data:
    """Give the machine code of a task, and what its instructions are."""
    made = _made(task, wish)
    text = NUMBER.sub(_told, made.assembly)
    counts = Counter(map(_kind, INSTRUCTION.findall(text)))
    return _data(task, wish, made) | {
        "lanes": made.lanes,
        "processor": link.host().name,
        "llvm": link.version(),
        "instructions": dict(counts.most_common()),
        "lines": len(text.splitlines()),
        "assembly": text,
    }


def _told(found: re.Match[str]) -> str:
    """Write beside the bits of a number what number it is."""
    whole, real = BITS_OF[found[1]]
    (number,) = struct.unpack(real, struct.pack(whole, int(found[2], 16)))
    # As f32 it has no more digits than tell it from its neighbours.
    shown = f"{number:.9g}" if real == "<f" else repr(number)
    return f"{found[0]}  # {shown}"


def _kind(name: str) -> str:
    fitting = (kind for kind, names in KINDS.items() if names.fullmatch(name))
    return next(fitting, "addresses and jumps")


def program(data: Data) -> RenderableType:
    """Show a program under a heading that says what it is."""
    lanes = "the same for any number of lanes"
    if "lanes" in data:
        bits = data["lanes"] * BITS[data["precision"]]
        lanes = f"{data['lanes']}, one network in each ({bits} bits)"
    rows: list[tuple[str, RenderableType]] = [
        ("network", short_network(data)),
        ("cases", several(data["learning_cases"], "case")),
        ("precision", data["precision"]),
        ("lanes", lanes),
    ]
    if "processor" in data:
        rows += [
            ("processor", f"{data['processor']}, by LLVM {data['llvm']}"),
            ("instructions", _shares(data["instructions"])),
        ]
    else:
        rows.append(("a sweep", _shares(data["a_sweep"], "operations")))
    what = "machine code" if "assembly" in data else "lane program"
    title = Text.assemble(
        (data["task"], "bold"), "  ", data["about"], "  ", (what, "bold")
    )
    text = data.get("assembly") or data["ir"]
    return Group(title, grid(rows), "", *map(_coloured, text.splitlines()))


def _shares(counts: Mapping[str, Any], what: str = "in all") -> str:
    whole = sum(counts.values()) or 1
    named = list(counts.items())[:MOST_KINDS]
    shares = ", ".join(f"{percent(count / whole)} {name}" for name, count in named)
    return f"{counted(whole)} {what}: {shares}"


def _coloured(line: str) -> Text:
    text = Text(line.expandtabs(8), no_wrap=True, overflow="ignore")
    if line.lstrip().startswith("; "):
        text.stylize("italic")
        return text
    code = text.plain.partition(" ; ")[0].partition(" # ")[0]
    for pattern, style in PATTERNS[1:]:
        for found in pattern.finditer(code):
            text.stylize(
                style, *found.span("word" if "word" in pattern.groupindex else 0)
            )
    for found in PATTERNS[0][0].finditer(text.plain):
        text.stylize(PATTERNS[0][1], *found.span())
    return text
