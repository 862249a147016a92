"""The programs that are measured: how each is started, connects, and lists the repositories of a project."""

import json
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from compare import PROGRAM, other

HERE = Path(__file__).parent
INSTALLED = HERE.parents[1] / "target/test-clients"
PROJECT, LAST = "Fabrikam", "repository-11"


# What this process may use, where the system says so
PROCESSORS = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []


def stay_on(number: int) -> None:
    """Keeps this process, and what it starts from now on, on one processor: 0 is the first, -1 the last"""
    if PROCESSORS:
        os.sched_setaffinity(0, {PROCESSORS[number]})


class Process:
    """A process on the processor of clients, from its start until its last answer"""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        # A new process inherits the processor; the simulator and this process have the first one.
        stay_on(-1)
        self.started = time.perf_counter()
        self._process = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
        )
        stay_on(0)
        self._output = os.fdopen(os.dup(self._process.stdout.fileno()), "rb", 1 << 20)

    def write(self, line: bytes) -> None:
        self._process.stdin.write(line)

    def read(self) -> bytes:
        line = self._output.readline()
        if not line:
            raise SystemExit(f"{self._process.args[0]} has ended: {self._process.wait()}")
        return line

    def rest(self) -> str:
        """Returns the whole output of a process that ends by itself, when it has ended"""
        with self._process.stdout:
            text = self._output.read().decode()
        assert self._process.wait() == 0, text
        return text

    def peak(self) -> float | None:
        """Returns the peak memory until now, in MiB; nothing when it has ended"""
        status = Path(f"/proc/{self._process.pid}/status").read_text() if self._process.poll() is None else ""
        return next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM:")), None)

    def end(self) -> None:
        self._process.stdin.close()
        try:
            self._process.wait(2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()
        self._output.close()


class Library:
    """A process with a library, which measures itself: `connected`, then an answer to each line"""

    def __init__(self, command: list[str], url: str, token: str, **environment: str) -> None:
        known = {"CLIENT_URL": url, "CLIENT_TOKEN": token, "CLIENT_PROJECT": PROJECT, "CLIENT_LAST": LAST}
        self.process = Process(command, {**os.environ, **known, **environment})
        assert self.process.read() == b"connected\n"
        self.cold = time.perf_counter() - self.process.started

    def warm(self, calls: int) -> float:
        return self._ask("warm", calls)

    def flight(self, calls: int, width: int) -> float:
        return self._ask("flight", calls, width)

    def _ask(self, *words: object) -> float:
        self.process.write(" ".join(map(str, words)).encode() + b"\n")
        return float(self.process.read())

    def end(self) -> None:
        self.process.end()


class Lines:
    """A process that answers lines of JSON-RPC, measured from outside"""

    # The method and the parameters of *List repositories*
    listing: tuple[str, dict]

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self.process = Process(command, environment)
        self._asked = 0

    def ask(self, method: str, params: dict) -> dict:
        self.process.write(self._line(method, params))
        while True:
            message = json.loads(self.process.read())
            if message.get("id") == self._asked:
                assert not message.get("error") and not message["result"].get("isError"), message
                return message["result"]

    def warm(self, calls: int) -> float:
        times = []
        for _ in range(calls):
            at = time.perf_counter()
            self.ask(*self.listing)
            times.append(time.perf_counter() - at)
        return statistics.median(times)

    def flight(self, calls: int, width: int) -> float:
        lines = [self._line(*self.listing) for _ in range(calls)]
        last = LAST.encode()
        at = time.perf_counter()
        self.process.write(b"".join(lines[:width]))
        for answered in range(calls):
            line = self.process.read()
            assert last in line, line[:400]
            if answered + width < calls:
                self.process.write(lines[answered + width])
        return time.perf_counter() - at

    def end(self) -> None:
        self.process.end()

    def _line(self, method: str, params: dict) -> bytes:
        self._asked += 1
        return json.dumps({"jsonrpc": "2.0", "id": self._asked, "method": method, "params": params}).encode() + b"\n"

    def _connected(self) -> None:
        self.cold = time.perf_counter() - self.process.started


class Operator:
    """The operator's file, which allows the token to be sent to the simulator"""

    def __init__(self, url: str, token: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="clients-"))
        self.file = self.folder / "azdo-bot.toml"
        self.file.write_text(f'[lockers."compare/clients/pat"]\nreference = "env:AZDO_PAT"\norganization = "{url}"\n')
        self.file.chmod(0o600)
        self.arguments = ["--allow-loopback-http", "--config", str(self.file)]
        self.environment = {"AZDO_PAT": token}
        self.inputs = {"personalAccessToken": "env:AZDO_PAT", "organizationUrl": url, "projectName": PROJECT}

    def end(self) -> None:
        shutil.rmtree(self.folder)


class Serve(Lines):
    """`azdo-bot serve`"""

    def __init__(self, url: str, token: str) -> None:
        self._operator = Operator(url, token)
        super().__init__([PROGRAM, "serve", *self._operator.arguments], self._operator.environment)
        self.ask("initialize", {"protocol": {"min": 1, "max": 1}})
        self.ask("botRun/start", {"id": "root"})
        self.ask("action/execute", {"botRun": "root", "action": "connect", "inputs": self._operator.inputs})
        self._connected()
        self.listing = ("action/execute", {"botRun": "root", "action": "listRepositories", "inputs": {}})

    def end(self) -> None:
        super().end()
        self._operator.end()


class Mcp(Lines):
    """A server of the Model Context Protocol"""

    def initialize(self) -> None:
        client = {"name": "compare", "version": "1"}
        self.ask("initialize", {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": client})
        self.process.write(json.dumps({"jsonrpc": "2.0", "method": "notifications/initialized"}).encode() + b"\n")

    def call(self, tool: str, arguments: dict) -> dict:
        return self.ask("tools/call", {"name": tool, "arguments": arguments})


class BotMcp(Mcp):
    """`azdo-bot mcp`"""

    def __init__(self, url: str, token: str) -> None:
        self._operator = Operator(url, token)
        super().__init__([PROGRAM, "mcp", *self._operator.arguments], self._operator.environment)
        self.initialize()
        session = self.call("connect", self._operator.inputs)["structuredContent"]["session"]
        self._connected()
        self.listing = ("tools/call", {"name": "list_repositories", "arguments": {"session": session}})

    def end(self) -> None:
        super().end()
        self._operator.end()


class OtherMcp(Mcp):
    """`@azure-devops/mcp`: it has no tool for one project, so its first call lists them"""

    def __init__(self, url: str, token: str) -> None:
        parameters = other(url.rsplit("/", 1)[0], token)
        super().__init__([parameters.command, *parameters.args], parameters.env)
        self.initialize()
        self.call("core_list_projects", {})
        self._connected()
        self.listing = ("tools/call", {"name": "repo_repository", "arguments": {"action": "list", "project": PROJECT}})


class Call:
    """`azdo-bot call`: a process that connects, lists the repositories, and disconnects"""

    def __init__(self, url: str, token: str) -> None:
        self._operator = Operator(url, token)
        connection = ["--organization-url", url, "--project", PROJECT, "--credential", "env:AZDO_PAT"]
        command = [PROGRAM, "call", "list-repositories", *connection, *self._operator.arguments, "--json"]
        self.process = Process(command, self._operator.environment)
        self._wait()

    def _wait(self) -> None:
        assert LAST in self.process.rest()
        self.cold = time.perf_counter() - self.process.started

    def end(self) -> None:
        self._operator.end()


class WatchedCall(Call):
    """`azdo-bot call`, whose memory is read until it ends"""

    def _wait(self) -> None:
        self.peak = 0.0
        while (now := self.process.peak()) is not None:
            self.peak = max(self.peak, now)
        super()._wait()


def peak_of_call(url: str, token: str) -> float:
    """Returns the peak memory of `azdo-bot call`, in MiB"""
    watched = WatchedCall(url, token)
    watched.end()
    return watched.peak


def python(url: str, token: str, cache: Path | None = None) -> Library:
    """The Python client; without a folder for its discovery, it begins with an empty one"""
    folder = cache or Path(tempfile.mkdtemp(prefix="clients-"))
    try:
        interpreter = str(INSTALLED / "venv/bin/python")
        return Library([interpreter, str(HERE / "client.py")], url, token, AZURE_DEVOPS_CACHE_DIR=str(folder))
    finally:
        if not cache:
            shutil.rmtree(folder)


def node(url: str, token: str, **options: bool) -> Library:
    known = {"NODE_PATH": str(INSTALLED / "node/node_modules"), "CLIENT_OPTIONS": json.dumps(options)}
    return Library(["node", str(HERE / "client.js")], url, token, **known)


def bare(url: str, token: str) -> Library:
    return Library(["python3", str(HERE / "bare.py")], url, token)
