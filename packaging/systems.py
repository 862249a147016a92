"""The systems for which programs are released, and what each registry calls them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class System:
    name: str
    """As in `--program linux-x64=FILE`, in file names and in the package for Automation 360"""
    target: str
    """As rustc calls it"""
    npm: tuple[str, str]
    """`process.platform` and `process.arch` of Node.js"""
    wheel: str
    """The platform tags of a Python wheel, joined by dots"""
    debian: str = ""
    """The architecture of a Debian package; empty if there is none"""

    @property
    def windows(self) -> bool:
        return self.npm[0] == "win32"

    @property
    def linux(self) -> bool:
        return self.npm[0] == "linux"

    @property
    def program(self) -> str:
        return "azdo-bot.exe" if self.windows else "azdo-bot"


# The version of glibc in the tags of Linux is the one that scripts/package links against; of macOS, Rust's oldest.
SYSTEMS = {
    system.name: system
    for system in (
        System(
            "linux-x64",
            "x86_64-unknown-linux-gnu",
            ("linux", "x64"),
            "manylinux2014_x86_64.manylinux_2_17_x86_64",
            "amd64",
        ),
        System(
            "linux-arm64",
            "aarch64-unknown-linux-gnu",
            ("linux", "arm64"),
            "manylinux2014_aarch64.manylinux_2_17_aarch64",
            "arm64",
        ),
        System("windows-x64", "x86_64-pc-windows-msvc", ("win32", "x64"), "win_amd64"),
        System("windows-arm64", "aarch64-pc-windows-msvc", ("win32", "arm64"), "win_arm64"),
        System("mac-x64", "x86_64-apple-darwin", ("darwin", "x64"), "macosx_10_12_x86_64"),
        System("mac-arm64", "aarch64-apple-darwin", ("darwin", "arm64"), "macosx_11_0_arm64"),
    )
}
