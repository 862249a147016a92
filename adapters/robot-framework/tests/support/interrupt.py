"""Listener that sends a signal to its own process group when a keyword waits for a response of the program.

A thread watches the main thread and sends the signal, so that it arrives like a signal of a terminal.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from typing import Any


class interrupt:  # noqa: N801 - Robot Framework finds a listener by the name of its file
    ROBOT_LISTENER_API_VERSION = 3

    def __init__(self, name: str):
        self._signal = signal.Signals[name]
        self._waiting = False

    def log_message(self, message: Any) -> None:
        if message.message.startswith("pipeline run") and not self._waiting:
            self._waiting = True
            threading.Thread(target=self._interrupt, args=(threading.get_ident(),), daemon=True).start()

    def _interrupt(self, main: int) -> None:
        while sys._current_frames()[main].f_code.co_name != "_message":
            pass
        os.killpg(0, self._signal)
