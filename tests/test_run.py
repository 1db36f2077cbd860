"""run.py, the set-up of .venv and the start of JupyterLab. No network is needed here."""

import ast
import errno
import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

import run
from tools import lab, setup_venv, speak

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def english():
    yield
    speak([])


@pytest.fixture
def project(tmp_path):
    """A copy of what the set-up reads, in a folder with a space and Korean letters."""
    folder = tmp_path / "행렬 calculus"
    names = ["run.py", "pyproject.toml", "requirements-dev.txt", "README.md", "LICENSE"]
    names += [f"tools/{name}.py" for name in ("__init__", "copies", "lab", "setup_venv")]
    names += ["mathutils/sentences/__init__.py", "mathutils/sentences/en.txt"]
    for name in [*names, "mathutils/working_copy.py"]:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    return folder


def type_in(project, *arguments, **variables):
    """Run the copy's run.py from another folder, in a terminal that knows ASCII only."""
    return subprocess.run(
        [sys.executable, project / "run.py", *arguments],
        cwd=project.parent,
        env=os.environ | {"PYTHONIOENCODING": "ascii"} | variables,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
    )


def assert_one_sentence(done, *words):
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1, done.stderr
    for word in words:
        assert word in done.stderr


# The commands


@pytest.mark.parametrize("arguments", [[], ["sing"], ["--port", "1"]])
def test_usage_is_shown_for_what_is_no_command(project, arguments):
    done = type_in(project, *arguments)
    assert done.returncode == 2
    for command in ("lab", "test", "refresh", "figures", "sheet", "bench", "site", "slides"):
        assert f"\n  {command} " in done.stdout


def test_help_is_no_failure(project):
    assert type_in(project, "--help").returncode == 0


@pytest.mark.parametrize(
    "name", ["run.py", "tools/__init__.py", "mathutils/sentences/__init__.py"]
)
def test_old_pythons_can_read_what_tells_them_so(name):
    tree = ast.parse((ROOT / name).read_text(encoding="utf-8"), feature_version=(3, 4))
    assert not any(isinstance(node, ast.JoinedStr) for node in ast.walk(tree))


@pytest.mark.parametrize("version", [(2, 7, 18), (3, 6, 15), (3, 10, 13)])
def test_old_pythons_are_told_so(version, monkeypatch):
    monkeypatch.setattr(sys, "version_info", version)
    sentence = run.main(["test"])
    assert "Python 3.11 or newer" in sentence
    assert "this is Python {}.{}:".format(*version) in sentence


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 14, 1), (4, 0, 0)])
def test_new_pythons_are_welcome(version):
    assert run.too_old(version) is None


@pytest.mark.parametrize(
    ("codes", "expected"), [([0, 0, 0], 0), ([1, 0, 0], 1), ([0, 1, 0], 1), ([0, 0, 4], 4)]
)
def test_every_step_of_test_runs_and_counts(codes, expected, monkeypatch):
    steps = []

    def pretend(*command):
        steps.append(command)
        return codes[len(steps) - 1]

    monkeypatch.setattr(setup_venv, "prepare", lambda: None)
    monkeypatch.setattr(setup_venv, "run_module", pretend)
    assert run.main(["test", "-k", "gradient"]) == expected
    assert [command[0] for command in steps] == ["ruff", "ruff", "pytest"]
    assert steps[-1][1:] == ("-k", "gradient")


@pytest.mark.parametrize(
    ("typed", "in_parallel", "in_a_browser"),
    [
        ([], True, False),
        (["--browser"], False, True),
        (["--slow"], True, False),
        (["--all"], True, True),
        (["-k", "gradient"], False, False),
    ],
)
def test_what_runs_in_parallel_and_what_in_a_browser(typed, in_parallel, in_a_browser):
    steps = []
    assert run.test(lambda *command: steps.append(command) or 0, typed) == 0
    steps = [step for step in steps if step[0] == "pytest"]
    assert in_parallel == any("loadfile" in step for step in steps)
    assert in_a_browser == any("tests/test_browser.py" in step for step in steps)
    assert not any("loadfile" in step and "tests/test_browser.py" in step for step in steps)
    assert all(set(typed) <= set(step) for step in steps)


def test_every_step_of_all_runs_and_counts():
    for failing in range(4):
        codes = iter([5 * (number == failing) for number in range(4)])
        assert run.test(lambda *command, codes=codes: next(codes), ["--all"]) == 5
        assert not list(codes)


@pytest.mark.parametrize(
    ("typed", "module", "arguments"),
    [
        (["sheet"], "tools.sheet", ()),
        (["bench"], "tools.bench", ()),
        (["bench", "--live"], "tools.bench_live", ()),
        (["bench", "--formulas"], "tools.bench_formulas", ()),
    ],
)
def test_what_else_a_command_starts(typed, module, arguments, monkeypatch):
    steps = []
    monkeypatch.setattr(setup_venv, "prepare", lambda: None)
    monkeypatch.setattr(setup_venv, "run_module", lambda *command: steps.append(command) or 0)
    assert run.main(typed) == 0
    assert steps[-1] == (module, *arguments)


def test_only_folders_are_taken_from_where_the_user_is(monkeypatch, tmp_path):
    steps = []
    monkeypatch.setattr(setup_venv, "prepare", lambda: None)
    monkeypatch.setattr(setup_venv, "run_module", lambda *command: steps.append(command) or 0)
    monkeypatch.chdir(tmp_path)
    here = str(tmp_path / "class")
    assert run.main(["handout", "class", "--language", "ko"]) == 0
    assert run.main(["hub", "--port", "8100", "class", "--language=ko"]) == 0
    assert steps[0] == ("tools.handout", here, "--language", "ko")
    assert steps[1] == ("tools.hub", "--port", "8100", here, "--language=ko")


# Is .venv up to date?


def pretend_to_install(project):
    python = setup_venv.venv_python(project)
    python.parent.mkdir(parents=True)
    python.touch()
    stamp = setup_venv.wanted_stamp(project)
    (project / ".venv" / "stamp.json").write_text(stamp, encoding="utf-8")


def change(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_an_installed_venv_is_ready(project):
    pretend_to_install(project)
    assert setup_venv.is_ready(project)


def test_a_venv_without_stamp_or_python_is_not_ready(project):
    assert not setup_venv.is_ready(project)
    pretend_to_install(project)
    setup_venv.venv_python(project).unlink()
    assert not setup_venv.is_ready(project)
    setup_venv.venv_python(project).touch()
    (project / ".venv" / "stamp.json").unlink()
    assert not setup_venv.is_ready(project)


@pytest.mark.parametrize(
    ("name", "old", "new", "ready"),
    [
        ("requirements-dev.txt", "nbval==", "nbval==9.", False),
        ("pyproject.toml", '"nbval>=', '"nbval>=9.', False),
        ("pyproject.toml", "line-length = 99", "line-length = 98", True),
    ],
)
def test_only_a_change_of_the_packages_asks_for_a_new_venv(project, name, old, new, ready):
    pretend_to_install(project)
    change(project / name, old, new)
    assert setup_venv.is_ready(project) is ready


def test_a_moved_project_asks_for_a_new_venv(project):
    pretend_to_install(project)
    moved = project.rename(project.with_name("moved"))
    assert not setup_venv.is_ready(moved)


def test_another_python_asks_for_a_new_venv(project, monkeypatch):
    pretend_to_install(project)
    monkeypatch.setattr(sys, "version", "3.99.0")
    assert not setup_venv.is_ready(project)


# Making it


def test_the_user_s_environment_cannot_disturb(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", "elsewhere")
    monkeypatch.setenv("PIP_TARGET", "elsewhere")
    monkeypatch.setenv("PIP_USER", "1")
    monkeypatch.setenv("PIP_PROXY", "proxy.example:8080")
    monkeypatch.setenv("MPLCONFIGDIR", "elsewhere")
    code = (
        "import os; print([os.environ.get(name) for name in "
        "('PYTHONPATH', 'PIP_TARGET', 'PIP_USER', 'PIP_PROXY', 'MPLCONFIGDIR')])"
    )
    shown = subprocess.check_output(
        [sys.executable, "-c", code], env=setup_venv.environment(), text=True
    )
    fonts = str(ROOT / ".venv" / "matplotlib")
    assert ast.literal_eval(shown) == [None, None, "0", "proxy.example:8080", fonts]


def test_a_failing_pip_ends_in_one_sentence_and_leaves_no_venv_that_seems_ready(project):
    nowhere = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "", "PIP_CONFIG_FILE": os.devnull}
    (project / "requirements-dev.txt").write_text("no-such-package==1\n", encoding="utf-8")
    done = type_in(project, "test", **nowhere)
    sentence, *last_lines = done.stderr.splitlines()
    assert done.returncode == 1 and "pip could not install the packages" in sentence
    assert "no-such-package" in "".join(last_lines) and len(last_lines) <= setup_venv.LAST_LINES
    assert "\r" not in done.stdout and "0 of 1" in done.stdout
    assert not setup_venv.is_ready(project)


def test_a_folder_that_cannot_be_written_ends_in_one_sentence(project):
    (project / ".venv").write_text("a file where the folder has to be", encoding="utf-8")
    assert_one_sentence(type_in(project, "figures"), "cannot write the folder .venv")


@pytest.mark.skipif(os.name == "nt", reason="links are not for everybody there")
def test_what_a_link_leads_to_is_not_emptied(project, tmp_path):
    shared = tmp_path / "shared"
    shared.mkdir()
    (shared / "kept").touch()
    (project / ".venv").symlink_to(shared)
    assert_one_sentence(type_in(project, "figures"), ".venv is a link")
    assert (shared / "kept").exists()


def test_a_python_without_pip_ends_in_one_sentence(project, monkeypatch):
    monkeypatch.setattr(setup_venv, "succeeds", lambda command, root: False)
    with pytest.raises(setup_venv.SetupError, match="has no pip") as caught:
        setup_venv.find_pip(project)
    assert "\n" not in str(caught.value)


def test_too_little_disk_space_ends_in_one_sentence(project, monkeypatch):
    monkeypatch.setattr(setup_venv, "NEEDED_MB", 10**12)
    with pytest.raises(setup_venv.SetupError, match="MB free and the packages need 10+ MB"):
        setup_venv.prepare(project)


@pytest.mark.parametrize(
    ("number", "words"), [(errno.ENOSPC, "is full"), (errno.EACCES, "cannot write the folder")]
)
def test_the_system_s_errors_are_told_apart(project, monkeypatch, number, words):
    def fail(root):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(setup_venv, "make", fail)
    with pytest.raises(setup_venv.SetupError, match=words):
        setup_venv.prepare(project)


def pretend_pip(project, code):
    """Return the command of a pip that writes down with what it was called."""
    words = f"import sys; open('calls', 'a').write(repr(sys.argv[1:]) + '\\n'); {code}"
    return [sys.executable, "-c", words]


def test_the_packages_are_installed_some_at_a_time_and_counted(project, capsys):
    pins = [f"package{n}==1 ; sys_platform == 'darwin'" for n in range(40)]
    text = "\n".join(["# pins", "-e .", *pins])
    (project / "requirements-dev.txt").write_text(text, encoding="utf-8")
    listed = setup_venv.pinned(project / "requirements-dev.txt")
    setup_venv.install(pretend_pip(project, ""), listed, project)
    calls = (project / "calls").read_text(encoding="utf-8").splitlines()
    given = [word for call in calls for word in ast.literal_eval(call)[5:]]
    assert len(calls) == 3 and given == ["-e", ".", *pins]
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == [
        *("0", "20", "40", "41")
    ]


def test_what_only_the_site_needs_is_installed_once(project, monkeypatch):
    here = f"pytest=={pytest.__version__}"
    pins = ["# pins", here, "pytest-xdist==0.0.1", "no-such-package-anywhere==1"]
    (project / "requirements-site.txt").write_text("\n".join(pins), encoding="utf-8")
    monkeypatch.setattr(setup_venv, "find_pip", lambda root: pretend_pip(project, ""))
    setup_venv.add("requirements-site.txt", project)
    calls = (project / "calls").read_text(encoding="utf-8").splitlines()
    assert [ast.literal_eval(call)[5:] for call in calls] == [pins[2:]]
    (project / "requirements-site.txt").write_text(here, encoding="utf-8")
    setup_venv.add("requirements-site.txt", project)
    assert len((project / "calls").read_text(encoding="utf-8").splitlines()) == 1


def test_where_pip_fails_its_last_lines_are_shown_in_whatever_language(project):
    code = "print('\\n'.join(map(str, range(30))) + '\\nkein Platz'); sys.exit(3)"
    with pytest.raises(setup_venv.SetupError) as caught:
        setup_venv.install(pretend_pip(project, code), ["nbval==9.9"], project)
    sentence, *last_lines = str(caught.value).splitlines()
    assert "pip could not install" in sentence
    assert last_lines == [*map(str, range(31 - setup_venv.LAST_LINES, 30)), "kein Platz"]


# JupyterLab


@pytest.fixture
def taken_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_taken_port_ends_in_one_sentence_with_a_command_that_works(project, taken_port):
    done = type_in(project, "lab", "--port", str(taken_port), "--no-browser")
    assert_one_sentence(done, f"Port {taken_port} is not free", "run.py", "--no-browser")
    proposed = int(done.stderr.split("--port")[1].split()[0])
    assert proposed != taken_port
    assert lab.port_trouble(proposed) is None


@pytest.mark.parametrize("port", ["-1", "65536", "many"])
def test_a_port_that_is_none_is_refused(project, port):
    done = type_in(project, "lab", f"--port={port}")
    assert done.returncode == 2
    assert "--port" in done.stderr.splitlines()[-1]


def test_lab_hands_other_arguments_on():
    options, others = lab.read_arguments([])
    assert (options.port, options.fresh, others) == (8888, [], [])
    options, others = lab.read_arguments(
        ["--port=9", "--fresh", "03", "0", "--no-browser", "--debug"]
    )
    assert (options.port, options.fresh) == (9, ["03", "0"])
    assert others == ["--no-browser", "--debug"]


def test_the_command_that_is_proposed_sets_the_same_copies_aside():
    options, others = lab.read_arguments(["--debug", "--language=ko", "--fresh", "03", "05"])
    command = lab.command_with(9, options, others)
    assert command.endswith("lab --port 9 --debug --language ko --fresh 03 05")
    options, _ = lab.read_arguments(["--language", lab.system_language()])
    assert "--language" not in lab.command_with(9, options, [])


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({"LANG": "ko_KR.UTF-8"}, "ko"),
        ({"LANG": "ko_KR.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "ko_KR"}, "ko"),
        ({"LANG": "xx_YY.UTF-8"}, "en"),
        ({}, "en"),
    ],
)
@pytest.mark.skipif(os.name == "nt", reason="Windows is asked in another way")
def test_lab_asks_for_the_language_of_the_computer_and_for_the_one_given(
    variables, language, monkeypatch
):
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(lab.copies, "languages", lambda: ["en", "ko"])
    assert lab.read_arguments([])[0].language == language
    assert lab.read_arguments(["--language", "ko"])[0].language == "ko"


@pytest.mark.parametrize(("letters", "said"), [("utf-8", "사용법 lab"), ("ascii", "??? lab")])
def test_what_run_says_can_be_korean_in_any_terminal(project, letters, said):
    table = (project / "mathutils/sentences/en.txt").read_text(encoding="utf-8")
    table = re.sub(r"(?<=^usage\n    ).*", "사용법 lab", table, flags=re.MULTILINE)
    (project / "mathutils/sentences/ko.txt").write_text(table, encoding="utf-8")
    for arguments in (["--language", "ko"], ["--language=ko"]):
        done = type_in(project, *arguments, PYTHONIOENCODING=letters, PYTHONUTF8="0")
        assert done.returncode == 2 and done.stdout.startswith(f"{said}\n")
    assert type_in(project, "--language", "tlh").stdout.startswith("usage")


def test_a_chapter_that_is_none_cannot_be_fresh(capsys):
    with pytest.raises(SystemExit) as done:
        lab.read_arguments(["--fresh", "99"])
    assert done.value.code == 2
    assert "No chapter's file name starts with '99'." in capsys.readouterr().err
