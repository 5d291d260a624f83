#!/usr/bin/env python3
"""Feeds mutated model files to the importer and looks for crashes and hangs.

usage: fuzz_import.py --build-dir DIR [--seconds N] [--seed S] [--keep DIR]

Each file is one of the golden Keras models with bytes changed, with its configuration changed as
JSON, or with its weights changed.
"""
import io
import json
import struct
import sys
import zipfile

from fuzzing import ROOT, main

CASES = ROOT / "test/Execution/keras"
INVALID = ROOT / "test/Import/Keras/Inputs"
MODELS = sorted([*CASES.glob("*.keras"), *CASES.glob("*.json"), *INVALID.glob("*.keras")])
NUMBERS = (0, -1, 1, 2, 3, 1000, 65536, 2**24, 2**24 + 1, 2**31, 2**63, -(2**63), 1e308, 0.5)
SIZES = (0, 1, 1000, 2**20, 2**26 + 1, 2**31, 2**32 - 2, 2**32 - 1)  # the last one: the size is elsewhere
VALUES = (None, True, "", "same", "relu", [], {}, [1, 1], [0, 0], "x" * 1000) + NUMBERS


def mutate_bytes(data, rng):
    data = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 8, 64))):
        kind, at = rng.randrange(4), rng.randrange(len(data) or 1)
        if not data:
            break
        if kind == 0:
            data[at] = rng.randrange(256)
        elif kind == 1:
            del data[at:at + rng.choice((1, 4, 100, 10000))]
        elif kind == 2:
            data[at:at] = rng.randbytes(rng.choice((1, 4, 100)))
        else:
            data[at:at + 8] = rng.choice((b"\0", b"\xff")) * 8
    return bytes(data)


def places(node, found):
    """Every (container, key) of a JSON value."""
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in items:
        found.append((node, key))
        places(value, found)
    return found


def mutate_json(data, rng):
    value = json.loads(data)
    for _ in range(rng.choice((1, 1, 2, 5))):
        found = places(value, [])
        if not found:
            break
        container, key = rng.choice(found)
        kind = rng.randrange(3)
        if kind == 0:
            del container[key]
        elif kind == 1:
            container[key] = rng.choice(VALUES)
        else:
            other, other_key = rng.choice(found)
            try:
                container[key] = json.loads(json.dumps(other[other_key]))
            except (KeyError, IndexError, ValueError):
                pass
    return json.dumps(value).encode()


def lie(data, rng):
    """An archive with other sizes than those of its entries, in the directory or at an entry."""
    data = bytearray(data)
    signature, packed = rng.choice(((b"PK\x01\x02", 20), (b"PK\x03\x04", 18)))
    places = [at for at in range(len(data)) if data.startswith(signature, at)]
    for _ in range(rng.choice((1, 1, 2))):
        at = rng.choice(places) + packed + rng.choice((0, 4))
        data[at:at + 4] = struct.pack("<I", rng.choice(SIZES))
    return bytes(data)


def mutate(path, rng):
    """The bytes of a mutated model."""
    data = path.read_bytes()
    if path.suffix == ".json":
        return mutate_json(data, rng) if rng.random() < 0.7 else mutate_bytes(data, rng)
    if rng.random() < 0.2:
        return mutate_bytes(data, rng)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    name = rng.choice(sorted(members))
    compression = rng.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))
    kind = rng.random()
    if kind < 0.05:
        members[name] += b"\0" * (70 << 20)
        compression = zipfile.ZIP_DEFLATED
    elif kind < 0.1:
        members["config.json"] = members["config.json"].replace(b"[", rng.choice((b"[" * 100000, b'{"a":' * 300)), 1)
    members[name] = (mutate_json if name.endswith(".json") and rng.random() < 0.8 else mutate_bytes)(members[name], rng)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for member, content in members.items():
            archive.writestr(member, content)
    return lie(out.getvalue(), rng) if rng.random() < 0.15 else out.getvalue()


def generate(rng, folder):
    source = rng.choice(MODELS)
    model = folder / f"model{source.suffix}"
    try:
        model.write_bytes(mutate(source, rng))
    except (ValueError, RecursionError, IndexError, zipfile.BadZipFile):  # a model that was broken before
        model.write_bytes(mutate_bytes(source.read_bytes(), rng))
    return ["sepconv-compile", model.name, "--emit=import", "-o", "out"]


if __name__ == "__main__":
    sys.exit(main(__doc__.split("\n", maxsplit=1)[0], generate))
