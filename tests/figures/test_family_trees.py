from __future__ import annotations

import numpy as np
import pytest

from backsweep.errors import DataError, ShapeError
from backsweep.figures import draw_family_trees

ENGLISH = [
    "Christopher",
    "Penelope",
    "Andrew",
    "Christine",
    "Arthur",
    "Margaret",
    "Victoria",
    "James",
    "Jennifer",
    "Charles",
    "Colin",
    "Charlotte",
]
ITALIAN = [
    "Roberto",
    "Maria",
    "Pierro",
    "Francesca",
    "Emilio",
    "Gina",
    "Lucia",
    "Marco",
    "Angela",
    "Tomaso",
    "Alfonso",
    "Sophia",
]
COUPLES = [(0, 1), (2, 3), (5, 4), (6, 7), (8, 9)]
CHILDREN = {(0, 1): [4, 6], (2, 3): [7, 8], (6, 7): [10, 11]}


def places(axes):
    return {text.get_text(): text.get_position() for text in axes.texts}


def draw(sheet, **more):
    draw_family_trees(
        sheet.axes, [ENGLISH, ITALIAN], COUPLES, CHILDREN, theme=sheet.theme, **more
    )


def test_everybody_stands_there_with_their_marriages(page):
    draw(page, captions=["English", "Italian"])
    words = page.words()
    assert sorted(words) == sorted(
        [*ENGLISH, *ITALIAN, "English", "Italian", *["="] * 10]
    )


def test_legible_in_any_theme_and_size(make_sheet, any_theme, any_size):
    sheet = make_sheet(any_size, any_theme)
    draw(sheet, captions=["English", "Italian"])
    sheet.assert_legible()


def test_generations_and_order_are_the_letters(page):
    draw(page)
    at = places(page.axes)
    rows = [
        ENGLISH[:4],
        ["Margaret", "Arthur", "Victoria", "James", "Jennifer", "Charles"],
        ENGLISH[10:],
    ]
    heights = []
    for row in rows:
        assert len({round(at[name][1], 6) for name in row}) == 1
        across = [at[name][0] for name in row]
        assert across == sorted(across)
        heights.append(at[row[0]][1])
    assert heights == sorted(heights, reverse=True)


def test_twins_stand_alike(page):
    draw(page)
    at = places(page.axes)
    shifts = np.array(
        [np.subtract(at[a], at[b]) for a, b in zip(ENGLISH, ITALIAN, strict=True)]
    )
    assert np.allclose(shifts, shifts[0])
    assert shifts[0][0] == pytest.approx(0)
    assert shifts[0][1] > 0


def test_wide_sheets_take_trees_side_by_side(page):
    page.figure.set_size_inches(9, 2)
    draw(page)
    at = places(page.axes)
    assert at["Christopher"][1] == pytest.approx(at["Roberto"][1])
    assert at["Christopher"][0] < at["Roberto"][0]


def test_lines_of_descent_end_over_each_child(page):
    draw(page)
    at = places(page.axes)
    ends = {
        round(float(segment[1][0]), 4)
        for lines in page.axes.collections
        for segment in lines.get_segments()[2:]
    }
    children = {
        name for pair in CHILDREN.values() for name in (ENGLISH[k] for k in pair)
    }
    assert ends >= {round(float(at[name][0]), 4) for name in children}


def test_tree_of_singles_and_unmarried_children(page):
    draw_family_trees(
        page.axes, [["Ada", "Bo", "Cy", "Di", "Eve"]], [(0, 1)], {(0, 1): [2, 3]}
    )
    at = places(page.axes)
    assert at["Cy"][1] == pytest.approx(at["Di"][1])
    assert at["Cy"][1] < at["Ada"][1]
    page.assert_legible()


@pytest.mark.parametrize(
    ("trees", "couples", "children", "error", "match"),
    [
        ([], [], {}, DataError, "at least one person, got none"),
        (
            [["a", "b"], ["c"]],
            [(0, 1)],
            {},
            ShapeError,
            "`trees` must have 2 names, got 1",
        ),
        ([["a", "b"]], [(0, 2)], {}, DataError, "of the 2 persons, got place 2"),
        (
            [["a", "b", "c"]],
            [(0, 1)],
            {(1, 0): [2]},
            DataError,
            r"`couples`, got \(1, 0\)",
        ),
        ([["a", "b"]], [(0, 1)], {(0, 1): [0]}, DataError, "their own ancestors"),
    ],
)
def test_wrong_trees(page, trees, couples, children, error, match):
    with pytest.raises(error, match=match):
        draw_family_trees(page.axes, trees, couples, children)


def test_wrong_captions(page):
    with pytest.raises(ShapeError, match="`captions` must have 2 names, got 1"):
        draw(page, captions=["English"])
