#!/usr/bin/env python3
"""Links the program so that the functions of a usual start and call lie side by side.

The system loads a program in pieces of 64 KiB, so that functions which lie far apart cost memory for all that lies between them.
`functions.txt` lists those that a usual process calls; `scripts/order-functions` writes it.

cargo-zigbuild starts this script as the Python that has zig, with the arguments `-m ziglang …`. Zig does not accept an order of
functions, but its linker does: the program is linked a second time, with the command that zig has shown.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

FUNCTIONS = Path(__file__).parent / "functions.txt"
# Part of the listed functions that have to be in the program
ENOUGH = 0.75
ZIG = [sys.executable, "-m", "ziglang"]


def digest(symbol: str) -> str:
    """Returns how a function is listed: a digest of its name without the hashes of crates, which depend on versions and the target"""
    name = re.sub(r"Cs[0-9A-Za-z]+_|\.llvm\.\d+$", "", symbol)
    return hashlib.sha256(name.encode()).hexdigest()[:12]


def ordered(symbols: Iterable[str], functions: list[str]) -> list[str]:
    """Returns the symbols of the listed functions, in the order of the list"""
    found: dict[str, list[str]] = {}
    for symbol in symbols:
        found.setdefault(digest(symbol), []).append(symbol)
    return [symbol for function in functions for symbol in found.get(function, [])]


def symbols(program: Path) -> list[str]:
    """Returns the names of the functions of a program that is not stripped"""
    from elftools.elf.elffile import ELFFile

    with program.open("rb") as file:
        table = ELFFile(file).get_section_by_name(".symtab")
        functions = (symbol for symbol in table.iter_symbols() if symbol["st_info"]["type"] == "STT_FUNC")
        return [symbol.name for symbol in functions if symbol["st_shndx"] != "SHN_UNDEF"]


def output(arguments: list[str]) -> Path | None:
    """Returns the file that a command of the compiler driver links, if it is the program"""
    if arguments[:1] != ["cc"] or "-o" not in arguments:
        return None
    file = Path(arguments[arguments.index("-o") + 1])
    return file if re.fullmatch(r"azdo_bot-[0-9a-f]+", file.name) else None


def link(arguments: list[str], program: Path) -> None:
    with_names = [argument for argument in arguments if argument not in ("-s", "-Wl,-s", "-Wl,--strip-all")]
    shown = subprocess.run([*ZIG, *with_names], env={**os.environ, "ZIG_VERBOSE_LINK": "1"}, stderr=subprocess.PIPE, text=True)
    command = next((line.split() for line in reversed(shown.stderr.splitlines()) if line.startswith("ld.lld ")), None)
    if shown.returncode or not command:
        sys.exit(shown.stderr)
    # scripts/order-functions reads it.
    shutil.copy(program, program.with_name("azdo-bot-with-names"))
    functions = FUNCTIONS.read_text().split() if FUNCTIONS.exists() else []
    order = ordered(symbols(program), functions)
    if len({digest(symbol) for symbol in order}) < ENOUGH * len(functions):
        sys.exit(f"less than {ENOUGH:.0%} of the functions in {FUNCTIONS} are in the program: run scripts/order-functions")
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("".join(f"{symbol}\n" for symbol in order))
        file.flush()
        options = [f"--symbol-ordering-file={file.name}", "--no-warn-symbol-ordering", "--strip-all"]
        subprocess.run([*ZIG, *command, *options], check=True)


def main() -> None:
    arguments = sys.argv[1:]
    if arguments[:2] != ["-m", "ziglang"]:
        os.execv(sys.executable, [sys.executable, *arguments])
    arguments = arguments[2:]
    program = output(arguments)
    if program is None:
        os.execv(ZIG[0], [*ZIG, *arguments])
    link(arguments, program)


if __name__ == "__main__":
    main()
