#!/usr/bin/env python3
"""Generate the model of test/Execution/variables, and what Keras's regularizers and constraints compute for it.

Needs Keras 3 with TensorFlow. It writes
  variables.json  the architecture, with every regularizer and constraint of Keras
  variables.npz   before/NAME: values of each variable; loss: the sum of the regularizers;
                  after/NAME: the values after the constraints;
                  input, output, activity_loss: a batch of two, the model's output for it, and the sum of
                  the activity regularizers
and orthogonal.json, orthogonal.npz: the same for orthogonal activity regularizers, which are defined for
matrices and compare the samples of a batch, so that this batch has five
"""

import os
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

import keras
import numpy as np
from keras import constraints, initializers, layers, regularizers

OUTPUT = Path(__file__).resolve().parents[2] / "test/Execution/variables"


def make_model():
    return keras.Sequential(
        [
            keras.Input((6, 5, 3), name="x"),
            layers.SeparableConv2D(
                6,
                3,
                depth_multiplier=2,
                depthwise_initializer="he_normal",
                depthwise_regularizer=regularizers.L1(0.02),
                depthwise_constraint=constraints.MaxNorm(1.5, axis=[0, 1]),
                pointwise_initializer=initializers.Orthogonal(0.5),
                pointwise_regularizer=regularizers.L2(0.03),
                pointwise_constraint=constraints.UnitNorm(axis=[0, 1, 2]),
                bias_initializer=initializers.RandomUniform(0, 1),
                bias_regularizer=regularizers.L1L2(0.1, 0.2),
                bias_constraint=constraints.NonNeg(),
                activity_regularizer=regularizers.L1L2(0.01, 0.02),
                name="separable",
            ),
            layers.DepthwiseConv2D(
                2,
                padding="same",
                depthwise_initializer=initializers.VarianceScaling(2, "fan_out", "uniform"),
                depthwise_constraint=constraints.MinMaxNorm(0.8, 1.2, rate=0.75, axis=-2),
                bias_constraint=constraints.MaxNorm(0.7, axis=None),
                name="depthwise",
            ),
            layers.Conv2D(
                4,
                (3, 2),
                kernel_regularizer=regularizers.L1L2(0.01, 0.02),
                kernel_constraint=constraints.UnitNorm(),
                name="conv",
            ),
            layers.BatchNormalization(
                gamma_regularizer="l2", beta_constraint=constraints.MaxNorm(0.3), name="norm"
            ),
            layers.Flatten(name="flatten"),
            layers.Dense(
                9,
                kernel_initializer="orthogonal",
                kernel_regularizer=regularizers.OrthogonalRegularizer(0.4),
                name="rows",
            ),
            layers.Dense(
                7,
                kernel_initializer="lecun_normal",
                kernel_regularizer=regularizers.OrthogonalRegularizer(0.3, "columns"),
                kernel_constraint=constraints.MinMaxNorm(0.5, 0.9, axis=1),
                name="columns",
            ),
            layers.Dense(
                3,
                kernel_regularizer="l1",
                kernel_constraint=constraints.NonNeg(),
                trainable=False,
                activation="softmax",
                activity_regularizer="l2",
                name="frozen",
            ),
            layers.ActivityRegularization(l1=0.5, name="activity"),
        ],
        name="variables",
    )


def make_orthogonal():
    regularizer = regularizers.OrthogonalRegularizer
    return keras.Sequential(
        [
            keras.Input((6,), name="x"),
            layers.Dense(7, activity_regularizer=regularizer(0.4), name="rows"),
            layers.Dense(3, activity_regularizer=regularizer(0.3, "columns"), name="columns"),
        ],
        name="orthogonal",
    )


def activity_loss(model, images):
    """As keras.Layer.__call__ adds it up: divided by the batch."""
    regularized = [layer for layer in model.layers if layer.activity_regularizer]
    outputs = keras.Model(model.inputs, [layer.output for layer in regularized])(images)
    losses = [layer.activity_regularizer(y) for layer, y in zip(regularized, outputs)]
    return sum(float(loss) for loss in losses) / len(images)


def save(name, model, batch):
    rng = np.random.default_rng(0)
    arrays = {}

    def name_of(variable):  # without the model's
        return variable.path.split("/", 1)[1]

    for variable in model.weights:
        value = rng.normal(0, 0.5, tuple(variable.shape)).astype("float32")
        if variable.name == "moving_variance":
            value = 1 + np.abs(value)
        variable.assign(value)
        arrays[f"before/{name_of(variable)}"] = value
    arrays["loss"] = np.array([sum(float(loss) for loss in model.losses)], "float32")
    for variable in model.weights:
        value = arrays[f"before/{name_of(variable)}"]
        if variable.trainable and variable.constraint:
            value = np.array(variable.constraint(value), "float32")
        arrays[f"after/{name_of(variable)}"] = value
    arrays["input"] = rng.normal(0, 1, (batch, *model.input_shape[1:])).astype("float32")
    arrays["output"] = np.array(model(arrays["input"]), "float32")
    arrays["activity_loss"] = np.array([activity_loss(model, arrays["input"])], "float32")
    OUTPUT.mkdir(exist_ok=True)
    (OUTPUT / f"{name}.json").write_text(model.to_json(indent=1) + "\n")
    np.savez_compressed(OUTPUT / f"{name}.npz", **arrays)
    print(f"{name}: loss {arrays['loss'][0]}, {len(model.weights)} variables")


def main():
    save("variables", make_model(), batch=2)
    save("orthogonal", make_orthogonal(), batch=5)


if __name__ == "__main__":
    main()
