# ruff: noqa: E501 - Chinese signs count twice, and a pattern is read best in one line
"""Weigh a piece: which intent, which category, how urgent. Patterns and the linear model add up; danger overrules both."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from redprop_bot.understand.acts import CATEGORY_INTENTS, DANGER, DANGER_GUESSED, INTENTS
from redprop_bot.understand.emergency import Rule, behind_turn
from redprop_bot.understand.features import ADDRESS, ESTATE, ORDER, PHONE, TIME, extract, tokens_of
from redprop_bot.understand.lexicon import Label, Lexicon
from redprop_bot.understand.model import share as share_of
from redprop_bot.understand.model import softmax
from redprop_bot.understand.scrub import as_read
from redprop_bot.understand.unsaid import without_denied, without_unseen

_REMEMBERED = 8.0  # what an example of the content files outweighs when the very sentence is said again
_PLAIN = re.compile(r"[\s,，。.、;；:：!！?？~～…\"'“”]+")
_SIGNS = re.compile(f"([{ADDRESS}{PHONE}{ORDER}{TIME}{ESTATE}])\\1+")
_OF_ORDERS = re.compile(f"{ORDER}|单(?![手独元车身位亲腿脚人间行])")  # 单手抓着栏杆 is of no order
_BARE = re.compile(rf"[{ADDRESS}{PHONE}{ORDER}{TIME}{ESTATE}\W_]+")
_NOTHING_SAID = 0.3  # an address by itself tells of nothing, whatever its neighbours in the examples told of
VISIT, VISITED = "visit", "visited"  # the head that is asked whether a visit is told, and its yes
EMERGENCY_SHARE = 0.57
"""Without a rule. Of sentences held out two in five of those just above it are a danger, four in five of all above it; at
0.9 ten more of a hundred are missed for one or two false alarms less, and a danger missed costs more than a look."""
_REPORTED = 0.6
"""Without a rule, nobody is alarmed by what is hardly a report: 现在来了几个人. Of 58 dangers in new messages that the weights
alone found, the least clear report had 0.82; 我爸不行了 has 0.64."""
_STAFF_DANGER = 0.85  # of staff, whose other words leave a report less of the whole, the danger itself is asked
DANGER_SHARE = 0.95
_PERHAPS_REPORTED = 0.1
"""Share of a report below which nothing is reported, whatever the weights think of danger: 约了朋友喝茶; 回来了."""
_STAFF_HIDES = frozenset({"order.progress", "visit.log", "complaint", "consult", "unknown"})
_UNCLEAR = 0.55
"""Share below which words of staff are not clearly of an order: 开水喷到徒弟身上，人还困在管道间 sounds like progress, too. Of what
staff say clearly the weights of danger know nothing: 正焊着呢 is sure danger to them."""
CAUTION = 0.25
"""How much less sure the weights may be of "today" than of "some day": too early costs a look, too late costs trust."""
# A rule sees two or three words; the weights, which see them all, may be sure that it is no danger: 柴油机冒烟 of a lorry,
# 掉下来 of a tile last week. Share of an emergency below which a rule is not believed: of new sentences whose rule fired
# there, five of two hundred were one. A rule may be marked `sure` (轻生: better once too often), or not sure, where its
# words often mean something else (有人倒地, 卡住): of sentences held out that fell below that share, one of twenty was one.
_DOUBTED_SHARE = 0.005
_THOUGHT_OF = 0.05
# The same where the weights hear no report at all, but a question, a wish how it ought to be, a joke, something taken
# back (建议井盖都换成不会掉下去的): of those messages one danger of 676 was no report to them, and it was above; of what was
# alarmed falsely it was two in five. Who clearly takes something back names the danger most of all (不是煤气，是咸鱼，别来了).
_TOLD_OF, _SURELY_TOLD_OF = 0.5, 0.9  # the second where a report is out of the question (below the third)
_HARDLY_REPORTED = 0.1
# Who complains, quarrels or urges may do so in the midst of it: 我要投诉，保安拿刀追我.
_IN_THE_MIDST, _MIDST_TOLD_OF = frozenset({"complaint", "mediation", "demand.urge"}), 0.3
_TAKEN_BACK = 0.9
_AGREED = 0.3  # share from which the weights think of danger, too
# What a rule adds to its category when the weights think of danger, too, and when they do not: its words are then
# often those of another thing.
_ALARM_CATEGORY, _ALARM_CATEGORY_ALONE = 6.0, 2.0
_SURE = {
    "complaint": 0.985,
    "demand.supplement": 0.9995,
}  # said of something: the weights alone must be surer still
TEMPERATURE = 1.9  # the weights are surer than they are right; from files that took no part in training
_PUBLIC = frozenset({"resident", "member"})
_RELIEF = ("praise", "feedback.satisfied", "wish")
_RELIEF_SHARE = 0.9
_HIDES_DANGER = frozenset({"consult", "complaint", "greeting", "help", "unknown", "demand.supplement", "human"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one piece means by itself."""

    intent: str
    confidence: float
    category: str | None
    category_share: float
    urgency: str | None
    shares: Mapping[str, float]
    alarm: Rule | None
    why: tuple[str, ...]

    @property
    def clear(self) -> float:
        """How clearly the intent stands out among the others, before sobering."""
        return self.shares[self.intent]

    @property
    def label(self) -> tuple[str, str | None]:
        """Intent and category, the two that tell one thing said from another."""
        return self.intent, self.category


class Judge:
    """Weighs pieces with everything a lexicon knows."""

    def __init__(self, lexicon: Lexicon) -> None:
        # It remembers the examples its own way; the tens of thousands as they stood in the files may go.
        self.lexicon = self._lexicon = replace(lexicon, examples=())
        self._memory: dict[tuple[str, str], Label] = {}
        for example in lexicon.examples:
            if len(example.labels) == 1 and not example.template and not example.keyword:
                self._memory.setdefault(
                    (self._head(example.role), plain(as_read(example.text))), example.labels[0]
                )

    def _head(self, role: str) -> str:
        return self._lexicon.roles.heads.get(role, "public")

    def things(self, piece: str) -> frozenset[str]:
        """The categories of the things that a piece names."""
        return frozenset(k for k in self._lexicon.concepts.kinds(piece) if k.startswith("L:"))

    def weigh(self, piece: str, role: str, *, explain: bool = False) -> Verdict:
        """Judge one masked piece."""
        lexicon = self._lexicon
        tokens = tokens_of(piece, lexicon.segmenter)
        features = extract(piece, tokens, lexicon.concepts, role)
        known = self._memory.get((self._head(role), plain(piece)))
        scores, why = self._intent_scores(piece, role, features, known)
        alarm = lexicon.alarm.find(piece) if role in _PUBLIC or _not_of_orders(piece, scores) else None
        if alarm is not None and not (alarm.sure or known) and self._talked_of(alarm, scores, features):
            alarm = None
        if (
            alarm is not None
            and not alarm.sure
            and _told_with_relief(scores)
            and lexicon.alarm.find(behind_turn(piece)) is None
        ):
            alarm = None
        if alarm is not None and not (known and known.urgency != "emergency"):
            scores["demand.report"] = max(scores.values()) + 4.0
            why.append(f"{DANGER}{alarm.name}")
        shares = softmax(scores)
        best = intent = max(shares, key=shares.__getitem__)
        hides = intent in _HIDES_DANGER if role in _PUBLIC else _unclear(piece, intent, shares)
        if hides and not known and alarm is None and _perhaps_reported(scores):
            intent = self._danger_first(intent, piece, features, why)
        category, share, urgency = None, 1.0, None
        if intent in CATEGORY_INTENTS:
            meant = without_denied(piece)
            if meant != piece:
                features = extract(meant, tokens_of(meant, lexicon.segmenter), lexicon.concepts, role)
                piece = meant
            category, share = self._category(piece, role, features, known, alarm, why)
        if intent == "demand.report":
            urgency = self._urgency(piece, role, features, known, alarm, why)
            hardly = urgency == "emergency" and alarm is None and intent == best and shares[best] < _REPORTED
            if hardly and (role in _PUBLIC or self._danger_share(features) < _STAFF_DANGER):
                urgency = "urgent"
        if explain:
            why += lexicon.model.evidence(self._head(role), intent, features)
            if category:
                why += [f"{category}←{f}" for f in lexicon.model.evidence("category", category, features, 3)]
        sure = share_of(scores, intent, TEMPERATURE) * (1.0 if _BARE.sub("", piece) else _NOTHING_SAID)
        return Verdict(intent, sure, category, share, urgency, shares, alarm, tuple(why))

    def visit_share(self, text: str) -> float:
        """How likely a message of the community tells of a visit, 0..1; one half without weights to ask."""
        lexicon = self._lexicon
        features = extract(text, tokens_of(text, lexicon.segmenter), lexicon.concepts, "secretary")
        scores = lexicon.model.scores(VISIT, features, len(features))
        return share_of(scores, VISITED) if scores else 0.5

    def _danger_share(self, features: list[str]) -> float:
        """How much the weights think of danger, 0..1; 1 where there are none to ask."""
        scores = self._lexicon.model.scores("urgency", features, len(features))
        return share_of(scores, "emergency") if "emergency" in scores else 1.0

    def _talked_of(self, alarm: Rule, scores: Mapping[str, float], features: list[str]) -> bool:
        """Whether words of danger stand in what the weights take for none."""
        danger, shares = self._danger_share(features), softmax(scores)
        intent = max(shares, key=shares.__getitem__)
        if intent == "demand.report":
            return danger < (_THOUGHT_OF if alarm.sure is False else _DOUBTED_SHARE)
        if intent == "demand.withdraw" and shares[intent] >= _TAKEN_BACK:
            return True
        if intent in _IN_THE_MIDST:
            return danger < _MIDST_TOLD_OF
        return danger < (_SURELY_TOLD_OF if shares["demand.report"] < _HARDLY_REPORTED else _TOLD_OF)

    def _danger_first(self, intent: str, piece: str, features: list[str], why: list[str]) -> str:
        """A question or a complaint that speaks clearly of danger to life is a report."""
        shares = softmax(self._lexicon.model.scores("urgency", features, len(features)))
        if shares.get("emergency", 0.0) < _SURE.get(intent, DANGER_SHARE) or self._lexicon.alarm.harmless(piece):
            return intent
        why.append(DANGER_GUESSED)
        return "demand.report"

    def _intent_scores(
        self, piece: str, role: str, features: list[str], known: Label | None
    ) -> tuple[dict[str, float], list[str]]:
        lexicon, why = self._lexicon, []
        scores = lexicon.model.scores(self._head(role), features, len(features)) or dict.fromkeys(INTENTS, 0.0)
        for label, bias in lexicon.roles.bias.get(role, {}).items():
            if label in scores:
                scores[label] += bias
        for pattern in lexicon.patterns.hits("intent", piece, role):
            scores[pattern.label] = scores.get(pattern.label, 0.0) + pattern.weight
            why.append(pattern.name)
        if known is not None:
            scores[known.intent] = scores.get(known.intent, 0.0) + _REMEMBERED
            why.append("例句")
        if not any(c.isalnum() for c in piece) and not known:
            scores["unknown"] = scores.get("unknown", 0.0) + 1.0
        return scores, why

    def _category(  # noqa: PLR0917 - the parts of one message, always passed together
        self, piece: str, role: str, features: list[str], known: Label | None, alarm: Rule | None, why: list[str]
    ) -> tuple[str, float]:
        lexicon = self._lexicon
        scores = lexicon.model.scores("category", features, len(features)) or {"other": 0.0}
        if alarm is not None and alarm.category:
            agreed = self._danger_share(features) >= _AGREED
            more = _ALARM_CATEGORY if agreed else _ALARM_CATEGORY_ALONE
            scores[alarm.category] = scores.get(alarm.category, 0.0) + more
        for pattern in lexicon.patterns.hits("category", piece, role):
            scores[pattern.label] = scores.get(pattern.label, 0.0) + pattern.weight
            why.append(pattern.name)
        if known is not None and known.category:
            scores[known.category] = scores.get(known.category, 0.0) + _REMEMBERED
        shares = softmax(scores)
        best = max(shares, key=shares.__getitem__)
        return best, shares[best]

    def _urgency(  # noqa: PLR0917 - the parts of one message, always passed together
        self, piece: str, role: str, features: list[str], known: Label | None, alarm: Rule | None, why: list[str]
    ) -> str:
        if known is not None and known.urgency:
            return known.urgency
        if alarm is not None:
            return "emergency"
        lexicon = self._lexicon
        scores = lexicon.model.scores("urgency", features, len(features)) or {"normal": 0.0}
        for pattern in lexicon.patterns.hits("urgency", piece, role):
            scores[pattern.label] = scores.get(pattern.label, 0.0) + pattern.weight
            why.append(pattern.name)
        shares = softmax(scores)
        if shares.get("emergency", 0.0) >= EMERGENCY_SHARE and not lexicon.alarm.harmless(piece):
            seen = without_unseen(piece)
            if seen == piece:
                return "emergency"
            features = extract(seen, tokens_of(seen, lexicon.segmenter), lexicon.concepts, role)
            return "emergency" if self._danger_share(features) >= EMERGENCY_SHARE else "urgent"
        return "urgent" if shares.get("urgent", 0.0) > CAUTION * shares.get("normal", 0.0) else "normal"


def _told_with_relief(scores: Mapping[str, float]) -> bool:
    """保安救了落水的娃, 换了插座不冒火花了: clearly thanks, the danger is over."""
    shares = softmax(scores)
    return max(shares.get(intent, 0.0) for intent in _RELIEF) >= _RELIEF_SHARE


def _not_of_orders(piece: str, scores: Mapping[str, float]) -> bool:
    """Whether staff may be reporting what they see: danger goes before the role, but not before an order's number."""
    return "demand" in max(scores, key=scores.__getitem__) or not _OF_ORDERS.search(piece)


def _perhaps_reported(scores: Mapping[str, float]) -> bool:
    return share_of(scores, "demand.report", TEMPERATURE) >= _PERHAPS_REPORTED


def _unclear(piece: str, intent: str, shares: Mapping[str, float]) -> bool:
    """Whether staff may mean what they see, and no order."""
    return intent in _STAFF_HIDES and shares[intent] < _UNCLEAR and not _OF_ORDERS.search(piece)


def plain(text: str) -> str:
    """A sentence without punctuation and blanks, for remembering; what was taken out counts once, however long."""
    return _SIGNS.sub(r"\1", _PLAIN.sub("", text))
