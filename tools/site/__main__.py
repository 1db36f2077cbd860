"""Build the site into build/site, a folder for each language: python3 run.py site"""

import json
import os
import re
import shutil
import sys
from concurrent.futures import ProcessPoolExecutor
from importlib.metadata import files
from multiprocessing import get_context

import nbformat

from mathutils.sentences import language, say, table
from tools import setup_venv
from tools.chapters import ROOT, chapters, sheet
from tools.site.kept import BUILD, HERE, recordings

MATHJAX = "tex-svg-full.js"  # all in one file: fonts as paths, and no part that is loaded later


def prepare(name, paths, found, source):
    """Write what Sphinx reads for a language: pages, pictures, scripts."""
    from tools.site import pages

    shutil.rmtree(source, ignore_errors=True)
    extra = source / "_extra"
    (extra / "recordings").mkdir(parents=True)
    for script in (BUILD / "recordings").glob("*.js"):
        shutil.copy(script, extra / "recordings")
    for path in paths:
        notebook = nbformat.read(path, as_version=4)
        notebook = pages.page(notebook, path, found[path.name], extra / "pictures" / path.stem)
        nbformat.write(notebook, source / path.name)
        shutil.copy(ROOT / "figures" / f"{path.stem}.svg", extra / "pictures")
    shutil.copy(ROOT / "figures" / "moving.gif", extra / "pictures")
    shutil.copy(sheet(name, "pdf"), extra)
    (source / "index.md").write_text(front_page(paths), encoding="utf-8")
    write_assets(source / "_assets")
    write_words(source / "locales" / name / "LC_MESSAGES")


def write_words(folder):
    """Say in the language of the pages what their theme says, where Sphinx has no words for it."""
    slugs = ("site-home", "site-next", "site-previous", "site-sections", "site-top")
    english = table("en")  # as the theme has it
    lines = ['msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8"']
    lines += [f'msgid "{english[slug]}"\nmsgstr "{say(slug)}"' for slug in slugs]
    folder.mkdir(parents=True)
    (folder / "sphinx.po").write_text("\n\n".join(lines), encoding="utf-8")


def front_page(paths):
    from tools.site import pages

    title = {
        path: re.search("^# (.*)", nbformat.read(path, 4).cells[0].source)[1] for path in paths
    }
    cards = [
        f'<a class="card" href="{path.stem}.html"><img src="pictures/{path.stem}.svg" alt="" '
        f'loading="lazy"><span>{path.name[:2]}</span> {title[path]}</a>'
        for path in paths
    ]
    tree = [f"{path.name[:2]} {title[path]} <{path.stem}>" for path in paths]
    words = {
        "repository": pages.REPOSITORY,
        "binder": pages.binder(paths[0]),
        "first": paths[0].stem,
    }
    return "\n".join(
        [
            f"# {say('site-title')}",
            say("site-welcome", **words),
            f'<img class="picture" src="pictures/moving.gif" alt="{say("site-moving")}">\n',
            f"## {say('site-chapters')}\n",
            f'<div class="cards">{"".join(cards)}</div>\n',
            f"```{{toctree}}\n:hidden:\n:caption: {say('site-chapters')}\n",
            *tree,
            "```\n",
        ]
    )


def write_assets(folder):
    """Write the style and the scripts: MathJax, the player with picture.js in it, the switches."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in files("sphinx-mathjax-offline"):
        if file.name == MATHJAX:
            shutil.copy(file.locate(), folder)
    mathutils = ROOT / "mathutils"
    styles = [mathutils / "page.css", mathutils / "picture.css", HERE / "site.css"]
    (folder / "site.css").write_text("\n".join(map(read, styles)), encoding="utf-8")
    (folder / "player.js").write_text(player(), encoding="utf-8")
    words = {"show-code": say("site-show-code"), "hide-code": say("site-hide-code")}
    words["reset"] = say("reset")
    script = f"const SAY = {json.dumps(words)};\n{read(HERE / 'site.js')}"
    (folder / "site.js").write_text(script, encoding="utf-8")


def player():
    """Return the player, in a scope of its own: modules cannot be loaded from disk."""
    picture = read(ROOT / "mathutils" / "picture.js").partition("\nexport ")[0]
    return f"(() => {{\n{picture}\n{read(HERE / 'player.js')}}})();\n"


def read(path):
    return path.read_text(encoding="utf-8")


def build(name, languages, source, target):
    """Let Sphinx build the site of a language; what it warns of is an error."""
    from sphinx.application import Sphinx
    from sphinx.locale import translators
    from sphinx.util.docutils import docutils_namespace, patch_docutils

    settings = {
        "extensions": ["myst_nb"],
        "project": say("site-title"),
        "html_title": say("site-title"),
        "language": name,
        "html_theme": "furo",
        "html_theme_options": {"dark_css_variables": {"color-background-primary": "#111"}},
        "html_favicon": str(HERE / "favicon.svg"),
        "html_static_path": ["_assets"],
        "html_extra_path": ["_extra"],
        "html_css_files": ["site.css"],
        "html_js_files": ["site.js", ("player.js", {"defer": "defer"})],
        "html_sidebars": {"**": [f"sidebar/{part}.html" for part in SIDEBAR] + ["languages.html"]},
        "html_context": {"languages": languages},
        "html_copy_source": False,
        "html_show_sphinx": False,
        "html_show_copyright": False,
        "html_use_index": False,
        "templates_path": [str(HERE)],
        "exclude_patterns": ["_assets", "_extra", "locales"],
        "mathjax_path": MATHJAX,
        "mathjax3_config": {"options": {"enableMenu": False}, "svg": {"fontCache": "global"}},
        "myst_enable_extensions": ["dollarmath"],
        "nb_execution_mode": "off",
        "nb_merge_streams": True,
        "nb_render_markdown_format": "myst",
    }
    kept = BUILD / "doctrees" / name
    translators.clear()  # those of a language before would be asked first
    with patch_docutils(), docutils_namespace():  # else one language is in the next one's way
        app = Sphinx(source, None, target, kept, "html", settings, warningiserror=True)
        app.build()
    if app.statuscode:
        sys.exit(app.statuscode)


SIDEBAR = ["brand", "search", "scroll-start", "navigation", "scroll-end"]


def main():
    setup_venv.add("requirements-site.txt")
    target, paths, english = BUILD / "site", chapters(), chapters(["en/"])
    names = sorted({path.parent.name for path in paths})
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn")) as pool:
        recorded = pool.map(recordings, english)
        found = {path.name: one for path, one in zip(english, recorded, strict=True)}
    shutil.rmtree(target, ignore_errors=True)
    languages = {}
    for name in names:
        language(name)
        languages[name] = say("language-name")
    for name in names:
        language(name)
        source = BUILD / "source" / name
        prepare(name, [path for path in paths if path.parent.name == name], found, source)
        build(name, languages, source, target / name)
    shutil.rmtree(target / "jupyter_execute", ignore_errors=True)  # notebooks that myst-nb runs
    language("en")
    (target / "index.html").write_text(choose_language(names), encoding="utf-8")
    (target / ".nojekyll").touch()
    print(say("site-built", page=(target / "index.html").relative_to(ROOT)))


def choose_language(names):
    """Return the page at the top, which leads to the reader's language, or else to English."""
    page = read(HERE / "top.html").replace("LANGUAGES", json.dumps(names))
    return page.replace("TITLE", say("site-title"))


if __name__ == "__main__":
    main()
