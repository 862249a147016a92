"""The library in a real Robot Framework."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from robot.api import ExecutionResult

from support.robot import EXAMPLE, SCRIPTS, TESTS, a_token, in_world, robot, run, stand_in, statuses

ENDLESS_WORLD = TESTS / "interrupted" / "world.toml"


class InAFolder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.output = Path(folder.name)

    def messages(self) -> list[str]:
        """The logged messages in order, as level and text"""
        found: list[str] = []

        def collect(item) -> None:
            for one in getattr(item, "body", []):
                if one.type == one.MESSAGE:
                    found.append(f"{one.level} {one.message}")
                collect(one)

        result = ExecutionResult(str(self.output / "output.xml"))
        for task in result.suite.all_tests:
            collect(task)
        return found


class Suites(InAFolder):
    def test_every_group_of_actions_scopes_and_failures(self):
        ran = robot(self.output, TESTS / "suites", AZDO_ROBOT_TEST_TOKEN=a_token())
        results = statuses(self.output)
        self.assertGreater(len(results), 20)
        self.assertEqual({name: status for name, status in results.items() if status != "PASS"}, {}, ran.stdout)
        self.assertNotIn("ERROR", ran.stderr)
        # One suite has its token in an ordinary string; a Secret and a reference cause no warning.
        self.assertEqual(ran.stderr.count("WARN"), 1, ran.stderr)

    def test_the_release_day(self):
        ran = robot(self.output, EXAMPLE)
        self.assertEqual(
            statuses(self.output),
            {
                "Release-Day.Release.Prepare The Repository": "PASS",
                "Release-Day.Release.Ship It": "PASS",
                "Release-Day.Archive.The Parent's Local Session Is The Parent's Alone": "PASS",
                "Release-Day.Archive.Keep A Record": "PASS",
            },
            ran.stdout,
        )
        progress = [message for message in self.messages() if message.startswith("INFO pipeline run ")]
        self.assertIn("notStarted", progress[0])

    def test_a_whole_release_day_from_the_branch_to_the_work_item(self):
        operators = self.output / "azdo-bot.toml"
        folder = json.dumps(str(self.output))
        trail = self.output / "audit.jsonl"
        audit = f"[audit]\nfile = {json.dumps(str(trail))}\n"
        operators.write_text(f"[folders]\nwrite = [{folder}]\nread = [{folder}]\n{audit}", "utf-8")
        ran = robot(self.output, EXAMPLE.parent / "whole-release-day", AZDO_BOT_CONFIG=str(operators))
        self.assertEqual(list(statuses(self.output).values()), ["PASS"], ran.stdout)
        self.assertTrue((self.output / "drop.zip").is_file())
        lines = [json.loads(line) for line in trail.read_text("utf-8").splitlines()]
        self.assertEqual({line["host"]["name"] for line in lines}, {"Robot Framework"})
        for line in lines:
            source = Path(line["place"]["bot"]).read_text("utf-8").splitlines()
            self.assertIn("    ", source[line["place"]["line"] - 1])
        self.assertIn(next(iter(statuses(self.output))).split(".")[-1], {line["place"].get("node") for line in lines})

    def test_an_insecure_string_causes_one_warning_per_line(self):
        suite = self.output / "insecure.robot"
        suite.write_text(
            "*** Settings ***\nLibrary    AzureDevOps    simulate=${True}\n*** Tasks ***\nInsecure\n"
            "    FOR    ${name}    IN    a    b    c\n        Open    ${name}\n    END\n"
            "    Run Keyword    Open    d\n    Connect    ${TOKEN}    ${URL}    Fabrikam    session=e\n"
            "*** Keywords ***\nOpen\n    [Arguments]    ${name}\n"
            "    Connect    ${TOKEN}    ${URL}    Fabrikam    session=${name}\n"
        )
        variables = ["--variable", f"TOKEN:{a_token()}", "--variable", "URL:https://dev.azure.com/fabrikam"]
        ran = robot(self.output, *variables, suite)
        self.assertEqual(statuses(self.output), {"Insecure.Insecure": "PASS"}, ran.stdout)
        levels = [message.split(" ")[0] for message in self.messages() if "ordinary string" in message]
        self.assertEqual(levels, ["WARN", "INFO", "INFO", "INFO", "WARN"])
        self.assertEqual(ran.stderr.count("WARN"), 2, ran.stderr)

    def test_each_process_of_pabot_is_a_separate_execution(self):
        pabot = SCRIPTS / "pabot"
        ran = run(pabot, "--processes", "4", "--rpa", "--outputdir", self.output, TESTS / "pabot", cwd=self.output)
        results = statuses(self.output)
        self.assertEqual(sorted(results.values()), ["PASS"] * 4, ran.stdout)
        logs = [path.read_text("utf-8") for path in self.output.rglob("robot_stderr.out")]
        self.assertEqual(sum(text.count("simulator: listens on") for text in logs), 4, logs)

    def test_processes_of_pabot_in_one_run_tree_share_a_session(self):
        program, operator = os.environ["AZDO_BOT"], self.output / "azdo-bot.toml"
        simulator = subprocess.Popen([program, "simulate", "--json"], stdout=subprocess.PIPE)
        self.addCleanup(lambda: (simulator.kill(), simulator.communicate()))
        simulated = json.loads(simulator.stdout.readline())
        # The broker ends by itself; its folder is that of the test, which is removed.
        operator.write_text(
            f'[sessions]\nstore = "broker"\nstart_broker = true\nbroker_folder = "{self.output / "run"}"\n'
            "[network]\nallow_loopback_http = true\n"
            f'[lockers."team/azdo/pat"]\nreference = "env:AZDO_PAT"\norganization = "{simulated["organizationUrl"]}"\n'
        )
        operator.chmod(0o600)
        tree = [program, "run-tree", "--config", operator, "--"]
        pabot = [SCRIPTS / "pabot", "--processes", "2", "--rpa", "--outputdir", self.output, TESTS / "pabot_tree"]
        own = {"AZDO_BOT_CONFIG": str(operator), "AZDO_PAT": simulated["token"], "AZDO_URL": simulated["organizationUrl"]}
        ran = run(*tree, *pabot, cwd=self.output, **own)
        self.assertEqual(sorted(statuses(self.output).values()), ["PASS"] * 2, ran.stdout)
        opened = [message for message in self.messages() if message.endswith("has opened it")]
        self.assertEqual(sorted(opened), ["INFO Another process has opened it", "INFO This process has opened it"])

    def test_the_end_of_a_suite_is_sent_before_the_end_of_the_input(self):
        robot(self.output, TESTS / "process" / "2__after.robot", **stand_in(self.output))
        self.assertEqual(list(statuses(self.output).values()), ["PASS"])
        *_, last, end = (self.output / "log").read_text("utf-8").splitlines()
        self.assertEqual((json.loads(last)["method"], end), ("botRun/end", "end of input"))

    def test_a_crash_fails_only_its_suite(self):
        robot(self.output, TESTS / "process")
        result = ExecutionResult(str(self.output / "output.xml"))
        messages = {task.name: (task.status, task.message) for task in result.suite.all_tests}
        self.assertEqual(messages["It Works"][0], "PASS", messages)
        self.assertRegex(messages["The Program Dies"][1], "^azdo-bot has ended")
        self.assertRegex(messages["Half Simulated"][1], "^ValueError: This execution is simulated")


class Needs(InAFolder):
    def test_a_dry_run_lists_the_needs_of_a_suite_and_starts_no_process(self):
        ran = robot(self.output, "--dryrun", "--listener", "AzureDevOps.Needs", EXAMPLE)
        self.assertEqual(ran.returncode, 0, ran.stdout)
        self.assertNotIn("simulator: listens", ran.stderr)
        self.assertIn("Create a token with: Code (read, write, and manage); Build (read and execute)", ran.stdout)
        self.assertIn("Its user needs: Read, Create repository, Contribute, Create branch", ran.stdout)
        self.assertRegex(
            ran.stdout, r"1__release.robot:\d+ +Run Pipeline +Build: Queue builds +Build \(read and execute\)"
        )
        self.assertRegex(ran.stdout, r"release-day/__init__.robot:\d+ +Connect ")
        self.assertNotIn("not counted", ran.stdout)

    def test_a_dry_run_reports_calls_that_it_cannot_follow(self):
        suite = self.output / "hidden.robot"
        suite.write_text(
            "*** Settings ***\nLibrary    AzureDevOps\n*** Tasks ***\nHidden\n"
            "    VAR    ${name}    Create Repository\n    Run Keyword    ${name}    site\n"
            "    Run Keyword    List Repositories\n"
        )
        ran = robot(self.output, "--dryrun", "--listener", "AzureDevOps.Needs", suite)
        self.assertIn("hidden.robot:6: not counted", ran.stdout)
        self.assertIn("hidden.robot:7  List Repositories", ran.stdout)
        self.assertEqual(ran.stdout.count("not counted"), 1, ran.stdout)
        self.assertIn("Create a token with: Code (read)\n", ran.stdout)

    def test_a_suite_without_the_library_needs_nothing(self):
        suite = self.output / "other.robot"
        suite.write_text("*** Tasks ***\nOther\n    Log    hello\n")
        ran = robot(self.output, "--dryrun", "--listener", "AzureDevOps.Needs", suite)
        self.assertNotIn("token", ran.stdout + ran.stderr)


class Libdoc(InAFolder):
    def test_libdoc_writes_the_page_and_the_list_for_editors(self):
        for name, options in [("library.html", []), ("library.json", ["--specdocformat", "HTML"])]:
            ran = run(sys.executable, "-m", "robot.libdoc", *options, "AzureDevOps", self.output / name)
            self.assertEqual(ran.returncode, 0, ran.stderr)
        self.assertIn("Wait For Pipeline Run", (self.output / "library.html").read_text("utf-8"))
        library = json.loads((self.output / "library.json").read_text("utf-8"))
        keywords = {keyword["name"]: keyword for keyword in library["keywords"]}
        scope = [one for one in keywords["Connect"]["args"] if one["name"] == "scope"][0]
        self.assertEqual(scope["repr"], "scope: Literal['Local', 'Global', 'Variable'] = Local")
        self.assertEqual(keywords["Connect"]["args"][0]["repr"], "personal_access_token: Secret | str | None")
        self.assertEqual(
            keywords["Connect"]["shortdoc"],
            "Open an authenticated session on an Azure DevOps organization and project.",
        )
        self.assertEqual(keywords["Run Pipeline"]["tags"], ["creates", "Pipeline runs"])
        self.assertEqual(library["scope"], "GLOBAL")
        self.assertNotIn(" object at ", json.dumps(library))
        # Asterisks of Robot Framework in its documentation could be read as formatting.
        self.assertIn("<b>***</b> Settings <b>***</b>", library["doc"])


@unittest.skipIf(sys.platform == "win32", "signals")
class Interrupted(InAFolder):
    def endless(self) -> dict[str, str]:
        """The environment of a world in which pipeline runs never complete"""
        return in_world(self.output, str(ENDLESS_WORLD))

    def test_a_timeout_cancels_only_the_action(self):
        ran = robot(self.output, TESTS / "interrupted" / "timeout.robot", **self.endless())
        results = statuses(self.output)
        self.assertEqual(
            results, {"Timeout.A Task Runs Out Of Time": "FAIL", "Timeout.The Next One Works": "PASS"}, ran.stdout
        )
        warnings = [message for message in self.messages() if message.startswith("WARN The action was interrupted")]
        self.assertRegex(warnings[0], "interrupted: cancelled: ")

    def interrupted_by(self, name: str) -> None:
        listener = f"{TESTS / 'support' / 'interrupt.py'}:{name}"
        robot(self.output, "--listener", listener, TESTS / "interrupted" / "endless.robot", **self.endless())

    def test_after_ctrl_c_the_teardown_still_has_its_session(self):
        self.interrupted_by("SIGINT")
        result = ExecutionResult(str(self.output / "output.xml"))
        self.assertEqual([task.status for task in result.suite.all_tests], ["FAIL", "FAIL"])
        self.assertEqual(result.suite.teardown.status, "PASS")
        self.assertIn("WARN The action was interrupted: cancelled", "\n".join(self.messages()))

    def test_the_program_ends_when_its_run_is_killed(self):
        # The program has the same standard error, and `run` returns when all of its writers have ended.
        self.interrupted_by("SIGKILL")
        self.assertFalse((self.output / "log.html").exists(), "it was killed")


if __name__ == "__main__":
    unittest.main()
