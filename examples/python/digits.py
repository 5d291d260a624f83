#!/usr/bin/env python3
"""Train a small network on handwritten digits, compile it, compare it with Keras, and measure it.

Without Keras it takes the trained network of examples/digits, and compares with what Keras has computed of it.
"""

import time
from pathlib import Path

import numpy as np

import sepconv

try:
    import keras
except ImportError:
    keras = None

DIGITS = Path(__file__).resolve().parents[1] / "digits"
TRAINED = 300  # of the images; the others test


def train(images, labels):
    """A network of separable convolutions, trained for a few seconds."""
    layers = keras.layers
    model = keras.Sequential([
        keras.Input((8, 8, 1)), layers.Rescaling(1 / 16), layers.Conv2D(16, 3, padding="same", activation="relu"),
        layers.SeparableConv2D(32, 3, strides=2, padding="same", activation="relu"),
        layers.SeparableConv2D(64, 3, padding="same", activation="relu"), layers.GlobalAveragePooling2D(),
        layers.Dense(10, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(images, labels, epochs=30, verbose=0)
    return model


def time_of(call, seconds=0.2):
    """Microseconds of a call: the median of those that fit into the time."""
    times, end = [], time.perf_counter() + seconds
    while time.perf_counter() < end:
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return 1e6 * float(np.median(times))


def main():
    images = np.load(DIGITS / "images.npy").astype(np.float32)[..., None]
    labels = np.load(DIGITS / "labels.npy")
    if keras:
        model = train(images[:TRAINED], labels[:TRAINED])
        images, labels = images[TRAINED:], labels[TRAINED:]
        reference = model
    else:
        model = DIGITS / "digits.keras"
        reference = lambda _: np.load(DIGITS / "probabilities.npy")  # noqa: E731

    module = sepconv.compile(model, batch="dynamic")
    right = np.mean(module(images).argmax(axis=1) == labels)
    print(f"accuracy: {right:.1%} of {len(images)} images")

    difference, = sepconv.compare(reference, module, [images])
    print(f"largest difference from Keras: {difference.largest:.0e} in probability")

    image, out = images[:1], np.empty((1, 10), np.float32)
    print(f"one image: {time_of(lambda: module(image, out=out)):.1f} us, "
          f"{len(images)} images: {time_of(lambda: module(images)):.0f} us")

    Path("build/pages").mkdir(parents=True, exist_ok=True)
    Path("build/pages/digits.html").write_text(module.report().html(), encoding="utf-8")
    module.save("build/pages/digits")
    print("wrote the report to build/pages/digits.html, the C library to build/pages/digits")


if __name__ == "__main__":
    main()
