"""A token is in nothing that Robot Framework writes at its most talkative level."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import stat
import subprocess
import tempfile
import unittest
import urllib.parse
from pathlib import Path
from collections.abc import Iterator
from xml.sax.saxutils import escape

from support.robot import TESTS, environment, robot, statuses

SUITE = TESTS / "canary" / "canary.robot"


@contextlib.contextmanager
def simulator() -> Iterator[dict]:
    """A simulator of its own, with the organization's URL and a token that it knows"""
    process = subprocess.Popen(
        [os.environ["AZDO_BOT"], "simulate", "--json"], stdout=subprocess.PIPE, encoding="utf-8", env=environment()
    )
    try:
        yield json.loads(process.stdout.readline())
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


def spellings(token: str) -> list[str]:
    """The token as it may turn up: as it is, in JSON, XML and URLs, and in base64 at its three shifts"""
    encoded = []
    for shift in range(3):
        # The groups in the middle depend on the token alone, whatever stands before and behind it.
        text = base64.b64encode(b":" * shift + token.encode()).decode()
        encoded.append(text[4 : (len(token) // 3) * 4])
    return [token, json.dumps(token)[1:-1], escape(token), urllib.parse.quote(token, safe=""), *encoded]


def written(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text("utf-8", "replace") for path in folder.rglob("*") if path.is_file()}


class Canary(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.output = Path(folder.name)

    def run_with(self, how: str) -> tuple[dict[str, str], str]:
        """Everything that a run wrote, and the token it ran with"""
        with simulator() as world, tempfile.TemporaryDirectory() as folder:
            # Plain http to loopback is for the operator's command line to allow, which is this one.
            program = Path(folder) / "azdo-bot"
            real = os.environ["AZDO_BOT"]
            program.write_text(
                f'#!/bin/sh\n[ "$1" = serve ] && exec "{real}" "$@" --allow-loopback-http --log trace\n'
                f'exec "{real}" "$@"\n'
            )
            program.chmod(program.stat().st_mode | stat.S_IXUSR)
            operators_file = Path(folder) / "azdo-bot.toml"
            operators_file.write_text(
                '[lockers."tests/simulator/pat"]\nreference = "env:AZDO_ROBOT_TEST_TOKEN"\n'
                f'organization = "{world["organizationUrl"]}"\n'
            )
            ran = robot(
                self.output,
                *["--loglevel", "TRACE", "--debugfile", "debug.txt", "--xunit", "xunit.xml"],
                *["--variable", f"URL:{world['organizationUrl']}", "--variable", f"HOW:{how}"],
                SUITE,
                AZDO_BOT=str(program),
                AZDO_BOT_CONFIG=str(operators_file),
                AZDO_ROBOT_TEST_TOKEN=world["token"],
                ROBOT_SYSLOG_FILE=str(self.output / "syslog.txt"),
                ROBOT_SYSLOG_LEVEL="DEBUG",
            )
        self.assertEqual(
            statuses(self.output),
            {"Canary.Work With The Token": "PASS", "Canary.Fail With The Token": "FAIL"},
            ran.stdout,
        )
        self.assertIn("TRACE", ran.stderr, "the program's log is at its most talkative too")
        return {**written(self.output), "stdout": ran.stdout, "stderr": ran.stderr}, world["token"]

    def assert_nowhere(self, files: dict[str, str], token: str) -> None:
        self.assertLessEqual({"output.xml", "log.html", "report.html", "debug.txt", "syslog.txt"}, set(files))
        for spelling in spellings(token):
            self.assertEqual([name for name, text in files.items() if spelling in text], [])

    def test_a_secret(self):
        files, token = self.run_with("secret")
        self.assertIn("&lt;secret&gt;", files["output.xml"], "the arguments are logged")
        self.assert_nowhere(files, token)

    def test_a_reference(self):
        files, token = self.run_with("reference")
        self.assertIn("env:AZDO_ROBOT_TEST_TOKEN", files["output.xml"])
        self.assert_nowhere(files, token)

    def test_an_ordinary_string_is_logged_by_robot_framework_which_shows_that_this_test_sees(self):
        files, token = self.run_with("string")
        self.assertIn(token, files["output.xml"])
        self.assertIn("insecure string", files["output.xml"], "it is warned about")


if __name__ == "__main__":
    unittest.main()
