"""Messages: everything that the pages and the server say to each other, typed once.

Nothing here computes. OpenAPI documents these classes, and `mirror` writes them as
JSDoc types for the pages; a test holds the two together. Numbers in bulk do not come
as JSON: `packing` puts them behind a message as arrays.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

__all__ = [
    "SWEEPS",
    "TASKS",
    "About",
    "ArrayPlace",
    "Begin",
    "Block",
    "Cancel",
    "Curve",
    "CurveFile",
    "CurveSettings",
    "DataPlan",
    "DataSettings",
    "Done",
    "Ensemble",
    "FromPage",
    "FromServer",
    "Hello",
    "Layer",
    "LayerPlan",
    "LearnTable",
    "LearnedSoFar",
    "Limits",
    "Marks",
    "Message",
    "MoreStarts",
    "OneRun",
    "Others",
    "Outcome",
    "Progress",
    "RecordAsked",
    "RecordLine",
    "Records",
    "Refused",
    "RunAsked",
    "SaveAsked",
    "Saved",
    "TableColumn",
    "TableSeen",
    "Tally",
    "Welcome",
]

SWEEPS: Final = 600  # of a run on the page of training curves
SAFE: Final = 2**53 - 1  # the largest whole number that JavaScript keeps

TaskName: TypeAlias = Literal["xor", "and", "or", "nand", "xnor", "parity:3"]
Outcome: TypeAlias = Literal["learned", "stuck", "diverged"]
TASKS: Final[tuple[TaskName, ...]] = ("xor", "and", "or", "nand", "xnor", "parity:3")


class Message(BaseModel):
    """What all messages have in common: no field that is not named, no guessing."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Refused(Message):
    """Why something was not done, in a sentence, and what to do about it."""

    kind: Literal["refused"] = "refused"
    id: str | None = Field(default=None, description="The work it is about.")
    message: str
    hint: str | None = None


class Limits(Message):
    """What one request may ask for at most."""

    work: int = Field(description="Cases times sweeps times parameters times runs.")
    body_bytes: int = Field(description="Bytes of one request.")
    table_bytes: int = Field(description="Bytes of a table.")
    table_rows: int
    table_columns: int
    parameters: int = Field(description="Weights and biases of a network for a table.")
    jobs: int = Field(description="Pieces of long work that one page may have open.")


class About(Message):
    """What the server is."""

    version: str
    limits: Limits


class CurveSettings(Message):
    """The settings of a run of the training curve: what the page's controls say."""

    task: TaskName = "xor"
    hidden: int = Field(default=2, ge=0, le=8, strict=True)
    epsilon: float = Field(default=0.5, ge=0, le=100, strict=True)
    alpha: float = Field(default=0.9, ge=0, lt=1, strict=True)
    start: float = Field(
        default=0.5, ge=0, le=20, strict=True, description="Half the range."
    )
    update: Literal["sweep", "case"] = "sweep"
    seed: int = Field(default=1, ge=0, le=SAFE, strict=True)
    run: int = Field(default=0, ge=0, le=2**32 - 2001, strict=True)


class CurveFile(Message):
    """A run that is to be kept as one HTML file, and the state in which it opens."""

    settings: CurveSettings
    state: str = Field(max_length=2000, pattern=r"^[A-Za-z0-9_=&%.,:+-]*$")


class ArrayPlace(Message):
    """Where an array lies behind its message, in little-endian order."""

    name: str
    dtype: Literal["float32", "uint16", "int32"]
    shape: tuple[int, ...]
    offset: int = Field(description="Bytes from the beginning of the arrays.")


class Layer(Message):
    """A layer, bottom to top, with the names of its units."""

    name: str
    units: tuple[str, ...]


class Block(Message):
    """The weights of a link, or the biases of a layer, among the parameters."""

    layer: str
    source: str | None = Field(description="The sending layer; none for biases.")
    start: int
    shape: tuple[int, ...] = Field(description="(n_to, n_from), or (n_to,).")


class Marks(Message):
    """Where an error lingers and where it falls, in sweeps; none where it does not."""

    plateau: tuple[int, int] | None
    drop: tuple[int, int] | None


class Curve(Message):
    """A whole run. The arrays behind it have a row for each sweep from 0 to the last.

    `error` (n_sweeps), `weights`, `change`, `dE_dw` (n_sweeps, n_parameters),
    `dE_dw_by_case` (n_sweeps, n_cases, n_parameters), `y`, `x`, `dE_dy`, `dE_dx`
    (n_sweeps, n_cases, n_units) over the hidden and the output units, and `plane`
    (n_sweeps, n_slices, n_units, side, side): 65,535 times each unit's output over the
    unit square of the first two inputs, the second one upward from the first row, a
    slice for each value of a third input.
    """

    settings: CurveSettings
    layers: tuple[Layer, ...]
    blocks: tuple[Block, ...]
    case_names: tuple[str, ...]
    inputs: tuple[tuple[float, ...], ...]
    desired: tuple[tuple[float, ...], ...]
    outcome: Outcome
    learned_at: int = Field(description="The sweep of learning; 0 where none.")
    diverged_at: int = Field(description="The sweep of divergence; 0 where none.")
    marks: Marks
    separable: bool = Field(description="Whether one straight line would do.")
    python: str = Field(description="The same run from Python.")
    arrays: tuple[ArrayPlace, ...]


class Others(Message):
    """A thousand runs from other starts.

    Behind it lie `quantiles` (n_levels, n_sweeps) of the error, `error` (n_runs,
    n_recorded) of each run at `recorded`, `learned_at` and `diverged_at` (n_runs): 0
    where it did not.
    """

    settings: CurveSettings
    first: int = Field(description="The number of the first of the runs.")
    runs: int
    levels: tuple[float, ...]
    recorded: tuple[int, ...]
    learned: int
    stuck: int
    diverged: int
    faster: int = Field(description="How many learned in fewer sweeps than this run.")
    arrays: tuple[ArrayPlace, ...]


class MoreStarts(Message):
    """Long work: let very many starts learn, and count."""

    work: Literal["more starts"]
    settings: CurveSettings
    runs: int = Field(ge=1, le=100_000_000, strict=True)


Place: TypeAlias = Annotated[int, Field(ge=0, lt=10_000, strict=True)]
Mark: TypeAlias = Annotated[str, Field(pattern=r"^(iris|[0-9a-f]{16})$")]
Share: TypeAlias = Annotated[float, Field(ge=0, lt=1, strict=True)]


class TableColumn(Message):
    """A column of a table: what it holds."""

    name: str
    kind: Literal["numbers", "classes"] = Field(description="As it is read by itself.")
    present: int = Field(description="Rows that have a value.")
    different: int = Field(description="Different values among them.")
    names_cases: bool = Field(description="Whether each row has a word of its own.")
    first: tuple[str, ...] = Field(description="The values of the first rows.")
    low: float | None = Field(description="Of numbers, the least.")
    high: float | None
    bars: tuple[int, ...] = Field(description="Rows by class, or by twelfths of range.")
    words: tuple[str, ...] = Field(description="The commonest classes, bar by bar.")


class TableSeen(Message):
    """A table that was handed in, column by column. The server holds it in memory."""

    table: str = Field(description="What to call it from now on.")
    name: str
    rows: int
    columns: tuple[TableColumn, ...]


class DataSettings(Message):
    """What is learned from a table, and how; None stands for the table's own recipe."""

    table: Mark = "iris"
    predict: tuple[Place, ...] = Field(default=(), max_length=50)
    leave: tuple[Place, ...] = Field(default=(), max_length=500)
    classes: tuple[Place, ...] = Field(default=(), max_length=500)
    network: str = Field(default="", max_length=4000)
    hold_out: Share = 0.2
    missing: Literal["refuse", "drop", "mean"] = "refuse"
    epsilon: float | None = Field(default=None, ge=0, le=100, strict=True)
    alpha: Share | None = None
    decay: Share | None = None
    start: float | None = Field(default=None, ge=0, le=20, strict=True)
    error: Literal["squared", "cross-entropy"] | None = None
    update: Literal["sweep", "case"] = "sweep"
    sweeps: int | None = Field(default=None, ge=1, le=20_000, strict=True)
    seed: int = Field(default=0, ge=0, le=SAFE, strict=True)
    runs: int = Field(default=10, ge=1, le=1000, strict=True)


class LayerPlan(Message):
    """A layer of a network that is to be, and what it hears from."""

    name: str
    size: int
    activation: str
    sources: tuple[str, ...]
    units: tuple[str, ...] = Field(description="Their names, at most twelve.")


class DataPlan(Message):
    """What would be learned: the network, the settings, and how else to have it."""

    about: str
    network: str = Field(description="In the notation, without the names of units.")
    layers: tuple[LayerPlan, ...]
    parameters: int
    cases: int
    held_out: int
    epsilon: float
    alpha: float
    decay: float
    start: float
    error: str
    criterion: str
    sweeps: int
    warnings: tuple[str, ...]
    python: str
    command: str


class LearnTable(Message):
    """Long work: learn a table."""

    work: Literal["learn table"]
    settings: DataSettings


class LearnedSoFar(Message):
    """How far the runs of a table have come, and the first one's error by now."""

    runs: int
    learned: int
    diverged: int
    finished: int
    sweep: int = Field(description="That the first run has come to.")
    sweeps: tuple[int, ...]
    errors: tuple[float, ...] = Field(description="At these sweeps.")


class RunAsked(Message):
    """A run of what was learned from a table, after a sweep."""

    settings: DataSettings
    run: int = Field(default=0, ge=0, le=2**32, strict=True)
    sweep: int = Field(default=0, ge=0, le=2**32, strict=True)


RecordName: TypeAlias = Annotated[
    str, Field(pattern=r"^[\w][\w .+-]{0,99}$", description="Of a file in the folder.")
]


class RecordAsked(Message):
    """A run of a record, after a sweep."""

    name: RecordName
    run: int = Field(default=0, ge=0, le=2**32, strict=True)
    sweep: int = Field(default=0, ge=0, le=2**32, strict=True)


class SaveAsked(Message):
    """What was learned from a table, to be saved among the records."""

    settings: DataSettings
    name: RecordName


class Saved(Message):
    """The record that was saved."""

    name: str


class RecordLine(Message):
    """A record of the folder; `damage` says in a sentence what is wrong with it."""

    name: str
    changed: str = Field(description="The date of its files.")
    task: str = ""
    network: str = ""
    runs: int = 0
    learned: int = 0
    stuck: int = 0
    diverged: int = 0
    unfinished: int = 0
    version: str = ""
    damage: str | None = None


class Records(Message):
    """The records of the folder, the latest first."""

    folder: str
    records: tuple[RecordLine, ...]
    more: int = Field(description="How many are not listed, there being so many.")


class Ensemble(Message):
    """What many runs came to.

    Behind it lie `recorded` (n_recorded) sweeps, `quantiles` (n_levels, n_recorded) of
    the error, `learned_at`, `diverged_at`, `right`, `held_out_right` and `final_error`
    (n_runs).
    """

    task: str
    about: str
    network: str
    layers: tuple[LayerPlan, ...]
    parameters: int
    first: int = Field(description="The number of the first run.")
    runs: int
    seed: int
    engine: str
    version: str
    settings: tuple[tuple[str, str], ...] = Field(description="As names and values.")
    sweeps: int
    learned: int
    stuck: int
    diverged: int
    unfinished: int
    low: float = Field(description="Lower end of the 95 % interval of the share.")
    high: float
    cases: int
    held_out: int
    guessing: float | None = Field(description="Share right for one answer to all.")
    levels: tuple[float, ...]
    arrays: tuple[ArrayPlace, ...]


class OneRun(Message):
    """One run of many, after a sweep.

    Behind it lie `recorded` and `error` (n_recorded) over all its sweeps, `traced`
    (n_traced) sweeps with `trace` (n_traced, 4): error of the learning and of the
    held-out cases, and the shares of them that are right; `parameters`
    (n_parameters); and over the cases that are shown, sorted by their answer, `y`
    (n_units, n_cases) of the units above the inputs, `right` and `held_out` (n_cases).
    """

    run: int
    outcome: Literal["learned", "stuck", "diverged", "unfinished"]
    learned_at: int
    diverged_at: int
    sweep: int
    sweeps: int = Field(description="Carried out.")
    right: int
    held_out_right: int
    layers: tuple[LayerPlan, ...]
    unit_names: tuple[str, ...] = Field(description="Above the inputs.")
    input_names: tuple[str, ...]
    blocks: tuple[Block, ...]
    cases: tuple[str, ...]
    wanted: tuple[str, ...] = Field(description="Case by case, in the table's words.")
    answered: tuple[str, ...]
    is_class: bool = Field(description="Whether answers are classes.")
    curve_page: str = Field(description="The run on the page of training curves.")
    arrays: tuple[ArrayPlace, ...]


# further kinds of long work join with `|`
Work: TypeAlias = Annotated[MoreStarts | LearnTable, Field(discriminator="work")]


class Tally(Message):
    """How many of many starts learned by now, and after how many sweeps."""

    runs: int
    learned: int
    stuck: int
    diverged: int
    low: float = Field(description="Lower end of the 95 % interval of the share.")
    high: float = Field(description="Upper end of it.")
    edges: tuple[int, ...] = Field(description="Of the bins, in sweeps.")
    counts: tuple[int, ...] = Field(description="Runs that learned in each bin.")


Identifier: TypeAlias = Annotated[str, Field(min_length=1, max_length=64)]


class Hello(Message):
    """The first message of a page: the token from the opened address."""

    kind: Literal["hello"]
    token: str = Field(max_length=200)


class Begin(Message):
    """Begin a piece of long work under a name of the page's choice."""

    kind: Literal["begin"]
    id: Identifier
    work: Work


class Cancel(Message):
    """Let a piece of long work be."""

    kind: Literal["cancel"]
    id: Identifier


FromPage: TypeAlias = Annotated[Hello | Begin | Cancel, Field(discriminator="kind")]


class Welcome(Message):
    """The server's answer to a hello."""

    kind: Literal["welcome"] = "welcome"
    about: About


class Progress(Message):
    """How far a piece of work has come, with what is known by now."""

    kind: Literal["progress"] = "progress"
    id: str
    done: int
    total: int
    so_far: Tally | LearnedSoFar


class Done(Message):
    """The end of a piece of work: its result, or none where it was cancelled."""

    kind: Literal["done"] = "done"
    id: str
    result: Tally | LearnedSoFar | None


FromServer: TypeAlias = Annotated[
    Welcome | Progress | Done | Refused, Field(discriminator="kind")
]
