"""Convert documents to DOCX with LibreOffice: one process and one profile a document, within limits.

What a document asks for beside itself is not given: macros do not run, no link is followed, and no page of
the network is asked. `OPTIONS` of the profile say so; another one is an entry there.
"""

import os
import shutil
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

from etl.child_process.program import ProgramLimits, run_program

PROGRAMS = ("soffice", "libreoffice")
LARGEST_FILE = 1_000_000_000  # bytes of a file that a conversion writes
# Options of the profile, by the path and name that LibreOffice gives them.
OPTIONS: Mapping[tuple[str, str], str] = {
    ("org.openoffice.Office.Common/Security/Scripting", "DisableMacrosExecution"): "true",
    ("org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel"): "3",
    ("org.openoffice.Office.Common/Security/Scripting", "BlockUntrustedRefererLinks"): "true",
    ("org.openoffice.Office.Writer/Content/Update", "Link"): "0",
    # By hand, to a port where nothing answers.
    ("org.openoffice.Inet/Settings", "ooInetProxyType"): "2",
    ("org.openoffice.Inet/Settings", "ooInetHTTPProxyName"): "127.0.0.1",
    ("org.openoffice.Inet/Settings", "ooInetHTTPProxyPort"): "9",
    ("org.openoffice.Inet/Settings", "ooInetHTTPSProxyName"): "127.0.0.1",
    ("org.openoffice.Inet/Settings", "ooInetHTTPSProxyPort"): "9",
}
ITEM = '<item oor:path="/{}"><prop oor:name="{}" oor:op="fuse"><value>{}</value></prop></item>'
PROFILE = (
    '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">'
    + "".join(ITEM.format(*map(escape, (*name, value))) for name, value in OPTIONS.items())
    + "</oor:items>"
)
KEPT = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "LD_LIBRARY_PATH", "FONTCONFIG_PATH", "FONTCONFIG_FILE")
SMALLEST = rb"{\rtf1 a}"  # a document that every LibreOffice reads which reads any


def find_converter() -> str | None:
    """Return the path of the converter; None where none is installed."""
    return next((found for one in PROGRAMS if (found := shutil.which(one))), None)


def convert(program: str, payload: bytes, suffix: str, limits: tuple[float, int]) -> bytes | None:
    """Return a document as DOCX; None where the converter makes none of it.

    Args:
        program: the path of the converter.
        payload: the document.
        suffix: by which the converter knows its format.
        limits: seconds, and bytes of memory of each process; 0 bytes for no limit.

    Raises:
        TimeoutError: the conversion did not end in time.
        OSError: the converter could not be started.
    """
    with tempfile.TemporaryDirectory(prefix="etl-office-") as name:
        folder = Path(name)
        profile, source, target = folder / "profile", folder / f"report{suffix}", folder / "out"
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(PROFILE, encoding="utf-8")
        source.write_bytes(payload)
        command = [
            program, f"-env:UserInstallation={profile.as_uri()}",
            "--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo",
            "--convert-to", "docx:MS Word 2007 XML", "--outdir", str(target), str(source),
        ]  # fmt: skip
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        own = dict.fromkeys(("HOME", "TMPDIR", "XDG_RUNTIME_DIR"), str(folder))
        run_program(command, ProgramLimits(*limits, LARGEST_FILE), kept | own, str(folder))
        made = target / "report.docx"
        return made.read_bytes() if made.is_file() else None


@cache
def reads_documents(program: str, limits: tuple[float, int]) -> bool:
    """Check whether a converter reads a document without fault; asked once a process.

    It does not where the component for texts is not installed (Writer), or the limits are too narrow for it.

    Raises:
        TimeoutError, OSError: as `convert`.
    """
    return convert(program, SMALLEST, ".rtf", limits) is not None
