"""The hook that signs: AZDO_BOT_SIGN names a program, which is called with a kind and a file.

    authenticode FILE.exe    signs the program for Windows in place
    codesign FILE            signs the program for macOS in place
    jarsigner FILE.jar       signs the package for Automation 360 in place
    minisign SHA256SUMS      writes SHA256SUMS.minisig beside it

Without the variable nothing is signed. A hook that cannot sign a kind ends with exit code 3, and that kind stays unsigned.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from project import PackagingError, Release

CANNOT = 3


def sign(release: Release, kind: str, file: Path) -> None:
    hook = os.environ.get("AZDO_BOT_SIGN")
    code = CANNOT if not hook else subprocess.run([hook, kind, str(file)], check=False).returncode
    if code == CANNOT:
        release.unsigned.append(f"{file.name} ({kind})")
    elif code:
        raise PackagingError(f"AZDO_BOT_SIGN failed with exit code {code} for {kind} {file.name}")
