"""Tells whoever connects when the notebook has ended: from then on its port may be another account's."""

import contextlib
import os
import select
import socket
import threading
import time

from . import relay


class Alive:
    """Takes connections in the folder and holds them open, without a word, until `end` or its own end."""

    def __init__(self, folder: str) -> None:
        self._lock = threading.Lock()
        self._ended = False
        self._held = {}  # type: dict[int, socket.socket]
        self._poll = select.poll()
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.setblocking(False)
        self._listener.bind(os.path.join(folder, relay.ALIVE))
        self._listener.listen(128)
        self._poll.register(self._listener, select.POLLIN)
        threading.Thread(target=self._serve, daemon=True).start()

    def end(self) -> None:
        """Hang up on everybody, and take nobody any more."""
        with self._lock:
            self._ended = True
            for each in (self._listener, *self._held.values()):
                # closing alone does not wake who waits for it
                with contextlib.suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)
                each.close()

    def _serve(self) -> None:
        while True:
            ready = {number for number, _ in self._poll.poll()}
            try:
                with self._lock:
                    if self._ended:
                        return
                    for number in ready & set(self._held):
                        self._poll.unregister(number)
                        self._held.pop(number).close()
                    if self._listener.fileno() in ready:
                        self._take()
            except OSError:
                # such as too many open files
                time.sleep(0.1)

    def _take(self) -> None:
        taken, _ = self._listener.accept()
        self._held[taken.fileno()] = taken
        # of what they send nothing is read: only that they are gone is of interest
        self._poll.register(taken, 0)
