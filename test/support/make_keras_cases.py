#!/usr/bin/env python3
"""Generate the small Keras models of test/Execution/keras, and Keras's outputs for them.

Needs Keras 3 with TensorFlow. For each case of keras_cases/ it writes
  CASE.keras  the model, with weights from a seed
  CASE.npz    input0, input1, ...: batch 2, in the order of the model's inputs; output0, ...: Keras's
              outputs
for the cases in JSON_CASES also CASE_json.json and CASE_json.weights.h5 (the architecture and the
weights in separate files), and for those in WEIGHTS_CASES CASE.weights.npz (the variables by name).
Running it again writes the same bytes (with the same version of Keras).
"""

import argparse
import inspect
import io
import os
import re
import zipfile
import zlib
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

import keras
import numpy as np
from keras_cases import CASES

BATCH = 2
JSON_CASES = ["separable_wide", "nested"]
WEIGHTS_CASES = ["batch_normalization_folded"]
# Saved as Keras writes them, without compression; the others are deflated to keep the tree small.
STORED_CASES = ["separable", "dense"]


def randomize(model, rng):
    """Give every weight a value that matters, at a scale that keeps activations near 1."""
    for variable in model.variables:
        name = variable.path.rsplit("/", 1)[-1]
        shape = tuple(variable.shape)
        if name in ("gamma", "moving_variance", "scale"):
            value = rng.uniform(0.5, 1.5, shape)
        elif name in ("alpha", "beta", "bias", "moving_mean"):
            value = rng.normal(0, 0.3, shape)
        elif "kernel" in name:
            # A depthwise kernel's third axis is not summed over.
            fan_in = np.prod(shape[:2] if "depthwise" in variable.path else shape[:-1])
            value = rng.normal(0, 1 / np.sqrt(fan_in), shape)
        else:
            continue  # what Normalization adapted to, and the states of random generators
        variable.assign(value.astype(variable.dtype))


def normalize_zip(data, stored):
    """The same archive without what changes from run to run: dates and identities of objects."""
    identities = {}
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(result, "w") as new:
        for info in old.infolist():
            content = old.read(info)
            if info.filename == "config.json":
                content = normalize_config(content.decode(), identities).encode()
            elif info.filename == "metadata.json":
                content = re.sub(
                    rb'"date_saved": "[^"]*"', b'"date_saved": "2025-01-01@00:00:00"', content
                )
            entry = zipfile.ZipInfo(info.filename, (2025, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            new.writestr(entry, content, compresslevel=9)
    return result.getvalue()


def normalize_config(text, identities):
    def number(match):
        return match[1] + str(identities.setdefault(match[2], len(identities) + 1))

    return re.sub(r'("shared_object_id": )(\d+)', number, text)


def to_last(array):
    return array.transpose(0, 2, 3, 1) if array.ndim == 4 else array


def to_first(array):
    return array.transpose(0, 3, 1, 2) if array.ndim == 4 else array


def run(model, inputs):
    """The outputs for a flat list of inputs, whatever structure the model has."""
    if len(inputs) == 1 and not isinstance(getattr(model, "_inputs_struct", None), (list, dict)):
        return keras.tree.flatten(model(inputs[0], training=False))
    return keras.tree.flatten(
        model(keras.tree.pack_sequence_as(model._inputs_struct, inputs), training=False)
    )


def build(name):
    """The model to save and a function that computes its outputs from its inputs."""
    function = CASES[name]
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    keras.utils.clear_session()
    parameters = inspect.signature(function).parameters
    if not parameters:
        model = function()
        randomize(model, rng)
        return model, lambda inputs: run(model, inputs)
    first = "data_format" in parameters
    twin = function("channels_last" if first else True)
    randomize(twin, rng)
    keras.utils.clear_session()
    model = function("channels_first" if first else False)
    model.set_weights(twin.get_weights())
    if not first:
        return model, lambda inputs: run(twin, inputs)
    return model, lambda inputs: [
        to_first(np.asarray(y)) for y in run(twin, [to_last(x) for x in inputs])
    ]


def make(name, directory):
    model, expected = build(name)
    save_case(
        model, expected, name, directory, np.random.default_rng(zlib.crc32(name.encode()) + 1)
    )


def random_input(rng, x, scale):
    """Numbers around 0; of integers those that each type has, below the rows of a table."""
    shape = (BATCH, *x.shape[1:])
    if x.dtype == "uint8":
        return rng.integers(0, 256, shape).astype(x.dtype)
    if "int" in x.dtype:
        return rng.integers(-20 if x.dtype == "int8" else 0, 100, shape).astype(x.dtype)
    return (scale * rng.standard_normal(shape)).astype(x.dtype)


def save_case(model, expected, name, directory, rng, scale=1):
    inputs = [random_input(rng, x, scale) for x in model.inputs]
    outputs = [np.ascontiguousarray(np.asarray(y), "float32") for y in expected(inputs)]
    for y in outputs:
        if not (np.isfinite(y).all() and 1e-3 < np.abs(y).max() < 1e3):
            print(f"  {name}: warning: degenerate output")

    path = directory / f"{name}.keras"
    model.save(path)
    path.write_bytes(normalize_zip(path.read_bytes(), name in STORED_CASES))
    stems = [name]
    if name in JSON_CASES:
        stems.append(name + "_json")
        (directory / f"{name}_json.json").write_text(normalize_config(model.to_json(), {}) + "\n")
        model.save_weights(directory / f"{name}_json.weights.h5")
    arrays = {f"input{n}": value for n, value in enumerate(inputs)}
    arrays |= {f"output{n}": value for n, value in enumerate(outputs)}
    for stem in stems:
        save_arrays(directory / f"{stem}.npz", arrays)
    if name in WEIGHTS_CASES:
        save_variables(directory / f"{name}.weights.npz", model)
    check_reload(path, inputs, outputs)


def named_variables(model, prefix=""):
    """The variables with the names that a product's arguments have: the way to the layer, and its own."""
    for layer in model.layers:
        if hasattr(layer, "layers"):
            yield from named_variables(layer, f"{prefix}{layer.name}/")
        else:
            for variable in layer.variables:
                yield f"{prefix}{layer.name}/{variable.name}", variable


def save_weights(path, directory):
    """Write weights by name beside a copy of a model, for products that take them as arguments."""
    directory.mkdir(parents=True, exist_ok=True)
    model = keras.models.load_model(path)
    copy = directory / path.name
    copy.write_bytes(path.read_bytes())
    copy.with_suffix(".npz").write_bytes(path.with_suffix(".npz").read_bytes())
    save_variables(copy.with_suffix(".weights.npz"), model)
    return copy


def save_variables(path, model):
    values = {name: np.asarray(variable, "float32") for name, variable in named_variables(model)}
    save_arrays(path, {name.replace("/", "|"): value for name, value in values.items()})


def save_arrays(path, arrays):
    """What numpy.savez_compressed writes, but with a fixed date."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, value in arrays.items():
            content = io.BytesIO()
            np.save(content, value)
            file.writestr(zipfile.ZipInfo(f"{name}.npy", (2025, 1, 1, 0, 0, 0)), content.getvalue())


def check_reload(path, inputs, outputs):
    """The saved file itself must give the same answers (where TensorFlow can run it)."""
    model = keras.models.load_model(path)
    try:
        again = run(model, inputs)
    except Exception as error:
        print(f"  {path.stem}: TensorFlow cannot run it: {str(error).splitlines()[0]}")
        return
    for got, want in zip(again, outputs, strict=True):
        assert np.abs(np.asarray(got) - want).max() <= 3e-6 * np.abs(want).max(), path


def main():
    root = Path(__file__).resolve().parents[2]
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, default=root / "test/Execution/keras")
    parser.add_argument("--filter", default="", help="only the cases whose name contains this")
    arguments = parser.parse_args()
    arguments.output.mkdir(parents=True, exist_ok=True)
    names = [name for name in CASES if arguments.filter in name]
    for index, name in enumerate(names):
        print(f"[{index + 1}/{len(names)}] {name}", flush=True)
        make(name, arguments.output)
    size = sum(path.stat().st_size for path in arguments.output.iterdir())
    print(f"{len(names)} cases in {arguments.output}, {size / 1024:.0f} KiB in all")


if __name__ == "__main__":
    main()
