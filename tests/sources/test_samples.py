from pathlib import Path

from etl.model.report import Candidate
from etl.read import read
from etl.settings import SourceSettings
from etl.sources import fetch, list_candidates

SAMPLES = Path(__file__).resolve().parents[2] / "samples"


def test_every_sample_is_readable(limits: SourceSettings) -> None:
    """Nothing in samples is skipped or refused, and all encodings and formats that can be read are there."""
    offers = list(list_candidates([str(SAMPLES)], limits))
    candidates = [offer for offer in offers if isinstance(offer, Candidate)]
    readings = [read(fetch(candidate, limits)) for candidate in candidates]

    assert len(candidates) == len(offers) >= 12
    assert {reading.encoding.name[:6] for reading in readings} >= {"utf-8", "utf-16", "gb1803", "big5hk"}
    assert len({candidate.media_type for candidate in candidates}) == 5
    assert all(reading.encoding.confidence > 0.99 for reading in readings)
    assert all(150 < len(reading.text) < 1_500 for reading in readings)
