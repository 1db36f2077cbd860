"""Runs when a kernel starts (see setup_venv.py): an unknown name is told by mathutils."""


def _unknown(*arguments, **options):
    from mathutils.course.first_cell import tell

    tell(*arguments, **options)


get_ipython().set_custom_exc((NameError,), _unknown)  # noqa: F821
del _unknown
