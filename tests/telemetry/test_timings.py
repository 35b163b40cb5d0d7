from etl.telemetry.timings import measured, stage


def test_a_stage_in_another_takes_its_time_from_it() -> None:
    """Time is counted once, for the stage that it was spent in, and who watches is told of every change."""
    told: list[str] = []
    with measured(told.append) as seconds, stage("repair"):
        with stage("normalize"):
            sum(range(200_000))
        inner = seconds["normalize"]

    assert 0 <= seconds["repair"] < inner
    assert told == ["repair", "normalize", "repair"]
