"""The catalogue of rules: each right, each of its twins wrong, and the LaTeX says the same."""

import inspect
import re
from functools import cache

import numpy as np
import pytest
from matplotlib.mathtext import MathTextParser

from mathutils import check_derivative
from mathutils.course import RULES, Rule, functions, rule
from mathutils.course.inputs import invertible, singular
from mathutils.course.rule import letters as letters_of_arguments
from mathutils.derivative import numerical_jacobian
from tests.claims import Once
from tests.latex import letters_of, tokens, value

ALL = [pytest.param(rule, id=rule.name) for section in RULES.values() for rule in section]
SIZES = [(2, 3), (3, 2), (4, 3), (3, 4)]
# Arguments that no factor may change: those of exp, sin and tanh, which are of moderate size,
# exponents, weights, whose sum is 1, and matrices whose sum has a positive determinant.
FIXED = {
    **dict.fromkeys(["log-sum-exp", "softmax", "second-log-sum-exp", "exponential"], "x"),
    **{"cross-entropy": "xy", "sigmoid": "x", "sum-over-entries": "X", "trace-power": "k"},
    **{"layer": "Wx", "layer-input": "Wx", "logistic": "wX"},
    **{"log-det-by-number": "tAB"},
    **{"backward-tanh": "X", "backward-layer": "WX", "backward-softmax": "x"},
    **{"backward-softmax-rows": "X", "cross-entropy-rows": "WXT", "backward-layer-norm": "xc"},
    **dict.fromkeys(["attention-values", "attention-queries", "attention-keys"], "QKc"),
    **{"product-rule": "t", "chain-rule": "xA"},
    **{"log-det-by-number": "tAB", "trace-exponential": "X", "exponential-by-number": "tA"},
    **{"exponential-of-line": "tSB", "cholesky-by-number": "t", "fixed-point": "bW"},
}


def inputs(rule, seed, scaled=False):
    rng = np.random.default_rng(seed)
    arguments = rule.inputs(rng, *SIZES[seed % len(SIZES)])
    if not scaled:
        return arguments
    names = inspect.signature(rule.f).parameters
    return tuple(
        x if name in FIXED.get(rule.name, "") else x * 10 ** rng.uniform(-3, 3)
        for name, x in zip(names, arguments, strict=True)
    )


def test_names_are_slugs_and_unique():
    names = [rule.name for section in RULES.values() for rule in section]
    assert len(set(names)) == len(names) >= 60
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", name) for name in [*names, *RULES])


def test_a_rule_is_found_by_its_name():
    assert rule("quadratic-form").by == r"\mathbf x"
    with pytest.raises(KeyError, match="there is no rule 'quadratic'"):
        rule("quadratic")


@pytest.mark.parametrize("rule", ALL)
@pytest.mark.parametrize("scaled", [False, True])
def test_the_rule_is_right_and_every_twin_is_wrong(rule, scaled, monkeypatch):
    monkeypatch.setattr("mathutils.check.measure", Once())
    for seed in [4, 5, 6, 7] if scaled else [0, 1]:
        x, *rest = inputs(rule, seed, scaled)

        def f(x, rest=rest):
            return rule.f(x, *rest)

        verdict = check_derivative(f, lambda x, rest=rest: rule.derivative(x, *rest), x)
        assert verdict, (seed, verdict)
        for mistake, twin in rule.wrong.items():
            verdict = check_derivative(f, lambda x, g=twin, rest=rest: g(x, *rest), x)
            assert verdict.status == "wrong", (seed, mistake, verdict)


@pytest.mark.slow
@pytest.mark.parametrize("rule", ALL)
@pytest.mark.parametrize("sizes", [(1, 1), (1, 4), (5, 1), (8, 5)])
def test_the_rule_is_right_at_other_sizes(rule, sizes):
    verdict = rule.check(0, *sizes)
    assert verdict, verdict


@pytest.mark.parametrize("rule", ALL)
def test_the_twins_differ_from_each_other(rule):
    assert 1 <= len(rule.wrong) <= 4
    twins = [np.asarray(twin(*inputs(rule, 0))) for twin in rule.wrong.values()]
    for i, one in enumerate(twins):
        for other in twins[:i]:
            assert one.shape != other.shape or not np.allclose(one, other)


@pytest.mark.parametrize("rule", ALL)
def test_mistakes_are_named_in_plain_sentences(rule):
    for mistake in rule.wrong:
        sentence = rule.says(mistake)
        assert not re.search(r"[$\\{]|[.!?]$", sentence), sentence
        assert sentence[0].islower() or sentence[:2] in ("Y ", "A ", "X "), sentence


MEANS = {
    "sign": lambda right: -right,
    "factor-2-missing": lambda right: right / 2,
    "denominator-layout": lambda right: right.T,
    "transposed-shape": lambda right: right.T,
}


@pytest.mark.parametrize("rule", ALL)
def test_a_twin_makes_the_mistake_that_its_sentence_names(rule):
    arguments = inputs(rule, 0)
    for mistake, twin in rule.wrong.items():
        if mistake in MEANS:
            meant = MEANS[mistake](rule.derivative(*arguments))
            assert_close(twin(*arguments), meant)
        if mistake.startswith("symmetric-"):
            meant = mistake.removeprefix("symmetric-").split("-and-")
            symmetric = [
                x + x.T if blank in meant else x
                for blank, x in zip(letters_of_arguments(rule.f), arguments, strict=True)
            ]
            assert_close(twin(*symmetric), rule.derivative(*symmetric))


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("linear-map", ["denominator layout", "shape"]),
        ("quadratic-form", ["symmetric", None, "shape"]),
        ("trace-product", ["transpose", "shape"]),
        ("squared-residual", ["shape", None, "factor"]),
        ("cross-entropy", [None, None, None, "sign"]),
        ("trace-congruence", ["symmetric", None]),
        ("product-of-three", ["denominator layout", "vec order", "vec order"]),
        ("vec-column-major", ["vec order", "denominator layout", "shape"]),
        ("inverse-form", [None, None, None, "sign"]),
    ],
)
def test_the_verdict_names_the_classic_mistakes(name, kinds):
    one = rule(name)
    found = [one.judge(twin, *inputs(one, 0)).mistake for twin in one.wrong.values()]
    assert found == kinds


def test_a_flipped_sign_or_a_dropped_term_is_seen():
    one = rule("trace-congruence")
    arguments = inputs(one, 0)
    assert one.judge(lambda A, B: A @ B.T - A @ B, *arguments).status == "wrong"
    assert one.check() and not one.judge(lambda A, B: -one.derivative(A, B), *arguments)


def test_softmax_of_large_numbers_does_not_overflow():
    np.testing.assert_allclose(functions.softmax(np.array([1000, 1000])), [0.5, 0.5])


def test_vech_lists_the_lower_triangle_column_by_column():
    assert functions.vech(np.array([[1, 2], [3, 4]])).tolist() == [1, 3, 4]


# At the edge of the condition


@pytest.mark.parametrize(
    "A", [np.zeros((3, 3)), np.outer([1, 2, 3], [1, -1, 2]), np.diag([2.0, 0, 3]), np.eye(4)]
)
def test_det_has_a_gradient_where_it_is_zero(A):
    one = rule("determinant-cofactors")
    assert one.judge(one.derivative, A)


def test_the_determinant_may_be_negative_where_the_rule_says_so():
    for name in ("determinant", "log-abs-det", "determinant-square", "inverse", "trace-inverse"):
        one = rule(name)
        for sign in (-1, 1):
            rng = np.random.default_rng(7)
            arguments = [invertible(rng, 3, sign), *inputs(one, 1)[1:]]
            arguments[1:] = [rng.normal(size=(3, 3)) for _ in arguments[1:]]
            assert one.judge(one.derivative, *arguments), (name, sign)
    with pytest.raises(ValueError, match="NaN"):
        rule("log-det").judge(lambda A: A, invertible(rng, 3, -1))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["log-det", "log-abs-det", "inverse", "second-log-det"])
@pytest.mark.parametrize("gap", [1e-3, 1e-6, 1e-9, 1e-12])
def test_close_to_a_singular_matrix_nobody_is_judged_falsely(name, gap):
    one, rng = rule(name), np.random.default_rng(3)
    A = singular(rng, 3) + gap * np.eye(3)
    A[0] *= np.sign(np.linalg.det(A))
    assert one.judge(one.derivative, A).status != "wrong"
    for mistake, twin in one.wrong.items():
        assert not one.judge(twin, A), mistake


@pytest.mark.parametrize("name", ["norm", "unit-vector", "second-norm"])
@pytest.mark.parametrize("size", [1e-3, 1e-8, 1e-100])
def test_close_to_the_origin_nobody_is_judged_falsely(name, size):
    one = rule(name)
    x = size * np.array([0.6, -1.2, 0.7])
    assert one.judge(one.derivative, x).status != "wrong"
    for mistake, twin in one.wrong.items():
        assert not one.judge(twin, x), mistake


def test_at_the_origin_the_norm_has_no_derivative():
    assert rule("norm").judge(lambda x: np.zeros(3), np.zeros(3)).status == "undecided"


@pytest.mark.parametrize("name", ["largest-eigenvalue", "spectral-norm"])
def test_where_two_eigenvalues_meet_there_is_no_derivative(name):
    assert rule(name).judge(rule(name).derivative, np.eye(3)).status == "undecided"


# What is written


@pytest.mark.parametrize("rule", ALL)
def test_the_formula_says_what_f_computes(rule):
    for seed in range(4):
        arguments = inputs(rule, seed)
        letters = letters_of(rule, arguments)
        if rule.formula.startswith(r"\nabla"):
            inner, name = rule.formula.removeprefix(r"\nabla"), tokens(rule.by)[0]
            said = numerical_jacobian(
                lambda x, inner=inner, name=name, letters=letters: value(
                    inner, letters | {name: x}
                ).item(),
                letters[name],
            )
            assert_close(said, rule.f(*arguments), 1e-7)
        else:
            assert_close(value(rule.formula, letters), rule.f(*arguments))


@pytest.mark.parametrize("rule", ALL)
def test_the_result_says_what_the_derivative_computes(rule):
    for seed in range(4):
        arguments = inputs(rule, seed)
        letters, right = letters_of(rule, arguments), np.asarray(rule.derivative(*arguments))
        if rule.result.startswith("D_"):
            indices = rule.result[3 : rule.result.index("}")]
            letters["sizes"] = dict(zip(indices, right.shape, strict=True))
        assert_close(value(rule.result, letters), right)
        if right.ndim > 2:  # the matrix of the column-major vec
            outputs = right.ndim - np.ndim(arguments[0])
            shape = (np.prod(right.shape[:outputs]), -1)
            backwards = [*range(outputs)[::-1], *range(outputs, right.ndim)[::-1]]
            other = right.transpose(backwards).reshape(shape)
        else:
            other = right.T if right.ndim == 2 else right[None] if right.ndim else right
        if rule.other:
            said = value(rule.other, letters)
            assert said.shape == other.shape
            assert_close(said, other)
        else:
            assert right.ndim <= 2 and np.allclose(right, right.T), "the other layout differs"


def assert_close(said, computed, tolerance=1e-9):
    said, computed = np.asarray(said), np.asarray(computed)
    assert said.size == computed.size
    assert said.ndim == computed.ndim or computed.ndim < 2
    np.testing.assert_allclose(said.reshape(computed.shape), computed, tolerance, tolerance)


@pytest.mark.parametrize("rule", ALL)
def test_the_shapes_and_conditions_are_those_of_the_inputs(rule):
    for seed in range(4):
        letters, sizes = letters_of(rule, inputs(rule, seed)), {}
        for part in rule.shapes.split("; "):
            names, shape = part.split(": ")
            for name in filter(str.isalpha, tokens(names)):
                for size, length in zip(
                    shape.split(r" \times "), letters[name].shape, strict=False
                ):
                    assert size == "1" or sizes.setdefault(size, length) == length
        arguments = {name for name in inspect.signature(rule.f).parameters if name != "s"}
        told = set(filter(str.isalpha, tokens(rule.shapes))) | set(tokens(rule.condition))
        assert arguments - {"x" if "vec" in rule.name else ""} <= told
        for condition in filter(None, rule.condition.split("; ")):
            if not re.search(r"\\in|\\dots|\\operatorname|\(t\)", condition):
                assert holds(condition, letters), condition


def holds(condition, letters):
    parts = re.split(r" (=|\\neq|>|\\succ) ", condition)
    for left, relation, right in zip(parts[::2], parts[1::2], parts[2::2], strict=False):
        a, b = value(left, letters), value(right, letters)
        met = {
            "=": lambda a, b: np.allclose(a, b),
            r"\neq": lambda a, b: not np.allclose(a, b),
            ">": lambda a, b: np.all(a > b),
            r"\succ": lambda a, b: np.linalg.eigvalsh(a).min() > b,
        }[relation](a, b)
        if not met:
            return False
    return True


@pytest.mark.slow
@pytest.mark.parametrize("rule", ALL)
def test_the_latex_has_no_words_and_can_be_drawn(rule):
    for text in (rule.formula, rule.by, rule.result, rule.other, rule.shapes, rule.condition):
        assert text.count("{") == text.count("}") and "$" not in text and r"\text" not in text
        operators = set(re.findall(r"\\operatorname\{(\w+)\}", text))
        assert operators <= {"adj", "diag", "tr", "tril", "vec", "vech"}
        assert not re.search(r"(?<!\\)\b[a-zA-Z]{5,}", re.sub(r"\\[A-Za-z]+(\{\w+\})?", " ", text))
        if text:
            text = re.sub(r"mathbf ([a-z0-9])", r"mathbf{\1}", text)
            draw("$" + re.sub(r"\\[lr](vert|Vert)", r"\\\1 ", text) + "$")


draw = cache(MathTextParser("path").parse)  # rules share their shapes and conditions


SOURCES = {
    **{"MC": range(33, 143), "MN": (2, 8, 9, 10, 15), "GV": (7, 8), "HI": (3, 6, 10)},
    **{"Bishop": (3, 4, 5), "BV": ("A", 3), "Parr": [2018]},
    **{"Ba": [2016], "Bai": [2019], "Giles": [2008], "Golub": [1973], "Murray": [2016]},
    **{"Vaswani": [2017], "Watson": [1992]},
}


def test_every_rule_has_a_source_a_chapter_an_equation_or_an_article_on_derivatives():
    for section in RULES.values():
        for one in section:
            for source in one.source.split("; "):
                book, number = source.split()
                assert (int(number) if number.isdigit() else number) in SOURCES[book], one.name


def test_every_field_of_a_rule_is_explained():
    for name in Rule.__dataclass_fields__:
        assert re.search(rf"\b{name}\b", Rule.__doc__), name
