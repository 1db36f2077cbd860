"""The check has no false verdict on thousands of random claims, nor on hostile ones.

``python3 run.py test tests/test_claims.py --claims 20000`` takes the tally of docs/benchmark.md.
"""

import warnings
from collections import Counter
from unittest.mock import patch

import numpy as np
import pytest
from numpy.random import default_rng

from mathutils import check_derivative
from tests.claims import TROUBLES, Once, all_families, claims, hostile_claims, is_wrong

UNDECIDED, HOSTILE_UNDECIDED = 0.003, 0.05  # at most these shares

# What may be said of each kind of mistake. A dropped term, and a transpose missing inside, show in
# no classic way. An array of four axes has no vec; of X @ X and of the inverse, though, its axes
# in the other order of vec are the transpose.
TRANSPOSED = {"transpose", "denominator layout", "vec order"}
NAMES = {
    "sign": {"sign"},
    "factor": {"factor"},
    "one entry": {"one entry"},
    "transpose": TRANSPOSED,
    "vec order": {*TRANSPOSED, None},
    "symmetric": {"symmetric", None},
    "inner transpose": {None},
    "dropped": {None},
}

# Of what f hides in its digits even the mildest case may be undecided.
HIDDEN = {"single_precision_inside", "single_precision_result", "single_precision_matrix"}


@pytest.fixture(scope="module")
def judged(request):
    """Return every claim with its verdict."""
    rng = default_rng(20)
    drawn = claims(rng, request.config.getoption("claims"))
    return [(claim, check_derivative(claim.f, claim.derivative, claim.x)) for claim in drawn]


def told(pairs):
    """Return the pairs in a form that an assertion can show."""
    return [(c.family, c.mistake, v.status, v.reason) for c, v in pairs]


def false_verdicts(pairs):
    """Return the right claims called wrong and the wrong ones called right."""
    return told((c, v) for c, v in pairs if v.status == ("right" if c.mistake else "wrong"))


def test_half_the_claims_are_right_and_every_kind_of_mistake_is_there(judged):
    count = Counter(claim.mistake for claim, _ in judged)
    assert count.pop(None) * 2 == len(judged)
    assert set(count) == set(NAMES)
    assert {claim.family for claim, _ in judged} == set(all_families(default_rng(0)))


def test_right_claims_are_not_wrong_and_wrong_ones_are():
    drawn = claims(default_rng(21), 400)
    for right, wrong in zip(drawn, drawn, strict=True):
        assert right.mistake is None and wrong.mistake and right.family == wrong.family
        for claim in (right, wrong):
            assert claim.value().shape == np.shape(claim.f(claim.x)) + claim.x.shape
            assert np.isfinite(claim.value()).all()
    g, x = np.array([3.0, 1e-9]), np.array([1.0, 1.0])
    assert is_wrong(g * [1.01, 1], g, x) and not is_wrong(g * [1.001, 2], g, x)


def test_no_claim_gets_a_false_verdict(judged):
    assert false_verdicts(judged) == []


def test_few_claims_are_undecided(judged):
    undecided = [(c, v) for c, v in judged if v.status == "undecided"]
    assert len(undecided) <= UNDECIDED * len(judged), told(undecided)


def test_no_mistake_is_named_as_another(judged):
    named = [(c, v) for c, v in judged if v.status == "wrong"]
    assert told((c, v) for c, v in named if v.mistake not in NAMES[c.mistake]) == []


@pytest.fixture(scope="module")
def hostile(request):
    """Return the hostile claims of five seeds, or of more, with their verdicts."""
    seeds = max(5, request.config.getoption("claims") // 100 - 15)
    with warnings.catch_warnings(), patch("mathutils.check.measure", Once()):
        warnings.simplefilter("ignore", RuntimeWarning)
        drawn = [claim for seed in range(seeds) for claim in hostile_claims(default_rng(seed))]
        return [(claim, check_derivative(claim.f, claim.derivative, claim.x)) for claim in drawn]


@pytest.mark.slow
def test_no_hostile_claim_gets_a_false_verdict(hostile):
    assert len(hostile) > 2000
    assert false_verdicts(hostile) == []


@pytest.mark.slow
def test_few_hostile_claims_are_undecided_and_each_has_a_reason(hostile):
    undecided = [(c, v) for c, v in hostile if v.status == "undecided"]
    assert told((c, v) for c, v in undecided if not v.reason) == []
    assert len(undecided) <= HOSTILE_UNDECIDED * len(hostile)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("seed", [25, 139, 305])
def test_two_values_that_agree_by_chance_are_not_believed(seed, monkeypatch):
    monkeypatch.setattr("mathutils.check.measure", Once())
    single = {draw: TROUBLES[draw] for draw in TROUBLES if draw.__name__ in HIDDEN}
    for draw, levels in single.items():
        for claim in hostile_claims(default_rng(seed), {draw: levels}):
            verdict = check_derivative(claim.f, claim.derivative, claim.x)
            assert false_verdicts([(claim, verdict)]) == []


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: trouble.__name__)
def test_a_mild_trouble_is_decided(trouble):
    if trouble.__name__ in HIDDEN:
        pytest.skip("may be undecided")
    mild = {trouble: TROUBLES[trouble][:1]}
    for claim in hostile_claims(default_rng(0), mild):
        verdict = check_derivative(claim.f, claim.derivative, claim.x)
        assert verdict.status == ("wrong" if claim.mistake else "right"), told([(claim, verdict)])
