#!/usr/bin/env python3
"""Run the cases of onnx.backend.test: each model compiled, and its outputs compared.

usage: check_onnx_backend.py --build-dir DIR [--all] [--filter REGEX] [-v]

Every day a sample of them, with --all every one. What a compiler needs to know of shapes and axes are
constants in models that exporters write, and inputs in some cases: those are made constants (PARAMETERS).
onnx_out_of_scope.txt lists the cases that are not supported, each with the reason; one of them that passes is a
failure too.
"""

import argparse
import collections
import contextlib
import fnmatch
import io
import multiprocessing
import re
import sys
import tempfile
import traceback
import warnings
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from checking import JOBS, PROBLEMS, Failure, execute, finish
from product import Product

try:
    import numpy as np
    import onnx
    from onnx import numpy_helper
    from onnx.backend.test.loader import DATA_DIR, load_model_tests
except ImportError as error:
    print(f"skipped: {error}")
    sys.exit(finish(0, 0, 1))

KINDS = {"node": "node", "simple": "simple", "pytorch-converted": "pytorch-converted",
         "pytorch-operator": "pytorch-operator", "real": "light"}
SAMPLE = 60  # one case out of so many
# The inputs of operators, by position, that must be known when a model is compiled.
PARAMETERS = {
    "Reshape": [1], "Expand": [1], "Tile": [1], "Slice": [1, 2, 3, 4], "Pad": [1, 2, 3], "Squeeze": [1],
    "Unsqueeze": [1], "Split": [1], "Resize": [1, 2, 3], "Upsample": [1], "ConstantOfShape": [0], "Range": [0, 1, 2],
    "OneHot": [1], "CumSum": [1], "CumProd": [1], "Trilu": [1], "TopK": [1], "Dropout": [1, 2], "If": [0],
    "LSTM": [4], "GRU": [4], "RNN": [4],
    "Loop": [0, 1], "CenterCropPad": [1], "Col2Im": [1, 2], "AffineGrid": [1], "HannWindow": [0], "HammingWindow": [0],
    "BlackmanWindow": [0], "DFT": [1, 2], "STFT": [1, 3], "MelWeightMatrix": [0, 1, 2, 3, 4],
    "Compress": [1], "MaxUnpool": [2], "SplitToSequence": [1],
    "QuantizeLinear": [1, 2], "DequantizeLinear": [1, 2], "ConvInteger": [1, 3],
    "QLinearConv": [1, 2, 3, 4, 5, 6, 7, 8], "QLinearMatMul": [1, 2, 4, 5, 6, 7],
    "ReduceL1": [1], "ReduceL2": [1], "ReduceLogSum": [1], "ReduceLogSumExp": [1], "ReduceMax": [1], "ReduceMean": [1],
    "ReduceMin": [1], "ReduceProd": [1], "ReduceSum": [1], "ReduceSumSquare": [1],
}


def out_of_scope():
    """What is listed: triples of a kind ("operator"), a pattern and the reason."""
    lines = Path(__file__).with_name("onnx_out_of_scope.txt").read_text(encoding="utf-8").splitlines()
    heads = [line.split(": ", 1) for line in lines if line and not line.startswith("#")]
    return [(*head.split(" ", 1), reason) for head, reason in heads]


def nodes_of(graph):
    """Those of a graph and of the graphs in it."""
    for node in graph.node:
        yield node
        for attribute in node.attribute:
            if attribute.HasField("g"):
                yield from nodes_of(attribute.g)


def type_name(value):
    kind = value.type.WhichOneof("value") or ""
    if kind != "tensor_type":
        return kind.removesuffix("_type")
    return onnx.TensorProto.DataType.Name(value.type.tensor_type.elem_type)


def reason_of(name, model, listed):
    """Why a case is out of scope, None if it is not."""
    functions = {(function.domain, function.name) for function in model.functions}
    nodes = [node for node in nodes_of(model.graph) if (node.domain, node.op_type) not in functions]
    has = {"case": {name}, "operator": {node.op_type for node in nodes}, "domain": {node.domain for node in nodes},
           "type": {type_name(value) for value in [*model.graph.input, *model.graph.output]}}
    return next((reason for kind, pattern, reason in listed if fnmatch.filter(has[kind], pattern)), None)


# --- The cases ---

def load(pattern, everything):
    """Those of the sample, or all, whose name matches."""
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        for kind, shown in KINDS.items():
            for test in load_model_tests(kind=kind):
                name = f"{shown}/{test.name}"
                sampled = everything or zlib.crc32(name.encode()) % SAMPLE == 0
                if sampled and pattern.search(name):
                    yield name, test


def tensors(folder, kind, values):
    """The files input_0.pb, ... of a data set; None where one is no tensor."""
    result = []
    for index, value in enumerate(values):
        path = folder / f"{kind}_{index}.pb"
        if not path.exists():
            break
        tensor = onnx.TensorProto()
        tensor.ParseFromString(path.read_bytes())
        result.append(numpy_helper.to_array(tensor) if value.type.HasField("tensor_type") else None)
    return result


def path_of(test):
    """The model's file, if it has one; that of a light model has another name."""
    if test.model_dir is None:
        return Path(DATA_DIR) / "light" / Path(test.url).name if test.url else None
    return Path(test.model_dir) / "model.onnx"


def model_of(test):
    return test.model if test.model is not None else onnx.load(path_of(test))


def data_sets(test):
    """The model of a case, and pairs of inputs and outputs."""
    model, path = model_of(test), path_of(test)
    if path is None:
        return model, [(list(inputs), list(outputs)) for inputs, outputs in test.data_sets]
    if test.model_dir is None:  # light: the outputs of one input lie beside the model
        known = {tensor.name for tensor in model.graph.initializer}
        inputs = [dummy(value) for value in model.graph.input if value.name not in known]
        tensor = onnx.TensorProto()
        tensor.ParseFromString(path.with_name(path.stem + "_output_0.pb").read_bytes())
        return model, [(inputs, [numpy_helper.to_array(tensor)])]
    return model, [(tensors(folder, "input", model.graph.input), tensors(folder, "output", model.graph.output))
                   for folder in sorted(path.parent.glob("test_data_set*"))]


def dummy(value):
    """What onnx.backend.test feeds to light models."""
    shape = [dim.dim_value or 1 for dim in value.type.tensor_type.shape.dim]
    count = np.prod(shape)
    return (np.arange(count).reshape(shape) / count).astype(np.float32)


def array(value):
    if isinstance(value, onnx.TensorProto):
        return numpy_helper.to_array(value)
    if value is None or isinstance(value, (list, dict)):
        raise Failure("a sequence, an optional or a map is no tensor")
    return np.asarray(value)


def is_parameter(name, value):
    """Whether an input of an operator that is written as a function says a shape."""
    given = array(value)
    is_short_list = given.dtype.kind == "i" and given.size <= 8 and given.ndim < 2
    return "test_range_" in name or ("_expanded" in name and is_short_list)


def freeze(name, model, inputs):
    """A copy of the model whose PARAMETERS are constants, and the inputs that are left."""
    fixed = {node.input[index] for node in model.graph.node for index in PARAMETERS.get(node.op_type, [])
             if index < len(node.input)}
    known = {tensor.name for tensor in model.graph.initializer}
    copy, left = onnx.ModelProto(), []
    copy.CopyFrom(model)
    del copy.graph.input[:]
    for value, given in zip([value for value in model.graph.input if value.name not in known], inputs):
        if value.name in fixed or is_parameter(name, given):
            copy.graph.initializer.append(numpy_helper.from_array(array(given), value.name))
        else:
            value, given = copy.graph.input.add(name=value.name, type=value.type), array(given)
            dims = value.type.tensor_type.shape.dim
            # Of what an operator is only to be like, the type matters.
            if not given.size and (all(dim.dim_value for dim in dims) or "castlike" in name):
                given = np.zeros([dim.dim_value or 1 for dim in dims], given.dtype)
            for dim, size in zip(dims, given.shape):
                dim.dim_value = size
            left.append(given)
    return copy, left


# --- One case ---

def compare(expected, content, port, rtol, atol):
    got = np.frombuffer(content, expected.dtype)
    if list(expected.shape) != port["shape"]:
        raise Failure(f"expected shape {list(expected.shape)}, found {port['shape']}")
    if port["dtype"] != expected.dtype.name:
        raise Failure(f"expected {expected.dtype.name}, found {port['dtype']}")
    got = got.reshape(expected.shape)
    if expected.dtype.name == "bfloat16":
        got, expected, rtol = got.astype(np.float32), expected.astype(np.float32), max(rtol, 2**-6)
    np.testing.assert_allclose(got, expected, rtol=rtol, atol=atol)


def run_set(tools, model, inputs, outputs, test, folder):
    model, inputs = freeze(test.name, model, inputs)
    source = folder / "model.onnx"
    source.write_bytes(model.SerializeToString())
    execute(tools / "sepconv-compile", source, "-o", folder, "--name=m", "--emit=shared", timeout=300)
    product = Product(str(folder / "libm.so"), "m")
    results = product.run([np.ascontiguousarray(value).tobytes() for value in inputs])
    for content, expected, port in zip(results, outputs, product.description["outputs"], strict=True):
        compare(array(expected), content, port, test.rtol, test.atol)


def run_case(tools, test, queue):
    try:
        model, sets = data_sets(test)
        for inputs, outputs in sets:
            with tempfile.TemporaryDirectory(prefix="sepconv-onnx-") as folder:
                run_set(tools, model, inputs, outputs, test, Path(folder))
        queue.put("")
    except (*PROBLEMS, AssertionError, TypeError) as problem:
        queue.put(str(problem) or "failed")
    except Exception:  # pylint: disable=broad-except
        queue.put(traceback.format_exc())


def isolated(tools, test):
    """What is wrong with a case, empty if nothing is; in a process of its own, so that a crash is one failure."""
    context = multiprocessing.get_context("fork")
    queue = context.SimpleQueue()
    process = context.Process(target=run_case, args=(tools, test, queue))
    process.start()
    process.join()
    return queue.get() if not queue.empty() else f"ended with code {process.exitcode}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build-dir", type=Path, required=True)
    parser.add_argument("--all", action="store_true", help="every case, not a sample")
    parser.add_argument("--filter", default="", help="only the cases whose name matches")
    parser.add_argument("-v", "--verbose", action="store_true", help="print the reason of each failure")
    options = parser.parse_args()
    tests = list(load(re.compile(options.filter), options.all or options.filter))
    listed, counts, failed = out_of_scope(), collections.Counter(), 0
    passed = 0
    with ThreadPoolExecutor(JOBS) as pool:
        problems = pool.map(lambda pair: isolated(options.build_dir / "bin", pair[1]), tests)
        for (name, test), problem in zip(tests, problems):
            reason = reason_of(name, model_of(test), listed)
            if reason and problem:
                counts[reason] += 1
            elif reason:
                failed += 1
                print(f"{name}: passes, but onnx_out_of_scope.txt lists it: {reason}", flush=True)
            elif problem:
                failed += 1
                shown = problem if options.verbose else problem.strip().splitlines()[-1][:300]
                print(f"{name}: {shown}", flush=True)
            else:
                passed += 1
    for reason, count in counts.most_common():
        print(f"out of scope, {count}: {reason}")
    return finish(passed, failed)  # what is out of scope is not skipped for want of anything


if __name__ == "__main__":
    sys.exit(main())
