"""The client of the protocol against a process that misbehaves on request."""

from __future__ import annotations

import json
import os
import signal
import sys
import tempfile
import threading
import unittest
from pathlib import Path
from unittest import mock

from AzureDevOps import serve
from AzureDevOps.serve import ActionError, Serve, ServeEnded

from support.robot import stand_in


class Interruption(Exception):
    """The exception that a timeout of Robot Framework raises from a signal handler"""


class AgainstAStandIn(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.log = Path(folder.name) / "log"
        self.enterContext(mock.patch.dict(os.environ, stand_in(Path(folder.name))))

    def start(self) -> Serve:
        process = Serve(version="7.5", simulate=False)
        self.addCleanup(process.end)
        return process

    def lines(self) -> list[str]:
        return self.log.read_text("utf-8").splitlines()

    def test_the_first_request_is_initialize(self):
        self.start()
        first = json.loads(self.lines()[0])
        self.assertEqual(first["method"], "initialize")
        self.assertEqual(first["params"]["protocol"], {"min": 1, "max": 1})
        self.assertNotIn("credentials", first["params"]["capabilities"])

    @unittest.skipIf(sys.platform == "win32", "Windows has no modes")
    def test_a_new_folder_is_for_its_owner_only_whatever_the_umask_is(self):
        above = Path(self.enterContext(tempfile.TemporaryDirectory())) / "new"
        self.addCleanup(os.umask, os.umask(0))
        process = Serve(version="7.5", simulate=False, folder=str(above / "output"))
        self.addCleanup(process.end)
        self.assertEqual([one.stat().st_mode & 0o7777 for one in (above, above / "output")], [0o700, 0o700])

    def test_texts_of_any_length_and_characters_are_sent_and_received_unchanged(self):
        process = self.start()
        for text in ["", "\n", "\u2028", "Grüße 🚀", "\ud83d", "x" * 300_000]:
            self.assertEqual(process.call("test/echo", {"text": text}), {"text": text})

    def test_only_the_progress_of_the_call_is_reported(self):
        reported = []
        self.assertEqual(self.start().call("test/progress", {}, on_progress=reported.append), "done")
        self.assertEqual(reported, ["half way"])

    def test_lines_that_are_no_response_are_ignored(self):
        self.assertEqual(self.start().call("test/garbage", {}), "after garbage")

    def test_an_error_has_code_message_and_help(self):
        with self.assertRaises(ActionError) as raised:
            self.start().call("test/fail", {})
        self.assertEqual(str(raised.exception), "resource.conflict: There is one.\nTake it.")
        self.assertEqual(raised.exception.context, {"a": "b"})

    def test_a_line_that_could_not_be_read_is_an_input_error(self):
        process = self.start()
        with self.assertRaisesRegex(ActionError, "^input.invalid: Parse error: the line is too long$"):
            process.call("test/unread", {})
        self.assertEqual(process.call("test/echo", {}), {})

    def test_calls_to_an_ended_process_fail_with_its_exit_code(self):
        process = self.start()
        for _ in range(2):
            with self.assertRaisesRegex(ServeEnded, "exit code 3"):
                process.call("test/die", {})
            self.assertTrue(process.ended)

    @unittest.skipIf(sys.platform == "win32", "signals")
    def test_an_interruption_cancels_the_call_and_reports_its_outcome(self):
        def interrupt(*_):
            raise Interruption

        self.addCleanup(signal.signal, signal.SIGUSR1, signal.signal(signal.SIGUSR1, interrupt))
        process, reported = self.start(), []
        when_waiting = threading.Thread(target=self.signal_when_the_log_has, args=("test/wait",))
        when_waiting.start()
        with self.assertRaises(Interruption):
            process.call("test/wait", {}, on_interrupted=reported.append)
        when_waiting.join()
        self.assertEqual(reported, ["service.outcome_unknown: A run may have been started.\nLook."])
        self.assertEqual(json.loads(self.lines()[-1])["method"], "$/cancel")
        self.assertEqual(process.call("test/echo", {"still": "here"}), {"still": "here"})

    def signal_when_the_log_has(self, text: str) -> None:
        while text not in self.log.read_text("utf-8"):
            pass
        os.kill(os.getpid(), signal.SIGUSR1)

    def test_an_interruption_inside_a_long_line_ends_the_process(self):
        process = self.start()
        real = os.write

        def half_a_write(file: int, data: memoryview) -> int:
            real(file, data[: len(data) // 2])
            raise Interruption

        with mock.patch.object(serve.os, "write", half_a_write), self.assertRaises(Interruption):
            process.call("test/echo", {"text": "x" * 10_000})
        with self.assertRaises(ServeEnded):
            process.call("test/echo", {})

    def test_a_line_that_is_written_in_parts_arrives_complete(self):
        real, process = os.write, self.start()
        with mock.patch.object(serve.os, "write", lambda file, data: real(file, data[:7])):
            self.assertEqual(process.call("test/echo", {"text": "in parts"}), {"text": "in parts"})

    def test_the_end_closes_the_input(self):
        process = self.start()
        process.end()
        self.assertEqual(self.lines()[-1], "end of input")
        self.assertTrue(process.ended)
        process.end()

    def test_a_process_that_does_not_end_is_killed(self):
        with mock.patch.dict(os.environ, {"STAND_IN_STUBBORN": "1"}), mock.patch.object(serve, "_SECONDS_TO_END", 0.1):
            process = self.start()
            process.end()
        self.assertTrue(process.ended)

    def test_concurrent_calls_are_sent_one_after_the_other(self):
        process, answers = self.start(), {}

        def ask(number: int) -> None:
            answers[number] = process.call("test/echo", {"number": number})["number"]

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(answers, {number: number for number in range(20)})


if __name__ == "__main__":
    unittest.main()
