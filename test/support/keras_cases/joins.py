"""Layers with several inputs, models in models, shared layers."""

from keras import Input, Model, Sequential, layers

from . import case


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


@case
def nested():
    inner = Sequential([layers.SeparableConv2D(4, 3, padding="same"), layers.ReLU()], name="inner")
    x = Input((5, 6, 4), name="inner_input")
    functional = Model(x, layers.Add()([inner(x), x]), name="residual")
    return Sequential(
        [Input((5, 6, 3)), layers.Conv2D(4, 1), functional, layers.Flatten(), layers.Dense(2)]
    )


@case
def nested_twice():
    # One nested model with two inputs and two outputs, called twice with different shapes of use.
    a, b = Input((4, 4, 3), name="first"), Input((4, 4, 3), name="second")
    conv = layers.SeparableConv2D(3, 3, padding="same", name="conv")
    inner = Model(
        [a, b], [layers.Add()([conv(a), b]), layers.Multiply()([a, conv(b)])], name="block"
    )
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
