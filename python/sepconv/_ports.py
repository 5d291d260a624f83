"""The inputs, outputs and weights of a product, as its description says them."""

from __future__ import annotations

import ast
import ctypes
import importlib
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Sizes = dict[str, int]

_OPERATORS: dict[type[ast.operator], Callable[[int, int], int]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.floordiv,
    ast.Mod: operator.mod}
_View = ctypes.c_char * 0


def element_type(name: str) -> np.dtype[Any]:
    """NumPy's dtype by the name that a product gives it; that of bfloat16 is ml_dtypes'."""
    if name == "bfloat16":
        scalar: type = importlib.import_module("ml_dtypes").bfloat16
        return np.dtype(scalar)
    return np.dtype(name)


def evaluate(expression: str, sizes: Sizes) -> int:
    """The value of a size such as "(height + 1) / 2", where / rounds down. Raises KeyError for an unknown name."""
    def value(node: ast.expr) -> int:
        if isinstance(node, ast.BinOp):
            return _OPERATORS[type(node.op)](value(node.left), value(node.right))
        if isinstance(node, ast.Constant):
            return int(node.value)  # type: ignore[arg-type]
        assert isinstance(node, ast.Name)
        return sizes[node.id]
    return value(ast.parse(expression, mode="eval").body)


@dataclass(frozen=True)
class Port:
    """An input, output or weight. A dimension is a number, None for a batch that each call chooses, or the
    name of a dynamic size or an expression in such names."""

    name: str
    c_name: str
    dtype: np.dtype[Any]
    shape: tuple[int | str | None, ...]

    @classmethod
    def of(cls, described: Mapping[str, Any]) -> Port:
        return cls(described["name"], described["c_name"], element_type(described["dtype"]),
                   tuple(described["shape"]))

    @property
    def is_static(self) -> bool:
        return all(isinstance(extent, int) for extent in self.shape)

    def bind(self, shape: tuple[int, ...], sizes: Sizes) -> None:
        """Adds the dynamic sizes that an array of this shape has."""
        for extent, size in zip(self.shape, shape):
            if extent is None:
                sizes.setdefault("batch", size)
            elif isinstance(extent, str):
                sizes.setdefault(extent, size)

    def resolve(self, sizes: Sizes) -> tuple[int, ...]:
        """The shape for these sizes."""
        return tuple(extent if isinstance(extent, int) else sizes["batch"] if extent is None
                     else sizes[extent] if extent in sizes else evaluate(extent, sizes) for extent in self.shape)

    def shown(self) -> str:
        """What an array for it must be."""
        extents = ", ".join("batch" if extent is None else str(extent) for extent in self.shape)
        return f"{self.dtype.name}[{extents}]"

    def __str__(self) -> str:
        return f"{self.name}: {self.shown()}"


def counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def shown(array: Array) -> str:
    return f"{array.dtype.name}[{', '.join(map(str, array.shape))}]"


def address(array: Array) -> int:
    """Where the elements of a contiguous array are."""
    try:
        return ctypes.addressof(_View.from_buffer(array))  # type: ignore[arg-type]
    except (TypeError, ValueError, BufferError):  # read-only, or of a type that buffers do not know
        return int(array.__array_interface__["data"][0])


def view(value: object, name: str) -> Array:
    """An array of the caller's memory. TypeError if it is none that this processor can read."""
    if isinstance(value, np.ndarray):
        return value
    if isinstance(value, np.generic):
        return np.asarray(value)
    if not hasattr(value, "__dlpack__"):
        raise TypeError(f"'{name}': expected a NumPy array or an object with __dlpack__, found {type(value).__name__}")
    try:
        return np.from_dlpack(value)
    except (BufferError, RuntimeError, TypeError, ValueError) as error:
        raise TypeError(f"'{name}': NumPy cannot read this {type(value).__name__} through DLPack: {error}; expected "
                        "an array in the memory of the processor that needs no gradient") from error


def to_array(value: object, port: Port) -> Array:
    """The argument of a call as an array that C can read: the caller's memory where it is contiguous and aligned,
    else a copy. TypeError if it is no array, ValueError if its elements or their number of dimensions differ."""
    array = view(value, port.name)
    if array.dtype != port.dtype or array.ndim != len(port.shape):
        raise ValueError(f"'{port.name}': expected {port.shown()}, found {shown(array)}")
    flags = array.flags
    return array if flags.c_contiguous and flags.aligned else np.require(array, requirements=("C", "A"))
