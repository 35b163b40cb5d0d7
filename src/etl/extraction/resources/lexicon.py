"""Load the word lists of extraction from ``config/lexicon`` and ``config/facts``.

A new word goes into one of those files; a new kind of word is a field of one class here.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from etl.extraction.resources.fact_pattern_files import read_pattern_file
from etl.extraction.resources.fact_patterns import Pattern
from etl.extraction.resources.word_files import (
    WordFiles,
    lengths_by_first,
    lengths_by_head,
    lengths_by_last,
    longest_first,
)
from etl.model.errors import SetupError
from etl.text.alternation import alternation
from etl.text.endings import Endings
from etl.text.expressions import compiled
from etl.text.first_characters import compile_with_lookahead
from etl.text.folding import Folding, extraction_folding
from etl.text.person_names import NAME_DOTS

# Titles from this length on are not the end of a place's name by accident.
MIN_LONG_TITLE = 3


@dataclass(frozen=True)
class PeopleWords:
    """Words around the names of persons (``people.toml``)."""

    surnames: frozenset[str]
    roles: frozenset[str]
    titles: tuple[str, ...]
    not_names: frozenset[str]
    sounds: frozenset[str]
    apart: frozenset[str]
    enders: tuple[str, ...]
    parts: tuple[str, ...]

    @cached_property
    def role_lengths_by_first(self) -> dict[str, tuple[int, ...]]:
        """How long the offices and titles are that begin with a character, the longest first."""
        return lengths_by_first(role for role in self.roles if len(role) > 1)

    @cached_property
    def role_lengths_by_last(self) -> dict[str, tuple[int, ...]]:
        """How long the offices and titles are that end with a character, the longest first."""
        return lengths_by_last(role for role in self.roles if len(role) > 1)

    @cached_property
    def spelt(self) -> re.Pattern[str]:
        """Two or more sounds of foreign names, with dots behind them."""
        sound = f"[{re.escape(''.join(sorted(self.sounds)))}"
        return compiled(f"{sound}]{sound}{re.escape(NAME_DOTS)}]+")


@dataclass(frozen=True)
class OrganizationWords:
    """What names of organizations are made of (``organizations.toml``)."""

    known: frozenset[str]
    suffixes: tuple[str, ...]
    departments: frozenset[str]
    department_ends: frozenset[str]
    generic: frozenset[str]
    fillers: frozenset[str]
    leads: frozenset[str]
    goes_on: frozenset[str]
    openers: frozenset[str]

    @cached_property
    def known_lengths(self) -> dict[str, tuple[int, ...]]:
        """How long the organizations known by name are, by their first two characters, the longest first."""
        return lengths_by_head(self.known)

    @cached_property
    def endings(self) -> Endings:
        """The suffixes, to ask whether a text ends with one."""
        return Endings(self.suffixes)

    @cached_property
    def offices(self) -> re.Pattern[str]:
        """Offices that each division has, by the end of their names (财政局, 教育厅)."""
        return compile_with_lookahead(
            alternation(
                suffix for suffix in self.suffixes if len(suffix) >= MIN_LONG_TITLE and suffix[-1] in "局厅委"
            )
        )

    @cached_property
    def long_suffixes(self) -> re.Pattern[str]:
        """Suffixes of three or more characters."""
        return compiled(alternation(s for s in self.suffixes if len(s) >= MIN_LONG_TITLE))


@dataclass(frozen=True)
class PlaceWords:
    """What names of places are made of (``places.toml``)."""

    abbreviations: frozenset[str]
    before_abbreviation: frozenset[str]
    lone_abbreviations: frozenset[str]
    not_after_abbreviation: frozenset[str]
    suffixes: tuple[str, ...]
    generic: frozenset[str]
    states: frozenset[str]
    known: frozenset[str]
    compounds: tuple[str, ...]
    common: re.Pattern[str]
    partners: frozenset[str]
    pair_context: tuple[str, ...]
    trailers: tuple[str, ...]
    facilities: tuple[str, ...]
    closed: tuple[str, ...]

    @cached_property
    def known_lengths(self) -> dict[str, tuple[int, ...]]:
        """How long the known names are, by their first two characters, the longest first."""
        return lengths_by_head(self.known)

    @cached_property
    def long_states(self) -> re.Pattern[str]:
        """Foreign countries of three or more characters, the longest first."""
        return compiled(alternation(state for state in self.states if len(state) >= MIN_LONG_TITLE))

    @cached_property
    def state_initials(self) -> frozenset[str]:
        """The first characters of foreign countries."""
        return frozenset(state[0] for state in self.states)

    @cached_property
    def longest_state(self) -> int:
        """How many characters the longest name of a foreign country has."""
        return max(map(len, self.states))

    @cached_property
    def any_state(self) -> re.Pattern[str]:
        """One foreign country, the longest first."""
        return compiled(alternation(self.states))

    @cached_property
    def country_characters(self) -> frozenset[str]:
        """All characters that may stand for a country or province."""
        return self.abbreviations | self.partners


@dataclass(frozen=True)
class AmountWords:
    """Currencies and units (``amounts.toml``)."""

    currencies: Mapping[str, str]
    prefixes: Mapping[str, str]
    shared: Mapping[str, Mapping[str, str]]
    issuers: Mapping[str, tuple[str, ...]]
    sums: frozenset[str]
    measures: frozenset[str]
    counters: frozenset[str]

    @cached_property
    def units(self) -> tuple[str, ...]:
        """What can be counted or measured in."""
        return tuple(sorted(self.measures | self.counters))


@dataclass(frozen=True)
class Holiday:
    """Days off work: the first, counted from the festival, how many, and years with others."""

    first: int
    days: int
    years: Mapping[int, tuple[date, date]]


@dataclass(frozen=True)
class TimeWords:
    """Festivals by month and day, solar terms, holidays, plans and dynasties by first and last year.

    A reign has its first year, how many it counts, and whether they are years of the common calendar. See
    ``times.toml``.
    """

    lunar: Mapping[str, tuple[int, int]]
    solar: Mapping[str, tuple[int, int]]
    terms: Mapping[str, str]
    holidays: Mapping[str, Holiday]
    plans: Mapping[str, tuple[int, int]]
    reigns: Mapping[str, tuple[int, int, bool]]
    dynasties: Mapping[str, tuple[int, int]]

    @cached_property
    def festivals(self) -> tuple[str, ...]:
        """The names of all festivals, the longest first."""
        return longest_first((*self.lunar, *self.solar, *self.terms))

    @cached_property
    def festival(self) -> re.Pattern[str]:
        """The name of one festival, the longest first."""
        return compiled(alternation(self.festivals))


@dataclass(frozen=True)
class TermWords:
    """Limits and weights of keywords (``terms.toml``), and stop words."""

    count: int
    name_weight: float
    title_weight: float
    unknown_weight: float
    shortest: int
    stop_words: frozenset[str]


@dataclass(frozen=True)
class Lexicon:
    """All words of extraction; ``words`` are those that the segmenter keeps whole."""

    words: tuple[str, ...]
    people: PeopleWords
    organizations: OrganizationWords
    places: PlaceWords
    amounts: AmountWords
    times: TimeWords
    terms: TermWords
    patterns: tuple[Pattern, ...]

    @cached_property
    def folding(self) -> Folding:
        """The table that folds a text for comparison, see `etl.text.folding`."""
        return extraction_folding()

    @cached_property
    def heads(self) -> frozenset[str]:
        """What the known places and organizations begin with."""
        return frozenset({**self.places.known_lengths, **self.organizations.known_lengths})

    @classmethod
    def load(cls, config_dir: Path, own_dir: Path | None = None) -> "Lexicon":
        """Read every file of the folders, those of ``own_dir`` laid over the others.

        Raises:
            SetupError: a file is missing or says something that cannot be understood.
        """
        files = WordFiles(config_dir, own_dir)
        try:
            return cls._read(files)
        except (OSError, KeyError, TypeError, ValueError) as error:
            what = error if isinstance(error, (OSError, ValueError)) else f"{type(error).__name__}: {error}"
            where = f"{config_dir} and {own_dir}" if own_dir else str(config_dir)
            raise SetupError(
                f"the word lists in {where} cannot be used: {what}; "
                "correct the entry named, or restore the file of the release"
            ) from error

    @classmethod
    def _read(cls, files: WordFiles) -> "Lexicon":
        files.refuse_strangers()
        return cls(
            words=files.words("user_words.txt"),
            people=_people(files.table("people.toml")),
            organizations=_organizations(files.table("organizations.toml")),
            places=_places(files.table("places.toml")),
            amounts=_amounts(files.table("amounts.toml")),
            times=_times(files.table("times.toml")),
            terms=_terms(files.table("terms.toml"), files.words("stop_words.txt")),
            patterns=tuple(pattern for path in files.patterns() if (pattern := read_pattern_file(path))),
        )


def _people(data: Mapping[str, Any]) -> PeopleWords:
    surnames = frozenset("".join(data["surnames"].split())) | frozenset(data["double_surnames"])
    return PeopleWords(
        surnames=surnames,
        roles=frozenset(data["roles"]),
        titles=longest_first(role for role in data["roles"] if len(role) >= MIN_LONG_TITLE),
        not_names=frozenset(data["not_names"]),
        sounds=frozenset("".join(data["sounds"].split())),
        apart=frozenset(data["apart"]),
        enders=longest_first(data["enders"]),
        parts=longest_first(data["parts"]),
    )


def _organizations(data: Mapping[str, Any]) -> OrganizationWords:
    return OrganizationWords(
        known=frozenset(data["bodies"]),
        suffixes=longest_first(data["suffixes"]),
        departments=frozenset(data["departments"]),
        department_ends=frozenset(data["department_ends"]),
        generic=frozenset(data["generic"]),
        fillers=frozenset(data["fillers"]),
        leads=frozenset(data["leads"]),
        goes_on=frozenset(data["goes_on"]),
        openers=frozenset(data["openers"]),
    )


def _places(data: Mapping[str, Any]) -> PlaceWords:
    return PlaceWords(
        abbreviations=frozenset(data["letters"]),
        before_abbreviation=frozenset(data["before_letter"]),
        lone_abbreviations=frozenset(data["lone_letters"]),
        not_after_abbreviation=frozenset(data["not_after_letter"]),
        suffixes=longest_first(data["suffixes"]),
        generic=frozenset(data["generic"]),
        states=frozenset(data["states"].split()),
        known=frozenset((*data["known"], *data["seen"].split(), *data["states"].split())),
        compounds=longest_first(data["compounds"]),
        common=_common(data["common_heads"], data["common_ends"]),
        partners=frozenset(data["partners"]),
        pair_context=longest_first(data["pair_context"]),
        trailers=longest_first(data["trailers"]),
        facilities=longest_first(word for word in data["suffixes"] if len(word) > 1),
        closed=longest_first(data["closed"]),
    )


def _common(heads: Iterable[str], ends: Iterable[str]) -> re.Pattern[str]:
    """Match a whole name made of plain words alone, such as 旅游公路 or 五县; no name has many."""
    first, last = (alternation(words) for words in (heads, ends))
    return compiled(f"(?:{first}){{1,8}}(?:{last}){{1,8}}")


def _amounts(data: Mapping[str, Any]) -> AmountWords:
    return AmountWords(
        currencies=dict(data["currencies"]),
        prefixes=dict(data["prefixes"]),
        shared={name: dict(states) for name, states in data["shared"].items()},
        issuers=_by_word(data["issuers"]),
        sums=frozenset(data["sums"]["words"]),
        measures=frozenset(data["quantities"]["measures"]),
        counters=frozenset(data["quantities"]["counters"]),
    )


def _by_word(lists: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    """Return for each word the names of the lists that hold it."""
    found: dict[str, tuple[str, ...]] = {}
    for name, words in lists.items():
        for word in words:
            found[word] = (*found.get(word, ()), name)
    return found


def _times(data: Mapping[str, Any]) -> TimeWords:
    def pairs(name: str) -> dict[str, tuple[int, int]]:
        return {key: (int(first), int(second)) for key, (first, second) in data[name].items()}

    holidays = {
        name: Holiday(int(days["first"]), int(days["days"]), _special_years(days.get("years", {})))
        for name, days in data["holidays"].items()
    }
    named = {name: holidays[days] for name, days in data["holiday_names"].items()}
    reigns = {
        name: (*span, common)
        for table, common in (("reigns", False), ("common_reigns", True))
        for name, span in pairs(table).items()
    }
    return TimeWords(
        pairs("lunar"), pairs("solar"), dict(data["terms"]), named, pairs("plans"), reigns, pairs("dynasties")
    )


def _special_years(data: Mapping[str, Any]) -> dict[int, tuple[date, date]]:
    return {int(year): (first, last) for year, (first, last) in data.items()}


def _terms(data: Mapping[str, Any], stop_words: Iterable[str]) -> TermWords:
    keywords = data["keywords"]
    return TermWords(
        count=int(keywords["count"]),
        name_weight=float(keywords["name_weight"]),
        title_weight=float(keywords["title_weight"]),
        unknown_weight=float(keywords["unknown_weight"]),
        shortest=int(keywords["shortest"]),
        stop_words=frozenset(stop_words),
    )
