"""Verifies a log from its files alone: python3 verify.py DIRECTORY VERIFIER_KEY [INDEX]

Written from RFC 6962 and the pages of C2SP, and shares nothing with the Rust program. Reads the
checkpoint and its signature, every entry bundle and every tile, and proves one entry.
"""

import base64
import hashlib
import pathlib
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def sha(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def root(leaves: list) -> bytes:
    """MTH of RFC 6962, section 2.1."""
    if len(leaves) < 2:
        return leaves[0] if leaves else sha()
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return sha(b"\1", root(leaves[:split]), root(leaves[split:]))


def path(index: int, leaves: list) -> list:
    """PATH of RFC 6962, section 2.1.1."""
    if len(leaves) < 2:
        return []
    split = 1 << (len(leaves) - 1).bit_length() - 1
    if index < split:
        return path(index, leaves[:split]) + [root(leaves[split:])]
    return path(index - split, leaves[split:]) + [root(leaves[:split])]


def included(leaf: bytes, index: int, size: int, proof: list) -> bytes:
    """The root that a proof leads to (RFC 9162, section 2.1.3.2)."""
    node, last = index, size - 1
    for sibling in proof:
        if node & 1 or node == last:
            leaf = sha(b"\1", sibling, leaf)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            leaf = sha(b"\1", leaf, sibling)
        node, last = node >> 1, last >> 1
    assert last == 0, "the proof is too short"
    return leaf


def opened(note: str, key: str) -> tuple:
    """Origin, size and root of a checkpoint that this key signed."""
    name, key_id, coded = key.split("+", 2)
    material = base64.b64decode(coded)
    assert material[0] == 1 and sha(name.encode(), b"\n", material)[:4].hex() == key_id, "bad key"
    text, lines = note.rsplit("\n\n", 1)
    text += "\n"
    for line in lines.splitlines():
        dash, signer, signature = line.split(" ")
        raw = base64.b64decode(signature, validate=True)
        if dash == "\u2014" and signer == name and raw[:4].hex() == key_id:
            Ed25519PublicKey.from_public_bytes(material[1:]).verify(raw[4:], text.encode())
            origin, size, digest = text.splitlines()[:3]
            assert origin == name, "another origin"
            return origin, int(size), base64.b64decode(digest, validate=True)
    raise AssertionError("the log has not signed")


def tile(folder: pathlib.Path, level: str, index: int, width: int) -> bytes:
    digits = f"{index:03}" if index < 1000 else f"x{index // 1000:03}/{index % 1000:03}"
    end = "" if width == 256 else f".p/{width}"
    return (folder / f"tile/{level}/{digits}{end}").read_bytes()


def entries(bundle: bytes) -> list:
    out = []
    while bundle:
        length = int.from_bytes(bundle[:2], "big")
        assert len(bundle) >= 2 + length, "a bundle is cut"
        out.append(bundle[2 : 2 + length])
        bundle = bundle[2 + length :]
    return out


def main(folder: pathlib.Path, key: str, index: int) -> None:
    origin, size, signed = opened((folder / "checkpoint").read_text("utf-8"), key)
    leaves, first = [], b""
    for at in range(0, size, 256):
        width = min(256, size - at)
        bundle = entries(tile(folder, "entries", at // 256, width))
        assert len(bundle) == width, f"bundle {at // 256} has {len(bundle)} entries"
        leaves += [sha(b"\0", entry) for entry in bundle]
    assert root(leaves) == signed, "the entries have another root than was signed"
    level, hashes = 0, leaves
    while hashes:
        for at in range(0, len(hashes), 256):
            part = hashes[at : at + 256]
            found = tile(folder, str(level), at // 256, len(part))
            assert found == b"".join(part), f"tile {level}/{at // 256} is another"
        whole = len(hashes) - len(hashes) % 256
        hashes = [root(hashes[at : at + 256]) for at in range(0, whole, 256)]
        level += 1
    proof = path(index, leaves)
    assert included(leaves[index], index, size, proof) == signed, "the proof does not hold"
    print(f"{origin}: {size} entries in {level} levels verified, entry {index} proven by"
          f" {len(proof)} hashes")


if __name__ == "__main__":
    try:
        main(pathlib.Path(sys.argv[1]), sys.argv[2], int((sys.argv[3:] or ["0"])[0]))
    except (AssertionError, InvalidSignature, OSError, ValueError) as wrong:
        sys.exit(f"not verified: {type(wrong).__name__} {wrong}")
