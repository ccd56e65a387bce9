"""Options: those of every command that has them, each with its help, in one table."""

from __future__ import annotations

from typing import Any, Final

import typer

from backsweep.cli import completion

__all__ = [
    "ALPHA",
    "ASSEMBLY",
    "BIAS_START",
    "CENTRE",
    "CLASSES",
    "COMPILED",
    "CRITERION",
    "DEBUG",
    "DECAY",
    "DESIRED",
    "ENGINE",
    "EPSILON",
    "ERROR",
    "FIGURE",
    "FORCE",
    "HOLD_OUT",
    "INPUTS",
    "IR",
    "JSON",
    "LANES",
    "MAP_ENGINE",
    "MAP_FIGURE",
    "MAP_RUNS",
    "MAP_SAVE",
    "MISSING",
    "NETWORK",
    "PROGRAM_NETWORK",
    "PROGRAM_UPDATE",
    "QUIET",
    "RATE",
    "RESUME",
    "RUNS",
    "SAVE",
    "SEED",
    "SHOW",
    "SIZE",
    "START",
    "SWEEPS",
    "TASK",
    "THEME",
    "THREADS",
    "UNTIL",
    "UPDATE",
    "WIDTH",
]


def _option(name: str, help: str, panel: str | None = None, **more: Any) -> Any:  # noqa: A002  # typer's word
    return typer.Option(
        name, help=help, rich_help_panel=panel, show_default=False, **more
    )


WHAT: Final = "What learns"
HOW: Final = "The settings of learning (those of the task, if left out)"
MAP: Final = "The map"
TABLE: Final = "Tables and held-out cases"
RECORD: Final = "Records and figures"
PROGRAM: Final = "What the compiled engine makes"

TASK: Final = typer.Argument(
    metavar="TASK",
    help="A task, such as 'symmetry' or 'parity:4', or a table: CSV, TSV, Parquet or"
    " NPZ.",
    autocompletion=completion.complete_task,
    show_default=False,
)

NETWORK = _option(
    "--network",
    "Layers and links: '6-2-1', or lines such as 'hidden 2 logistic <- input'.",
    WHAT,
    metavar="NETWORK",
)
RUNS = _option(
    "--runs",
    "How many networks learn, each from a start of its own; of a grid, in each cell."
    " 1 if left out.",
    WHAT,
    metavar="N",
)  # fmt: skip
SEED = _option(
    "--seed", "What starts and held-out cases are drawn from; 0 if left out.",
    WHAT, metavar="N",
)  # fmt: skip
ENGINE = _option(
    "--engine", "What carries the sweeps out; the fastest that can, if left out.",
    WHAT, metavar="NAME", autocompletion=completion.complete_engine,
)  # fmt: skip
THREADS = _option(
    "--threads", "Workers; as many as cores if left out. Changes no result.",
    WHAT, metavar="N",
)  # fmt: skip

EPSILON = _option(
    "--epsilon",
    "The step size of equations (8), (9). Where the task has stages, their steps"
    " change by the same factor. Or several: '0.01:10:64log', '0.1,0.2,0.5'.",
    HOW,
    metavar="NUMBER|RANGE",
)
ALPHA = _option(
    "--alpha",
    "The momentum of equation (9), at least 0 and under 1. Stages keep theirs where"
    " it is lower. Or several: '0:0.9:10'.",
    HOW,
    metavar="NUMBER|RANGE",
)
RATE = _option(
    "--rate",
    "What multiplies epsilon for the weights into a layer, and its biases:"
    " 'hidden=2', 'hidden=0.1:10:16log'. For each layer once.",
    HOW,
    metavar="LAYER=NUMBER|RANGE",
)
DECAY = _option(
    "--decay", "The share of each weight taken away after each change. Or several.",
    HOW, metavar="SHARE|RANGE",
)  # fmt: skip
ERROR = _option(
    "--error", "The measure of error: 'squared' or 'cross-entropy'.",
    HOW, metavar="NAME", autocompletion=completion.complete_error,
)  # fmt: skip
SWEEPS = _option("--sweeps", "The most sweeps of a run.", HOW, metavar="N")
START = _option(
    "--start",
    "Where weights and biases begin: R for U(-R, R), LOW:HIGH, normal:SD, or zero."
    " Or several R: '0.1:5:9log'.",
    HOW,
    metavar="RANGE",
)
BIAS_START = _option(
    "--bias-start", "The same for the biases alone.", HOW, metavar="RANGE"
)
CRITERION = _option(
    "--criterion",
    "When a run has learned: outputs within '0.2' in all cases, or in '0.2:95%' of"
    " them; 'winner' or 'winner:95%'; 'E<0.02'.",
    HOW,
    metavar="RULE",
)
UNTIL = _option(
    "--until", "Stop a run when it has 'learned', or at the 'end' of all sweeps.",
    HOW, metavar="WHEN", autocompletion=completion.complete_until,
)  # fmt: skip
UPDATE = _option(
    "--update", "Change the weights after each 'sweep', each 'case', or N cases.",
    HOW, metavar="WHEN", autocompletion=completion.complete_update,
)  # fmt: skip

DESIRED = _option(
    "--desired",
    "Columns of a table to be learned; the last if left out. Commas, or several times.",
    TABLE,
    metavar="COLUMNS",
    autocompletion=completion.complete_column,
)
INPUTS = _option(
    "--inputs", "Columns to learn from; all others if left out.",
    TABLE, metavar="COLUMNS", autocompletion=completion.complete_column,
)  # fmt: skip
CLASSES = _option(
    "--classes", "Columns whose numbers are names of classes, such as digits.",
    TABLE, metavar="COLUMNS", autocompletion=completion.complete_column,
)  # fmt: skip
MISSING = _option(
    "--missing",
    "Missing values of a table: 'refuse' them (if left out), 'drop' the row, or"
    " fill in the 'mean'.",
    TABLE,
    metavar="WAY",
    autocompletion=completion.complete_missing,
)
HOLD_OUT = _option(
    "--hold-out",
    "Cases kept out of the learning: a share under 1, or a number. If left out, a"
    " fifth of a table of 20 rows or more.",
    TABLE,
    metavar="SHARE|N",
)

MAP_RUNS = _option(
    "--runs", "How many networks learn in each cell; 16 if left out, or 1 where all"
    " would begin alike.", WHAT, metavar="N",
)  # fmt: skip
MAP_ENGINE = _option(
    "--engine",
    "What carries the sweeps out; if left out 'compiled-f32', or what can where the"
    " cells lie closer than it tells apart.",
    WHAT,
    metavar="NAME",
    autocompletion=completion.complete_engine,
)
SHOW = _option(
    "--show",
    "The 'share' of runs that learned (if left out), the 'median' of their sweeps, or"
    " the measure of 'convergence'.",
    MAP,
    metavar="WHAT",
    autocompletion=completion.complete_map,
)
SIZE = _option(
    "--size", "Cells along each side, where no ranges are given.", MAP, metavar="N"
)
CENTRE = _option(
    "--centre",
    "The middle of a window in the task's own map: two logarithms to base 10.",
    MAP,
    metavar="X,Y",
)
WIDTH = _option(
    "--width", "The width of that window, in powers of ten.", MAP, metavar="NUMBER"
)
THEME = _option(
    "--theme", "Colours of the picture: 'light' (if left out), 'dark' or 'print'.",
    MAP, metavar="NAME", autocompletion=completion.complete_theme,
)  # fmt: skip
MAP_FIGURE = _option(
    "--figure", "Where the picture goes: .png, .svg or .pdf; TASK-map.png if left out.",
    RECORD, metavar="PATH",
)  # fmt: skip
MAP_SAVE = _option(
    "--save", "Where the record goes; TASK-map.zarr if left out.",
    RECORD, metavar="PATH",
)  # fmt: skip

SAVE = _option(
    "--save", "Keep the record here, such as x.zarr.", RECORD, metavar="PATH"
)
RESUME = _option(
    "--resume", "Go on with a record that was broken off, to the same bits.", RECORD
)
FIGURE = _option(
    "--figure", "Draw what was learned: .svg, .pdf or .png.", RECORD, metavar="PATH"
)
FORCE = _option("--force", "Overwrite what is there.", RECORD)

IR = _option(
    "--ir",
    "Of a task or table: the lane program, which is what one network does in a sweep,"
    " one operation a line.",
    PROGRAM,
)
ASSEMBLY = _option(
    "--assembly",
    "Of a task or table: the machine code that becomes of it on this processor.",
    PROGRAM,
)
COMPILED = _option(
    "--engine", "Which engine's program: 'compiled' if left out, or 'compiled-f32'.",
    PROGRAM, metavar="NAME", autocompletion=completion.complete_compiled,
)  # fmt: skip
LANES = _option(
    "--lanes",
    "Networks side by side in the machine code: 1, 2, 4, 8, 16 or 32; as many as fill"
    " a vector if left out.",
    PROGRAM,
    metavar="N",
)
PROGRAM_NETWORK = _option(
    "--network", "Layers and links, in place of the task's own.",
    PROGRAM, metavar="NETWORK",
)  # fmt: skip
PROGRAM_UPDATE = _option(
    "--update", "Change the weights after each 'sweep', each 'case', or N cases.",
    PROGRAM, metavar="WHEN", autocompletion=completion.complete_update,
)  # fmt: skip

JSON = _option("--json", "Print one JSON object.")
QUIET = _option("--quiet", "Print neither progress nor advice.")
DEBUG = _option("--debug", "Show where an error came from.")
