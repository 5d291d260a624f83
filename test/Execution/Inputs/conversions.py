"""Writes the inputs of conversions.mlir, and checks its outputs bit for bit.

usage: conversions.py float16|bfloat16 write|check DIRECTORY

The float32 numbers are those halfway between two neighbours of the narrow type, the ones right below
and above, and numbers of random bits.
"""

import sys
from pathlib import Path

import numpy as np


def extend(dtype, bits):
    if dtype == "float16":
        return bits.view("<f2").astype("<f4")
    return (bits.astype("<u4") << 16).view("<f4")


def round_to(dtype, numbers):
    if dtype == "float16":
        return numbers.astype("<f2").view("<u2")
    bits = numbers.view("<u4")
    rounded = ((bits + 0x7FFF + (bits >> 16 & 1)) >> 16).astype("<u2")
    return np.where(np.isnan(numbers), 0x7FC0, rounded).astype("<u2")


def narrow_numbers():
    return np.arange(1 << 16, dtype="<u2")


def wide_numbers(dtype):
    """2^18 of them."""
    numbers = extend(dtype, narrow_numbers()).view("<u4")
    last = 13 if dtype == "float16" else 16  # bits of the fraction that are rounded off
    between = numbers[np.isfinite(numbers.view("<f4"))] + np.uint32(1 << (last - 1))
    edges = np.concatenate([between - 1, between, between + 1])
    edges = np.random.default_rng(1).permutation(edges)[: 3 << 16]
    others = np.random.default_rng(2).integers(0, 1 << 32, (1 << 18) - len(edges), "<u4")
    return np.concatenate([edges, others]).view("<f4")


def same(got, expected):
    """NaNs may have any bits; got and expected are float32."""
    both = np.isnan(got) & np.isnan(expected)
    return (got.view("<u4") == expected.view("<u4")) | both


def check(name, dtype, path, expected):
    got = np.load(path).ravel()
    if got.dtype != np.float32:
        got, expected = extend(dtype, got.view("<u2")), extend(dtype, expected)
    wrong = np.flatnonzero(~same(got, expected))
    if len(wrong):
        sys.exit(f"{name}: {len(wrong)} wrong, {got[wrong[0]]} instead of {expected[wrong[0]]}")


def main():
    dtype, what, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    narrow, wide = narrow_numbers(), wide_numbers(dtype)
    if what == "write":
        descr = "<f2" if dtype == "float16" else "V2"
        np.save(folder / "narrow.npy", narrow.view(descr).reshape(1024, 64))
        np.save(folder / "wide.npy", wide.reshape(4096, 64))
        return
    for suffix in ("", "_one"):
        check("extended" + suffix, dtype, folder / f"extended{suffix}.npy", extend(dtype, narrow))
        check("rounded" + suffix, dtype, folder / f"rounded{suffix}.npy", round_to(dtype, wide))


if __name__ == "__main__":
    with np.errstate(all="ignore"):
        main()
