"""The server over HTTP for the tests of this folder, and a way to it for clients that send no bearer token."""

import contextlib
import os
import secrets
import socket
import subprocess
import threading
from collections.abc import Iterator

PROGRAM = os.environ["AZDO_BOT"]
CONNECTION = {
    "organizationUrl": "https://dev.azure.com/fabrikam",
    "projectName": "Fabrikam",
    "personalAccessToken": "env:AZDO_PAT",
}


@contextlib.contextmanager
def serving(*arguments: str) -> Iterator[tuple[str, str]]:
    """Starts the server over HTTP, and returns its URL and its bearer token"""
    token = secrets.token_urlsafe(32)
    command = [PROGRAM, "mcp", "--simulate", "--http", "0", "--bearer", "env:BEARER", *arguments]
    environment = {**os.environ, "BEARER": token}
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as server:
        try:
            yield next(line.split(" is at ")[1].strip() for line in server.stderr if " is at " in line), token
        finally:
            server.terminate()


class WithToken:
    """A server that passes each request on with the token, and with the `Host` that the client means

    A request that names another host keeps it, so that the check of the host is that of the server behind.
    """

    def __init__(self, url: str, token: str) -> None:
        self._port = int(url.removesuffix("/mcp").rsplit(":", 1)[1])
        self._token = token
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._own = self._listener.getsockname()[1]
        self.url = f"http://localhost:{self._own}/mcp"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._pass_on, args=(client,), daemon=True).start()

    def _pass_on(self, client: socket.socket) -> None:
        with client, contextlib.suppress(OSError):
            head = b""
            while b"\r\n\r\n" not in head:
                part = client.recv(65536)
                if not part:
                    return
                head += part
            head, _, body = head.partition(b"\r\n\r\n")
            first, *lines = head.decode("latin-1").split("\r\n")
            lines = [line for line in lines if not line.lower().startswith(("connection:", "authorization:"))]
            lines = [line.replace(f":{self._own}", f":{self._port}") if line.lower().startswith("host:") else line for line in lines]
            lines += ["Connection: close", f"Authorization: Bearer {self._token}"]
            with socket.create_connection(("127.0.0.1", self._port)) as server:
                server.sendall("\r\n".join([first, *lines]).encode("latin-1") + b"\r\n\r\n" + body)
                threading.Thread(target=self._copy, args=(client, server), daemon=True).start()
                self._copy(server, client)

    @staticmethod
    def _copy(source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while part := source.recv(65536):
                target.sendall(part)
