"""Messages: everything that the pages and the server say to each other, typed once.

Nothing here computes. OpenAPI documents these classes, and `mirror` writes them as
JSDoc types for the pages; a test holds the two together. Numbers in bulk do not come
as JSON: `packing` puts them behind a message as arrays.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

__all__ = [
    "STARTS_AT_MOST",
    "SWEEPS",
    "TASKS",
    "About",
    "ArrayPlace",
    "Asked",
    "Begin",
    "Block",
    "Cancel",
    "Curve",
    "CurveFile",
    "CurveSettings",
    "Done",
    "Families",
    "FamilyAnswers",
    "FamilyFile",
    "FamilyQuestion",
    "FamilySettings",
    "FamilySignals",
    "FamilyStarts",
    "FamilyTally",
    "FromPage",
    "FromServer",
    "Hello",
    "Layer",
    "LesionSettings",
    "Limits",
    "Marks",
    "Message",
    "MoreStarts",
    "Others",
    "Outcome",
    "Progress",
    "Refused",
    "Relative",
    "Report",
    "StageOf",
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


RecipeName: TypeAlias = Literal["learns", "longer", "printed"]
STARTS_AT_MOST: Final = 2_000  # of one piece of work on the page of family trees


class FamilySettings(Message):
    """The settings of a run with the family trees."""

    recipe: RecipeName = "learns"
    seed: int = Field(default=1, ge=0, le=SAFE, strict=True)
    run: int = Field(default=0, ge=0, le=2**32 - 2001, strict=True)


class LesionSettings(FamilySettings):
    """A run, and the units of the person code that are silenced in it."""

    silent: str = Field(
        default="", pattern=r"^0?1?2?3?4?5?$", description="Their numbers in order."
    )


class FamilyQuestion(LesionSettings):
    """One question to a run, told or not."""

    question: int = Field(default=0, ge=0, le=103, strict=True)


class FamilyFile(Message):
    """A run that is to be kept as one HTML file, and the state in which it opens."""

    settings: FamilySettings
    question: int = Field(default=0, ge=0, le=103, strict=True)
    state: str = Field(max_length=2000, pattern=r"^[A-Za-z0-9_=&%.,:+-]*$")


class Relative(Message):
    """One of the 24 people."""

    name: str
    sex: Literal["female", "male"]
    nationality: Literal["English", "Italian"]
    generation: int
    branch: Literal["left", "middle", "right"]
    parents: tuple[str, ...]


class Asked(Message):
    """A question: a person, a relation, and all who are right answers."""

    person: str
    relation: str
    answers: tuple[str, ...]


class StageOf(Message):
    """A stretch of sweeps with settings of its own."""

    first: int
    last: int
    epsilon: float
    alpha: float
    decay: float


class Families(Message):
    """A whole run with the family trees, at every recorded sweep.

    `error` (n_sweeps) is the mean squared error of the questions that the run is told;
    `weights` (n_sweeps, n_parameters); `correlations` (n_sweeps, n_attributes, 6) of
    the weights from the people into each unit of their code with what people are.
    """

    settings: FamilySettings
    people: tuple[Relative, ...]
    relations: tuple[str, ...]
    couples: tuple[tuple[tuple[str, ...], ...], ...] = Field(
        description="Of each tree, as they stand from left to right, eldest first."
    )
    columns: tuple[tuple[str, ...], ...] = Field(
        description="Of each nationality, as Fig. 4 of the letter has them."
    )
    questions: tuple[Asked, ...]
    held_out: tuple[int, ...] = Field(description="The questions never told.")
    layers: tuple[Layer, ...]
    blocks: tuple[Block, ...]
    sweeps: tuple[int, ...] = Field(description="The sweeps that were recorded.")
    stages: tuple[StageOf, ...]
    zone: float = Field(description="No blame for outputs nearer to the goal.")
    attributes: tuple[str, ...]
    carries: float = Field(description="The |r| above which a unit carries one.")
    outcome: Outcome
    python: str = Field(description="The same run from Python.")
    arrays: tuple[ArrayPlace, ...]


class FamilyAnswers(Message):
    """What every unit says to every question, at every recorded sweep.

    `y` (n_sweeps, n_questions, n_units), 65,535 times the output of each unit above the
    inputs; `right` (n_sweeps, n_questions), 1 where all 24 outputs are on the right
    side of a half.
    """

    settings: LesionSettings
    arrays: tuple[ArrayPlace, ...]


class FamilySignals(Message):
    """One question forward and backward, at every recorded sweep.

    `x`, `y`, `dE_dy`, `dE_dx` (n_sweeps, n_units) over the units above the inputs, and
    `dE_dw` (n_sweeps, n_parameters).
    """

    settings: FamilyQuestion
    arrays: tuple[ArrayPlace, ...]


class FamilyStarts(Message):
    """Long work: let other starts learn the family trees, with held-out draws."""

    work: Literal["family starts"]
    settings: FamilySettings
    first: int = Field(ge=0, le=2**32 - 2001, strict=True)
    runs: int = Field(ge=1, le=STARTS_AT_MOST, strict=True)


class FamilyTally(Message):
    """What came of the starts that have learned by now, one number each."""

    first: int = Field(description="The number of the first of them.")
    runs: int
    right: tuple[int, ...] = Field(description="Of the questions told.")
    held_out_right: tuple[int, ...] = Field(description="Of the questions never told.")
    mean: float = Field(description="Of `held_out_right`.")
    low: float = Field(description="Lower end of the 95 % interval of the mean.")
    high: float = Field(description="Upper end of it.")


# Further kinds of long work join with `|`, and so do their reports.
Work: TypeAlias = Annotated[MoreStarts | FamilyStarts, Field(discriminator="work")]


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


Report: TypeAlias = Tally | FamilyTally


class Progress(Message):
    """How far a piece of work has come, with what is known by now."""

    kind: Literal["progress"] = "progress"
    id: str
    done: int
    total: int
    so_far: Report


class Done(Message):
    """The end of a piece of work: its result, or none where it was cancelled."""

    kind: Literal["done"] = "done"
    id: str
    result: Report | None


FromServer: TypeAlias = Annotated[
    Welcome | Progress | Done | Refused, Field(discriminator="kind")
]
