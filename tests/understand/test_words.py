"""The segmenter that serves cuts as its oracle does."""

from redprop_bot.understand.words import PythonSegmenter, RustSegmenter

from .conftest import ROOT


def test_rust_cuts_as_python_does():
    """Same dictionary, same algorithm, HMM off."""
    words = ["下水道", "楼道灯", "网格员"]
    fast, oracle = RustSegmenter(words), PythonSegmenter(words)
    for text in (
        "楼道灯坏了下水道也堵了",
        "请网格员来看看三单元的门禁",
        "物业费多少钱一平",
        "老人被困在电梯里出不来",
    ):
        assert fast.cut(text) == oracle.cut(text)
    assert fast.has("电梯")
    assert oracle.has("电梯")
    assert ROOT.is_dir()
