"""What importing mathutils costs, and what it says to who wants another package of that name."""

import subprocess
import sys

import pytest

import mathutils
from mathutils.sentences import say

WITHOUT_PICTURE = """
import sys

import numpy.random

before = {name.partition(".")[0] for name in sys.modules}
from mathutils import check_derivative, check_steps, differentiate

assert check_derivative(lambda x: x @ x, lambda x: 2 * x, [1, 2, 3])
assert str(differentiate(lambda x: x @ x, numpy.array([1.0, 2.0])))
after = {name.partition(".")[0] for name in sys.modules}
print(*sorted(after - before - set(sys.stdlib_module_names)))
"""
CPU_TIME = """
from time import process_time

start = process_time()
import numpy

middle = process_time()
import mathutils

print((process_time() - middle) / (middle - start))
"""


def printed(code):
    command = [sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_who_asks_for_no_picture_waits_for_none():
    assert printed(WITHOUT_PICTURE) == "mathutils"


def test_to_import_it_takes_little_more_than_to_import_numpy():
    """About once more; with matplotlib and ipywidgets it was six times."""
    assert min(float(printed(CPU_TIME)) for _ in range(3)) < 2


@pytest.mark.parametrize("name", mathutils.__all__)
def test_every_name_is_there_when_it_is_asked_for(name):
    assert getattr(mathutils, name).__module__.startswith("mathutils.")
    assert name in dir(mathutils)


def test_a_name_that_is_not_there_is_refused_as_python_does():
    assert not hasattr(mathutils, "no_such_name")
    with pytest.raises(ImportError, match="no_such_name"):
        from mathutils import no_such_name  # noqa: F401


def test_who_looks_for_blenders_package_is_told_so():
    with pytest.raises(ImportError) as refused:
        from mathutils import Vector  # noqa: F401
    assert str(refused.value) == say("name-of-blender", name="Vector")
