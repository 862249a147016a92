"""Which bot runs an execution starts and ends, seen from the program's side."""

from __future__ import annotations

import json
import os
import tempfile
import unittest
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

from AzureDevOps import library
from AzureDevOps.library import Execution

from support.robot import stand_in


class BotRuns(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.log = Path(folder.name) / "log"
        self.enterContext(mock.patch.dict(os.environ, stand_in(Path(folder.name))))
        self.execution = Execution(simulate=False)
        self.addCleanup(self.execution.serve.end)
        self.top = SimpleNamespace(id="s1", parent=None)
        self.first = SimpleNamespace(id="s1-s1", parent=self.top)
        self.second = SimpleNamespace(id="s1-s2", parent=self.top)

    def run_in(self, suite: SimpleNamespace | None) -> str:
        context = SimpleNamespace(suite=suite) if suite else None
        with mock.patch.object(library, "EXECUTION_CONTEXTS", SimpleNamespace(current=context)):
            return self.execution.bot_run()

    def told(self) -> list[str]:
        """The starts and ends, each with its bot run's place below the root"""
        lines = [json.loads(line) for line in self.log.read_text("utf-8").splitlines()]
        root = next(line["params"]["id"] for line in lines if line["method"] == "botRun/start")
        named = []
        for line in lines:
            if line["method"].startswith("botRun/"):
                ids = [line["params"][key] for key in ("id", "parent") if key in line["params"]]
                named.append(f"{line['method'][7:]} {' in '.join(ids)}".replace(root, "root"))
        return named

    def test_a_suite_starts_with_those_above_it_at_its_first_keyword(self):
        first = self.run_in(self.first)
        self.assertEqual(self.run_in(self.first), first)
        self.run_in(self.second)
        self.assertEqual(
            self.told(),
            [
                "start root",
                "start root.s1 in root",
                "start root.s1-s1 in root.s1",
                "start root.s1-s2 in root.s1",
            ],
        )

    def test_the_end_of_a_suite_ends_its_bot_run_once(self):
        self.run_in(self.first)
        self.execution.end_suite(self.first)
        self.execution.end_suite(self.first)
        self.execution.end_suite(self.second)
        self.execution.end_suite(self.top)
        self.assertEqual(self.told()[-2:], ["end root.s1-s1", "end root.s1"])

    def test_outside_of_any_suite_the_root_calls(self):
        self.assertEqual(self.run_in(None), self.run_in(self.top).removesuffix(".s1"))

    def test_two_executions_have_two_roots(self):
        other = Execution(simulate=False)
        self.addCleanup(other.serve.end)
        self.assertNotEqual(other.bot_run(), self.execution.bot_run())


if __name__ == "__main__":
    unittest.main()
