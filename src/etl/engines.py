"""The heavy parts, built once a process from settings and passed in.

Each engine is built when it is first asked for, so that ``etl clean`` never loads the tagger. No
other module holds state. A new engine is one cached property here.
"""

from functools import cached_property, lru_cache

from etl.extract.gazetteer import Gazetteer
from etl.extract.lexicon import Lexicon
from etl.extract.segmenter import Segmenter
from etl.extract.tagger import Tagger
from etl.repair.joins import JoinModel
from etl.script import Converters
from etl.settings import Settings, config_dir, load


class Engines:
    """What the stages need beside the text: models, dictionaries, converters."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @cached_property
    def joins(self) -> JoinModel:
        """How likely one stretch of text continues another."""
        return JoinModel.load()

    @cached_property
    def converters(self) -> Converters:
        """OpenCC in every direction offered."""
        return Converters(self._settings.script.traditional)

    @cached_property
    def lexicon(self) -> Lexicon:
        """Roles, organization suffixes, user words and fact patterns from ``config``."""
        return Lexicon.load(config_dir())

    @cached_property
    def gazetteer(self) -> Gazetteer:
        """China's administrative divisions."""
        return Gazetteer.load()

    @cached_property
    def segmenter(self) -> Segmenter:
        """Words for search terms."""
        return Segmenter(self.lexicon.words)

    @cached_property
    def tagger(self) -> Tagger:
        """Names in context."""
        return Tagger(self._settings.extract.batch_size)


@lru_cache(maxsize=1)
def default() -> Engines:
    """The engines of this process, from the settings as they are at the first call."""
    return Engines(load())
