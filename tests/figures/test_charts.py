"""Sweeps to learn, final errors and weight ratios."""

from __future__ import annotations

import numpy as np
import pytest

from backsweep.errors import DataError, SettingError, ShapeError
from backsweep.figures import (
    draw_final_errors,
    draw_sweeps_to_learn,
    draw_weight_ratios,
)
from backsweep.figures.final_errors import grouped
from backsweep.figures.sweeps_to_learn import percentile_of

LEARNED = np.concatenate([np.geomspace(321, 19682, 380), np.full(20, np.nan)])


class TestSweepsToLearn:
    def test_every_run_that_learned_is_in_a_bar(self, page):
        draw_sweeps_to_learn(page.axes, LEARNED, published=1425)
        assert sum(bar.get_height() for bar in page.axes.patches) == 380
        assert page.axes.get_title(loc="left") == "380 of 400 runs learned, 20 did not"
        edges = [bar.get_x() for bar in page.axes.patches]
        assert np.allclose(np.diff(np.log(edges)), np.log(edges[1] / edges[0]))

    def test_published_number_has_its_percentile(self, page):
        draw_sweeps_to_learn(page.axes, LEARNED, published=1425)
        share = round(percentile_of(1425, LEARNED[:380]))
        assert page.words() == [
            f"the letter: 1,425\n{share}th percentile",
            "median: 2,514",
        ]
        assert [line.get_xdata()[0] for line in page.axes.lines] == pytest.approx(
            [1425, np.median(LEARNED[:380])]
        )

    @pytest.mark.parametrize("published", [None, 350.0, 1425.0, 18000.0])
    def test_legible_in_any_theme_and_size(
        self, make_sheet, any_theme, any_size, published
    ):
        sheet = make_sheet(any_size, any_theme)
        draw_sweeps_to_learn(
            sheet.axes, LEARNED, published=published, theme=sheet.theme
        )
        sheet.assert_legible()

    def test_words_stand_over_the_bars(self, page):
        draw_sweeps_to_learn(page.axes, LEARNED, published=1425)
        page.figure.draw_without_rendering()
        highest = max(bar.get_height() for bar in page.axes.patches)
        top = page.axes.transData.transform((1, highest))[1]
        assert all(text.get_window_extent().y0 > top for text in page.axes.texts)

    def test_runs_left_out_count(self, page):
        draw_sweeps_to_learn(page.axes, [900.0], n_runs=3)
        assert page.axes.get_title(loc="left") == "1 of 3 runs learned, 2 did not"

    def test_nobody_learned(self, page):
        draw_sweeps_to_learn(page.axes, [], n_runs=5, published=1425)
        assert page.axes.get_title(loc="left") == "0 of 5 runs learned, 5 did not"
        assert page.words() == ["the letter: 1,425"]

    @pytest.mark.parametrize(
        ("share", "word"),
        [(1, "1st"), (2, "2nd"), (3, "3rd"), (11, "11th"), (38, "38th")],
    )
    def test_ordinals(self, page, share, word):
        draw_sweeps_to_learn(page.axes, np.arange(1, 101.0), published=share)
        assert f"the letter: {share}\n{word} percentile" in page.words()

    def test_wrong_numbers(self, page):
        with pytest.raises(SettingError, match=r"`n_runs` must be at least 2, .*got 1"):
            draw_sweeps_to_learn(page.axes, [5, 6], n_runs=1)
        with pytest.raises(DataError, match=r"`learned_at` must be above 0, got 0\.0"):
            draw_sweeps_to_learn(page.axes, [5, 0])


class TestFinalErrors:
    def test_equal_errors_are_counted_together(self, page):
        errors = [4.0] * 20 + [4.0001, 2.5, 2.5, 1.0]
        draw_final_errors(page.axes, errors, n_runs=400)
        assert [bar.get_width() for bar in page.axes.patches] == [21, 2, 1]
        assert page.words() == ["21 runs", "2 runs", "1 run"]
        names = [text.get_text() for text in page.axes.get_yticklabels()]
        assert names == ["E = 4.00", "E = 2.50", "E = 1.00"]
        assert page.axes.get_title(loc="left") == "24 of 400 runs did not learn"

    def test_no_row_is_empty(self, page):
        for count in (1, 2, 3):
            page.axes.clear()
            draw_final_errors(page.axes, np.arange(1.0, count + 1), n_runs=9)
            assert page.axes.get_ylim() == pytest.approx((count - 0.4, -0.6))

    def test_rare_values_are_gathered(self, page):
        errors = np.repeat(1.5 ** np.arange(12.0), np.arange(12, 0, -1))
        draw_final_errors(page.axes, errors, n_runs=200)
        names = [text.get_text() for text in page.axes.get_yticklabels()]
        assert len(names) == 9
        assert names[-1] == "other values"
        assert page.words()[-1] == "10 runs"

    def test_all_learned(self, page):
        draw_final_errors(page.axes, [], n_runs=40)
        assert page.axes.get_title(loc="left") == "All 40 runs learned"
        assert not page.axes.patches

    def test_legible_in_any_theme_and_size(self, make_sheet, any_theme, any_size):
        sheet = make_sheet(any_size, any_theme)
        errors = np.repeat([4.0, 2.5, 0.05], [1200, 3, 1])
        draw_final_errors(sheet.axes, errors, n_runs=5000, theme=sheet.theme)
        sheet.assert_legible()

    def test_groups(self):
        values = np.array([1.0, 1.01, 1.02, 4.0, 0.0])
        assert grouped(values, 0.02) == [(0.0, 1), (1.01, 3), (4.0, 1)]
        assert grouped(values[:0], 0.02) == []

    def test_wrong_numbers(self, page):
        with pytest.raises(SettingError, match=r"`n_runs` must be at least 2, .*got 1"):
            draw_final_errors(page.axes, [4, 4], n_runs=1)
        with pytest.raises(
            SettingError, match=r"`tolerance` must not be negative, got -1"
        ):
            draw_final_errors(page.axes, [4, 4], n_runs=4, tolerance=-1)
        with pytest.raises(DataError, match=r"`errors` must be finite, got nan"):
            draw_final_errors(page.axes, [4, np.nan], n_runs=4)


class TestWeightRatios:
    magnitudes = np.array([[3.3, 6.6, 13.2]] * 3 + [[4.0, 2.0, 3.0], [1.0, 1.0, 9.0]])

    def test_codes_are_marked_with_their_shares(self, page):
        draw_weight_ratios(page.axes, self.magnitudes)
        assert page.words() == ["1:2:4  60%", "2:3:4  20%"]
        assert page.axes.get_title(loc="left") == "Weight magnitudes of 5 runs"
        rings = [c.get_offsets()[0].tolist() for c in page.axes.collections[2:]]
        assert rings == [[2.0, 4.0], [1.5, 2.0]]

    def test_runs_stand_at_their_sorted_ratios(self, page):
        draw_weight_ratios(page.axes, self.magnitudes)
        inside, beyond = (c.get_offsets() for c in page.axes.collections[:2])
        assert np.allclose(inside, [[2, 4]] * 3 + [[1.5, 2]])
        assert np.allclose(beyond, [[1.0, page.axes.get_ylim()[1]]])

    def test_legible_in_any_theme_and_size(self, make_sheet, any_theme, any_size):
        sheet = make_sheet(any_size, any_theme)
        draw_weight_ratios(sheet.axes, self.magnitudes, theme=sheet.theme)
        sheet.assert_legible()

    def test_wrong_magnitudes(self, page):
        with pytest.raises(ShapeError, match=r"shape \(n_runs, 3\), got \(3,\)"):
            draw_weight_ratios(page.axes, [1, 2, 4])
        with pytest.raises(DataError, match=r"`magnitudes` must be above 0, got -1\.0"):
            draw_weight_ratios(page.axes, [[-1, 2, 4]])
