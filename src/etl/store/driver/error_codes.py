"""Name the error codes of MongoDB that several modules tell apart."""

# A document with this key is there already.
DUPLICATE_KEY = 11000
# A validator does not take the document.
DOCUMENT_INVALID = 121
