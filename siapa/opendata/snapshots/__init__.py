"""Snapshots: the registry as of change N, in files that anybody can verify without us.

A snapshot is a folder. Its manifest names the content of every table by SHA-256 and by the
root of a Merkle tree over its records, and the manifest of the snapshot before it; so whoever
keeps one digest can tell of every earlier record whether it was there, and of a copy whether
it is whole. Made by ``making``; everything else here works without a database.
"""

from siapa.opendata.snapshots.differing import difference
from siapa.opendata.snapshots.making import make
from siapa.opendata.snapshots.manifest import Manifest, Unreadable, folders, manifest_of, snapshots
from siapa.opendata.snapshots.proving import proof, proof_faults
from siapa.opendata.snapshots.verifying import faults

#: Where a registry keeps its snapshots, below its instance folder.
FOLDER = "snapshots"

__all__ = [
    "FOLDER",
    "Manifest",
    "Unreadable",
    "difference",
    "faults",
    "folders",
    "make",
    "manifest_of",
    "proof",
    "proof_faults",
    "snapshots",
]
