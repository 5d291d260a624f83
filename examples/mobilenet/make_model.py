#!/usr/bin/env python3
"""Make a MobileNet (224, alpha 1) with random weights, and Keras's outputs for four images.

Needs Keras 3 with TensorFlow; downloads nothing. Writes into --output (default build/mobilenet):
  mobilenet.keras         with the softmax at the end
  mobilenet_logits.keras  the same network without it
  input.npy               four images, float32, 4 x 224 x 224 x 3
  logits.npy, probabilities.npy   Keras's outputs, float32, 4 x 1000

The weights are random, but the activations behave as in a trained network: each batch normalization has the statistics
of its input (perturbed, so that wrong folding shows), and gamma and beta are random, so that no activation dies or
saturates.
"""

import argparse
import os
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

import keras
import numpy as np

ROOT = Path(__file__).resolve().parent.parent.parent
SEED = 2024


def make_images(rng, count):
    """Blobs of color with some noise: unlike pure noise, no two have the same averages."""
    coarse = rng.uniform(-1, 1, (count, 7, 7, 3))
    smooth = keras.ops.image.resize(coarse.astype("float32"), (224, 224), interpolation="bilinear")
    return (
        (np.asarray(smooth) + rng.normal(0, 0.1, (count, 224, 224, 3)))
        .clip(-1, 1)
        .astype("float32")
    )


def randomize(model, rng, images):
    norms = [layer for layer in model.layers if isinstance(layer, keras.layers.BatchNormalization)]
    for variable in model.variables:
        name, shape = variable.path.rsplit("/", 1)[-1], tuple(variable.shape)
        if name == "gamma":
            value = rng.uniform(1, 2.5, shape)
        elif name in ("beta", "bias"):
            value = rng.normal(0.5, 1, shape)
        elif name == "kernel":
            depthwise = "conv_dw" in variable.path
            fan_in = np.prod(shape[:2] if depthwise else shape[:3])
            value = rng.normal(0, np.sqrt(2 / fan_in), shape)
        else:
            continue
        variable.assign(value.astype("float32"))

    # With momentum 0 one training step stores the statistics of the layers' inputs.
    momentum = [norm.momentum for norm in norms]
    for norm in norms:
        norm.momentum = 0.0
    model(images, training=True)
    for norm, value in zip(norms, momentum):
        norm.momentum = value
        mean, variance = (np.asarray(v) for v in (norm.moving_mean, norm.moving_variance))
        norm.moving_mean.assign(mean + rng.normal(0, 0.1, mean.shape) * np.sqrt(variance))
        norm.moving_variance.assign(variance * rng.uniform(0.7, 1.4, mean.shape) + 1e-4)


def in_float64(model, images):
    """The same network in double precision, to know the rounding error of Keras itself."""
    keras.config.set_dtype_policy("float64")
    double = keras.applications.MobileNet(weights=None, classifier_activation=None)
    double.set_weights(model.get_weights())
    result = double.predict(images.astype("float64"), verbose=0)
    keras.config.set_dtype_policy("float32")
    return result


def describe(model, images, logits):
    """Print what shows that the network is alive; end when it is not."""
    relus = [layer for layer in model.layers if isinstance(layer, keras.layers.ReLU)]
    values = keras.Model(model.inputs, [layer.output for layer in relus]).predict(images, verbose=0)
    zero = [float((v == 0).mean()) for v in values]
    full = [float((v == 6).mean()) for v in values]
    print(f"activations: {min(zero):.0%} to {max(zero):.0%} are 0, ", end="")
    print(f"{min(full):.1%} to {max(full):.1%} are 6")
    print(f"logits: {logits.min():.2f} to {logits.max():.2f}, deviation {logits.std():.2f}")
    print(f"answers: {logits.argmax(axis=1).tolist()}")
    spread = np.abs(logits - logits.mean(axis=0)).max()
    if max(zero) > 0.9 or logits.std() < 0.1 or spread < 0.1 * logits.std():
        raise SystemExit("the outputs are degenerate; choose another seed")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, default=ROOT / "build/mobilenet")
    arguments = parser.parse_args()
    arguments.output.mkdir(parents=True, exist_ok=True)

    rng = np.random.default_rng(SEED)
    images = make_images(rng, 4)
    logits_model = keras.applications.MobileNet(weights=None, classifier_activation=None)
    randomize(logits_model, rng, np.concatenate([images, make_images(rng, 12)]))
    softmax_model = keras.applications.MobileNet(weights=None)
    softmax_model.set_weights(logits_model.get_weights())

    logits = logits_model.predict(images, batch_size=1, verbose=0)
    describe(logits_model, images, logits)
    error = np.abs(logits - in_float64(logits_model, images)).max() / np.abs(logits).max()
    print(f"Keras's own rounding error: {error:.2g} of the largest logit")

    logits_model.save(arguments.output / "mobilenet_logits.keras")
    softmax_model.save(arguments.output / "mobilenet.keras")
    np.save(arguments.output / "input.npy", images)
    np.save(arguments.output / "logits.npy", logits)
    np.save(
        arguments.output / "probabilities.npy",
        softmax_model.predict(images, batch_size=1, verbose=0),
    )
    print(f"written to {arguments.output}")


if __name__ == "__main__":
    main()
