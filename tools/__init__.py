"""What run.py calls.

The sentences are taken from their file, since to import mathutils needs packages that may not be
there yet.
"""

import os
import runpy

_root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_sentences = runpy.run_path(os.path.join(_root, "mathutils", "sentences", "__init__.py"))
say, table = _sentences["say"], _sentences["table"]
language, languages = _sentences["language"], _sentences["languages"]


def speak(arguments, default="en"):
    """Tell things from now on in the language that is asked for as --language, and return it."""
    asked = default
    for number, one in enumerate(arguments):
        option, _, value = one.partition("=")
        if option == "--language":
            asked = value or "".join(arguments[number + 1 : number + 2])
    if asked in languages():
        language(asked)
    return asked
