"""Messages: everything that the pages and the server say to each other, typed once.

Nothing here computes. OpenAPI documents these classes, and `mirror` writes them as
JSDoc types for the pages; a test holds the two together. Numbers in bulk do not come
as JSON: `packing` puts them behind a message as arrays.
"""

from __future__ import annotations

import re
from typing import Annotated, Final, Literal, TypeAlias, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticCustomError

__all__ = [
    "A_RECORD",
    "MOST_HIDDEN",
    "STARTS_AT_MOST",
    "SWEEPS",
    "TASKS",
    "UPDATES",
    "About",
    "Advice",
    "ArrayPlace",
    "Asked",
    "Begin",
    "Block",
    "Cancel",
    "CaseAsked",
    "Curve",
    "CurveAsked",
    "CurveErrors",
    "CurveFile",
    "CurveSettings",
    "CurvesAsked",
    "DataFile",
    "DataPlan",
    "DataSettings",
    "Done",
    "DrawMap",
    "Ensemble",
    "Example",
    "Examples",
    "Families",
    "FamilyAnswers",
    "FamilyFile",
    "FamilyQuestion",
    "FamilySettings",
    "FamilySignals",
    "FamilyStarts",
    "FamilySteps",
    "FamilyTally",
    "FromPage",
    "FromServer",
    "Hello",
    "Layer",
    "LayerPlan",
    "LearnTable",
    "LearnedSoFar",
    "LesionSettings",
    "Limits",
    "Made",
    "MapBest",
    "MapCell",
    "MapCellWanted",
    "MapFinished",
    "MapPart",
    "MapPlan",
    "MapSettings",
    "MapSide",
    "MapSummary",
    "Marks",
    "Message",
    "MoreStarts",
    "OneCase",
    "OneRun",
    "OtherPage",
    "Others",
    "Outcome",
    "PlaneAsked",
    "PlaneFile",
    "PlanePoints",
    "PlaneSheets",
    "Progress",
    "RecordAsked",
    "RecordCaseAsked",
    "RecordFile",
    "RecordLine",
    "Records",
    "Refused",
    "Relative",
    "Report",
    "RunAsked",
    "RunPlaneAsked",
    "SaveAsked",
    "Saved",
    "StageOf",
    "Symmetry",
    "SymmetryFile",
    "SymmetryLot",
    "SymmetrySettings",
    "SymmetryStarts",
    "SymmetryTally",
    "TableAsked",
    "TableColumn",
    "TableSeen",
    "TakeMap",
    "Tally",
    "Ticket",
    "WeightSet",
    "Welcome",
]

SWEEPS: Final = 600  # of a run on the page of training curves
SAFE: Final = 2**53 - 1  # the largest whole number that JavaScript keeps

TaskName: TypeAlias = Literal["xor", "and", "or", "nand", "xnor", "parity:3"]
Outcome: TypeAlias = Literal["learned", "stuck", "diverged"]
TASKS: Final[tuple[TaskName, ...]] = get_args(TaskName)
Update: TypeAlias = Literal["sweep", "case"]
UPDATES: Final[tuple[Update, ...]] = get_args(Update)
MOST_HIDDEN: Final = 8  # units of the training curve


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
    hidden: int = Field(default=2, ge=0, le=MOST_HIDDEN, strict=True)
    epsilon: float = Field(default=0.5, ge=0, le=100, strict=True)
    alpha: float = Field(default=0.9, ge=0, lt=1, strict=True)
    start: float = Field(
        default=0.5, ge=0, le=20, strict=True, description="Half the range."
    )
    update: Update = "sweep"
    seed: int = Field(default=1, ge=0, le=SAFE, strict=True)
    run: int = Field(default=0, ge=0, le=2**32 - 2001, strict=True)


class WeightSet(Message):
    """A weight or a bias that is set by hand once a run has come to a sweep."""

    sweep: int = Field(ge=0, le=SWEEPS, strict=True, description="0 is the start.")
    parameter: int = Field(
        ge=0, le=99, strict=True, description="Its place in the network's order."
    )
    value: float = Field(ge=-100, le=100, strict=True)


class CurveAsked(CurveSettings):
    """A run of the training curve, and what is set by hand in its course.

    From such a sweep on the run learns from the weights as they then are, the change
    before counting as none.
    """

    by_hand: tuple[WeightSet, ...] = Field(default=(), max_length=24)


class ArrayPlace(Message):
    """Where an array lies behind its message, in little-endian order."""

    name: str
    dtype: Literal["float32", "uint8", "uint16", "int32"]
    shape: tuple[int, ...]
    offset: int = Field(description="Bytes from the beginning of the arrays.")


class CurvesAsked(Message):
    """Runs whose errors are to be compared with that of another."""

    runs: tuple[CurveAsked, ...] = Field(min_length=1, max_length=3)


class CurveErrors(Message):
    """Their errors: behind it lies `mean_squared` (n_runs, n_sweeps)."""

    runs: tuple[CurveAsked, ...]
    arrays: tuple[ArrayPlace, ...]


class CurveFile(Message):
    """A run that is to be kept as one HTML file, and the state in which it opens."""

    settings: CurveAsked
    beside: CurvesAsked | None = Field(
        default=None, description="What it is compared with."
    )
    state: str = Field(max_length=2000, pattern=r"^[A-Za-z0-9_=&%.,:+-]*$")


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
    slice for each value of a third input. Where weights were set by hand there is
    `untouched` (n_sweeps) too: the error of the run without that.
    """

    settings: CurveAsked
    layers: tuple[Layer, ...]
    blocks: tuple[Block, ...]
    case_names: tuple[str, ...]
    inputs: tuple[tuple[float, ...], ...]
    desired: tuple[tuple[float, ...], ...]
    outcome: Outcome = Field(description="After what was last set by hand.")
    learned_at: int = Field(description="The sweep of learning; 0 where none.")
    later_at: int = Field(
        description="Where it is stuck: the sweep in which it learns if it goes on; 0 "
        "where none."
    )
    patience: int = Field(description="The sweeps up to which that was tried.")
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


MapTask: TypeAlias = Literal[
    "xor",
    "and",
    "or",
    "nand",
    "xnor",
    "parity:3",
    "encoder:8-3",
    "symmetry",
    "trainability:8",
    "trainability:16",
]
MapSetting: TypeAlias = Literal[
    "epsilon", "alpha", "start", "decay", "rate of hidden", "rate of output"
]


class MapSide(Message):
    """A setting that a map varies, and from where to where: the edges of the map."""

    setting: MapSetting
    low: float = Field(
        ge=-20,
        le=20,
        strict=True,
        description="Logarithm to base 10, but of alpha alpha itself.",
    )
    high: float = Field(ge=-20, le=20, strict=True)


class MapSettings(Message):
    """What a map is of: two settings that are varied, and all that is not."""

    task: MapTask = "xor"
    x: MapSide = MapSide(setting="epsilon", low=-2.0, high=2.0)
    y: MapSide = MapSide(setting="alpha", low=0.0, high=1.0)
    show: Literal["share", "median", "convergence"] = "share"
    cells: Literal[16, 32, 64, 128, 256, 512] = Field(
        default=64, description="Along each side."
    )
    runs: int = Field(default=16, ge=1, le=256, strict=True, description="To a cell.")
    sweeps: int = Field(default=600, ge=1, le=20_000, strict=True)
    seed: int = Field(default=1, ge=0, le=SAFE, strict=True)
    hidden: int = Field(
        default=2,
        ge=0,
        le=MOST_HIDDEN,
        strict=True,
        description="Of the small tasks of logic.",
    )
    epsilon: float | None = Field(
        default=None, ge=0, le=100, strict=True, description="None: the task's own."
    )
    alpha: float | None = Field(default=None, ge=0, lt=1, strict=True)
    start: float | None = Field(default=None, ge=0, le=20, strict=True)
    decay: float = Field(default=0, ge=0, lt=1, strict=True)
    update: Update = "sweep"


class MapPlan(Message):
    """What drawing a map will come to, before anything has learned."""

    levels: tuple[int, ...] = Field(description="Cells along a side, coarse to fine.")
    runs: int = Field(description="In all cells of the finest level.")
    epsilon: float = Field(description="What holds where it is not varied.")
    alpha: float
    start: float | None = Field(description="None where the task gives the start.")
    engine: str
    networks: int = Field(description="That learn until it is drawn, over all levels.")
    seconds: float = Field(
        description="That this takes here, about; 0 where it is known."
    )
    intervals: tuple[tuple[float, ...], ...] = Field(
        description="Of the share where so many of a cell's runs learned: 95 %, Wilson."
    )
    opens: bool = Field(description="Whether a network of it has a page of its own.")
    command: str = Field(description="The same map from the command line.")
    python: str = Field(description="The same map from Python.")


class MapCellWanted(Message):
    """Which cell of a map is asked for: of a level, counted from the lower left."""

    settings: MapSettings
    level: int = Field(ge=2, le=512, strict=True)
    column: int = Field(ge=0, le=511, strict=True)
    row: int = Field(ge=0, le=511, strict=True)


class MapCell(Message):
    """The runs of one cell.

    Behind it lie `error` (n_runs, n_recorded): each run's error as a multiple of its
    first one, NaN once it has diverged; `learned_at` and `diverged_at` (n_runs).
    """

    x: float
    y: float
    epsilon: float
    alpha: float
    edge: float | None = Field(
        description="2 (1 + alpha) / epsilon: in a bowl as steep as this steps are at "
        "their edge. None where layers have steps of their own."
    )
    first: int = Field(description="The number of the first run.")
    recorded: tuple[int, ...] = Field(description="The sweeps of the errors.")
    command: str = Field(description="Its settings, with the first starts of all.")
    python: str = Field(description="Its very runs.")
    links: tuple[str, ...] = Field(
        description="Of each run, the state in which its own page shows it."
    )
    arrays: tuple[ArrayPlace, ...]


class DrawMap(Message):
    """Long work: learn over all cells of a map, coarse to fine."""

    work: Literal["draw map"]
    settings: MapSettings


class MapBest(Message):
    """The cell that learns most surely, and of those the quickest."""

    column: int
    row: int
    x: float
    y: float
    value: float


class MapSummary(Message):
    """What came of all cells."""

    counts: dict[str, int] = Field(description="Cells by how they ended.")
    best: MapBest | None
    boundary: float | None = Field(
        description="Share of the squares of 2 x 2 cells that a boundary runs through."
    )
    dimension: float | None = Field(description="Of the boundary, by counting boxes.")
    net_sweeps: int = Field(description="Sweeps that all networks made together.")


class MapPart(Message):
    """Some columns of a map, as they are done.

    `values` are those of float32 numbers in base 64, (n_kinds, columns, level):
    the share that learned, the median of their sweeps and the share that diverged,
    or the measure of convergence alone.
    """

    level: int = Field(description="Cells along a side.")
    first: int = Field(description="The first of the columns.")
    columns: int
    values: str
    summary: MapSummary | None = Field(description="With the last part of all.")


OfASide: TypeAlias = Annotated[int, Field(ge=0, le=511, strict=True)]


class MapFinished(Message):
    """A map that is done, as a page that was saved as one file carries it.

    Behind it lies `values` (n_kinds, cells, cells): what `MapPart` has, of all columns.
    """

    settings: MapSettings
    plan: MapPlan
    summary: MapSummary
    cell: tuple[int, int] | None = Field(description="Whose errors are in the file.")
    arrays: tuple[ArrayPlace, ...]


class TakeMap(Message):
    """Long work: make a map's record, or its page as one HTML file, to be fetched."""

    work: Literal["take map"]
    form: Literal["record", "page"]
    settings: MapSettings
    cell: tuple[OfASide, OfASide] | None = None
    state: str = Field(default="", max_length=2000)


class Made(Message):
    """What is being made; once it is done, the ticket with which it is fetched."""

    ticket: str | None = None
    size_bytes: int = 0


class Ticket(Message):
    """Fetches what was made. It does so once."""

    ticket: str = Field(min_length=1, max_length=64)


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


class FamilyFile(FamilyQuestion):
    """A run that is to be kept as one HTML file, and the state in which it opens."""

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


class FamilySteps(Message):
    """What made the last change of each weight, at every recorded sweep.

    `change`, `slope` and `before` (n_sweeps, n_parameters): the change, the sum of
    dE/dw over the told questions at the weights that were changed, and the change of
    the sweep before. The decay of the stage comes after the change.
    """

    settings: FamilySettings
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


class SymmetrySettings(Message):
    """The settings of a run that learns to tell symmetric rows."""

    epsilon: float = Field(default=0.1, ge=0, le=10, strict=True)
    alpha: float = Field(default=0.9, ge=0, lt=1, strict=True)
    start: float = Field(
        default=0.3, ge=0, le=20, strict=True, description="Half the range."
    )
    seed: int = Field(default=1, ge=0, le=SAFE, strict=True)
    run: int = Field(default=0, ge=0, le=2**32 - 20_001, strict=True)


class SymmetryLot(Message):
    """Starts that have learned already, to be kept with a run among them."""

    first: int = Field(ge=0, le=2**32 - 20_001, strict=True)
    learned_at: tuple[Annotated[int, Field(ge=0, le=20_000, strict=True)], ...] = Field(
        min_length=1, max_length=10_000
    )
    diverged: int = Field(ge=0, strict=True)

    @field_validator("diverged")
    @classmethod
    def _among_those_that_did_not_learn(
        cls, diverged: int, info: ValidationInfo
    ) -> int:
        most = info.data.get("learned_at", ()).count(0)
        if diverged > most:
            said = "Input should be at most {most}, as many as did not learn"
            raise PydanticCustomError("diverged", said, {"most": most})
        return diverged


class SymmetryFile(Message):
    """A run that is to be kept as one HTML file, and the state in which it opens."""

    settings: SymmetrySettings
    others: SymmetryLot | None = None
    state: str = Field(max_length=2000, pattern=r"^[A-Za-z0-9_=&%.,:+-]*$")


class Symmetry(Message):
    """A run with the symmetry task, at some hundreds of moments.

    `error` (n_moments), `weights`, `dE_dw` (n_moments, n_parameters), `dE_dw_by_case`
    (n_moments, n_cases, n_parameters), `y`, `x`, `dE_dy`, `dE_dx` (n_moments, n_cases,
    3) over the hidden and the output units; `change`, `slope` and `before` (n_moments,
    n_parameters), the last change, dE/dw of all cases at the weights that were changed,
    and the change of the sweep before; of the weights into each hidden unit
    `magnitudes` of one side, smallest first, and their `ratios` to the smallest
    (n_moments, 2, 3), `residual` (n_moments, 2), how far mirror places are from equal
    and opposite, and `code` (n_moments, 2), the number of an entry of `codes`, or -1.
    """

    settings: SymmetrySettings
    layers: tuple[Layer, ...]
    blocks: tuple[Block, ...]
    case_names: tuple[str, ...]
    inputs: tuple[tuple[float, ...], ...]
    desired: tuple[tuple[float, ...], ...]
    sweeps: tuple[int, ...] = Field(description="The sweep of each moment.")
    codes: tuple[str, ...] = Field(description="The codes that have a name.")
    limit: int = Field(description="The sweeps after which a run counts as stuck.")
    published: int = Field(description="The sweeps that the letter's run took.")
    outcome: Outcome
    learned_at: int = Field(description="The sweep of learning; 0 where none.")
    settled_at: int = Field(
        description="The sweep from which all answers are within 0.1; 0 where none."
    )
    diverged_at: int = Field(description="The sweep of divergence; 0 where none.")
    later_at: int = Field(
        description="The sweep beyond the limit in which it learns; 0 where none."
    )
    patience: int = Field(description="The sweeps up to which that was tried.")
    marks: Marks
    python: str = Field(description="The same run from Python.")
    arrays: tuple[ArrayPlace, ...]


class SymmetryStarts(Message):
    """Long work: let other starts learn the symmetry task."""

    work: Literal["symmetry starts"]
    settings: SymmetrySettings
    first: int = Field(ge=0, le=2**32 - 20_001, strict=True)
    runs: int = Field(ge=1, le=20_000, strict=True)


class SymmetryTally(Message):
    """When the starts that were tried by now had learned, one number each."""

    first: int = Field(description="The number of the first of them.")
    runs: int
    learned_at: tuple[int, ...] = Field(description="In sweeps; 0 where it did not.")
    learned: int
    stuck: int
    diverged: int
    median: float | None = Field(description="Of those that learned.")
    sooner: int = Field(description="How many learned sooner than the letter's run.")
    low: float = Field(description="Lower end of the 95 % interval of the share.")
    high: float = Field(description="Upper end of it.")


Place: TypeAlias = Annotated[int, Field(ge=0, lt=10_000, strict=True)]
# An example by its name, with noise in percent or without; or what was handed in.
Mark: TypeAlias = Annotated[
    str, Field(pattern=r"^([a-z]{1,12}(-[0-9]{1,2})?|[0-9a-f]{16})$")
]
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
    spellings: tuple[tuple[str, ...], ...] = Field(
        description="Words that differ in capitals or blanks alone, some groups."
    )
    like_numbers: str = Field(
        description="One of its words, where most of them look like numbers."
    )


class TableSeen(Message):
    """A table that was handed in, column by column. The server holds it in memory."""

    table: str = Field(description="What to call it from now on.")
    name: str
    rows: int
    columns: tuple[TableColumn, ...]


class TableAsked(Message):
    """One of the tables that come with the lab."""

    table: Mark = "iris"


class Advice(Message):
    """With what a table is learned well; None stands for the table's own recipe."""

    network: str = ""
    epsilon: float | None = None
    alpha: float | None = None
    sweeps: int | None = None
    runs: int = 10


class Example(Message):
    """A table that comes with the lab."""

    table: str
    title: str
    about: str
    noise: int | None = Field(
        description="In percent, where none is asked for; none can be where it is null."
    )
    has_classes: bool = Field(description="Whether a class is to be found.")
    points: tuple[tuple[float, float, float], ...] = Field(
        description="Some of its cases: across, up, and the class or the number."
    )
    advice: Advice


class Examples(Message):
    """The tables that come with the lab, in the order in which one would try them."""

    most_noise: int = Field(description="In percent.")
    examples: tuple[Example, ...]


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
    update: Update = "sweep"
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
    spreads: tuple[float, ...] = Field(
        description="Of each predicted column of numbers the standard deviation over "
        "the learning cases, which is 1 for the network; of classes nothing."
    )
    held_out_variance: float | None = Field(
        description="Of the one predicted column of numbers over the held-out cases, "
        "about their mean, in squares of its spread."
    )
    plane: tuple[int, ...] = Field(
        description="Columns of numbers that can be the sides of a plane; of several "
        "desired columns none."
    )
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
    """A run of what was learned from a table."""

    settings: DataSettings
    run: int = Field(default=0, ge=0, le=2**32, strict=True)


class CaseAsked(RunAsked):
    """A case in a run of what was learned from a table, by its place in the task."""

    case: int = Field(ge=0, le=2**32, strict=True)


State: TypeAlias = Annotated[
    str,
    Field(
        max_length=20_000,
        pattern=r"^[A-Za-z0-9_=&%.,:+*-]*$",
        description="In which a page opens: what stands behind the hash.",
    ),
]


class DataFile(RunAsked):
    """A run, and a case in it or none, to be kept as one HTML file."""

    case: int | None = Field(default=None, ge=0, le=2**32, strict=True)
    state: State


class PlaneAsked(Message):
    """Two columns of numbers over which to look at a table; None: those that tell."""

    settings: DataSettings
    across: Place | None = None
    up: Place | None = None
    reach: float = Field(
        default=0, ge=0, le=1000, description="Both sides go this far from 0 at least."
    )


class RunPlaneAsked(PlaneAsked):
    """The same, and which of the runs that learned it."""

    run: int = Field(default=0, ge=0, le=2**32, strict=True)


class PlaneFile(RunPlaneAsked):
    """A run over a plane, to be kept as one HTML file."""

    state: State


class PlanePoints(Message):
    """A table's cases on a plane.

    Behind it lie, over the cases of the task, `points` (n_cases, 2), across and up, 0
    to 1 over the plane; `wanted` (n_cases): the number of the class, or where between
    the ends of `scale` the number lies, 0 to 1; `held_out` (n_cases), 1 or 0.
    """

    across: int
    up: int
    columns: tuple[int, ...] = Field(description="Those that one may choose.")
    names: tuple[str, str] = Field(description="Of the columns across and up.")
    low: tuple[float, float] = Field(description="Where the plane begins.")
    high: tuple[float, float]
    fixed: tuple[str, ...] = Field(description="Columns that stay at their mean.")
    classes: tuple[str, ...] = Field(description="None where a number is wanted.")
    scale: tuple[float, float] = Field(description="Of wanted numbers; else 0 to 1.")
    arrays: tuple[ArrayPlace, ...]


class PlaneSheets(Message):
    """What the units of one run say over the plane, at every moment that is known.

    Behind it lie `moments` (n_moments), their sweeps; `levels` (n_moments, n_units,
    side, side), 0 to 65,535 over the unit's range, row by row from below, 0 also where
    it is no number; `ranges` (n_units, 2), of an output unit that gives a number in
    that number's own unit; `lines` (n_moments, n_units, 3), w of a hidden unit that
    hears the columns alone, whose total input is 0 where w[0] a + w[1] b + w[2] is, a
    and b from 0 to 1; of all others NaN.
    """

    side: int
    units: tuple[int, ...] = Field(
        description="Units shown, numbered over the layers above the inputs."
    )
    arrays: tuple[ArrayPlace, ...]


def _checked(name: str, allowed: re.Pattern[str], sentence: str) -> str:
    if not allowed.fullmatch(name):
        raise PydanticCustomError("name", "Input should be {said}", {"said": sentence})
    return name


def _of_a_record(name: str) -> str:
    said = "the name of a record in the folder, without a path"
    return _checked(name, A_RECORD, said)


def _of_a_new_record(name: str) -> str:
    said = (
        "a name of at most 100 letters, digits, blanks and . + - _, with a letter or "
        "a digit first"
    )
    return _checked(name, A_NEW_RECORD, said)


# A part of a path: of those that are there any will do, new ones work everywhere.
A_RECORD: Final = re.compile(
    r"(?!\.)[^/\\\x00-\x1f\x7f\ud800-\udfff]{1,255}"  # no half a sign: no text has it
)
A_NEW_RECORD: Final = re.compile(r"\w[\w .+-]{0,99}")
RecordName: TypeAlias = Annotated[
    str, AfterValidator(_of_a_record), Field(description="Of a file in the folder.")
]
NewRecordName: TypeAlias = Annotated[
    str, AfterValidator(_of_a_new_record), Field(description="Of a file in the folder.")
]


class RecordAsked(Message):
    """A record, or one of its runs."""

    name: RecordName
    run: int = Field(default=0, ge=0, le=2**32, strict=True)


class RecordCaseAsked(RecordAsked):
    """A case in a run of a record, by its place in the task."""

    case: int = Field(ge=0, le=2**32, strict=True)


class RecordFile(RecordAsked):
    """A run of a record, and a case in it or none, to be kept as one HTML file."""

    case: int | None = Field(default=None, ge=0, le=2**32, strict=True)
    state: State


class SaveAsked(Message):
    """What was learned from a table, to be saved among the records."""

    settings: DataSettings
    name: NewRecordName


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


class OtherPage(Message):
    """Another page of the lab that has to do with a run, and whether it shows it."""

    title: str
    link: str = Field(description="The state in which it shows this run; or empty.")
    why: str = Field(description="Why it does not, as a sentence; or empty.")


class OneRun(Message):
    """One run of many, whole: all that is seen of it, at every moment that is known.

    Moments are sweeps, from the start to the run's end. Behind the message lie
    `moments` (n_moments), their sweeps; `trace` (n_moments, 4): the error of the
    learning and of the held-out cases, and the shares of them that are right;
    `parameters` (n_moments, n_parameters), or (n_moments, 0) where those are too many;
    `recorded` and `error` (n_recorded), the error of the learning cases after so many
    sweeps, as finely as it was recorded.

    Over the cases that are shown, sorted by the answer that is wanted: `places`
    (n_cases) of them in the task, `held_out` (n_cases) and `right` (n_moments,
    n_cases), 1 or 0; `y` (n_moments, n_units, n_cases), what each unit above the inputs
    says, as levels from 0 to 65,535 of its layer's range at that moment; these `ranges`
    (n_moments, n_layers, 2), from what to what, layer by layer above the inputs, NaN
    where some output was no number; `wanted` (n_cases, n_answers) and `answered`
    (n_moments, n_cases, n_answers), as `answers` says.
    """

    run: int
    outcome: Literal["learned", "stuck", "diverged", "unfinished"]
    learned_at: int
    diverged_at: int
    sweeps: int = Field(description="Carried out.")
    right: int
    held_out_right: int
    layers: tuple[LayerPlan, ...]
    unit_names: tuple[str, ...] = Field(description="Above the inputs.")
    input_names: tuple[str, ...]
    blocks: tuple[Block, ...]
    settings: tuple[tuple[str, str], ...] = Field(
        description="Those of this run that other runs of the record have otherwise."
    )
    cases: tuple[str, ...] = Field(description="The names of those shown.")
    answers: Literal["words", "numbers", "outputs", "units"] = Field(
        description="Places in `words`, numbers of the table, or of output units; of "
        "more than eight of these `wanted` has all, and `y` what they say."
    )
    words: tuple[str, ...]
    elsewhere: tuple[OtherPage, ...] = Field(
        description="Where the same run is shown to the bit, and where not."
    )
    arrays: tuple[ArrayPlace, ...]


class OneCase(Message):
    """One case in one run, at every moment of the run, as `OneRun` has them.

    Behind it lie `x` and `y` (n_moments, n_units) of the units above the inputs, and
    `dE_dy` and `dE_dx` of these, equations 4, 5 and 7; `inputs` (n_in), `desired`
    (n_out) and `error` (n_moments): all of this case alone, by equation 3 or the
    measure that is named.

    Of all learning cases: `change`, `slope` and `before` (n_moments, n_parameters), the
    last change of each weight, the dE/dw that it was made with, and the change before
    that, as equation 9 has them; (n_moments, 0) where `step` says why they are not
    given.
    """

    run: int
    case: int
    measure: str
    epsilon: float
    alpha: float
    factor: float = Field(
        description="From the error summed over the cases to that of `slope`."
    )
    step: str = Field(description="Why equation 9 is not given, or nothing.")
    arrays: tuple[ArrayPlace, ...]


# Further kinds of long work join with `|`, and so do their reports.
Work: TypeAlias = Annotated[
    MoreStarts | DrawMap | TakeMap | FamilyStarts | LearnTable | SymmetryStarts,
    Field(discriminator="work"),
]


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


Report: TypeAlias = Tally | MapPart | Made | FamilyTally | LearnedSoFar | SymmetryTally


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
