from __future__ import annotations

import re

import pytest

from backsweep.errors import RecordError, SettingError
from backsweep.figures import (
    SUFFIXES,
    blank_figure,
    draw_hinton,
    figure_bytes,
    save_figure,
)

OPENINGS = {".pdf": b"%PDF", ".png": b"\x89PNG", ".svg": b"<?xml"}


def drawing():
    figure = blank_figure(6, 4)
    draw_hinton(figure.add_subplot(), [[1.0, -2.0]], rows=["Colin"])
    return figure


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_suffix_says_the_format(tmp_path, suffix):
    path = save_figure(drawing(), tmp_path / f"figure{suffix}")
    assert path.read_bytes().startswith(OPENINGS[suffix])
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_same_figure_same_bytes(suffix):
    assert figure_bytes(drawing(), suffix) == figure_bytes(drawing(), suffix)


def test_svg_keeps_text_and_no_date():
    text = figure_bytes(drawing(), ".svg").decode()
    assert re.search(r"<text[^>]*>Colin</text>", text)
    assert "dc:date" not in text


def test_png_has_the_theme_ground_and_dots():
    data = figure_bytes(drawing(), ".PNG")
    width, height = (int.from_bytes(data[k : k + 4]) for k in (16, 20))
    figure = drawing()
    assert (width, height) == tuple(round(v) for v in figure.bbox.size) or (
        abs(width - figure.bbox.width) < 1.5
    )


def test_file_that_exists_is_kept(tmp_path):
    path = tmp_path / "figure.svg"
    path.write_text("mine")
    with pytest.raises(
        RecordError, match=r"exists and is not overwritten\.\nhint: .*--force"
    ):
        save_figure(drawing(), path)
    assert path.read_text() == "mine"
    save_figure(drawing(), path, force=True)
    assert path.read_bytes().startswith(OPENINGS[".svg"])


@pytest.mark.parametrize("name", ["figure.jpg", "figure"])
def test_unknown_suffix(tmp_path, name):
    with pytest.raises(
        SettingError, match=r"end in one of '\.pdf', '\.png', '\.svg', got '.*figure"
    ):
        save_figure(drawing(), tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_folder_must_exist(tmp_path):
    with pytest.raises(
        RecordError, match=r"folder of .* must exist, and does not\.\nhint: make it"
    ):
        save_figure(drawing(), tmp_path / "none" / "figure.svg")


def test_folder_is_no_file(tmp_path):
    folder = tmp_path / "figure.svg"
    folder.mkdir()
    with pytest.raises(RecordError, match="must go to a file, got the folder"):
        save_figure(drawing(), folder, force=True)


def test_nothing_half_written_is_left(tmp_path, monkeypatch):
    path = tmp_path / "figure.svg"
    path.write_text("before")

    def full(self, _target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.replace", full)
    with pytest.raises(RecordError, match="cannot be written: No space left on device"):
        save_figure(drawing(), path, force=True)
    assert [one.name for one in tmp_path.iterdir()] == ["figure.svg"]
    assert path.read_text() == "before"
