"""A client of `azdo-bot serve`: JSON-RPC 2.0, one message per line, one request at a time.

Robot Framework runs one keyword at a time and interrupts it with a signal (a timeout, Ctrl-C), whose exception may
occur between any two steps here. Comments explain how both sides stay in step.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, Callable

from .binary import find

PROTOCOL = 1
_SECONDS_TO_CANCEL = 5
_SECONDS_TO_END = 5
# A pipe accepts a write of at most this many bytes atomically, on all supported systems.
_WHOLE_WRITE = 512 if sys.platform == "win32" else 4096
_READ = 1 << 16
_PARSE_ERROR = -32700


def _ignore(_: str) -> None:
    """Ignores the text"""


class ActionError(Exception):
    """An action failed: the message begins with the code and ends with the help"""

    ROBOT_SUPPRESS_NAME = True

    def __init__(self, error: dict[str, Any]):
        data = error.get("data") or {}
        # A request is unreadable only because of its inputs: too long, or with half of a surrogate pair.
        unread = error.get("code") == _PARSE_ERROR
        self.code: str = data.get("code") or ("input.invalid" if unread else "internal")
        self.retry: str = data.get("retry", "never")
        self.operation: str | None = data.get("operation")
        self.context: dict[str, str] = data.get("context") or {}
        self.help: str = data.get("help", "")
        message = f"{self.code}: {data.get('message') or error.get('message')}"
        super().__init__(f"{message}\n{self.help}".rstrip())


class ServeEnded(Exception):
    """The process has ended, and its sessions with it"""

    ROBOT_SUPPRESS_NAME = True


class Serve:
    """A process of `azdo-bot serve`, which holds the sessions of this execution"""

    def __init__(self, *, version: str, simulate: bool, folder: str | None = None):
        self.simulate = simulate
        command = [find(), "serve"]
        if folder:
            # `robot` creates it with its first file, which may not exist with `--output NONE`.
            _create_folder(Path(folder))
            command += ["--folder", folder]
        if simulate:
            command.append("--simulate")
        # The environment names the operator's file; a suite cannot.
        config = os.environ.get("AZDO_BOT_CONFIG")
        if config:
            command += ["--config", config]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0, **_out_of_reach_of_ctrl_c()
        )
        self._input = self._process.stdin.fileno()
        self._output = self._process.stdout.fileno()
        self._received = bytearray()
        self._last_id = 0
        self._turn = threading.Lock()
        try:
            self.call(
                "initialize",
                {
                    "protocol": {"min": PROTOCOL, "max": PROTOCOL},
                    "host": {"name": "Robot Framework", "version": version},
                    "capabilities": {},
                },
            )
        except BaseException:
            self.end()
            raise

    @property
    def ended(self) -> bool:
        """Whether the process has ended"""
        return self._process.stdin.closed or self._process.poll() is not None

    def call(
        self,
        method: str,
        params: dict[str, Any],
        on_progress: Callable[[str], None] = _ignore,
        on_interrupted: Callable[[str], None] = _ignore,
    ) -> Any:
        """Sends a request and waits for its response

        Raises `ActionError` for an error response, `ServeEnded` if the process has ended. Any other exception is an
        interruption: the request is cancelled, and `on_interrupted` gets its outcome.
        """
        with self._turn:
            self._last_id += 1
            request = {"jsonrpc": "2.0", "id": self._last_id, "method": method, "params": params}
            line = _line(request)
            try:
                self._send(line)
                return self._response(self._last_id, on_progress)
            except (ActionError, ServeEnded):
                raise
            except BaseException:
                on_interrupted(self._cancel(self._last_id))
                raise

    def end(self) -> None:
        """Closes the input, which ends every bot run and the process; harmless when it has ended"""
        self._process.stdin.close()
        try:
            self._process.wait(_SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()

    def _send(self, line: bytes) -> None:
        if self._process.stdin.closed:
            raise self._gone()
        try:
            left = memoryview(line)
            while left:
                left = left[os.write(self._input, left) :]
        except OSError as error:
            raise self._gone() from error
        except BaseException:
            # It is unknown how much of a long line was sent, and the next line would be read as its rest.
            if len(line) > _WHOLE_WRITE:
                self._process.kill()
            raise

    def _response(self, wanted: int, on_progress: Callable[[str], None]) -> Any:
        while True:
            message = self._message()
            if message is None:
                continue
            if message.get("method") == "$/progress":
                params = message["params"]
                if params["id"] == wanted:
                    on_progress(params["message"])
            # Only one request is in flight, so a response without an id is for it: the request could not be read.
            elif message.get("id") in (wanted, None) and "error" in message:
                raise ActionError(message["error"])
            elif message.get("id") == wanted:
                return message["result"]

    def _message(self) -> dict[str, Any] | None:
        """The next message; none for a line that an interruption truncated

        An interruption can lose the bytes of one read, all of which belong to the interrupted request. The rest of a
        truncated line is never valid JSON, since its brackets do not match.
        """
        while (end := self._received.find(b"\n")) < 0:
            chunk = os.read(self._output, _READ)
            if not chunk:
                raise self._gone()
            self._received += chunk
        line = self._received[:end]
        del self._received[: end + 1]
        try:
            message = json.loads(line.decode())
        except ValueError:
            return None
        return message if isinstance(message, dict) else None

    def _cancel(self, request: int) -> str:
        """Cancels a request and returns its outcome as a text"""
        watchdog = threading.Timer(_SECONDS_TO_CANCEL, self._process.kill)
        watchdog.daemon = True
        watchdog.start()
        try:
            self._send(_line({"jsonrpc": "2.0", "method": "$/cancel", "params": {"id": request}}))
            self._response(request, _ignore)
            return "it was carried out nevertheless"
        except (ActionError, ServeEnded) as outcome:
            return str(outcome)
        finally:
            watchdog.cancel()

    def _gone(self) -> ServeEnded:
        try:
            code = self._process.wait(1)
        except subprocess.TimeoutExpired:
            code = None
        return ServeEnded(
            f"azdo-bot has ended (exit code {code}), and all sessions with it. Connect again; its log is "
            "on standard error."
        )


_encode = json.JSONEncoder(allow_nan=False, separators=(",", ":")).encode


def _line(message: dict[str, Any]) -> bytes:
    return _encode(message).encode() + b"\n"


def _create_folder(folder: Path) -> None:
    """Creates a folder and those above it for this user only, whatever the umask is"""
    for one in (*reversed(folder.parents), folder):
        one.mkdir(mode=0o700, exist_ok=True)


def _out_of_reach_of_ctrl_c() -> dict[str, Any]:
    """Ctrl-C is for Robot Framework, whose teardowns still need the sessions; the end of input ends the process"""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}
