"""Compiles large models of the given size, and compares with NumPy; each buffer's problems have their status.

usage: large_models.py SOURCE FOLDER SIZE"""

import ctypes
import subprocess
import sys
from pathlib import Path

import numpy as np

source, folder, size = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
sys.path.insert(0, str(source / "test" / "support"))
import large_models  # noqa: E402
from product import Product  # noqa: E402

RNG = np.random.default_rng(1)


def relu(x):
    return np.maximum(x, 0)


def elementwise(inputs):
    value, x = inputs
    for i in range(size):
        value = [np.add, np.multiply, np.maximum, np.subtract][i % 4](value, x)
    return [value]


def outputs(inputs):
    results = inputs
    for i in range(size):
        results = [*results, (np.tanh if i % 2 else relu)(results[-1])]
    return results[1:]


EXPECTED = {
    "relus": lambda inputs: [relu(inputs[0])],
    "elementwise": elementwise,
    "sums": lambda inputs: [sum(inputs)],
    "concat": lambda inputs: [np.concatenate(inputs, axis=3)],
    "arguments": lambda inputs: [relu(x) for x in inputs],
    "outputs": outputs,
}


def compiled(kind):
    model = folder / f"{kind}.mlir"
    model.write_text(large_models.KINDS[kind](size), encoding="utf-8")
    subprocess.run(["sepconv-compile", model, "-o", folder, f"--name={kind}", "--emit=shared"], check=True)
    [library] = folder.glob(f"*{kind}.so")
    return Product(str(library), kind)


def check_numbers(kind, product):
    inputs = [RNG.uniform(-1, 1, large_models.SHAPE).astype(np.float32) for _ in product.description["inputs"]]
    expected = EXPECTED[kind](inputs)
    got = product.run([x.tobytes() for x in inputs])
    assert len(got) == len(expected), (len(got), len(expected))
    for index, (content, wanted) in enumerate(zip(got, expected)):
        error = np.abs(np.frombuffer(content, np.float32) - wanted.ravel()).max()
        assert error <= 1e-4 * max(1, np.abs(wanted).max()), f"{kind}: output {index} differs by {error}"


def check_statuses(product, buffers):
    """The first, the last and some buffer in between: NULL, misaligned, too small. (The workspace is empty.)"""
    place = (ctypes.c_char * 4096)()
    good = [ctypes.c_void_p(-(-ctypes.addressof(place) // 64) * 64), ctypes.c_size_t(1 << 20)]
    for index in (0, buffers // 2, buffers - 2):
        for at, wrong, message in ((0, ctypes.c_void_p(None), "NULL"),
                                   (0, ctypes.c_void_p(good[0].value + 1), "aligned"),
                                   (1, ctypes.c_size_t(1), "small")):
            arguments = good * buffers
            arguments[2 * index + at] = wrong
            status = product.run_function(*arguments)
            text = product.status_message(status).decode()
            assert message in text, f"buffer {index}: expected {message}, found {text}"


for name in EXPECTED:
    model = compiled(name)
    check_numbers(name, model)
    if name == "arguments":
        check_statuses(model, 2 * size + 1)
print(f"{len(EXPECTED)} large models compute what NumPy does")
