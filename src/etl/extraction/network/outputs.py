"""What the columns of the network's answer mean; the order is that of the model's last layer."""

# Tags of words, as the teacher LAC gives them and the finders read them.
WORD_TAGS = (
    "n", "v", "w", "vn", "u", "m", "a", "p", "d", "c", "LOC", "r", "TIME", "f", "ORG", "ad", "PER", "nz",
    "xc", "vd", "s", "an", "q", "nw",
)  # fmt: skip
ENTITY_TYPES = ("PER", "ORG", "LOC", "TIME", "MONEY")
OUTSIDE = 0
# O, then the beginning and the inside of each type.
ENTITY_TAGS = ("O", *(f"{place}-{kind}" for kind in ENTITY_TYPES for place in "BI"))
# Of these tags, those of persons, organizations and places.
OF_NAMES = slice(1, 7)
# Columns: one that says whether a word begins, the tags of words, the tags of entities.
STARTS = slice(0, 1)
WORDS = slice(1, 1 + len(WORD_TAGS))
ENTITIES = slice(WORDS.stop, WORDS.stop + len(ENTITY_TAGS))
