"""Read documents of older word processors by converting them to DOCX with LibreOffice, where installed.

A further kind is an entry in `OFFICE`, and its first bytes in `formats`.
"""

import resource
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from etl.model.errors import RejectError
from etl.model.report import RawReport, Reading
from etl.read.limits import Limits

# Media types with the suffix by which the converter knows them, and their names.
OFFICE: Mapping[str, tuple[str, str]] = {
    "application/msword": (".doc", "Word 97-2003"),
    "application/vnd.ms-works": (".wps", "WPS"),
    "application/rtf": (".rtf", "RTF"),
    "application/vnd.oasis.opendocument.text": (".odt", "OpenDocument"),
}
PROGRAMS = ("soffice", "libreoffice")
SECONDS, MEMORY = 120.0, 4_000_000_000
# Streams of a compound file that hold what a password closes, as their names stand in its directory.
CLOSED = tuple(name.encode("utf-16-le") for name in ("EncryptedPackage", "EncryptionInfo"))


def read_office(raw: RawReport, limits: Limits) -> Reading:
    """Convert a document to DOCX, and read that; macros are not run.

    Raises:
        RejectError: ``format`` where no converter is installed or it cannot convert the file,
                ``encrypted`` where the file needs a password, else as `read_docx`.
    """
    from etl.read.docx import read_docx  # noqa: PLC0415 - loaded with the first document

    suffix, name = OFFICE[raw.media_type]
    if any(one in raw.payload for one in CLOSED):
        message = (
            "found an Office file that asks for a password, expected an open one; save it without password"
        )
        raise RejectError("read", "encrypted", message)
    program = next((found for one in PROGRAMS if (found := shutil.which(one))), None)
    if program is None:
        raise _refused(
            f"found a document of {name} and no LibreOffice here, expected text, Markdown, HTML, DOCX or PDF",
            "install LibreOffice (soffice on the path), or convert it to one of them",
        )
    return read_docx(replace(raw, payload=_converted(raw.payload, (program, suffix, name), limits)))


def _refused(what: str, mend: str) -> RejectError:
    return RejectError("read", "format", f"{what}; {mend}")


def _converted(payload: bytes, with_: tuple[str, str, str], limits: Limits) -> bytes:
    """Convert a document to DOCX, in a temporary folder with a temporary profile; return its bytes.

    ``with_`` are the program, the suffix of the document and the name of its format.
    """
    program, suffix, name = with_
    with tempfile.TemporaryDirectory(prefix="etl-office-") as folder:
        source, target = Path(folder, f"report{suffix}"), Path(folder, "out")
        source.write_bytes(payload)
        command = [
            program, f"-env:UserInstallation={Path(folder, 'profile').as_uri()}",
            "--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo",
            "--convert-to", "docx:MS Word 2007 XML", "--outdir", str(target), str(source),
        ]  # fmt: skip
        _run(command, limits.seconds or SECONDS, name)
        made = target / "report.docx"
        if not made.is_file():
            raise _refused(f"found a document that LibreOffice does not read as {name}", "save it as DOCX")
        return made.read_bytes()


def _run(command: list[str], seconds: float, name: str) -> None:
    """Run the converter within its limits of time and memory; whether it made a file is not looked at.

    Raises:
        RejectError: ``format`` where it does not end in time.
    """
    silent = subprocess.DEVNULL
    with subprocess.Popen(  # noqa: S603 - the command is ours
        command, stdin=silent, stdout=silent, stderr=silent, start_new_session=True
    ) as process:
        resource.prlimit(process.pid, resource.RLIMIT_DATA, (MEMORY, MEMORY))
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired as error:
            process.kill()
            what = f"found a document of {name} that was not converted after {seconds:g} s (pdf.max_seconds)"
            raise _refused(what, "save it as DOCX") from error
