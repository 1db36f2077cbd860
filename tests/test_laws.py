"""The laws of the check: what no verdict may depend on, for all that is known to be right or wrong.

A right claim is never called wrong and a wrong one never right, in any units, in any order and
shape, beside a constant or an input that f does not use, in any precision.
``python3 run.py test tests/test_laws.py --claims 20000`` tries more.
"""

import inspect
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from mathutils import check_derivative
from mathutils.rules import RULES
from tests.claims import Claim, claims, decades, in_units
from tests.hostile import hostile_claims

UNDECIDED = 0.003  # at most this share

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
            return lambda x: function(x, *rest)

        right = np.asarray(rule.derivative(x, *rest))
        yield Claim(rule.name, None, of_x(rule.f), of_x(rule.derivative), x)
        for mistake, twin in rule.wrong.items():
            if np.shape(twin(x, *rest)) == right.shape:
                yield Claim(rule.name, mistake, of_x(rule.f), of_x(twin), x)


# The laws: each returns the same claim, told differently.


def at_home(rng, claim):
    return claim


def units_of_inputs(rng, claim):
    return in_units(claim, decades(rng, claim.x.shape, 6))


def units_of_outputs(rng, claim):
    return in_units(claim, np.ones(claim.x.shape), decades(rng, np.shape(claim.f(claim.x)), 6))


def units_of_both(rng, claim):
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
    return at_entries(claim, rng.permutation(claim.x.size))


def unused_inputs(rng, claim):
    return at_entries(claim, np.arange(claim.x.size), added=2)


def other_outputs(rng, claim):
    """The outputs in another order, in a row."""
    order = rng.permutation(np.size(claim.f(claim.x)))

    def derivative(x):
        given = claim.derivative
        g = np.asarray(given(x) if callable(given) else given, dtype=float)
        return g.reshape(order.size, *x.shape)[order]

    return replace(claim, f=lambda x: np.ravel(claim.f(x))[order], derivative=derivative)


def added_constant(rng, claim):
    size = np.max(abs(np.asarray(claim.f(claim.x)))) or 1.0
    constant = rng.choice([-1, 1]) * size * 10 ** rng.uniform(-3, 3)
    return replace(claim, f=lambda x: claim.f(x) + constant)


LAWS = [
    *(at_home, units_of_inputs, units_of_outputs, units_of_both),
    *(order_and_shape, unused_inputs, other_outputs, added_constant),
]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_a_verdict_on_a_rule_does_not_depend_on_how_it_is_told(law):
    rng = np.random.default_rng(1)
    pairs = verdicts(law(rng, claim) for claim in rule_claims(seed=1))
    assert len({c.family for c, _ in pairs}) == sum(map(len, RULES.values()))
    assert sum(c.mistake is not None for c, _ in pairs) > 100
    assert false(pairs) == []
    assert len(undecided(pairs)) <= UNDECIDED * len(pairs), undecided(pairs)


@pytest.mark.parametrize("law", LAWS[4:], ids=lambda law: law.__name__)
def test_a_verdict_on_a_random_claim_does_not_depend_on_how_it_is_told(law):
    rng = np.random.default_rng(2)
    pairs = verdicts(law(rng, claim) for claim in claims(np.random.default_rng(3), 200))
    assert false(pairs) == []
    assert len(undecided(pairs)) <= max(1, UNDECIDED * len(pairs)), undecided(pairs)


@pytest.mark.parametrize("most", [3, 6])
def test_random_claims_in_other_units_are_judged_as_at_home(most, request):
    rng, count = np.random.default_rng(most), request.config.getoption("claims")
    drawn = claims(np.random.default_rng(30 + most), count)
    pairs = verdicts(in_units(claim, decades(rng, claim.x.shape, most)) for claim in drawn)
    assert len(pairs) == count
    assert false(pairs) == []
    assert len(undecided(pairs)) <= UNDECIDED * len(pairs), undecided(pairs)
