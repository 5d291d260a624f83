"""Convolutions with every argument."""

from keras import Input, Sequential, layers

from . import branches, case


@case
def separable():
    return Sequential(
        [Input((7, 9, 3)), layers.SeparableConv2D(5, 3, padding="same", activation="relu")]
    )


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
        return [
            kind(
                *arguments.pop("filters", []),
                size,
                strides=strides,
                padding=padding,
                name=name,
                **arguments,
            )
        ]
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
        layer(
            layers.SeparableConv2D,
            "stride_and_dilation",
            filters=[5],
            strides=(2, 2),
            dilation_rate=(2, 2),
        ),
        layer(
            layers.DepthwiseConv2D,
            "all_unequal",
            strides=(3, 2),
            dilation_rate=(1, 2),
            padding="same",
        ),
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
