"""Where the program is searched, and the errors if it does not work."""

from __future__ import annotations

import os
import stat
import tempfile
import unittest
from importlib import metadata
from pathlib import Path
from unittest import mock

from AzureDevOps import binary
from AzureDevOps.binary import BinaryError, find, run_json


class Files(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name).resolve()
        self.enterContext(mock.patch.dict(os.environ, {"PATH": str(self.folder / "on-path")}))
        os.environ.pop("AZDO_BOT", None)

    def program(self, path: str, script: str = "#!/bin/sh\n") -> str:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(script)
        file.chmod(file.stat().st_mode | stat.S_IXUSR)
        return str(file)

    def install(self, program: str) -> None:
        """Pretends that the wheel is installed with this program"""
        entry = mock.Mock()
        entry.name = binary.PROGRAM
        entry.locate.return_value = program
        distribution = mock.Mock(files=[entry])
        self.enterContext(mock.patch.object(metadata, "distribution", return_value=distribution))


class Finding(Files):
    def test_the_program_of_the_wheel_precedes_the_environment_and_the_path(self):
        on_path = self.program(f"on-path/{binary.PROGRAM}")
        self.assertEqual(find(), on_path)
        os.environ["AZDO_BOT"] = named = self.program("named")
        self.assertEqual(find(), named)
        bundled = self.program("environment/bin/azdo-bot")
        self.install(bundled)
        self.assertEqual(find(), bundled)

    def test_a_wrong_list_of_files_is_ignored(self):
        on_path = self.program(f"on-path/{binary.PROGRAM}")
        self.install(str(self.folder / "gone" / "azdo-bot"))
        self.assertEqual(find(), on_path)

    def test_a_target_folder_has_the_program_beside_the_module(self):
        beside = self.program(f"target/bin/{binary.PROGRAM}")
        module = self.folder / "target" / "AzureDevOps" / "binary.py"
        with mock.patch.object(binary, "__file__", str(module)):
            self.install(str(self.folder / "gone" / "azdo-bot"))
            self.assertEqual(find(), beside)

    def test_the_error_for_a_missing_program_names_it(self):
        with self.assertRaisesRegex(BinaryError, "Install the wheel of robotframework-azuredevops"):
            find()
        os.environ["AZDO_BOT"] = str(self.folder / "nowhere")
        with self.assertRaisesRegex(BinaryError, "AZDO_BOT names .*nowhere"):
            find()


class Running(Files):
    def test_output_that_is_not_json_is_an_error_with_the_standard_error(self):
        rows = [
            ("#!/bin/sh\necho '{}'; echo 'no such command' >&2; exit 2\n", "exit code 2.*no such command"),
            ("#!/bin/sh\necho hello\n", "exit code 0.*standard error: empty"),
            ("#!/nowhere/sh\n", "cannot be run"),
        ]
        for script, message in rows:
            os.environ["AZDO_BOT"] = self.program("azdo-bot", script)
            with self.assertRaisesRegex(BinaryError, message):
                run_json("manifest")


if __name__ == "__main__":
    unittest.main()
