"""Threefry-2x32-20: the published answers, and what is drawn from it."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy import stats

from backsweep import threefry
from backsweep.threefry import ORDER_STREAM, SPLIT_STREAM, normal, permutation, uniform

# Known answers of the authors' own Random123 library (file `kat_vectors`,
# threefry2x32 with 20 rounds), after Salmon, Moraes, Dror & Shaw, SC11 (2011).
KNOWN = [
    ((0x00000000, 0x00000000), (0x00000000, 0x00000000), (0x6B200159, 0x99BA4EFE)),
    ((0xFFFFFFFF, 0xFFFFFFFF), (0xFFFFFFFF, 0xFFFFFFFF), (0x1CB996FC, 0xBB002BE7)),
    ((0x13198A2E, 0x03707344), (0x243F6A88, 0x85A308D3), (0xC4923A9C, 0x483DF7A0)),
]
words = st.integers(0, 2**32 - 1)


@pytest.mark.parametrize(("key", "counter", "answer"), KNOWN)
def test_known_answers(key, counter, answer):
    first, second = threefry.threefry(key, counter)
    assert (int(first), int(second)) == answer


def test_known_answers_all_at_once():
    keys, counters, answers = (
        np.array(column).T for column in zip(*KNOWN, strict=True)
    )
    np.testing.assert_array_equal(
        threefry.threefry(tuple(keys), tuple(counters)), answers
    )


def test_counters_and_keys_broadcast():
    first, second = threefry.threefry((1, 2), (np.arange(3)[:, None], np.arange(4)))
    assert first.shape == second.shape == (3, 4)
    assert first.dtype == np.uint32


@pytest.mark.slow
@given(key=st.tuples(words, words), counter=st.tuples(words, words))
def test_agrees_with_jax(key, counter):
    random = pytest.importorskip("jax.extend.random")
    theirs = random.threefry2x32_p.bind(
        *(np.array([word], dtype=np.uint32) for word in (*key, *counter))
    )
    ours = threefry.threefry(key, counter)
    assert [int(word) for word in ours] == [int(word[0]) for word in theirs]


@given(seed=st.integers(0, 2**64 - 1), run=words, number=words)
def test_uniform_lies_inside(seed, run, number):
    drawn = uniform(seed, run, number)
    assert -1 < drawn < 1
    assert np.isfinite(normal(seed, run, number))


def test_a_number_is_the_middle_of_its_word():
    (first, _) = threefry.threefry((5, 0), (3, 4))
    assert uniform(5, 3, 4) == 2 * ((int(first) + 0.5) / 2**32) - 1


def test_normal_is_box_and_muller_of_the_two_words():
    first, second = (
        (int(word) + 0.5) / 2**32 for word in threefry.threefry((5, 0), (3, 4))
    )
    expected = np.sqrt(-2 * np.log(first)) * np.cos(2 * np.pi * second)
    np.testing.assert_allclose(normal(5, 3, 4), expected, rtol=1e-14)


@pytest.mark.parametrize("seed", [0, 1, 2**40 + 3])
def test_uniform_is_uniform(seed):
    drawn = uniform(seed, np.arange(300)[:, None], np.arange(100)).ravel()
    n = drawn.size
    assert abs(drawn.mean()) < 4 * np.sqrt(1 / 3 / n)
    assert abs(drawn.var() - 1 / 3) < 4 * np.sqrt(4 / 45 / n)
    assert stats.kstest(drawn, stats.uniform(-1, 2).cdf).pvalue > 0.001
    assert len(np.unique(drawn)) > n - 5


@pytest.mark.parametrize("seed", [0, 1, 2**40 + 3])
def test_normal_is_normal(seed):
    drawn = normal(seed, np.arange(300)[:, None], np.arange(100)).ravel()
    n = drawn.size
    assert abs(drawn.mean()) < 4 / np.sqrt(n)
    assert abs(drawn.var() - 1) < 4 * np.sqrt(2 / n)
    assert abs((drawn**3).mean()) < 4 * np.sqrt(15 / n)
    assert abs((drawn**4).mean() - 3) < 4 * np.sqrt(96 / n)
    assert stats.kstest(drawn, stats.norm.cdf).pvalue > 0.001


def test_neighbours_know_nothing_of_each_other():
    drawn = uniform(3, np.arange(200)[:, None], np.arange(200))
    for other in (uniform(4, np.arange(200)[:, None], np.arange(200)), drawn.T):
        off_diagonal = ~np.eye(200, dtype=bool)
        assert abs(np.corrcoef(drawn[off_diagonal], other[off_diagonal])[0, 1]) < 0.02
    assert abs(np.corrcoef(drawn[1:].ravel(), drawn[:-1].ravel())[0, 1]) < 0.02
    assert abs(np.corrcoef(drawn[:, 1:].ravel(), drawn[:, :-1].ravel())[0, 1]) < 0.02


def test_both_halves_of_a_seed_count():
    drawn = {float(uniform(seed, 0, 0)) for seed in (1, 1 + 2**32, 1 << 33, 0)}
    assert len(drawn) == 4


@given(
    seed=st.integers(0, 2**64 - 1),
    stream=st.sampled_from([ORDER_STREAM, SPLIT_STREAM]),
    draw=words,
    size=st.integers(0, 9),
)
def test_a_permutation_holds_each_number_once(seed, stream, draw, size):
    orders = permutation(seed, np.arange(3), stream, draw, size)
    np.testing.assert_array_equal(np.sort(orders), np.tile(np.arange(size), (3, 1)))


@given(seed=words, run=st.integers(0, 2**20), draw=st.integers(0, 1000))
def test_a_run_is_shuffled_alike_alone_and_among_many(seed, run, draw):
    among = permutation(seed, np.arange(run - 2, run + 3), ORDER_STREAM, draw, 7)[2]
    alone = permutation(seed, np.array([run]), ORDER_STREAM, draw, 7)[0]
    np.testing.assert_array_equal(alone, among)


def test_all_permutations_are_as_likely():
    orders = permutation(1, np.arange(12_000), SPLIT_STREAM, 0, 4)
    seen = [tuple(order) for order in orders.tolist()]
    counts = [seen.count(order) for order in itertools.permutations(range(4))]
    assert sum(counts) == 12_000
    assert stats.chisquare(counts).pvalue > 0.001


def test_runs_streams_and_draws_have_orders_of_their_own():
    runs = np.arange(100)
    first = permutation(1, runs, ORDER_STREAM, 1, 8)
    for other in (
        permutation(1, runs, ORDER_STREAM, 2, 8),
        permutation(1, runs, SPLIT_STREAM, 1, 8),
        permutation(2, runs, ORDER_STREAM, 1, 8),
        np.roll(first, 1, axis=0),
    ):
        assert (first == other).all(axis=-1).mean() < 0.05
