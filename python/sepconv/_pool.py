"""Threads for products that are compiled with threads: pthreadpool's, which run without Python."""

from __future__ import annotations

import ctypes
import os
import weakref

from ._errors import SepconvError
from ._tools import home

_pools: weakref.WeakSet[Pool] = weakref.WeakSet()


class Pool:
    """A parallel-for of so many threads, the caller among them. Calls from several threads wait for each other."""

    def __init__(self, threads: int) -> None:
        self.threads = threads
        self._library = _load()
        self.function = ctypes.cast(self._library.sepconv_threads_for, ctypes.c_void_p)
        self.handle = ctypes.c_void_p()  # an argument of every call, so that it stays the same object
        self._start()
        _pools.add(self)

    def _start(self) -> None:
        self.handle.value = self._library.sepconv_threads_create(ctypes.c_size_t(self.threads))
        if not self.handle:
            raise SepconvError(f"cannot start {self.threads} threads")
        destroy = self._library.sepconv_threads_destroy
        self._end = weakref.finalize(self, destroy, ctypes.c_void_p(self.handle.value))
        self._end.atexit = False  # the process takes them with it

    def after_fork(self) -> None:
        """A child process has none of its parent's threads."""
        self._end.detach()
        self._start()


def _load() -> ctypes.CDLL:
    path = home() / "lib" / "libsepconv_threads.so"
    try:
        library = ctypes.CDLL(str(path))
    except OSError as error:
        raise SepconvError(f"cannot load '{path}': {error}") from error
    library.sepconv_threads_create.restype = ctypes.c_void_p
    library.sepconv_threads_destroy.restype = None
    return library


def _after_fork() -> None:
    for pool in list(_pools):
        pool.after_fork()


os.register_at_fork(after_in_child=_after_fork)
