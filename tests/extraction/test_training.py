from pathlib import Path

import numpy as np
import pytest
from tagger_data import IGNORED, Labelled, Swapper, labelled, numbers

from etl.extraction.network.features import Features
from etl.extraction.network.outputs import ENTITIES, ENTITY_TAGS, WORD_TAGS
from etl.extraction.network.tagger import NetworkTagger

LINE = (
    '{"t":"赵国栋在江苏省。赵国栋","w":[[0,3,"PER"],[3,4,"p"],[4,7,"LOC"],[7,8,"w"],[8,11,"PER"]],'
    '"e":[["PER",0,3],["LOC",4,7],["PER",8,11]]}'
)


def text() -> Labelled:
    """The labelled text of `LINE`."""
    return next(labelled([LINE]))


def test_swapped_names_keep_their_labels() -> None:
    """A swapped name is swapped at each mention, and words and entities lie over the new ones."""
    swapper = Swapper([text(), Labelled("李小明", (), (("PER", 0, 3),))], 1)
    seen = set()
    for _ in range(30):
        new = swapper.swap(text(), often=1.0)
        person, place, again = (new.text[a:b] for _, a, b in new.entities)
        seen.add((person, place))
        assert person == again
        assert place.endswith("省")
        assert new.text == f"{person}在{place}。{person}"
        assert "".join(new.text[a:b] for a, b, _ in new.words) == new.text
    assert len(seen) > 10


def test_labels_become_numbers() -> None:
    """Words begin once, entities with B; a character without a word teaches nothing about words."""
    made = numbers(Labelled("赵国栋 在", ((0, 3, "PER"), (4, 5, "p")), (("PER", 0, 3),)), Features())

    assert made.starts.tolist() == [1, 0, 0, IGNORED, 1]
    assert [WORD_TAGS[tag] for tag in made.tags[:3]] == ["PER"] * 3
    assert [ENTITY_TAGS[tag] for tag in made.entities] == ["B-PER", "I-PER", "I-PER", "O", "O"]


def test_the_file_answers_as_the_network(tmp_path: Path) -> None:
    """The model in whole numbers gives the probabilities of the network that was trained, nearly."""
    torch = pytest.importorskip("torch", reason="the group `train` is not installed")

    from export_tagger import export  # noqa: PLC0415 (a script's module)
    from tagger_net import Net  # noqa: PLC0415 (a script's module)

    torch.manual_seed(1)
    net = Net().eval()
    for parameter in net.tables.parameters():
        parameter.data *= 20
    (tmp_path / "labels").write_text(f"{LINE}\n", encoding="utf-8")
    export(net, tmp_path / "labels", tmp_path / "tagger.zip", temperature=1.0)
    rows = Features().read(text().text * 9)
    with torch.no_grad():
        scores = net(torch.from_numpy(rows.astype(np.int64))[None])[0, ENTITIES].T.numpy()
    probabilities = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)

    read = NetworkTagger(tmp_path / "tagger.zip").read(text().text * 9).tag_probabilities
    assert read is not None
    assert np.abs(read - probabilities).max() < 0.02
