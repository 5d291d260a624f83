"""A compiled model as a shared library, called through ctypes. Standard library only."""

import ctypes
import json
import struct
import threading

import npy
from checking import Failure

GUARD = 64
TASK = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_size_t)
PARALLEL_FOR = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_size_t, TASK, ctypes.c_void_p)


class Buffer:
    """Aligned memory between two guards; `fill` is what it holds before the call."""

    def __init__(self, size, alignment, fill=0xFF):
        self.size = size
        self.memory = ctypes.create_string_buffer(b"", size + 2 * GUARD + alignment)
        base = ctypes.addressof(self.memory)
        self.address = -(-(base + GUARD) // alignment) * alignment
        ctypes.memset(base, 0xA5, len(self.memory))
        ctypes.memset(self.address, fill, size)

    @classmethod
    def of(cls, content, alignment):
        buffer = cls(len(content), alignment)
        ctypes.memmove(buffer.address, bytes(content), len(content))
        return buffer

    def content(self):
        return ctypes.string_at(self.address, self.size)

    def arguments(self):
        return [ctypes.c_void_p(self.address), ctypes.c_size_t(self.size)]

    def check(self, what):
        guards = ctypes.string_at(self.address - GUARD, GUARD) + ctypes.string_at(
            self.address + self.size, GUARD
        )
        if guards != b"\xa5" * (2 * GUARD):
            raise Failure(f"wrote outside of {what}")


def make_pool(threads):
    """A parallel-for over Python threads; index i is done by thread i % threads."""

    def work(count, task, context, first):
        for index in range(first, count, threads):
            task(context, index)

    def parallel_for(_pool, count, task, context):
        workers = [
            threading.Thread(target=work, args=(count, task, context, t)) for t in range(threads)
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()

    function = PARALLEL_FOR(parallel_for)
    function.threads = threads
    return function


def structure(buffers):
    """The argument for buffers that are members of a structure: its address, and what must live as long."""
    words = [word or 0 for buffer in buffers for word in (buffer.address, buffer.size)]
    return (ctypes.c_size_t * len(words))(*words)


def element_bytes(port):
    return struct.calcsize(npy.DTYPES[port["dtype"]][1])


class Product:
    def __init__(self, path, name):
        self.library = ctypes.CDLL(path)
        self.run_function = getattr(self.library, name + "_run")
        self.run_function.restype = ctypes.c_int
        self.status_message = getattr(self.library, name + "_status_message")
        self.status_message.restype = ctypes.c_char_p
        description = getattr(self.library, name + "_description")
        description.restype = ctypes.c_char_p
        self.description = json.loads(description().decode())
        self.weights = []  # the arguments for the weights, if it has some
        self.keep = []  # what they point to

    def use_weights_file(self, path):
        with open(path, "rb") as file:
            buffer = Buffer.of(file.read(), 64)
        self.keep.append(buffer)
        self.weights = buffer.arguments()

    def use_weight_arguments(self, path):
        values = npy.read_npz(path)
        for weight in self.description["weights"]["arguments"]:
            content = values[weight["name"].replace("/", "|")].data.tobytes()
            if len(content) != weight["bytes"]:
                raise Failure(f"weight {weight['name']}: expected {weight['bytes']} bytes, found {len(content)}")
            self.keep.append(Buffer.of(content, element_bytes(weight)))
        self.weights = [structure(self.keep)] if self.keep else []

    def run(self, inputs, fill=0xFF, pool=None, batch=1):
        """The outputs, as bytes, for inputs given as bytes; the batch matters if it is dynamic."""
        described = self.description
        images = [ctypes.c_size_t(batch)] if described.get("batch", 1) is None else []
        sources = [
            Buffer.of(content, element_bytes(port))
            for content, port in zip(inputs, described["inputs"], strict=True)
        ]
        results = [
            Buffer(port["bytes"] * (batch if images else 1), element_bytes(port))
            for port in described["outputs"]
        ]
        about = described["workspace"]
        slots = (pool.threads - 1) * about["thread_bytes"] if pool else 0
        workspace = Buffer(
            about["bytes"] + slots, about["alignment"], fill
        )
        buffers = sum((buffer.arguments() for buffer in sources + results), [])
        by_file = described["weights"]["mode"] == "file"
        arguments = images + buffers + ([] if by_file else self.weights) + workspace.arguments()
        arguments += self.weights if by_file else []
        if described["threads"] == "callback":
            arguments += [pool or ctypes.cast(None, PARALLEL_FOR), ctypes.c_void_p(None)]
        status = self.run_function(*arguments)
        if status:
            raise Failure(f"status {status}: {self.status_message(status).decode()}")
        for content, buffer in zip(inputs, sources):
            buffer.check("an input")
            if content != buffer.content():
                raise Failure("wrote into an input")
        for buffer in results:
            buffer.check("an output")
        workspace.check("the workspace")
        return [buffer.content() for buffer in results]
