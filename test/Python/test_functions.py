"""Tests of sepconv.function: signatures, arrays, errors and the cache. check_functions.py compares numbers."""

import inspect
import os
import pickle
from unittest import mock

import numpy as np

import sepconv
import sepconv._function
from support import Case


def operands(channels=4):
    rng = np.random.default_rng(1)
    shapes = (1, 6, 5, channels), (3, 3, channels, 1), (1, 1, channels, 2)
    return [rng.standard_normal(shape, np.float32) for shape in shapes]


class Functions(Case):
    def setUp(self):
        super().setUp()
        self.enterContext(mock.patch.dict(os.environ, SEPCONV_CACHE=str(self.folder)))

    def test_signature(self):
        signature = inspect.signature(sepconv.function("tf.nn.separable_conv2d"))
        self.assertEqual(str(signature), "(input, depthwise_filter, pointwise_filter, strides, padding, "
                         "data_format=None, dilations=None, name=None)")
        layer = sepconv.function("tf.keras.layers.SeparableConv2D")
        self.assertIn("depth_multiplier=1", str(inspect.signature(layer)))
        self.assertIn("a positive integer or 2 of them", layer.__doc__)

    def test_result(self):
        """Against the definition, with every argument by its name and by its place."""
        x, depthwise, pointwise = operands()
        expected = np.zeros((1, 4, 3, 2))
        for i in range(3):
            for j in range(3):
                expected += x[:, i:i + 4, j:j + 3] * depthwise[i, j, :, 0] @ pointwise[0, 0].astype(np.float64)
        call = sepconv.function("tf.nn.separable_conv2d")
        self.assertClose(call(x, depthwise, pointwise, (1, 1, 1, 1), "VALID"), expected)
        self.assertClose(call(input=x, pointwise_filter=pointwise, depthwise_filter=depthwise, strides=[1, 1, 1, 1],
                              padding="VALID", name="sum"), expected)

    def test_layer(self):
        x, depthwise, pointwise = operands()
        layer = sepconv.function("tf.keras.layers.SeparableConv2D")
        bias = np.float32([1, -1])
        results = [layer(x, 2, 3, weights=weights) for weights in (
            [depthwise, pointwise, bias],
            {"bias": bias, "pointwise_kernel": pointwise, "depthwise_kernel": depthwise})]
        np.testing.assert_array_equal(*results)
        self.assertEqual(results[0].shape, (1, 4, 3, 2))
        with self.assertRaises(TypeError) as caught:
            layer(x, 2, 3, weights=[depthwise])
        self.assertSays(caught.exception, "expected the weights ['depthwise_kernel', 'pointwise_kernel', 'bias']",
                        "found 1")

    def test_infinite(self):
        """Minus infinity times a sigmoid of 0 is no number, in vectors too."""
        x = np.float32([1, -np.inf, np.inf, np.nan, -100]).reshape(1, 1, 5, 1)
        for filters in (1, 16):
            weights = [np.ones((1, 1, 1, 1), np.float32), np.ones((1, 1, 1, filters), np.float32)]
            layer = sepconv.function("tf.keras.layers.SeparableConv2D")
            result = layer(x, filters, 1, activation="swish", use_bias=False, weights=weights)
            np.testing.assert_allclose(result[0, 0, :, -1], [0.7310586, np.nan, np.inf, np.nan, 0], rtol=1e-5,
                                       atol=1e-30)

    def test_compiled_once(self):
        call = sepconv._function.Function("tf.keras.backend.depthwise_conv2d", "host", 1)
        again = sepconv._function.Function("tf.keras.backend.depthwise_conv2d", "host", 1)
        x, depthwise, _ = operands()
        with mock.patch("sepconv._function.run_compiler", wraps=sepconv._function.run_compiler) as run:
            call(x, depthwise)
            call(x, depthwise)
            again(x, depthwise)
            self.assertEqual(run.call_count, 1)
            again(x[:, 1:], depthwise)
            self.assertEqual(run.call_count, 2)

    def test_errors(self):
        x, depthwise, pointwise = operands()
        call = sepconv.function("tf.nn.separable_conv2d")
        with self.assertRaises(sepconv.CompileError) as caught:
            call(x, depthwise, pointwise, (1, 1, 1, 1), "FULL")
        problem, = caught.exception.diagnostics
        self.assertEqual((problem.argument, problem.found), ("padding", "'FULL'"))
        with self.assertRaises(TypeError):
            call(x, depthwise)
        with self.assertRaises(ValueError) as caught:
            call(x.astype(np.int32), depthwise, pointwise, (1, 1, 1, 1), "SAME")
        self.assertSays(caught.exception, "'input'", "found int32")
        with self.assertRaises(sepconv.CompileError) as caught:
            sepconv.function("tf.nn.conv2d")
        self.assertSays(caught.exception, "unknown function 'tf.nn.conv2d'")
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_pickle(self):
        call = sepconv.function("tf.nn.separable_conv2d")
        self.assertIs(pickle.loads(pickle.dumps(call)), call)
