#!/usr/bin/env python3
"""Write the architectures of keras.applications as NAME-SIZE.json, without weights, for check_sweep.py.

Needs Keras 3 with TensorFlow. Files that are there stay.
"""

import argparse
import functools
import os
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras  # noqa: E402 (after the setting)
from sweep import SIZES  # noqa: E402

NAMES = ("MobileNet", "MobileNetV2", "MobileNetV3Small", "MobileNetV3Large", "EfficientNetB0", "EfficientNetB3",
         "EfficientNetV2B0", "EfficientNetV2S", "Xception", "NASNetMobile", "DenseNet121", "DenseNet201", "ResNet50",
         "ResNet50V2", "InceptionV3", "VGG16")
BUILDERS = {name: getattr(keras.applications, name) for name in NAMES} | {
    f"{name}Minimalistic": functools.partial(getattr(keras.applications, name), minimalistic=True)
    for name in ("MobileNetV3Small", "MobileNetV3Large")}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, required=True)
    folder = parser.parse_args().output
    folder.mkdir(parents=True, exist_ok=True)
    for name, build in BUILDERS.items():
        for size in SIZES:
            path = folder / f"{name}-{size}.json"
            if not path.exists():
                print(path.name, flush=True)
                model = build(input_shape=(size, size, 3), weights=None, classifier_activation=None)
                path.write_text(model.to_json(), encoding="utf-8")
                keras.utils.clear_session()


if __name__ == "__main__":
    main()
