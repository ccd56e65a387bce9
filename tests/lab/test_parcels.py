"""Parcels: fetched once, bounded, and gone at the end."""

from __future__ import annotations

import shutil
import stat

import pytest

from backsweep.errors import DataError, SettingError
from backsweep.lab.parcels import Parcels


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def parcels(clock):
    made = Parcels(room_bytes=100, kept_s=10, now=clock)
    yield made
    made.close()


def left(parcels, content=b"abc", expected=10):
    with parcels.making(expected) as folder:
        file = folder / "x"
        file.write_bytes(content)
        (folder / "aside").write_bytes(b"rest")
        return parcels.put(file, "text/plain")


def test_it_is_fetched_once(parcels):
    ticket = left(parcels)
    parcel, parts = parcels.take(ticket)
    assert (parcel.size_bytes, parcel.media_type) == (3, "text/plain")
    assert b"".join(parts) == b"abc"
    with pytest.raises(DataError, match="unknown, used or too old"):
        parcels.take(ticket)
    assert list(parcels.folder.iterdir()) == [], "nothing is left of it"


def test_what_nobody_fetched_is_dropped(parcels, clock):
    ticket = left(parcels)
    clock.now = 9
    parcels.tidy()
    assert len(list(parcels.folder.iterdir())) == 1
    clock.now = 11
    parcels.tidy()
    assert list(parcels.folder.iterdir()) == []
    with pytest.raises(DataError, match="too old"):
        parcels.take(ticket)


def test_there_is_so_much_room_and_no_more(parcels, clock):
    left(parcels, b"a" * 40)
    with (
        parcels.making(50),
        pytest.raises(SettingError, match="must take at most"),
        parcels.making(11),
    ):
        pass
    with parcels.making(60):
        pass
    clock.now = 11
    with parcels.making(100):
        pass


def test_nobody_else_can_read_it_and_the_end_takes_all(parcels):
    left(parcels)
    folder = parcels.folder
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    parcels.close()
    assert not folder.exists()


def failing(parcels):
    with parcels.making(90) as folder:
        (folder / "half").write_bytes(b"x")
        raise ZeroDivisionError


def test_what_fails_leaves_nothing_and_no_promise(parcels):
    with pytest.raises(ZeroDivisionError):
        failing(parcels)
    assert list(parcels.folder.iterdir()) == []
    with parcels.making(90):
        pass


def test_a_folder_that_somebody_threw_away_is_made_again(parcels):
    ticket = left(parcels)
    left(parcels, b"a" * 90)
    shutil.rmtree(parcels.folder)
    with pytest.raises(DataError, match="its file is gone"):
        parcels.take(ticket)
    _, parts = parcels.take(left(parcels, expected=20))
    assert b"".join(parts) == b"abc"
