import ast
from pathlib import Path
from typing import get_args

import pytest

import etl
from etl import fingerprint
from etl.model.stages import STAGES, EditStage
from etl.view import marks

CODE = Path(etl.__file__).parent
# So many names of stages in one literal are a list of stages.
LIST = 4

pytestmark = pytest.mark.complete


def lists_of_stages(path: Path) -> list[int]:
    """Lines of a module on which stages, and nothing else, are listed: in a tuple or as a class's fields."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Tuple):
            words = [str(one.value) for one in node.elts if isinstance(one, ast.Constant)]
        elif isinstance(node, ast.ClassDef):
            targets = [one.target for one in node.body if isinstance(one, ast.AnnAssign)]
            words = [one.id for one in targets if isinstance(one, ast.Name)]
        else:
            continue
        if len(words) >= LIST and set(words) <= set(STAGES):
            found.append(node.lineno)
    return found


def test_one_list() -> None:
    """Nothing lists the stages again: every table and class takes them from `etl.model.stages`."""
    listing = {
        path.relative_to(CODE).as_posix(): lines
        for path in CODE.rglob("*.py")
        if path.name != "stages.py" and (lines := lists_of_stages(path))
    }

    assert not listing


@pytest.mark.parametrize(
    ("names", "all_of"),
    [(list(marks.WORDS), list(get_args(EditStage))), (list(fingerprint.INPUTS), [*STAGES, "facts"])],
    ids=["words", "fingerprints"],
)
def test_tables_follow(names: list[str], all_of: list[str]) -> None:
    """Tables by stage name stages alone, in their order."""
    assert [one for one in all_of if one in names] == names


def test_each_edit_has_its_word() -> None:
    """The page of a report has a word for every stage that changes text."""
    assert marks.WORDS.keys() == set(get_args(EditStage))
