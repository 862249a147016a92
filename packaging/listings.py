"""The entries for winget, Scoop and Homebrew, from the archives of this release and the address they are downloaded from."""

from __future__ import annotations

import hashlib
import json

from files import write
from project import DESCRIPTION, Release, date
from systems import SYSTEMS, System

WINGET = "AzdoBot.AzdoBot"
WINGET_SCHEMA = "1.9.0"
SHORT = DESCRIPTION.split(":")[0]


class Listings:
    def __init__(self, release: Release) -> None:
        self.release = release
        self.folder = release.output / "listings"

    def archive(self, system: System) -> tuple[str, str]:
        """The address of a system's archive, and its SHA-256"""
        ending = "zip" if system.windows else "tar.gz"
        name = f"azdo-bot-{self.release.version}-{system.name}.{ending}"
        digest = hashlib.sha256((self.release.output / name).read_bytes()).hexdigest()
        return f"{self.release.repository}/releases/download/v{self.release.version}/{name}", digest

    def given(self, *names: str) -> list[System]:
        return [SYSTEMS[name] for name in names if SYSTEMS[name] in self.release.programs]

    def winget(self) -> None:
        common = f"PackageIdentifier: {WINGET}\nPackageVersion: {self.release.version}\n"
        installers = ""
        for system in self.given("windows-x64", "windows-arm64"):
            address, digest = self.archive(system)
            inside = f"azdo-bot-{self.release.version}-{system.name}\\azdo-bot.exe"
            installers += f"""- Architecture: {system.npm[1]}
  InstallerUrl: {address}
  InstallerSha256: {digest.upper()}
  NestedInstallerFiles:
  - RelativeFilePath: {inside}
    PortableCommandAlias: azdo-bot
"""
        kinds = {
            "": ("version", "DefaultLocale: en-US\n"),
            ".installer": (
                "installer",
                "InstallerType: zip\nNestedInstallerType: portable\nCommands:\n- azdo-bot\n"
                f"ReleaseDate: {date():%Y-%m-%d}\nInstallers:\n{installers}",
            ),
            ".locale.en-US": (
                "defaultLocale",
                "PackageLocale: en-US\nPublisher: The azdo-bot maintainers\nPackageName: azdo-bot\n"
                f"PackageUrl: {self.release.repository}\nLicense: MIT\nShortDescription: {SHORT}\n",
            ),
        }
        for suffix, (kind, body) in kinds.items():
            ending = f"ManifestType: {kind}\nManifestVersion: {WINGET_SCHEMA}\n"
            write(self.folder / f"winget/{WINGET}{suffix}.yaml", common + body + ending)

    def scoop(self) -> None:
        architectures = {}
        for system, key in ((SYSTEMS["windows-x64"], "64bit"), (SYSTEMS["windows-arm64"], "arm64")):
            if system in self.release.programs:
                address, digest = self.archive(system)
                folder = f"azdo-bot-{self.release.version}-{system.name}"
                architectures[key] = {"url": address, "hash": digest, "extract_dir": folder}
        manifest = {
            "version": self.release.version,
            "description": SHORT,
            "homepage": self.release.repository,
            "license": "MIT",
            "architecture": architectures,
            "bin": "azdo-bot.exe",
        }
        write(self.folder / "scoop/azdo-bot.json", json.dumps(manifest, indent=4) + "\n")

    def homebrew(self) -> None:
        blocks = ""
        for block, arm, intel in (("macos", "mac-arm64", "mac-x64"), ("linux", "linux-arm64", "linux-x64")):
            inner = ""
            for name, system in (("arm", arm), ("intel", intel)):
                for one in self.given(system):
                    address, digest = self.archive(one)
                    inner += f'    on_{name} do\n      url "{address}"\n      sha256 "{digest}"\n    end\n'
            blocks += f"  on_{block} do\n{inner}  end\n\n" if inner else ""
        write(
            self.folder / "homebrew/azdo-bot.rb",
            f"""class AzdoBot < Formula
  desc "{SHORT}"
  homepage "{self.release.repository}"
  version "{self.release.version}"
  license "MIT"

{blocks}  def install
    bin.install "azdo-bot"
    pkgshare.install "examples"
    doc.install Dir["*.md", "*.txt", "*.json", "docs"]
  end

  test do
    system bin/"azdo-bot", "run", pkgshare/"examples/bots/release-day.bot.json", "--simulate"
  end
end
""",
        )

    def make(self) -> list[str]:
        """Writes each entry that has its archives; returns the names of the others"""
        if not self.release.repository:
            return ["winget", "scoop", "homebrew"]
        missing = []
        for name, systems in (("winget", ["windows-x64"]), ("scoop", ["windows-x64"]), ("homebrew", ["mac-arm64", "mac-x64"])):
            if len(self.given(*systems)) == len(systems):
                getattr(self, name)()
            else:
                missing.append(name)
        return missing
