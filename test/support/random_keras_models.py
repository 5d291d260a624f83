"""Generate small random Keras models, for check_keras_cases.py --random."""

import numpy as np
from make_keras_cases import keras, randomize, run, save_case

layers = keras.layers


def generate_layer(rng):
    """A layer with random arguments; it may be illegal for the shape at hand."""

    def pick(*values):
        return values[rng.integers(len(values))]

    def size():
        return int(pick(1, 2, 3, 3, 4, 5)), int(pick(1, 2, 3, 3, 4, 5))

    stride = int(pick(1, 1, 1, 2, 3))
    window = dict(
        strides=stride,
        padding=pick("same", "valid"),
        activation=pick(None, "relu", "relu6", "silu", "tanh", "hard_silu"),
        use_bias=pick(True, False),
        dilation_rate=int(pick(1, 1, 2)) if stride == 1 else 1,
    )
    filters, multiplier = int(rng.integers(1, 40)), int(pick(1, 1, 2, 3))
    pool = dict(strides=int(pick(1, 2, 3)), padding=window["padding"])
    kind = pick(
        "separable", "separable", "separable", "depthwise", "depthwise", "conv", "conv", *"ptbudam"
    )
    return {
        "separable": lambda: layers.SeparableConv2D(
            filters, size(), depth_multiplier=multiplier, **window
        ),
        "depthwise": lambda: layers.DepthwiseConv2D(size(), depth_multiplier=multiplier, **window),
        "conv": lambda: layers.Conv2D(filters, size(), **window),
        "p": lambda: layers.ZeroPadding2D(
            tuple(tuple(int(v) for v in rng.integers(0, 3, 2)) for _ in "hw")
        ),
        "t": lambda: layers.Permute((2, 1, 3)),
        "b": lambda: layers.BatchNormalization(),
        "u": lambda: layers.UpSampling2D(
            (int(pick(1, 2)), int(pick(2, 3))), interpolation=pick("nearest", "bilinear")
        ),
        "d": lambda: layers.Dense(filters, activation=window["activation"]),
        "a": lambda: layers.AveragePooling2D(size(), **pool),
        "m": lambda: layers.MaxPooling2D(size(), **pool),
    }[kind]()


def generate_model(rng):
    shape = tuple(int(v) for v in (rng.integers(1, 16), rng.integers(1, 16), rng.integers(1, 40)))
    x = y = layers.Input(shape)
    wanted = rng.integers(1, 5)
    for _ in range(wanted):
        try:
            z = generate_layer(rng)(y)
        except ValueError:  # an extent of 0
            continue
        if 0 < np.prod(z.shape[1:]) <= 20000:
            y = z
            if rng.integers(4) == 0:
                y = layers.Add()([layers.ReLU()(y), y])
    return keras.Model(x, layers.Identity()(y) if y is x else y)


def generate_models(directory, count, seed):
    directory.mkdir(parents=True, exist_ok=True)
    for index in range(count):
        rng = np.random.default_rng([seed, index])
        keras.utils.clear_session()
        model = generate_model(rng)
        randomize(model, rng)
        save_case(model, lambda inputs: run(model, inputs), f"random_{index}", directory, rng)
        print(f"\r{index + 1}/{count} models generated", end="", flush=True)
    print()
