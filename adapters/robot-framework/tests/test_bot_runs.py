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
        self.top = SimpleNamespace(id="s1", longname="Day", parent=None)
        self.first = SimpleNamespace(id="s1-s1", longname="Day.First", parent=self.top)
        self.second = SimpleNamespace(id="s1-s2", longname="Day.Second", parent=self.top)

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
                "start Day (s1 of root) in root",
                "start Day.First (s1-s1 of root) in Day (s1 of root)",
                "start Day.Second (s1-s2 of root) in Day (s1 of root)",
            ],
        )

    def test_the_end_of_a_suite_ends_its_bot_run_once(self):
        self.run_in(self.first)
        self.execution.end_suite(self.first)
        self.execution.end_suite(self.first)
        self.execution.end_suite(self.second)
        self.execution.end_suite(self.top)
        self.assertEqual(self.recorded()[-2:], ["end Day.First (s1-s1 of root)", "end Day (s1 of root)"])

    def test_a_call_outside_of_any_suite_uses_the_root(self):
        self.assertEqual(f"Day (s1 of {self.run_in(None)})", self.run_in(self.top))

    def test_the_id_of_a_bot_run_is_valid_for_every_name_of_a_suite(self):
        suite = SimpleNamespace(id="s1-s1-s1-s1-s12-s3456", longname="\x00\nä" * 100, parent=None)
        bot_run = self.run_in(suite)
        self.assertTrue(bot_run.isprintable() and len(bot_run) <= 128, bot_run)

    def test_two_executions_have_two_roots(self):
        other = Execution(simulate=False)
        self.addCleanup(other.serve.end)
        self.assertNotEqual(other.bot_run(), self.execution.bot_run())


if __name__ == "__main__":
    unittest.main()
