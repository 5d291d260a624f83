#!/usr/bin/env python3
"""Make the Keras files of test/Import/Keras/Inputs that the importer must refuse.

Needs Keras 3 with TensorFlow. One function per file; its first line says what is wrong and what the
message must name, and goes into the README.md there.
"""
import argparse
import io
import json
import os
import tempfile
import zipfile
from pathlib import Path

from make_keras_cases import keras, normalize_config, normalize_zip

import h5py
import numpy as np

layers = keras.layers
FILES = {}


def file(name):
    def register(function):
        FILES[name] = function
        return function

    return register


def saved(model, suffix=".keras", stored=True):
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, "model" + suffix)
        model.save(path)
        content = Path(path).read_bytes()
    return normalize_zip(content, stored) if suffix == ".keras" else content


def small():
    """What most files start from."""
    keras.utils.clear_session()
    keras.utils.set_random_seed(1)
    return keras.Sequential(
        [keras.Input((4, 4, 2), name="image"), layers.SeparableConv2D(3, 3, name="features"), layers.Flatten(name="flat"), layers.Dense(2, name="answer")]
    )


def edited(edit, model=None):
    """The file of a model with its parts, {name: bytes}, changed by `edit`."""
    with zipfile.ZipFile(io.BytesIO(saved(model or small()))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    edit(parts)
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w") as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, (2025, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content, compresslevel=9)
    return result.getvalue()


def weights_edited(edit):
    def edit_parts(parts):
        content = io.BytesIO(parts["model.weights.h5"])
        with h5py.File(content, "r+") as weights:
            edit(weights)
        parts["model.weights.h5"] = content.getvalue()

    return edited(edit_parts)


def config_edited(edit, model=None):
    """An architecture alone (.json) whose parsed configuration was changed by `edit`."""
    config = json.loads(normalize_config((model or small()).to_json(), {}))
    edit(config)
    return (json.dumps(config, indent=1) + "\n").encode()


def replace(group, name, value):
    del group[name]
    group[name] = value


# --- files that are not what they say -------------------------------------------------------------


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
    """A byte among the weights in the archive was changed: the checksum of model.weights.h5 does not match."""
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
    """config.json is a JSON array, no model."""
    return edited(lambda parts: parts.update({"config.json": b'["layers"]'}))


@file("deep-json.keras")
def deep_json():
    """config.json opens 300000 arrays: a recursive parser must not run out of stack."""
    return edited(lambda parts: parts.update({"config.json": b"[" * 300000}))


@file("not-hdf5.keras")
def not_hdf5():
    """model.weights.h5 is text, no HDF5 file."""
    return edited(lambda parts: parts.update({"model.weights.h5": b"no weights here\n"}))


@file("truncated-hdf5.keras")
def truncated_hdf5():
    """model.weights.h5 is cut in the middle."""
    return edited(lambda parts: parts.update({"model.weights.h5": parts["model.weights.h5"][:9000]}))


@file("legacy.h5")
def legacy():
    """Keras's old whole-model HDF5 format: say to save as .keras."""
    return saved(small(), ".h5")


@file("keras-2.json")
def keras_2():
    """An architecture that Keras 2.15 wrote, without the fields of Keras 3: say which version is read."""
    conv = {"name": "conv", "trainable": True, "dtype": "float32", "filters": 2, "kernel_size": [3, 3]}
    entry = {"batch_input_shape": [None, 4, 4, 2], "dtype": "float32", "sparse": False, "ragged": False, "name": "image"}
    members = [{"class_name": "InputLayer", "config": entry}, {"class_name": "Conv2D", "config": conv}]
    model = {"class_name": "Sequential", "config": {"name": "old", "layers": members}}
    return (json.dumps(model | {"keras_version": "2.15.0", "backend": "tensorflow"}, indent=1) + "\n").encode()


# --- weights --------------------------------------------------------------------------------------


@file("weight-shape.keras")
def weight_shape():
    """features/pointwise_kernel is 1x1x5x3 for 1x1x2x3, answer/bias has 4 elements for 2: both at once."""

    def edit(weights):
        replace(weights["layers/separable_conv2d/vars"], "1", np.ones((1, 1, 5, 3), "float32"))
        replace(weights["layers/dense/vars"], "1", np.ones(4, "float32"))

    return weights_edited(edit)


@file("weight-dtype.keras")
def weight_dtype():
    """features/depthwise_kernel is int32, answer/kernel float64, answer/bias a string: all at once."""

    def edit(weights):
        replace(weights["layers/separable_conv2d/vars"], "0", np.ones((3, 3, 2, 1), "int32"))
        replace(weights["layers/dense/vars"], "0", np.ones((12, 2), "float64"))
        replace(weights["layers/dense/vars"], "1", "zeros")

    return weights_edited(edit)


@file("weight-missing.keras")
def weight_missing():
    """The datasets of features/bias and the whole group of the layer answer are missing: both at once."""

    def edit(weights):
        del weights["layers/separable_conv2d/vars/2"]
        del weights["layers/dense"]

    return weights_edited(edit)


@file("weight-extra.keras")
def weight_extra():
    """answer has three weights for two: perhaps another model's weights."""
    return weights_edited(lambda weights: weights["layers/dense/vars"].create_dataset("2", data=np.ones(2, "float32")))


@file("weight-group.keras")
def weight_group():
    """Where the dataset of answer/kernel should be there is a group."""

    def edit(weights):
        del weights["layers/dense/vars/0"]
        weights["layers/dense/vars"].create_group("0")

    return weights_edited(edit)


@file("weight-not-finite.keras")
def weight_not_finite():
    """answer/kernel holds a NaN and an infinity (a warning is enough)."""

    def edit(weights):
        weights["layers/dense/vars/0"][0, 0] = np.nan
        weights["layers/dense/vars/0"][1, 1] = np.inf

    return weights_edited(edit)


def main():
    import make_invalid_keras_models  # registers its files

    root = Path(__file__).resolve().parent.parent
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, default=root / "test/Import/Keras/Inputs")
    arguments = parser.parse_args()
    arguments.output.mkdir(parents=True, exist_ok=True)
    lines = ["# Files that the Keras importer must refuse", "", "Made by `utils/make_invalid_keras.py`.", ""]
    lines += ["| file | what is wrong |", "|---|---|"]
    for name, function in FILES.items():
        (arguments.output / name).write_bytes(function())
        lines.append(f"| `{name}` | {function.__doc__.splitlines()[0]} |")
    (arguments.output / "README.md").write_text("\n".join(lines) + "\n")
    print(f"{len(FILES)} files in {arguments.output}")


if __name__ == "__main__":
    # make_invalid_keras_models imports this file by its name: one table, not two.
    import make_invalid_keras

    make_invalid_keras.main()
