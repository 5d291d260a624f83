"""Inputs for integers.mlir, and what NumPy computes of them."""

import sys
from pathlib import Path

import numpy as np

out = Path(sys.argv[1])
rng = np.random.default_rng(7)
shape = (3, 37)
x = {}
for kind, bits in (("u", 8), ("i", 8), ("u", 16), ("i", 16), ("u", 32), ("i", 32), ("i", 64)):
    dtype = np.dtype(f"{'u' if kind == 'u' else ''}int{bits}")
    info = np.iinfo(dtype)
    x[f"{kind}{bits}"] = rng.integers(info.min, info.max, shape, dtype, endpoint=True)
x["i32"] //= 4  # so that sums with it are exact
x["i64"] >>= 31
x["b"] = rng.random(shape) < 0.5
x["f"] = (rng.random(shape) * 2000 - 1000).astype("f")
f4, wide = np.float32, np.int64
answers = {
    "sum": np.where(x["b"], x["u8"].astype(f4) + x["i8"].astype(f4), x["u32"].astype(f4)),
    "narrow": (x["i32"] + x["f"].astype(np.int32)).astype(np.uint8),
    "less": (x["u16"] < x["i16"].view(np.uint16)) ^ x["b"],
    "wide": np.maximum(x["i64"], x["u32"].astype(wide) - x["i32"].astype(wide)),
    "total": np.where(x["b"], x["u8"], 0).sum(1, dtype=np.int32),
    "short": (np.maximum(x["u16"], x["i16"].view(np.uint16)).view(np.int16) / 3).astype(np.int16) & x["i16"],
}
for name, value in x.items():
    np.save(out / f"in_{name}.npy", value)
for name, value in answers.items():
    np.save(out / f"{name}.npy", value)
