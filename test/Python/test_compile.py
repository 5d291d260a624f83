"""Tests of sepconv.compile: kinds of models, options, errors as data, progress and interruption."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from unittest import mock

import numpy as np
import onnx
from onnx import TensorProto, helper

import sepconv
from sepconv import _cache, _tools
from support import DIGITS, DOUBLE, ROOT, Case, digits


def relu(shape):
    """An ONNX model."""
    values = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name in ("x", "y")]
    graph = helper.make_graph([helper.make_node("Relu", ["x"], ["y"])], "relu", values[:1], values[1:])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)])


def keras_file(folder, shape, *layers):
    """The file of a Sequential model without weights."""
    layers = [("InputLayer", {"batch_shape": shape}), *layers]
    layers = [{"class_name": kind, "config": {"name": kind.lower(), **config}} for kind, config in layers]
    path = folder / "model.json"
    path.write_text(json.dumps({"class_name": "Sequential", "config": {"name": "m", "layers": layers}}))
    return path


class Models(Case):
    def test_mlir(self):
        for element, dtype in (("f32", np.float32), ("f64", np.float64), ("f16", np.float16)):
            x = np.arange(4, dtype=dtype)
            np.testing.assert_array_equal(sepconv.compile(DOUBLE.format(f"4x{element}"))(x), x + x)

    def test_bfloat16(self):
        module = sepconv.compile(DOUBLE.format("4xbf16"))
        x = np.arange(4).astype(module.inputs[0].dtype)
        np.testing.assert_array_equal(module(x), x + x)

    def test_compute(self):
        image = digits()[0][:1]
        expected = sepconv.compile(DIGITS)(image)
        for compute, tolerance in (("bf16", 2e-2), ("f16", 4e-3)):
            module = sepconv.compile(DIGITS, compute=compute)
            self.assertEqual(module.inputs[0].dtype, np.float32)
            np.testing.assert_allclose(module(image), expected, atol=tolerance)
            self.assertGreater(np.abs(module(image) - expected).max(), 0)
            self.assertEqual(module.options, (f"--compute={compute}",))  # for who compiles it once more
            narrow = sepconv.compile(DIGITS, compute=compute, io=compute)
            result = narrow(image.astype(narrow.inputs[0].dtype))
            self.assertEqual(result.dtype.itemsize, 2)
            np.testing.assert_allclose(result.astype(np.float32), expected, atol=tolerance)
        with self.assertRaisesRegex(sepconv.CompileError, "computes in this type already"):
            sepconv.compile(DIGITS, compute="f32")

    def test_onnx(self):
        model = relu(["batch", 3])
        x = np.float32([[-1, 0, 2]])
        onnx.save(model, self.folder / "relu.onnx")
        for source in (model, self.folder / "relu.onnx", str(self.folder / "relu.onnx")):
            np.testing.assert_array_equal(sepconv.compile(source)(x), np.maximum(x, 0))

    def test_keras(self):
        class Model:  # keras itself is not needed to see that an object is one of its models
            __module__ = "keras.src.models.functional"
            name = "digits"

            def save(self, path):
                shutil.copyfile(DIGITS, path)

        image, expected = digits()
        module = sepconv.compile(Model())
        self.assertEqual(module.name, "digits")
        self.assertClose(module(image), expected)

    def test_another_object(self):
        for model, *texts in ((3, "cannot compile int", "onnx.ModelProto"), (b"bytes", "TFLite", "TFL3")):
            with self.assertRaises(TypeError) as caught:
                sepconv.compile(model)
            self.assertSays(caught.exception, *texts)
        with self.assertRaises(TypeError) as caught:
            sepconv.compile(DIGITS, example_inputs=(1,))
        self.assertSays(caught.exception, "example_inputs has an effect only with a torch.nn.Module")

    def test_input_shapes(self):
        model = relu(["n", 3, "h", "w"])
        self.assertEqual(sepconv.compile(model, input_shapes=(2, 3, 5, 4)).inputs[0].shape, (2, 3, 5, 4))
        module = sepconv.compile(model, input_shapes={"x": (None, 3, None, None)}, sizes={"h": 6, "w": 7}, batch=2)
        self.assertEqual(module.inputs[0].shape, (2, 3, 6, 7))
        with self.assertRaises(sepconv.CompileError) as caught:
            sepconv.compile(model, input_shapes=(2, 5, 5, 4))
        self.assertSays(caught.exception, "expected (2, 5, 5, 4), found (2, 3, 5, 4)")
        with self.assertRaises(ValueError) as caught:
            sepconv.compile(relu([3]), input_shapes={"y": (None,)})
        self.assertSays(caught.exception, "expected the names of inputs, ['x'], found 'y'")

    def test_ranges_of_sizes(self):
        layer = ("SeparableConv2D", {"filters": 4, "kernel_size": 3, "strides": 2, "padding": "same"})
        path = keras_file(self.folder, [None, None, None, 3], layer)
        any_size, one_size = (sepconv.compile(path, input_shapes=(1, extent, extent, 3), options=["--seed=1"])
                              for extent in ((8, 32, 4), 24))
        image = np.random.default_rng(1).standard_normal((1, 24, 24, 3), np.float32)
        self.assertEqual(any_size.inputs[0].shape, (1, "height", "width", 3))
        self.assertClose(any_size(image), one_size(image))
        self.assertEqual(any_size(image[:, :8, :12]).shape, (1, 4, 6, 4))
        with self.assertRaises(ValueError) as caught:
            any_size(image[:, :9])
        self.assertSays(caught.exception, "height=9: expected a multiple of 4 from 8 to 32")

    def test_another_target(self):
        target = "aarch64" if os.uname().machine == "x86_64" else "x86-64-v3"
        module = sepconv.compile(DIGITS, target)
        self.assertEqual(module.target, target)
        module.save(self.folder)
        self.assertTrue((self.folder / "libdigits.so").exists())
        with self.assertRaises(sepconv.SepconvError) as caught:
            module(digits()[0])
        self.assertSays(caught.exception, "cannot load", f"compiled for {target}")


class Errors(Case):
    def test_diagnostics(self):
        """All problems of a model, as data."""
        path = keras_file(self.folder, [None, 8, 9, 4], ("Conv2D", {"filters": 6, "kernel_size": 1, "groups": 4}),
                          ("Dense", {"units": 2.5}))
        with self.assertRaises(sepconv.CompileError) as caught:
            sepconv.compile(path, weights="arguments")
        groups, units = caught.exception.diagnostics
        self.assertEqual((groups.layer, groups.argument, groups.found), ("conv2d", "groups", "4"))
        self.assertEqual((units.layer, units.argument, units.expected, units.found),
                         ("dense", "units", "a positive integer", "2.5"))
        self.assertSays(caught.exception, f"cannot compile '{path}'", "argument 'units'")

    def test_place_in_mlir(self):
        with self.assertRaises(sepconv.CompileError) as caught:
            sepconv.compile("func.func @main() {\n  nothing\n}\n")
        problem, = caught.exception.diagnostics
        self.assertEqual((Path(problem.file).name, problem.line), ("model.mlir", 2))

    def test_operator(self):
        model = relu([3])
        model.graph.node[0].op_type = "Rellu"
        with self.assertRaises(sepconv.CompileError) as caught:
            sepconv.compile(model)
        self.assertSays(caught.exception, "ONNX model 'relu'", "Rellu")
        self.assertNotIn(tempfile.gettempdir(), str(caught.exception))

    def test_options(self):
        with self.assertRaises(sepconv.CompileError) as caught:
            sepconv.compile(DIGITS, "z80")
        problem, = caught.exception.diagnostics
        self.assertIn("unknown target 'z80'", problem.message)
        self.assertIn("x86-64-v3", problem.expected)
        with self.assertRaises(sepconv.CompileError) as caught:
            sepconv.compile(DIGITS, batch=0)
        self.assertEqual(caught.exception.diagnostics[0].argument, "--batch")
        with self.assertRaises(TypeError) as caught:
            sepconv.compile(DIGITS, options="--with=selftest")
        self.assertSays(caught.exception, "options: expected a list of texts, found the text '--with=selftest'")

    def test_no_compiler(self):
        code = "import sepconv; sepconv.compile('x.keras')"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False,
                              env={"PYTHONPATH": str(ROOT / "python"), "PATH": "/nonexistent"})
        self.assertIn("expected SEPCONV_HOME to name a build or an installed tree", done.stderr)

    def test_fields(self):
        text = "model.keras: layer 'a' (Conv2D): argument 'padding': expected 'same' or 'valid', found 'full'"
        problem = sepconv.Diagnostic(text)
        self.assertEqual((problem.layer, problem.argument, problem.expected, problem.found),
                         ("a", "padding", "'same' or 'valid'", "'full'"))
        self.assertIsNone(sepconv.Diagnostic("no such thing").expected)


class Version(Case):
    def test_version(self):
        """The package's is the compiler's."""
        said = subprocess.run([_tools.executable("sepconv-compile"), "--version"], capture_output=True, text=True,
                              check=True).stdout
        self.assertIn(f"sepconv {sepconv.__version__} ", said)


class Interruption(Case):
    def test_progress(self):
        steps = []
        sepconv.compile(DIGITS, progress=lambda *step: steps.append(step))
        self.assertEqual([step[0] for step in steps], list(range(1, 8)))
        self.assertEqual((steps[0], steps[-1]), ((1, 7, "import"), (7, 7, "code")))

    def test_control_c(self):
        """The compiler ends, and no folder stays behind."""
        # A background job of a shell ignores the signal.
        self.addCleanup(signal.signal, signal.SIGINT, signal.signal(signal.SIGINT, signal.default_int_handler))
        interrupt = threading.Timer(0.3, lambda: os.kill(os.getpid(), signal.SIGINT))
        with mock.patch.object(tempfile, "tempdir", str(self.folder)):
            with self.assertRaises(KeyboardInterrupt):
                interrupt.start()
                while True:
                    sepconv.compile(DIGITS)
        time.sleep(0.1)
        children = Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii").split()
        names = [Path(f"/proc/{child}/comm").read_text(encoding="utf-8") for child in children]
        self.assertNotIn("sepconv", " ".join(names))
        self.assertEqual(list(self.folder.iterdir()), [])


class Cache(Case):
    def setUp(self):
        super().setUp()
        self.enterContext(mock.patch.dict(os.environ, SEPCONV_CACHE=str(self.folder)))

    def compiled(self, text):
        """Whether the compiler ran."""
        with mock.patch("sepconv._compile.run_compiler", wraps=sepconv._compile.run_compiler) as run:
            module = sepconv.compile(text, cache=True)
        self.assertEqual(module(np.ones(4, np.float32))[0], 2)
        return run.called

    def test_second_time(self):
        text = DOUBLE.format("4xf32")
        self.assertTrue(self.compiled(text))
        self.assertFalse(self.compiled(text))
        self.assertTrue(self.compiled(text + "\n"))

    def test_damage(self):
        text = DOUBLE.format("4xf32")
        self.compiled(text)
        library, = self.folder.glob("*/*.so")
        library.write_bytes(library.read_bytes()[:100])
        self.assertTrue(self.compiled(text))
        self.assertFalse(self.compiled(text))

    def test_no_folder(self):
        (self.folder / "file").touch()
        with mock.patch.dict(os.environ, SEPCONV_CACHE=str(self.folder / "file")):
            with self.assertRaises(sepconv.SepconvError) as caught:
                sepconv.compile(DOUBLE.format("4xf32"), cache=True)
        self.assertSays(caught.exception, f"cannot write to the cache '{self.folder}/file'", "SEPCONV_CACHE names")

    def test_limit(self):
        def fill(folder):
            (folder / "content").write_bytes(bytes(1000))
        with mock.patch.dict(os.environ, SEPCONV_CACHE_BYTES="3500"):
            for name in "abcd":
                output = self.folder / f"tmp-{name}"
                output.mkdir()
                _cache.get(name, fill, output)
                os.utime(self.folder / name, (ord(name), ord(name)))
        self.assertEqual(sorted(path.name for path in self.folder.iterdir() if len(path.name) == 1), ["b", "c", "d"])

    def test_processes(self):
        """Many at once make one entry, and nothing else stays."""
        code = ("import numpy, sepconv, sys; x = numpy.ones(4, 'float32')\n"
                "assert sepconv.compile(sys.argv[1], cache=True)(x)[0] == 2")
        processes = [subprocess.Popen([sys.executable, "-c", code, DOUBLE.format("4xf32")]) for _ in range(4)]
        self.assertEqual([process.wait() for process in processes], [0] * 4)
        self.assertEqual(len(list(self.folder.iterdir())), 1)
