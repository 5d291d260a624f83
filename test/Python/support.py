"""What the tests of the Python package share: models, arrays, and a cache of their own.

Run by hand: SEPCONV_HOME=build PYTHONPATH=python build/venv/bin/python -m unittest discover -s test/Python
"""

import atexit
import os
import shutil
import tempfile
import unittest
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
DIGITS = ROOT / "examples/digits/digits.keras"
KERAS_CASES = ROOT / "test/Execution/keras"

# x + x, as tensors of a size and a type.
DOUBLE = """func.func @main(%x: tensor<{0}>) -> tensor<{0}> {{
  %sum = linalg.add ins(%x, %x : tensor<{0}>, tensor<{0}>) outs(%x : tensor<{0}>) -> tensor<{0}>
  return %sum : tensor<{0}>
}}
"""

os.environ["SEPCONV_CACHE"] = tempfile.mkdtemp(prefix="sepconv-cache-")
atexit.register(shutil.rmtree, os.environ["SEPCONV_CACHE"], ignore_errors=True)


def digits(count=1):
    """Images of digits, as digits.keras takes them, and Keras's probabilities for them."""
    images = np.load(DIGITS.with_name("images.npy"))[:count].astype(np.float32)[..., None]
    return images, np.load(DIGITS.with_name("probabilities.npy"))[:count]


def golden(name):
    """The inputs and the outputs of a model of test/Execution/keras."""
    arrays = dict(np.load(KERAS_CASES / f"{name}.npz"))
    return tuple([arrays[key] for key in sorted(arrays) if key.startswith(kind)] for kind in ("input", "output"))


class Case(unittest.TestCase):
    """Tests with a folder of their own."""

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="sepconv-test-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def assertClose(self, found, expected, tolerance=1e-5):
        np.testing.assert_allclose(found, expected, rtol=0, atol=tolerance * np.abs(expected).max())

    def assertSays(self, error, *texts):
        """The error's message has each of the texts."""
        for text in texts:
            self.assertIn(text, str(error))
