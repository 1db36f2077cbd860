"""Measure accuracy and time beside SciPy, numdifftools and autograd, and write docs/benchmark.md.

Every ratio comes from one run on one machine. autograd, which works by the rules of calculus,
gives the true derivatives, to 1e-15 or better. It takes about four minutes.
"""

import argparse
import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # threads would make the times depend on other work

import platform
import subprocess
import sys
import time
import tomllib
import warnings
from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import geometric_mean, median

import autograd
import autograd.numpy
import numpy as np
from packaging.requirements import Requirement

from mathutils import (
    check_derivative,
    check_directional,
    numerical_gradient,
    numerical_hessian,
    numerical_jacobian,
)
from tests.claims import claims, decades, gradients, in_units
from tools import setup_venv
from tools.bench_functions import point, to_number, to_vector

SIZES = [2, 4, 8, 50, 300, 1000]
HESSIAN_SIZES = [2, 4, 8, 50]
LARGE = 300  # from here on numdifftools, which takes seconds, differentiates one function in three
FLOOR = 1e-17  # stands for an error of zero in a geometric mean
UNITS = [0, 3, 6]  # decades by which the unit of each entry is changed
LINEAR = ["a·x", "tr CᵀX", "cᵀXd"]

LOOP, MIXED, FROM_GRADIENT = "mathutils", "mathutils, mixed units", "mathutils from ∇f"
CHECK = "mathutils `check_derivative`"
NOTES, SCIPY, ND, AUTOGRAD = "notes' loop, step 1e-5", "SciPy", "numdifftools", "autograd"


@dataclass(frozen=True)
class Run:
    """One derivative by one method: its error as a share of the largest entry, its seconds."""

    kind: str
    n: int
    function: str
    method: str
    error: float
    seconds: float


# Accuracy and time


def race(kind, n, function, truth, calls):
    """Yield a run for each of the calls, functions without arguments that return a derivative."""
    for method, call in calls.items():
        value, seconds = timed(call)
        error = np.max(abs(np.reshape(value, truth.shape) - truth)) / np.max(abs(truth))
        yield Run(kind, n, function, method, float(error), seconds)


def timed(call, runs=5, budget=0.3):
    """Return what the call returns, and the median time of so many runs or of fewer slow ones."""
    times = []
    while len(times) < runs and sum(times) < budget:
        start = time.perf_counter()
        value = call()
        times.append(time.perf_counter() - start)
    return value, median(times)


def first_derivatives(n):
    """Yield the runs of gradients and of Jacobians for n entries."""
    x = point(n)
    for kind, functions, rule in [
        ("gradient", to_number, autograd.grad),
        ("Jacobian", to_vector, autograd.jacobian),
    ]:
        twins = functions(autograd.numpy, n)
        for number, (name, (f, _)) in enumerate(functions(np, n).items()):
            rules = rule(twins[name][0])
            calls = ways_to_differentiate(f, x, kind) | {AUTOGRAD: partial(rules, x)}
            if n >= LARGE and number % 3 < 2:
                del calls[ND]
            yield from race(kind, n, name, rules(x), calls)


def ways_to_differentiate(f, x, kind):
    import numdifftools as nd
    from scipy.optimize import approx_fprime

    units = decades(np.random.default_rng(x.size), x.shape, 6)
    ours = {"gradient": numerical_gradient, "Jacobian": numerical_jacobian}[kind]
    theirs = {"gradient": nd.Gradient, "Jacobian": nd.Jacobian}[kind]
    return {
        LOOP: lambda: ours(f, x),
        MIXED: lambda: ours(lambda v: f(v / units), x * units) * units,
        NOTES: lambda: notes_loop(f, x),
        SCIPY: lambda: approx_fprime(x, f),
        ND: lambda: theirs(f)(x),
    }


def second_derivatives(n):
    """Yield the runs of Hessians for n entries."""
    x, twins = point(n), to_number(autograd.numpy, n)
    for name, (f, gradient) in to_number(np, n).items():
        if name not in LINEAR:  # whose Hessian has no entry to compare with
            rules = autograd.hessian(twins[name][0])
            calls = ways_to_differentiate_twice(f, gradient, x) | {AUTOGRAD: partial(rules, x)}
            yield from race("Hessian", n, name, rules(x), calls)


def ways_to_differentiate_twice(f, gradient, x):
    import numdifftools as nd

    return {
        LOOP: lambda: numerical_hessian(f, x),
        FROM_GRADIENT: lambda: numerical_hessian(f, x, gradient),
        ND: lambda: nd.Hessian(f)(x),
    }


def notes_loop(f, x, step=1e-5):
    """Return the central differences of the lecture notes, entry by entry."""
    derivative = np.empty(np.shape(f(x)) + x.shape)
    for entry in np.ndindex(x.shape):
        after, before = x.copy(), x.copy()
        after[entry] += step
        before[entry] -= step
        derivative[(..., *entry)] = (f(after) - f(before)) / (2 * step)
    return derivative


def select(runs, kinds, method, sizes):
    """Return the runs by kind, size and function."""
    chosen = (r for r in runs if r.kind in kinds and r.method == method and r.n in sizes)
    return {(r.kind, r.n, r.function): r for r in chosen}


def ratio(runs, kinds, method, sizes, quantity):
    """Return the geometric mean of numdifftools' error or seconds over those of a method."""
    own, theirs = (select(runs, kinds, name, sizes) for name in (method, ND))
    both = [(theirs[key], own[key]) for key in theirs if key in own]
    return geometric_mean(
        max(getattr(a, quantity), FLOOR) / max(getattr(b, quantity), FLOOR) for a, b in both
    )


def errors(runs, kinds, method, sizes=SIZES):
    return [run.error for run in select(runs, kinds, method, sizes).values()]


# The directional check


def cost_of_directions(n=1000, tries=20):
    """Return the seconds that check_directional takes beside those of f itself."""
    a, x, calls = np.random.default_rng(1).normal(size=n), point(n), 0

    def f(x):
        nonlocal calls
        calls += 1
        return np.log(1 + x @ x) + a @ x

    def check():
        return check_directional(f, gradient, x)

    gradient = 2 * x / (1 + x @ x) + a
    whole = timed(check, tries)[1]
    calls = 0
    check()
    return whole - calls * timed(lambda: [f(x) for _ in range(100)], tries)[1] / 100


def missed_entries(n=1000, tries=100):
    """Return how often one entry off by 1e-4 of itself escapes the directional check."""
    missed = 0
    for seed in range(tries):
        rng = np.random.default_rng(seed)
        a, x = rng.normal(size=(2, n))
        claim, entry = 2 * x + a, rng.integers(n)
        claim[entry] *= 1 + 1e-4
        missed += check_directional(lambda x, a=a: x @ x + a @ x, claim, x).status == "right"
    return missed


# The checks on random claims


def judges():
    """Return the checks by name: each a function of a claim, true where it calls it right."""
    import numdifftools as nd
    from scipy.optimize import check_grad

    def flat(claim):
        return lambda x: claim.f(x.reshape(claim.x.shape)), claim.x.ravel()

    def numdifftools_check(claim):
        f, x = flat(claim)
        return np.allclose(nd.Gradient(f)(x), claim.value().ravel())

    def scipy_check(claim):
        f, x = flat(claim)
        return check_grad(f, lambda x: claim.value().ravel(), x) < 1e-6

    def pytorch_style(claim):
        """Compare central differences as torch.autograd.gradcheck does, with its tolerances."""
        measured = notes_loop(claim.f, claim.x, step=1e-6)
        return np.allclose(claim.value(), measured, rtol=1e-3, atol=1e-5)

    return {
        CHECK: lambda c: check_derivative(c.f, c.derivative, c.x).status,
        "notes' loop with `np.allclose`": lambda c: np.allclose(notes_loop(c.f, c.x), c.value()),
        "numdifftools with `np.allclose`": numdifftools_check,
        "SciPy `check_grad` < 1e-6": scipy_check,
        "as PyTorch's `gradcheck`": pytorch_style,
    }


def tally(count, most):
    """Return for each check how many right claims it called wrong, and so on, and its seconds.

    The unit of each entry of x is changed by a factor between 10^-most and 10^most.
    """
    counts, units = {name: Counter() for name in judges()}, np.random.default_rng(1)
    for claim in claims(np.random.default_rng(0), count, gradients):
        claim = in_units(claim, decades(units, claim.x.shape, most))
        for name, judge in judges().items():
            start = time.perf_counter()
            try:
                said = judge(claim)
            except Exception:  # some methods do not survive some units
                said = "undecided"
            counts[name]["seconds"] += time.perf_counter() - start
            said = said if isinstance(said, str) else "right" if said else "wrong"
            counts[name][said, claim.mistake is None] += 1
    return counts


# The page


def table(header, rows):
    """Return a table in Markdown; all columns but the first are aligned to the right."""
    lines = [header, ["---"] + ["--:"] * (len(header) - 1), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines) + "\n"


def accuracy_table(runs):
    rows = []
    for kind, methods in [
        ("gradient", [LOOP, MIXED, NOTES, SCIPY, ND]),
        ("Jacobian", [LOOP, MIXED, NOTES, SCIPY, ND]),
        ("Hessian", [LOOP, FROM_GRADIENT, ND]),
    ]:
        for method in methods:
            values = errors(runs, [kind], method)
            below = ratio(runs, [kind], method, SIZES, "error")
            rows.append(
                [kind, method, f"{median(values):.1e}", f"{max(values):.1e}", f"{below:.2g}"]
            )
    header = ["derivative", "method", "median error", "worst", "times below numdifftools"]
    return table(header, rows)


def time_table(runs, kinds, methods, sizes):
    rows = []
    for method in methods:
        rows.append(
            [method, *(f"{ratio(runs, kinds, method, [n], 'seconds'):.3g}" for n in sizes)]
        )
    taken = [
        geometric_mean(run.seconds for run in select(runs, kinds, ND, [n]).values()) * 1e3
        for n in sizes
    ]
    rows.append(["numdifftools takes, in ms", *(f"{ms:.3g}" for ms in taken)])
    return table(["times faster than numdifftools, n =", *sizes], rows)


def tally_table(counts, claim_count):
    rows = [
        [
            *(name, f"± {most}", count["wrong", True], count["right", False]),
            count["undecided", True] + count["undecided", False],
            f"{count['seconds'] / claim_count * 1e3:.2g}",
        ]
        for most in UNITS
        for name, count in counts[most].items()
    ]
    header = ["check", "decades", "right called wrong", "wrong passed", "undecided", "ms a claim"]
    return table(header, rows)


def goals(runs, counts, claim_count):
    """Return rows of a goal, what was reached, and whether that is enough."""
    first, hessian, small, large = ["gradient", "Jacobian"], ["Hessian"], [2, 4, 8], [300, 1000]
    ours = [counts[most][CHECK] for most in UNITS]
    false = sum(count["wrong", True] + count["right", False] for count in ours)
    undecided = max(count["undecided", True] + count["undecided", False] for count in ours)
    few, many, mixed = [2, 4, 8, 50], [300, 1000], errors(runs, first, MIXED)

    def lower(kinds):
        return ratio(runs, kinds, LOOP, SIZES, "error")

    def faster(kinds, method, sizes):
        return ratio(runs, kinds, method, sizes, "seconds")

    at_most = {
        "median error up to 50 entries": (median(errors(runs, first, LOOP, few)), 5e-15),
        "the same in mixed units": (median(errors(runs, first, MIXED, few)), 5e-15),
        "median error at 300–1000 entries": (median(errors(runs, first, LOOP, many)), 1e-12),
        "the same in mixed units ": (median(errors(runs, first, MIXED, many)), 1e-12),
        "worst error of gradients and Jacobians": (max(errors(runs, first, LOOP)), 5e-12),
        "the same in mixed units  ": (max(mixed), 5e-12),
        "worst error of Hessians": (max(errors(runs, hessian, LOOP)), 5e-11),
        "worst error of Hessians from ∇f": (max(errors(runs, hessian, FROM_GRADIENT)), 2e-13),
        "ms of `check_directional` beside f, n = 1000": (cost_of_directions() * 1e3, 3),
        "one entry of 1,000 off by 1e-4, missed of 100": (missed_entries(), 0),
        "false verdicts, in all units": (false, 0),
        "share of undecided verdicts, in the worst units": (undecided / claim_count, 0.003),
    }
    at_least = {
        "times below numdifftools in error, gradients and Jacobians": (lower(first), 10),
        "times below numdifftools in error, Hessians": (lower(hessian), 10),
        "times faster than numdifftools, 2–8 entries": (faster(first, LOOP, small), 1),
        "times faster, 50 entries": (faster(first, LOOP, [50]), 4),
        "times faster, 300–1000 entries": (faster(first, LOOP, large), 6),
        "times faster, Hessian at 50 entries": (faster(hessian, LOOP, [50]), 12),
    }
    return [
        *([what, f"≤ {goal:g}", *met(a, a <= goal)] for what, (a, goal) in at_most.items()),
        *([what, f"≥ {goal:g}", *met(a, a >= goal)] for what, (a, goal) in at_least.items()),
    ]


def met(reached, enough):
    return f"{reached:.3g}", "yes" if enough else "**no**"


def page(runs, counts, claim_count):
    """Return the text of docs/benchmark.md."""
    first, firsts = ["gradient", "Jacobian"], [LOOP, NOTES, SCIPY, AUTOGRAD]
    seconds = [LOOP, FROM_GRADIENT, AUTOGRAD]
    return f"""# Benchmark

What `python3 run.py bench` printed on {date.today()}: {machine()}.

Errors are max-norm and relative, against autograd. Ratios are geometric means over
{len(to_number(np, 2))} functions to a number and {len(to_vector(np, 2))} to a vector, such as
{", ".join([*list(to_number(np, 2))[:4], *list(to_vector(np, 2))[:2]])}; numdifftools
differentiates every third of them where n ≥ {LARGE}.
In *mixed units* each entry of x is multiplied by a unit between 1e-6 and 1e6.

## Goals

{table(["goal", "at", "reached", "met"], goals(runs, counts, claim_count))}
## Accuracy

{accuracy_table(runs)}
## Time of gradients and Jacobians

{time_table(runs, first, firsts, SIZES)}
## Time of Hessians

{time_table(runs, ["Hessian"], seconds, HESSIAN_SIZES)}
## Verdicts on random claims

{claim_count:,} claims about gradients, half of them right, from the families of functions in
`tests/claims.py`, on scales from 1e-3 to 1e3: as they are, and with the unit of each entry of x
changed by up to ± 3 and ± 6 decades.

{tally_table(counts, claim_count)}"""


def machine():
    packages = ["numpy", "scipy", "numdifftools", "autograd"]
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    return (
        f"{processor()}, {os.cpu_count()} cores, {platform.system()}, "
        f"Python {platform.python_version()}, {versions}"
    )


def processor():
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        return next(line.partition(": ")[2] for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def install_peers():
    """Install the packages of the extra ``bench``, which nobody else needs, into .venv."""
    settings = tomllib.loads((setup_venv.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    missing = []
    for line in settings["project"]["optional-dependencies"]["bench"]:
        try:
            version(Requirement(line).name)
        except PackageNotFoundError:
            missing.append(line)
    if missing:
        print(f"Installing {', '.join(missing)} into .venv.", flush=True)
        pip = setup_venv.find_pip(setup_venv.ROOT)
        command = [*pip, "install", "-qq", "--no-input", *missing]
        subprocess.run(command, env=setup_venv.environment(), check=True)


def main():
    parser = argparse.ArgumentParser(prog="python3 run.py bench", description=__doc__)
    parser.add_argument("--claims", type=int, default=20_000, help="random claims to judge")
    arguments = parser.parse_args()
    try:
        install_peers()
    except (subprocess.CalledProcessError, setup_venv.SetupError):
        sys.exit("numdifftools and SciPy could not be installed: connect to the network.")
    warnings.simplefilter("ignore")  # some methods step out of the domain of some functions
    runs = []
    for measure, sizes in [(first_derivatives, SIZES), (second_derivatives, HESSIAN_SIZES)]:
        for n in sizes:
            print(f"{measure.__name__.replace('_', ' ')}, n = {n}", flush=True)
            runs += measure(n)
    print(f"verdicts on {arguments.claims} claims\n", flush=True)
    counts = {most: tally(arguments.claims, most) for most in UNITS}
    text = page(runs, counts, arguments.claims)
    print(text)
    target = setup_venv.ROOT / "docs" / "benchmark.md"
    target.parent.mkdir(exist_ok=True)
    target.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
