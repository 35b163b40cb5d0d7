"""A healthy machine for the table of faults, with the tools that break it as they break by themselves."""

import os
import shutil
import socket
import ssl
import tempfile
import threading
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from tests.store.guarded import write_certificates

from etl.doctor import configuration, remedies
from etl.settings import Settings, config_dir, load
from etl.store.driver.connection import Db

NOBODY = 65534


@dataclass
class Bench:
    """Settings, a database in shape, and a folder of the test's own."""

    settings: Settings
    db: Db
    folder: Path
    patch: pytest.MonkeyPatch
    closing: ExitStack

    def set(self, **variables: object) -> None:
        """Set variables of the environment; their names without ETL_."""
        for name, value in variables.items():
            self.patch.setenv(f"ETL_{name}", str(value))

    def reload(self) -> Settings:
        """The settings as a new command loads them."""
        fresh = load()
        kept: dict[str, object] = {"mongo_uri": fresh.mongo_uri or self.settings.mongo_uri}
        if "ETL_DATA_DIR" not in os.environ:
            kept["data_dir"] = self.settings.data_dir
        return fresh.model_copy(update=kept)

    def own(self, name: str, text: str) -> Path:
        """A file of a configuration of one's own, which is in force."""
        path = self.folder / "own" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        self.set(CONFIG_DIR=self.folder / "own")
        return path

    def release_without(self, name: str) -> Path:
        """Take a file out of the configuration of the release."""
        copy = self.folder / "release"
        shutil.copytree(config_dir(), copy)
        (copy / name).unlink()
        for module in (configuration, remedies):
            self.patch.setattr(module, "config_dir", lambda: copy)
        return copy / name

    def file(self, name: str, folder: Path | None = None) -> Path:
        """A report that is a source of the settings."""
        path = (folder or self.folder) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("绛县李明主任为防疫捐款100元。", encoding="utf-8")
        return path

    def for_all(self) -> Path:
        """A folder that every user may see."""
        folder = Path(tempfile.mkdtemp(prefix="etl-doctor-"))
        self.closing.callback(shutil.rmtree, folder)
        folder.chmod(0o755)
        return folder

    def without_rights(self) -> None:
        """Go on as a user like any other, where this one may everything."""
        if os.geteuid() == 0:
            os.seteuid(NOBODY)
            self.closing.callback(os.seteuid, 0)

    def stranger(self) -> int:
        """The port of a program that answers whatever it is told as a web server does, once a line ends."""
        return self._answering(_refuse)

    def mute(self) -> int:
        """The port of a program that takes each call and hangs up, as in front of a service that is down."""
        return self._answering(_hang_up)

    def encrypted(self) -> int:
        """The port of a program that hangs up on who does not begin with encryption."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        _, certificate, key = write_certificates(self.folder)
        context.load_cert_chain(certificate, key)
        return self._answering(partial(_encrypt, context))

    def _answering(self, answer: Callable[[socket.socket], None]) -> int:
        server = self.closing.enter_context(socket.create_server(("127.0.0.1", 0)))
        threading.Thread(target=_serve, args=(server, answer), daemon=True).start()
        return int(server.getsockname()[1])


def _serve(server: socket.socket, answer: Callable[[socket.socket], None]) -> None:
    while True:
        try:
            call, _ = server.accept()
        except OSError:  # closed at the end of the test
            return
        with call, suppress(OSError):
            answer(call)


def _refuse(call: socket.socket) -> None:
    heard = b""
    while b"\n" not in heard and (more := call.recv(4096)):
        heard += more
    call.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")


def _hang_up(call: socket.socket) -> None:
    call.shutdown(socket.SHUT_RDWR)


def _encrypt(context: ssl.SSLContext, call: socket.socket) -> None:
    context.wrap_socket(call, server_side=True).close()


@dataclass(frozen=True)
class Fault:
    """One fault: what breaks, which check must tell, a part of what it says, how its command begins."""

    seed: Callable[[Bench], object]
    check: str
    said: str
    mend: str
