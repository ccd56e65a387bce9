"""What all tests share: how hypothesis searches, and JAX in double precision."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

# A slow machine is no failure; in CI the same examples are drawn every time.
settings.register_profile(
    "house",
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("ci", settings.get_profile("house"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "house")


@pytest.fixture(scope="module")
def jax64():
    """Give JAX with 64 bits to a number, and leave it as it was."""
    jax = pytest.importorskip("jax")
    before = jax.config.jax_enable_x64
    jax.config.update("jax_enable_x64", True)  # JAX's way
    yield jax
    jax.config.update("jax_enable_x64", before)
