"""The artefacts of a release, packed from stand-ins for the programs: contents, reproducibility, signatures, entries of lists.

scripts/test runs this; AZDO_BOT names the program that describes the package for Automation 360.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import unittest
import zipfile
from pathlib import Path

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

ROOT = Path(__file__).resolve().parent.parent.parent
SYSTEMS = ("linux-x64", "linux-arm64", "windows-x64", "windows-arm64", "mac-x64", "mac-arm64")
VERSION = tomllib.loads((ROOT / "Cargo.toml").read_text())["workspace"]["package"]["version"]
EPOCH = 1_800_000_000
REPOSITORY = "https://forge.example/azdo/azdo-bot"
# Signs by appending the kind, except for codesign, which it does not know.
SIGNER = '#!/bin/sh\n[ "$1" != codesign ] || exit 3\nprintf "%s" "$1" >"$2.signed"\ncase $1 in authenticode) echo signed >>"$2" ;; esac\n'


def pack(output: Path, programs: dict[str, Path], **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-B", str(ROOT / "packaging/pack.py"), "--any-glibc", "--output", str(output)]
    for name, path in programs.items():
        command += ["--program", f"{name}={path}"]
    settings = {**os.environ, "SOURCE_DATE_EPOCH": str(EPOCH), **environment}
    return subprocess.run(command, env=settings, capture_output=True, encoding="utf-8", check=False)


def digests(folder: Path) -> dict[str, str]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def stand_ins(folder: Path) -> dict[str, Path]:
    programs = {}
    for name in SYSTEMS:
        programs[name] = folder / name / "program"
        programs[name].parent.mkdir(parents=True)
        programs[name].write_text(f"a program for {name}\n")
    return programs


def contents(path: Path) -> dict[str, bytes]:
    """The files of an archive by their names"""
    if path.suffix == ".deb":
        data = subprocess.run(["dpkg-deb", "--fsys-tarfile", path], capture_output=True, check=True).stdout
        archive = tarfile.open(fileobj=io.BytesIO(data))
    elif path.suffix in (".whl", ".zip", ".jar"):
        with zipfile.ZipFile(path) as zipped:
            return {name: zipped.read(name) for name in zipped.namelist()}
    else:
        archive = tarfile.open(path)
    with archive:
        return {entry.name: archive.extractfile(entry).read() for entry in archive if entry.isfile()}


class Packed(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.folder = Path(tempfile.mkdtemp())
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.signer = cls.folder / "signer"
        cls.signer.write_text(SIGNER)
        cls.signer.chmod(0o755)
        cls.programs = stand_ins(cls.folder / "programs")
        cls.output = cls.folder / "output"
        cls.done = pack(cls.output, cls.programs, AZDO_BOT_REPOSITORY_URL=REPOSITORY)
        if cls.done.returncode:
            raise AssertionError(cls.done.stderr)

    def artefacts(self) -> list[Path]:
        kinds = (".gz", ".zip", ".deb", ".whl", ".tgz", ".jar")
        return [path for path in sorted(self.output.iterdir()) if path.suffix in kinds]

    def test_each_artefact_exists_for_each_system(self) -> None:
        kinds = [path.suffix for path in self.artefacts()]
        counted = {kind: kinds.count(kind) for kind in set(kinds)}
        self.assertEqual(counted, {".gz": 4, ".zip": 2, ".deb": 2, ".whl": 6, ".tgz": 7, ".jar": 1})

    def test_archives_and_debian_packages_have_the_manual_pages(self) -> None:
        pages = sorted(path.name for path in Path(__file__).parents[1].joinpath("man").glob("*.1"))
        self.assertIn("azdo-bot-call.1", pages)
        for path in self.artefacts():
            if path.suffix == ".deb":
                found = [name.rsplit("/", 1)[-1] for name in contents(path) if "/man/man1/" in name]
                self.assertEqual(sorted(found), [f"{page}.gz" for page in pages])
            elif path.name.startswith("azdo-bot-") and path.name.endswith((".tar.gz", ".zip")):
                found = [name.rsplit("/", 1)[-1] for name in contents(path) if "/man/" in name]
                self.assertEqual(sorted(found), pages)

    def test_the_pages_of_archives_and_debian_packages_lead_to_files_that_are_there(self) -> None:
        # What only the source has.
        source = {"packaging/requirements.txt", "tests/clients/mcp/conformance-skipped.toml"}
        for path in self.artefacts():
            if path.suffix != ".deb" and not (path.name.startswith("azdo-bot-") and path.name.endswith((".tar.gz", ".zip"))):
                continue
            found = contents(path)
            top = next(name for name in found if name.endswith("/README.md") and "/adapters/" not in name).removesuffix("README.md")
            names = {name.removeprefix(top) for name in found}
            names |= {name.removesuffix(".gz") for name in names} | {"LICENSE"}
            for page in [name for name in names if name.endswith(".md") and not name.startswith("docs/decisions/")]:
                text = (found.get(top + page) or gzip.decompress(found[f"{top}{page}.gz"])).decode()
                for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
                    target = os.path.normpath(os.path.join(os.path.dirname(page), link))
                    there = target in names | source or any(name.startswith(f"{target}/") for name in names)
                    self.assertTrue(there, f"{path.name}: {page} leads to {target}")

    def test_each_artefact_has_licence_notices_and_a_valid_bill_of_materials(self) -> None:
        validator = JsonStrictValidator(SchemaVersion.V1_6)
        for path in self.artefacts():
            with self.subTest(path.name):
                found = {name.rsplit("/", 1)[-1]: data for name, data in contents(path).items()}
                notices = found.get("THIRD-PARTY-NOTICES.txt") or gzip.decompress(found["THIRD-PARTY-NOTICES.txt.gz"])
                for work in (b"rustls 0.", b"The Rust standard library"):
                    self.assertIn(work, notices)
                self.assertIn(b"Permission is hereby granted", found.get("LICENSE") or found["copyright"])
                bill = found["azdo-bot.cdx.json"].decode()
                self.assertIsNone(validator.validate_str(bill))
                self.assertEqual(json.loads(bill)["metadata"]["component"]["version"], VERSION)

    def test_the_bill_names_the_crates_of_its_system_with_their_hashes(self) -> None:
        def crates(system: str) -> dict[str, dict]:
            bill = json.loads((self.output / f"azdo-bot-{VERSION}-{system}.cdx.json").read_text())
            return {one["name"]: one for one in bill["components"]}

        linux, windows = crates("linux-x64"), crates("windows-x64")
        self.assertIn("rustls-native-certs", linux)
        self.assertIn("windows-sys", windows)
        self.assertNotIn("windows-sys", linux)
        # Derive macros run in the compiler; test crates are in no program.
        self.assertFalse({"serde_derive", "insta", "proptest"} & set(linux))
        self.assertRegex(linux["ring"]["hashes"][0]["content"], "^[0-9a-f]{64}$")

    def test_the_same_input_gives_the_same_bytes(self) -> None:
        elsewhere = stand_ins(self.folder / "elsewhere")
        for path in elsewhere.values():
            path.chmod(0o700)
            os.utime(path, (1, 1))
        again = self.folder / "again"
        done = pack(again, elsewhere, AZDO_BOT_REPOSITORY_URL=REPOSITORY, TZ="Asia/Tokyo", TMPDIR=str(self.folder))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(digests(again), digests(self.output))

    def test_entries_of_archives_have_one_date_one_owner_and_two_modes(self) -> None:
        for path in self.artefacts():
            if path.suffix not in (".gz", ".tgz"):
                continue
            with self.subTest(path.name), tarfile.open(path) as archive:
                entries = [entry for entry in archive if entry.isfile()]
                self.assertEqual({(entry.uid, entry.gid) for entry in entries}, {(0, 0)})
                self.assertEqual(len({entry.mtime for entry in entries}), 1)
                programs = {entry.name.rsplit("/", 1)[-1] for entry in entries if entry.mode & 0o111}
                self.assertLessEqual(programs, {"azdo-bot", "azdo-bot.exe"})
                self.assertLessEqual({entry.mode & 0o777 for entry in entries}, {0o644, 0o755})

    def test_the_package_for_node_red_depends_on_the_program_of_each_system(self) -> None:
        files = contents(self.output / f"node-red-contrib-azure-devops-bot-{VERSION}.tgz")
        description = json.loads(files["package/package.json"])
        self.assertNotIn("scripts", description)
        for name in ("azure-devops.js", "examples/release-day.json", "icons/session-connect.svg", "lib/session.js", "resources/editor.mjs"):
            self.assertIn(f"package/{name}", files)
        self.assertEqual(len(description["optionalDependencies"]), len(SYSTEMS))
        for name, version in description["optionalDependencies"].items():
            one = contents(self.output / f"{name}-{version}.tgz")
            program = "azdo-bot.exe" if "win32" in name else "azdo-bot"
            self.assertIn(b"a program for", one[f"package/bin/{program}"])
            system = json.loads(one["package/package.json"])
            self.assertEqual(name, f"azdo-bot-{system['os'][0]}-{system['cpu'][0]}")

    def test_the_sums_are_those_of_the_files(self) -> None:
        found = digests(self.output)
        sums = dict(line.split("  ")[::-1] for line in (self.output / "SHA256SUMS").read_text().splitlines())
        self.assertEqual(sums, {name: found[name] for name in sums})
        self.assertLessEqual({path.name for path in self.artefacts()}, set(sums))

    def test_the_entries_of_lists_have_the_address_and_hash_of_each_archive(self) -> None:
        listings = self.output / "listings"
        winget = (listings / "winget/AzdoBot.AzdoBot.installer.yaml").read_text()
        scoop = json.loads((listings / "scoop/azdo-bot.json").read_text())
        homebrew = (listings / "homebrew/azdo-bot.rb").read_text()
        found = digests(self.output)
        for name in (path.name for path in self.artefacts() if path.suffix in (".gz", ".zip")):
            address = f"{REPOSITORY}/releases/download/v{VERSION}/{name}"
            if name.endswith(".zip"):
                self.assertIn(f"InstallerUrl: {address}\n  InstallerSha256: {found[name].upper()}\n", winget)
                architecture = "arm64" if "arm64" in name else "64bit"
                self.assertEqual(scoop["architecture"][architecture]["url"], address)
                self.assertEqual(scoop["architecture"][architecture]["hash"], found[name])
                inside = scoop["architecture"][architecture]["extract_dir"]
                self.assertIn(f"{inside}/azdo-bot.exe", contents(self.output / name))
            else:
                self.assertIn(f'url "{address}"\n      sha256 "{found[name]}"\n', homebrew)

    def test_what_is_not_signed_is_named(self) -> None:
        last = self.done.stdout.splitlines()[-1]
        for kind in ("authenticode", "codesign", "jarsigner", "minisign"):
            self.assertIn(f"({kind})", last)

    def test_the_hook_signs_programs_before_they_are_packed_and_names_the_kinds_that_it_cannot_sign(self) -> None:
        output = self.folder / "signed"
        programs = {name: self.programs[name] for name in ("windows-x64", "mac-arm64")}
        done = pack(output, programs, AZDO_BOT_SIGN=str(self.signer))
        self.assertEqual(done.returncode, 0, done.stderr)
        unsigned = [line for line in done.stdout.splitlines() if line.startswith("Not signed")]
        self.assertEqual(unsigned, ["Not signed: azdo-bot (codesign)"])
        archive = contents(output / f"azdo-bot-{VERSION}-windows-x64.zip")
        signed = archive[f"azdo-bot-{VERSION}-windows-x64/azdo-bot.exe"]
        self.assertTrue(signed.endswith(b"signed\n"))
        jar = contents(output / f"azure-devops-{VERSION}.jar")
        self.assertEqual(jar["azdobot/bin/windows-x64/azdo-bot.exe"], signed)
        self.assertEqual((output / f"azure-devops-{VERSION}.jar.signed").read_text(), "jarsigner")
        self.assertEqual((output / "SHA256SUMS.signed").read_text(), "minisign")
        self.assertEqual(self.programs["windows-x64"].read_text(), "a program for windows-x64\n")


class Refused(unittest.TestCase):
    def test_a_wrong_system_a_missing_file_and_a_folder_with_other_files(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            program, other = folder / "program", folder / "other"
            program.write_text("a program")
            other.mkdir()
            (other / "letter.txt").write_text("keep me")
            for programs, output, message in (
                ({"solaris": program}, folder / "output", "there is no system solaris"),
                ({"linux-x64": folder / "missing"}, folder / "output", "there is no file"),
                ({"linux-x64": program}, other, "has other files"),
            ):
                done = pack(output, programs)
                self.assertEqual(done.returncode, 1)
                self.assertIn(message, done.stderr)
            self.assertTrue((other / "letter.txt").exists())

    def test_a_program_that_needs_a_newer_glibc(self) -> None:
        sys.path.insert(0, str(ROOT / "packaging"))
        import glibc
        from project import PackagingError

        # Python itself was built on a system of this decade.
        with self.assertRaisesRegex(PackagingError, "needs (glibc|libraries)"):
            glibc.check(Path(os.path.realpath(sys.executable)))


if __name__ == "__main__":
    unittest.main()
