"""The examples of every action run as tasks of a real Robot Framework.

Each example becomes a task, so a new action is tested without a change here. The world is that of the examples; the calls
before an example write the local files that it sends.
"""

from __future__ import annotations

import json
import tempfile
import unittest
from pathlib import Path
from typing import Any

from AzureDevOps.binary import run_json
from AzureDevOps.keywords import Keyword, package
from robot.api import ExecutionResult, TestSuite
from robot.utils import escape

from support.robot import PROJECT, in_world, robot

EXAMPLES = PROJECT / "tests" / "it" / "flow" / "examples"
CONNECT = {
    "personal_access_token": "env:AZDO_PAT",
    "organization_url": "https://dev.azure.com/fabrikam",
    "project_name": "Fabrikam",
}


def written(value: Any) -> str:
    """A value as a suite writes it: Robot Framework converts it to the type of the argument"""
    return escape(value if isinstance(value, str) else repr(value))


def keyword_of(action: str) -> Keyword:
    return next(keyword for keyword in package().keywords.values() if keyword.action == action)


def named(action: str, inputs: dict[str, Any]) -> list[str]:
    names = {one.wire: one.name for one in keyword_of(action).arguments if not one.target}
    return [f"{names[wire]}={written(value)}" for wire, value in inputs.items()]


def left_out(action: str, inputs: dict[str, Any]) -> list[str]:
    """Required arguments that belong to another choice than that of the example"""
    arguments = keyword_of(action).arguments
    return [f"{one.name}=${{NONE}}" for one in arguments if one.required and one.wire not in inputs]


def suite_of_examples() -> TestSuite:
    before = json.loads((EXAMPLES / "files.json").read_text("utf-8"))
    suite = TestSuite("Examples")
    suite.resource.imports.library("AzureDevOps", ["simulate=${True}"])
    for action in run_json("actions", "--json")["actions"]:
        for example in action["examples"]:
            task = suite.tests.create(f"{action['label']}: {example['title']}")
            # A separate execution for each: two examples may create the same resource.
            task.teardown.config(name="Evaluate", args=["AzureDevOps.library.end_execution()"])
            inputs = example["inputs"]
            if action["name"] != "connect":
                session = f"session={written(inputs.get('session', 'Default'))}"
                task.body.create_keyword("Connect", [*(f"{name}={value}" for name, value in CONNECT.items()), session])
                for call in before:
                    task.body.create_keyword(
                        keyword_of(call["action"]).name, [*named(call["action"], call["inputs"]), session]
                    )
            task.body.create_keyword(
                keyword_of(action["name"]).name, named(action["name"], inputs) + left_out(action["name"], inputs)
            )
    return suite


class Examples(unittest.TestCase):
    def test_the_examples_of_every_action_run(self):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            # Robot Framework's JSON format, in which blanks and line breaks need no escaping.
            suite_of_examples().to_json(folder / "examples.rbt")
            # The folder is also the output directory, where files are read and written.
            robot(folder, folder / "examples.rbt", **in_world(folder, "examples"))
            tasks = list(ExecutionResult(str(folder / "output.xml")).suite.all_tests)
        self.assertEqual({task.name: task.message for task in tasks if not task.passed}, {})
        self.assertGreaterEqual(len(tasks), len(package().keywords))


if __name__ == "__main__":
    unittest.main()
