"""Small whole networks, and channels_first."""

from keras import Input, Model, layers

from . import case


def conv_block(x, filters, data_format="channels_last", **arguments):
    axis = 1 if data_format == "channels_first" else -1
    x = layers.Conv2D(
        filters, use_bias=False, padding="same", data_format=data_format, **arguments
    )(x)
    return layers.ReLU(6.0)(layers.BatchNormalization(axis=axis)(x))


@case
def mobilenet_block():
    x = Input((12, 12, 3), name="image")
    y = conv_block(x, 8, kernel_size=3, strides=2)
    y = layers.ZeroPadding2D(((0, 1), (0, 1)))(y)
    y = layers.DepthwiseConv2D(3, strides=2, use_bias=False)(y)
    y = conv_block(layers.ReLU(6.0)(layers.BatchNormalization()(y)), 20, kernel_size=1)
    y = layers.GlobalAveragePooling2D(keepdims=True)(y)
    y = layers.Conv2D(6, 1)(layers.Dropout(1e-3)(y))
    return Model(x, layers.Activation("softmax", name="predictions")(layers.Reshape((6,))(y)))


@case
def inverted_residual_with_squeeze():
    x = Input((7, 9, 6), name="image")
    y = conv_block(x, 18, kernel_size=1)
    y = layers.DepthwiseConv2D(5, padding="same", use_bias=False)(y)
    y = layers.Activation("hard_silu")(layers.BatchNormalization()(y))
    s = layers.GlobalAveragePooling2D(keepdims=True)(y)
    s = layers.Conv2D(18, 1, activation="hard_sigmoid")(layers.Conv2D(4, 1, activation="relu")(s))
    y = layers.BatchNormalization()(layers.Conv2D(6, 1, use_bias=False)(layers.Multiply()([y, s])))
    return Model(x, layers.Add()([x, y]))


@case
def xception_block():
    x = Input((9, 9, 5), name="image")
    shortcut = layers.BatchNormalization()(
        layers.Conv2D(8, 1, strides=2, padding="same", use_bias=False)(x)
    )
    y = x
    for _ in range(2):
        y = layers.SeparableConv2D(8, 3, padding="same", use_bias=False)(layers.ReLU()(y))
        y = layers.BatchNormalization()(y)
    y = layers.MaxPooling2D(3, strides=2, padding="same")(y)
    return Model(x, layers.add([y, shortcut]))


@case
def segmentation():
    x = Input((8, 8, 3), name="image")
    a = layers.SeparableConv2D(6, 3, padding="same", activation="relu")(x)
    b = layers.SeparableConv2D(9, 3, strides=2, padding="same", activation="relu")(a)
    up = layers.UpSampling2D(2, interpolation="bilinear")(b)
    y = layers.Concatenate()([a, up])
    return Model(x, layers.Conv2D(2, 1, activation="softmax", name="classes")(y))


def image_input(data_format, height, width, channels, name="image"):
    first = data_format == "channels_first"
    return Input((channels, height, width) if first else (height, width, channels), name=name)


@case
def channels_first(data_format):
    x = image_input(data_format, 8, 7, 3)
    y = conv_block(x, 6, data_format, kernel_size=3)
    y = layers.ZeroPadding2D(((0, 1), (1, 2)), data_format=data_format)(y)
    y = layers.DepthwiseConv2D(3, depth_multiplier=2, data_format=data_format)(y)
    y = layers.SeparableConv2D(5, 3, padding="same", activation="elu", data_format=data_format)(y)
    y = layers.MaxPooling2D(2, padding="same", data_format=data_format)(y)
    y = layers.UpSampling2D(2, data_format=data_format)(y)
    y = layers.Cropping2D(((0, 1), (1, 0)), data_format=data_format)(y)
    return Model(x, layers.Dense(4)(layers.Flatten(data_format=data_format)(y)))


@case
def channels_first_image_output(data_format):
    # The output stays channels_first, so the compiler must transpose it back.
    x = image_input(data_format, 6, 5, 4)
    y = layers.SeparableConv2D(3, 3, data_format=data_format, padding="same", name="conv")(x)
    z = layers.AveragePooling2D(3, 2, padding="same", data_format=data_format, name="pool")(y)
    axis = 1 if data_format == "channels_first" else -1
    y = layers.Concatenate(axis=axis, name="join")(
        [x, layers.Softmax(axis=axis, name="softmax")(y)]
    )
    pool = layers.GlobalMaxPooling2D(data_format=data_format, keepdims=True, name="global")
    return Model(x, [y, z, pool(x)])
