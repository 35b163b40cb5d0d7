"""Lock a PDF by hand with the standard security handler: RC4 with 128 bits, or AES with 256."""

import re
from collections.abc import Callable, Iterator
from hashlib import md5, sha256, sha384, sha512

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from write_pdf import file_of

PADDING = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
NAME = b"0123456789abcdef"  # of the file
ALLOWED = (-3904).to_bytes(4, "little", signed=True)  # neither printing nor copying
FILE_KEY = bytes(range(32))
BLOCK = 16
Lock = Callable[[int, bytes], bytes]  # the bytes of an object, given its number


def locked(payload: bytes, password: bytes = b"", kind: str = "rc4", handler: str = "Standard") -> bytes:
    """A file of `write_pdf` that opens with a password; every viewer tries the empty one first."""
    lock, words = (_rc4_lock if kind == "rc4" else _aes_lock)(password)
    objects = [*_locked(payload, lock), f"<</Filter/{handler}/P -3904{words}>>".encode()]
    name = NAME.hex()
    trailer = f"/Root 1 0 R/Encrypt {len(objects)} 0 R/ID[<{name}><{name}>]"
    return file_of(objects).replace(b"/Root 1 0 R", trailer.encode())


def _locked(payload: bytes, lock: Lock) -> Iterator[bytes]:
    """The objects of a file, their strings and streams locked."""
    for number, one in enumerate(re.findall(rb"\d+ 0 obj\n(.*?)\nendobj\n", payload, re.DOTALL), 1):
        head, stream, body = one.partition(b"\nstream\n")
        # Every second part is a string.
        parts = re.split(rb"\(([^)]*)\)", head)
        parts[1::2] = [f"<{lock(number, part).hex()}>".encode() for part in parts[1::2]]
        content = lock(number, body.removesuffix(b"\nendstream")) if stream else b""
        head = re.sub(rb"/Length \d+", b"/Length %d" % len(content), b"".join(parts))
        yield head + stream + content + (b"\nendstream" if stream else b"")


def _rc4_lock(password: bytes) -> tuple[Lock, str]:
    owner = _rc4_rounds(_md5_rounds(_md5(PADDING)), (password + PADDING)[:32])
    key = _md5_rounds(_md5((password + PADDING)[:32] + owner + ALLOWED + NAME))
    user = _rc4_rounds(key, _md5(PADDING + NAME)) + bytes(16)

    def lock(number: int, data: bytes) -> bytes:
        return _rc4(_md5(key + number.to_bytes(3, "little") + bytes(2)), data)

    return lock, f"/V 2/R 3/Length 128/O<{owner.hex()}>/U<{user.hex()}>"


def _md5(data: bytes) -> bytes:
    return md5(data, usedforsecurity=False).digest()


def _md5_rounds(key: bytes) -> bytes:
    for _ in range(50):
        key = _md5(key)
    return key


def _rc4_rounds(key: bytes, data: bytes) -> bytes:
    for k in range(20):
        data = _rc4(bytes(one ^ k for one in key), data)
    return data


def _rc4(key: bytes, data: bytes) -> bytes:
    state, j, out = list(range(256)), 0, bytearray()
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    i = j = 0
    for one in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(one ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


def _aes_lock(password: bytes) -> tuple[Lock, str]:
    user = _hash(password, b"validate") + b"validate" + b"the keys"
    opened = _cbc(_hash(password, b"the keys"), bytes(BLOCK), FILE_KEY)
    allowed = _cbc(FILE_KEY, bytes(BLOCK), ALLOWED + b"\xff\xff\xff\xffTadb" + bytes(4))

    def lock(_: int, data: bytes) -> bytes:
        rest = BLOCK - len(data) % BLOCK
        return NAME + _cbc(FILE_KEY, NAME, data + bytes([rest]) * rest)

    return lock, (
        "/V 5/R 6/Length 256/CF<</StdCF<</CFM/AESV3/AuthEvent/DocOpen/Length 32>>>>/StmF/StdCF/StrF/StdCF"
        f"/O<{bytes(48).hex()}>/OE<{bytes(32).hex()}>/U<{user.hex()}>/UE<{opened.hex()}>/Perms<{allowed.hex()}>"
    )


def _hash(password: bytes, salt: bytes) -> bytes:
    """The hash of a password as PDF 2.0 has it."""
    key, number, last = sha256(password + salt).digest(), 0, 255
    while number < 64 or last > number - 32:
        mixed = _cbc(key[:16], key[16:32], (password + key) * 64)
        key = (sha256, sha384, sha512)[sum(mixed[:16]) % 3](mixed).digest()
        number, last = number + 1, mixed[-1]
    return key[:32]


def _cbc(key: bytes, start: bytes, data: bytes) -> bytes:
    cipher = Cipher(algorithms.AES(key), modes.CBC(start)).encryptor()
    return cipher.update(data) + cipher.finalize()
