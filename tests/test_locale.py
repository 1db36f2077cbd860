"""The Korean chapters print the same under any locale: nbval runs them under two others."""

import os
import shutil
import subprocess
import sys

import pytest

from tools.chapters import ROOT

KOREAN = "ko_KR.eucKR"  # in which a file is not read as UTF-8 unless the code says so


@pytest.mark.parametrize("locale", ["C", KOREAN])
def test_the_chapters_print_what_is_stored(locale, tmp_path):
    variables = os.environ | {"LC_ALL": locale, "LANG": locale, "LANGUAGE": locale[:2]}
    if not is_known(variables) and shutil.which("localedef"):
        subprocess.run(["localedef", "-i", "ko_KR", "-f", "EUC-KR", tmp_path / locale])
        variables["LOCPATH"] = str(tmp_path)
    if not is_known(variables):
        pytest.skip("this computer has no Korean locale")
    options = ["-q", "-n", "2", "--dist", "loadfile", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "notebooks/ko"],
        cwd=ROOT,
        env=variables,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
    )
    assert done.returncode == 0, done.stdout[-3000:]


def is_known(variables):
    code = "from locale import LC_ALL, setlocale; setlocale(LC_ALL, '')"
    done = subprocess.run([sys.executable, "-c", code], env=variables, capture_output=True)
    return done.returncode == 0
