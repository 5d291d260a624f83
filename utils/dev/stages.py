"""Makes the page that follows one layer from Keras to assembly: its IR at each stage, and pictures.

Nothing of it is stored: `./dev docs` compiles the layer and draws the pictures by Graphviz.
"""

import json
import re
import tempfile
import textwrap
from pathlib import Path

from . import common
from .common import BUILD, DevError

TARGET = "x86-64-v3"  # whatever machine builds the pages
CHANNELS, FILTERS, SIZE = 32, 64, 16
LAYERS = [("InputLayer", {"name": "input", "batch_shape": [None, SIZE, SIZE, CHANNELS]}),
          ("SeparableConv2D", {"name": "separable", "filters": FILTERS, "kernel_size": 3, "padding": "same",
                               "use_bias": False}),
          ("BatchNormalization", {"name": "normalization"}),
          ("ReLU", {"name": "relu", "max_value": 6.0})]
WIDEST = 150  # columns of a line in the page; weights have thousands
OPERATION = re.compile(r"^ {4}(%\w+) = ([\w.]+)(.*)")  # of a function's body, not of a region in it
PICTURE = 'digraph {{ rankdir=LR; node [shape=box, fontname="sans-serif", fontsize=11]; bgcolor=transparent;\n{}\n}}\n'

PAGE = """# The IR at each stage of one layer

This page follows one layer from Keras to assembly: a SeparableConv2D of {channels} to {filters} channels on an image of
{size}x{size}, with BatchNormalization and ReLU. The tools wrote everything in it when the site was built, for the
target `{target}`.
`--emit=STAGE` writes the module at each stage; `sepconv-opt` continues from any of them.

## Keras

```json
{keras}
```

## import

The layers as operations of the [sepconv dialect](../dialect/README.md), with the variables as Keras names them.

```mlir
{import}
```

![The operations after the import](stages-import.svg)

## graph

Batch normalization is folded into the weights, which are constants now, and the activation became an attribute of the
convolution. Of {before} operations {after} is left.

```mlir
{graph}
```

## kernels

The depthwise and the pointwise convolution with bias and activation are one kernel, a function of `linalg` operations.
The entry calls it.

```mlir
{kernels}
```

![The operations of the kernel](stages-kernels.svg)

## scheduled

Each kernel has the schedule that the target's folder of [schedules](../schedules/README.md) has for its pattern. The
parameters are chosen for its sizes and the target's registers and caches. `sepconv-opt --sepconv-print-schedules`
prints the directives with their numbers:

```mlir
{schedule}
```

## loops

Halide applies the schedule, and its loop nest comes back as `scf`, `vector` and `memref` operations. Buffers
have offsets in one workspace or on the stack, and weights are packed in the order in which they are read. The
kernel has {loops} loops; this is the start of the innermost loop of the pointwise sum, with {products}
products of vectors:

```mlir
{innermost}
```

## llvm

The same in LLVM's dialect, with the C functions of the product. This is the signature of the one that a program calls:

```mlir
{signature}
```

## Assembly

LLVM makes fused multiply-adds of products and sums. This is the whole loop from above. Its accumulators stay in
registers, one for each vector of the tile that the schedule unrolls:

```asm
{assembly}
```
"""


def write_stages(folder):
    """Writes stages.md and its pictures. Raises DevError if a tool fails."""
    with tempfile.TemporaryDirectory() as scratch:
        texts = compile_layer(Path(scratch))
        kernel = texts["kernels"][texts["kernels"].index("func.func private"):]
        draw(operations(texts["import"]), Path(scratch), folder / "stages-import.svg")
        draw(operations(kernel), Path(scratch), folder / "stages-kernels.svg")
    inner = innermost(texts["loops"])
    parts = {stage: shortened(body(texts[stage])) for stage in ("import", "graph", "kernels")}
    page = PAGE.format(target=TARGET, channels=CHANNELS, filters=FILTERS, size=SIZE, **parts, keras=texts["keras"],
                       before=count_layers(texts["import"]), after=count_layers(texts["graph"]),
                       schedule=texts["schedule"], loops=texts["loops"].count("scf.for"),
                       products=inner.count("arith.mulf"), innermost=shortened(first(inner, 24)),
                       signature=shortened(signature(texts["llvm"])), assembly=assembly_loop(texts["asm"]))
    (folder / "stages.md").write_text(page, encoding="utf-8")


def compile_layer(folder):
    """The text of each stage."""
    config = {"class_name": "Sequential", "config": {"name": "layer", "layers": [
        {"class_name": kind, "config": config} for kind, config in LAYERS]}}
    model = folder / "layer.json"
    model.write_text(json.dumps(config), encoding="utf-8")
    texts = {"keras": "\n".join(json.dumps(layer) for layer in config["config"]["layers"])}
    for stage in ("import", "graph", "kernels", "scheduled", "loops", "llvm", "asm"):
        run("sepconv-compile", model, "--seed=1", f"--target={TARGET}", f"--emit={stage}", "-o", folder, "-q")
        file = "layer.s" if stage == "asm" else f"layer.{stage}.mlir"
        texts[stage] = (folder / file).read_text(encoding="utf-8")
    texts["schedule"] = run("sepconv-opt", folder / "layer.scheduled.mlir", "--sepconv-print-schedules", "-o",
                            folder / "out").strip()
    return texts


def run(name, *arguments):
    code, output = common.capture([BUILD / "bin" / name, *arguments])
    if code:
        raise DevError(f"{name} failed:\n{output}")
    return output


def body(text):
    """The functions of a module."""
    return text[text.index("  func.func"):text.rindex("}")].rstrip()


def first(text, count):
    lines = text.splitlines()
    return "\n".join(lines[:count] + (["..."] if len(lines) > count else []))


def shortened(text):
    return "\n".join(line if len(line) <= WIDEST else f"{line[:WIDEST]} ..." for line in text.splitlines())


def innermost(text):
    """The first loop of the pointwise sum: it has no other in it, and counts the input's channels."""
    loop = re.search(rf"^( +)(scf\.for \S+ = %c0 to %c{CHANNELS} (?:(?!scf\.for).)*?\n\1\}})", text,
                     re.MULTILINE | re.DOTALL)
    return textwrap.dedent(loop[1] + loop[2])


def signature(text):
    return next(line.strip() for line in text.splitlines() if "llvm.func @layer_run" in line)


def assembly_loop(text):
    """The block that jumps to itself and has the most multiply-adds of one number with many."""
    blocks = re.findall(r"^(\.L\w+):.*\n((?:\t.*\n)*?\tj\w+\t\1\n)", text, re.MULTILINE)
    label, block = max(blocks, key=lambda found: found[1].count("vfmadd") * ("vbroadcastss" in found[1]))
    return f"{label}:\n{block.rstrip()}"


def operations(text):
    """Of each operation with a result: the value, the name, and what follows."""
    found = [match for match in map(OPERATION.match, text.splitlines()) if match]
    return [(match[1], match[2], match[3]) for match in found]


def count_layers(text):
    """The operations that compute."""
    return sum(name.startswith("sepconv.") and name != "sepconv.variable" for _, name, _ in operations(text))


def detail(rest):
    """The second line of a box: a variable's name, or the loops of a linalg operation."""
    if name := re.match(r' "([^"]+)"', rest):
        return "\\n" + name[1]
    kinds = ("parallel", "reduction")
    return "".join(f"\\n{kind} loops: {count}" for kind in kinds if (count := rest.count(f'"{kind}"')))


def draw(found, scratch, path):
    """A picture of operations and of what flows between them. Constants of one number are left out."""
    known = {value: f"n{number}" for number, (value, name, _) in enumerate(found)
             if name not in ("arith.constant", "tensor.empty", "linalg.fill")}
    lines = [f'{known[value]} [label="{name}{detail(rest)}"];' for value, name, rest in found if value in known]
    lines += [f"{known[used]} -> {known[value]};" for value, _, rest in found if value in known
              for used in sorted(set(re.findall(r"%\w+", rest))) if used in known]
    source = scratch / f"{path.stem}.dot"
    source.write_text(PICTURE.format("\n".join(lines)), encoding="utf-8")
    code, output = common.capture(["dot", "-Tsvg", source, "-o", path])
    if code:
        raise DevError(f"Graphviz could not draw {path.name}:\n{output}")
