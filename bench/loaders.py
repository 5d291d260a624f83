"""How each participant loads a case. Imported by worker.py; each loader imports the packages of its participant.

loader(folder, case, x, threads) -> (call, result, about): call() runs the case once, result() returns the last output
in Keras's layout (NHWC), about is a dict for the record. x is the input, float32, NHWC, C-contiguous.
"""

import ctypes
import json
import os

import numpy as np


class Product:
    """A shared library of sepconv: NAME_run with its buffers, as a C program would have them."""

    def __init__(self, path, name, x, threads, pool_library):
        library = ctypes.CDLL(path)
        describe = getattr(library, f"{name}_description")
        describe.restype = ctypes.c_char_p
        self.about = json.loads(describe())
        inputs, outputs = self.about["inputs"], self.about["outputs"]
        if len(inputs) != 1 or inputs[0]["bytes"] != x.nbytes:
            raise ValueError(f"{name}: the product's inputs are {inputs}, the case has one of {x.nbytes} bytes")
        self.input = aligned(x.nbytes).view(np.float32)
        self.input[:] = x.reshape(-1)
        self.outputs = [aligned(output["bytes"]).view(np.float32) for output in outputs]
        self.shape = outputs[0]["shape"]
        workspace = self.about["workspace"]
        more = (threads - 1) * workspace.get("thread_bytes", 0)
        self.workspace = aligned(workspace["bytes"] + more, workspace["alignment"])
        buffers = [self.input, *self.outputs, self.workspace]
        arguments = [value for b in buffers for value in (ctypes.c_void_p(b.ctypes.data), ctypes.c_size_t(b.nbytes))]
        if self.about["threads"] == "callback":
            arguments += self.threads(threads, pool_library)
        elif threads > 1:
            raise ValueError(f"{name}: compiled without --threads=callback, but run with {threads} threads")
        self.run, self.arguments = getattr(library, f"{name}_run"), arguments
        self.message = getattr(library, f"{name}_status_message")
        self.message.restype = ctypes.c_char_p

    @staticmethod
    def threads(count, library):
        if count == 1:
            return [ctypes.c_void_p(None), ctypes.c_void_p(None)]
        pools = ctypes.CDLL(library)
        pools.benchPoolCreate.restype = ctypes.c_void_p
        pools.benchPoolCreate.argtypes = [ctypes.c_size_t]
        pool = pools.benchPoolCreate(count)  # lives as long as the process
        if not pool:
            raise OSError(f"no pool of {count} threads")
        return [ctypes.cast(pools.benchParallelFor, ctypes.c_void_p), ctypes.c_void_p(pool)]

    def __call__(self):
        status = self.run(*self.arguments)
        if status:
            raise RuntimeError(self.message(status).decode())

    def result(self):
        return self.outputs[0].reshape(self.shape)


def aligned(size, alignment=64):
    """A byte array at an aligned address, as aligned_alloc gives it."""
    whole = np.zeros(size + alignment, np.uint8)
    start = -whole.ctypes.data % alignment
    return whole[start : start + size]


def sepconv(folder, case, x, threads):
    build = case["sepconv"]
    product = Product(build["library"], build["name"], x, threads, build["pool"])
    return product, product.result, {"workspace_bytes": product.workspace.nbytes}


def litert(folder, case, x, threads):
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(model_path=f"{folder}/model.tflite", num_threads=threads)
    interpreter.allocate_tensors()
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], x)
    output = interpreter.get_output_details()[0]["index"]
    return interpreter.invoke, lambda: interpreter.get_tensor(output), {}


def onnx_layout(case, x):
    """Layers and blocks are NCHW graphs, networks keep Keras's NHWC at their ends: the input, and the way back of the
    output."""
    if case["kind"] != "network":
        return np.ascontiguousarray(x.transpose(0, 3, 1, 2)), lambda y: y.transpose(0, 2, 3, 1) if y.ndim == 4 else y
    return x, lambda y: y


def onnxruntime(folder, case, x, threads):
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.log_severity_level = 3
    session = ort.InferenceSession(f"{folder}/model.onnx", options, providers=["CPUExecutionProvider"])
    x, back = onnx_layout(case, x)
    binding = session.io_binding()
    source = ort.OrtValue.ortvalue_from_numpy(x)
    binding.bind_ortvalue_input(session.get_inputs()[0].name, source)
    declared = session.get_outputs()[0]
    shape = [d if isinstance(d, int) else x.shape[0] for d in declared.shape]
    target = ort.OrtValue.ortvalue_from_shape_and_type(shape, np.float32)
    binding.bind_ortvalue_output(declared.name, target)

    def call(keep=source):  # the binding does not hold its input
        session.run_with_iobinding(binding)

    return call, lambda: back(target.numpy()), {}


def openvino_model(core, path, case):
    """An NCHW layer or block gets NHWC tensors outside: that is OpenVINO's faster way, and what Keras users have."""
    import openvino as ov

    model = core.read_model(path)
    if case["kind"] == "network":
        return model
    steps = ov.preprocess.PrePostProcessor(model)
    images = [end for end, port in ((steps.input(), model.input()), (steps.output(), model.output()))
              if len(port.partial_shape) == 4]
    for end in images:
        end.tensor().set_layout(ov.Layout("NHWC"))
        end.model().set_layout(ov.Layout("NCHW"))
    return steps.build()


def openvino(folder, case, x, threads, file="model.onnx"):
    # OpenVINO 2026.4 dies in its AMX kernels on some virtual machines (SIGILL); float32 does not use them.
    os.environ.setdefault("ONEDNN_MAX_CPU_ISA", "AVX512_CORE_FP16")
    import openvino as ov

    core = ov.Core()
    model = openvino_model(core, f"{folder}/{file}", case)
    # The default precision on a CPU with AMX is bfloat16.
    settings = {
        "INFERENCE_NUM_THREADS": threads,
        "NUM_STREAMS": 1,
        "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_PRECISION_HINT": "f32",
    }
    request = core.compile_model(model, "CPU", settings).create_infer_request()
    request.set_input_tensor(ov.Tensor(np.ascontiguousarray(x)))

    def call():
        request.start_async()
        request.wait()

    return call, lambda: request.get_output_tensor().data, {}


def openvino_tflite(folder, case, x, threads):
    return openvino(folder, case, x, threads, "model.tflite")


def torch(folder, case, x, threads, compiled=False):
    """A layer as PyTorch users write it, channels last; its networks are not the same ones, so there are none here."""
    import torch_layer

    return torch_layer.load(case, x, threads, compiled)


def torch_compile(folder, case, x, threads):
    return torch(folder, case, x, threads, compiled=True)


LOADERS = {
    "sepconv": sepconv,
    "litert": litert,
    "openvino": openvino,
    "openvino-tflite": openvino_tflite,
    "onnxruntime": onnxruntime,
    "torch": torch,
    "torch-compile": torch_compile,
}
