"""The Korean chapters print the same under any locale: each is run under two others, by nbval."""

import os
import subprocess
import sys

import pytest

from tests.languages import label
from tools.chapters import ROOT, chapters


@pytest.mark.parametrize("locale", ["C", "ko_KR.UTF-8"])
@pytest.mark.parametrize("path", chapters(["ko/"]), ids=label)
def test_a_chapter_prints_what_is_stored(path, locale):
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", path],
        cwd=ROOT,
        env=os.environ | {"LC_ALL": locale, "LANG": locale, "LANGUAGE": locale[:2]},
        capture_output=True,
        encoding="utf-8",
        errors="replace",
    )
    assert done.returncode == 0, done.stdout[-3000:]
