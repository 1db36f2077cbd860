"""What run.py calls.

`say` is taken from its file, since to import mathutils needs packages that may not be there yet.
"""

import os
import runpy

_root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
say = runpy.run_path(os.path.join(_root, "mathutils", "sentences", "__init__.py"))["say"]
