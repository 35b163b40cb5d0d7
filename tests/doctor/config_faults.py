"""Faults in settings, lexicons, patterns and schedules of one's own, seeded one by one."""

import sys

from tests.doctor.seeds import Bench, Fault

# Settings


def unknown_setting(bench: Bench) -> None:
    """A name that no setting has."""
    bench.set(RUN__TYPO="1")


def value_out_of_bounds(bench: Bench) -> None:
    """A value that the setting does not allow."""
    bench.set(WATCH__PORT="70000")


def list_that_is_none(bench: Bench) -> None:
    """A path where a list in JSON belongs."""
    bench.set(RUN__SOURCES="/srv/reports")


def own_settings_are_no_toml(bench: Bench) -> None:
    """A quote is missing in one's own settings."""
    bench.own("etl.toml", '[run]\nsources = ["/srv]\n')


def own_folder_is_away(bench: Bench) -> None:
    """The folder of one's own configuration is not there."""
    bench.set(CONFIG_DIR="/nowhere/at/all")


# Configuration


def lexicon_is_missing(bench: Bench) -> None:
    """A lexicon of the release is gone."""
    bench.release_without("lexicon/places.toml")


def pattern_is_missing(bench: Bench) -> None:
    """A pattern of facts of the release is gone, which nothing else notices."""
    bench.release_without("facts/donation.toml")


VISIT = """type = "visit"
verbs = ["访问"]
forms = ["{who}{verb}"]
[slots.who]
[fields.who]
slot = "who"
kind = "text"
"""


def pattern_without_slots(bench: Bench) -> None:
    """A pattern of facts lacks its slots."""
    bench.own("facts/visit.toml", VISIT.replace("[slots.who]", ""))


def pattern_of_unknown_kind(bench: Bench) -> None:
    """A field of a pattern has a kind that there is not."""
    bench.own("facts/visit.toml", VISIT.replace('"text"', '"texts"'))


def lexicon_is_no_toml(bench: Bench) -> None:
    """A lexicon of one's own lacks a bracket."""
    bench.own("lexicon/people.toml", 'titles = [\n  "主任",\n')


def word_list_leads_nowhere(bench: Bench) -> None:
    """A word list of one's own is a link to a file that was taken away."""
    path = bench.own("lexicon/places.toml", "")
    path.unlink()
    path.symlink_to(bench.folder / "gone.toml")


def word_list_is_a_folder(bench: Bench) -> None:
    """A folder has the name of a word list."""
    path = bench.own("lexicon/user_words.txt", "")
    path.unlink()
    path.mkdir()


def pattern_leads_nowhere(bench: Bench) -> None:
    """A pattern of one's own is a link to a file that was taken away."""
    path = bench.own("facts/visit.toml", "")
    path.unlink()
    path.symlink_to(bench.folder / "gone.toml")


def slot_of_another_kind(bench: Bench) -> None:
    """The length of a slot is written as a text."""
    bench.own("facts/visit.toml", VISIT.replace("[slots.who]", '[slots.who]\nlongest = "20"'))


def words_in_a_folder_of_another_name(bench: Bench) -> None:
    """Words of one's own lie where nothing looks for them."""
    bench.own("lexicons/places.toml", "")


MINE = """deployments:
  - name: mine
    entrypoint: flows/ingest.py:ingest
    schedules:
      - cron: "{cron}"
        timezone: {timezone}
"""


def schedule(bench: Bench, cron: str = "0 2 * * *", timezone: str = "Asia/Shanghai") -> None:
    """A deployment of one's own with this schedule."""
    bench.own("prefect.yaml", MINE.format(cron=cron, timezone=timezone))


def impossible_date(bench: Bench) -> None:
    """A schedule for 31 February."""
    schedule(bench, cron="0 2 31 2 *")


def impossible_hour(bench: Bench) -> None:
    """A schedule for 25 o'clock."""
    schedule(bench, cron="0 25 * * *")


def unknown_zone(bench: Bench) -> None:
    """A time zone that there is not."""
    schedule(bench, timezone="Asia/Peking")


def deployment_without_flow(bench: Bench) -> None:
    """A deployment of a flow that does not exist."""
    bench.own("prefect.yaml", "deployments:\n  - name: mine\n    entrypoint: flows/nothing.py:nothing\n")


def mine(bench: Bench, words: str) -> None:
    """A deployment of one's own with these words in it."""
    bench.own("prefect.yaml", f"deployments:\n  - name: every-15-minutes\n    {words}\n")


def schedule_without_time(bench: Bench) -> None:
    """A schedule that has a time zone and no time."""
    mine(bench, "schedules: [{timezone: Asia/Shanghai}]")


def schedule_with_two_times(bench: Bench) -> None:
    """A schedule that has two times."""
    mine(bench, 'schedules: [{cron: "0 2 * * *", interval: 60}]')


def unknown_key_of_a_schedule(bench: Bench) -> None:
    """A key of a schedule is misspelled."""
    mine(bench, 'schedules: [{crn: "0 2 * * *"}]')


def unknown_key_of_a_deployment(bench: Bench) -> None:
    """A key of a deployment is misspelled, or is one that nothing here reads."""
    mine(bench, "paused: true")


def schedules_are_words(bench: Bench) -> None:
    """A time stands where a list of schedules belongs."""
    mine(bench, 'schedules: "0 2 * * *"')


def rule_without_frequency(bench: Bench) -> None:
    """A rule of recurrence that does not say how often."""
    mine(bench, 'schedules: [{rrule: "FREQ=SOMETIMES"}]')


def schedules_are_no_yaml(bench: Bench) -> None:
    """A bracket is missing in one's own schedules."""
    bench.own("prefect.yaml", "deployments: [\n  - name: mine\n")


FAULTS: dict[str, tuple[Fault, ...]] = {
    "settings": (
        Fault(unknown_setting, "settings", "ETL_RUN__TYPO", "unset ETL_RUN__TYPO"),
        Fault(value_out_of_bounds, "settings", "less than or equal to 65535", "unset ETL_WATCH__PORT"),
        Fault(list_that_is_none, "settings", "ETL_RUN__SOURCES is no list", "unset ETL_RUN__SOURCES"),
        Fault(own_settings_are_no_toml, "settings", "own/etl.toml cannot be read", "${EDITOR:-vi} +2 "),
        Fault(own_folder_is_away, "settings", "no folder", "unset ETL_CONFIG_DIR"),
    ),
    "config": (
        Fault(
            lexicon_is_missing,
            "config",
            "lexicon/places.toml is missing",
            f"{sys.executable} -m pip install --no-deps",
        ),
        Fault(
            pattern_is_missing,
            "config",
            "facts/donation.toml is missing",
            f"{sys.executable} -m pip install --no-deps",
        ),
        Fault(pattern_without_slots, "words", "facts/visit.toml: entry slots is missing", "${EDITOR:-vi} "),
        Fault(pattern_of_unknown_kind, "words", "facts/visit.toml line 5: field who", "${EDITOR:-vi} +5 "),
        Fault(lexicon_is_no_toml, "words", "lexicon/people.toml", "${EDITOR:-vi} "),
        Fault(word_list_leads_nowhere, "words", "own/lexicon/places.toml is no file", "${EDITOR:-vi} "),
        Fault(word_list_is_a_folder, "words", "own/lexicon/user_words.txt is no file", "${EDITOR:-vi} "),
        Fault(pattern_leads_nowhere, "words", "own/facts/visit.toml", "${EDITOR:-vi} "),
        Fault(
            slot_of_another_kind,
            "words",
            "facts/visit.toml line 4: [slots.who] has longest",
            "${EDITOR:-vi} +4 ",
        ),
        Fault(words_in_a_folder_of_another_name, "own", "nothing reads ", "etl config"),
        Fault(impossible_date, "schedules", "mine of prefect.yaml: cron '0 2 31 2 *'", "${EDITOR:-vi} +5 "),
        Fault(
            impossible_hour, "schedules", "cron '0 25 * * *' never comes due: bad hour", "${EDITOR:-vi} +5 "
        ),
        Fault(unknown_zone, "schedules", "'Asia/Peking' is no time zone", "${EDITOR:-vi} +6 "),
        Fault(
            schedule_without_time, "schedules", "a schedule has no time; it needs one of", "${EDITOR:-vi} +3 "
        ),
        Fault(schedule_with_two_times, "schedules", "has cron and interval", "${EDITOR:-vi} +3 "),
        Fault(unknown_key_of_a_schedule, "schedules", "crn is no key of a schedule", "${EDITOR:-vi} +3 "),
        Fault(unknown_key_of_a_deployment, "schedules", "paused is no key of a deploy", "${EDITOR:-vi} +3 "),
        Fault(schedules_are_words, "schedules", "which is no list", "${EDITOR:-vi} +3 "),
        Fault(rule_without_frequency, "schedules", "has no FREQ, such as FREQ=DAILY", "${EDITOR:-vi} +3 "),
        Fault(deployment_without_flow, "schedules", "there is no flow", "${EDITOR:-vi} +3 "),
        Fault(schedules_are_no_yaml, "schedules", "own/prefect.yaml cannot be used", "${EDITOR:-vi} "),
    ),
}
