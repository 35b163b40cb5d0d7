from etl.text.folding import (
    MIN_LENGTH_AT_ONCE,
    extraction_folding,
    reprint_folding,
    simplify,
    widen_marks,
)

TEXT = "乾隆年間，國務院１２％的Ｒeport:(第３頁)"


def test_folds_keep_every_offset() -> None:
    """Each fold gives one character for one, so that a place in the folded text is one in the text."""
    folded = [TEXT.translate(extraction_folding()), TEXT.translate(reprint_folding())]

    assert {len(text) for text in [*folded, simplify(TEXT), widen_marks(TEXT)]} == {len(TEXT)}


def test_what_each_fold_does() -> None:
    """Extraction keeps characters that both scripts have; reprints lose case; models know wide marks."""
    assert TEXT.translate(extraction_folding()) == "乾隆年间，国务院12%的Report:(第3页)"
    assert TEXT.translate(reprint_folding()) == "干隆年间，国务院12％的report:(第3页)"
    assert widen_marks("a,b;c:(d)?!．％") == "a，b；c：（d）？！.%"


def test_one_value_a_character() -> None:
    """No fold makes two characters of one."""
    assert all(len(form) == 1 for form in extraction_folding().values())
    assert all(len(form) == 1 for form in reprint_folding().values())


def test_a_long_text_is_folded_like_a_short_one() -> None:
    """However long a text is, and whatever characters it holds, it folds as `str.translate` says."""
    odd = "發展\ud800\U00020001\U000e0041\U0010ffff\0A１％"
    for table in (extraction_folding(), reprint_folding()):
        for text in ("", odd, odd * MIN_LENGTH_AT_ONCE, "發展１" * MIN_LENGTH_AT_ONCE):
            assert table.fold(text) == text.translate(table)
