"""The machine that something was measured on, and the day."""

import os
import platform
import re
from datetime import date
from pathlib import Path


def processor() -> str:
    """Returns the name of the processor"""
    information = Path("/proc/cpuinfo")
    named = re.search(r"model name\s*: (.+)", information.read_text()) if information.exists() else None
    return named[1].strip() if named else platform.machine()


def memory() -> str:
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return f"{total / (1 << 30):.0f} GiB"


def machine() -> str:
    system = f"{platform.system()} {platform.release().split('-')[0]}"
    return f"{processor()}, {os.cpu_count()} processors, {memory()}, {system}"


def measured() -> str:
    """Returns the line that stands above figures"""
    return f"Measured on {date.today()}: {machine()}."
