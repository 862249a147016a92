"""Folders and archives that depend on their contents alone: names sorted, one date, one owner, two modes."""

from __future__ import annotations

import gzip
import os
import shutil
import stat
import tarfile
import zipfile
from pathlib import Path

from project import ROOT, date, epoch

EXECUTABLE = 0o755
PLAIN = 0o644


def copy(source: Path, target: Path, mode: int = PLAIN) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    target.chmod(mode)


def write(target: Path, text: str | bytes, mode: int = PLAIN) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(text.encode() if isinstance(text, str) else text)
    target.chmod(mode)


def copy_tracked(folder: str, target: Path, pattern: str = "**/*") -> None:
    """Copies the files of a folder of this repository, without what tests and editors leave behind"""
    for file in sorted((ROOT / folder).glob(pattern)):
        if file.is_file() and "__pycache__" not in file.parts:
            copy(file, target / file.relative_to(ROOT / folder))


def normalize(folder: Path) -> None:
    """Gives everything in a folder the one date, and directories the one mode"""
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir():
            path.chmod(EXECUTABLE)
        os.utime(path, (epoch(), epoch()))
    folder.chmod(EXECUTABLE)
    os.utime(folder, (epoch(), epoch()))


def files(folder: Path) -> list[Path]:
    return sorted((path for path in folder.rglob("*") if path.is_file()), key=lambda path: path.relative_to(folder).as_posix())


def compress(data: bytes) -> bytes:
    return gzip.compress(data, compresslevel=9, mtime=0)


def tar_gz(folder: Path, target: Path) -> None:
    """Packs a folder, under its own name"""
    plain = target.with_name(target.name + ".tar")
    with tarfile.open(plain, "w", format=tarfile.PAX_FORMAT) as archive:
        for path in files(folder):
            entry = tarfile.TarInfo(f"{folder.name}/{path.relative_to(folder).as_posix()}")
            entry.size = path.stat().st_size
            entry.mode = stat.S_IMODE(path.stat().st_mode)
            entry.mtime = epoch()
            with path.open("rb") as content:
                archive.addfile(entry, content)
    target.write_bytes(compress(plain.read_bytes()))
    plain.unlink()


def zipped(folder: Path, target: Path) -> None:
    """Packs a folder, under its own name"""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in files(folder):
            entry = zipfile.ZipInfo(f"{folder.name}/{path.relative_to(folder).as_posix()}", date().timetuple()[:6])
            entry.external_attr = path.stat().st_mode << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes())
