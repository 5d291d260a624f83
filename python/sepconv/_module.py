"""A compiled model."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import threading
import weakref
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ._errors import SepconvError
from ._library import Call, Library
from ._ports import Array, Port, Sizes, counted, shown, to_array
from ._report import Report, layers_of


@dataclass(frozen=True)
class Kernel:
    """A loop nest of the product: the operations that it fuses, its schedule, the layers that it computes, and how
    often it is called: layers of the same shape share a kernel."""

    name: str
    operations: tuple[str, ...]
    schedule: str
    layers: tuple[str, ...]
    calls: int
    scratch_bytes: int


class Module:
    """A compiled model: `compile` and `load` make one. Any number of threads may call it at the same time.

    The library is loaded by the first call, so that a product for another machine can be saved.
    """

    def __init__(self, folder: str | os.PathLike[str], threads: int = 1) -> None:
        """Of the folder that `sepconv-compile --emit=shared,report-json` or `save` wrote. SepconvError if it has no
        description of a product, or several."""
        self.folder = Path(folder).resolve()  # whatever the working directory is later
        found = sorted(path for path in self.folder.glob("*.json") if (self.folder / f"lib{path.stem}.so").exists())
        if not self.folder.is_dir():
            raise SepconvError(f"there is no folder '{folder}'")
        if len(found) != 1:
            raise SepconvError(f"'{folder}' has {len(found)} products, expected one NAME.json beside its libNAME.so")
        self.description: dict[str, Any] = json.loads(found[0].read_text(encoding="utf-8"))
        self.name: str = self.description["name"]
        self.target: str = self.description["target"]
        self.threads = threads
        self.options: tuple[str, ...] = ()  # that `compile` was given, for who compiles the model once more
        if threads < 1:
            raise ValueError(f"threads={threads}: expected at least 1")
        if threads > 1 and self.description["threads"] != "callback":
            raise ValueError(f"threads={threads}: expected 1, as the product was not compiled for threads")
        self.inputs = tuple(map(Port.of, self.description["inputs"]))
        self.outputs = tuple(map(Port.of, self.description["outputs"]))
        self.weights = tuple(map(Port.of, self.description["weights"].get("arguments", ())))
        self.kernels = tuple(Kernel(kernel["name"], tuple(kernel["pattern"]), kernel.get("schedule", ""),
                                    layers_of(self.description, kernel["name"]), kernel["calls"],
                                    kernel["scratch_bytes"]) for kernel in self.description["kernels"])
        self._arguments = self.inputs + self.weights
        self._sizes = ["batch"] if self.description.get("batch", 1) is None else []
        self._sizes += [size["name"] for size in self.description.get("sizes", ())]
        self._shapes = [port.resolve({}) if port.is_static else None for port in self._arguments]
        self._result_shapes = [port.resolve({}) if port.is_static else None for port in self.outputs]
        self._library: Library | None = None
        self._loading = threading.Lock()
        self._idle: list[Call] = []  # of threads that have returned; a list's pop and append are atomic

    def __call__(self, *arguments: object, out: Array | Sequence[Array] | None = None) -> Any:
        """Runs the model on its inputs, in the order of `inputs`; with weights that are arguments, they follow.

        Returns an array, or a tuple where there are several outputs: `out`, if given, else new ones. Raises
        TypeError or ValueError for what does not fit, RunError for what the compiled code refuses.
        """
        given = None if out is None else (out,) if isinstance(out, np.ndarray) else tuple(out)
        results = self._run(arguments, given)
        return results[0] if len(results) == 1 else tuple(results)

    def run(self, arguments: Mapping[str, object], out: Mapping[str, Array] | None = None) -> dict[str, Array]:
        """Runs the model on inputs by their names; returns the outputs by theirs."""
        names = [port.name for port in self._arguments]
        if set(arguments) != set(names):
            raise ValueError(f"expected the inputs {names}, found {list(arguments)}")
        outputs = [port.name for port in self.outputs]
        if out is not None and set(out) != set(outputs):
            raise ValueError(f"expected the outputs {outputs}, found {list(out)}")
        given = None if out is None else tuple(out[name] for name in outputs)
        return dict(zip(outputs, self._run([arguments[name] for name in names], given)))

    def _run(self, arguments: Sequence[object], out: tuple[Array, ...] | None) -> list[Array]:
        if len(arguments) != len(self._arguments):
            raise TypeError(f"expected {counted(len(self._arguments), 'array')}, found {len(arguments)}: "
                            + "; ".join(map(str, self._arguments)))
        arrays = [to_array(value, port) for value, port in zip(arguments, self._arguments)]
        sizes = self._bind(arrays) if self._sizes else {}
        for array, port, shape in zip(arrays, self._arguments, self._shapes):
            if array.shape != (shape or port.resolve(sizes)):
                raise ValueError(f"'{port.name}': expected {port.shown()}, found {shown(array)}"
                                 + (f" with {sizes}" if sizes else ""))
        results = self._results(sizes, arrays, out)
        try:
            call = self._idle.pop()
        except IndexError:
            call = self._new_call()
        for buffer, array in zip(call.buffers, [*arrays, *results]):
            buffer.set(array)
        for number, name in zip(call.sizes, self._sizes):
            number.value = sizes[name]
        call()
        self._idle.append(call)
        return results

    def _new_call(self) -> Call:
        with self._loading:
            if self._library is None:
                path = self.folder / f"lib{self.name}.so"
                self._library = Library(path, self.description, self.threads)
        return Call(self._library, self.inputs, self.outputs, self.weights, len(self._sizes))

    def _bind(self, arrays: Sequence[Array]) -> Sizes:
        """The batch and the dynamic sizes that the inputs have. ValueError for one that the code is not for."""
        sizes: Sizes = {}
        for array, port in zip(arrays, self.inputs):
            port.bind(array.shape, sizes)
        for size in self.description.get("sizes", ()):
            value = sizes[size["name"]]
            if not size["least"] <= value <= size["greatest"] or value % size["factor"]:
                raise ValueError(f"{size['name']}={value}: expected a multiple of {size['factor']} from "
                                 f"{size['least']} to {size['greatest']}")
        return sizes

    def _results(self, sizes: Sizes, arrays: Sequence[Array], out: tuple[Array, ...] | None) -> list[Array]:
        shapes = [shape or port.resolve(sizes) for port, shape in zip(self.outputs, self._result_shapes)]
        if out is None:
            return [np.empty(shape, port.dtype) for shape, port in zip(shapes, self.outputs)]
        if len(out) != len(shapes):
            raise ValueError(f"out: expected {counted(len(shapes), 'array')}, found {len(out)}")
        for array, shape, port in zip(out, shapes, self.outputs):
            if array.dtype != port.dtype or array.shape != shape or not array.flags.carray:
                raise ValueError(f"out: expected a writable array in C order for {port}, found {shown(array)}")
            if any(np.may_share_memory(array, other) for other in arrays):
                raise ValueError(f"out: the array for '{port.name}' overlaps an input")
        return list(out)

    def report(self) -> Report:
        """What the product is: its sizes and kernels. A notebook shows it as tables; str() is text, and html() the
        page that sepconv-compile writes."""
        page = self.folder / f"{self.name}.html"
        return Report(self.description, page.read_text(encoding="utf-8") if page.exists() else None)

    def save(self, folder: str | os.PathLike[str]) -> None:
        """Writes the product's files to a folder, as sepconv-compile does."""
        target = Path(folder).resolve()
        target.mkdir(parents=True, exist_ok=True)
        for path in self.folder.iterdir():
            if target != self.folder:
                shutil.copyfile(path, target / path.name)

    def __reduce__(self) -> tuple[Any, ...]:
        files = {path.name: path.read_bytes() for path in self.folder.iterdir()}
        return _from_files, (files, self.threads, self.options)

    def __repr__(self) -> str:
        ports = ", ".join(map(str, self.inputs)), ", ".join(map(str, self.outputs))
        return f"<sepconv.Module {self.name} for {self.target}: {' -> '.join(ports)}>"


def new_module(fill: Callable[[Path], object], threads: int) -> Module:
    """The module of a folder that `fill` writes and that goes away with it."""
    folder = Path(tempfile.mkdtemp(prefix="sepconv-"))
    try:
        fill(folder)
        module = Module(folder, threads)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    weakref.finalize(module, shutil.rmtree, folder, ignore_errors=True)
    return module


def _from_files(files: Mapping[str, bytes], threads: int, options: tuple[str, ...]) -> Module:
    def write(folder: Path) -> None:
        for name, content in files.items():
            (folder / name).write_bytes(content)
    module = new_module(write, threads)
    module.options = options
    return module


def load(folder: str | os.PathLike[str], threads: int = 1) -> Module:
    """The module of a product that `Module.save` or `sepconv-compile --emit=shared,report-json` wrote.

    Raises SepconvError if there is none.
    """
    return Module(folder, threads)
