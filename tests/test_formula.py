"""differentiate gives right formulas as a person writes them, or says in a sentence why not."""

import re

import numpy as np
import pytest
from numpy.linalg import det, inv, norm, slogdet, solve

from mathutils import check_derivative, differentiate
from mathutils.course import RULES
from mathutils.derivative import numerical_jacobian
from mathutils.formula import NoFormula, _found, _moved, _recorded
from mathutils.letters import algebra
from mathutils.letters.operations import WRITTEN
from mathutils.letters.record import Letter, Names, walk
from mathutils.letters.shorten import expanded, gathered, shortest
from mathutils.letters.walk import backward, spelled
from mathutils.vjp import VJP
from tests.expressions import expressions
from tests.latex import letters_of, value
from tests.programs import function, program
from tests.spelled import Code, run

RNG = np.random.default_rng(0)
A, B, S, X = RNG.normal(size=(4, 3, 3))
P, Q = RNG.normal(size=(2, 3)), RNG.normal(size=(3, 2))
K = X @ X.T + np.eye(3)
a, x, y = RNG.normal(size=(3, 3))
b = RNG.normal(size=2)
alpha, W1 = 0.1, RNG.normal(size=(4, 3))
mask, rows = B > 0, np.array([True, False, True])


# The 120 expressions


def is_to_a_number(one):
    return np.shape(one.f(*one.inputs(np.random.default_rng(2), 2, 3))) == ()


WITHOUT = {"spectral-norm", "largest-eigenvalue", "log-det-symmetric", "trace-symmetric"}


@pytest.mark.parametrize("one", expressions(), ids=lambda one: one.name)
def test_the_expressions_are_right_at_another_point_too(one):
    arguments = one.inputs(np.random.default_rng(5))
    if one.name in WITHOUT:
        with pytest.raises(NoFormula):
            differentiate(one.f, *arguments, symmetric=one.symmetric)
        return
    formula = differentiate(one.f, *arguments, symmetric=one.symmetric)
    start, *rest = arguments
    there = start * np.random.default_rng(0).uniform(0.95, 1.05, np.shape(start))
    there = (there + there.T) / 2 if one.symmetric and np.ndim(there) == 2 else there
    assert check_derivative(lambda z: one.f(z, *rest), formula, there)
    if one.rule:
        np.testing.assert_allclose(formula(start), one.rule.derivative(*arguments), rtol=1e-9)


OTHERS = [
    one
    for rules in RULES.values()
    for one in rules
    if one.name not in {e.name for e in expressions()} and is_to_a_number(one)
]


@pytest.mark.parametrize("one", OTHERS, ids=lambda one: one.name)
def test_the_table_leads_to_the_derivative_of_every_other_rule_of_a_number(one):
    arguments = one.inputs(np.random.default_rng(2), 2, 3)
    try:
        formula = differentiate(one.f, *arguments)
    except NoFormula as reason:
        assert re.search("has no rule|numbers beyond|grows beyond", str(reason))
        return
    wanted = one.derivative(*arguments)
    np.testing.assert_allclose(formula(arguments[0]), wanted, rtol=1e-9, atol=1e-12)


def test_there_are_120_with_four_groups_and_functions_to_a_number():
    groups = [one.group for one in expressions()]
    assert len(groups) == 120 == len({one.name for one in expressions()})
    assert groups.count("composed") == 40 and groups.count("catalogue") >= 50
    for one in expressions():
        assert np.shape(one.f(*one.inputs(np.random.default_rng(1)))) == ()


READABLE = [
    one
    for one in expressions()
    if one.rule and one.name not in WITHOUT | {"log-sum-exp", "cross-entropy", "logistic"}
]


@pytest.mark.parametrize("one", READABLE, ids=lambda one: one.name)
def test_the_latex_means_what_is_computed(one):
    arguments = one.rule.inputs(np.random.default_rng(3), 3, 4)
    formula = differentiate(one.f, *arguments, symmetric=one.symmetric)
    letters = letters_of(one.rule, arguments)
    latex = re.sub(r"(\\tanh\([^()]*\))\^\{\\odot 2\}", r"(\1 \\odot \1)", formula.latex)
    found = value(latex, letters)
    np.testing.assert_allclose(np.ravel(found), np.ravel(formula(arguments[0])), rtol=1e-9)


# As a person writes them


def of_entries(p):
    u, v, w = p
    return u * v * w


def log_softmax(Z):
    Z = Z - np.max(Z, axis=-1, keepdims=True)
    return Z - np.log(np.sum(np.exp(Z), axis=-1, keepdims=True))


def softmax(Z):
    E = np.exp(Z - np.max(Z, axis=-1, keepdims=True))
    return E / np.sum(E, axis=-1, keepdims=True)


def cross_entropy(w):
    s = 1 / (1 + np.exp(-P @ w))
    return -np.sum(b * np.log(s) + (1 - b) * np.log(1 - s))


def quadratic(p):
    x, y = p
    return 2 * x**2 + 6 * x * y + 7 * y**2 - 26 * x - 54 * y + 107


def residual(w):
    return P @ w - P @ y


TEXTS = [
    (lambda X: a @ inv(X) @ y, X, "-X⁻ᵀ a yᵀ X⁻ᵀ"),
    (of_entries, x, "(v w, u w, u v)"),
    (quadratic, x[:2], "(4 x + 6 y - 26, 6 x + 14 y - 54)"),
    (lambda x: x[0] * x[1] * x[2], x, "(x₂ x₃, x₁ x₃, x₁ x₂)"),
    (lambda x: x[0] ** 2 + x[1], x, "(2 x₁, 1, 0)"),
    (np.prod, x, "(a₂ a₃, a₁ a₃, a₁ a₂)"),
    (lambda X: X[0, 0] * X[1, 1] - X[0, 1] * X[1, 0], X[:2, :2], "[[X₂₂, -X₂₁], [-X₁₂, X₁₁]]"),
    (lambda x: x @ A @ x, x, "(A + Aᵀ) x"),
    (lambda x: A @ x @ x, x, "(A + Aᵀ) x"),
    (lambda x: x @ A.T @ A @ x, x, "2 Aᵀ A x"),
    (lambda x: np.sum((P @ x - P @ y) ** 2), x, "2 Pᵀ P (x - y)"),
    (lambda x: norm(P @ x - b), x, "Pᵀ (P x - b) / ‖P x - b‖"),
    (lambda x: norm(x), x, "x / ‖x‖"),
    (lambda X: norm(X) ** 2, X, "2 X"),
    (lambda w: residual(w) @ residual(w), x, "2 Pᵀ P (w - y)"),
    (lambda w: np.sum(residual(w) + P @ w), x, "2 Pᵀ 1"),
    (lambda X: np.trace(A @ X @ B), X, "Aᵀ Bᵀ"),
    (lambda X: np.linalg.trace(X @ B @ A), X, "Aᵀ Bᵀ"),
    (lambda X: np.trace(X.T @ X), X, "2 X"),
    (lambda X: np.trace(X @ X), X, "2 Xᵀ"),
    (lambda X: np.sum(X.T * A), X, "Aᵀ"),
    (lambda X: np.trace(A @ X @ np.eye(3) @ inv(X) @ X), X, "Aᵀ"),
    (lambda X: np.log(det(X @ X)) / 2, X, "X⁻ᵀ"),
    (lambda X: slogdet(X)[1], X, "X⁻ᵀ"),
    (lambda X: det(X), X, "det(X) X⁻ᵀ"),
    (lambda X: slogdet(Q.T @ X @ Q)[1], X, "Q (Qᵀ X Q)⁻ᵀ Qᵀ"),
    (lambda X: np.sum(solve(X, A) ** 2), X, "-2 X⁻ᵀ X⁻¹ A Aᵀ X⁻ᵀ"),
    (lambda x: np.log(np.sum(np.exp(x - x.max()))) + x.max(), x, "softmax(x)"),
    (lambda x: np.logaddexp.reduce(x), x, "softmax(x)"),
    (lambda z: -y @ log_softmax(z), x, "(1ᵀ y) softmax(z) - y"),
    (lambda M: -np.sum(A * log_softmax(B @ M)), X, "Bᵀ (diag(A 1) softmax(B M) - A)"),
    (lambda X: np.sum(np.log(np.sum(np.exp(X), axis=0))), P, "softmax(Xᵀ)ᵀ"),
    (lambda M: np.sum(A * softmax(B @ M)), X,
     "Bᵀ (softmax(B M) ⊙ (A - (A ⊙ softmax(B M)) 1 1ᵀ))"),
    (lambda M: -np.sum(A * np.log(softmax(M))), X, "diag(A 1) softmax(M) - A"),
    (lambda M: np.sum(A * softmax(M.T / np.sqrt(2)).T), X,
     "0.707107 (softmax(0.707107 Mᵀ)ᵀ ⊙ (A - 1 1ᵀ (A ⊙ softmax(0.707107 Mᵀ)ᵀ)))"),
    (lambda x: np.sum(np.exp(x - np.log(np.sum(np.exp(x)))) * y), x,
     "softmax(x) ⊙ (y - (yᵀ softmax(x)) 1)"),
    (lambda x: np.log(np.sum(np.exp(2 * x - 2 * np.max(x)))) / 2 + np.max(x), x, "softmax(2 x)"),
    (lambda t: np.sum(np.logaddexp(0, P @ y + t)), 0.4, "1ᵀ σ(P y + t 1)"),
    (cross_entropy, x, "Pᵀ (σ(P w) - b)"),
    (lambda x: sum((row - x) @ (row - x) for row in P), x, "4 x - 2 Pᵀ (e₁ + e₂)"),
    (lambda x: np.sum(x * (x > 0.1)), x, "[x > 0.1]"),
    (lambda X: np.sum(np.where(mask, X**2, X)), X, "2 (mask ⊙ X) + 1 1ᵀ - mask"),
    (lambda X: np.sum(X[rows] ** 2), X, "2 I[1,3]ᵀ I[1,3] X"),
    (lambda x: np.sum(np.abs(x) ** 2), x, "2 x"),
    (lambda X: np.log(abs(det(X))) + abs(det(X)), X, "(1 + |det(X)|) X⁻ᵀ"),
    (lambda x: np.prod(x) ** (1 / 3), abs(x[:2]),
     "(x₂^(1/3) / (3 x₁^(2/3)), x₁^(1/3) / (3 x₂^(2/3)))"),
    (lambda x: np.sum(np.sign(x) * x), x, "sign(x)"),
    (lambda x: np.sum(np.where((x > -5) & ~(x > 5), x, 0)), x, "[x > -5] ⊙ [x ≤ 5]"),
    (lambda X: np.sum((X - X.sum(axis=0, keepdims=True)) * P), Q.T, "P - 1 1ᵀ P"),
    (lambda X: slogdet(X)[1] ** 2, -abs(det(X)) / det(X) * X, "2 log(|det(X)|) X⁻ᵀ"),
    (lambda x: np.var(x, ddof=1), x, "x - 1/3 (1ᵀ x) 1"),
    (lambda X: np.trace(np.linalg.matrix_power(X, -2)), X, "-2 (X⁻ᵀ)³"),
    (lambda X: np.sum(np.exp(X) / np.sum(np.exp(X), axis=0) * P), Q.T,
     "softmax(Xᵀ)ᵀ ⊙ (P - 1 1ᵀ (P ⊙ softmax(Xᵀ)ᵀ))"),
    (lambda X: np.sum(np.einsum("ij->ji", X) @ X * A), X, "X (A + Aᵀ)"),
    (lambda X: np.einsum("ij,kj->ki", X, A)[0, 1], X, "e₂ e₁ᵀ A"),
    (lambda X: np.sum(np.einsum("ij,i->ij", X, a) * A), X, "diag(a) A"),
    (lambda X: np.sum(np.einsum("ij,ji->ij", X, A) * B), X, "B ⊙ Aᵀ"),
    (lambda x: np.log1p(x @ x) + np.expm1(a @ x), x, "2 x / (1 + ‖x‖²) + exp(aᵀ x) a"),
    (lambda t: np.log(np.expm1(t)), 0.7, "exp(t) / (exp(t) - 1)"),
    (lambda X: np.ravel(X, "F") @ np.ravel(Q), P, "Qᵀ"),
    (lambda X: np.inner(X, A)[0, 1], X, "e₁ e₂ᵀ A"),
    (lambda X: np.vecdot(X, A) @ a, X, "diag(a) A"),
    (lambda x: np.sum(np.reciprocal(x) + np.positive(x)), x, "1 - 1 ⊘ (x ⊙ x)"),
    (lambda x: np.sum(x * np.logical_and(x > -1, x < 1)), x, "[x > -1] ⊙ [x < 1]"),
    (lambda x: np.trace(P * x), x, "(I[1:2]ᵀ ⊙ Pᵀ) 1"),
    (lambda X: np.sum(np.einsum("ij,ik->jk", X, A) * B), X, "A Bᵀ"),
    (lambda x: np.kron(x, a) @ np.ravel(A), x, "A a"),
    (lambda x: y @ np.kron(x, A) @ np.ones(9), x, "(yᵀ A 1) 1"),
    (lambda x: np.sum(np.where(x == 0.5, 2 * x, x)), x, "2 [x = 1/2] + [x ≠ 1/2]"),
    (lambda X: (np.exp(X) / np.sum(np.exp(X)) @ y).item(), x[None, :],
     "(softmax(Xᵀ) ⊙ (y - (yᵀ softmax(Xᵀ)) 1))ᵀ"),
    (lambda x: np.sum(np.clip(x, -0.5, 0.5)), x, "[x > -1/2] - [x > 1/2]"),
    (lambda x: (x @ A @ x.T).item(), x[None, :], "x (A + Aᵀ)"),
    (lambda X: np.sum(norm(X, 1, axis=1)), X, "sign(X)"),
    (lambda S: np.sum((P - a) @ S * (P - a)), X, "(1 aᵀ - P)ᵀ (1 aᵀ - P)"),
    (lambda X: np.sum(np.max(X, axis=1)), P, "[X = rowmax(X) 1ᵀ]"),
    (lambda X: np.sum(X.min(axis=0)), P, "[X = 1 rowmin(Xᵀ)ᵀ]"),
    (lambda x: np.sum(np.sqrt(x**2)), x, "x ⊘ √(x ⊙ x)"),
    (lambda x: np.sum(1 / (1 + np.exp(-x))), x, "σ(x) ⊙ σ(-x)"),
    (lambda x: np.sum(np.logaddexp(0, x)), x, "σ(x)"),
    (lambda W: a @ np.tanh(W @ x), X, "(a ⊙ (1 - tanh(W x)^⊙2)) xᵀ"),
    (lambda x: np.einsum("i,ij,j->", x, A, x), x, "(A + Aᵀ) x"),
    (lambda X: np.einsum("ij,ij", X, X), X, "2 X"),
    (lambda X: np.sum(np.kron(A, X) ** 2), P, "2 ‖A‖² X"),
    (lambda x: np.sum(abs(x)), x, "sign(x)"),
    (lambda x: np.sum(abs(x)) ** 2, x, "2 ‖x‖₁ sign(x)"),
    (lambda x: np.mean(x**3), x, "x ⊙ x"),
    (lambda x: alpha * x @ x, x, "2 α x"),
    (lambda x: np.sum(W1 @ x), x, "W₁ᵀ 1"),
    (lambda X: np.mean((X - X.mean(axis=0)) ** 2), X, "2/9 X - 2/27 1 1ᵀ X"),
    (lambda t: np.exp(-t * t), 0.7, "-2 t exp(-t²)"),
    (lambda X: np.sum(X * a), X, "1 aᵀ"),
    (lambda X: np.sum(X * a[:, None]), X, "a 1ᵀ"),
    (lambda X: np.trace(X @ np.diag(a)), X, "diag(a)"),
    (lambda x: 3.0, x, "0"),
    (lambda x: x[1:] @ x[1:], x, "2 I[2:3]ᵀ I[2:3] x"),
    (lambda x: x[1:] @ x[1:], W1[:, 0], "2 I[2:4]ᵀ I[2:4] x"),
    (lambda x: x[[0, 2]] @ b, x, "I[1,3]ᵀ b"),
    (lambda X: np.sum(X**3), RNG.normal(size=(2, 3, 2)), "3 (X ⊙ X)"),
    (lambda t: t**3 - 2 * t + 1, 0.3, "3 t² - 2"),
    (lambda x: np.sum(x**alpha), abs(x), "α x^⊙(α - 1)"),
    (lambda X: np.trace(np.eye(3) - X) ** 2, X, "2 (tr(X) - 3) I"),
]  # fmt: skip


@pytest.mark.parametrize(("f", "start", "text"), TEXTS, ids=lambda x: x if type(x) is str else "")
def test_formulas_are_short(f, start, text):
    assert differentiate(f, start).text == text


def test_the_gradient_is_said_of_f_and_its_letter():
    assert repr(differentiate(lambda X: np.trace(X), X)) == "∇f(X) = I"
    assert repr(differentiate(of_entries, x)).startswith("∇of_entries(p) = ")
    formula = differentiate(lambda x: x @ A @ x, x)
    assert repr(formula) == "∇f(x) = (A + Aᵀ) x\nA = Aᵀ: 2 A x"
    assert formula.conditions == {"A = Aᵀ": "2 A x"}
    assert formula._repr_latex_() == (
        r"$$\nabla f(\mathbf x) = (A + A^{\top})\mathbf x \qquad (A = A^{\top}: \; 2A\mathbf x)$$"
    )


def test_a_condition_has_the_letter_in_plain_text_and_in_latex():
    Sigma = A
    formula = differentiate(lambda x: x @ Sigma @ x, x)
    assert formula.conditions == {"Σ = Σᵀ": "2 Σ x"}
    assert r"(\Sigma  = \Sigma ^{\top}: \; 2\Sigma \mathbf x)" in formula._repr_latex_()


def test_a_constant_without_a_name_is_told():
    formula = differentiate(lambda x: np.sum((x - np.array([1, 2, 3])) ** 2), x)
    assert repr(formula) == "∇f(x) = 2 x - 2 c₁\nc₁ = (1, 2, 3)"
    assert r"\mathbf c_{1} = \begin{pmatrix} 1 \\ 2 \\ 3 \end{pmatrix}" in formula._repr_latex_()

    box = {"turned": A.T.copy(), "other": np.vander([1, 2, 4])}
    both = differentiate(lambda x: a @ A @ x + a @ box["turned"] @ x, x)
    assert both.text == "(A + Aᵀ) a"
    beside = differentiate(lambda x: a @ A @ x + a @ box["other"] @ x, x)
    assert beside.text == "(A + C₁)ᵀ a"

    large = differentiate(lambda X: np.sum(X * np.vander([1, 2, 3])), X)
    assert repr(large) == "∇f(X) = C₁\nC₁: 3 × 3"
    assert r"C_{1}: 3 \times 3" in large._repr_latex_()


# Symmetry


def test_symmetry_is_used_where_it_is_declared_and_only_there():
    assert differentiate(lambda x: x @ K @ x, x).text == "(K + Kᵀ) x"
    assert differentiate(lambda x: x @ K @ x, x, symmetric="K").text == "2 K x"
    f = lambda S: slogdet(S)[1] + x @ inv(S) @ x  # noqa: E731
    assert differentiate(f, K, symmetric=("S",)).text == "S⁻¹ - S⁻¹ x xᵀ S⁻¹"
    assert differentiate(f, K).text == "(S⁻¹ - S⁻¹ x xᵀ S⁻¹)ᵀ"


def test_what_is_said_to_be_symmetric_has_to_be():
    with pytest.raises(NoFormula, match="A is said to be symmetric"):
        differentiate(lambda x: x @ A @ x, x, symmetric="A")
    with pytest.raises(NoFormula, match="no matrix of this name: Z"):
        differentiate(lambda x: x @ A @ x, x, symmetric="Z")


# Names


def test_names_come_from_arguments_closures_defaults_and_helpers():
    def inside():
        M, v = A.copy(), a.copy()
        return lambda x, u=y: x @ M @ v + u @ x

    assert differentiate(inside(), x).text == "M v + u"
    assert differentiate(lambda x, M, v: x @ M @ v, x, A, y).text == "M v"

    def repeated(x, n):
        return x @ x if n == 0 else repeated(2 * x, n - 1)

    assert differentiate(lambda x: repeated(x, 2), x).text == "32 x"
    assert differentiate(lambda x, *, u=y: u @ x, x).text == "u"
    assert differentiate(lambda w: norm(residual(w)) ** 2, x).text == "2 Pᵀ P (w - y)"


def test_an_array_equal_to_what_moves_stands_still():
    start = x.copy()
    formula = differentiate(lambda x: np.sum((x - start) ** 2), x)
    assert formula.text == "2 x - 2 start"
    listed = x.tolist()
    unnamed = differentiate(lambda z: np.sum((z - np.array(listed)) ** 2), x)
    assert unnamed.text == "2 z - 2 c₁"

    def of_the_outer_x():
        return x

    assert differentiate(lambda x: x @ of_the_outer_x(), x).text == "x₀"


def test_entries_keep_their_numbers_where_a_name_is_taken():
    def f(p):
        a, v, w = p
        return a * v + w * (W1[0] @ x)

    assert "p₁" not in differentiate(f, x).text
    assert differentiate(lambda p: sum(of_entries(q) for q in [p]), x).text == "(v w, u w, u v)"


def test_the_identity_and_its_columns_get_out_of_the_way():
    I, e, v1 = A, x, y  # noqa: E741
    assert differentiate(lambda X: np.trace(X) + np.trace(I @ X), X).text == "E + Iᵀ"
    assert differentiate(lambda x: x[0] ** 2 + e @ x, x).text == "2 x₁ d₁ + e"
    assert repr(differentiate(lambda x: v1 @ x, x).steps).startswith("u₁   v₁ᵀ x")


def test_the_text_does_not_depend_on_what_came_before():
    texts = [differentiate(f, start).text for f, start, _ in TEXTS[:6]]
    again = [differentiate(f, start).text for f, start, _ in reversed(TEXTS[:6])]
    assert texts == again[::-1]
    assert Names.known == {} == Names.entries


# What is shown beside the formula


def test_steps_go_forwards_and_back():
    formula = differentiate(lambda x: np.sum((P @ x - P @ y) ** 2), x)
    assert repr(formula.steps).splitlines() == [
        "v₁   P x           (2,)",
        "v₂   v₁ - P y      (2,)",
        "v₃   v₂ ⊙ v₂       (2,)",
        "v₄   1ᵀ v₃         ()",
        "v̄₄   1             ()",
        "v̄₃   1             (2,)",
        "v̄₂   2 (v̄₃ ⊙ v₂)   (2,)",
        "v̄₁   v̄₂            (2,)",
        "x̄    Pᵀ v̄₁         (3,)",
    ]
    assert r"| $\bar{\mathbf v}_{1}$ |" in formula.steps._repr_markdown_()


def test_a_cotangent_that_comes_from_two_sides_is_their_sum():
    formula = differentiate(lambda x: (x @ A) @ x, x)
    assert "x̄    A v̄₁ + v₁" in repr(formula.steps)


def test_in_a_row_of_the_way_back_each_node_has_its_term():
    def f(X):
        Y = X.T
        return a[:2] @ np.linalg.inv(Y @ X) @ a[:2]

    assert "X̄    v̄₁ᵀ + v₁ᵀ v̄₂" in repr(differentiate(f, Q).steps)


def test_the_numerator_layout_is_the_transpose():
    formula = differentiate(lambda x: x @ A @ a, x)
    assert repr(formula.layouts).splitlines() == [
        "gradient, or denominator layout   A a     (3,)",
        "numerator layout                  aᵀ Aᵀ   (1, 3)",
    ]
    assert r"| $\text{numerator layout}$ |" in formula.layouts._repr_markdown_()
    assert "(2, 3)" in repr(differentiate(lambda X: np.trace(X @ P), Q).layouts)
    assert len(differentiate(lambda t: t**2, 1.5).layouts.rows) == 1


def test_a_formula_is_a_function_of_x():
    formula = differentiate(lambda X: np.trace(X @ P), Q)
    assert formula(Q).shape == (3, 2)
    np.testing.assert_array_equal(formula(Q.tolist()), P.T)
    with pytest.raises(ValueError, match=re.escape("for shape (3, 2), and got shape (2, 3)")):
        formula(P)
    assert differentiate(lambda t: t**3, 2.0)(2).shape == ()


# Nothing wrong is shown


RIGHT = {np.sin: -1, np.matmul: 2, np.linalg.inv: -1, np.linalg.det: 0.5, np.sum: -1}


@pytest.mark.parametrize(("function", "factor"), RIGHT.items(), ids=[f.__name__ for f in RIGHT])
def test_a_wrong_rule_leads_to_no_formula(monkeypatch, function, factor):
    rule = VJP[function]

    def wrong(*args, **options):
        return tuple(factor * part for part in rule(*args, **options))

    monkeypatch.setitem(VJP, function, wrong)
    with pytest.raises(NoFormula, match="not shown"):
        differentiate(lambda X: np.sum(np.sin(A @ inv(X))) + det(X), X)


def test_a_formula_right_at_the_input_alone_is_not_shown():
    def switched(x):  # it looks behind the letter, so that nobody sees the branch
        first = float(x.value[0] if isinstance(x, Letter) else x[0])
        return x @ x if abs(first - 0.5) < 0.1 else 3 * (x @ x)

    with pytest.raises(NoFormula, match="not shown"):
        differentiate(switched, np.array([0.5, 1.0]))


@pytest.mark.parametrize("size", [0.3, 0.003])
def test_the_second_point_is_a_part_of_the_size_away(size):
    for there, is_symmetric in ((A, False), (K, True), (x, False)):
        away = _moved(there, size, is_symmetric) - there
        parts = abs(away) / np.maximum(abs(there), np.sqrt(np.mean(there**2)))
        assert np.max(parts) <= size * (1 + 1e-9)
        assert np.max(parts) > size / 2
        assert not is_symmetric or np.array_equal(away, away.T)


def test_an_array_changed_in_place_is_noticed():
    def f(x):
        z = x
        z += 1
        return x @ x

    assert "not shown" in complaint(f, x)


# Errors are sentences


def complaint(f, *inputs):
    with pytest.raises(NoFormula) as caught:
        differentiate(f, *inputs)
    return str(caught.value)


def writing(x):
    found = np.zeros(3)
    for k in range(3):
        found[k] = x[k] ** 2
    return np.sum(found)


def looping(x):
    y = x
    for _ in range(200):
        y = np.tanh(A @ y) + y
    return y @ y


SENTENCES = [
    (looping, "grows beyond what anyone can read"),
    (lambda x: np.sum(np.sort(x)), "sort has no rule"),
    (lambda x: np.sum(np.cumsum(x)), "cumsum has no rule"),
    (lambda x: np.sum(np.add.accumulate(x)), "add.accumulate has no rule"),
    (lambda x: x @ x if x[0] > 0 else x[0], "a formula has no branches"),
    (lambda x: max(x), "a formula has no branches"),
    (lambda x: sum(x[k] for k in range(x[0])), "takes the number out of an entry"),
    (lambda x: float(x[0]), "takes the number out of an entry"),
    (lambda x: np.sum(np.array([x[0], x[1]])), "puts letters into an array"),
    (writing, "puts letters into an array"),
    (lambda x: np.sum(x[x > 0]), "np.where has one"),
    (lambda x: np.sum(np.outer(x, x)[[0, 1], [1, 2]]), "the index [0, 1], [1, 2] has no rule"),
    (lambda x: np.sum(np.sin(np.kron(np.outer(x, x), A))), "np.kron cannot be written"),
    (lambda x: A @ x, "f(x) has shape (3,)"),
    (lambda x: norm(x, np.inf), "norm(…, ord=inf) has no rule"),
    (lambda x: np.sum(np.prod(np.outer(x, x), axis=0)), "prod(…, axis=0) has no rule"),
    (lambda x: np.sum(np.stack([x, x])), "stack has no rule"),
    (lambda x: np.sum(x, where=x > 0), "sum(…, where=…) has no rule"),
    (lambda x: np.where(x > 0)[0][0] * x[0], "where(…) has no rule"),
    (lambda x: np.sum(np.outer(x, x).transpose(1, 0)), "transpose(…, 1, 0) has no rule"),
    (lambda x: norm(np.outer(x, x), 2, axis=(0, 1)), "norm(…, ord=2) has no rule"),
    (lambda x: np.sum(np.ones((2, 3, 3)) @ x), "three or more axes"),
    (lambda x: np.sum(inv(np.array([K, A]) * x)), "three or more axes"),
    (lambda x: det(np.outer(x, x)), "singular"),
    (lambda x: np.sum(inv(np.ones((3, 3)) * x[0])), "Singular"),
    (lambda x: np.sum(x * 1j).real, "dtype complex128"),
]


@pytest.mark.parametrize(("f", "part"), SENTENCES, ids=[part for _, part in SENTENCES])
def test_what_has_no_formula_is_told_in_a_sentence(f, part):
    assert part in complaint(f, x)


def test_a_kink_and_a_singular_matrix_are_told():
    assert "kink" in complaint(lambda x: np.sum(abs(x)), np.array([0.0, 1.0]))
    assert "Singular" in complaint(lambda X: np.sum(inv(X)), np.ones((2, 2)))
    assert "singular" in complaint(lambda X: det(X), np.ones((2, 2)))
    assert "not confirmed" not in complaint(lambda x: norm(x), np.zeros(2))


def test_bad_arguments_are_told():
    with pytest.raises(TypeError, match="f is a str, but a function is wanted"):
        differentiate("f", x)
    with pytest.raises(TypeError, match="no input is given"):
        differentiate(lambda x: x @ x)
    with pytest.raises(TypeError, match="x has dtype"):
        differentiate(lambda x: x @ x, "abc")


# Laws


@pytest.mark.parametrize("seed", range(50))
def test_random_programs_have_a_right_formula_or_a_sentence(seed):
    code, arrays = program(seed)
    f, (start, *rest) = function(code, arrays), arrays.values()
    try:
        differentiate(f, start, *rest)
    except NoFormula as reason:
        if "not shown" not in str(reason):
            assert re.search("kron|singular|einsum|always 0", str(reason)), code
            return
        values = [np.asarray(value, dtype=float) for value in arrays.values()]
        formula = _found(f, list(arrays), values, ())
        if np.isfinite(formula(start)).all():  # then it cannot be measured
            verdict = check_derivative(lambda z: f(z, *rest), formula, start)
            assert verdict.status == "undecided", code


@pytest.mark.parametrize("seed", range(100, 160))
def test_what_is_written_has_the_value_of_what_is_computed(seed):
    code, arrays = program(seed)
    values = [np.asarray(value, dtype=float) for value in arrays.values()]
    with Names.of_one_function():
        try:
            result, start = _recorded(function(code, arrays), list(arrays), values)
            tape = walk(result)
            cotangents = backward(result, tape)
        except NoFormula:
            return
        numbers = {name: letter.value for name, letter in Names.known.items()}
    numbers = {name: x if x.ndim == 2 else x.reshape(-1, 1) for name, x in numbers.items()}
    letters = [*tape, *cotangents.values()]
    size = max(np.max(abs(letter.value), initial=1) for letter in letters)
    if size > 1e9:  # exp of so much loses all digits
        return
    for letter in letters:
        same(letter.expression, numbers, letter.value, size)
    gradient = cotangents.get(id(start))
    if gradient is not None and algebra.pairs(gradient.expression):
        short = shortest(gradient.expression)
        np.testing.assert_allclose(
            run(spelled(short, Code()), numbers),
            algebra.value(short, numbers),
            rtol=1e-6,
            atol=1e-9,
        )
        for form in (gathered, expanded, shortest):
            same(form(gradient.expression), numbers, gradient.value, size)
        turned = algebra.transposed(algebra.transposed(gradient.expression))
        assert turned == gradient.expression


def same(expression, numbers, wanted, size):
    with np.errstate(all="ignore"):
        found = np.ravel(algebra.value(expression, numbers))
    bound = 1e-9 * size  # what cancels may have been as large as that
    np.testing.assert_allclose(found, np.ravel(wanted), 1e-7, bound, err_msg=expression)


@pytest.mark.parametrize("seed", range(3))
def test_a_sum_is_differentiated_term_by_term_and_a_multiple_as_often(seed):
    f, g = (lambda X: np.trace(A @ X @ X)), (lambda X: np.sum(np.sin(X)) * det(X))
    start = np.random.default_rng(seed).normal(size=(3, 3))
    both = differentiate(lambda X: 3 * f(X) - g(X), start)
    parts = 3 * differentiate(f, start)(start) - differentiate(g, start)(start)
    np.testing.assert_allclose(both(start), parts, rtol=1e-9)


# The table of VJPs, with numbers


def positive(*shape):
    return np.random.default_rng(len(shape)).uniform(0.5, 2, shape)


ENTRYWISE = "negative exp log sqrt sin cos tan arctan sinh cosh tanh absolute".split()
CALLS = {
    **{name: (getattr(np, name), (positive(2, 3) / 2,), {}) for name in ENTRYWISE},
    **{
        name: (getattr(np, name), (positive(2, 3), -positive(3)), {})
        for name in "add subtract multiply true_divide maximum minimum logaddexp".split()
    },
    **{
        name: (getattr(np, name), (P, Q.T), {})
        for name in "greater greater_equal less less_equal equal not_equal".split()
    },
    "sign": (np.sign, (P,), {}),
    "power": (np.power, (positive(3), positive(2, 3)), {}),
    "where": (np.where, (A[:2] > 0, positive(2, 3), A[:2]), {}),
    "softmax": ("softmax", (P,), {}),
    "softmax-1": ("softmax", (a,), {}),
    "max": (np.max, (A,), {}),
    "max-0": (np.max, (P,), {"axis": 0}),
    "min": (np.min, (A,), {}),
    "sum": (np.sum, (A,), {}),
    "sum-0": (np.sum, (P,), {"axis": 0}),
    "sum-1": (np.sum, (P,), {"axis": 1, "keepdims": True}),
    "prod": (np.prod, (P,), {}),
    "prod-zero": (np.prod, (np.array([2.0, 0.0, 3.0]),), {}),
    "prod-zeros": (np.prod, (np.array([2.0, 0.0, 3.0, 0.0]),), {}),
    "broadcast_to": (np.broadcast_to, (a,), {"shape": (2, 3)}),
    "transpose": (np.transpose, (P,), {}),
    "reshape": (np.reshape, (P,), {"shape": (3, 2)}),
    "diag": (np.diag, (a,), {}),
    "diagonal": (np.diag, (A,), {}),
    "matmul": (np.matmul, (P, Q), {}),
    "matmul-12": (np.matmul, (a, Q), {}),
    "matmul-21": (np.matmul, (P, a), {}),
    "matmul-11": (np.matmul, (a, x), {}),
    "outer": (np.outer, (a, b), {}),
    "kron": (np.kron, (P, A), {}),
    "trace": (np.trace, (A,), {}),
    "norm": (np.linalg.norm, (P,), {}),
    "inv": (np.linalg.inv, (A,), {}),
    "solve": (np.linalg.solve, (A, Q), {}),
    "solve-1": (np.linalg.solve, (A, a), {}),
    "det": (np.linalg.det, (A,), {}),
    "slogdet": (np.linalg.slogdet, (A,), {}),
    "getitem": ("getitem", (P,), {"index": (slice(None), 1)}),
}


@pytest.mark.parametrize("name", CALLS)
def test_the_table_holds_for_numbers(name):
    operation, args, options = CALLS[name]

    def call(*args):
        if operation == "getitem":
            return args[0][options["index"]]
        if operation == "softmax":
            return np.exp(args[0]) / np.sum(np.exp(args[0]), axis=-1, keepdims=True)
        result = operation(*args, **options)
        return result[1] if operation is np.linalg.slogdet else result

    out = call(*args)
    g = np.random.default_rng(7).normal(size=np.shape(out))
    parts = VJP[operation](g, out, *args, **options)
    for k, (arg, part) in enumerate(zip(args, parts, strict=True)):
        if np.asarray(arg).dtype == bool:
            assert part is None
            continue
        if part is None:
            assert np.array_equal(call(*args[:k], arg + 1e-6, *args[k + 1 :]), out)
            continue
        J = numerical_jacobian(lambda z, k=k: call(*args[:k], z, *args[k + 1 :]), arg)
        wanted = np.tensordot(g, J, np.ndim(g))
        np.testing.assert_allclose(part, wanted, rtol=1e-6, atol=1e-9)
        assert np.shape(part) == np.shape(arg)


def test_a_power_that_is_a_number_does_not_move():
    assert VJP[np.power](1.0, -8.0, -2.0, 3) == (12.0, None)


def test_every_rule_of_the_table_is_tested_and_written():
    assert {operation for operation, _, _ in CALLS.values()} == VJP.keys()
    assert VJP.keys() <= WRITTEN.keys()


def test_f_is_called_once_on_letters():
    calls = []

    def f(x):
        calls.append(type(x))
        return x @ x

    differentiate(f, x)
    assert calls.count(Letter) == 1
