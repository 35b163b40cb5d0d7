"""Tell simplified from traditional Chinese, and convert between them with provenance.

`detect` tells a text's script, `Converters` wraps OpenCC, `convert` changes a text by edits as rules do and
`convert_text` any string. A new direction is one entry in `converters.CHAINS`; a new sign of a region one in
`detection`.

`conversion` makes the edits, `tables` holds what OpenCC says of single characters; `names` and `words` keep
phrases from rewriting a name or bridging two words.

The package imports values and `etl.text`; engines build its converters, and the pipeline calls it.
"""

from etl.script.conversion import convert, convert_text
from etl.script.converters import Converters, Target
from etl.script.detection import Detected, detect

__all__ = ["Converters", "Detected", "Target", "convert", "convert_text", "detect"]
