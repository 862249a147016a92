"""THIRD-PARTY-NOTICES: the licence and notice files of everything that is in the programs, each text once."""

from __future__ import annotations

import html
import re
from functools import cache
from pathlib import Path

from dependencies import Crate, all_linked, rust_folder, rust_version
from project import PackagingError
from systems import System

NAME = re.compile(r"(licen[cs]e|copying|copyright|notice|unlicense)", re.IGNORECASE)
NO_TEXT = {".rs", ".html", ".py", ".sh", ".c", ".h"}
LINE = "=" * 100

HEAD = """Third-party notices

The programs of this release contain the works below. Each licence text is followed by the works it came with.
"""

# The linker adds parts of compiler-rt, libunwind and the start files of glibc to the programs for Linux.
LINKED_BY_ZIG = """The programs for Linux also contain start-up code of the GNU C library (LGPL-2.1-or-later, with the exception that lets
programs under any licence contain it) and parts of LLVM's compiler-rt and libunwind (Apache-2.0 WITH LLVM-exception).
"""


def _texts(folder: Path) -> list[str]:
    """The licence files of a crate, those of bundled code in folders below it included"""
    found = (
        path
        for path in folder.rglob("*")
        if NAME.match(path.name) and path.suffix not in NO_TEXT and path.is_file() and "tests" not in path.parts
    )
    texts = (path.read_text("utf-8", errors="replace") for path in sorted(found))
    return ["\n".join(line.rstrip() for line in text.strip().splitlines()) for text in texts]


def _without_own_text(crates: list[Crate], texts: dict[Crate, list[str]]) -> dict[Crate, list[str]]:
    """The texts for crates that ship none: those of another crate with the same licence, from the same repository first"""
    found = {}
    for crate in crates:
        same = [other for other, own in texts.items() if own and set(_names(other)) & set(_names(crate))]
        if not same:
            raise PackagingError(f"{crate.name} {crate.version} ships no licence text, and no crate with {crate.license} does")
        same.sort(key=lambda other: (other.repository != crate.repository, other.license != crate.license, other))
        found[crate] = texts[same[0]]
    return found


def _names(crate: Crate) -> list[str]:
    return [name for name in re.split(r"[\s()]+", crate.license) if name not in ("AND", "OR", "WITH", "")]


def _standard_library() -> str:
    """The toolchain's own page for its standard library, as text; a licence that was there already is left out"""
    page = (rust_folder() / "share/doc/rust/COPYRIGHT-library.html").read_text("utf-8")
    body = page[page.index("<h2 id=\"short-version\">") :]
    seen: set[str] = set()

    def once(block: re.Match[str]) -> str:
        text = block[1].strip("\n")
        repeated = text in seen
        seen.add(text)
        return "(the text is above)" if repeated else f"\n{text}\n"

    text = html.unescape(re.sub(r"<[^>]+>", "", re.sub(r"<pre>(.*?)</pre>", once, body, flags=re.DOTALL)))
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip()


@cache
def notices(systems: tuple[System, ...]) -> str:
    crates = sorted(crate for crate in all_linked(systems) if crate.checksum)
    texts = {crate: _texts(crate.folder) for crate in crates}
    borrowed = _without_own_text([crate for crate in crates if not texts[crate]], texts)
    works: dict[str, list[str]] = {}
    for crate in crates:
        for text in dict.fromkeys(texts[crate] or borrowed[crate]):
            name = f"{crate.name} {crate.version} ({crate.license})"
            works.setdefault(text, []).append(name if texts[crate] else f"{name}, which ships no text")
    rust = [f"The Rust standard library {rust_version()} (MIT OR Apache-2.0)", "", _standard_library(), ""]
    parts = [HEAD, *([LINKED_BY_ZIG] if any(system.linux for system in systems) else [])]
    for text, names in sorted(works.items(), key=lambda work: (-len(work[1]), work[1])):
        parts.append("\n".join([LINE, "", text, "", "-" * 100, *names, ""]))
    return "\n".join([*parts, LINE, "", *rust])
