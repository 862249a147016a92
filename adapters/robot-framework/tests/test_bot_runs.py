"""The bot runs that an execution starts and ends, as the program sees them."""

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

    def recorded(self) -> list[str]:
        """The starts and ends, each with the path of its bot run below the root"""
        lines = [json.loads(line) for line in self.log.read_text("utf-8").splitlines()]
        root = next(line["params"]["id"] for line in lines if line["method"] == "botRun/start")
        named = []
        for line in lines:
            if line["method"].startswith("botRun/"):
                ids = [line["params"][key] for key in ("id", "parent") if key in line["params"]]
                named.append(f"{line['method'][7:]} {' in '.join(ids)}".replace(root, "root"))
        return named

    def test_the_first_keyword_of_a_suite_starts_its_bot_run_and_its_parents(self):
        first = self.run_in(self.first)
        self.assertEqual(self.run_in(self.first), first)
        self.run_in(self.second)
        self.assertEqual(
            self.recorded(),
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
        self.assertEqual(self.recorded()[-2:], ["end root.s1-s1", "end root.s1"])

    def test_a_call_outside_of_any_suite_uses_the_root(self):
        self.assertEqual(self.run_in(None), self.run_in(self.top).removesuffix(".s1"))

    def test_two_executions_have_two_roots(self):
        other = Execution(simulate=False)
        self.addCleanup(other.serve.end)
        self.assertNotEqual(other.bot_run(), self.execution.bot_run())


if __name__ == "__main__":
    unittest.main()
