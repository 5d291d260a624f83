"""The small Keras models of test/Execution/keras, one function each.

A function returns a model. TensorFlow does not run every layer on a CPU that Keras can build: a
function with the parameter `data_format` is saved as channels_first, and its channels_last twin with
the same weights says what is expected; one with `runnable` makes such a twin for it when true. Together the functions cover every layer and argument that the
importer reads; the sizes are odd on purpose, so that every loop has a tail.
"""
import keras
from keras import Input, Model, Sequential, layers

CASES = {}


def case(function):
    CASES[function.__name__] = function
    return function


def branches(shape, *stacks):
    """A model that sends one input through each stack of layers, with one output for each."""
    x = Input(shape, name="x")
    outputs = []
    for stack in stacks:
        y = x
        for layer in stack if isinstance(stack, (list, tuple)) else [stack]:
            y = layer(y)
        outputs.append(y)
    return Model(x, outputs)


# --- convolutions ---------------------------------------------------------------------------------


@case
def separable():
    return Sequential([Input((7, 9, 3)), layers.SeparableConv2D(5, 3, padding="same", activation="relu")])


@case
def separable_arguments():
    sep = layers.SeparableConv2D
    return branches(
        (9, 11, 5),
        sep(4, (3, 2), use_bias=False, name="no_bias"),
        sep(7, 3, strides=2, padding="same", depth_multiplier=2, name="multiplier"),
        sep(3, (1, 5), strides=(2, 2), depth_multiplier=3, activation="tanh", name="flat"),
        sep(6, 3, dilation_rate=2, padding="same", name="dilated_same"),
        sep(6, 3, dilation_rate=(1, 3), activation="relu6", name="dilated_valid"),
        sep(1, 5, strides=2, padding="same", name="one_filter"),
        sep(9, 1, name="one_by_one"),
    )


@case
def separable_even_kernel():
    # TensorFlow's "same" puts the odd row or column of padding at the bottom and right.
    sep = layers.SeparableConv2D
    return branches(
        (8, 7, 3),
        sep(5, 2, padding="same", name="two"),
        sep(5, 4, strides=2, padding="same", name="four"),
        sep(5, (4, 3), strides=3, padding="same", name="stride_over"),
    )


@case
def separable_wide():
    # More channels than a vector register holds and not a multiple of any width.
    return Sequential(
        [
            Input((6, 7, 37)),
            layers.SeparableConv2D(67, 3, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.ReLU(6.0),
            layers.SeparableConv2D(16, 5, strides=2, padding="same", activation="silu"),
        ]
    )


@case
def separable_smaller_than_kernel():
    sep = layers.SeparableConv2D
    return branches(
        (2, 1, 3),
        sep(4, 5, padding="same", name="five"),
        sep(4, 3, padding="same", strides=2, name="stride"),
        sep(4, 3, padding="same", dilation_rate=3, name="dilated"),
    )


@case
def depthwise():
    return Sequential([Input((8, 10, 6)), layers.DepthwiseConv2D(3, padding="same")])


@case
def depthwise_arguments():
    dw = layers.DepthwiseConv2D
    return branches(
        (11, 9, 5),
        dw(3, depth_multiplier=2, activation="relu", name="multiplier"),
        dw((5, 3), strides=2, padding="same", use_bias=False, name="tall"),
        dw(7, padding="same", depth_multiplier=3, strides=3, name="seven"),
        dw(3, dilation_rate=2, padding="same", name="dilated_same"),
        dw(3, dilation_rate=(3, 1), name="dilated_valid"),
        dw((2, 4), padding="same", name="even"),
        dw(1, activation="sigmoid", name="one_by_one"),
    )


def subsampled(kind, size, shape, name, strides, padding="valid", runnable=False, **arguments):
    """A layer, or (runnable) layers for the same sum: padding, stride 1, then every nth pixel."""
    if not runnable:
        return [kind(*arguments.pop("filters", []), size, strides=strides, padding=padding, name=name, **arguments)]
    pads = []
    for extent, stride, dilation in zip(shape, strides, arguments.get("dilation_rate", (1, 1))):
        total = max(0, -(-extent // stride) * stride - stride + (size - 1) * dilation + 1 - extent)
        pads.append((total // 2, total - total // 2) if padding == "same" else (0, 0))
    layer = kind(*arguments.pop("filters", []), size, name=name, **arguments)
    rows, columns = strides
    return [layers.ZeroPadding2D(pads), layer, layers.Lambda(lambda y: y[:, ::rows, ::columns])]


@case
def unequal_strides(runnable):
    def layer(kind, name, **arguments):
        return subsampled(kind, 3, (9, 10), name, runnable=runnable, **arguments)

    return branches(
        (9, 10, 4),
        layer(layers.DepthwiseConv2D, "depthwise", strides=(2, 1), padding="same"),
        layer(layers.SeparableConv2D, "separable", filters=[6], strides=(1, 2), depth_multiplier=2),
        layer(layers.SeparableConv2D, "stride_and_dilation", filters=[5], strides=(2, 2), dilation_rate=(2, 2)),
        layer(layers.DepthwiseConv2D, "all_unequal", strides=(3, 2), dilation_rate=(1, 2), padding="same"),
        layers.Conv2D(6, 3, strides=(3, 2), padding="same", name="conv"),
        layers.MaxPooling2D((2, 3), strides=(1, 2), padding="same", name="pool"),
    )


@case
def conv2d():
    return Sequential([Input((6, 7, 3)), layers.Conv2D(8, 3, padding="same", activation="relu")])


@case
def conv2d_arguments():
    conv = layers.Conv2D
    return branches(
        (9, 11, 6),
        conv(5, 1, use_bias=False, name="pointwise"),
        conv(5, 1, strides=2, name="pointwise_stride"),
        conv(4, (5, 2), strides=2, padding="same", name="tall"),
        conv(4, (1, 3), dilation_rate=(1, 2), activation="elu", name="dilated_valid"),
        conv(4, 3, dilation_rate=2, padding="same", name="dilated_same"),
        conv(6, 3, groups=2, name="groups"),
        conv(12, 3, groups=6, padding="same", activation="relu", name="groups_depthwise"),
        conv(3, (9, 11), name="whole"),
    )


# --- dense, normalization -------------------------------------------------------------------------


@case
def dense():
    return Sequential(
        [
            Input((19,)),
            layers.Dense(33, activation="relu"),
            layers.Dense(7, use_bias=False, activation="tanh"),
            layers.Dense(1),
        ]
    )


@case
def dense_on_images():
    return Sequential([Input((3, 5, 7)), layers.Dense(11, activation="gelu"), layers.Dense(4)])


@case
def batch_normalization():
    bn = layers.BatchNormalization
    return branches(
        (5, 4, 6),
        bn(name="alone"),
        bn(axis=1, name="rows"),
        bn(axis=2, name="columns"),
        bn(center=False, epsilon=0.1, name="no_beta"),
        bn(scale=False, name="no_gamma"),
        bn(center=False, scale=False, name="neither"),
        [layers.Flatten(), bn(name="vectors"), layers.ReLU()],
    )


@case
def batch_normalization_folded():
    bn, pad = layers.BatchNormalization, layers.ZeroPadding2D
    return branches(
        (6, 7, 4),
        [layers.Conv2D(5, 3, name="conv"), bn(name="after_conv")],
        [layers.DepthwiseConv2D(3, depth_multiplier=2, use_bias=False, name="dw"), bn(name="after_dw")],
        [layers.SeparableConv2D(5, 3, padding="same", name="sep"), bn(name="after_sep")],
        [layers.Dense(5, name="fc"), bn(name="after_fc")],
        # Not foldable: an activation between, or a reader of the convolution beside it.
        [layers.Conv2D(5, 3, activation="relu", name="relu_conv"), bn(name="after_relu")],
        # Before a padded convolution it must not move: the padding is 0, not -mean.
        [bn(name="before"), layers.Conv2D(3, 3, padding="same", name="padded")],
        [bn(name="before_pad"), pad(1), layers.DepthwiseConv2D(3, name="dw_padded")],
    )


@case
def rescaling():
    return branches(
        (4, 3, 3),
        layers.Rescaling(1 / 127.5, offset=-1, name="scalar"),
        layers.Rescaling([0.5, 2.0, 3.0], offset=[0.1, -0.2, 0.3], name="per_channel"),
        [layers.Rescaling(1 / 255.0), layers.Conv2D(4, 3, padding="same", name="conv")],
    )


@case
def normalization():
    norm = layers.Normalization
    model = branches(
        (4, 3, 3),
        norm(mean=[0.1, 0.2, 0.3], variance=[1.0, 2.0, 0.5], name="given"),
        norm(mean=0.5, variance=4.0, axis=None, name="scalar"),
        norm(mean=[0.1, 0.2, 0.3], variance=[1.0, 2.0, 0.5], invert=True, name="inverted"),
        norm(axis=-1, name="adapted"),
        norm(axis=(1, 3), name="adapted_two_axes"),
        norm(axis=None, name="adapted_no_axis"),
    )
    data = keras.random.normal((8, 4, 3, 3), mean=1.0, stddev=2.0, seed=1)
    for layer in model.layers:
        if layer.name.startswith("adapted"):
            layer.adapt(data)
    return model


# --- activations ----------------------------------------------------------------------------------


@case
def activation_names():
    names = (
        "linear relu relu6 leaky_relu elu selu sigmoid tanh softmax silu swish hard_sigmoid "
        "hard_silu hard_swish gelu"
    )
    return branches((3, 5, 4), *[layers.Activation(n, name="by_name_" + n) for n in names.split()])


@case
def activation_names_more():
    names = "softplus softsign exponential mish log_sigmoid log_softmax celu hard_tanh squareplus"
    return branches((3, 5, 4), *[layers.Activation(n, name="by_name_" + n) for n in names.split()])


@case
def activation_layers():
    return branches(
        (3, 5, 4),
        layers.ReLU(name="relu"),
        layers.ReLU(max_value=0.8, negative_slope=0.2, threshold=0.1, name="relu_all"),
        layers.ReLU(6, name="relu_six"),
        layers.ReLU(negative_slope=0.3, name="relu_slope"),
        layers.ReLU(threshold=0.4, name="relu_threshold"),
        layers.LeakyReLU(name="leaky"),
        layers.LeakyReLU(negative_slope=0.05, name="leaky_slope"),
        layers.ELU(alpha=0.7, name="elu"),
        layers.Softmax(name="softmax"),
        layers.Softmax(axis=1, name="softmax_rows"),
    )


@case
def activation_in_layers():
    names = "relu relu6 leaky_relu elu selu sigmoid tanh softmax silu hard_sigmoid hard_silu gelu softplus mish"
    conv, dense = layers.SeparableConv2D, layers.Dense
    return branches(
        (4, 5, 3),
        *[conv(3, 3, activation=n, name="separable_" + n) for n in names.split()],
        *[[layers.Flatten(), dense(3, activation=n, name="dense_" + n)] for n in names.split()[7:9]],
    )


@case
def activation_large_values():
    # Where a careless formula overflows: exp of large numbers, softmax of large numbers.
    names = "softmax sigmoid tanh silu softplus elu gelu mish log_sigmoid"
    return branches((2, 3, 4), *[[layers.Rescaling(60.0), layers.Activation(n, name=n)] for n in names.split()])
