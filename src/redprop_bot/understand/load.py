# ruff: noqa: E501 - Chinese signs count twice, and a pattern is read best in one line
"""Read the content files of all roots into a lexicon; every fault of every file is reported at once."""

import re
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from redprop_bot.errors import ContentError, Fault
from redprop_bot.understand import yamlfile
from redprop_bot.understand.emergency import Alarm, Guard, Rule
from redprop_bot.understand.examples import read_family
from redprop_bot.understand.features import Concepts
from redprop_bot.understand.homophones import Repairer
from redprop_bot.understand.lexicon import Example, Lexicon, Roles
from redprop_bot.understand.model import Model
from redprop_bot.understand.normalise import Replacer
from redprop_bot.understand.patterns import Pattern, PatternSet, spelt_out
from redprop_bot.understand.reader import Reader
from redprop_bot.understand.slots.party import PartyWords
from redprop_bot.understand.slots.place import PlaceWords
from redprop_bot.understand.split import Splitter
from redprop_bot.understand.trees import Trees
from redprop_bot.understand.words import segmenter
from redprop_bot.understand.yamlfile import Node

MODEL = "data/words/model.tsv.gz"
EMERGENCY = "data/words/emergency.yaml"
SEAMS = "data/words/seams.tsv.gz"
SEAM_TREES = "data/words/seam_trees.txt.gz"
CORPUS = "intents/corpus/"
"""Shipped sentences that are only learnt from: their lesson stands in the weights."""
_OPENING = ("openers", "begins")
CLUSTERS = "data/words/clusters.tsv"


def load_reader(roots: Sequence[Path]) -> Reader:
    """A reader from the folders `intents/` and `data/words/` of the roots; a later root replaces or adds file by file.

    Without the shipped corpus: to keep it at hand would cost half of the start and an eighth of the memory.
    """
    return Reader(load_lexicon(roots, corpus=False))


def load_lexicon(roots: Sequence[Path], *, with_model: bool = True, corpus: bool = True) -> Lexicon:
    """Everything the content files say; ContentError with all faults."""
    files = _files(roots)
    if not corpus:
        files = {n: p for n, p in files.items() if not (n.startswith(CORPUS) and p.is_relative_to(roots[0]))}
    faults: list[Fault] = []
    # A community that reads of a fault must find its own file, not the shipped one of the same name.
    own = {name for name, path in files.items() if not path.is_relative_to(roots[0])}
    nodes = {
        name: node
        for name, path in files.items()
        if name.endswith(".yaml") and (node := yamlfile.read(path, str(path) if name in own else name, faults))
    }
    words = {
        name.removeprefix("data/words/").removesuffix(".yaml"): node
        for name, node in nodes.items()
        if name.startswith("data/words/")
    }
    examples: list[Example] = []
    patterns: list[Pattern] = []
    topics = _word_lists(words.get("topics"), faults)
    for name, node in nodes.items():
        if name.startswith("intents/"):
            said: list[Example] = []
            read_family(node, said, patterns, faults, topics)
            examples += [replace(example, own=True) for example in said] if name in own else said
    concepts = Concepts(_word_lists(words.get("concepts"), faults), _clusters(files, faults), _kinds(examples))
    alarm = _alarm(words.get("emergency"), faults)
    if not alarm.rules and (path := files.get(EMERGENCY)):
        _no_rules(nodes.get(EMERGENCY), str(path) if EMERGENCY in own else EMERGENCY, faults)
    weighs = files if with_model else {}
    model, seams = (_weights(weighs, name, Model.load, faults) or Model.empty() for name in (MODEL, SEAMS))
    seam_trees = _weights(weighs, SEAM_TREES, Trees.load, faults) or Trees()
    homophones, places = words.get("homophones"), _word_lists(words.get("places"), faults)
    domain, dangers, stands = (
        _strings(homophones.get(key) if homophones else None) for key in ("domain", "dangers", "stands")
    )
    if faults:
        raise ContentError(faults)
    cutter = segmenter([*concepts.words(), *domain])
    return Lexicon(
        segmenter=cutter,
        concepts=concepts,
        dialect=Replacer(_mapping(words.get("dialect"), "replace")),
        repairer=Repairer(_mapping(homophones, "slips"), [*dangers, *domain], cutter, stands),
        patterns=PatternSet(patterns),
        model=model,
        seams=seams,
        seam_trees=seam_trees,
        roles=_roles(words.get("roles")),
        alarm=alarm,
        splitter=Splitter(*(_strings(words["split"].get(k) if "split" in words else None) for k in _OPENING)),
        places=PlaceWords(places),
        parties=PartyWords(_strings(words["parties"].get("units") if "parties" in words else None)),
        examples=tuple(examples),
    )


T = TypeVar("T")


def _files(roots: Sequence[Path]) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for root in roots:
        for folder in ("intents", "data/words"):
            for path in sorted((root / folder).rglob("*")):
                if path.suffix in (".yaml", ".tsv", ".gz") and path.is_file():
                    found[path.relative_to(root).as_posix()] = path
    return dict(sorted(found.items()))


def _kinds(examples: Sequence[Example]) -> dict[str, str]:
    """Word to the category that the keywords of `intents/` give it; what is said first holds."""
    out: dict[str, str] = {}
    for example in examples:
        category = example.labels[0].category if example.keyword else None
        if category:
            out.setdefault(example.text, category)
    return out


def _clusters(files: dict[str, Path], faults: list[Fault]) -> dict[str, tuple[str, ...]]:
    """Word to its groups of like words, the finest first."""
    out: dict[str, tuple[str, ...]] = {}
    path = files.get(CLUSTERS)
    for number, line in enumerate(path.read_text("utf-8").splitlines() if path else (), 1):
        if line.startswith("#"):
            continue
        *groups, listed = line.split("\t")
        if not groups:
            faults.append(Fault(f"{CLUSTERS}:{number}", "应为 由细到粗的群号、词，以制表符隔开"))
            continue
        names = tuple(f"k{level}:{group}" for level, group in enumerate(groups))
        out.update(dict.fromkeys(listed.split(), names))
    return out


def _weights(files: dict[str, Path], name: str, load: Callable[[Path], T], faults: list[Fault]) -> T | None:
    """What training has written; None where it has not, or where the file is damaged, which is a fault."""
    path = files.get(name)
    if path is None:
        return None
    try:
        return load(path)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, EOFError, OSError, zlib.error) as error:
        faults.append(Fault(name, f"权重文件坏了，请重新训练：{error}"))
        return None


def _strings(node: Node | None) -> list[str]:
    """A list of words; a word may also be a line of words separated by blanks."""
    if node is None:
        return []
    if isinstance(node.value, str):
        return node.value.split()
    return [word for item in node.list() for word in item.text().split()]


def _word_lists(node: Node | None, faults: list[Fault]) -> dict[str, list[str]]:
    if node is None:
        return {}
    out = {}
    for concept, listed in node.items():
        out[concept] = _strings(listed)
        if not out[concept]:
            faults.append(Fault(listed.where, f"{concept} 下面没有词"))
    return out


def _mapping(node: Node | None, key: str) -> dict[str, str]:
    inner = node.get(key) if node else None
    return {old: new.text() for old, new in inner.items()} if inner else {}


def _roles(node: Node | None) -> Roles:
    if node is None:
        return Roles()
    bias = node.get("bias")
    return Roles(
        _mapping(node, "heads"),
        {role: {label: float(v.text()) for label, v in row.items()} for role, row in bias.items()} if bias else {},
    )


def _compile(node: Node, faults: list[Fault], groups: Mapping[str, str]) -> re.Pattern[str] | None:
    """A pattern, 〔名字〕 in it standing for a group of words."""
    source, why = spelt_out(node.text(), groups)
    if why or not source:
        faults.append(Fault(node.where, why or "空的模式"))
        return None
    return re.compile(source)


def _no_rules(node: Node | None, name: str, faults: list[Fault]) -> None:
    """Whoever puts an own file in place of the shipped rules must not lose all alarms by an empty one."""
    where = node.where if node else f"{name}:1"
    if not any(fault.where.startswith(name) for fault in faults):  # what cannot be read is told already
        faults.append(Fault(where, "没有一条险情规则 (rules)；这个文件整份替换自带的，请把自带的抄过来再改"))


def _alarm(node: Node | None, faults: list[Fault]) -> Alarm:
    if node is None:
        return Alarm()
    groups = _mapping(node, "words")
    rules = []
    listed = node.get("rules")
    for item in listed.list() if listed else []:
        signs_node, unless_node, category = item.get("all"), item.get("unless"), item.get("category")
        signs = [p for sign in (signs_node.list() if signs_node else []) if (p := _compile(sign, faults, groups))]
        unless = _compile(unless_node, faults, groups) if unless_node else None
        name = item.get("name")
        if not signs:
            faults.append(Fault(item.where, "险情规则要有 all：至少一个模式"))
        rules.append(
            Rule(
                name.text() if name else item.where,
                category.text() if category else "",
                tuple(signs),
                unless,
                sure=None if (flag := item.get("sure")) is None else flag.text() == "true",
            )
        )
    harmless, past, now, once = (
        _compile(words, faults, groups) if (words := node.get(key)) else None
        for key in ("harmless", "past", "now", "once")
    )
    return Alarm(rules, Guard(harmless, past, now, once))
