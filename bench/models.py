"""Makes the files of a case: .keras for sepconv, .tflite and .onnx for the peers, all with the same weights.

usage: models.py FOLDER < cases.json     (in Keras's environment; run.py starts it)

A case's folder gets model.keras, model.tflite, model.onnx, input.npy, expected.npy (Keras's output for that input)
and, written last, case.json: the case, its flops and its parameters. Prints one line on stdout per case.
"""

import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import blocks
import cases
import keras
import numpy as np
import onnx
import tensorflow as tf
import tf2onnx
from onnx import helper, numpy_helper
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2


def keras_layer(layer, weights):
    """The layer as Keras users write it: SeparableConv2D if plain, else a depthwise and a pointwise convolution."""
    inputs = keras.Input(layer.input_shape[1:], name="input")
    spatial = {
        "strides": layer.strides,
        "dilation_rate": layer.dilation,
        "padding": "same",
        "depth_multiplier": layer.multiplier,
    }
    if layer.channels_out and not layer.relu6:
        op = keras.layers.SeparableConv2D(layer.channels_out, layer.kernel, name="separable", **spatial)
        model = keras.Model(inputs, op(inputs))
        op.set_weights([weights["depthwise"], weights["pointwise"][None, None], weights["pointwise_bias"]])
        return model
    activation = "relu6" if layer.relu6 else None
    depthwise = keras.layers.DepthwiseConv2D(layer.kernel, activation=activation, name="depthwise", **spatial)
    x = depthwise(inputs)
    depthwise.set_weights([weights["depthwise"], weights["depthwise_bias"]])
    if layer.channels_out:
        pointwise = keras.layers.Conv2D(layer.channels_out, 1, activation=activation, name="pointwise")
        x = pointwise(x)
        pointwise.set_weights([weights["pointwise"][None, None], weights["pointwise_bias"]])
    return keras.Model(inputs, x)


def layer_onnx(layer, weights):
    """The layer as an NCHW graph, ONNX's own layout, so that no peer pays for transposes."""
    nodes, constants = [], []

    def constant(name, value):
        constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def convolution(source, name, filters, bias, **attributes):
        inputs = [source, constant(f"{name}_filter", filters)]
        if bias is not None:
            inputs.append(constant(f"{name}_bias", bias))
        nodes.append(helper.make_node("Conv", inputs, [name], **attributes))
        if not layer.relu6:
            return name
        bounds = [constant(f"{name}_min", np.float32(0)), constant(f"{name}_max", np.float32(6))]
        nodes.append(helper.make_node("Clip", [name, *bounds], [f"{name}_relu6"]))
        return f"{name}_relu6"

    k, channels = layer.kernel, layer.channels_between
    (top, bottom), (left, right) = layer.padding
    filters = weights["depthwise"].reshape(k, k, channels).transpose(2, 0, 1)[:, None]
    bias = weights["depthwise_bias"] if layer.depthwise_bias else None
    result = convolution(
        "input",
        "depthwise",
        filters,
        bias,
        group=layer.channels_in,
        kernel_shape=[k, k],
        strides=list(layer.strides),
        dilations=[layer.dilation] * 2,
        pads=[top, left, bottom, right],
    )
    if layer.channels_out:
        filters = weights["pointwise"].T[:, :, None, None]
        result = convolution(result, "pointwise", filters, weights["pointwise_bias"], kernel_shape=[1, 1])

    def value(name, *shape):
        return helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, shape)

    graph = helper.make_graph(
        nodes,
        "layer",
        [value("input", 1, layer.channels_in, layer.height, layer.width)],
        [value(result, 1, layer.channels_out or channels, layer.output_height, layer.output_width)],
        constants,
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


# Bounds of the random numbers in batch norms.
NORMS = {"gamma": (0.9, 1.1), "beta": (-0.1, 0.1), "moving_mean": (-0.1, 0.1), "moving_variance": (0.8, 1.2)}


def keras_network(network):
    """The network with Keras's initial weights; batch norms get values that leave work for whoever folds them."""
    keras.utils.set_random_seed(0)
    make = getattr(keras.applications, network.name)
    model = make(weights=None, input_shape=network.input_shape[1:], classifier_activation=None)
    random = np.random.default_rng(0)
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            # Some have no gamma.
            layer.set_weights([random.uniform(*NORMS[w.name], w.shape).astype(np.float32) for w in layer.weights])
    return model


def network_flops(model, batch):
    """Multiplications and additions of the convolutions and dense layers."""
    total = 0
    for layer in model.layers:
        if not isinstance(
            layer, (keras.layers.Conv2D, keras.layers.DepthwiseConv2D, keras.layers.SeparableConv2D, keras.layers.Dense)
        ):
            continue
        pixels = int(np.prod(layer.output.shape[1:-1]))
        filters = [w for w in layer.get_weights() if w.ndim > 1]
        total += 2 * batch * pixels * sum(w.size for w in filters)
    return total


def frozen(model, shape):
    """The model as one TensorFlow function with constant weights, which lets every peer fold the batch norms."""
    function = tf.function(lambda x: model(x, training=False))
    return convert_variables_to_constants_v2(function.get_concrete_function(tf.TensorSpec(shape, tf.float32, name="x")))


def scalars_as_vectors(graph):
    """tf2onnx gives up moving transposes once it meets the addition of a scalar (hard-swish has them), and the layers
    that it leaves transposed cost the peers up to three times the time; a vector of one element means the same."""
    users = {}
    for node in graph.node:
        for name in node.input:
            users.setdefault(name.split(":")[0], set()).add(node.op)
    for node in graph.node:
        if node.op == "Const" and node.attr["dtype"].type == tf.float32.as_datatype_enum:
            shape = node.attr["value"].tensor.tensor_shape
            if not shape.dim and users.get(node.name, set()) <= {"AddV2", "Mul"}:
                shape.dim.add(size=1)
    return graph


def network_onnx(function, nchw):
    """In TensorFlow's layout at the ends, or in ONNX's own."""
    names = [[t.name for t in tensors] for tensors in (function.inputs, function.outputs)]
    shapes = {t.name: list(t.shape) for t in function.inputs}
    ends = (function.inputs, function.outputs)
    images = [[t.name for t in tensors if nchw and len(t.shape) == 4] for tensors in ends]
    proto, _ = tf2onnx.convert.from_graph_def(
        scalars_as_vectors(function.graph.as_graph_def()),
        input_names=names[0],
        output_names=names[1],
        opset=17,
        shape_override=shapes,
        inputs_as_nchw=images[0],
        outputs_as_nchw=images[1],
    )
    return proto


def make(case, folder):
    """All files of a case; what was there before is replaced only when everything succeeded."""
    with tempfile.TemporaryDirectory(dir=folder, prefix=".making-") as scratch:
        scratch = Path(scratch) / "case"
        scratch.mkdir()
        if case.kind == "layer":
            weights = case.weights()
            model, x, flops = keras_layer(case, weights), weights["input"], case.flops
        else:
            model = keras_network(case) if case.kind == "network" else blocks.keras_block(case)
            x = np.random.default_rng(1).standard_normal(case.input_shape, dtype=np.float32)
            flops = network_flops(model, case.batch)
        function = frozen(model, case.input_shape)
        model.save(scratch / "model.keras")
        isolated = case.kind != "network"  # no peer pays for transposes that its neighbors would not need
        proto = layer_onnx(case, weights) if case.kind == "layer" else network_onnx(function, nchw=isolated)
        onnx.save(proto, scratch / "model.onnx")
        converter = tf.lite.TFLiteConverter.from_concrete_functions([function])
        (scratch / "model.tflite").write_bytes(converter.convert())
        np.save(scratch / "input.npy", x)
        expected = model(x, training=False).numpy()
        if not np.isfinite(expected).all() or np.abs(expected).max() < 1e-6:
            raise ValueError(f"{case.case}: the output is {np.abs(expected).max()}, which says nothing about errors")
        np.save(scratch / "expected.npy", expected)
        about = {
            "version": cases.FILES_VERSION,
            "case": cases.to_json(case),
            "flops": flops,
            "parameters": model.count_params(),
        }
        (scratch / "case.json").write_text(json.dumps(about))
        target = folder / cases.file_name(case.case)
        shutil.rmtree(target, ignore_errors=True)
        scratch.rename(target)


def main():
    folder = Path(sys.argv[1])
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # the converters print a lot
    for data in json.load(sys.stdin):
        case = cases.from_json(data)
        make(case, folder)
        print(case.case, file=answers)


if __name__ == "__main__":
    main()
