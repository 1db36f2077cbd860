"""Values as text, between the process that runs a student's code and the one that judges it.

Nothing that arrives is run: there are numbers, texts, lists, tuples and arrays of these, and the
places of functions, which stay where they are. Anything else arrives as an `Unknown`.
"""

import base64
import json
from decimal import Decimal
from fractions import Fraction

import numpy as np

LONGEST = 1 << 20  # of a line, in bytes
KINDS = "biufcU"  # of arrays: booleans, numbers and texts
NUMBERS = {kind.__name__: kind for kind in (int, float, complex, Fraction, Decimal)}


class Unknown:
    """What is neither a number nor a text, nor made of these."""


def dumps(message, functions):
    """Return a message as a line; each function in it is put into a list, and its place told."""
    line = json.dumps({key: _pack(value, functions) for key, value in message.items()})
    return line.encode() + b"\n"


def loads(line, wrap):
    """Return the message in a line, with ``wrap(place)`` where it has a function.

    Raises
    ------
    ValueError
        For a line that `dumps` does not write.
    """
    try:
        return {key: _unpack(value, wrap) for key, value in json.loads(line).items()}
    except (AttributeError, KeyError, TypeError, RecursionError, ArithmeticError) as problem:
        raise ValueError(str(problem)) from problem


def _pack(value, functions):
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, list | tuple):
        name = "list" if isinstance(value, list) else "tuple"
        return {name: [_pack(item, functions) for item in value]}
    if isinstance(value, np.ndarray | np.generic) and value.dtype.kind in KINDS:
        name = "array" if isinstance(value, np.ndarray) else "scalar"
        data = base64.b64encode(np.asarray(value).tobytes()).decode()
        return {name: [value.dtype.str, list(value.shape), data]}
    if isinstance(value, np.ndarray) and value.ndim:
        return _pack(value.tolist(), functions)
    if isinstance(value, int):
        return {"int": str(int(value))}
    if isinstance(value, float):
        return {"float": repr(float(value))}
    if isinstance(value, complex):
        return {"complex": repr(complex(value))}
    if isinstance(value, Fraction | Decimal):
        return {type(value).__name__: str(value)}
    if callable(value):
        functions.append(value)
        return {"function": len(functions) - 1}
    return {"unknown": None}


def _unpack(value, wrap):
    if value is None or isinstance(value, bool | str):
        return value
    [(name, content)] = value.items()
    if name in ("list", "tuple"):
        return {"list": list, "tuple": tuple}[name](_unpack(item, wrap) for item in content)
    if name in ("array", "scalar"):
        kind, shape, data = content
        if np.dtype(kind).kind not in KINDS:
            raise ValueError(kind)
        array = np.frombuffer(base64.b64decode(data), kind).reshape(shape).copy()
        return array if name == "array" else array[()]
    if name == "function":
        return wrap(int(content))
    if name == "unknown":
        return Unknown()
    return NUMBERS[name](content)
