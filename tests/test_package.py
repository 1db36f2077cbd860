"""The package for others: built, installed in a clean environment, and used in another folder."""

import doctest
import os
import subprocess
import tarfile
import venv
import zipfile

import pytest

from tools.chapters import ROOT
from tools.setup_venv import environment, find_pip, venv_python

BUILD = """
import sys
from setuptools import build_meta

folder = sys.argv[1]
build_meta.build_sdist(folder)
build_meta.build_wheel(folder)
"""
LIVE = """
from matplotlib.figure import Figure
from mathutils import live

ax = Figure().subplots()

def draw(pen, x=1.0):
    pen.dot(ax, x, x**2)
    return {"x^2": x**2}

picture = live(ax.figure, draw, x=(-2, 2, 0.25))
picture.controls["x"].value = 2.0
print(picture.text, len(picture._repr_mimebundle_()[0]["image/png"]) > 1000)
"""
README = """
import doctest, sys
import numpy as np

rng = np.random.default_rng(1)
known = {"np": np, "a": rng.normal(size=3), "b": rng.normal(size=3), "X": rng.normal(size=(3, 3))}
test = doctest.DocTestParser().get_doctest(sys.stdin.read(), known, "README.md", None, 0)
print(*doctest.DocTestRunner().run(test))
"""


def run(*command, **options):
    done = subprocess.run(command, capture_output=True, encoding="utf-8", **options)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """What is published, made from the files that Git knows."""
    source = tmp_path_factory.mktemp("source")
    names = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=ROOT)
    for name in filter(None, names.split("\0")):
        if (ROOT / name).is_file() and not name.startswith(("notebooks/", "figures/")):
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes((ROOT / name).read_bytes())
    folder = tmp_path_factory.mktemp("dist")
    run(made_with(folder, "setuptools>=77"), "-c", BUILD, folder, cwd=source)
    return folder


def made_with(folder, *packages):
    """Make an environment with these packages in a folder, and return its Python."""
    venv.create(folder / ".venv", symlinks=os.name != "nt")
    run(*find_pip(folder), "install", "--quiet", *packages, cwd=folder, env=environment())
    return venv_python(folder)


@pytest.fixture(scope="module")
def clean(built, tmp_path_factory):
    """The Python of an environment with the wheel, and what that needs, at the tested versions."""
    folder = tmp_path_factory.mktemp("elsewhere")
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    pins = folder / "pins.txt"
    pins.write_text("\n".join(line for line in lines if "==" in line), encoding="utf-8")
    [wheel] = built.glob("*.whl")
    return made_with(folder, "-c", pins, wheel)


def used(python, *arguments, **options):
    return run(python, "-I", "-X", "utf8", *arguments, cwd=python.parent.parent.parent, **options)


def test_the_readme_does_what_it_says(clean):
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    count = len(doctest.DocTestParser().get_examples(text))
    assert count >= 5
    told = used(clean, "-c", README, input=text.replace("\n```\n", "\n\n"))
    assert told.split() == ["0", str(count)]


def test_a_live_picture_moves(clean):
    assert used(clean, "-c", LIVE).split() == "$x^2 = 4.000$ True".split()


def test_nothing_is_installed_that_only_jupyterlab_or_the_tools_need(clean):
    listed = "from importlib.metadata import distributions as d; print(*(x.name for x in d()))"
    names = {name.lower() for name in used(clean, "-c", listed).split()}
    assert {"numpy", "matplotlib", "ipywidgets", "matrix-calculus-notebooks"} <= names
    assert not {"jupyterlab", "notebook", "nbval", "pytest", "playwright", "ruff"} & names


def test_the_sources_have_no_tests_that_could_not_run(built):
    [sdist], [wheel] = built.glob("*.tar.gz"), built.glob("*.whl")
    with tarfile.open(sdist) as packed:
        names = [name.partition("/")[2] for name in packed.getnames()]
    assert "mathutils/sentences/en.txt" in names and "mathutils/picture.js" in names
    assert not [name for name in names if name.startswith("tests")]
    with zipfile.ZipFile(wheel) as packed:
        top = {name.partition("/")[0] for name in packed.namelist()}
    assert {name for name in top if not name.endswith(".dist-info")} == {"mathutils"}
