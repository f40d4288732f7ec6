"""One file of `intents/`: examples, templates and patterns of a family, checked line by line.

family: 报修·用水
defaults: {intent: demand.report, category: plumbing, role: resident}
teaches: category urgency  # not intent: a file of one intent only would lean to it; without the line all three.
                           # `seams` alone: only where another matter begins, and whether a visit is told
groups:
  - urgency: urgent
    texts: [ … ]
  - template: true        # [a|b|c] in a text stands for each of them, [a|b]? also for nothing
    texts: [ … ]
  - {note: why it stands here, unit: who answered for it, texts: […]}   # both for people only
  - acts: [{intent: praise}, {intent: demand.report, category: power, urgency: normal}]
    texts: [ … ]          # says two things
words: {谁: 物业|保安}     # 〔谁〕 in a pattern of this file stands for any of these
patterns:
  - {match: 漏水, category: plumbing, weight: 2}
"""

import itertools
import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from redprop_bot.content.codes import CATEGORIES, URGENCIES
from redprop_bot.errors import Fault
from redprop_bot.understand.acts import CATEGORY_INTENTS, INTENTS, ROLES
from redprop_bot.understand.lexicon import ONLY_SEAMS, TAUGHT, Example, Label
from redprop_bot.understand.patterns import Pattern, spelt_out
from redprop_bot.understand.yamlfile import Node

_CHOICE = re.compile(r"\[([^\[\]]{0,400})\](\??)")
_TOPIC = re.compile(r"@([^\[\]|@]{1,8})")
_PER_TEMPLATE = 16
_KNOWN = {"intent": INTENTS, "category": CATEGORIES, "urgency": URGENCIES, "role": ROLES}
_FILE_KEYS = frozenset({"family", "defaults", "teaches", "groups", "words", "patterns", "keywords"})
_KEYS = frozenset({"intent", "category", "urgency", "role", "texts", "template", "acts", "note", "unit"})
_WORD_KEYS = frozenset({"intent", "category", "urgency", "role", "words"})


def read_family(
    node: Node,
    examples: list[Example],
    patterns: list[Pattern],
    faults: list[Fault],
    topics: Mapping[str, list[str]] | None = None,
) -> None:
    """Add what a file says to the lists; `topics` are the words behind [@…] in templates."""
    if not isinstance(node.value, dict):
        faults.append(Fault(node.where, "文件应为 family / defaults / groups / patterns"))
        return
    _strangers(node, _FILE_KEYS, faults)
    defaults = node.get("defaults") or Node({}, node.where)
    groups, listed = node.get("groups"), node.get("patterns")
    teaches = _taught(node.get("teaches"), faults)
    for group in groups.list() if groups else []:
        examples += [replace(said, teaches=teaches) for said in _group(group, defaults, faults, topics or {})]
    keywords = node.get("keywords")
    for item in keywords.list() if keywords else []:
        examples += _keywords(item, faults)
    named = node.get("words")
    words = {name: said.text() for name, said in named.items()} if named else {}
    for item in listed.list() if listed else []:
        found = _pattern(item, faults, words)
        if found:
            patterns.append(found)


def _taught(node: Node | None, faults: list[Fault]) -> frozenset[str]:
    """What a file is learnt from."""
    if node is None:
        return TAUGHT
    named = frozenset(node.text().split())
    if named != {ONLY_SEAMS} and (not named or named - TAUGHT):
        kinds = " ".join(sorted(TAUGHT))
        faults.append(Fault(node.where, f"teaches 只能是 {kinds} 里的几样，或者只写 {ONLY_SEAMS}"))
    return named


def _strangers(node: Node, known: frozenset[str], faults: list[Fault]) -> None:
    faults += [Fault(child.where, f"不认识的键 {key}") for key, child in node.items() if key not in known]


def _value(key: str, group: Node, defaults: Node, faults: list[Fault]) -> str | None:
    node = group.get(key) or defaults.get(key)
    if node is None or node.text() in ("", "null", "~"):
        return None
    if node.text() not in _KNOWN[key]:
        faults.append(Fault(node.where, f"没有这个{key}：{node.text()}"))
        return None
    return node.text()


def _label(group: Node, defaults: Node, faults: list[Fault]) -> Label | None:
    intent = _value("intent", group, defaults, faults)
    if intent is None:
        faults.append(Fault(group.where, "缺少 intent"))
        return None
    category = _value("category", group, defaults, faults) if intent in CATEGORY_INTENTS else None
    urgency = _value("urgency", group, defaults, faults) if intent == "demand.report" else None
    if intent in CATEGORY_INTENTS and category is None:
        faults.append(Fault(group.where, f"{intent} 要有 category"))
    if intent == "demand.report" and urgency is None:
        urgency = "normal"
    return Label(intent, category, urgency)


def _group(group: Node, defaults: Node, faults: list[Fault], topics: Mapping[str, list[str]]) -> Iterator[Example]:
    _strangers(group, _KEYS, faults)
    acts, texts = group.get("acts"), group.get("texts")
    nothing = Node({}, group.where)
    found = [_label(act, nothing, faults) for act in acts.list()] if acts else [_label(group, defaults, faults)]
    labels = tuple(label for label in found if label)
    role = _value("role", group, defaults, faults) or "resident"
    flag = group.get("template")
    is_template = flag is not None and flag.text() == "true"
    if texts is None or not texts.list():
        faults.append(Fault(group.where, "缺少 texts"))
        return
    for item in texts.list():
        if not item.text().strip():
            faults.append(Fault(item.where, "例句应为一行文字 (含冒号、井号的要加引号)"))
            continue
        strange = [name for name in _TOPIC.findall(item.text()) if is_template and name not in topics]
        faults += [Fault(item.where, f"data/words/topics.yaml 里没有 @{name}") for name in strange]
        for text in expand(item.text(), topics) if is_template else (item.text(),):
            yield Example(text, labels, role, item.where, is_template)


def _keywords(group: Node, faults: list[Fault]) -> Iterator[Example]:
    """Words that speak for one label by themselves: a line of them, separated by blanks."""
    nothing = Node({}, group.where)
    _strangers(group, _WORD_KEYS, faults)
    label = Label(
        _value("intent", group, nothing, faults) or "",
        _value("category", group, nothing, faults),
        _value("urgency", group, nothing, faults),
    )
    role = _value("role", group, nothing, faults) or "resident"
    words = group.get("words")
    if words is None or not words.text() or label == Label(""):
        faults.append(Fault(group.where, "keywords 要有 words，和 intent、category、urgency 之一"))
        return
    for word in words.text().split():
        yield Example(word, (label,), role, words.where, template=False, keyword=True)


def expand(template: str, topics: Mapping[str, list[str]] | None = None) -> list[str]:
    """Some of the sentences that a template stands for, always the same ones."""
    parts = _CHOICE.split(template)
    options = []
    for i in range(0, len(parts), 3):
        options.append([parts[i]])
        if i + 1 < len(parts):
            listed = [
                word
                for option in parts[i + 1].split("|")
                for word in ((topics or {}).get(option[1:], [""]) if option.startswith("@") else [option])
            ]
            options.append(listed + ([""] if parts[i + 2] else []))
    count = 1
    for option in options:
        count *= len(option)
    if count <= _PER_TEMPLATE:
        return ["".join(choice) for choice in itertools.product(*options)]
    dice = random.Random(template)  # noqa: S311 - the same sample every time is what is wanted
    found: dict[str, None] = {}
    widest = min(max(map(len, options)), 3 * _PER_TEMPLATE)
    shuffled = [dice.sample(option, len(option)) for option in options]
    for i in range(max(_PER_TEMPLATE, widest)):
        found[
            "".join(
                option[i % len(option)] if len(option) >= widest else dice.choice(option) for option in shuffled
            )
        ] = None
    return list(found)


def _pattern(item: Node, faults: list[Fault], words: Mapping[str, str]) -> Pattern | None:
    match, weight = item.get("match"), item.get("weight")
    heads = [(head, item.get(head)) for head in ("intent", "category", "urgency")]
    named = [(head, node) for head, node in heads if node is not None]
    if match is None or len(named) != 1:
        faults.append(Fault(item.where, "模式要有 match，和 intent、category、urgency 之一"))
        return None
    head, label = named[0]
    source, why = spelt_out(match.text(), words)
    if why:
        faults.append(Fault(match.where, why))
    if label.text() not in _KNOWN[head]:
        faults.append(Fault(label.where, f"没有这个{head}：{label.text()}"))
    roles = item.get("roles")
    try:
        value = float(weight.text()) if weight else 2.0
    except ValueError:
        faults.append(Fault(item.where, "weight 应为数字"))
        return None
    if why or label.text() not in _KNOWN[head]:
        return None
    said_by = frozenset(role.text() for role in roles.list()) if roles else frozenset()
    return Pattern(re.compile(source), head, label.text(), value, said_by)
