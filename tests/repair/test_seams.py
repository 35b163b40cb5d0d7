import tomllib
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
import seam_scores
from _pytest.mark import ParameterSet
from seam_graphs import exported, trained
from seam_table import running_keys
from write_models import put

from etl.model.errors import SetupError
from etl.repair.scorer.continuation import PAIRS_AT_ONCE, ContinuationScorer
from etl.repair.scorer.feature_names import FEATURES, check
from etl.repair.scorer.ngrams import look_up
from etl.repair.scorer.scores import Scores
from etl.repair.scorer.weights import MODEL, arrays, trees

TABLE = tomllib.loads((Path(__file__).parents[1] / "cases" / "repair" / "seams.toml").read_text("utf-8"))
TEXTS: list[str] = [piece for report in TABLE["report"] for piece in report["pieces"]]
BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture(scope="module")
def model() -> ContinuationScorer:
    """The model as it is shipped."""
    return ContinuationScorer.load()


def case(report: dict[str, Any]) -> ParameterSet:
    """A row of the table; a known failure must fail, so that its label goes when the model learns it."""
    wrong = report["kind"] == "known_failure"
    marks = [pytest.mark.xfail(strict=True, reason="known failure")] if wrong else []
    return pytest.param(report["pieces"], id=report["title"], marks=marks)


@pytest.mark.parametrize("pieces", map(case, TABLE["report"]))
def test_finds_partners(model: ContinuationScorer, pieces: list[str]) -> None:
    """Every cut end of a report scores its own continuation above every other start, and above nothing."""
    scores = seam_scores.pairs(model, pieces[:-1], pieces[1:], pieces)

    assert scores.argmax(1).tolist() == scores.argmax(0).tolist() == list(range(len(pieces) - 1))
    assert (scores.diagonal() > 0).all()


@pytest.mark.parametrize("edge", TABLE["edge"])
def test_tells_whole_from_cut(model: ContinuationScorer, edge: dict[str, list[str]]) -> None:
    """Headings, titles, bylines and sentences end and begin whole; cut sentences do not."""
    assert (seam_scores.ends(model, edge["whole_ends"]) > 0).all()
    assert (seam_scores.starts(model, edge["whole_starts"]) > 0).all()
    assert (seam_scores.ends(model, edge["cut_ends"]) < 0).all()
    assert (seam_scores.starts(model, edge["cut_starts"]) < 0).all()


def test_one_scale(model: ContinuationScorer) -> None:
    """A report encoded once gives the scores of `pairs`, `seams`, `ends` and `starts`."""
    lefts, rights = TEXTS[:-1], TEXTS[1:]
    report, n = Scores(model, TEXTS), np.arange(len(TEXTS))
    report.encode(n, n)
    seams = report.seams(n[:-1], n[1:])

    np.testing.assert_allclose(seams, seam_scores.pairs(model, lefts, rights, TEXTS).diagonal(), atol=1e-3)
    np.testing.assert_allclose(seams, seam_scores.seams(model, lefts, rights, TEXTS), atol=1e-6)
    every = report.seams(np.repeat(n[:3], len(n)), np.tile(n, 3))
    np.testing.assert_allclose(every, seam_scores.pairs(model, TEXTS[:3], TEXTS, TEXTS).ravel(), atol=1e-3)
    np.testing.assert_allclose(report.ends, seam_scores.ends(model, TEXTS), atol=1e-6)
    np.testing.assert_allclose(report.starts, seam_scores.starts(model, TEXTS), atol=1e-6)


@pytest.mark.parametrize(
    ("left", "right", "other_left", "other_right"),
    [
        ("他说，今天要抓好农业", "生产，明天再谈", "他说,今天要抓好农业", "生产,明天再谈"),
        ("县里还建成了十二座烘", "干中心", "县里 还建成了\n十二座烘 ", "　干 中心"),
        ("会议强调，要加强国际传", "播能力建设", "會議強調，要加強國際傳", "播能力建設"),
        ("增长率达到", "15%以上", "增长率达到", "１５％以上"),
        ("他说：“我们要", "努力”", "他說：「我們要", "努力」"),
    ],
)
def test_folds(model: ContinuationScorer, left: str, right: str, other_left: str, other_right: str) -> None:
    """Width, spaces, digits' width, quotes and script do not change a score."""
    assert seam_scores.seams(model, [left], [right]) == pytest.approx(
        seam_scores.seams(model, [other_left], [other_right]), abs=1e-4
    )


def test_report_helps(model: ContinuationScorer) -> None:
    """A name torn by the cut is more likely whole again where the report has it elsewhere."""
    torn = (["县农业农村局局长沐"], ["昀泽告诉记者，"])

    assert seam_scores.seams(model, *torn, ["沐昀泽说，今年收成好。"]) > seam_scores.seams(
        model, *torn, ["今年收成好。"]
    )


def test_blocks_agree(model: ContinuationScorer) -> None:
    """Scores of many pairs, worked out in blocks, are those of few."""
    lefts = (TEXTS * 20)[:200]
    many = seam_scores.pairs(model, lefts, lefts)

    assert many.size > 2 * PAIRS_AT_ONCE
    np.testing.assert_allclose(
        many[150:153, :7], seam_scores.pairs(model, lefts[150:153], lefts[:7]), atol=1e-3
    )


def test_nothing(model: ContinuationScorer) -> None:
    """Nothing asked is nothing answered, in the right shape."""
    assert seam_scores.pairs(model, [], TEXTS).shape == (0, len(TEXTS))
    assert seam_scores.pairs(model, TEXTS, []).shape == (len(TEXTS), 0)
    assert (
        seam_scores.seams(model, [], []).shape
        == seam_scores.starts(model, []).shape
        == seam_scores.ends(model, []).shape
        == (0,)
    )


def test_any_text(model: ContinuationScorer) -> None:
    """Empty, foreign and broken characters get finite scores."""
    odd = ["", " ", "\0", "abc", "🌾" * 40, "\ud800", "𠮷野家", "①②③"]

    assert np.isfinite(seam_scores.pairs(model, odd, odd, odd)).all()
    assert np.isfinite(seam_scores.starts(model, odd)).all()


def test_small() -> None:
    """The models of repair are one file of at most 12 MB, beside those of the taggers."""
    others = {"reader.zip", "tagger.zip"}
    assert {path.name for path in MODEL.parent.iterdir()} == {MODEL.name, *others}
    assert MODEL.stat().st_size <= 12e6


def test_a_file_of_models_keeps_both_parts(tmp_path: Path) -> None:
    """What is put into a file of models comes out of it, arrays apart from trees with their features."""
    seams, grown = {"table": np.arange(9, dtype=np.uint8)}, {"finals": (b"\0trees\0", ("width", "gap"))}
    put(tmp_path / "models.npz", seams, grown)

    assert trees(tmp_path / "models.npz") == grown
    assert arrays(tmp_path / "models.npz").keys() == seams.keys()
    assert arrays(tmp_path / "models.npz")["table"].tolist() == seams["table"].tolist()


def test_layers_that_were_exported_can_be_trained_further() -> None:
    """The weights of training are read from graphs that were exported, and exported to the same ones."""
    shipped = arrays()
    weights = trained(shipped)
    again = exported(weights)

    assert weights["left.out"].shape == (259, 225)
    assert weights["pair.bias"].shape == ()
    assert not any(name.startswith("layers.") for name in weights)
    assert again.keys() == shipped.keys()
    for name, values in shipped.items():
        np.testing.assert_array_equal(again[name], values)


def test_a_missing_model(tmp_path: Path) -> None:
    """A missing model file is said to be missing."""
    with pytest.raises(FileNotFoundError):
        ContinuationScorer.load(tmp_path / "none.npz")


def test_table_keeps_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A packed table gives back the level of every n-gram that kept its slot, and 0 for unseen ones."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    from seam_table import packed  # noqa: PLC0415 (a script's module)

    keys = running_keys(np.arange(2, 1002), 3)
    table = packed(keys, np.full(len(keys), 6))

    assert (look_up(table, keys) == 3).mean() > 0.99
    assert (look_up(table, running_keys(np.arange(5000, 6000), 3)) == 0).mean() > 0.99


def test_script_and_product_agree(model: ContinuationScorer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The network that is trained and the arithmetic that is shipped give the same scores."""
    torch = pytest.importorskip("torch", reason="the group `train` is not installed")
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    import train_seams  # noqa: PLC0415 (a script)
    from seam_data import Group  # noqa: PLC0415 (a script's module)
    from seam_net import SeamNet, shipped  # noqa: PLC0415 (a script's module)

    letters, table = arrays()["alphabet"], arrays()["table"]
    net = SeamNet(int(letters.max()) + 1).eval()
    twin = ContinuationScorer({"alphabet": letters, "table": table, **shipped(net)})
    group = Group(tuple(TEXTS), (*(True for _ in TEXTS[1:]), False))
    batch = train_seams.prepared(twin, group, table, Random(1), memory=True)
    with torch.no_grad():
        scores, ends, _ = net({name: torch.from_numpy(value)[None] for name, value in batch.items()})
    chosen = train_seams.sample(group, train_seams.SIZE, Random(1))
    lefts, rights = [TEXTS[k] for k in chosen.ends], [TEXTS[k] for k in chosen.starts]

    np.testing.assert_allclose(seam_scores.pairs(twin, lefts, rights, TEXTS), scores[0].numpy(), atol=0.02)
    np.testing.assert_allclose(seam_scores.ends(twin, lefts), ends[0].numpy(), atol=0.02)


@pytest.mark.shared
def test_finds_partners_in_news(
    model: ContinuationScorer, shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Among 20 ends and starts of one article the true partner comes first in at least 82 of 100 rows."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    from seam_data import groups, read_articles  # noqa: PLC0415 (a script's module)
    from seam_measure import retrieval  # noqa: PLC0415 (a script's module)

    articles = list(read_articles(shared / "bench" / "repair" / "articles.jsonl.gz"))
    stream = groups(articles, Random(5), (2500, 4000))
    cases = [group for group in (next(stream) for _ in range(60)) if sum(group.joined) >= 16]
    found = retrieval(model, cases, 20, memory=True)

    assert found["rows"] >= 0.82
    assert found["columns"] >= 0.84


@pytest.mark.parametrize(
    ("features", "said"),
    [
        (FEATURES["finals"][:-1], "told_joins"),
        ((*FEATURES["finals"], "weather"), "weather"),
        (FEATURES["finals"][::-1], "another order"),
        ((), "told_breaks"),
    ],
)
def test_classifiers_of_other_features_are_refused(features: tuple[str, ...], said: str) -> None:
    """Tree classifiers of other features, or of these in another order, do not load; what to do is said."""
    check(FEATURES)
    with pytest.raises(SetupError, match=f"'finals'.*{said}.*one release"):
        check({**FEATURES, "finals": features})


def test_shipped_trees_know_their_features() -> None:
    """The shipped file says of every set of trees what it was trained on, as it is told today."""
    assert {name: features for name, (_, features) in trees().items()} == FEATURES
