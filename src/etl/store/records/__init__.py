"""What stored documents look like: their records, and the codec between records and BSON.

The ground floor of the store: every other sub-package may import it, and it imports none of them.
"""
