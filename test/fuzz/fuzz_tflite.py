#!/usr/bin/env python3
"""Feeds mutated TFLite models to the importer and looks for crashes and hangs.

usage: fuzz_tflite.py --build-dir DIR [--seconds N] [--seed S] [--keep DIR]

Each file is one of the golden models with its fields changed (indices, shapes, sizes, codes, options, and whole tables
put in the place of others) or with bytes changed, so that offsets and lengths lie.
"""
import json
import subprocess
import sys

from fuzz_import import mutate_bytes, places
from fuzzing import ROOT, main

sys.path.insert(0, str(ROOT / "test/support"))
from make_tflite import SCHEMA, Writer  # noqa: E402

CASES = sorted((ROOT / "test/Execution/tflite").glob("*.json"))
NUMBERS = (0, 1, -1, 2, 3, 7, 127, 255, 65536, 2**24, 2**31 - 1, -(2**31), 2**40, 0.5, 1e30)


def change(value, rng):
    """Another value of a field."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return value
    return rng.choice(NUMBERS) if rng.random() < 0.7 else value + rng.choice((-1, 1))


def mutate_model(model, rng):
    """Changes some fields of a model, in place."""
    for _ in range(rng.choice((1, 1, 2, 3, 8))):
        # The bytes of buffers are most of the places, and least of what matters.
        found = [(container, key) for container, key in places(model, [])
                 if not isinstance(container, list) or len(container) < 64 or rng.random() < 0.02]
        container, key = rng.choice(found)
        kind = rng.randrange(5)
        if kind < 3:
            container[key] = change(container[key], rng)
        elif kind == 3 and isinstance(container, list):
            container.pop(key) if rng.random() < 0.5 else container.insert(key, container[key])
        elif kind == 4:
            others = [other[place] for other, place in found if place == key]
            container[key] = json.loads(json.dumps(rng.choice(others)))


def write_model(model, folder):
    """False if flatc does not take it."""
    text = folder / "model.json"
    text.write_text(json.dumps(model), encoding="utf-8")
    done = subprocess.run(["flatc", "--binary", "--force-empty-vectors", "-o", folder, SCHEMA, text],
                          capture_output=True, check=False)
    text.unlink()
    return done.returncode == 0


def generate(rng, folder):
    source, path = rng.choice(CASES), folder / "model.tflite"
    model = Writer(source.stem).model(json.loads(source.read_text(encoding="utf-8")))
    text = json.dumps(model)
    if rng.random() < 0.8:
        mutate_model(model, rng)
    if not write_model(model, folder):
        write_model(json.loads(text), folder)
    if rng.random() < 0.3:
        path.write_bytes(mutate_bytes(path.read_bytes(), rng))
    options = [option for option in ("--batch=2", "--batch=dynamic", "--signature=a") if rng.random() < 0.05]
    return ["sepconv-compile", path.name, *options, "--emit=import", "-o", "out"]


if __name__ == "__main__":
    sys.exit(main(__doc__.split("\n", maxsplit=1)[0], generate))
