"""A product's shared library, and calls of its NAME_run whose arguments are prepared once."""

from __future__ import annotations

import _ctypes
import ctypes
import json
import math
import weakref
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ._errors import RunError, SepconvError
from ._pool import Pool
from ._ports import Array, Port, address


class Library:
    """A loaded product. The weights of a file stay mapped as long as it lives."""

    def __init__(self, path: Path, description: Mapping[str, Any], threads: int) -> None:
        """Raises SepconvError for a file that is not this product's, or that this machine cannot load."""
        name = description["name"]
        try:
            self._library = ctypes.CDLL(str(path))
            self.run = self._library[f"{name}_run"]
            self._message = self._library[f"{name}_status_message"]
            describe = self._library[f"{name}_description"]
        except (OSError, AttributeError) as error:
            raise SepconvError(f"cannot load '{path}', compiled for {description['target']}: {error}") from error
        # Products have no state and no destructors, so nothing refers to a library that no call uses.
        weakref.finalize(self, _ctypes.dlclose, self._library._handle).atexit = False
        self._message.restype = describe.restype = ctypes.c_char_p
        # The file says more of the kernels, and has the calls.
        if any(description.get(key) != value for key, value in json.loads(describe()).items() if key != "kernels"):
            raise SepconvError(f"'{path}' is not the library that '{name}.json' beside it describes")
        weights, workspace = description["weights"], description["workspace"]
        self.weights_file: Array | None = None
        if weights["mode"] == "file" and weights["bytes"]:
            self.weights_file = _map(path.parent / f"{name}.weights", weights["bytes"])
        self.has_threads = description["threads"] == "callback"
        self.pool = Pool(threads) if self.has_threads and threads > 1 else None
        self.workspace_bytes = workspace["bytes"] + (threads - 1) * workspace.get("thread_bytes", 0)
        self.alignment = workspace["alignment"]

    def check(self, status: int) -> None:
        if status:
            raise RunError(self._message(status).decode(), status)


def _map(path: Path, size: int) -> Array:
    try:
        weights = np.memmap(path, np.uint8, "r")
    except (OSError, ValueError) as error:
        raise SepconvError(f"cannot map the weights '{path}': {error}") from error
    if weights.size != size:
        raise SepconvError(f"the weights '{path}' have {weights.size} bytes, expected {size}")
    return weights


class Call:
    """The arguments of NAME_run with a workspace of its own: what one thread needs to call it."""

    def __init__(self, library: Library, inputs: Sequence[Port], outputs: Sequence[Port], weights: Sequence[Port],
                 sizes: int) -> None:
        self._library = library
        self._run = library.run
        self.sizes = [ctypes.c_size_t() for _ in range(sizes)]
        buffers = [_Buffer(port) for port in (*inputs, *outputs)]
        members = (ctypes.c_size_t * (2 * len(weights)))()
        self._members = [_Member(members, index, port) for index, port in enumerate(weights)]
        self.buffers: list[_Buffer | _Member] = [*buffers[:len(inputs)], *self._members, *buffers[len(inputs):]]
        room = np.empty(library.workspace_bytes + library.alignment, np.uint8)
        self._keep = (members, room)
        arguments: list[Any] = [*self.sizes]
        for buffer in buffers:
            arguments += [buffer.pointer, buffer.bytes]
        if weights:
            arguments.append(ctypes.byref(members))
        start = -address(room) % library.alignment + address(room)
        arguments += [ctypes.c_void_p(start), ctypes.c_size_t(library.workspace_bytes)]
        if library.weights_file is not None:
            arguments += [ctypes.c_void_p(address(library.weights_file)), ctypes.c_size_t(library.weights_file.size)]
        if library.has_threads:
            pool = library.pool
            arguments += [pool.function, pool.handle] if pool else [ctypes.c_void_p(), ctypes.c_void_p()]
        self._arguments = tuple(arguments)

    def __call__(self) -> None:
        """Runs without the interpreter's lock. Raises RunError if the product refuses the call."""
        if status := self._run(*self._arguments):
            self._library.check(status)


class _Buffer:
    """Two arguments: the address and the size of an array."""

    def __init__(self, port: Port) -> None:
        self._is_static = port.is_static
        self.pointer = ctypes.c_void_p()
        self.bytes = ctypes.c_size_t(math.prod(port.resolve({})) * port.dtype.itemsize if self._is_static else 0)

    def set(self, array: Array) -> None:
        self.pointer.value = address(array)
        if not self._is_static:
            self.bytes.value = array.nbytes


class _Member:
    """Two members of the structure of weights."""

    def __init__(self, members: ctypes.Array[ctypes.c_size_t], index: int, port: Port) -> None:
        self._members, self._index = members, 2 * index

    def set(self, array: Array) -> None:
        self._members[self._index] = address(array)
        self._members[self._index + 1] = array.nbytes
