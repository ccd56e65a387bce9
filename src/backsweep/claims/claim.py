"""Claim: what was published, the ensembles that test it, and what they showed."""

from __future__ import annotations

import dataclasses
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from backsweep.notation import parse
from backsweep.runs import Runs
from backsweep.tasks import Task, named as task

if TYPE_CHECKING:
    from backsweep.network import Network
    from backsweep.procedure import Procedure

__all__ = [
    "VERDICTS",
    "Claim",
    "Ensemble",
    "Evidence",
    "Finding",
    "Plate",
    "Row",
    "Verdict",
]

Verdict: TypeAlias = Literal[
    "reproduced", "reproduced with other settings", "not reproduced"
]
VERDICTS: Final[tuple[Verdict, ...]] = (
    "reproduced",
    "reproduced with other settings",
    "not reproduced",
)

Evidence: TypeAlias = Mapping[str, Runs]


@dataclass(frozen=True, kw_only=True, eq=False)
class Ensemble:
    """Runs that one claim or several rest on.

    Parameters
    ----------
    name
        By which claims find it.
    task
        Written name of a task.
    network
        Written form of another network than the task's own.
    changes
        Settings of the procedure that are not the task's own.
    runs
        How many where nothing else is asked for.
    every
        The error of every so-manieth sweep is kept; None: of the first only.
    cost_us
        Microseconds that a sweep of one run takes, about: for the share of the
        progress only.
    """

    name: str
    task: str
    network: str | None = None
    changes: Mapping[str, Any] = field(default_factory=dict)
    runs: int
    every: int | None = None
    cost_us: float = 2.0

    def make_task(self) -> Task:
        """Give the task."""
        return task(self.task)

    def make_network(self) -> Network:
        """Give the network."""
        return self.make_task().network if self.network is None else parse(self.network)

    def make_procedure(self) -> Procedure:
        """Give the task's procedure with the changes."""
        return dataclasses.replace(self.make_task().procedure, **self.changes)

    def command(self, runs: int, seed: int) -> str:
        """Write the command that learns the same runs again."""
        words = ["backsweep", "learn", self.task]
        if self.network is not None:
            words += ["--network", self.network]
        for name, value in self.changes.items():
            words += [f"--{name.replace('_', '-')}", f"{value}"]
        return shlex.join([*words, "--runs", str(runs), "--seed", str(seed)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Plate:
    """A figure of the report, not drawn yet.

    Parameters
    ----------
    name
        Of its file: lower case, hyphens.
    caption
        What it shows and how to read it: text, not markup.
    width_cm, height_cm
        Its size on paper.
    draw
        Draws it on matplotlib axes in a theme of `backsweep.figures`.
    """

    name: str
    caption: str
    width_cm: float
    height_cm: float
    draw: Callable[[Any, Any], None]  # matplotlib is not imported until one is drawn


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What the runs showed of a claim.

    Parameters
    ----------
    verdict
        By the claim's rule.
    settings
        With which settings, in words: "the letter's", or what is different.
    measured
        One or two short sentences.
    numbers
        The measured values by name.
    share, interval
        The share that the verdict rests on and its 95 % interval (Wilson's), where
        it rests on a share.
    share_of
        What it is a share of.
    details
        More, as plain values.
    plates
        Figures.
    """

    verdict: Verdict
    settings: str
    measured: str
    numbers: Mapping[str, float]
    share: float | None = None
    interval: tuple[float, float] | None = None
    share_of: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)
    plates: tuple[Plate, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class Claim:
    """A statement of the letter that runs can bear out or not.

    Parameters
    ----------
    name
        As the command line takes it.
    chapter
        The heading of the report under which it stands.
    words
        What is claimed, in our words.
    place
        Where it stands in the letter.
    published
        The published value, in words.
    rule
        How the verdict follows from the measured numbers, in words.
    ensembles
        The runs that it rests on, the one it is mainly about first.
    measure
        Gives the finding from the runs of each ensemble by name.
    remark
        What a reader should know of it besides: what the letter leaves open.
    """

    name: str
    chapter: str
    words: str
    place: str
    published: str
    rule: str
    ensembles: tuple[Ensemble, ...]
    measure: Callable[[Evidence], Finding]
    remark: str = ""

    @property
    def runs(self) -> int:
        """Number of runs of the main ensemble where nothing else is asked for."""
        return self.ensembles[0].runs


@dataclass(frozen=True, kw_only=True, eq=False)
class Row:
    """One claim, published beside measured.

    Parameters
    ----------
    claim
        What was claimed.
    finding
        What the runs showed.
    runs
        How many runs it rests on, over all its ensembles.
    seed
        From which they started.
    sources
        For each ensemble its name, its settings and the command that repeats it.
    """

    claim: Claim
    finding: Finding
    runs: int
    seed: int
    sources: tuple[Mapping[str, Any], ...] = ()

    @property
    def verdict(self) -> Verdict:
        """Whether the claim was reproduced."""
        return self.finding.verdict

    @property
    def settings(self) -> str:
        """With which settings, in words."""
        return self.finding.settings

    @property
    def measured(self) -> str:
        """What was measured, in words."""
        return self.finding.measured

    @property
    def numbers(self) -> Mapping[str, float]:
        """The measured values by name."""
        return self.finding.numbers

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % interval of the share that the verdict rests on, if it does."""
        return self.finding.interval

    @property
    def details(self) -> Mapping[str, Any]:
        """Give more, as plain values."""
        return self.finding.details

    def to_dict(self) -> dict[str, Any]:
        """Give everything but the figures as plain values, for JSON."""
        found = self.finding
        return {
            "claim": self.claim.name,
            "words": self.claim.words,
            "place": self.claim.place,
            "published": self.claim.published,
            "verdict": found.verdict,
            "settings": found.settings,
            "measured": found.measured,
            "numbers": dict(found.numbers),
            "share": found.share,
            "share_of": found.share_of,
            "interval": None if found.interval is None else list(found.interval),
            "runs": self.runs,
            "seed": self.seed,
            "rule": self.claim.rule,
            "remark": self.claim.remark,
            "details": _plain(found.details),
            "ensembles": _plain(self.sources),
        }


def _plain(value: Any) -> Any:
    """Make dicts of mappings and lists of tuples, as JSON gives them back."""
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    return value
