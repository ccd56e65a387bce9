"""Tables that come with the lab: iris, and classics of two numbers made from a seed.

Each of the latter is written as text, as a file of one's own would be, and read by the
same path. Its name is its mark; "-30" behind it stands for noise of 30 percent.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np

from backsweep.errors import DataError, closest
from backsweep.lab.messages import Advice, Example, Examples

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]
    Generator: TypeAlias = np.random.Generator
    Maker: TypeAlias = Callable[[Generator, float], tuple[Floats, Floats]]

__all__ = ["EXAMPLES", "content_of", "examples", "is_example"]

CASES: Final = 300
SEED: Final = 1986
MOST_NOISE: Final = 50  # percent
SHOWN: Final = 90  # points of a small picture
LETTERS: Final = "ABC"
IRIS: Final = Path(__file__).parent / "iris.csv"
MARKED: Final = re.compile(r"([a-z]+)(?:-(\d+))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A table that is made.

    Parameters
    ----------
    title, about
        What it is called, and one sentence.
    make
        Gives, from a generator and the noise (0 to 0.5), points of shape
        (n_cases, 2), about within -1 to 1, and for each its class or its number.
    noise
        In percent, where none is asked for.
    advice
        With what it is learned well within a second.
    predicts
        The name of its last column.
    """

    title: str
    about: str
    make: Maker
    advice: Advice
    noise: int = 10
    predicts: str = "class"


def _network(*hidden: int, output: str = "2 softmax") -> str:
    """Write a network of tanh layers on two inputs.

    Examples
    --------
    >>> _network(4)
    'input 2; hidden 4 tanh <- input; output 2 softmax <- hidden'
    """
    layers, below = ["input 2"], "input"
    for k, size in enumerate(hidden, 1):
        name = "hidden" if k == 1 else f"hidden{k}"
        layers.append(f"{name} {size} tanh <- {below}")
        below = name
    return "; ".join([*layers, f"output {output} <- {below}"])


def _ring(draw: Generator, noise: float) -> tuple[Floats, Floats]:
    of = _classes(2)
    far = np.where(
        of == 0, 0.5 * draw.random(CASES) ** 0.5, draw.uniform(0.7, 1, CASES)
    )
    points = _around(far, draw.uniform(0, 2 * np.pi, CASES))
    return points + 0.5 * noise * draw.normal(size=points.shape), of


def _corners(draw: Generator, noise: float) -> tuple[Floats, Floats]:
    signs = np.array([(1, 1), (-1, -1), (1, -1), (-1, 1)])[np.arange(CASES) % 4]
    points = signs * draw.uniform(0.12, 1, (CASES, 2))
    of = (signs[:, 0] != signs[:, 1]).astype(np.float64)
    return points + 0.5 * noise * draw.normal(size=points.shape), of


def _clouds(draw: Generator, noise: float) -> tuple[Floats, Floats]:
    of = _classes(2)
    middle = np.where(of[:, None] == 0, -0.4, 0.4)
    return middle + (0.12 + 0.5 * noise) * draw.normal(size=(CASES, 2)), of


def _spirals(draw: Generator, noise: float) -> tuple[Floats, Floats]:
    of = _classes(2)
    far = (np.arange(CASES) // 2 + 1) / (CASES // 2)
    points = _around(far, 3.5 * np.pi * far + np.pi * of)
    return points + 0.2 * noise * draw.normal(size=points.shape), of


def _arms(draw: Generator, noise: float) -> tuple[Floats, Floats]:
    of = _classes(3)
    far = draw.uniform(0.1, 1, CASES)
    turn = 3.2 * far + 2 * np.pi * of / 3
    return _around(far, turn + (0.05 + 1.2 * noise) * draw.normal(size=CASES)), of


def _saddle(draw: Generator, noise: float) -> tuple[Floats, Floats]:
    points = draw.uniform(-1, 1, (CASES, 2))
    height = points[:, 0] * points[:, 1]
    return points, height + 0.5 * noise * draw.normal(size=CASES)


def _classes(count: int) -> Floats:
    return (np.arange(CASES) % count).astype(np.float64)


def _around(far: Floats, turn: Floats) -> Floats:
    return np.stack([far * np.sin(turn), far * np.cos(turn)], axis=-1)


EXAMPLES: Final[Mapping[str, Made]] = {
    "ring": Made(
        title="A circle in a ring",
        about="No line parts the two: the hidden units must fence the circle in.",
        make=_ring,
        advice=Advice(network=_network(4), epsilon=0.2, sweeps=200),
    ),
    "corners": Made(
        title="Exclusive or",
        about="Opposite corners belong together: what one unit alone can never tell.",
        make=_corners,
        advice=Advice(network=_network(4), epsilon=0.2, sweeps=200),
    ),
    "clouds": Made(
        title="Two clouds",
        about="One line parts them, so that no hidden unit is needed.",
        make=_clouds,
        advice=Advice(network=_network(), epsilon=0.05, sweeps=40),
    ),
    "spirals": Made(
        title="Two spirals",
        about="Famous for being hard: two layers of hidden units unwind them.",
        make=_spirals,
        advice=Advice(
            network=_network(10, 8), epsilon=0.2, alpha=0.95, sweeps=800, runs=4
        ),
    ),
    "arms": Made(
        title="Three arms",
        about="Three classes that wind about each other.",
        make=_arms,
        advice=Advice(network=_network(6, output="3 softmax"), epsilon=0.2, sweeps=200),
    ),
    "saddle": Made(
        title="A saddle",
        about="A number to be found, not a class: across times up.",
        make=_saddle,
        advice=Advice(network=_network(4, output="1 linear"), epsilon=0.1, sweeps=200),
        predicts="height",
    ),
}


def is_example(mark: str) -> bool:
    """Tell a table of the lab's from one that was handed in."""
    found = MARKED.fullmatch(mark)
    if found is None or int(found[2] or 0) > MOST_NOISE:
        return False
    return found[1] in EXAMPLES or mark == "iris"


def content_of(mark: str) -> bytes:
    """Write the table: text in UTF-8, with its columns in the first row.

    Raises
    ------
    DataError
        If there is no such table, or not with so much noise.

    Examples
    --------
    >>> content_of("ring").decode().split()[:2]
    ['across,up,class', '-0.071,0.228,A']
    """
    name, noise = _read(mark)
    if name == "iris":
        return IRIS.read_bytes()
    made = EXAMPLES[name]
    points, of = _made(name, noise)
    rows = [
        f"{across:.3f},{up:.3f},{_told(value, made)}"
        for (across, up), value in zip(points.tolist(), of.tolist(), strict=True)
    ]
    return "\n".join([f"across,up,{made.predicts}", *rows, ""]).encode()


def _told(value: float, made: Made) -> str:
    return LETTERS[int(value)] if made.predicts == "class" else f"{value:.3f}"


def _read(mark: str) -> tuple[str, int]:
    found = MARKED.fullmatch(mark)
    name = found[1] if found else mark
    known = ("iris", *EXAMPLES)
    if name not in known:
        raise DataError(
            f"an example must be one of {', '.join(map(repr, sorted(known)))}, "
            f"got {name!r}.",
            hint=closest(name, known),
        )
    if name == "iris":
        return name, 0
    if found is None or found[2] is None:
        return name, EXAMPLES[name].noise
    noise = int(found[2])
    if noise > MOST_NOISE:
        raise DataError(
            f"the noise of an example must be at most {MOST_NOISE} percent, "
            f"got {noise}."
        )
    return name, noise


def _made(name: str, noise: int) -> tuple[Floats, Floats]:
    return EXAMPLES[name].make(np.random.default_rng(SEED), noise / 100)


def _iris() -> Example:
    rows = [row.split(",") for row in IRIS.read_text("utf-8").split()[1:]]
    kinds = sorted({row[-1] for row in rows})
    petals = np.array([row[2:4] for row in rows], dtype=np.float64)
    low, high = petals.min(axis=0), petals.max(axis=0)
    spread = 2 * (petals - low) / (high - low) - 1
    of = np.array([kinds.index(row[-1]) for row in rows], dtype=np.float64)
    return Example(
        table="iris",
        title="Irises",
        about="150 flowers of three species, told by four measures of their leaves.",
        noise=None,
        has_classes=True,
        points=_some(spread, of),
        advice=Advice(),
    )


@cache
def examples() -> Examples:
    """List the tables that are made, each with a small picture and advice."""
    return Examples(
        most_noise=MOST_NOISE,
        examples=(*(_example(name) for name in EXAMPLES), _iris()),
    )


def _example(name: str) -> Example:
    made = EXAMPLES[name]
    points, of = _made(name, made.noise)
    return Example(
        table=name,
        title=made.title,
        about=made.about,
        noise=made.noise,
        has_classes=made.predicts == "class",
        points=_some(points, of),
        advice=made.advice,
    )


def _some(points: Floats, of: Floats) -> tuple[tuple[float, float, float], ...]:
    """Take points for a small picture."""
    some = np.linspace(0, len(of) - 1, SHOWN).astype(np.intp)
    table = np.column_stack([points, of])[some].round(2)
    return tuple((across, up, value) for across, up, value in table.tolist())
