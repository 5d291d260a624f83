"""Compiles MobileNetV2 as an object of a framework, and compares it with the framework.

usage: framework_models.py KIND     (check_frameworks.py starts it, in an environment that may have the framework)

Prints the largest error as JSON; or, with the exit code 77, which package is missing.
"""

import json
import os
import sys
import tempfile
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import sepconv  # noqa: E402 (the path is set above)

SIZE = 96
MISSING = 77


def keras_model():
    """The network with weights of the size that training gives: initial ones make every output alike."""
    import keras
    model = keras.applications.MobileNetV2((SIZE, SIZE, 3), weights=None, classifier_activation=None)
    rng = np.random.default_rng(1)
    for layer in model.layers:
        layer.set_weights([rng.normal(0, np.sqrt(2 / max(1, weight.size // weight.shape[-1])), weight.shape)
                           if weight.ndim > 1 else rng.uniform(0.5, 1.5, weight.shape)
                           for weight in layer.get_weights()])
    return model, {}, (1, SIZE, SIZE, 3)


def tflite_model():
    import tensorflow
    model, _, shape = keras_model()
    return tensorflow.lite.TFLiteConverter.from_keras_model(model).convert(), {}, shape


def onnx_model():
    import onnx
    from make_onnx_mobilenet import write
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mobilenet.onnx"
        write(path, "pytorch", SIZE)
        return onnx.load(path), {}, (1, 3, SIZE, SIZE)


def torch_model():
    import onnxscript  # noqa: F401 (torch's export needs it)
    import torch
    import torchvision
    torch.manual_seed(1)
    model = torchvision.models.mobilenet_v2(weights=None).eval()
    for module in model.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.uniform_(-0.5, 0.5)
            module.running_var.uniform_(0.5, 1.5)
    shape = (1, 3, SIZE, SIZE)
    return model, {"example_inputs": (torch.zeros(shape),)}, shape


KINDS = {"keras": keras_model, "tflite": tflite_model, "onnx": onnx_model, "torch": torch_model}


def main():
    try:
        model, arguments, shape = KINDS[sys.argv[1]]()
    except ImportError as error:
        print(error, file=sys.stderr)
        return MISSING
    module = sepconv.compile(model, **arguments)
    samples = np.random.default_rng(2).standard_normal((3, *shape), np.float32)
    difference, = sepconv.compare(model, module, samples)
    print(json.dumps({"relative": difference.relative, "outputs": module.outputs[0].shape}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
