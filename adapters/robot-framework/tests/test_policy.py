"""Each rule of the operator's policy is refused with the words of the program, and a dry run names what is denied."""

from __future__ import annotations

import json
import os
import tempfile
import unittest
from pathlib import Path
from typing import Any
from unittest import mock

from AzureDevOps.keywords import package
from AzureDevOps.serve import ActionError, Serve
from robot.api import ExecutionResult

from support.robot import PROJECT, robot

# The other hosts break the same rules.
RULES = json.loads((PROJECT / "tests" / "it" / "cli" / "policy_rules.json").read_text("utf-8"))
CONNECT = {
    "personalAccessToken": "env:AZDO_PAT",
    "organizationUrl": "https://dev.azure.com/fabrikam",
    "projectName": "Fabrikam",
}


def inputs(call: list[Any]) -> dict[str, str]:
    action, own = call
    return {**(CONNECT if action == "connect" else {}), **own}


def session(calls: list[Any], at: int) -> str:
    return "Default" if at == 0 else "Second"


def by_program(config: Path, calls: list[Any]) -> str:
    """The error of the last call, from a process of the program without Robot Framework"""
    with mock.patch.dict(os.environ, {"AZDO_BOT_CONFIG": str(config)}):
        serve = Serve(version="7", simulate=True)
    said = ""
    try:
        serve.call("botRun/start", {"id": "root"})
        for at, call in enumerate(calls):
            params = {"botRun": "root", "action": call[0], "inputs": inputs(call)}
            if call[0] == "connect":
                params["target"] = {"scope": "LOCAL", "name": session(calls, at)}
            try:
                serve.call("action/execute", params)
            except ActionError as error:
                said = str(error)
    finally:
        serve.end()
    return said


def suite(calls: list[Any]) -> str:
    """A suite whose only task makes these calls"""
    lines = ["*** Settings ***", "Library    AzureDevOps    simulate=${True}", "*** Tasks ***", "Rule"]
    for at, call in enumerate(calls):
        keyword = next(one for one in package().keywords.values() if one.action == call[0])
        arguments = {one.wire: one for one in keyword.arguments if not one.target}
        texts = []
        for name, value in inputs(call).items():
            text = next((text for text, wire in arguments[name].choices.items() if wire == value), value)
            texts.append(f"{arguments[name].name}={text}")
        if call[0] == "connect":
            name = next(one.name for one in keyword.arguments if one.target and one.wire == "name")
            texts.append(f"{name}={session(calls, at)}")
        lines.append("    ".join(["", keyword.name, *texts]))
    return "\n".join(lines) + "\n"


class Policy(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.config = self.folder / "azdo-bot.toml"

    def policy(self, *lines: str) -> None:
        self.config.write_text("\n".join(lines), "utf-8")
        self.config.chmod(0o600)

    def test_each_rule_is_refused_with_the_words_of_the_program(self):
        for number, policy in enumerate(RULES):
            self.policy(*policy["policy"])
            suites = self.folder / f"suites-{number}"
            suites.mkdir()
            for at, row in enumerate(policy["refused"]):
                (suites / f"{at + 1}__rule.robot").write_text(suite(row["calls"]), "utf-8")
            output = self.folder / f"output-{number}"
            ran = robot(output, suites, AZDO_BOT_CONFIG=str(self.config))
            tasks = list(ExecutionResult(str(output / "output.xml")).suite.all_tests)
            self.assertEqual(len(tasks), len(policy["refused"]), ran.stdout)
            for task, row in zip(tasks, policy["refused"]):
                expected = by_program(self.config, row["calls"])
                self.assertTrue(expected.startswith("policy.denied: ") and row["rule"] in expected, expected)
                self.assertEqual(task.message, expected)

    def test_a_dry_run_names_the_calls_that_are_denied(self):
        self.policy("[actions]", 'deny = ["deleteRepository"]')
        calls = [["connect", {}], ["deleteRepository", {"repository": "site"}], ["listRepositories", {}]]
        (self.folder / "denied.robot").write_text(suite(calls), "utf-8")
        ran = robot(
            self.folder / "output",
            *("--dryrun", "--listener", "AzureDevOps.Needs", self.folder / "denied.robot"),
            AZDO_BOT_CONFIG=str(self.config),
        )
        said = by_program(self.config, calls[:2]).splitlines()[0]
        self.assertIn(f"denied.robot:6: {said}\n", ran.stdout)
        self.assertEqual(ran.stdout.count("policy.denied"), 1, ran.stdout)
