"""Tests of the compiled engine keep their object code to themselves."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session")
def cache(tmp_path_factory):
    """Give a folder for object code that ends with the tests."""
    return tmp_path_factory.mktemp("objects")


@pytest.fixture(autouse=True, scope="session")
def users_folder(cache):
    """Let nothing be found that an earlier version left in the user's folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(cache))
        yield
