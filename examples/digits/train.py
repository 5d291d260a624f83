#!/usr/bin/env python3
"""Train a small separable network on scikit-learn's handwritten digits (8x8 pixels, 10 classes).

Needs Keras 3 with TensorFlow, and scikit-learn. It writes, next to this file,
  digits.keras       the model; its input is the raw image, pixels from 0 to 16
  images.npy         the held-out images, uint8, N x 8 x 8
  labels.npy         their digits, uint8, N
  predictions.npy    Keras's answers, uint8, N
  probabilities.npy  and its probabilities, float32, N x 10
"""

import os
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

import keras
import numpy as np
from keras import layers
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

HERE = Path(__file__).resolve().parent
EPOCHS = 80


def load():
    images, labels = load_digits(return_X_y=True)
    images = images.reshape(-1, 8, 8, 1).astype("float32")
    return train_test_split(images, labels, test_size=0.25, stratify=labels, random_state=0)


def make_model():
    return keras.Sequential(
        [
            keras.Input((8, 8, 1), name="input"),
            layers.Rescaling(1 / 16),
            layers.Conv2D(16, 3, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.SeparableConv2D(32, 3, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.SeparableConv2D(64, 3, strides=2, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.SeparableConv2D(64, 3, padding="same", activation="relu"),
            layers.Flatten(),
            layers.Dropout(0.4),
            layers.Dense(10, activation="softmax", name="output"),
        ],
        name="digits",
    )


def shift(images, rng):
    """Move each image by up to one pixel, which is about what handwriting does."""
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1), (0, 0)))
    offsets = rng.integers(0, 3, (len(images), 2))
    return np.stack([image[y : y + 8, x : x + 8] for image, (y, x) in zip(padded, offsets)])


def train(model, images, labels):
    rng = np.random.default_rng(0)
    steps = EPOCHS * (len(images) // 32)
    model.compile(
        keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(3e-3, steps)),
        loss="sparse_categorical_crossentropy",
    )
    for epoch in range(EPOCHS):
        order = rng.permutation(len(images))
        model.fit(shift(images[order], rng), labels[order], batch_size=32, verbose=0, shuffle=False)
        print(f"\repoch {epoch + 1}/{EPOCHS}", end="", flush=True)
    print()


def main():
    keras.utils.set_random_seed(0)
    train_images, images, train_labels, labels = load()
    model = make_model()
    train(model, train_images, train_labels)

    # Saved without the optimizer, whose state is twice the weights.
    trained, model = model, make_model()
    model.set_weights(trained.get_weights())
    probabilities = model.predict(images, batch_size=1, verbose=0)
    predictions = probabilities.argmax(axis=1)
    model.save(HERE / "digits.keras")
    np.save(HERE / "images.npy", images[..., 0].astype("uint8"))
    np.save(HERE / "labels.npy", labels.astype("uint8"))
    np.save(HERE / "predictions.npy", predictions.astype("uint8"))
    np.save(HERE / "probabilities.npy", probabilities.astype("float32"))

    right = (predictions == labels).sum()
    print(f"{right} of {len(labels)} held-out images right: {100 * right / len(labels):.2f} %")
    size = (HERE / "digits.keras").stat().st_size
    print(f"digits.keras: {size} bytes, {model.count_params()} parameters")


if __name__ == "__main__":
    main()
