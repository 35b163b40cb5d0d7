"""Write the file of models that repair ships; `etl.repair.scorer.weights` reads it."""

import io
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import numpy as np

from etl.repair.scorer.weights import FEATURE_NAMES, TREES, Arrays

WORTH_PACKING = 0.8


def put(path: Path, seams: Arrays, models: Mapping[str, tuple[bytes, Sequence[str]]]) -> None:
    """Write a file of models; no array's name may begin with `TREES` or `FEATURE_NAMES`.

    What packing makes smaller by less than a fifth stays as it is, as unpacking takes longer than reading.
    """
    payloads = {TREES + name: np.frombuffer(payload, np.uint8) for name, (payload, _) in models.items()}
    features = {FEATURE_NAMES + name: np.array(names) for name, (_, names) in models.items()}
    with ZipFile(path, "w") as archive:  # of a fixed day: the same models are the same file
        for name, array in {**seams, **payloads, **features}.items():
            member = io.BytesIO()
            np.save(member, array, allow_pickle=False)
            content = member.getvalue()
            packs = len(zlib.compress(content)) < WORTH_PACKING * len(content)
            archive.writestr(ZipInfo(f"{name}.npy"), content, ZIP_DEFLATED if packs else ZIP_STORED)
