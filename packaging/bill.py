"""The bill of materials: CycloneDX 1.6 in JSON, of the program of one system or of several."""

from __future__ import annotations

import json
import uuid
from functools import cache

from dependencies import PROGRAM, Crate, all_linked, rust_version
from project import date
from systems import System

# Any fixed name: the serial number follows from the contents.
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://cyclonedx.org/schema/bom-1.6.schema.json")


def _reference(crate: Crate) -> str:
    return f"pkg:cargo/{crate.name}@{crate.version}"


def _component(crate: Crate) -> dict:
    component = {
        "type": "application" if crate.name == PROGRAM else "library",
        "bom-ref": _reference(crate),
        "name": crate.name,
        "version": crate.version,
        "description": crate.description,
        "licenses": [{"expression": crate.license}],
        "purl": _reference(crate),
    }
    if crate.checksum:
        component["hashes"] = [{"alg": "SHA-256", "content": crate.checksum}]
    if crate.repository:
        component["externalReferences"] = [{"type": "vcs", "url": crate.repository}]
    return component


def _standard_library() -> dict:
    """It is in every Rust program, and no crate of the lock file"""
    return {
        "type": "library",
        "bom-ref": f"rust-std@{rust_version()}",
        "name": "rust-std",
        "version": rust_version(),
        "description": "The Rust standard library",
        "licenses": [{"expression": "MIT OR Apache-2.0"}],
    }


@cache
def bill(systems: tuple[System, ...]) -> str:
    crates = all_linked(systems)
    [program] = [crate for crate in crates if crate.name == PROGRAM]
    standard = _standard_library()
    dependencies = [
        {"ref": _reference(crate), "dependsOn": sorted([*map(_reference, crates[crate]), standard["bom-ref"]])}
        for crate in sorted(crates)
    ]
    document = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "timestamp": date().isoformat().replace("+00:00", "Z"),
            "lifecycles": [{"phase": "build"}],
            "component": _component(program),
            "properties": [{"name": "azdo-bot:target", "value": system.target} for system in systems],
        },
        "components": [*(_component(crate) for crate in sorted(crates) if crate != program), standard],
        "dependencies": [*dependencies, {"ref": standard["bom-ref"], "dependsOn": []}],
    }
    text = json.dumps(document, sort_keys=True)
    document["serialNumber"] = f"urn:uuid:{uuid.uuid5(NAMESPACE, text)}"
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
