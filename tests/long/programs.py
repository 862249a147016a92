"""The programs of the long suites: a simulator, and `azdo-bot serve` as its client."""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PROGRAM = Path(os.environ.get("AZDO_PROGRAM", ROOT / "target/debug/azdo-bot"))


class Simulator:
    """A simulator in a process of its own, so that its memory is not that of the program under test"""

    def __init__(self, *arguments: str) -> None:
        command = [PROGRAM, "simulate", "--json", *arguments]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        # A suite that fails leaves no program behind; the other one ends with its input.
        atexit.register(self._process.kill)
        line = self._process.stdout.readline()
        assert line, f"the simulator has ended: {self._process.wait()}"
        started = json.loads(line)
        self.url, self.token = started["organizationUrl"], started["token"]

    def end(self) -> None:
        self._process.terminate()
        self._process.wait()
        self._process.stdout.close()


class Serve:
    """A running `azdo-bot serve`; `settings` is the rest of its operator's file"""

    def __init__(self, simulator: Simulator, *arguments: str, settings: str = "", **environment: str) -> None:
        self._folder = tempfile.TemporaryDirectory()
        config = Path(self._folder.name) / "azdo-bot.toml"
        locker = f'[lockers."long/azdo/pat"]\nreference = "env:AZDO_PAT"\norganization = "{simulator.url}"\n'
        config.write_text(settings + locker)
        known = {"PATH": os.environ["PATH"], "AZDO_PAT": simulator.token}
        command = [PROGRAM, "serve", "--allow-loopback-http", "--config", config, *arguments]
        self.process = subprocess.Popen(
            command, env={**known, **environment}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._url, self._id = simulator.url, 0
        host = {"protocol": {"min": 1, "max": 1}, "host": {"name": "long", "version": "1"}}
        self.ask("initialize", host)

    def send(self, method: str, params: dict[str, Any]) -> int:
        """Sends a request and returns its id"""
        self._id += 1
        self._write({"jsonrpc": "2.0", "id": self._id, "method": method, "params": params})
        return self._id

    def cancel(self, number: int) -> None:
        self._write({"jsonrpc": "2.0", "method": "$/cancel", "params": {"id": number}})

    def answers(self, count: int) -> dict[int, dict[str, Any]]:
        """Returns the next responses by their ids"""
        found: dict[int, dict[str, Any]] = {}
        while len(found) < count:
            line = self.process.stdout.readline()
            assert line, f"azdo-bot serve has ended: {self.process.wait()}"
            message = json.loads(line)
            if "method" not in message:
                found[message["id"]] = message
        return found

    def ask(self, method: str, params: dict[str, Any]) -> dict[str, Any]:
        """Sends a request and returns its result"""
        number = self.send(method, params)
        answer = self.answers(1)[number]
        assert "result" in answer, answer
        return answer["result"]

    def connect(self, run: str) -> dict[str, Any]:
        inputs = {"personalAccessToken": "env:AZDO_PAT", "organizationUrl": self._url, "projectName": "Fabrikam"}
        return self.execute(run, "connect", inputs)

    def execute(self, run: str, action: str, inputs: dict[str, Any]) -> dict[str, Any]:
        return self.ask("action/execute", {"botRun": run, "action": action, "inputs": inputs})

    def begin(self, run: str, action: str, inputs: dict[str, Any]) -> int:
        """Starts an action and returns the id of its request"""
        return self.send("action/execute", {"botRun": run, "action": action, "inputs": inputs})

    def end(self) -> int:
        """Ends the program and returns its exit code"""
        self.process.stdin.close()
        code = self.process.wait()
        self.process.stdout.close()
        self._folder.cleanup()
        return code

    def _write(self, message: dict[str, Any]) -> None:
        self.process.stdin.write(json.dumps(message) + "\n")
        self.process.stdin.flush()
