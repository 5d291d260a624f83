"""Measures the time from the import of a runtime to its first result of MobileNetV2, in a fresh Python process.

usage: ./dev bench first [--only NAME,...] [--runs N] [--peers FOLDER] [--python NAME=PYTHON]
       first_result.py --child NAME FOLDER SCRATCH     (what the measured process runs)

The first process finds empty caches; the cached ones come after it and find what it has left, where the runtime keeps
anything. Every runtime has its defaults, on all CPUs. Python's own start is not counted, the import of NumPy is.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
CALLS = 20  # of which the fastest is what a call takes when everything is warm


def sepconv(folder, _):
    import numpy
    import sepconv as package

    module = package.compile(f"{folder}/model.keras", cache=True)
    x = numpy.load(f"{folder}/input.npy")
    return lambda: module(x)


def onnxruntime(folder, scratch):
    """The optimized graph is what ONNX Runtime can keep."""
    import numpy
    import onnxruntime as ort

    options, kept = ort.SessionOptions(), f"{scratch}/optimized.onnx"
    options.log_severity_level = 3
    cached = os.path.exists(kept)
    if cached:
        options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
    else:
        options.optimized_model_filepath = kept
    session = ort.InferenceSession(kept if cached else f"{folder}/model.onnx", options,
                                   providers=["CPUExecutionProvider"])
    feed = {session.get_inputs()[0].name: numpy.load(f"{folder}/input.npy")}
    return lambda: session.run(None, feed)[0]


def openvino(folder, scratch):
    os.environ.setdefault("ONEDNN_MAX_CPU_ISA", "AVX512_CORE_FP16")  # as in loaders.py
    import numpy
    import openvino as ov

    core = ov.Core()
    core.set_property({"CACHE_DIR": f"{scratch}/openvino"})
    settings = {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": "f32"}
    model = core.compile_model(f"{folder}/model.onnx", "CPU", settings)
    x = numpy.load(f"{folder}/input.npy")
    return lambda: model(x)[0]


def litert(folder, _):
    """It keeps nothing."""
    import numpy
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(f"{folder}/model.tflite", num_threads=os.cpu_count())
    interpreter.allocate_tensors()
    place, output = (details[0]["index"] for details in (interpreter.get_input_details(),
                                                         interpreter.get_output_details()))
    x = numpy.load(f"{folder}/input.npy")

    def call():
        interpreter.set_tensor(place, x)
        interpreter.invoke()
        return interpreter.get_tensor(output)

    return call


def torch_compile(folder, scratch):
    """The same architecture with other weights: torch has no importer for the files."""
    os.environ["TORCHINDUCTOR_CACHE_DIR"] = f"{scratch}/inductor"
    import numpy
    import torch
    import torchvision

    torch.set_grad_enabled(False)
    model = torch.compile(torchvision.models.mobilenet_v2(weights=None).eval())
    x = torch.from_numpy(numpy.load(f"{folder}/input.npy").transpose(0, 3, 1, 2).copy())
    return lambda: model(x).numpy()


# name -> (what runs it, its environment below build/peers; None is this Python)
CHILDREN = {"sepconv": (sepconv, None), "onnxruntime": (onnxruntime, "onnxruntime"),
            "openvino": (openvino, "openvino"), "litert": (litert, "litert"), "torch-compile": (torch_compile, "torch")}


def child(name, folder, scratch):
    """Prints the seconds to the first result, those of a later call, and the result, as one line of JSON."""
    start = time.perf_counter()
    call = CHILDREN[name][0](folder, scratch)
    result = call()
    first, calls = time.perf_counter() - start, []
    for _ in range(CALLS):
        start = time.perf_counter()
        call()
        calls.append(time.perf_counter() - start)
    print(json.dumps({"first": first, "call": min(calls), "result": result.ravel().tolist()}))


def start(name, python, folder, scratch, build):
    environment = {**os.environ, "SEPCONV_HOME": str(build), "PYTHONPATH": str(ROOT / "python"),
                   "SEPCONV_CACHE": f"{scratch}/sepconv", "PYTHONDONTWRITEBYTECODE": ""}
    command = [python, __file__, "--child", name, folder, scratch]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr.strip().splitlines()[-1])
    return json.loads(done.stdout.splitlines()[-1])


def wrong(name, result, folder):
    """Whether it differs from Keras's; the weights of torch are others."""
    import numpy

    expected = numpy.load(folder / "expected.npy").ravel()
    return name != "torch-compile" and numpy.abs(result - expected).max() > 1e-4 * numpy.abs(expected).max()


def measure(name, python, folder, options):
    """The medians of the seconds in a first process, in a cached one, and of a call."""
    firsts, cached, calls = [], [], []
    start(name, python, folder, options.warm_up, options.build_dir)  # reads the packages from the disk
    for _ in range(options.runs):
        with tempfile.TemporaryDirectory() as scratch:
            runs = [start(name, python, folder, scratch, options.build_dir) for _ in range(2)]
        if wrong(name, runs[0]["result"], folder):
            raise RuntimeError("the result differs from Keras's")
        firsts.append(runs[0]["first"])
        cached.append(runs[1]["first"])
        calls += [run["call"] for run in runs]
    return statistics.median(firsts), statistics.median(cached), statistics.median(calls)


def parse():
    parser = argparse.ArgumentParser(prog="./dev bench first", description=__doc__.splitlines()[0])
    parser.add_argument("--build-dir", type=Path, default=ROOT / "build")
    parser.add_argument("--only", default="", metavar="NAME,...", help=f"of {', '.join(CHILDREN)}")
    parser.add_argument("--runs", type=int, default=5, metavar="N", help="processes of each kind, default 5")
    parser.add_argument("--peers", type=Path, help="the folder of the peers' environments, default BUILD/peers")
    parser.add_argument("--python", action="append", default=[], metavar="NAME=PYTHON",
                        help="the Python that has a peer, instead of one that './dev bench --peers' installed")
    return parser.parse_args()


def main():
    import cases
    import files
    import machine
    import peers

    options = parse()
    options.build_dir = options.build_dir.resolve()
    folders = peers.Peers(options.peers or options.build_dir / "peers")
    pythons = dict(text.split("=", 1) for text in options.python)
    case, = cases.load("networks", "^MobileNetV2$")
    models = options.build_dir / "bench/models"
    files.make_models([case], models, folders)
    about = machine.describe()
    print(f"{about['cpu']}, {about['date']}; milliseconds, the median of {options.runs}\n")
    print(f"{'':<14} {'first':>9} {'cached':>9} {'call':>9}")
    for name, (_, environment) in CHILDREN.items():
        if options.only and name not in options.only.split(","):
            continue
        if name not in pythons and not folders.installed(environment):
            print(f"{name:<14} not installed ('./dev bench --peers' installs it)")
            continue
        python = pythons.get(name, folders.python(environment))
        with tempfile.TemporaryDirectory() as options.warm_up:
            try:
                figures = measure(name, python, models / cases.file_name(case.case), options)
            except RuntimeError as problem:
                print(f"{name:<14} failed: {problem}")
                continue
        print(f"{name:<14} " + " ".join(f"{1e3 * figure:9.4g}" for figure in figures), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(child(*sys.argv[2:]) if sys.argv[1:2] == ["--child"] else main())
