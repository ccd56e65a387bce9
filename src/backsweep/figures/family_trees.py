"""Fig. 2: isomorphic family trees, with "=" for marriages and lines of descent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from matplotlib.collections import LineCollection

from backsweep.errors import DataError
from backsweep.figures.checks import checked_names
from backsweep.figures.lettering import text_width, write
from backsweep.figures.theme import LIGHT, Theme, prepare_diagram

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes

__all__ = ["Couple", "draw_family_trees"]

Couple = tuple[int, int]
Segment = list[tuple[float, float]]
SIGN: Final = 1.7  # room for "=" between spouses, in sizes of letter
SPACE: Final = 1.4  # between neighbours, likewise


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """Where each person stands: across in sizes of letter, down in generations."""

    widths: list[float]
    across: dict[int, float]
    generations: dict[int, int]
    couples: tuple[Couple, ...]
    children: Mapping[Couple, Sequence[int]]

    @property
    def depth(self) -> int:
        """How many generations there are."""
        return 1 + max(self.generations.values())

    @property
    def left(self) -> float:
        """Where the leftmost name begins."""
        return min(x - self.widths[person] / 2 for person, x in self.across.items())

    @property
    def breadth(self) -> float:
        """From there to where the rightmost name ends."""
        return max(x + self.widths[p] / 2 for p, x in self.across.items()) - self.left


def draw_family_trees(
    axes: Axes,
    trees: Sequence[Sequence[str]],
    couples: Sequence[Couple],
    children: Mapping[Couple, Sequence[int]],
    *,
    captions: Sequence[str] = (),
    theme: Theme = LIGHT,
) -> None:
    """Draw family trees of the same shape: the letter's Fig. 2.

    They stand one under the other, or side by side where the axes are wide.

    Parameters
    ----------
    axes
        Becomes a sheet in points, measured as it stands.
    trees
        For each tree the persons' names, in one order.
    couples
        Pairs of places in that order, from left to right; who stands first in a
        pair stands on the left.
    children
        For each couple that has some, their places from left to right.
    captions
        A caption for each tree, or none.
    theme
        Colours and sizes.

    Examples
    --------
    >>> from backsweep.figures import blank_figure
    >>> axes = blank_figure().add_subplot()
    >>> draw_family_trees(axes, [["Ada", "Bo", "Cy"]], [(0, 1)], {(0, 1): [2]})
    """
    plan = _plan(trees, couples, children)
    if captions:
        checked_names("captions", tuple(captions), len(trees))
    width, height = prepare_diagram(axes, theme)
    size = theme.size_in(axes)
    is_wide = width > 2.3 * height
    across = len(trees) if is_wide else 1
    down = 1 if is_wide else len(trees)
    gap = 2.5 * size if is_wide else 1.2 * size
    one = ((width - gap * (across - 1)) / across, (height - gap * (down - 1)) / down)
    for number, names in enumerate(trees):
        corner = (
            number * (one[0] + gap) if is_wide else 0.0,
            0.0 if is_wide else (down - 1 - number) * (one[1] + gap),
        )
        caption = captions[number] if captions else ""
        _draw_tree(axes, plan, names, corner, one, size, theme, caption=caption)


def _plan(
    trees: Sequence[Sequence[str]],
    couples: Sequence[Couple],
    children: Mapping[Couple, Sequence[int]],
) -> Tree:
    if not trees or not trees[0]:
        raise DataError("`trees` must hold the names of at least one person, got none.")
    for names in trees:
        checked_names("trees", tuple(names), len(trees[0]))
    people = range(len(trees[0]))
    unknown = [p for pair in couples for p in pair if p not in people]
    unknown += [p for some in children.values() for p in some if p not in people]
    if unknown:
        raise DataError(
            f"`couples` and `children` must be of the {len(people)} persons, "
            f"got place {unknown[0]}."
        )
    strangers = [pair for pair in children if pair not in couples]
    if strangers:
        raise DataError(
            f"`children` must be of `couples`, got {strangers[0]!r}, none of them."
        )
    generations = _generations(len(people), couples, children)
    # Twins share a place, as wide as the longer name: the trees come out alike.
    widths = [
        max(text_width(name, 1.0) for name in twins)
        for twins in zip(*trees, strict=True)
    ]
    return Tree(
        widths=widths,
        across=_across(widths, generations, couples, children),
        generations=generations,
        couples=tuple(couples),
        children=children,
    )


def _generations(
    n_people: int, couples: Sequence[Couple], children: Mapping[Couple, Sequence[int]]
) -> dict[int, int]:
    """Put spouses in one generation, and children one below the later of the two."""
    generations = dict.fromkeys(range(n_people), 0)
    for _ in range(n_people + 1):
        before = dict(generations)
        for pair in couples:
            latest = max(generations[person] for person in pair)
            generations.update(dict.fromkeys(pair, latest))
            for child in children.get(pair, ()):
                generations[child] = max(generations[child], latest + 1)
        if before == generations:
            return generations
    raise DataError("`children` must not be their own ancestors, and some are.")


def _across(
    widths: list[float],
    generations: dict[int, int],
    couples: Sequence[Couple],
    children: Mapping[Couple, Sequence[int]],
) -> dict[int, float]:
    """Set the widest generation close; the others stand about their kin."""
    rows: list[list[tuple[int, ...]]] = [
        [] for _ in range(1 + max(generations.values()))
    ]
    for pair in couples:
        rows[generations[pair[0]]].append(pair)
    married = {person for pair in couples for person in pair}
    for person in _in_birth_order(generations, children):
        if person not in married:
            rows[generations[person]].append((person,))

    def breadth(row: list[tuple[int, ...]]) -> float:
        return sum(_breadth(group, widths) + SPACE for group in row)

    widest = max(range(len(rows)), key=lambda k: breadth(rows[k]))
    across: dict[int, float] = {}
    for generation in [*range(widest, -1, -1), *range(widest + 1, len(rows))]:
        free = None
        for group in rows[generation]:
            half = _breadth(group, widths) / 2
            centre = _about(group, widths, across, children)
            if centre is None:
                centre = half if free is None else free + half
            elif free is not None:
                centre = max(centre, free + half)
            across[group[0]] = centre - half + widths[group[0]] / 2
            across[group[-1]] = centre + half - widths[group[-1]] / 2
            free = centre + half + SPACE
    return across


def _breadth(group: tuple[int, ...], widths: list[float]) -> float:
    return sum(widths[person] for person in group) + SIGN * (len(group) - 1)


def _in_birth_order(
    generations: dict[int, int], children: Mapping[Couple, Sequence[int]]
) -> list[int]:
    born = [child for some in children.values() for child in some]
    return born + [person for person in generations if person not in born]


def _about(
    group: tuple[int, ...],
    widths: list[float],
    across: dict[int, float],
    children: Mapping[Couple, Sequence[int]],
) -> float | None:
    """Where a couple's children, or a child's parents, have their middle."""
    for pair, some in children.items():
        placed = [across[child] for child in some if child in across]
        if pair == group and placed:
            return (min(placed) + max(placed)) / 2
        if group[0] in some and pair[0] in across:
            a, b = pair
            middle = (across[a] + widths[a] / 2 + across[b] - widths[b] / 2) / 2
            total = sum(widths[child] + SPACE for child in some) - SPACE
            before = sum(widths[k] + SPACE for k in some[: list(some).index(group[0])])
            return middle - total / 2 + before + widths[group[0]] / 2
    return None


def _draw_tree(
    axes: Axes,
    plan: Tree,
    names: Sequence[str],
    corner: tuple[float, float],
    one: tuple[float, float],
    size: float,
    theme: Theme,
    *,
    caption: str,
) -> None:
    """Draw one tree into a rectangle."""
    lettering = min(size, one[0] / plan.breadth, one[1] / (2.6 * plan.depth + 2))
    # A wide sheet moves the names apart, but not so far that spouses part.
    stretch = min(one[0] / plan.breadth, 1.35 * lettering)
    indent = (one[0] - stretch * plan.breadth) / 2
    head = 2.2 * lettering if caption else 0.6 * lettering
    drop = (one[1] - head - 0.7 * lettering) / max(plan.depth - 1, 1)

    def spot(person: int) -> tuple[float, float]:
        x = corner[0] + indent + (plan.across[person] - plan.left) * stretch
        return x, corner[1] + one[1] - head - plan.generations[person] * drop

    if caption:
        top = corner[1] + one[1] - 0.6 * lettering
        write(
            axes,
            corner[0],
            top,
            caption,
            size=lettering,
            color=theme.muted,
            side="left",
        )
    for person, name in enumerate(names):
        write(axes, *spot(person), name, size=lettering, color=theme.ink)
    for pair in plan.couples:
        (x0, y), (x1, _) = map(spot, pair)
        inner = [text_width(names[person], lettering) / 2 for person in pair]
        x = (x0 + inner[0] + x1 - inner[1]) / 2  # midway between the names
        write(axes, x, y, "=", size=lettering, color=theme.ink)
        some = [spot(child) for child in plan.children.get(pair, ())]
        if some:
            _draw_descent(axes, (x, y - 0.55 * lettering), some, lettering, theme)


def _draw_descent(
    axes: Axes,
    start: tuple[float, float],
    children: list[tuple[float, float]],
    size: float,
    theme: Theme,
) -> None:
    """Lead lines down from the sign of marriage, and along to each child."""
    highest = max(y for _, y in children)
    level = highest + 0.5 * (start[1] - highest) + 0.2 * size
    lines: list[Segment] = [[start, (start[0], level)]]
    ends = [x for x, _ in children] + [start[0]]
    lines.append([(min(ends), level), (max(ends), level)])
    lines += [[(x, level), (x, y + 0.85 * size)] for x, y in children]
    axes.add_collection(
        LineCollection(
            lines,
            colors=theme.muted,
            linewidths=theme.line_width * size / theme.font_size,
            capstyle="projecting",
            zorder=1,
        ),
        autolim=False,
    )
