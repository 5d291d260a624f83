#!/usr/bin/env python3
"""Make the models of test/Execution/keras that Keras 2 has written, and what it answers for them.

Needs TensorFlow with tf_keras. The files are as those of make_keras_cases.py; a whole model in HDF5 is
CASE.h5, an architecture with its weights by name is CASE.json with CASE.weights.h5. What depends on the
other images of a batch is computed image by image, as a product of batch 1 does.
"""

import argparse
import os
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

import numpy as np
import tensorflow as tf
import tf_keras
from make_keras_cases import BATCH, normalize_zip, randomize, save_arrays
from tf_keras import layers

CASES = {}


def case(suffix):
    def add(function):
        CASES[function.__name__] = function, suffix
        return function

    return add


@case(".keras")
def keras2_functions():
    x = layers.Input((8, 6, 4), name="x")
    y = layers.SeparableConv2D(4, 3, padding="same", name="conv")(x)
    halves = tf.split(y, 2, axis=-1) + tf.split(y, [1, 3], axis=3)
    outputs = [1.0 - y, tf.sigmoid(y) * y + 1.0, tf.nn.relu6(y + 3.0) * (1.0 / 6.0), -y, y**2, *halves]
    outputs += [y[:, 1:-1, ::2, :3], y[:, :, 2], tf.reduce_mean(y, [1, 2], keepdims=True), tf.concat([y, x], -1)]
    outputs += [tf.transpose(tf.reshape(y, [-1, 12, 16]), [0, 2, 1]), tf.nn.depth_to_space(y, 2)]
    outputs += [tf.pad(y, [[0, 0], [1, 2], [0, 1], [0, 0]], constant_values=0.5), tf.clip_by_value(y, 0.0, 0.5)]
    outputs += [tf.math.l2_normalize(y, -1), tf.where(y > 0, y, 0.1 * y), tf.image.resize(y, [16, 9])]
    outputs += [tf.nn.softmax(y), tf.nn.gelu(y), tf.nn.leaky_relu(y), tf.nn.avg_pool2d(y, 2, 2, "SAME")]
    outputs += [tf.cast(y > 0, tf.float32) * x, tf.expand_dims(y, 1), tf.tile(y, [1, 2, 1, 1]), tf.stack([x, y], 1)]
    return tf_keras.Model(x, outputs)


@case(".keras")
def keras2_training():
    x = layers.Input((8, 6, 4), name="x")
    y = layers.BatchNormalization(name="by_batch")(x, training=True)
    frozen = layers.BatchNormalization(name="frozen", trainable=False)(x, training=True)
    plain = layers.BatchNormalization(name="plain")(x, training=False)
    return tf_keras.Model(x, [y, frozen, layers.Dropout(0.5)(plain)])


@case(".h5")
def keras2_whole():
    inner = tf_keras.Sequential([
        layers.Input((8, 6, 5)), layers.DepthwiseConv2D(3, name="depthwise"), layers.BatchNormalization(name="norm"),
        layers.Activation("hard_sigmoid"), layers.Conv2D(3, 1, name="point"),
    ], name="inner")
    x = layers.Input((8, 6, 4), name="x")
    y = inner(layers.SeparableConv2D(5, (1, 3), padding="same", name="conv")(x))
    return tf_keras.Model(x, layers.Dense(2, name="answer")(layers.GlobalAveragePooling2D()(y)))


@case(".json")
def keras2_by_name():
    x = layers.Input((8, 6, 4), name="x")
    y = layers.BatchNormalization(name="norm")(layers.SeparableConv2D(5, 3, name="conv")(x))
    return tf_keras.Model(x, layers.Dense(2, name="answer")(layers.GlobalAveragePooling2D()(y)))


def steps():
    """Layers whose variables are those of their parts."""
    x = layers.Input((6, 5), name="x")
    y = layers.Bidirectional(layers.GRU(3, return_sequences=True), name="both")(x)
    y = layers.MultiHeadAttention(2, 4, name="attention")(y, value=y)
    inner = tf_keras.Sequential([layers.Input((6, 6)), layers.LSTM(3, name="lstm")], name="inner")
    return tf_keras.Model(x, layers.Dense(2, name="answer")(inner(y)))


@case(".h5")
def keras2_steps_whole():
    return steps()


@case(".keras")
def keras2_steps():
    return steps()


def rename(variables):
    """As make_keras_cases.py sees the variables of Keras 3."""
    for variable in variables:
        name = variable.name.split(":")[0]
        fields = {"path": name, "shape": variable.shape, "dtype": variable.dtype.name, "assign": variable.assign}
        yield type("Variable", (), fields)


def make(name, directory):
    function, suffix = CASES[name]
    tf_keras.backend.clear_session()
    model, rng = function(), np.random.default_rng(sum(name.encode()))
    randomize(type("Model", (), {"variables": list(rename(model.variables))}), rng)
    path = directory / (name + suffix)
    if suffix == ".json":
        path.write_text(model.to_json() + "\n")
        model.save_weights(path.with_suffix(".weights.h5"), save_format="h5")
    else:
        model.save(path)
    if suffix == ".keras":
        path.write_bytes(normalize_zip(path.read_bytes(), stored=False))
    x = rng.standard_normal((BATCH, *model.input_shape[1:])).astype("float32")
    images = [tf.nest.flatten(model.predict(x[n : n + 1], verbose=0)) for n in range(BATCH)]
    arrays = {"input0": x}
    arrays |= {f"output{n}": np.concatenate(parts).astype("float32") for n, parts in enumerate(zip(*images))}
    save_arrays(directory / f"{name}.npz", arrays)


def main():
    root = Path(__file__).resolve().parents[2]
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, default=root / "test/Execution/keras")
    arguments = parser.parse_args()
    arguments.output.mkdir(parents=True, exist_ok=True)
    for name in CASES:
        print(name, flush=True)
        make(name, arguments.output)


if __name__ == "__main__":
    main()
