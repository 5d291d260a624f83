"""Tests of sepconv.compare."""

import math
from unittest import mock

import numpy as np
from onnx import TensorProto, helper

import sepconv
import sepconv._layers
from support import DOUBLE, Case


def network(*operators):
    """An ONNX model of operators with one operand, one after the other; their results are their names."""
    names = ["x", *map(str.lower, operators)]
    nodes = [helper.make_node(kind, [before], [after]) for kind, before, after in zip(operators, names, names[1:])]
    ends = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [2, 3]) for name in (names[0], names[-1])]
    return helper.make_model(helper.make_graph(nodes, "net", ends[:1], ends[1:]),
                             opset_imports=[helper.make_opsetid("", 18)])


class Comparisons(Case):
    @classmethod
    def setUpClass(cls):
        cls.module = sepconv.compile(DOUBLE.format("4xf32"))

    def test_equal(self):
        samples = [np.float32([1, 2, 3, 4]), [np.float32([5, 6, 7, np.inf])]]
        difference, = sepconv.compare(lambda x: x + x, self.module, samples)
        self.assertEqual(difference.largest, 0)
        difference, = sepconv.compare(self.module, self.module, [{self.module.inputs[0].name: samples[0]}])
        self.assertEqual((difference.output, difference.relative), (self.module.outputs[0].name, 0))

    def test_place(self):
        samples = np.float32([[1, 2, 3, 4], [1, 2, 3, 8], [1, 2, 3, 6]])
        difference, = sepconv.compare(lambda x: np.minimum(x + x, 10), self.module, samples)
        self.assertEqual((difference.sample, difference.index), (1, (3,)))
        self.assertEqual((difference.expected, difference.found, difference.largest), (10, 16, 6))
        self.assertEqual(difference.relative, 0.6)

    def test_not_a_number(self):
        difference, = sepconv.compare(lambda x: np.full(4, np.nan), self.module, [np.ones(4, np.float32)] * 2)
        self.assertTrue(math.isnan(difference.largest))
        self.assertEqual(difference.sample, 0)

    def test_layers(self):
        model = network("Relu", "Neg")
        x = np.float32([[-1, 2, 3], [4, -5, 6]])
        found = sepconv.compare(model, sepconv.compile(model), [x], layers=True)
        self.assertEqual([(item.output, item.largest) for item in found], [("relu", 0), ("neg", 0)])
        with self.assertRaises(TypeError) as caught:
            sepconv.compare(abs, self.module, [x], layers=True)
        self.assertSays(caught.exception, "expected a keras.Model or an onnx.ModelProto")

    def test_first_layer_that_differs(self):
        """A compiler that takes Neg for Sqrt, and is asked for what the module was compiled with."""
        def compile_wrong(model, *arguments, **options):
            self.assertEqual(options["options"], ("-j", "1"))
            model.graph.node[1].op_type = "Sqrt"
            module = sepconv.compile(model, *arguments, **options)
            model.graph.node[1].op_type = "Neg"
            return module
        model = network("Relu", "Neg", "Abs")
        module = sepconv.compile(model, options=["-j", "1"])
        with mock.patch.object(sepconv._layers, "compile", compile_wrong):
            found = sepconv.compare(model, module, [np.float32([[1, 4, 9]] * 2)], layers=True)
        self.assertEqual([item.relative > 1e-5 for item in found], [False, True, True])
        self.assertEqual(next(item.output for item in found if item.relative > 1e-5), "neg")

    def test_errors(self):
        x = np.ones(4, np.float32)
        for error, model, samples, *texts in (
                (ValueError, lambda x: x[1:], [x], "expected the shape (3,), found (4,)"),
                (ValueError, self.module, [], "expected at least one"),
                (TypeError, 3, [x], "cannot run int as a reference")):
            with self.assertRaises(error) as caught:
                sepconv.compare(model, self.module, samples)
            self.assertSays(caught.exception, *texts)
