"""The files around the code agree with pyproject.toml, which is the one list of packages."""

import ast
import json
import re
import sys
import tomllib
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, packages_distributions, requires
from pathlib import Path

import check_jsonschema
import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

import run

ROOT = Path(__file__).resolve().parent.parent
BENCH = ["tools/bench.py", "tools/bench_formulas.py"]
OWN_MODULES = {"mathutils", "run", "tests", "tools"}


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


PROJECT = tomllib.loads(read("pyproject.toml"))["project"]
ENVIRONMENT = yaml.safe_load(read("environment.yml"))
TESTED_PYTHONS = yaml.safe_load(read(".github/workflows/test.yml"))["jobs"]["test"]["strategy"][
    "matrix"
]["python"]


def declared(*, lab=True, dev=False, bench=False):
    """Return the packages pyproject.toml names, as a name and the versions it allows."""
    extras = PROJECT["optional-dependencies"]
    lines = PROJECT["dependencies"] + lab * extras["lab"] + dev * extras["dev"]
    lines = lines + bench * extras["bench"]
    return {canonicalize_name(line.name): line.specifier for line in map(Requirement, lines)}


def pins(name="requirements-dev.txt"):
    """Return what a list pins; its other lines are comments and the project itself."""
    lines = [line.split("#")[0].strip() for line in read(name).splitlines()]
    return [Requirement(line) for line in lines if line and line != "-e ."]


# requirements.txt, for readers, and requirements-dev.txt
LISTS = {"requirements.txt": False, "requirements-dev.txt": True}  # with development tools?


@pytest.mark.parametrize("name", LISTS)
def test_requirements_install_the_project_itself(name):
    assert "-e ." in read(name).splitlines()


@pytest.mark.parametrize("name", LISTS)
def test_every_pin_is_one_version(name):
    for pin in pins(name):
        assert [specifier.operator for specifier in pin.specifier] == ["=="], pin
        assert "*" not in str(pin.specifier), pin


@pytest.mark.parametrize("name", declared(dev=True))
def test_every_declared_package_has_a_pin_that_is_allowed(name):
    versions = [
        specifier.version
        for pin in pins()
        if canonicalize_name(pin.name) == name
        for specifier in pin.specifier
    ]
    assert versions, f"{name} is in pyproject.toml and not in requirements-dev.txt"
    for version in versions:
        assert version in declared(dev=True)[name]


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("python", TESTED_PYTHONS)
def test_no_package_has_two_pins_on_one_python(python, name):
    here = {"python_version": python, "python_full_version": f"{python}.9"}
    names = [pin.name for pin in pins(name) if not pin.marker or pin.marker.evaluate(here)]
    assert sorted(names) == sorted(set(names))
    assert set(declared(dev=LISTS[name])) <= {canonicalize_name(name) for name in names}


def test_readers_get_what_contributors_have_without_the_development_tools():
    readers, contributors = set(pins("requirements.txt")), set(pins("requirements-dev.txt"))
    assert readers < contributors
    names = {canonicalize_name(pin.name) for pin in readers}
    for pin in readers:  # and all that it needs
        with suppress(PackageNotFoundError):  # of another system
            lines = map(Requirement, requires(pin.name) or [])
            needed = [r for r in lines if not r.marker or r.marker.evaluate({"extra": ""})]
            assert {canonicalize_name(one.name) for one in needed} <= names, pin
    assert not {"hypothesis", "playwright", "ruff"} & names


def test_who_installs_the_package_gets_neither_jupyterlab_nor_tools():
    assert set(declared(lab=False)) == {
        *("anywidget", "ipython", "ipywidgets", "matplotlib", "numpy", "pillow", "traitlets")
    }


@pytest.mark.parametrize("name", [*LISTS, "requirements-site.txt", "requirements-hub.txt"])
def test_requirements_name_no_host(name):
    host = r"://|@|^\s*(-i|-f|--index-url|--extra-index-url|--find-links|--trusted-host)\b"
    assert not re.findall(host, read(name), re.MULTILINE)


# What is imported is declared


def imported(code):
    """Return the first names of the modules that a piece of Python imports."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module.split(".")[0]


def distributions(codes):
    """Return the packages that these pieces of Python need, beside Python and the project."""
    modules = {name for code in codes for name in imported(code)}
    others = modules - sys.stdlib_module_names - OWN_MODULES
    known = packages_distributions()
    return {canonicalize_name(known.get(module, [module])[0]) for module in others}


def code_cells(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def test_a_reader_gets_every_package_that_mathutils_and_the_notebooks_import():
    codes = [path.read_text(encoding="utf-8") for path in ROOT.glob("mathutils/**/*.py")]
    for path in ROOT.glob("notebooks/*/*.ipynb"):
        codes += code_cells(path)
    needed = distributions(codes)
    assert "numpy" in needed
    assert needed <= set(declared(lab=False))


def test_a_contributor_gets_every_package_that_tools_and_tests_import():
    paths = {*ROOT.glob("tools/**/*.py"), *ROOT.glob("tests/**/*.py")} - {
        ROOT / name for name in BENCH
    }
    needed = distributions(path.read_text(encoding="utf-8") for path in paths)
    assert "pytest" in needed
    assert needed - site_packages() <= set(declared(dev=True))


def test_the_benchmark_installs_what_nobody_else_needs():
    needed = distributions(map(read, BENCH))
    assert {"numdifftools", "scipy", "sympy"} <= needed
    assert needed <= set(declared(dev=True, bench=True))
    assert not {"numdifftools", "scipy", "sympy"} & {canonicalize_name(pin.name) for pin in pins()}


def test_run_and_the_set_up_need_nothing_but_python():
    names = ["run.py", "mathutils/working_copy.py", "mathutils/sentences/__init__.py"]
    names += [f"tools/{name}.py" for name in ("__init__", "copies", "lab", "setup_venv")]
    assert not distributions(map(read, names))


def site_packages():
    return {canonicalize_name(line.name) for line in extra("site")}


def extra(name):
    return [Requirement(line) for line in PROJECT["optional-dependencies"][name]]


@pytest.mark.parametrize(("name", "beside"), [("site", "-dev"), ("hub", "")])
def test_the_site_and_a_hub_have_their_own_pins(name, beside):
    own = pins(f"requirements-{name}.txt")
    own = {canonicalize_name(pin.name): pin.specifier for pin in own}
    for line in extra(name):
        [pinned] = own[canonicalize_name(line.name)]
        assert pinned.operator == "==" and pinned.version in line.specifier
    others = pins(f"requirements{beside}.txt")
    assert not set(own) & {canonicalize_name(pin.name) for pin in others}


# Links to the repository


def test_links_and_badges_take_owner_and_repository_from_pyproject():
    owner, name = re.fullmatch(
        r"https://github\.com/([^/]+)/([^/]+)", PROJECT["urls"]["Repository"]
    ).groups()
    places = [
        (r"https://mybinder\.org/v2/gh/([^/]+)/([^/]+)/", "README.md"),
        (r"https://colab\.research\.google\.com/github/([^/]+)/([^/]+)/", "README.md"),
        (r"git clone https://github\.com/([^/]+)/([^/ ]+)", "docs/class.md"),
        (r"https://([\w-]+)\.github\.io/([^/)]+)/", "README.md"),
        (r"https://github\.com/([^/]+)/([^/]+)/actions/workflows/test\.yml", "README.md"),
    ]
    for pattern, file in places:
        found = re.findall(pattern, read(file))
        assert found and set(found) == {(owner, name)}, file


PAGES = sorted(path for folder in ("", "docs") for path in (ROOT / folder).glob("*.md"))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_links_of_pages_lead_to_a_file_and_to_a_heading_in_it(path):
    for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text(encoding="utf-8")):
        if "://" not in target:
            name, _, part = target.partition("#")
            page = path.parent / name if name else path
            assert page.exists(), target
            assert not part or part in headings(page), target


def headings(page):
    """Return the names by which GitHub's viewer knows the headings of a page."""
    lines = re.findall(r"^#+ (.*)", page.read_text(encoding="utf-8"), flags=re.M)
    return {re.sub(r"[^\w\- ]", "", line.lower()).replace(" ", "-") for line in lines}


# Which Pythons


def test_environment_has_a_python_that_is_allowed_and_tested():
    conda = [line for line in ENVIRONMENT["dependencies"] if isinstance(line, str)]
    name, version = conda[0].split("=")
    assert [name, *conda[1:]] == ["python", "pip"]
    assert version in SpecifierSet(PROJECT["requires-python"])
    assert version in TESTED_PYTHONS


def test_environment_takes_its_packages_from_the_pins():
    [pip] = [line["pip"] for line in ENVIRONMENT["dependencies"] if isinstance(line, dict)]
    assert pip == ["-r requirements.txt"]


def test_the_workflow_starts_at_the_oldest_python_that_is_allowed():
    assert PROJECT["requires-python"] == f">={TESTED_PYTHONS[0]}"


@pytest.mark.parametrize("minor", range(8, 16))
def test_run_refuses_the_pythons_that_pyproject_refuses(minor):
    allowed = f"3.{minor}" in SpecifierSet(PROJECT["requires-python"])
    assert (run.too_old((3, minor, 1)) is None) == allowed


def test_a_wheel_has_every_module_and_every_table_of_sentences():
    settings = tomllib.loads(read("pyproject.toml"))["tool"]["setuptools"]
    packages = {name.replace(".", "/") for name in settings["packages"]}
    assert packages == {
        path.parent.relative_to(ROOT).as_posix() for path in ROOT.glob("mathutils/**/*.py")
    }
    data = {path for path in ROOT.glob("mathutils/**/*.*") if path.suffix not in (".py", ".pyc")}
    [(package, patterns)] = settings["package-data"].items()
    assert data == {path for pattern in patterns for path in (ROOT / package).glob(pattern)}


# Continuous integration, licence and citation


@pytest.mark.parametrize(
    ("schema", "name"),
    [
        *(
            (schema, f".github/workflows/{name}.yml")
            for schema in ("vendor.github-workflows", "custom.github-workflows-require-timeout")
            for name in ("test", "site", "packages", "colab")
        ),
        ("vendor.citation-file-format", "CITATION.cff"),
    ],
)
def test_files_for_others_follow_their_schema(schema, name):
    with pytest.raises(SystemExit) as done:
        check_jsonschema.main(["--builtin-schema", schema, str(ROOT / name)])
    assert done.value.code == 0


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("README.md", "python3 run.py test"),
        ("README.md", "python3 run.py test --all"),
        ("CONTRIBUTING.md", "python3 run.py test"),
        (".ci/run", "python3 run.py test --all"),
        (".github/workflows/test.yml", "python run.py test --all"),
    ],
)
def test_everybody_runs_the_tests_in_the_same_way(name, command):
    assert command in read(name)


def test_the_licences_of_pyproject_are_those_of_the_licence_file():
    text = read("LICENSE")
    for licence in PROJECT["license"].split(" AND "):
        assert f"SPDX: {licence}" in text
    assert re.findall("SPDX: ([A-Za-z0-9.-]+)", text) == PROJECT["license"].split(" AND ")


def test_the_citation_agrees_with_pyproject():
    citation = yaml.safe_load(read("CITATION.cff"))
    assert citation["version"] == PROJECT["version"]
    assert citation["license"] in PROJECT["license"].split(" AND ")
    for licence in ("BSD-3-Clause", "CC BY 4.0"):
        assert licence in citation["abstract"]
