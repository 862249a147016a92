"""Nothing that Robot Framework writes at the most verbose log level contains a token."""

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
    """A separate simulator, with the URL of its organization and a valid token"""
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
    """The spellings of the token: unchanged, in JSON, XML and URLs, and in base64 at three offsets"""
    encoded = []
    for shift in range(3):
        # The groups in the middle depend only on the token, not on the text around it.
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
        """Everything that a run wrote, and its token"""
        with simulator() as world, tempfile.TemporaryDirectory() as folder:
            # Plain HTTP to loopback needs an option on the operator's command line, which this script is.
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
        self.assertIn("TRACE", ran.stderr, "the log level of the program is the most verbose too")
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

    def test_robot_framework_logs_an_ordinary_string_so_this_test_can_detect_one(self):
        files, token = self.run_with("string")
        self.assertIn(token, files["output.xml"])
        self.assertIn("ordinary string", files["output.xml"], "there is a warning")


if __name__ == "__main__":
    unittest.main()
