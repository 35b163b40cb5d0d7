"""Build the heavy engines, such as taggers and models, once a process, and share them between threads.

Each engine is built when it is first asked for, so that ``etl clean`` never loads the tagger. A new engine is
one property here, marked with `once`.
"""

from collections.abc import Callable, Collection
from functools import lru_cache
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Generic, Literal, TypeVar

from etl.read.limits import Limits
from etl.settings import Settings, config_dir, load

if TYPE_CHECKING:
    from etl.extraction.resources.gazetteer import Gazetteer
    from etl.extraction.resources.lexicon import Lexicon
    from etl.extraction.resources.segmenter import Segmenter
    from etl.extraction.resources.tagger import Reader
    from etl.repair.order.restorer import Restorer
    from etl.script import Converters

T = TypeVar("T")
_BUILDING = RLock()


class once(Generic[T]):  # noqa: N801 - used like a property
    """A cached property that many threads build once; Python's own does not lock from 3.12 on."""

    def __init__(self, build: Callable[["Engines"], T]) -> None:
        self.__doc__ = build.__doc__
        self._build = build
        self._lock = RLock()

    def __set_name__(self, owner: type["Engines"], name: str) -> None:
        self._name = name

    def __get__(self, engines: "Engines", owner: type["Engines"]) -> T:
        kept = engines.__dict__
        with self._lock:
            if self._name not in kept:
                kept[self._name] = self._build(engines)
        built: T = kept[self._name]
        return built


class Engines:
    """The engines that the stages need beside the text: models, dictionaries, converters."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @once
    def restorer(self) -> "Restorer":
        """Load the restorer, which judges how likely one stretch of text continues another."""
        from etl.repair.order.restorer import Restorer  # noqa: PLC0415 - loaded with its engine

        return Restorer.load()

    @once
    def converters(self) -> "Converters":
        """Load the OpenCC converters for every direction offered."""
        from etl.script import Converters  # noqa: PLC0415 - as above

        return Converters(self._settings.script.traditional)

    def other_text(self, text: str, people: Collection[str]) -> str:
        """Convert a text to the other script; persons' names go over by characters, not by phrases."""
        from etl.script import convert_text  # noqa: PLC0415 - as above

        target: Literal["hans", "hant"] = "hant" if self._settings.script.canonical == "hans" else "hans"
        return convert_text(text, self.converters, target, keep=sorted(people))

    @once
    def lexicon(self) -> "Lexicon":
        """Load roles, organization suffixes, user words and fact patterns, with those of one's own."""
        from etl.extraction.resources.lexicon import Lexicon  # noqa: PLC0415 - as above

        return Lexicon.load(config_dir(), self._settings.config_dir)

    @once
    def gazetteer(self) -> "Gazetteer":
        """Load the gazetteer of China's administrative divisions."""
        from etl.extraction.resources.gazetteer import Gazetteer  # noqa: PLC0415 - as above

        return Gazetteer.load()

    @once
    def segmenter(self) -> "Segmenter":
        """Load the segmenter that cuts a text into words for search terms."""
        from etl.extraction.resources.segmenter import Segmenter  # noqa: PLC0415 - as above

        return Segmenter(self.lexicon.words)

    @once
    def tagger(self) -> "Reader":
        """Load the tagger that the settings name, which finds names in context."""
        return TAGGERS[self._settings.extract.tagger](self._settings)


def _network(settings: Settings) -> "Reader":
    from etl.extraction.network.tagger import NetworkTagger, model_file  # noqa: PLC0415 - as above

    return NetworkTagger(model_file(settings.config_dir))


def _both(settings: Settings) -> "Reader":
    from etl.extraction.network.cascade import CascadeTagger  # noqa: PLC0415 - as above
    from etl.extraction.network.recurrent import RecurrentReader  # noqa: PLC0415 - as above
    from etl.extraction.network.tagger import NetworkTagger, model_file  # noqa: PLC0415 - as above

    second = RecurrentReader(settings.extract.batch_size, settings.extract.engine)
    return CascadeTagger(NetworkTagger(model_file(settings.config_dir)), second)


# What each name in the settings stands for.
TAGGERS: "dict[str, Callable[[Settings], Reader]]" = {
    "network": _network,
    "both": _both,
}


def shared(settings: Settings) -> Engines:
    """Return the engines of this process for these settings, shared by runs, searches and threads."""
    with _BUILDING:
        return _built(settings.model_copy(update={"mongo_uri": None, "data_dir": Path()}))


def default() -> Engines:
    """Return the engines of this process, from the settings as they are at the first call."""
    with _BUILDING:
        return _default()


# Two, for a process that goes on with other settings while the former ones are still in use.
@lru_cache(maxsize=2)
def _built(settings: Settings) -> Engines:
    return Engines(settings)


@lru_cache(maxsize=1)
def _default() -> Engines:
    return shared(load())


def read_limits(settings: Settings) -> Limits:
    """Return the reading limits of the settings."""
    pdf = settings.pdf
    return Limits(
        pdf.max_pages, pdf.max_characters, pdf.max_drawings, pdf.max_seconds, pdf.max_bytes,
        ocr=pdf.ocr, kept=str(settings.data_dir / "ocr"),
    )  # fmt: skip
