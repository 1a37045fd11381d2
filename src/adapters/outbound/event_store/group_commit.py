"""One thread that writes: what has queued up meanwhile goes into one transaction."""

import queue
import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")

BATCH = 500
"""Most items taken at once: bounds the time that one transaction holds the database."""


class GroupCommitThread(Generic[T]):
    """Hands queued items to `write`, in order, as many at once as there are; `write` must not raise."""

    def __init__(self, write: Callable[[Sequence[T]], None]) -> None:
        self._write = write
        self._queue: queue.SimpleQueue[T | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closed = False

    def put(self, item: T) -> bool:
        """Queue an item; False when the thread was closed."""
        with self._lock:
            if self._closed:
                return False
            self._queue.put(item)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="event-log-writer", daemon=True)
                self._thread.start()
            return True

    def close(self) -> None:
        """Take no more items and wait until the queued ones are written; safe to repeat."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._queue.put(None)
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while (first := self._queue.get()) is not None:
            batch, ended = self._drain(first)
            self._write(batch)
            if ended:
                return

    def _drain(self, first: T) -> tuple[list[T], bool]:
        batch = [first]
        while len(batch) < BATCH:
            try:
                item = self._queue.get_nowait()
            except queue.Empty:
                break
            if item is None:
                return batch, True
            batch.append(item)
        return batch, False
