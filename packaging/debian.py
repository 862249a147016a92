"""The Debian package of a system: the program, its pages and examples."""

from __future__ import annotations

import textwrap

from archives import BILL, NOTICES, about, reading
from files import EXECUTABLE, compress, copy, files, normalize, write
from project import DESCRIPTION, ROOT, Release, date, run
from systems import System

MAINTAINER = "The azdo-bot maintainers <maintainers@azdo-bot.invalid>"
LONG = """Repositories, pull requests, pipelines, releases and work items of Azure DevOps as actions of bots: as bot files, from
other runtimes by JSON-RPC, and against a simulator of Azure DevOps, which is included."""

COPYRIGHT = f"""Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: azdo-bot
Comment: The program contains other works; their licences are in {NOTICES}.gz and {BILL} beside this file.

Files: *
Copyright: 2026 The azdo-bot maintainers
License: Expat
"""


def _license() -> str:
    text = (ROOT / "LICENSE").read_text().split("\n\n", 2)[2].strip()
    return "".join(f" {line or '.'}\n" for line in text.splitlines())


def _control(release: Release, system: System, kibibytes: int) -> str:
    description = "".join(f" {line}\n" for line in textwrap.wrap(LONG, 76))
    homepage = f"Homepage: {release.repository}\n" if release.repository else ""
    # libgcc is not needed: the linker adds its own unwinder.
    return f"""Package: azdo-bot
Version: {release.version}
Architecture: {system.debian}
Maintainer: {MAINTAINER}
Installed-Size: {kibibytes}
Depends: libc6 (>= 2.17)
Recommends: ca-certificates
{homepage}Section: devel
Priority: optional
Description: {DESCRIPTION.split(':')[0]}
{description}"""


def make(release: Release, system: System) -> None:
    folder = release.stage(f"deb-{system.name}")
    copy(release.programs[system], folder / "usr/bin/azdo-bot", EXECUTABLE)
    documents = folder / "usr/share/doc/azdo-bot"
    about((system,), documents)
    (documents / "LICENSE").unlink()
    notices = documents / NOTICES
    write(documents / f"{NOTICES}.gz", compress(notices.read_bytes()))
    notices.unlink()
    write(documents / "copyright", COPYRIGHT + _license())
    entry = f"azdo-bot ({release.version}) unstable; urgency=medium\n\n  * See CHANGELOG.md.gz.\n\n -- {MAINTAINER}  "
    write(documents / "changelog.gz", compress(f"{entry}{date():%a, %d %b %Y %H:%M:%S +0000}\n".encode()))
    write(documents / "CHANGELOG.md.gz", compress((ROOT / "CHANGELOG.md").read_bytes()))
    for page in ("README.md", "SECURITY.md"):
        copy(ROOT / page, documents / page)
    reading(documents)
    for page in sorted((ROOT / "packaging/man").glob("*.1")):
        write(folder / f"usr/share/man/man1/{page.name}.gz", compress(page.read_bytes()))
    size = sum(path.stat().st_size for path in files(folder)) // 1024
    write(folder / "DEBIAN/control", _control(release, system, size))
    normalize(folder)
    target = release.output / f"azdo-bot_{release.version}_{system.debian}.deb"
    run("dpkg-deb", "--root-owner-group", "-Zxz", "--build", folder, release.add(target))
