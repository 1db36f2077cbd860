"""The examples in the docstrings of mathutils are true."""

import doctest
import importlib
import pkgutil

import numpy as np
import pytest

import mathutils

MODULES = [module.name for module in pkgutil.walk_packages(mathutils.__path__, "mathutils.")]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name):
    module = importlib.import_module(name)
    assert doctest.testmod(module, extraglobs={"np": np}).failed == 0


def test_there_are_examples():
    finder = doctest.DocTestFinder()
    modules = [importlib.import_module(name) for name in MODULES]
    assert sum(len(test.examples) for module in modules for test in finder.find(module)) >= 8


@pytest.mark.parametrize("name", mathutils.__all__)
def test_every_public_name_says_what_it_is(name):
    assert len(getattr(mathutils, name).__doc__.split()) > 5
