"""The times and the memory of a server, measured without a client of the protocol."""

import json
import os
import re
import statistics
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from mcp import StdioServerParameters

ROUNDS = int(os.environ.get("COMPARE_ROUNDS", "200"))
STARTS = int(os.environ.get("COMPARE_STARTS", "9"))


class Raw:
    """A process of a server, spoken to without a client, so that the figures are those of the server"""

    def __init__(self, parameters: StdioServerParameters) -> None:
        command, environment = [parameters.command, *parameters.args], parameters.env
        self._asked = 0
        self.started = time.perf_counter()
        self._process = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0
        )
        self._output = os.fdopen(os.dup(self._process.stdout.fileno()), "rb", 1 << 20)
        client = {"name": "compare", "version": "1"}
        self.ask("initialize", {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": client})
        self.answered = time.perf_counter()
        self._write({"jsonrpc": "2.0", "method": "notifications/initialized"})

    def ask(self, method: str, params: dict) -> dict:
        self._asked += 1
        self._write({"jsonrpc": "2.0", "id": self._asked, "method": method, "params": params})
        while True:
            message = json.loads(self._output.readline())
            if message.get("id") == self._asked:
                return message["result"]

    def call(self, tool: str, arguments: dict) -> dict:
        result = self.ask("tools/call", {"name": tool, "arguments": arguments})
        assert not result.get("isError"), result
        return result

    def _write(self, message: dict) -> None:
        self._process.stdin.write(json.dumps(message).encode() + b"\n")

    def peak(self) -> float:
        """Returns the peak memory, in MiB"""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024

    def end(self) -> None:
        self._process.stdin.close()
        self._process.terminate()
        self._process.wait()


def p50(work: Callable, rounds: int) -> float:
    """Returns the median of the times of this work, in ms"""
    times = []
    for _ in range(rounds):
        at = time.perf_counter()
        work()
        times.append(time.perf_counter() - at)
    return statistics.median(times) * 1e3


def timed(parameters: StdioServerParameters, base: str, is_bot: bool) -> dict[str, float]:
    """Returns the medians of one server: start, first list of repositories, warm calls and memory"""
    answers, cold, figures = [], [], {}
    for start in range(STARTS):
        server = Raw(parameters)
        answers.append((server.answered - server.started) * 1e3)
        tool, arguments = "repo_repository", {"action": "list", "project": "Fabrikam"}
        if is_bot:
            where = {"organizationUrl": f"{base}/fabrikam", "projectName": "Fabrikam", "personalAccessToken": "env:AZDO_PAT"}
            connected = server.call("connect", where)
            tool, arguments = "list_repositories", {"session": connected["structuredContent"]["session"]}
        server.call(tool, arguments)
        cold.append((time.perf_counter() - server.started) * 1e3)
        if start + 1 == STARTS:
            figures["warm"] = p50(lambda: server.call(tool, arguments), ROUNDS)
            figures["memory"] = server.peak()
            if is_bot:
                figures["local"] = p50(lambda: server.call("find_action", {"query": "listBranches"}), ROUNDS)
        server.end()
    return {"answer": statistics.median(answers), "cold": statistics.median(cold), **figures}
