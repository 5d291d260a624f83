"""Tests of sepconv.Module: calls, arrays, threads, and products on disk."""

import copy
import gc
import os
import pickle
import threading
import time
import timeit

import numpy as np

import sepconv
from sepconv._ports import to_array
from support import DIGITS, DOUBLE, Case, digits, golden, KERAS_CASES


class OnlyDlpack:
    """An array of another library, which NumPy knows by DLPack only."""

    def __init__(self, array):
        self._array = array

    def __dlpack__(self, **options):
        return self._array.__dlpack__(**options)

    def __dlpack_device__(self):
        return self._array.__dlpack_device__()


class Calls(Case):
    @classmethod
    def setUpClass(cls):
        cls.module = sepconv.compile(DIGITS)
        cls.image, cls.expected = digits()

    def test_call(self):
        self.assertClose(self.module(self.image), self.expected)
        self.assertClose(self.module.run({"input": self.image})["output"], self.expected)

    def test_description(self):
        self.assertEqual(str(self.module.inputs[0]), "input: float32[1, 8, 8, 1]")
        self.assertEqual(self.module.outputs[0].shape, (1, 10))
        kernel = next(kernel for kernel in self.module.kernels if kernel.operations == ("depthwise", "pointwise"))
        self.assertEqual(kernel.layers, ("separable_conv2d_3", "batch_normalization_4", "re_lu_4"))
        self.assertIn("digits", repr(self.module))
        report = self.module.report()
        self.assertIn("input: float32[1, 8, 8, 1]", str(report))
        self.assertIn(f"<td>{kernel.name}</td>", report._repr_html_())
        self.assertIn("separable_conv2d_3", report.html())

    def test_arrays_are_not_copied(self):
        port = self.module.inputs[0]
        self.assertIs(to_array(self.image, port), self.image)
        self.assertTrue(np.shares_memory(to_array(OnlyDlpack(self.image), port), self.image))
        self.assertFalse(np.shares_memory(to_array(self.image[:, ::-1], port), self.image))

    def test_kinds_of_arrays(self):
        expected = self.module(self.image)
        wide = np.zeros((1, 8, 8, 2), np.float32)
        wide[..., :1] = self.image
        unaligned = np.frombuffer(b"-" + self.image.tobytes(), np.uint8)[1:].view(np.float32).reshape(1, 8, 8, 1)
        read_only = self.image.copy()
        read_only.flags.writeable = False
        for array in (OnlyDlpack(self.image), wide[..., :1], unaligned, read_only):
            np.testing.assert_array_equal(self.module(array), expected)

    def test_out(self):
        out = np.empty((1, 10), np.float32)
        self.assertIs(self.module(self.image, out=out), out)
        self.assertClose(out, self.expected)
        named = self.module.run({"input": self.image}, out={"output": out})
        self.assertIs(named["output"], out)

    def test_wrong_arguments(self):
        for error, call, *texts in (
                (TypeError, lambda: self.module(), "expected 1 array, found 0", "input: float32[1, 8, 8, 1]"),
                (TypeError, lambda: self.module([1.0]), "'input'", "__dlpack__", "found list"),
                (ValueError, lambda: self.module(self.image.astype(np.float64)),
                 "'input': expected float32[1, 8, 8, 1], found float64[1, 8, 8, 1]"),
                (ValueError, lambda: self.module(self.image[:, :4]), "found float32[1, 4, 8, 1]"),
                (ValueError, lambda: self.module(self.image[0]), "found float32[8, 8, 1]"),
                (ValueError, lambda: self.module.run({"image": self.image}), "['input']", "['image']"),
                (ValueError, lambda: self.module(self.image, out=np.empty(10, np.float32)), "out", "float32[10]"),
                (ValueError, lambda: self.module(self.image, out=[]), "out: expected 1 array, found 0"),
                (ValueError, lambda: self.module.run({"input": self.image}, out={}), "['output']")):
            with self.assertRaises(error) as caught:
                call()
            self.assertSays(caught.exception, *texts)

    def test_out_must_not_overlap(self):
        module = sepconv.compile(DOUBLE.format("4xf32"))
        x = np.ones(4, np.float32)
        with self.assertRaises(ValueError) as caught:
            module(x, out=x)
        self.assertSays(caught.exception, "overlaps an input")

    def test_four_threads(self):
        images, _ = digits(64)
        expected = [self.module(image[None]) for image in images]
        wrong = []

        def work():
            for _ in range(20):
                for image, result in zip(images, expected):
                    if not np.array_equal(self.module(image[None]), result):
                        wrong.append(image)
        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(wrong, [])

    def test_cost_of_a_call(self):
        """Below 10 us on the machines that were measured; others, and busy ones, may take twice as long."""
        module = sepconv.compile(DOUBLE.format("4xf32"))
        x, out = np.ones(4, np.float32), np.empty(4, np.float32)
        for what, call in (("new output", lambda: module(x)), ("given output", lambda: module(x, out=out))):
            cost = 1e3 * min(timeit.repeat(call, timer=time.process_time, number=1000, repeat=10))
            print(f"\na call costs {cost:.1f} us, {what}")
            self.assertLess(cost, 20)


class Products(Case):
    def test_save_load_and_pickle(self):
        module = sepconv.compile(DOUBLE.format("4xf32"), name="net")
        module.save(self.folder / "out")
        names = sorted(path.name for path in (self.folder / "out").iterdir())
        self.assertEqual(names, ["libnet.a", "libnet.so", "net.h", "net.html", "net.json", "net.o"])
        for other in (sepconv.load(self.folder / "out"), pickle.loads(pickle.dumps(module)), copy.copy(module)):
            self.assertEqual(other(np.ones(4, np.float32))[0], 2)
        with self.assertRaises(sepconv.SepconvError) as caught:
            sepconv.load(self.folder)
        self.assertSays(caught.exception, "has 0 products")
        with self.assertRaises(sepconv.SepconvError) as caught:
            sepconv.load(self.folder / "none")
        self.assertSays(caught.exception, "there is no folder")
        for threads, text in ((0, "expected at least 1"), (2, "was not compiled for threads")):
            with self.assertRaises(ValueError) as caught:
                sepconv.load(self.folder / "out", threads=threads)
            self.assertSays(caught.exception, f"threads={threads}", text)

    def test_nothing_stays(self):
        module = sepconv.compile(DOUBLE.format("4xf32"), name="net")
        folder = module.folder
        module(np.ones(4, np.float32))
        library = str(folder / "libnet.so")
        with open("/proc/self/maps", encoding="utf-8") as maps:
            self.assertIn(library, maps.read())
        del module
        gc.collect()
        self.assertFalse(folder.exists())
        with open("/proc/self/maps", encoding="utf-8") as maps:
            self.assertNotIn(library, maps.read())

    def test_damaged_library(self):
        one, other = (sepconv.compile(DOUBLE.format(f"{size}xf32"), name="net") for size in (4, 5))
        one.save(self.folder)
        path = self.folder / "libnet.so"
        for content, text in ((b"no library", "cannot load"), ((other.folder / path.name).read_bytes(),
                                                               "is not the library that 'net.json' beside it")):
            path.unlink()
            path.write_bytes(content)
            with self.assertRaises(sepconv.SepconvError) as caught:
                sepconv.load(self.folder)(np.ones(4, np.float32))
            self.assertSays(caught.exception, text, "libnet.so")

    def test_weights_in_a_file(self):
        module = sepconv.compile(DIGITS, weights="file")
        image, expected = digits()
        self.assertClose(module(image), expected)
        module.save(self.folder)
        path = self.folder / "digits.weights"
        path.write_bytes(path.read_bytes()[:-1])
        with self.assertRaises(sepconv.SepconvError) as caught:
            sepconv.load(self.folder)(image)
        self.assertSays(caught.exception, "digits.weights", "bytes, expected")

    def test_weights_as_arguments(self):
        module = sepconv.compile(DIGITS, weights="arguments", options=["--with=init"])
        weights = [np.zeros(port.shape, port.dtype) for port in module.weights]
        probabilities = module(digits()[0], *weights)
        self.assertClose(probabilities, np.full((1, 10), 0.1))

    def test_dynamic_batch_and_sizes(self):
        images, expected = digits(5)
        module = sepconv.compile(DIGITS, batch="dynamic", threads=2)
        self.assertClose(module(images), expected)
        self.assertEqual(module(images[:0]).shape, (0, 10))
        inputs, outputs = golden("mobilenet_block")
        self.assertClose(sepconv.compile(KERAS_CASES / "mobilenet_block.keras", batch=2)(*inputs), outputs[0])

    def test_threads(self):
        images, _ = digits(64)
        one, two = (sepconv.compile(DIGITS, batch=64, threads=threads) for threads in (1, 2))
        np.testing.assert_array_equal(one(images), two(images))
        child = os.fork()
        if not child:  # it has none of the parent's threads
            os._exit(0 if np.array_equal(two(images), one(images)) else 1)
        self.assertEqual(os.waitpid(child, 0)[1], 0)
        with self.assertRaises(ValueError) as caught:
            sepconv.load(one.folder, threads=2)
        self.assertSays(caught.exception, "threads=2", "compiled for threads")
