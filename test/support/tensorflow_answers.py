"""TensorFlow's answers for the cases of function_cases.py.

Calls that TensorFlow does not support are composed of those that it does: NCHW by transposing, unequal strides and
strides together with dilations by taking every n-th row and column of the result for stride 1, with explicit
padding. Sums of float16 and bfloat16 are computed by TensorFlow in float32: its own kernels for them round
between the operations and are up to 2 % off.
"""

import os

# The oneDNN kernels refuse empty tensors and accept more strides, with their own meaning.
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
os.environ["TF_USE_LEGACY_KERAS"] = "1"  # Keras 2 has the functions of tf.keras.backend
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import tensorflow as tf  # noqa: E402

from function_cases import BACKEND, DEPTHWISE, KERAS, NN  # noqa: E402

DTYPES = {"f32": tf.float32, "f64": tf.float64, "f16": tf.float16, "bf16": tf.bfloat16}


def to_tensor(value, dtype):
    if dtype == "bf16":
        return tf.bitcast(tf.constant(value), tf.bfloat16)
    return tf.constant(value)


def to_array(tensor):
    return (tf.bitcast(tensor, tf.uint16) if tensor.dtype == tf.bfloat16 else tensor).numpy()


def is_direct(case):
    """Whether TensorFlow on a CPU accepts the call."""
    return case.strides[0] == case.strides[1] and (case.strides == (1, 1) or case.dilations == (1, 1))


def activate(case, value):
    if case.activation == "None":
        return value
    return tf.keras.activations.get(case.activation)(value)


def call(case, operands):
    """The function itself, on NHWC."""
    last = {"strides": case.strides, "padding": case.padding.lower(), "dilation_rate": case.dilations}
    if case.function == NN:
        return tf.nn.separable_conv2d(*operands, strides=[1, *case.strides, 1], padding=case.padding,
                                      dilations=case.dilations)
    if case.function == BACKEND:
        return tf.keras.backend.separable_conv2d(*operands, **last)
    if case.function == DEPTHWISE:
        return tf.keras.backend.depthwise_conv2d(*operands, **last)
    image, *weights = operands
    layer_class = tf.keras.layers.SeparableConv2D if case.function == KERAS else None
    arguments = dict(filters=case.filters, kernel_size=case.kernel, depth_multiplier=case.multiplier,
                     activation=None if case.activation == "None" else case.activation,
                     use_bias=case.use_bias, dtype=DTYPES[case.dtype], **last)
    if layer_class is None:
        # tf.layers.separable_conv2d makes this layer and calls it; its variables live in a graph.
        from tensorflow.python.keras.legacy_tf_layers import convolutional
        layer_class = convolutional.SeparableConv2D
        arguments["activation"] = tf.keras.activations.get(arguments["activation"])
    layer = layer_class(**arguments)
    layer.build(image.shape)
    for variable, value in zip(layer.weights, weights):
        variable.assign(value)
    return layer(image)


def padding_of(size, kernel, stride, dilation, padding):
    """Before and after, as tf.nn.convolution's page says."""
    if padding == "VALID":
        return (0, 0)
    span = (kernel - 1) * dilation + 1
    total = max((-(-size // stride) - 1) * stride + span - size, 0)
    return (total // 2, total - total // 2)


def compose(case, operands):
    """The same of what TensorFlow accepts, on NHWC."""
    image, depthwise, *rest = operands
    sizes = zip(case.size, case.kernel, case.strides, case.dilations)
    paddings = [padding_of(*values, case.padding) for values in sizes]
    image = tf.pad(image, [(0, 0), *paddings, (0, 0)])
    spans = [(k - 1) * d + 1 for k, d in zip(case.kernel, case.dilations)]
    if any(size < span for size, span in zip(image.shape[1:3], spans)):
        channels = case.channels * case.multiplier
        sizes = [(n - span + s) // s for n, span, s in zip(image.shape[1:3], spans, case.strides)]
        value = tf.zeros([case.batch, *sizes, channels], image.dtype)
    else:
        value = tf.nn.depthwise_conv2d(image, depthwise, [1, 1, 1, 1], "VALID", dilations=case.dilations)
        value = value[:, ::case.strides[0], ::case.strides[1]]
    if case.function != DEPTHWISE:
        value = tf.nn.conv2d(value, rest[0], 1, "VALID")
    if case.is_layer and case.use_bias:
        value = tf.nn.bias_add(value, rest[1])
    return activate(case, value)


def is_crop(case):
    """Dilated, VALID, and less than the window is there: TensorFlow would crop what does not exist."""
    return case.padding == "VALID" and any(
        d > 1 and n < (k - 1) * d + 1 for n, k, d in zip(case.size, case.kernel, case.dilations))


def answer(case, computed_in=None):
    """What TensorFlow computes in a type, by default the case's own or float32 for narrower ones."""
    operands = [to_tensor(value, case.dtype) for value in case.operands().values()]
    computed_in = computed_in or ("f64" if case.dtype == "f64" else "f32")
    narrow, case = DTYPES[case.dtype], case._replace(dtype=computed_in)
    operands = [tf.cast(operand, DTYPES[case.dtype]) for operand in operands]
    direct = is_direct(case) and not is_crop(case)
    if case.format == "NHWC":
        value = call(case, operands) if direct else compose(case, operands)
    else:
        # The activation comes last, as softmax is along the last dimension, whichever that is.
        plain = case._replace(activation="None")
        operands[0] = tf.transpose(operands[0], [0, 2, 3, 1])
        value = call(plain, operands) if direct else compose(plain, operands)
        value = activate(case, tf.transpose(value, [0, 3, 1, 2]))
    return to_array(tf.cast(value, narrow))


def answers(case):
    """The same in other types too: where a softmax or a long sum loses digits it does so differently
    in each, and whoever is as near to one of them as is asked for is right."""
    other = {"f32": "f64", "f64": "f64"}.get(case.dtype, case.dtype)
    return [answer(case), answer(case, other)]
