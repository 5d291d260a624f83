"""More of the small Keras models of test/Execution/keras: shapes, joins, nesting, whole networks."""
import keras
from keras import Input, Model, Sequential, layers

from keras_case_models import branches, case

# --- padding, pooling, shapes ---------------------------------------------------------------------


@case
def padding_cropping():
    return branches(
        (5, 6, 3),
        layers.ZeroPadding2D(1, name="pad"),
        layers.ZeroPadding2D((2, 1), name="pad_two"),
        layers.ZeroPadding2D(((0, 1), (3, 2)), name="pad_four"),
        layers.Cropping2D(1, name="crop"),
        layers.Cropping2D(((0, 2), (1, 3)), name="crop_four"),
        [layers.ZeroPadding2D(((0, 1), (0, 1))), layers.Conv2D(4, 3, strides=2, name="conv")],
        [layers.ZeroPadding2D(2), layers.MaxPooling2D(3, name="pool")],
    )


@case
def pooling():
    return branches(
        (7, 8, 5),
        layers.MaxPooling2D(name="max"),
        layers.MaxPooling2D(3, strides=2, padding="same", name="max_same"),
        layers.MaxPooling2D((3, 2), strides=1, name="max_overlap"),
        layers.AveragePooling2D(2, name="average"),
        layers.AveragePooling2D(3, strides=2, padding="same", name="average_same"),
        layers.AveragePooling2D((7, 8), name="average_whole"),
        layers.GlobalAveragePooling2D(name="global_average"),
        layers.GlobalAveragePooling2D(keepdims=True, name="global_average_kept"),
        layers.GlobalMaxPooling2D(name="global_max"),
        layers.GlobalMaxPooling2D(keepdims=True, name="global_max_kept"),
    )


@case
def upsampling():
    up = layers.UpSampling2D
    return branches(
        (3, 4, 2),
        up(name="nearest"),
        up((3, 1), name="nearest_unequal"),
        up(2, interpolation="bilinear", name="bilinear"),
        up((3, 4), interpolation="bilinear", name="bilinear_unequal"),
        [up(2), layers.SeparableConv2D(3, 3, padding="same", name="conv")],
    )


@case
def shapes():
    return branches(
        (3, 4, 5),
        layers.Flatten(name="flatten"),
        layers.Reshape((12, 5), name="merge"),
        layers.Reshape((-1,), name="unknown"),
        layers.Reshape((5, -1, 2, 3), name="regroup"),
        layers.Permute((2, 1, 3), name="transpose"),
        layers.Permute((3, 1, 2), name="channels_to_front"),
        [layers.Permute((3, 2, 1), name="reverse"), layers.Flatten(name="reversed"), layers.Dense(3, name="dense")],
    )


@case
def inference_no_ops():
    return Sequential(
        [
            Input((4, 5, 3)),
            layers.GaussianNoise(0.5),
            layers.SeparableConv2D(4, 3),
            layers.SpatialDropout2D(0.3),
            layers.GaussianDropout(0.2),
            layers.ActivityRegularization(l2=0.1),
            layers.AlphaDropout(0.1),
            layers.Activation("linear"),
            layers.Identity(),
            layers.Flatten(),
            layers.Dropout(0.5, seed=3),
            layers.Dense(3),
        ]
    )


@case
def random_augmentation():
    return Sequential(
        [Input((6, 6, 3)), layers.RandomFlip(), layers.RandomRotation(0.1), layers.Conv2D(2, 3)]
    )


# --- joins ----------------------------------------------------------------------------------------


@case
def merges():
    a, b, c = (Input((3, 4, 5), name=n) for n in "abc")
    return Model(
        [a, b, c],
        [
            layers.Add(name="add")([a, b, c]),
            layers.Subtract(name="subtract")([a, b]),
            layers.Multiply(name="multiply")([a, b, c]),
            layers.Concatenate(name="concatenate")([a, b, c]),
            layers.Concatenate(axis=1, name="concatenate_rows")([a, b]),
            layers.Concatenate(axis=2, name="concatenate_columns")([c, b]),
        ],
    )


@case
def merges_more():
    a, b, c = (Input((3, 4, 5), name=n) for n in "abc")
    kinds = [layers.Average, layers.Maximum, layers.Minimum]
    return Model([a, b, c], [kind(name=kind.__name__.lower())([a, b, c]) for kind in kinds])


@case
def merges_broadcast():
    image, channel, vector = Input((3, 4, 5)), Input((1, 1, 5)), Input((5,))
    return Model(
        [image, channel, vector],
        [
            layers.Multiply(name="scale")([image, channel]),
            layers.Add(name="offset")([channel, image]),
            layers.Subtract(name="difference")([image, channel]),
            layers.Add(name="vectors")([vector, layers.Flatten()(channel)]),
        ],
    )


@case
def same_input_twice():
    x = Input((4, 5, 3), name="x")
    y = layers.ReLU(name="relu")(x)
    return Model(x, [layers.Add(name="double")([y, y]), layers.Concatenate(name="twice")([x, x])])


# --- models in models -----------------------------------------------------------------------------


@case
def nested():
    inner = Sequential([layers.SeparableConv2D(4, 3, padding="same"), layers.ReLU()], name="inner")
    x = Input((5, 6, 4), name="inner_input")
    functional = Model(x, layers.Add()([inner(x), x]), name="residual")
    return Sequential([Input((5, 6, 3)), layers.Conv2D(4, 1), functional, layers.Flatten(), layers.Dense(2)])


@case
def nested_twice():
    # One nested model with two inputs and two outputs, called twice with different shapes of use.
    a, b = Input((4, 4, 3), name="first"), Input((4, 4, 3), name="second")
    conv = layers.SeparableConv2D(3, 3, padding="same", name="conv")
    inner = Model([a, b], [layers.Add()([conv(a), b]), layers.Multiply()([a, conv(b)])], name="block")
    x = Input((4, 4, 3), name="x")
    p, q = inner([x, layers.Activation("tanh")(x)])
    r, s = inner([q, p])
    return Model(x, [r, layers.Concatenate(name="join")([s, p])])


@case
def shared_layers():
    a, b = Input((5, 5, 3), name="left"), Input((7, 5, 3), name="right")
    conv = layers.SeparableConv2D(4, 3, activation="relu", name="shared_conv")
    pool, dense = layers.GlobalAveragePooling2D(), layers.Dense(3, name="shared_dense")
    norm = layers.BatchNormalization(name="shared_norm")
    towers = [dense(pool(norm(conv(t)))) for t in (a, b)]
    return Model([a, b], layers.Subtract(name="distance")(towers))


@case
def outputs_within():
    # Outputs that other layers read too, one of them twice an output, and one input not read.
    x, unused = Input((5, 5, 3), name="x"), Input((2,), name="unused")
    y = layers.Conv2D(4, 3, name="features")(x)
    z = layers.Flatten(name="flat")(layers.ReLU()(y))
    return Model([x, unused], [z, y, layers.Dense(2, name="answer")(z), z])


@case
def inputs_by_name():
    x = {"image": Input((4, 4, 2), name="image"), "extra": Input((3,), name="extra")}
    y = layers.Flatten()(layers.SeparableConv2D(3, 3)(x["image"]))
    y = layers.Concatenate()([y, layers.Dense(4)(x["extra"])])
    return Model(x, {"score": layers.Dense(2, name="score")(y), "features": y})


@case
def odd_names():
    # Names that are no C identifiers, begin with a digit, or differ in one sign only.
    x = Input((4, 4, 2), name="a-b")
    y = layers.SeparableConv2D(3, 3, name="größe.1")(x)
    z = layers.Dense(2, name="a b")(layers.Flatten(name="1st")(y))
    return Model(x, [z, layers.Softmax(name="a_b")(z)], name="my model")


# --- whole networks in small ----------------------------------------------------------------------


def conv_block(x, filters, data_format="channels_last", **arguments):
    axis = 1 if data_format == "channels_first" else -1
    x = layers.Conv2D(filters, use_bias=False, padding="same", data_format=data_format, **arguments)(x)
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
    shortcut = layers.BatchNormalization()(layers.Conv2D(8, 1, strides=2, padding="same", use_bias=False)(x))
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


# --- channels_first -------------------------------------------------------------------------------


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
    y = layers.Concatenate(axis=axis, name="join")([x, layers.Softmax(axis=axis, name="softmax")(y)])
    pool = layers.GlobalMaxPooling2D(data_format=data_format, keepdims=True, name="global")
    return Model(x, [y, z, pool(x)])
