"""Read and write float32 .npy and .npz files with nothing but the standard library."""

import array
import ast
import math
import struct
import zipfile
from typing import NamedTuple


class Array(NamedTuple):
    shape: tuple
    data: array.array  # the elements in C order


def parse(content, where="array"):
    if content[:6] != b"\x93NUMPY" or content[6] not in (1, 2):
        raise ValueError(f"{where}: not an .npy file of version 1 or 2")
    form, start = ("<H", 10) if content[6] == 1 else ("<I", 12)
    (length,) = struct.unpack(form, content[8:start])
    header = ast.literal_eval(content[start : start + length].decode("latin-1"))
    if header["descr"] != "<f4" or header["fortran_order"]:
        raise ValueError(f"{where}: expected float32 in C order, found {header}")
    data = array.array("f", content[start + length :])
    if len(data) != math.prod(header["shape"]):
        raise ValueError(
            f"{where}: expected {math.prod(header['shape'])} elements, found {len(data)}"
        )
    return Array(tuple(header["shape"]), data)


def read(path):
    with open(path, "rb") as file:
        return parse(file.read(), path)


def read_npz(path):
    """The arrays of an .npz file by name."""
    with zipfile.ZipFile(path) as file:
        return {
            name.removesuffix(".npy"): parse(file.read(name), f"{path}:{name}")
            for name in file.namelist()
        }


def serialize(value):
    shape = "(" + "".join(f"{extent}, " for extent in value.shape).strip() + ")"
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}"
    header += " " * (-(len(header) + 11) % 64) + "\n"
    return (
        b"\x93NUMPY\x01\x00"
        + struct.pack("<H", len(header))
        + header.encode()
        + value.data.tobytes()
    )


def write(path, value):
    with open(path, "wb") as file:
        file.write(serialize(value))
