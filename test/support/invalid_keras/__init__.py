"""The Keras files that the importer must reject, one function each.

The docstring of a function says what is wrong and what the message must name.
"""

import io
import json
import os
import tempfile
import zipfile
from pathlib import Path

from make_keras_cases import keras, normalize_config, normalize_zip

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
    """The model that most files are made from."""
    keras.utils.clear_session()
    keras.utils.set_random_seed(1)
    return keras.Sequential(
        [
            keras.Input((4, 4, 2), name="image"),
            layers.SeparableConv2D(3, 3, name="features"),
            layers.Flatten(name="flat"),
            layers.Dense(2, name="answer"),
        ]
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


def config_edited(edit, model=None):
    """An architecture alone (.json) whose parsed configuration was changed by `edit`."""
    config = json.loads(normalize_config((model or small()).to_json(), {}))
    edit(config)
    return (json.dumps(config, indent=1) + "\n").encode()


from . import architectures, archives, models, weights  # noqa: E402, F401 (they register files)
