"""From a model to a module."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from . import _cache
from ._errors import CompileError, Diagnostic
from ._models import ModelFile, write_model
from ._module import Module, new_module
from ._tools import Progress, run_compiler

Extent = int | None | Sequence[int]
Shape = Sequence[Extent]
FILES = "--emit=obj,lib,shared,header,report-json,report"


def compile(model: object, target: str = "host", input_shapes: Shape | Mapping[str, Shape] | None = None,
            batch: int | str | None = None, threads: int = 1, compute: str | None = None, *,
            io: str | None = None, example_inputs: Sequence[object] | None = None,
            sizes: Mapping[str, int] | None = None, weights: str = "embedded", name: str | None = None,
            options: Iterable[str] = (), cache: bool = False, progress: bool | Progress = False) -> Module:
    """Compiles a model for a target.

    model: a path; a Keras model; an onnx.ModelProto; the bytes of a TFLite file; MLIR text; or a torch.nn.Module
        with `example_inputs`, a tuple of the tensors that its forward takes.
    target: "host", or a name that `sepconv-compile --help` lists. A module for another machine can only be saved.
    input_shapes: sizes for the dimensions that the model leaves open, as the shape of the image, or a shape for
        each input's name. A dimension is a number, None for what the model says, or the range
        (least, greatest[, factor]) that each call can choose a height or a width from.
    batch: images in a call, or "dynamic" for what each call has (default: 1, or that of input_shapes).
    threads: how many work on one call. Several calls can run at the same time with any number.
    compute: "bf16", "f16" or "f32", which weights and what is between kernels are stored in (default: the model's
        types). Sums are of float32.
    io: the type of inputs and outputs of floats, likewise. Arrays of bfloat16 are those of ml_dtypes.
    sizes: of the dimensions that an ONNX model has names for.
    weights: "embedded", "file" (which is mapped) or "arguments" (which each call passes, after the inputs).
    name: the prefix of the C functions and files (default: the model's name).
    options: any other options of sepconv-compile.
    cache: keep the product on disk, and take it from there where model, options and compiler are the same.
    progress: show the stages on standard error; or a function that is called with step, steps and stage.

    Raises CompileError with all problems of the model, TypeError or ValueError for wrong arguments. Ctrl-C ends
    the compiler and leaves nothing behind.
    """
    if isinstance(options, str):
        raise TypeError(f"options: expected a list of texts, found the text {options!r}")
    options = tuple(options)
    options += tuple(f"--{word}={value}" for word, value in (("compute", compute), ("io", io)) if value is not None)
    with tempfile.TemporaryDirectory(prefix="sepconv-") as scratch:
        source = write_model(model, Path(scratch), example_inputs, name)
        words = [f"--target={target}", f"--weights={weights}", f"--threads={'callback' if threads > 1 else 'none'}"]
        words += _shape_options(source, input_shapes, batch)
        words += [f"--size={dimension}={size}" for dimension, size in (sizes or {}).items()]
        words += [f"--name={name}"] if name else []
        words += options
        show = _show if progress is True else progress or None

        def make(folder: Path) -> None:
            temporary = str(source.path) if source.path.parent == Path(scratch) else ""
            run_compiler(source.what, [str(source.path), FILES, "-o", str(folder), *words], show, temporary)

        if cache:
            entry = _cache.key([source.path.name, *_digests(source.path), *words])
            module = new_module(lambda folder: _cache.get(entry, make, folder), threads)
        else:
            module = new_module(make, threads)
    _check_shapes(source, module, input_shapes)
    module.options = options
    return module


def _digests(path: Path) -> list[bytes]:
    """Of the files that a model is read from: of weights beside it, too."""
    beside = [path.with_suffix(".weights.h5"), *sorted(path.parent.glob(f"{path.name}*data"))]
    return [_cache.file_digest(file) for file in (path, *beside) if file.is_file()]


def _shapes(shapes: Shape | Mapping[str, Shape] | None) -> dict[str | None, list[Extent]]:
    """By the inputs' names; None is that of the first one."""
    if shapes is None:
        return {}
    if isinstance(shapes, Mapping):
        return {name: list(shape) for name, shape in shapes.items()}
    return {None: list(shapes)}


def _shape_options(source: ModelFile, shapes: Shape | Mapping[str, Shape] | None, batch: int | str | None) -> list[str]:
    """--batch, --height and --width. ONNX has the channels before the height, as a rule; _check_shapes knows."""
    given = list(_shapes(shapes).values())
    if batch is None:
        batch = next((shape[0] for shape in given if shape and isinstance(shape[0], int)), None)
    words = [] if batch is None else [f"--batch={batch}"]
    image = next((shape for shape in given if len(shape) == 4), [])
    for option, extent in zip(("height", "width"), image[2:4] if source.is_onnx else image[1:3]):
        if isinstance(extent, int):
            words.append(f"--{option}={extent}")
        elif extent is not None:
            least, greatest, *factor = extent
            words.append(f"--{option}={least}..{greatest}" + "".join(f"/{number}" for number in factor))
    return words


def _check_shapes(source: ModelFile, module: Module, shapes: Shape | Mapping[str, Shape] | None) -> None:
    """The product has the shapes that input_shapes asks for."""
    ports = {port.name: port for port in module.inputs}
    for name, shape in _shapes(shapes).items():
        port = module.inputs[0] if name is None else ports.get(name)
        if port is None:
            raise ValueError(f"input_shapes: expected the names of inputs, {list(ports)}, found '{name}'")
        sizes = [found if extent is None or isinstance(found, str) or dimension == 0 and found is None else extent
                 for dimension, (extent, found) in enumerate(zip(shape, port.shape))]
        if len(shape) != len(port.shape) or tuple(sizes) != port.shape:
            message = f"input_shapes of '{port.name}': expected {tuple(shape)}, found {port.shape} in the model"
            raise CompileError(source.what, (Diagnostic(message),))


def _show(step: int, steps: int, stage: str) -> None:
    """Progress as one line, which the next one replaces."""
    end = "\n" if step == steps else ""
    print(f"\r[{'#' * step}{'.' * (steps - step)}] {stage:<10}", end=end, file=sys.stderr, flush=True)
