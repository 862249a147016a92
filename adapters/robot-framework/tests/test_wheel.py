"""The wheel in an empty virtual environment: its program, the library, the release day."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import unittest
import venv
from pathlib import Path

from support.robot import EXAMPLE, statuses

WHEEL = os.environ.get("AZDO_ROBOT_WHEEL")


@unittest.skipUnless(WHEEL, "AZDO_ROBOT_WHEEL names no wheel; scripts/test-robot builds one")
class Wheel(unittest.TestCase):
    def test_the_wheel_needs_no_other_installation(self):
        with tempfile.TemporaryDirectory() as folder:
            home, output = Path(folder) / "venv", Path(folder) / "output"
            venv.create(home, with_pip=True)
            scripts = home / ("Scripts" if sys.platform == "win32" else "bin")
            # Neither the source of the library nor another program can be found here.
            hidden = ("PYTHONPATH", "AZDO_BOT", "PATH")
            clean = {name: value for name, value in os.environ.items() if name not in hidden}

            def run(*command: object) -> str:
                done = subprocess.run(
                    [str(part) for part in command], env=clean, cwd=folder, capture_output=True, encoding="utf-8"
                )
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
                return done.stdout

            run(scripts / "python", "-m", "pip", "install", "--quiet", WHEEL)
            found = run(scripts / "python", "-c", "from AzureDevOps.binary import find; print(find())")
            self.assertEqual(Path(found.strip()).parent, scripts.resolve())
            run(scripts / "robot", "--rpa", "--outputdir", output, EXAMPLE)
            self.assertEqual(set(statuses(output).values()), {"PASS"})
            version = run(scripts / "libdoc", "AzureDevOps", "version").strip()
            self.assertIn(f"-{version}-", Path(WHEEL).name)


if __name__ == "__main__":
    unittest.main()
