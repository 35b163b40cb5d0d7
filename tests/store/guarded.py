"""A MongoDB-compatible server with logins and encryption, as an operator would run one, for tests."""

import datetime as dt
import ipaddress
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pymongo import MongoClient

LISTENING = re.compile(r"listening on 127\.0\.0\.1:(\d+)")
ADMIN = "root"
ADMIN_PASSWORD = "Wurzel-7391"  # noqa: S105 - of this server only


@dataclass(frozen=True, slots=True)
class Guarded:
    """Where it is, and the authority that signed its certificate."""

    port: int
    authority: Path

    def uri(self, login: str = "", database: str = "etl", rest: str = "&tls=true") -> str:
        """Its address; ``login`` is ``name:password@``."""
        return f"mongodb://{login}127.0.0.1:{self.port}/{database}?directConnection=true{rest}"

    @property
    def admin(self) -> str:
        """Its address for the administrator."""
        return self.uri(f"{ADMIN}:{ADMIN_PASSWORD}@", rest="&authSource=admin&tls=true")


def write_certificates(folder: Path) -> tuple[Path, Path, Path]:
    """An authority, and a certificate for 127.0.0.1 with its key, as PEM files."""
    authority_key, authority = _certificate("Test authority", None)
    key, certificate = _certificate("127.0.0.1", (authority_key, authority))
    paths = (folder / "authority.pem", folder / "server.pem", folder / "server.key")
    paths[0].write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    paths[2].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return paths


@contextmanager
def guarded(folder: Path) -> Iterator[Guarded]:
    """The server, with one administrator, who was made while it still let everybody in."""
    authority, certificate, key = write_certificates(folder)
    tls = ["--tls-cert-file", str(certificate), "--tls-key-file", str(key)]
    with running(folder, tls) as (port, _):
        client: MongoClient[Any] = MongoClient(
            f"mongodb://127.0.0.1:{port}/?directConnection=true&tls=true", tlsCAFile=str(authority)
        )
        client.admin.command("createUser", ADMIN, pwd=ADMIN_PASSWORD, roles=["root"])
        client.close()
    with running(folder, [*tls, "--auth"]) as (port, _):
        yield Guarded(port, authority)


@contextmanager
def running(folder: Path, options: list[str]) -> Iterator[tuple[int, "subprocess.Popen[bytes]"]]:
    """Port and process of a server with its files in the folder, for as long as the block."""
    config, log = folder / "server.toml", folder / f"server-{time.monotonic_ns()}.log"
    config.touch()
    command = [sys.executable, "-m", "secantus", "--host", "127.0.0.1", "--port", "0", "--log-level", "INFO"]
    command += ["--storage-path", str(folder / "files"), "--cache-size", "64M", "--config", str(config)]
    with (
        log.open("wb") as words,
        subprocess.Popen([*command, *options], stdout=words, stderr=words) as server,
    ):
        try:
            yield _port(log, server), server
        finally:
            server.terminate()
            server.send_signal(signal.SIGCONT)  # one that a test has stopped hears nothing else


def _port(log: Path, server: "subprocess.Popen[bytes]") -> int:
    end = time.monotonic() + 240
    while time.monotonic() < end and server.poll() is None:
        if found := LISTENING.search(log.read_text(encoding="utf-8", errors="replace")):
            return int(found[1])
        time.sleep(0.05)
    raise AssertionError(log.read_text(encoding="utf-8", errors="replace"))


def _certificate(
    name: str, issuer: tuple[ec.EllipticCurvePrivateKey, x509.Certificate] | None
) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer[1].subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=2))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
    )
    if issuer:
        builder = builder.add_extension(address, critical=False)
    return key, builder.sign(issuer[0] if issuer else key, hashes.SHA256())
