"""The examples in the docstrings of mathutils are true, and so are the shapes beside them."""

import ast
import doctest
import importlib
import inspect
import pkgutil
import re

import numpy as np
import pytest

import mathutils

MODULES = [module.name for module in pkgutil.walk_packages(mathutils.__path__, "mathutils.")]
SHAPE = re.compile(r"# shape (\(.*\))\s*$")


def known():
    """Return the names that every example may use."""
    return {"np": np, "rng": np.random.default_rng(0)}


def examples(module):
    """Yield the examples of each docstring of a module, with the names they know."""
    for test in doctest.DocTestFinder().find(module, extraglobs=known()):
        if test.examples:
            yield test


@pytest.mark.parametrize("name", MODULES)
def test_examples_print_what_they_say(name):
    module = importlib.import_module(name)
    runner = doctest.DocTestRunner()
    for test in examples(module):
        # What a shape stands beside need not be printed.
        test.examples = [e for e in test.examples if e.want or not SHAPE.search(e.source)]
        runner.run(test)
    assert runner.failures == 0


@pytest.mark.parametrize("name", MODULES)
def test_examples_have_the_shapes_they_say(name):
    for test in examples(importlib.import_module(name)):
        assert shapes_are_right(test.examples, test.globs), test.name


def shapes_are_right(examples, names):
    for example in examples:
        if said := SHAPE.search(example.source):
            if np.shape(eval(example.source.strip(), names)) != ast.literal_eval(said[1]):
                return False
        elif doctest.SKIP not in example.options:
            exec(compile(example.source, "example", "single"), names, names)
    return True


def test_a_wrong_shape_is_seen():
    code = ">>> x = np.ones((2, 3))\n>>> x.T  # shape {}\n"
    for shape, right in {"(3, 2)": True, "(2, 3)": False, "(6,)": False}.items():
        read = doctest.DocTestParser().get_examples(code.format(shape))
        assert shapes_are_right(read, known()) == right


def functions(name):
    """Return the public functions of a module, and the public methods of its classes."""
    module = importlib.import_module(name)
    public = [
        thing
        for title, thing in vars(module).items()
        if not title.startswith("_") and getattr(thing, "__module__", "") == name
    ]
    for thing in [thing for thing in public if inspect.isclass(thing)]:
        public += [
            getattr(method, "__func__", method)
            for title, method in vars(thing).items()
            if not title.startswith("_")
        ]
    return [thing for thing in public if inspect.isfunction(thing)]


def is_of_a_chapter(name):
    return hasattr(importlib.import_module(name), "exercises")


def wants_example(name, function):
    """Chapters call what mathutils exports; a method has the examples of its class."""
    if name.startswith(("mathutils.course", "mathutils.sentences")):
        return function.__qualname__ == function.__name__
    return function.__name__ in mathutils.__all__


@pytest.mark.parametrize("name", [name for name in MODULES if not is_of_a_chapter(name)])
def test_public_signatures_have_types_and_public_functions_examples(name):
    for function in functions(name):
        signature = inspect.signature(function)
        named = [p for p in signature.parameters.values() if p.name != "self"]
        untyped = [p.name for p in named if p.annotation is p.empty and p.kind != p.VAR_KEYWORD]
        assert set(untyped) <= {"cls"}, function.__qualname__
        assert signature.return_annotation is not signature.empty, function.__qualname__
        assert inspect.getdoc(function), function.__qualname__  # or that of what it overrides
        if wants_example(name, function):
            assert ">>> " in function.__doc__, function.__qualname__


def test_there_are_examples():
    tests = [test for name in MODULES for test in examples(importlib.import_module(name))]
    assert sum(len(test.examples) for test in tests) >= 40


@pytest.mark.parametrize("name", mathutils.__all__)
def test_every_public_name_says_what_it_is(name):
    assert len(getattr(mathutils, name).__doc__.split()) > 5
