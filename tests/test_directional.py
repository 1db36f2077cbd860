"""check_directional and the Taylor test obey the laws of the check, along one random direction."""

import numpy as np
import pytest

from mathutils import check_directional, taylor_rate
from mathutils.directional import taylor_remainders
from tests.claims import claims, decades, in_units

rng = np.random.default_rng(2)
A, x = rng.normal(size=(3, 4)), rng.normal(size=4)
pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")


@pytest.mark.parametrize("size", [3, 1000])
def test_directional_check(size):
    at = rng.normal(size=size)
    claim = np.cos(at)
    assert check_directional(lambda x: np.sum(np.sin(x)), claim, at)
    claim[size // 2] *= 1 + 1e-4
    assert check_directional(lambda x: np.sum(np.sin(x)), claim, at).status == "wrong"
    assert check_directional(lambda x: np.sum(np.sin(x)), None, at).status == "undecided"
    assert check_directional(np.sin, claim, at).mistake == "shape"
    assert check_directional(np.sin, np.diag(np.cos(at)), at)


def test_taylor_rate():
    def f(p):
        return np.exp(p[0]) * p[1] + p[2] ** 2

    def gradient(p):
        return np.array([np.exp(p[0]) * p[1], np.exp(p[0]), 2 * p[2]])

    point = [0.3, -1.7, 2.1]
    assert taylor_rate(f, gradient, point) == pytest.approx(2, abs=0.05)
    assert taylor_rate(f, lambda p: 1.01 * gradient(p), point) == pytest.approx(1, abs=0.05)
    assert taylor_rate(lambda p: A @ p, A, x) == np.inf
    assert taylor_rate(lambda p: A @ p, 1.1 * A, x) == pytest.approx(1, abs=0.05)
    for large in [1, 1e6]:  # rounding is no remainder, even where f is zero
        assert taylor_rate(lambda p, large=large: large * A @ p, large * A, x) == np.inf
        assert taylor_rate(lambda p, large=large: large * A @ (p - x), large * A, x) == np.inf


@pytest.mark.parametrize("most", [0, 3, 6])
def test_no_false_verdict_in_any_units(most):
    draw, told, undecided = np.random.default_rng(most), [], 0
    for claim in claims(np.random.default_rng(5), 100):
        told_in = in_units(claim, decades(draw, claim.x.shape, most))
        status = check_directional(told_in.f, told_in.derivative, told_in.x).status
        undecided += status == "undecided"
        told += [(claim.family, claim.mistake)] * (
            status == ("right" if claim.mistake else "wrong")
        )
    assert told == []
    assert undecided <= 2


def smooth(x):
    return np.sum(np.log(1 + np.exp(x))) + x @ x


def smooth_gradient(x):
    return 1 / (1 + np.exp(-x)) + 2 * x


HALVES = {"first": slice(None, 10), "last": slice(10, None), "every other": slice(None, None, 2)}


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize("most", [0, 3, 6])
def test_a_gradient_half_of_which_is_zeroed_is_not_right(half, most):
    for seed in range(3):
        draw = np.random.default_rng(seed)
        units, at = decades(draw, 20, most), draw.normal(size=20)

        def f(v, units=units):
            return smooth(v / units)

        claim = smooth_gradient(at) / units
        assert check_directional(f, claim, at * units, seed)
        assert taylor_rate(f, claim, at * units, seed) == pytest.approx(2, abs=0.2)
        claim[HALVES[half]] = 0
        assert check_directional(f, claim, at * units, seed).status == "wrong"
        assert taylor_rate(f, claim, at * units, seed) == pytest.approx(1, abs=0.2)


@pytest.mark.parametrize("most", [0, 6])
def test_the_rate_is_the_same_in_any_units(most):
    """2 for what is right, 1 for what is not, infinite where f is linear."""
    draw = np.random.default_rng(most)
    for claim in claims(np.random.default_rng(6), 100):
        told = in_units(claim, decades(draw, claim.x.shape, most))
        try:
            rate = taylor_rate(told.f, told.derivative, told.x)
        except ValueError as trouble:
            assert "rises above the rounding of f" in str(trouble)
            continue
        if claim.mistake is None:
            assert rate > 1.8, (claim.family, rate)
        else:
            assert rate < 1.5, (claim.family, claim.mistake, rate)


def test_a_seed_chooses_the_direction():
    def f(x):
        return x[0] ** 2 + np.exp(x[1]) * x[2]

    def gradient(x):
        return np.array([2 * x[0], np.exp(x[1]) * x[2], np.exp(x[1])])

    at = [0.3, -1.7, 2.1]
    first, again, other = (taylor_remainders(f, gradient, at, seed)[1] for seed in (5, 5, 6))
    assert first.tolist() == again.tolist() and first[0] != other[0]
    assert all(check_directional(f, gradient, at, seed=seed) for seed in range(20))
    seen = []

    def watched(x):
        seen.append(np.array(x))
        return f(x)

    for seed in (7, 7, 8):
        check_directional(watched, gradient, at, seed=seed)
        seen.append(None)
    one, two, three = (list(part) for part in _parts(seen))
    assert np.array_equal(one, two) and not np.array_equal(one[1], three[1])


def _parts(points):
    part = []
    for place in points:
        if place is None:
            yield part
            part = []
        elif not np.array_equal(place, [0.3, -1.7, 2.1]):
            part.append(place)


def test_a_zero_entry_counts_too():
    at = np.array([1.0, 0.0, 0.0, 2.0])

    def f(x):
        return np.sum(np.sin(x)) + 1e3 * x[1]

    claim = np.cos(at) + [0, 1e3, 0, 0]
    assert check_directional(f, claim, at)
    for off in range(4):
        wrong = claim.copy()
        wrong[off] *= 1.01
        assert check_directional(f, wrong, at).status == "wrong"
    assert check_directional(f, claim * [1, 0, 1, 1], at).status == "wrong"


BAD_CLAIMS = {
    "NaN": (lambda x: x * np.nan, "∂f/∂x has a NaN or infinite entry"),
    "infinite": (lambda x: x / 0, "∂f/∂x has a NaN or infinite entry"),
    "complex": (lambda x: 2 * x + 0j, "∂f/∂x has dtype complex128"),
    "ragged": ([[1, 2], [3]], "∂f/∂x is not an array of numbers"),
    "of another shape": (lambda x: np.ones(3), "the derivative has shape (3,), but f(x).shape"),
    "with two arguments": (
        lambda x, y: x,
        "the derivative cannot be evaluated at x: one argument",
    ),
    "raises": (lambda x: np.ones((2, 2)) @ x, "(2, 2) @ (4,) do not fit: 2 ≠ 4"),
}


@pytest.mark.parametrize("name", BAD_CLAIMS)
def test_a_bad_claim_is_told_in_a_sentence(name):
    claim, sentence = BAD_CLAIMS[name]
    verdict = check_directional(lambda x: x @ x, claim, x)
    assert verdict.status == "wrong" and sentence in verdict.reason
    with pytest.raises(ValueError, match="^(the derivative|∂f/∂x)") as caught:
        taylor_rate(lambda x: x @ x, claim, x)
    assert sentence in str(caught.value)


@pytest.mark.parametrize("blank", [None, lambda x: None])
def test_a_blank_claim_is_undecided(blank):
    assert check_directional(lambda x: x @ x, blank, x).status == "undecided"
    with pytest.raises(ValueError, match="no derivative is given yet"):
        taylor_rate(lambda x: x @ x, blank, x)


def overflowing(x):
    return np.sum(np.exp(x))


BAD_FUNCTIONS = {
    "undefined at x": (lambda x: np.log(x).sum(), [-0.5, -1, -2], "NaN or infinite"),
    "infinite at x": (overflowing, [250, 500, 1000], "NaN or infinite"),
    "raises at x": (lambda x: [][1], [0.5, 1, 2], "f cannot be evaluated at x: IndexError"),
    "undefined on one side": (lambda x: np.sqrt(x - 1).sum(), [1, 1, 1], "undefined or infinite"),
    "overflows close to x": (overflowing, [708.0, 1, 2], "undefined or infinite"),
}


@pytest.mark.parametrize("name", BAD_FUNCTIONS)
def test_a_bad_function_is_told_in_a_sentence(name):
    f, at, sentence = BAD_FUNCTIONS[name]
    with pytest.raises(ValueError, match=sentence):
        taylor_rate(f, lambda x: 7 * x, at)
    try:
        verdict = check_directional(f, lambda x: 7 * x, at)
    except ValueError as trouble:
        assert sentence in str(trouble)
    else:
        assert verdict.status != "right"


def single_loss(x):
    return np.sum(np.tanh(A.astype("f4") @ x.astype("f4")))


def single_gradient(x):
    return A.T @ (1 - np.tanh(A @ x) ** 2)


def test_single_precision_is_said_and_never_false():
    """Neither a rate of 2 for the wrong gradient nor one of 1 for the right one."""
    for seed in range(8):
        at = np.random.default_rng(seed).normal(size=4)
        for factor in (1, 2):
            claim = factor * single_gradient(at)
            verdict = check_directional(single_loss, claim, at)
            assert verdict.status != ("wrong", "right")[factor - 1]
            assert verdict.status != "undecided" or "digits" in verdict.reason
            try:
                rate = taylor_rate(single_loss, claim, at)
            except ValueError as trouble:
                assert "rises above the rounding of f" in str(trouble)
            else:
                assert rate > 1.5 if factor == 1 else rate < 1.5
