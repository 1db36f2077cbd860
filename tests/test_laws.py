"""The laws of the check: what no verdict may depend on.

A right claim is never called wrong and a wrong one never right, in any units, in any order and
shape, beside a constant or an input that f does not use, in any precision.
``python3 run.py test tests/test_laws.py --claims 20000`` tries more.
"""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from mathutils import check_derivative
from mathutils.course import RULES
from tests.claims import TROUBLES, Claim, claims, decades, hostile_claims, in_units

UNDECIDED = 0.003  # at most this share
SINGLE = {draw for draw in TROUBLES if draw.__name__.startswith("single")}

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")


def verdicts(some):
    """Return the claims with the status that each gets."""
    return [(c, check_derivative(c.f, c.derivative, c.x).status) for c in some]


def false(pairs):
    """Return the right claims called wrong and the wrong ones called right."""
    wanted = [(c, "wrong" if c.mistake else "right", status) for c, status in pairs]
    return [
        (c.family, c.mistake, status)
        for c, right, status in wanted
        if status not in (right, "undecided")
    ]


def undecided(pairs):
    return [(c.family, c.mistake) for c, status in pairs if status == "undecided"]


def rule_claims(seed):
    """Yield every rule of the catalogue at random inputs, and its twins of the same shape."""
    for rule in (rule for section in RULES.values() for rule in section):
        x, *rest = rule.inputs(np.random.default_rng(seed), 2, 3)
        x = np.asarray(x, dtype=float)

        def of_x(function, rest=rest):
            return lambda v: function(v, *rest)

        right = np.asarray(rule.derivative(x, *rest))
        yield Claim(rule.name, None, of_x(rule.f), of_x(rule.derivative), x)
        for mistake, twin in rule.wrong.items():
            if np.shape(twin(x, *rest)) == right.shape:
                yield Claim(rule.name, mistake, of_x(rule.f), of_x(twin), x)


# The laws: each returns the same claim, told differently.


def units(rng, claim):
    outputs = np.shape(claim.f(claim.x))
    return in_units(claim, decades(rng, claim.x.shape, 6), decades(rng, outputs, 6))


def at_entries(claim, order, added=0):
    """Return a claim about the entries of x in this order, in a row, with some that f ignores."""
    place, shape = np.argsort(order), claim.x.shape

    def x_of(z):
        return z[: len(order)][place].reshape(shape)

    def derivative(z):
        given = claim.derivative
        g = np.asarray(given(x_of(z)) if callable(given) else given, dtype=float)
        outputs = g.shape[: g.ndim - len(shape)]
        g = g.reshape(*outputs, -1)[..., order]
        return np.concatenate([g, np.zeros((*outputs, added))], axis=-1)

    z = np.concatenate([claim.x.ravel()[order], np.linspace(1, 50, added)])
    return replace(claim, f=lambda z: claim.f(x_of(z)), derivative=derivative, x=z)


def order_and_shape(rng, claim):
    """The inputs and the outputs in another order, in a row each."""
    told = at_entries(claim, rng.permutation(claim.x.size))
    order = rng.permutation(np.size(claim.f(claim.x)))

    def derivative(z):
        return told.derivative(z).reshape(order.size, -1)[order]

    return replace(told, f=lambda z: np.ravel(told.f(z))[order], derivative=derivative)


def unused_inputs(rng, claim):
    return at_entries(claim, np.arange(claim.x.size), added=2)


def added_constant(rng, claim):
    size = np.max(abs(np.asarray(claim.f(claim.x)))) or 1.0
    constant = rng.choice([-1, 1]) * size * 10 ** rng.uniform(-3, 3)
    return replace(claim, f=lambda x: claim.f(x) + constant)


def all_at_once(rng, claim):
    for law in (added_constant, unused_inputs, order_and_shape, units):
        claim = law(rng, claim)
    return claim


LAWS = [units, order_and_shape, unused_inputs, added_constant, all_at_once]


ONE = [pytest.param(law, marks=pytest.mark.slow) for law in LAWS if law is not all_at_once]


@pytest.mark.parametrize("law", [*ONE, all_at_once], ids=lambda law: law.__name__)
def test_a_verdict_on_a_rule_does_not_depend_on_how_it_is_told(law):
    rng = np.random.default_rng(1)
    pairs = verdicts(law(rng, claim) for claim in rule_claims(seed=1))
    assert len({c.family for c, _ in pairs}) == sum(map(len, RULES.values()))
    assert sum(c.mistake is not None for c, _ in pairs) > 100
    assert false(pairs) == []
    assert len(undecided(pairs)) <= UNDECIDED * len(pairs), undecided(pairs)


@pytest.mark.parametrize("law", LAWS[1:], ids=lambda law: law.__name__)
def test_a_verdict_on_a_random_claim_does_not_depend_on_how_it_is_told(law):
    rng = np.random.default_rng(2)
    pairs = verdicts(law(rng, claim) for claim in claims(np.random.default_rng(3), 200))
    assert false(pairs) == []
    assert len(undecided(pairs)) <= max(1, UNDECIDED * len(pairs)), undecided(pairs)


@pytest.mark.slow
@pytest.mark.parametrize("law", [units, unused_inputs, all_at_once], ids=lambda law: law.__name__)
def test_a_hostile_claim_told_in_another_way_gets_no_false_verdict(law):
    rng = np.random.default_rng(4)
    some = {draw: levels[::3] for draw, levels in TROUBLES.items() if draw not in SINGLE}
    pairs = verdicts(law(rng, c) for c in hostile_claims(np.random.default_rng(7), some))
    assert false(pairs) == []


@pytest.mark.slow
@pytest.mark.parametrize("most", [3, 6])
def test_random_claims_in_other_units_are_judged_as_at_home(most, request):
    rng, count = np.random.default_rng(most), request.config.getoption("claims") // 2
    drawn = claims(np.random.default_rng(30 + most), count)
    pairs = verdicts(in_units(claim, decades(rng, claim.x.shape, most)) for claim in drawn)
    assert len(pairs) == count
    assert false(pairs) == []
    assert len(undecided(pairs)) <= UNDECIDED * len(pairs), undecided(pairs)


def test_an_entry_that_f_does_not_use_has_no_derivative_but_zero():
    for claim in claims(np.random.default_rng(8), 40):
        told = unused_inputs(None, claim)
        g = told.value()
        g[..., -1] = 1e-3 * np.max(abs(g))
        assert check_derivative(told.f, g, told.x).status == "wrong"


# Mixed precision: a loss in few digits beside a regulariser in many.


def tanh_loss(rng, kind):
    A = rng.normal(size=(4, 4)).astype(kind)
    B = A.astype(float)
    return (
        lambda x: float(np.sum(np.tanh(A @ x.astype(kind)))),
        lambda x: B.T @ (1 - np.tanh(B @ x) ** 2),
    )


def squared_loss(rng, kind):
    A, b = rng.normal(size=(6, 4)).astype(kind), rng.normal(size=6).astype(kind)
    B, c = A.astype(float), b.astype(float)
    return (
        lambda x: float(np.sum((A @ x.astype(kind) - b) ** 2)),
        lambda x: 2 * B.T @ (B @ x - c),
    )


def logistic_loss(rng, kind):
    A, y = rng.normal(size=(20, 4)).astype(kind), (rng.random(20) < 0.5).astype(kind)
    B, t = A.astype(float), y.astype(float)

    def loss(x):
        z = A @ x.astype(kind)
        return float(np.mean(np.logaddexp(kind(0), z) - y * z))

    return loss, lambda x: B.T @ (1 / (1 + np.exp(-B @ x)) - t) / 20


LOSSES = [
    *((np.float32, draw) for draw in (tanh_loss, squared_loss, logistic_loss)),
    *((np.float16, draw) for draw in (tanh_loss, squared_loss)),
]


@pytest.mark.parametrize("seed", [225, 313, 420, 445])
def test_jumps_beside_what_bends_are_seen_on_another_line(seed):
    rng = np.random.default_rng(seed)
    (loss, gradient), x = tanh_loss(rng, np.float16), rng.normal(size=4)
    weight = 10 ** rng.uniform(-4, 2)

    def f(x):
        return loss(x) + weight * x @ x

    assert check_derivative(f, gradient(x) + 2 * weight * x, x).status == "undecided"
    assert check_derivative(f, 2 * weight * x, x).status != "right"


@pytest.mark.parametrize(("kind", "draw"), LOSSES)
def test_a_loss_of_few_digits_is_not_lost_beside_its_regulariser(draw, kind, request):
    said, count = Counter(), request.config.getoption("claims") // 40
    for seed in range(count):
        rng = np.random.default_rng(seed)
        (loss, gradient), x = draw(rng, kind), rng.normal(size=4)
        weight = 10 ** rng.uniform(-4, 2)

        def f(x, loss=loss, weight=weight):
            return loss(x) + weight * x @ x

        right = gradient(x) + 2 * weight * x
        said["right", check_derivative(f, right, x).status] += 1
        said["dropped", check_derivative(f, 2 * weight * x, x).status] += 1
    assert said["right", "wrong"] == 0, said
    assert said["dropped", "right"] <= (0.05 * count if kind is np.float16 else 0), said
