"""Lists the functions that a usual process calls: `azdo-bot serve`, `mcp`, `call` and `run`, each with a session.

The first argument is a program with the names of its functions, the second the list to write. Each process runs under valgrind,
against a simulator. The functions of `serve` come first, so that it finds its own close together.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from link import digest, symbols

BOT = Path(__file__).parents[1] / "examples/bots/release-day.bot.json"
CREDENTIAL = "env:AZDO_PAT"
PROJECT = "Fabrikam"


class Traced:
    """A program under valgrind, with the address and the token of a simulator"""

    def __init__(self, program: Path, folder: Path, simulated: dict) -> None:
        self._counts = folder / "callgrind"
        tool = ["valgrind", "--quiet", "--tool=callgrind", "--demangle=no", f"--callgrind-out-file={self._counts}"]
        self._program = [*tool, str(program)]
        self.environment = {"AZDO_PAT": simulated["token"]}
        url = simulated["organizationUrl"]
        self.inputs = {"personalAccessToken": CREDENTIAL, "organizationUrl": url, "projectName": PROJECT}
        self.connection = ["--organization-url", url, "--project", PROJECT, "--credential", CREDENTIAL]
        settings = folder / "azdo-bot.toml"
        settings.write_text(f'[lockers."package/functions/pat"]\nreference = "{CREDENTIAL}"\norganization = "{url}"\n')
        settings.chmod(0o600)
        self._trusting = ["--allow-loopback-http", "--config", str(settings)]

    def start(self, *arguments: str) -> subprocess.Popen:
        command = [*self._program, *arguments, *self._trusting]
        # valgrind hides the vDSO, so that the process fails while it ends, with a long message. It has answered by then.
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        return subprocess.Popen(command, env=self.environment, text=True, bufsize=1, **pipes)

    def functions(self) -> list[str]:
        """Returns the names of the functions that the last process called"""
        return re.findall(r"^c?fn=\(\d+\) ([^\s']+)", self._counts.read_text(), re.MULTILINE)


class Server:
    """A process that answers lines of JSON-RPC"""

    def __init__(self, process: subprocess.Popen) -> None:
        self._process = process
        self._asked = 0

    def ask(self, method: str, params: dict) -> dict:
        self._asked += 1
        self.tell(method, id=self._asked, params=params)
        while (message := json.loads(self._process.stdout.readline())).get("id") != self._asked:
            pass
        if "error" in message or message["result"].get("isError"):
            sys.exit(f"{method} did not succeed: {message}")
        return message["result"]

    def tell(self, method: str, **members: object) -> None:
        self._process.stdin.write(json.dumps({"jsonrpc": "2.0", "method": method, **members}) + "\n")

    def end(self) -> None:
        self._process.stdin.close()
        self._process.stdout.read()
        self._process.wait()


def serve(traced: Traced) -> list[str]:
    server = Server(traced.start("serve"))
    server.ask("initialize", {"protocol": {"min": 1, "max": 1}})
    server.ask("botRun/start", {"id": "root"})
    for action, inputs in ("connect", traced.inputs), ("listRepositories", {}), ("getProject", {}), ("disconnect", {}):
        server.ask("action/execute", {"botRun": "root", "action": action, "inputs": inputs})
    server.ask("botRun/end", {"id": "root"})
    server.end()
    return traced.functions()


def mcp(traced: Traced) -> list[str]:
    server = Server(traced.start("mcp"))
    client = {"name": "functions", "version": "1"}
    server.ask("initialize", {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": client})
    server.tell("notifications/initialized")
    server.ask("tools/list", {})
    session = server.ask("tools/call", {"name": "connect", "arguments": traced.inputs})["structuredContent"]["session"]
    for tool in "list_repositories", "disconnect":
        server.ask("tools/call", {"name": tool, "arguments": {"session": session}})
    server.end()
    return traced.functions()


def call(traced: Traced) -> list[str]:
    process = traced.start("call", "list-repositories", *traced.connection, "--json")
    output, _ = process.communicate()
    json.loads(output)
    return traced.functions()


def run(traced: Traced) -> list[str]:
    output, _ = traced.start("run", str(BOT), "--simulate").communicate()
    if "result: succeeded" not in output:
        sys.exit(f"{BOT} did not succeed: {output}")
    return traced.functions()


def main() -> None:
    program, listing = (Path(argument).absolute() for argument in sys.argv[1:])
    command = [program, "simulate", "--json", "--port", "0"]
    with tempfile.TemporaryDirectory() as name, subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as simulator:
        folder = Path(name)
        traced = Traced(program, folder, json.loads(simulator.stdout.readline()))
        called = [*serve(traced), *mcp(traced), *call(traced), *run(traced)]
        simulator.terminate()
    known = set(symbols(program))
    functions = dict.fromkeys(digest(function) for function in called if function in known)
    listing.write_text("".join(f"{function}\n" for function in functions))
    print(f"{listing}: {len(functions)} functions")


if __name__ == "__main__":
    main()
