#!/usr/bin/env python3
"""Pack a program that tests or measures compiled models on a GPU, on a machine that has only the driver.

usage: pack_cuda.py --build-dir BUILD -o DIR [--bench] [--chips CHIP ...] [MODEL.mlir ...]

`DIR/runner DIR/data` compares with the results of --lowering=reference on this machine: for the given modules, or for
the fused layers of MobileNet and MobileNetV2, whole networks at a reduced size, and random modules of every element
type. With --bench the program measures instead, by `DIR/runner DIR/data --bench=JSON`: the same layers, and the
networks at 224 by 224, at batch 1, 8, 32 and 128 in float32 and float16. Their weights are all the same number, which
keeps DIR.tar.xz small.
"""

import argparse
import json
import math
import os
import platform
import random
import sys
import tarfile
import tempfile
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path

from check_gpu_networks import some_numbers
from gpu_cases import cases, layer, layer_name

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import npy  # noqa: E402
from check_random_ops import OPERATIONS, TOLERANCES  # noqa: E402
from checking import CHIPS, JOBS, Failure, run  # noqa: E402
from networks import LAYERS, NETWORKS  # noqa: E402
from random_modules import generate_with_oracle  # noqa: E402

SOURCES = Path(__file__).resolve().parent
MODULES = 24
SIZE = 64  # of the images of networks that are tested


@dataclass
class Model:
    name: str
    module: str
    dtype: str = "float32"
    oracle: str = ""         # the same module in float64
    weights: bool = False    # whether they are arguments
    products: int = 0        # of a run, where it is measured; its results are not checked
    arrays: dict = field(default_factory=dict)  # by the name of the input or weight

    @property
    def options(self):
        return ["--weights=arguments"] if self.weights else ["--seed=1"]


def random_model(number):
    rng = random.Random(f"cuda.{number}")
    dtype = list(TOLERANCES)[number % len(TOLERANCES)]
    module, oracle, arrays, weights, _ = generate_with_oracle(rng, OPERATIONS, dtype)
    return Model(f"random {number} {dtype}", module, dtype, oracle, weights, arrays=arrays)


def tested():
    return ([Model(layer_name(row), layer(row).text()) for row in LAYERS]
            + [Model(f"{name} at {SIZE}", make(SIZE).text()) for name, make in NETWORKS.items()]
            + [random_model(number) for number in range(MODULES)])


def measured():
    for name, make, dtype in cases():
        net = make()
        text = net.text().replace("variance_scaling, scale = 2.0", "constant, value = 0.01")
        yield Model(name, text.replace("f32", "f16") if dtype == "float16" else text, dtype, products=net.products)


def answer(tools, model, folder, values):
    """What the reference says, an array for each output, given the inputs and weights with their ports."""
    oracle = folder / "oracle.mlir"
    oracle.write_text(model.oracle or model.module, encoding="utf-8")
    run(tools / "sepconv-compile", oracle, "--name=net", "--emit=shared,report-json", "-o", folder / "oracle",
        "--lowering=reference", *model.options)
    arguments = []
    for port, value in values:
        path = folder / f"{port['c_name']}.npy"
        npy.write(path, npy.convert(value, "float64") if model.oracle else value)
        arguments.append(f"--weights={port['name']}={path}" if port["is_weight"] else path)
    run(tools / "sepconv-run", folder / "oracle/libnet.so", *arguments, "-o", folder / "expected")
    product = json.loads((folder / "oracle/net.json").read_text(encoding="utf-8"))
    return [npy.read(folder / "expected" / f"{port['c_name']}.npy") for port in product["outputs"]]


def pack(tools, root, chips, number, model):
    """Compiles a model: (its functions in C, its entry in the table, its data)."""
    prefix, folder = f"m{number}", root / f"m{number}"
    folder.mkdir()
    (folder / "module.mlir").write_text(model.module, encoding="utf-8")
    # What any processor of this machine's kind runs, with the same C library or a newer one.
    host = "aarch64" if platform.machine() == "aarch64" else "x86-64-v2"
    target = "+".join([host, *(f"nvptx-{chip}" for chip in chips)])
    run(tools / "sepconv-compile", folder / "module.mlir", f"--name={prefix}", f"--target={target}", "-o", folder,
        "--emit=obj,header,report-json", *model.options)
    product = json.loads((folder / f"{prefix}.json").read_text(encoding="utf-8"))
    sources = [port | {"is_weight": False} for port in product["inputs"]]
    sources += [port | {"is_weight": True} for port in product["weights"].get("arguments", [])]
    given, expected = [None] * len(sources), [None] * len(product["outputs"])
    if not model.products:
        given = [model.arrays.get(port["name"]) or some_numbers(port["shape"], port["dtype"]) for port in sources]
        expected = answer(tools, model, folder, list(zip(sources, given)))
    data, buffers, sizes = bytearray(), [], {}
    for port, value in zip([*sources, *product["outputs"]], [*given, *expected]):
        dtype, offset, stored = port["dtype"].upper(), "NOTHING", port["dtype"].upper()
        if value:  # dynamic sizes are what this array has
            port["bytes"] = npy.bytes_of(value, port["dtype"])
            sizes |= {extent: size for extent, size in zip(port["shape"], value.shape) if isinstance(extent, str)}
            offset, stored = f"OFFSET_{prefix} + {len(data)}", value.dtype.upper()
            content = value.data.tobytes()
            data += content + bytes(-len(content) % 64)
        buffers.append(f"{{{port['bytes']}, {offset}, {dtype}, {stored}}}")
    numbers = [sizes[size["name"]] for size in product.get("sizes", [])]
    return *glue(prefix, model, product, buffers, numbers), bytes(data)


def glue(prefix, model, product, buffers, sizes):
    """The functions of a model as the runner calls them, and its entry in the table."""
    inputs, outputs = len(product["inputs"]), len(product["outputs"])
    sources = inputs + len(product["weights"].get("arguments", []))
    order = [*range(inputs), *range(sources, sources + outputs)]
    ports = [*product["inputs"], *product["weights"].get("arguments", []), *product["outputs"]]
    members = ", ".join(f"buffers[{i}], {ports[i]['bytes']}" for i in range(inputs, sources))
    arguments = "".join(f"{size}, " for size in sizes) + ", ".join(f"buffers[{i}], {ports[i]['bytes']}" for i in order)
    weights = f"const {prefix}_cuda_weights weights = {{{members}}};\n  " if members else ""
    arguments += ", &weights" if members else ""
    workspace, listed = product["cuda"]["workspace_bytes"], ",\n  ".join(buffers)
    bytes_moved = sum(port["bytes"] for port in ports) + product["weights"].get("bytes", 0)
    source = f"""
#include "{prefix}/{prefix}.h"
static const struct buffer buffers_{prefix}[] = {{
  {listed}}};
static int create_{prefix}(void *model) {{ return {prefix}_cuda_create(model, 0, 0); }}
static int destroy_{prefix}(void *model) {{ return {prefix}_cuda_destroy(model); }}
static const char *message_{prefix}(const void *model, int status) {{
  return {prefix}_cuda_message(model, ({prefix}_cuda_status)status);
}}
static int run_{prefix}(const void *model, const uint64_t *buffers, uint64_t workspace, void *stream) {{
  {weights}return {prefix}_cuda_run(model, {arguments}, workspace, {workspace}, stream);
}}
"""
    entry = (f'{{"{model.name}", {TOLERANCES[model.dtype]!r}, {model.products}, {bytes_moved}, '
             f"sizeof({prefix}_cuda), {workspace}, {sources}, {outputs}, buffers_{prefix}, create_{prefix}, "
             f"run_{prefix}, destroy_{prefix}, message_{prefix}}}")
    return source, entry


def write_program(folder, packed, output):
    """Links the models with the runner."""
    offsets, data = [], bytearray()
    for number, (_, _, content) in enumerate(packed):
        offsets.append(f"#define OFFSET_m{number} {len(data)}u\n")
        data += content
    lines = (SOURCES / "multiply.ptx").read_text(encoding="utf-8").splitlines()
    text = "\n".join(f'  "{line}\\n"' for line in lines)
    entries = ",\n  ".join(entry for _, entry, _ in packed)
    (folder / "models.c").write_text(
        f'#include "model.h"\n\n{"".join(offsets)}{"".join(source for source, _, _ in packed)}\n'
        f"const struct model models[] = {{\n  {entries}}};\nconst size_t model_count = {len(packed)};\n"
        f"const char multiply_ptx[] =\n{text};\n", encoding="utf-8")
    output.mkdir(parents=True, exist_ok=True)
    run(os.environ.get("CC", "cc"), "-std=c11", "-D_GNU_SOURCE", "-O1", "-Wall", "-Wextra", "-Werror",
        f"-I{SOURCES}", f"-I{folder}", *sorted(SOURCES.glob("*.c")), folder / "models.c",
        *sorted(folder.glob("m*/m*_cuda.o")), "-ldl", "-lm", "-o", output / "runner")
    (output / "data").write_bytes(data)


def compile_all(options, folder, models):
    """All models, each on a core, with progress where the terminal shows it."""
    tools = options.build_dir.resolve() / "bin"
    with ThreadPoolExecutor(JOBS) as pool:
        jobs = [pool.submit(pack, tools, folder, options.chips, n, model) for n, model in enumerate(models)]
        for done, _ in enumerate(as_completed(jobs), 1):
            if sys.stderr.isatty():
                print(f"\r\x1b[Kcompiled {done} of {len(jobs)}", end="" if done < len(jobs) else "\n", file=sys.stderr)
        return [job.result() for job in jobs]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("models", nargs="*", type=Path, metavar="MODEL.mlir")
    parser.add_argument("--build-dir", required=True, type=Path)
    parser.add_argument("-o", "--output", required=True, type=Path, metavar="DIR")
    parser.add_argument("--bench", action="store_true", help="what is measured instead of what is tested")
    parser.add_argument("--chips", nargs="+", default=CHIPS, help="default: %(default)s")
    options = parser.parse_args()
    models = [Model(path.stem, path.read_text(encoding="utf-8")) for path in options.models]
    with tempfile.TemporaryDirectory(prefix="sepconv-") as name:
        models = models or (list(measured()) if options.bench else tested())
        write_program(Path(name), compile_all(options, Path(name), models), options.output)
    archive = options.output.with_name(options.output.name + ".tar.xz")
    with tarfile.open(archive, "w:xz", preset=1) as file:
        file.add(options.output, options.output.name)
    print(f"{archive}: {len(models)} models, {math.ceil(archive.stat().st_size / 1e6)} MB")


if __name__ == "__main__":
    try:
        main()
    except Failure as failure:
        sys.exit(f"error: {failure}")
