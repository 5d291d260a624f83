"""The five functions of TensorFlow on arrays, compiled when they are first called."""

from __future__ import annotations

import functools
import inspect
import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from . import _cache
from ._errors import CompileError, Diagnostic
from ._module import Module, new_module
from ._ports import Array, view
from ._tools import environment, executable, run_compiler

_ELEMENTS = {"float32": "f32", "float64": "f64", "float16": "f16", "bfloat16": "bf16"}
_ARGUMENT = re.compile(r"^  (\w+)(?:=(.*?))?  ")
_NAME = "function"


class Function:
    """A function of TensorFlow; `function` makes one. Its signature is that of TensorFlow's documentation.

    A call compiles the function for the shapes, element types and other arguments that it is given, unless it has
    done so before, in this process or, on this machine, in another one.
    """

    def __init__(self, name: str, target: str, threads: int) -> None:
        self.name = name
        self.target = target
        self.threads = threads
        self.__name__ = name.rpartition(".")[2]
        self.__doc__, self.__signature__ = _describe(name)
        self._modules: dict[tuple[Any, ...], Module] = {}

    def __call__(self, *arguments: object, weights: Sequence[object] | Mapping[str, object] | None = None,
                 **keywords: object) -> Array:
        """Arrays may be anything with __dlpack__, and the result is a new NumPy array.

        The functions that are layers take their variables as `weights`: in the order of a layer's get_weights(), or
        by name. Raises CompileError for arguments that TensorFlow would refuse, TypeError as Python does.
        """
        given = self.__signature__.bind(*arguments, **keywords).arguments
        arrays = {name: view(value, name) for name, value in given.items() if _is_array(value)}
        words = tuple(f"--arg={name}={_text(name, value)}" for name, value in given.items() if name not in arrays)
        types = tuple((name, array.shape, array.dtype) for name, array in arrays.items())
        module = self._modules.get((types, words))
        if module is None:
            tensors = [f"--arg={name}={_tensor(name, array)}" for name, array in arrays.items()]
            module = self._modules[types, words] = self._compile([*tensors, *words])
        operands = [arrays[port.name] for port in module.inputs]
        operands += [arrays[port.name] for port in module.weights if port.name in arrays]
        return module(*operands, *self._variables(module, weights, len(operands)))  # type: ignore[no-any-return]

    def _variables(self, module: Module, weights: Sequence[object] | Mapping[str, object] | None,
                   known: int) -> list[object]:
        """The weights that are no arguments of TensorFlow's function, in the order of the product."""
        names = [port.name for port in (*module.inputs, *module.weights)[known:]]
        values = dict(weights) if isinstance(weights, Mapping) else dict(zip(names, weights or ()))
        count = len(weights or ())
        if set(values) != set(names) or count != len(names):
            raise TypeError(f"{self.name}: expected the weights {names}, found "
                            f"{list(values) if isinstance(weights, Mapping) else count}")
        return [values[name] for name in names]

    def _compile(self, words: Sequence[str]) -> Module:
        options = [f"--function={self.name}", f"--name={_NAME}", "--weights=arguments", f"--target={self.target}",
                   f"--threads={'callback' if self.threads > 1 else 'none'}", "--emit=shared,report-json", *words]

        def make(folder: Path) -> None:
            run_compiler(self.name, [*options, "-o", str(folder)])

        entry = _cache.key(options)
        return new_module(lambda folder: _cache.get(entry, make, folder), self.threads)

    def __reduce__(self) -> tuple[Any, ...]:
        return function, (self.name, self.target, self.threads)

    def __repr__(self) -> str:
        return f"<sepconv.Function {self.name}{self.__signature__}>"


def function(name: str, target: str = "host", threads: int = 1) -> Function:
    """One of TensorFlow's functions, by its name: tf.nn.separable_conv2d, tf.keras.backend.separable_conv2d,
    tf.keras.backend.depthwise_conv2d, tf.keras.layers.SeparableConv2D or tf.layers.separable_conv2d.

    Raises CompileError for another name.
    """
    return _function(name, target, threads)


_function = functools.cache(Function)


def _describe(name: str) -> tuple[str, inspect.Signature]:
    """What `sepconv-compile --help-function` says of a function, and the arguments that it lists."""
    command = ["sepconv-compile", "--help-function", f"--function={name}"]
    done = subprocess.run(command, executable=executable("sepconv-compile"), env=environment(), check=False,
                          capture_output=True, text=True)
    if done.returncode:
        raise CompileError(name, (Diagnostic(done.stderr.strip().rpartition("error: ")[2]),))
    parameters = []
    for line in done.stdout.splitlines():
        if found := _ARGUMENT.match(line):
            argument, default = found.groups()
            parameters.append(inspect.Parameter(
                argument, inspect.Parameter.POSITIONAL_OR_KEYWORD,
                default=inspect.Parameter.empty if default is None else _Default(default)))
    return done.stdout, inspect.Signature(parameters)


class _Default(str):
    """The text of a default value, which a signature shows as it is."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def _is_array(value: object) -> bool:
    return hasattr(value, "__dlpack__") and getattr(value, "ndim", 1) > 0


def _tensor(name: str, array: Array) -> str:
    element = _ELEMENTS.get(array.dtype.name)
    if element is None:
        raise ValueError(f"'{name}': expected an array of {', '.join(_ELEMENTS)}, found {array.dtype.name}")
    return "x".join([*map(str, array.shape), element])


def _text(name: str, value: object) -> str:
    """An argument as sepconv-compile reads it."""
    if value is None or isinstance(value, (str, bool, int, float)):
        return str(value)
    if isinstance(value, Sequence):
        return ",".join(map(str, value))
    raise TypeError(f"'{name}': expected a text, a number or a sequence of them, found {type(value).__name__}")
