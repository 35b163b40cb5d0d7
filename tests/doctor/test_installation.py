from pathlib import Path

import pytest

from etl.doctor.installation import check_models, is_intact
from etl.repair.scorer.weights import MODEL


def test_models_are_whole() -> None:
    """The models that are shipped are as they were made."""
    assert check_models().state == "ok"


@pytest.mark.parametrize("at", [100, 4_000_000, -30])
def test_one_byte_is_enough(tmp_path: Path, at: int) -> None:
    """A file of models that lost its end, or in which one byte of data is another one, is damaged."""
    payload = bytearray(MODEL.read_bytes())
    copy = tmp_path / "models.npz"
    copy.write_bytes(payload[:at])
    assert not is_intact(copy)

    if at > 0:
        payload[at] ^= 1
        copy.write_bytes(payload)
        assert not is_intact(copy)


def test_no_models(tmp_path: Path) -> None:
    """A file that is not there, or that is no archive, is damaged too."""
    assert not is_intact(tmp_path / "models.npz")
    assert not is_intact(Path(__file__))
