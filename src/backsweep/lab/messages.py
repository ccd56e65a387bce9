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
    "Done",
    "FromPage",
    "FromServer",
    "Hello",
    "Layer",
    "Limits",
    "Marks",
    "Message",
    "MoreStarts",
    "Others",
    "Outcome",
    "Progress",
    "Refused",
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


Work: TypeAlias = MoreStarts  # further kinds of long work join with `|`


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
    so_far: Tally


class Done(Message):
    """The end of a piece of work: its result, or none where it was cancelled."""

    kind: Literal["done"] = "done"
    id: str
    result: Tally | None


FromServer: TypeAlias = Annotated[
    Welcome | Progress | Done | Refused, Field(discriminator="kind")
]
