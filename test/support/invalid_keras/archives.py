"""Files whose contents are not what their names say."""

import json

from . import edited, file, saved, small


@file("empty.keras")
def empty():
    """An empty file: not a zip archive."""
    return b""


@file("not-a-zip.keras")
def not_a_zip():
    """Text: not a zip archive."""
    return b"This is not a Keras model.\n"


@file("truncated.keras")
def truncated():
    """A model cut in the middle: not a zip archive, or one without its directory."""
    content = saved(small())
    return content[: len(content) // 2]


@file("corrupt.keras")
def corrupt():
    """A byte of config.json in the archive was changed: its checksum does not match."""
    content = bytearray(saved(small()))
    content[content.index(b"features")] = ord("F")
    return bytes(content)


@file("corrupt-weights.keras")
def corrupt_weights():
    """A byte among the weights in the archive was changed: the checksum of model.weights.h5 does
    not match.
    """
    content = bytearray(saved(small()))
    content[content.index(b"\x89HDF") + 2000] ^= 0x10
    return bytes(content)


@file("not-keras.keras")
def not_keras():
    """A zip archive without config.json: not a Keras model."""

    def edit(parts):
        parts.clear()
        parts["readme.txt"] = b"nothing here\n"

    return edited(edit)


@file("no-weights.keras")
def no_weights():
    """The archive has no model.weights.h5."""
    return edited(lambda parts: parts.pop("model.weights.h5"))


@file("not-json.keras")
def not_json():
    """config.json is cut: a JSON error with its line and column."""
    return edited(lambda parts: parts.update({"config.json": parts["config.json"][:200]}))


@file("not-an-object.keras")
def not_an_object():
    """config.json is a JSON array, not a model."""
    return edited(lambda parts: parts.update({"config.json": b'["layers"]'}))


@file("deep-json.keras")
def deep_json():
    """config.json opens 300000 arrays: a recursive parser must not run out of stack."""
    return edited(lambda parts: parts.update({"config.json": b"[" * 300000}))


@file("not-hdf5.keras")
def not_hdf5():
    """model.weights.h5 is text, not an HDF5 file."""
    return edited(lambda parts: parts.update({"model.weights.h5": b"no weights here\n"}))


@file("truncated-hdf5.keras")
def truncated_hdf5():
    """model.weights.h5 is cut in the middle."""
    return edited(
        lambda parts: parts.update({"model.weights.h5": parts["model.weights.h5"][:9000]})
    )


@file("legacy.h5")
def legacy():
    """Keras's old whole-model HDF5 format, which is read."""
    return saved(small(), ".h5")


@file("keras-2.json")
def keras_2():
    """An architecture that Keras 2.15 wrote, without the fields of Keras 3: say which version is
    read.
    """
    conv = {
        "name": "conv",
        "trainable": True,
        "dtype": "float32",
        "filters": 2,
        "kernel_size": [3, 3],
    }
    entry = {
        "batch_input_shape": [None, 4, 4, 2],
        "dtype": "float32",
        "sparse": False,
        "ragged": False,
        "name": "image",
    }
    members = [
        {"class_name": "InputLayer", "config": entry},
        {"class_name": "Conv2D", "config": conv},
    ]
    model = {"class_name": "Sequential", "config": {"name": "old", "layers": members}}
    return (
        json.dumps(model | {"keras_version": "2.15.0", "backend": "tensorflow"}, indent=1) + "\n"
    ).encode()
