#!/usr/bin/env python3
"""Feeds mutated model files to the importer and looks for crashes and hangs.

usage: fuzz_import.py --build-dir DIR [--seconds N] [--seed S] [--keep DIR]

Each file is one of the golden Keras models with bytes changed, with its configuration changed as
JSON, or with its weights changed. The importer may accept it (exit code 0) or refuse it (1); anything
else is a crash, more than 20 seconds of computing a hang. The file is kept then, and the seed that made it is
printed. Exit code 1 if there was one.
"""
import argparse
import io
import json
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TIMEOUT = 20
NUMBERS = (0, -1, 1, 2, 3, 2**31, 2**63, -(2**63), 1e308, 0.5)
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
    members[name] = (mutate_json if name.endswith(".json") and rng.random() < 0.8 else mutate_bytes)(members[name], rng)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for member, content in members.items():
            archive.writestr(member, content)
    return out.getvalue()


def limit():
    """Of computing, as the machine may have more to do."""
    resource.setrlimit(resource.RLIMIT_CPU, (TIMEOUT, TIMEOUT))


def run(compiler, model):
    """What is wrong with how the importer took a file, or None."""
    try:
        done = subprocess.run([compiler, model, "--emit=import", "-o", model.parent / "out"], stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, timeout=10 * TIMEOUT, check=False, preexec_fn=limit)
    except subprocess.TimeoutExpired:
        return f"no end after {10 * TIMEOUT} seconds"
    if done.returncode == -signal.SIGXCPU:
        return f"no end after {TIMEOUT} seconds of computing"
    if done.returncode in (0, 1) and b"SUMMARY: " not in done.stderr:
        return None
    return f"exit code {done.returncode}:\n" + done.stderr.decode("utf-8", "replace")[-2000:]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--build-dir", type=Path, default=ROOT / "build")
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=random.randrange(2**32))
    parser.add_argument("--keep", type=Path, help="default: fuzz-findings/ in the build directory")
    options = parser.parse_args()
    options.keep = options.keep or options.build_dir / "fuzz-findings"
    compiler = options.build_dir / "bin/sepconv-compile"
    if not compiler.is_file():
        sys.exit(f"{compiler}: not found; build it first")
    cases = ROOT / "test/Execution/keras"
    invalid = ROOT / "test/Import/Keras/Inputs"
    models = sorted([*cases.glob("*.keras"), *cases.glob("*.json"), *invalid.glob("*.keras")])
    print(f"seed {options.seed}, {len(models)} models", flush=True)
    end, tried, findings = time.monotonic() + options.seconds, 0, 0
    with tempfile.TemporaryDirectory() as scratch:
        while time.monotonic() < end:
            rng = random.Random(options.seed + tried)
            source = rng.choice(models)
            model = Path(scratch) / f"model{source.suffix}"
            try:
                model.write_bytes(mutate(source, rng))
            except (ValueError, RecursionError, IndexError, zipfile.BadZipFile):  # a model that was broken before
                model.write_bytes(mutate_bytes(source.read_bytes(), rng))
            problem = run(compiler, model)
            if problem:
                findings += 1
                options.keep.mkdir(parents=True, exist_ok=True)
                kept = options.keep / f"{options.seed + tried}{source.suffix}"
                kept.write_bytes(model.read_bytes())
                print(f"seed {options.seed + tried} ({source.name}): {kept}: {problem}", flush=True)
            tried += 1
    print(f"{tried - findings} passed, {findings} failed")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
