"""Read and write .npy and .npz files with the standard library only."""

import array
import ast
import math
import struct
import zipfile
from typing import NamedTuple


# Their names in .npy files, and in struct and array: what Python has no type for is in its bits.
# NumPy has no bfloat16 either: what is written of ml_dtypes' arrays are two bytes, V2.
DTYPES = {"float16": ("<f2", "H"), "bfloat16": ("<V2", "H"), "float32": ("<f4", "f"), "float64": ("<f8", "d")}
DTYPES |= {"bool": ("|b1", "B"), "uint8": ("|u1", "B"), "int8": ("|i1", "b")}
DTYPES |= {"uint16": ("<u2", "H"), "int16": ("<i2", "h"), "uint32": ("<u4", "I"), "int32": ("<i4", "i")}
DTYPES |= {"uint64": ("<u8", "Q"), "int64": ("<i8", "q")}
NAMES = {descr: dtype for dtype, (descr, _) in DTYPES.items()} | {"|V2": "bfloat16"}


class Array(NamedTuple):
    shape: tuple
    data: array.array  # the elements in C order
    dtype: str = "float32"


def to_floats(dtype, content):
    """The elements of bytes as Python's numbers."""
    if dtype == "float16":
        return struct.unpack(f"<{len(content) // 2}e", content)
    if dtype == "bfloat16":
        bits = struct.unpack(f"<{len(content) // 2}H", content)
        return struct.unpack(f"<{len(bits)}f", struct.pack(f"<{len(bits)}I", *(b << 16 for b in bits)))
    return memoryview(content).cast(DTYPES[dtype][1])


def from_floats(dtype, shape, values):
    """An array of the nearest numbers of a type."""
    code = DTYPES[dtype][1]
    data = array.array(code)
    if dtype == "float16":
        data.frombytes(struct.pack(f"<{len(values)}e", *values))
    elif dtype == "bfloat16":
        bits = struct.unpack(f"<{len(values)}I", struct.pack(f"<{len(values)}f", *values))
        data.extend((b + 0x7FFF + (b >> 16 & 1)) >> 16 for b in bits)
    elif code in "fd":
        data.extend(values)
    else:
        data.extend(round(value) for value in values)
    return Array(tuple(shape), data, dtype)


def bytes_of(value, dtype):
    """As many as the numbers of an array take in a type."""
    return len(value.data) * array.array(DTYPES[dtype][1]).itemsize


def convert(value, dtype):
    return from_floats(dtype, value.shape, to_floats(value.dtype, value.data.tobytes()))


def parse(content, where="array"):
    if content[:6] != b"\x93NUMPY" or content[6] not in (1, 2):
        raise ValueError(f"{where}: not an .npy file of version 1 or 2")
    form, start = ("<H", 10) if content[6] == 1 else ("<I", 12)
    (length,) = struct.unpack(form, content[8:start])
    header = ast.literal_eval(content[start : start + length].decode("latin-1"))
    dtype = NAMES.get(header["descr"])
    if not dtype or header["fortran_order"]:
        raise ValueError(f"{where}: expected {', '.join(DTYPES)} in C order, found {header}")
    data = array.array(DTYPES[dtype][1], content[start + length :])
    if len(data) != math.prod(header["shape"]):
        raise ValueError(
            f"{where}: expected {math.prod(header['shape'])} elements, found {len(data)}"
        )
    return Array(tuple(header["shape"]), data, dtype)


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
    header = f"{{'descr': '{DTYPES[value.dtype][0]}', 'fortran_order': False, 'shape': {shape}, }}"
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
