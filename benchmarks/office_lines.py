"""Save the document of `write_odt` in another format, and list the lines of what is read of it."""

import tempfile
from pathlib import Path

from write_odt import FULL

from etl.child_process.program import ProgramLimits, run_program
from etl.model.report import Mark, Reading

LIMITS = ProgramLimits(seconds=300, memory=0, file_size=10**9)


def saved_as(program: str, form: str) -> bytes:
    """Return the document in a format of LibreOffice, such as ``doc`` or ``html:HTML (StarWriter)``."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "a.odt").write_bytes(FULL)
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        command = [program, profile, "--headless", "--convert-to", form, "--outdir", name, f"{name}/a.odt"]
        run_program(command, LIMITS, {"PATH": "/usr/bin:/bin", "HOME": name})
        return (folder / f"a.{form.partition(':')[0]}").read_bytes()


def lines_of(found: Reading) -> list[tuple[Mark | None, str]]:
    """Return mark and text of each line that has any, page breaks left out."""
    marks: dict[int, Mark] = {one.start: one.mark for one in found.marks}
    out, at = [], 0
    for line in found.text.split("\n"):
        if line.strip():
            out.append((marks.get(at), line.replace("\f", "")))
        at += len(line) + 1
    return out
