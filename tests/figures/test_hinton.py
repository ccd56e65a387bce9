from __future__ import annotations

import numpy as np
import pytest
from matplotlib.colors import to_rgba

from backsweep.errors import DataError, SettingError, ShapeError, UnknownNameError
from backsweep.figures import draw_hinton, draw_receptive_fields

MATRIX = np.array([[4.0, -1.0, 0.0], [2.0, -4.0, 0.5]])
ENGLISH = ["Christopher", "Andrew", "Arthur", "James", "Charles", "Colin"]
ITALIAN = ["Roberto", "Pierro", "Emilio", "Marco", "Tomaso", "Alfonso"]


def areas(collection):
    boxes = [path.get_extents() for path in collection.get_paths()]
    return np.array([box.width * box.height for box in boxes])


def test_area_is_magnitude_and_colour_is_sign(page):
    draw_hinton(page.axes, MATRIX, theme=page.theme)
    squares = page.axes.collections[0]
    drawn = areas(squares).reshape(2, 3)
    assert np.allclose(drawn / drawn.max(), np.abs(MATRIX) / 4)
    colors = np.array(squares.get_facecolor()).reshape(2, 3, 4)
    assert np.array_equal((colors == to_rgba(page.theme.off)).all(axis=-1), MATRIX < 0)


def test_rows_run_from_the_top(page):
    draw_hinton(page.axes, MATRIX, rows=["one", "two"], columns=["a", "b", "c"])
    at = {text.get_text(): text.get_position() for text in page.axes.texts}
    assert at["one"][1] > at["two"][1]
    assert at["a"][0] < at["b"][0] < at["c"][0]
    centre = page.axes.collections[0].get_paths()[0].get_extents()
    assert centre.x0 < at["a"][0] < centre.x1
    page.assert_legible()


def test_diagrams_can_share_a_scale(page):
    draw_hinton(page.axes, MATRIX, largest=8.0)
    cell = page.axes.patches[0].get_height() / 2
    assert areas(page.axes.collections[0]).max() == pytest.approx(
        (0.92 * cell) ** 2 / 2
    )


def test_nothing_but_noughts(page):
    draw_hinton(page.axes, np.zeros((2, 2)))
    assert areas(page.axes.collections[0]).max() == 0


def test_wrong_matrix(page):
    with pytest.raises(
        ShapeError, match=r"`matrix` must have shape \(n_rows, n_columns\), got \(3,\)"
    ):
        draw_hinton(page.axes, [1.0, 2.0, 3.0])
    with pytest.raises(ShapeError, match=r"`matrix` must not be empty"):
        draw_hinton(page.axes, np.ones((0, 3)))
    with pytest.raises(ShapeError, match="`rows` must have 2 names, got 1"):
        draw_hinton(page.axes, MATRIX, rows=["one"])
    with pytest.raises(ShapeError, match="`columns` must have 3 names, got 1"):
        draw_hinton(page.axes, MATRIX, columns=["one"])
    with pytest.raises(SettingError, match=r"`largest` must be above 0, got 0"):
        draw_hinton(page.axes, MATRIX, largest=0)
    with pytest.raises(DataError, match=r"got nan at \(0, 1\)"):
        draw_hinton(page.axes, [[1.0, np.nan]])


class TestReceptiveFields:
    names = (*ENGLISH[::-1], *ITALIAN[::-1])  # not in the order of the drawing
    weights = np.random.default_rng(2).normal(size=(6, 12))

    def draw(self, sheet, **more):
        draw_receptive_fields(
            sheet.axes,
            self.weights,
            self.names,
            [ENGLISH, ITALIAN],
            theme=sheet.theme,
            **more,
        )

    def test_each_unit_has_its_panel_in_the_order_of_the_rows(self, page):
        self.draw(page)
        panels = page.axes.collections[:6]
        wanted = [[self.names.index(n) for n in row] for row in (ENGLISH, ITALIAN)]
        for panel, weights in zip(panels, self.weights, strict=True):
            shares = (
                areas(panel).reshape(2, 6)
                / (0.92 * page.axes.patches[0].get_height() / 2) ** 2
            )
            assert np.allclose(
                shares, np.abs(weights[wanted]) / np.abs(self.weights).max()
            )
        assert {"1", "2", "3", "4", "5", "6", *ENGLISH, *ITALIAN} < set(page.words())

    def test_english_over_italian(self, page):
        self.draw(page, units=list("abcdef"), title="Person code")
        at = {text.get_text(): text.get_position() for text in page.axes.texts}
        for english, italian in zip(ENGLISH, ITALIAN, strict=True):
            assert at[english][0] == pytest.approx(at[italian][0])
            assert at[english][1] > at[italian][1]

    def test_legible_in_any_theme_and_size(self, make_sheet, any_theme, any_size):
        sheet = make_sheet(any_size, any_theme)
        self.draw(sheet)
        sheet.assert_legible()

    def test_too_small_for_names(self, page):
        page.figure.set_size_inches(0.9, 0.6)
        self.draw(page)
        assert len(page.axes.collections) == 8  # six units and the key

    def test_one_row_only(self, page):
        draw_receptive_fields(page.axes, self.weights, self.names, [ENGLISH])
        assert "Roberto" not in page.words()

    def test_wrong_names(self, page):
        with pytest.raises(
            UnknownNameError,
            match=r"of `names`, got 'Colim'\.\nhint: did you mean 'Colin'",
        ):
            draw_receptive_fields(page.axes, self.weights, self.names, [["Colim"]])
        with pytest.raises(ShapeError, match="`names` must have 12 names, got 2"):
            draw_receptive_fields(page.axes, self.weights, ["a", "b"], [["a"]])
        with pytest.raises(ShapeError, match="`rows` must have 6 names, got 5"):
            draw_receptive_fields(
                page.axes, self.weights, self.names, [ENGLISH, ITALIAN[1:]]
            )
        with pytest.raises(ShapeError, match="`units` must have 6 names, got 1"):
            self.draw(page, units=["a"])
