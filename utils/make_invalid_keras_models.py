"""More of the files that the importer must refuse: sound files with models that are not supported."""
import keras
import numpy as np
from keras import layers

from make_invalid_keras import config_edited, file, saved, small


def functional(shape, *stack):
    keras.utils.clear_session()
    keras.utils.set_random_seed(1)
    x = y = keras.Input(shape, name="image")
    for layer in stack:
        y = layer(y)
    return keras.Model(x, y)


@file("unsupported-layers.keras")
def unsupported_layers():
    """Five layers of classes that are not supported, in between supported ones: all at once."""
    return saved(
        functional(
            (4, 4, 2),
            layers.Conv2DTranspose(3, 2, name="transposed"),
            layers.ReLU(name="fine"),
            layers.LayerNormalization(name="layer_norm"),
            layers.Reshape((-1, 3), name="rows"),
            layers.LSTM(4, name="memory"),
            layers.UnitNormalization(name="unit"),
            layers.Discretization([0.0, 1.0], name="bins"),
        ),
        stored=False,
    )


@file("unsupported-arguments.keras")
def unsupported_arguments():
    """Supported layers with arguments that are not: resize's interpolation, made's and odd's activation."""
    return saved(
        functional(
            (4, 4, 2),
            layers.UpSampling2D(2, interpolation="bicubic", name="resize"),
            layers.Conv2D(3, 3, activation="sparsemax", name="made"),
            layers.ReLU(name="fine"),
            layers.Activation("threshold", name="odd"),
            layers.UpSampling2D(2, interpolation="lanczos3", name="resize_again"),
        ),
        stored=False,
    )


@file("unsupported-dtype.keras")
def unsupported_dtype():
    """half has the policy mixed_float16, double float64; brain bfloat16: all at once."""
    return saved(
        functional(
            (4, 4, 2),
            layers.Conv2D(3, 3, dtype="mixed_float16", name="half"),
            layers.Conv2D(3, 1, dtype="float64", name="double"),
            layers.Conv2D(3, 1, dtype="bfloat16", name="brain"),
        ),
        stored=False,
    )


@file("quantized.keras")
def quantized():
    """Keras's own int8 quantization of the layer answer is not supported."""
    model = small()
    model.quantize("int8")
    return saved(model, stored=False)


@file("unknown-shape.keras")
def unknown_shape():
    """The input image has no static height and width: say which dimensions."""
    model = functional((None, None, 3), layers.SeparableConv2D(4, 3, name="features"), layers.GlobalAveragePooling2D(name="pool"))
    return saved(model, stored=False)


@file("integer-input.keras")
def integer_input():
    """The input tokens is int32: only float32 is supported."""
    keras.utils.clear_session()
    x = keras.Input((4,), dtype="int32", name="tokens")
    return saved(keras.Model(x, layers.Embedding(10, 3, name="embedding")(x)), stored=False)


@file("operations.keras")
def operations():
    """Operators between tensors (x + y, keras.ops.exp) are classes of keras.src.ops, no layers, though one is called Add."""
    keras.utils.clear_session()
    x = keras.Input((4, 4, 2), name="image")
    y = layers.Conv2D(2, 1, name="conv")(x)
    return saved(keras.Model(x, keras.ops.exp(x + y)), stored=False)


@file("nested-unsupported.keras")
def nested_unsupported():
    """The unsupported layer memory is two models deep: the message names the way, outer/inner/memory."""
    keras.utils.clear_session()
    inner = keras.Sequential([layers.Flatten(name="flat"), layers.RepeatVector(2, name="repeat"), layers.GRU(3, name="memory")], name="inner")
    outer = keras.Sequential([layers.ReLU(name="fine"), inner], name="outer")
    return saved(keras.Sequential([keras.Input((4, 4, 2), name="image"), outer]), stored=False)


@keras.saving.register_keras_serializable(package="shop")
class Squash(layers.Layer):
    def call(self, x):
        return x / 2


@keras.saving.register_keras_serializable(package="shop")
def clamp(x):
    return keras.ops.clip(x, 0, 1)


@keras.saving.register_keras_serializable(package="shop")
class Subclassed(keras.Model):
    def __init__(self, **arguments):
        super().__init__(**arguments)
        self.dense = layers.Dense(2)

    def call(self, x):
        return self.dense(x)


@file("custom.keras")
def custom():
    """A user's own layer shop>Squash and the user's own activation shop>clamp: both at once."""
    model = functional((4, 4, 2), Squash(name="squash"), layers.Conv2D(2, 1, activation=clamp, name="conv"))
    return saved(model, stored=False)


@file("subclassed.keras")
def subclassed():
    """A subclassed model has no graph in its file: say that Sequential and Functional are read."""
    keras.utils.clear_session()
    model = Subclassed(name="mine")
    model(np.zeros((1, 3), "float32"))
    return saved(model, stored=False)


# --- architectures changed by hand ----------------------------------------------------------------


def layer(config, name):
    return next(entry for entry in config["config"]["layers"] if entry["config"]["name"] == name)


@file("wrong-types.json")
def wrong_types():
    """features: strides is text, kernel_size has one element, filters is negative, padding is unknown; answer: units is missing: all at once."""

    def edit(config):
        layer(config, "features")["config"].update(strides="two", kernel_size=[3], filters=-3, padding="causal")
        del layer(config, "answer")["config"]["units"]

    return config_edited(edit)


@file("too-large.json")
def too_large():
    """features has 2^40 filters: sizes must not overflow nor memory run out."""
    return config_edited(lambda config: layer(config, "features")["config"].update(filters=2**40))


@file("too-small-image.json")
def too_small_image():
    """features' kernel of 7x7 with padding "valid" does not fit the image of 4x4."""
    return config_edited(lambda config: layer(config, "features")["config"].update(kernel_size=[7, 7]))


@file("same-name.json")
def same_name():
    """Two layers are called features."""
    return config_edited(lambda config: layer(config, "flat")["config"].update(name="features"))


@file("no-class.json")
def no_class():
    """The second layer has no class_name, the third no config."""

    def edit(config):
        del config["config"]["layers"][1]["class_name"]
        del config["config"]["layers"][2]["config"]

    return config_edited(edit)


@file("no-layers.json")
def no_layers():
    """A Sequential model with the input only."""
    return config_edited(lambda config: config["config"].update(layers=config["config"]["layers"][:1]))


def residual():
    keras.utils.clear_session()
    x = keras.Input((4, 4, 2), name="image")
    y = layers.Conv2D(2, 3, padding="same", name="conv")(x)
    return keras.Model(x, layers.Add(name="sum")([x, y]))


def history(config, name):
    """The keras_history of a layer's last argument: [layer, node, tensor]."""
    tensors = layer(config, name)["inbound_nodes"][0]["args"][0]
    return (tensors[-1] if isinstance(tensors, list) else tensors)["config"]["keras_history"]


@file("unknown-layer.json")
def unknown_layer():
    """sum reads the layer convolution, which is not there (did you mean conv is welcome)."""

    def edit(config):
        history(config, "sum")[0] = "convolution"

    return config_edited(edit, residual())


@file("unknown-node.json")
def unknown_node():
    """sum reads the 4th call of conv, which is called once."""

    def edit(config):
        history(config, "sum")[1] = 3

    return config_edited(edit, residual())


@file("cycle.json")
def cycle():
    """conv reads sum, which reads conv."""

    def edit(config):
        history(config, "conv")[0] = "sum"

    return config_edited(edit, residual())


@file("shape-mismatch.json")
def shape_mismatch():
    """sum adds an image of 4x4x2 and one of 4x4x5."""

    def edit(config):
        layer(config, "conv")["config"]["filters"] = 5

    return config_edited(edit, residual())


@file("unknown-output.json")
def unknown_output():
    """The model's output is the layer result, which is not there."""

    def edit(config):
        outputs = config["config"]["output_layers"]
        (outputs[0] if isinstance(outputs[0], list) else outputs)[0] = "result"

    return config_edited(edit, residual())
