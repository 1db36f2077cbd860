"""Runs when a kernel starts: an unknown name is told by mathutils.

In .venv and in an environment of conda it is among the files with which IPython starts, by
setup_venv.py; where `start` starts a server, it is PYTHONSTARTUP.
"""


def _unknown(shell, kind, error, trace, tb_offset=None):
    try:
        from mathutils.course.first_cell import tell
    except ImportError:  # a kernel that has nothing to do with the course
        shell.showtraceback((kind, error, trace), tb_offset=tb_offset)
    else:
        tell(shell, kind, error, trace, tb_offset)


try:
    get_ipython().set_custom_exc((NameError,), _unknown)  # noqa: F821
except NameError:  # Python without IPython
    pass
del _unknown
