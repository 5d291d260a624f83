"""Architectures edited by hand, which Keras would not write."""

import keras
from keras import layers

from . import config_edited, file


def layer(config, name):
    return next(entry for entry in config["config"]["layers"] if entry["config"]["name"] == name)


@file("wrong-types.json")
def wrong_types():
    """features: strides is text, kernel_size has one element, filters is negative, padding is
    unknown; answer: units is missing: all are reported.
    """

    def edit(config):
        layer(config, "features")["config"].update(
            strides="two", kernel_size=[3], filters=-3, padding="causal"
        )
        del layer(config, "answer")["config"]["units"]

    return config_edited(edit)


@file("missing-arguments.json")
def missing_arguments():
    """features has neither filters nor kernel_size: both are reported."""

    def edit(config):
        del layer(config, "features")["config"]["filters"]
        del layer(config, "features")["config"]["kernel_size"]

    return config_edited(edit)


@file("too-large.json")
def too_large():
    """features has 2^40 filters: sizes must not overflow nor memory run out."""
    return config_edited(lambda config: layer(config, "features")["config"].update(filters=2**40))


@file("too-large-window.json")
def too_large_window():
    """features' kernel reaches over 199 * 2^24 + 1 rows: sizes must not overflow."""
    return config_edited(
        lambda config: layer(config, "features")["config"].update(
            kernel_size=[200, 3], dilation_rate=[2**24, 1], padding="same"
        )
    )


@file("too-small-image.json")
def too_small_image():
    """features' kernel of 7x7 with padding "valid" does not fit the image of 4x4."""
    return config_edited(
        lambda config: layer(config, "features")["config"].update(kernel_size=[7, 7])
    )


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
    return config_edited(
        lambda config: config["config"].update(layers=config["config"]["layers"][:1])
    )


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
    """sum reads the layer convolution, which is not there (the message may suggest conv)."""

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
