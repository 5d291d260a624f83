"""sepconv compiles neural networks of separable and depthwise convolutions.

    module = sepconv.compile("mobilenet_v2.keras")
    probabilities = module(image)

`compile` makes a `Module` of a model of Keras, ONNX, TFLite, torch or MLIR, `load` one of a folder that
`Module.save` wrote, `function` gives TensorFlow's functions on arrays, and `compare` finds the largest error.
"""

from ._compare import Difference, compare
from ._compile import compile
from ._errors import CompileError, Diagnostic, RunError, SepconvError
from ._function import Function, function
from ._module import Kernel, Module, load
from ._ports import Port
from ._report import Report

__all__ = ["CompileError", "Diagnostic", "Difference", "Function", "Kernel", "Module", "Port", "Report", "RunError",
           "SepconvError", "compare", "compile", "function", "load"]
__version__ = "0.1.0"
