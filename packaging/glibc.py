"""Which glibc a program for Linux needs: what the tags of the wheel and the Debian package promise is checked."""

from __future__ import annotations

from pathlib import Path

from elftools.elf.elffile import ELFFile

from project import PackagingError

NEWEST = (2, 17)
# The libraries of glibc itself; the policy of manylinux allows more, which are not needed.
LIBRARIES = {"libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1", "libutil.so.1"}
LOADERS = ("ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1")


def check(program: Path) -> None:
    with program.open("rb") as file:
        elf = ELFFile(file)
        needed = [tag.needed for tag in elf.get_section_by_name(".dynamic").iter_tags() if tag.entry.d_tag == "DT_NEEDED"]
        versions = {
            name.name.removeprefix("GLIBC_")
            for _, names in elf.get_section_by_name(".gnu.version_r").iter_versions()
            for name in names
            if name.name.startswith("GLIBC_")
        }
    other = sorted(set(needed) - LIBRARIES - set(LOADERS))
    if other:
        raise PackagingError(f"{program} needs libraries that a bare system may not have: {', '.join(other)}")
    newer = sorted(version for version in versions if tuple(map(int, version.split("."))) > NEWEST)
    if newer:
        wanted = ".".join(map(str, NEWEST))
        raise PackagingError(f"{program} needs glibc {', '.join(newer)}; it must run with {wanted}")
