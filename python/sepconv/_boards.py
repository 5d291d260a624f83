"""Where a tuner measures: in this process, or on boards that Ray reaches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from ._errors import SepconvError
from ._measure import Board, Product

Measurement = tuple[str, Product, Product, float, int]  # the arguments of Board.measure
Results = Iterator[tuple[int, "dict[str, float] | SepconvError"]]


class Boards(Protocol):
    """Gives each result with the number of its measurement; in any order."""

    size: int  # how many measure at the same time

    def map(self, measurements: Sequence[Measurement]) -> Results: ...


class LocalBoard:
    """This machine."""

    size = 1

    def __init__(self, threads: int) -> None:
        self._board = Board(threads)

    def map(self, measurements: Sequence[Measurement]) -> Results:
        for job, measurement in enumerate(measurements):
            try:
                yield job, self._board.measure(*measurement)
            except SepconvError as error:
                yield job, error


class RayBoards:
    """An actor for each board, which measures one job at a time. A job whose board dies is measured by another one."""

    def __init__(self, threads: int, workers: int, address: str | None) -> None:
        """`address` is that of a Ray cluster; without one, processes of this machine are the boards."""
        try:
            import ray  # type: ignore[import-not-found,unused-ignore]
        except ImportError as error:
            raise SepconvError("--workers needs Ray; install it with `pip install ray`") from error
        self._ray = ray
        ray.init(address=address, log_to_driver=False, include_dashboard=False, ignore_reinit_error=True)
        self._threads, self.size = threads, workers
        self._actors = [self._new_actor() for _ in range(workers)]

    def _new_actor(self) -> Any:
        return self._ray.remote(num_cpus=self._threads)(Board).remote(self._threads)

    def map(self, measurements: Sequence[Measurement]) -> Results:
        waiting, idle = list(range(len(measurements))), list(self._actors)
        running: dict[Any, tuple[int, Any]] = {}
        while waiting or running:
            while waiting and idle:
                job, actor = waiting.pop(0), idle.pop()
                running[actor.measure.remote(*measurements[job])] = (job, actor)
            done, _ = self._ray.wait(list(running))
            job, actor = running.pop(done[0])
            try:
                result: dict[str, float] | SepconvError = self._ray.get(done[0])
            except self._ray.exceptions.RayActorError:
                waiting.insert(0, job)
                self._actors.remove(actor)
                self._actors.append(actor := self._new_actor())
                idle.append(actor)
                continue
            except self._ray.exceptions.RayTaskError as error:
                result = SepconvError(str(error.cause))
            idle.append(actor)
            yield job, result
