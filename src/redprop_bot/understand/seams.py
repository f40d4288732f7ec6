# ruff: noqa: E501 - Chinese signs count twice, and a pattern is read best in one line
"""Where in a message another matter begins, learnt from messages that say one thing and from such that say several.

A seam lies between two neighbouring pieces. Both sides are weighed by their words, and the head `seam` is asked what
the two verdicts, the signs between them and the words at the seam tell; a few trees then weigh its answer against how
clear and how far apart the verdicts are. Training asks the same functions (`train_seams`); what the parts then mean is
the judge's business, and what becomes of them `group`'s.
"""

import math
from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass

from redprop_bot.understand import apart
from redprop_bot.understand.acts import CATEGORY_INTENTS
from redprop_bot.understand.entities import STAFF
from redprop_bot.understand.features import ADDRESS, ESTATE, ORDER, extract, tokens_of
from redprop_bot.understand.lexicon import Lexicon
from redprop_bot.understand.model import Model
from redprop_bot.understand.split import Piece

HEAD, NEW, SAME = "seam", "new", "same"
# Pieces of either side that are weighed: what was said long before tells nothing of this seam.
BEFORE, AFTER = 4, 3
_LONGEST = 100  # features of a piece that are weighed; with all of a side they stay within the lanes of `Model`
OPENS_FROM = {
    "word": 0.35,
    "also": 0.4,
    "soft": 0.66,
    "hard": 0.7,
    "number": 0.12,  # begins with an order's number, and another was told before
    "own": 0.3,  # begins with an address, and another was told before
    "on": 0.9,  # 弄得…, 再不修…: what comes of it
    "but": 0.6,
    "done": 0.2,  # a but after thanks, or after something taken back
}
"""Share from which another matter begins, by how the piece is joined on. The shares are right on sentences held out (of
those with 0.65 two in three begin one); but others end a sentence within one matter more often than our writers do."""
STAFF_FROM = 0.6  # who works here says several things in a breath
_DONE_WITH = frozenset({"feedback.satisfied", "praise", "demand.withdraw"})  # then 就是…, 但是…: another matter
_SHARES = (0.01, 0.05, 0.15, 0.35, 0.6, 0.8, 0.93)
_LENGTHS = (4, 7, 11, 18, 30)
# The trees know the joints by this number: who adds one to `OPENS_FROM`, or moves one, grows them anew.
_JOINTS = {joint: number for number, joint in enumerate(OPENS_FROM)}
_UNLIKELY = 1e-6
_HARDLY = 0.005  # half of all seams; of 4 801 such the trees lifted one above 0.16, so they need not be asked


@dataclass(frozen=True, slots=True)
class _Side:
    """What the words of some neighbouring pieces may mean: shares of the intents and of the categories."""

    intents: Sequence[float]
    categories: Sequence[float]


class Message:
    """A message in pieces, each looked at once; sides of a seam are put together from them."""

    def __init__(self, text: str, pieces: Sequence[Piece], lexicon: Lexicon, model: Model, role: str) -> None:
        """`model` weighs the sides; serving takes the one of the lexicon."""
        head, concepts, cutter = lexicon.roles.heads.get(role, "public"), lexicon.concepts, lexicon.segmenter
        self.text, self.pieces, self.staff = text, pieces, role in STAFF
        self._model, self._heads = model, (head, "category")
        self.tokens = [tokens_of(text[p.start : p.end], cutter) for p in pieces]
        self.seen = [
            [f for f in extract(text[p.start : p.end], tokens, concepts, "") if f[:2] not in ("n:", "R:")][
                :_LONGEST
            ]
            for p, tokens in zip(pieces, self.tokens, strict=True)
        ]
        self.things = [frozenset(f for f in seen if f.startswith("L:")) for seen in self.seen]
        self._totals = [[model.total(name, seen) for seen in self.seen] for name in self._heads]
        self._sides: dict[tuple[int, int], _Side] = {}

    @property
    def labels(self) -> tuple[Sequence[str], Sequence[str]]:
        """The labels of the intents and of the categories, as the shares of a side stand."""
        intent, category = (self._model.heads[name].labels for name in self._heads)
        return intent, category

    def side(self, start: int, end: int) -> _Side:
        """The pieces `start` up to `end`, at most `BEFORE` + `AFTER` of them."""
        found = self._sides.get((start, end))
        if found is None:
            size = sum(len(seen) for seen in self.seen[start:end])
            intents, categories = (
                self._model.shares(name, sum(totals[start:end]), size)
                for name, totals in zip(self._heads, self._totals, strict=True)
            )
            found = self._sides[start, end] = _Side(intents, categories)
        return found

    def stretch(self, i: int) -> int:
        """The piece behind those that are weighed as the right side of the seam before piece `i`."""
        end = i + 1
        while end < min(len(self.pieces), i + AFTER) and self.pieces[end].cue not in ("hard", "word"):
            end += 1
        return end

    def said(self, start: int, end: int) -> str:
        """The text of the pieces `start` up to `end`."""
        return self.text[self.pieces[start].start : self.pieces[end - 1].end]


class Look:
    """The seam before piece `i`, where the matter in hand began with piece `start`, and what lies on both sides."""

    def __init__(self, message: Message, start: int, i: int) -> None:
        self.message, self.start, self.i = message, start, i
        self.first, self.end = max(start, i - BEFORE), message.stretch(i)
        self.left, self.right = message.side(self.first, i), message.side(i, self.end)
        self.both = message.side(self.first, self.end)
        self.overlap = (
            _overlap(self.left.intents, self.right.intents),
            _overlap(self.left.categories, self.right.categories),
        )
        self.before, self.after = message.said(self.first, i), message.said(i, self.end)
        self.joint = _joint(message, start, i)

    def features(self) -> list[str]:
        """What the head `seam` weighs."""
        message, i = self.message, self.i
        out = [*_verdicts(self), *_things(message, self.first, i, self.end), *_words(message, i)]
        piece = message.pieces[i]
        sizes = bisect(_LENGTHS, len(self.before)), bisect(_LENGTHS, len(self.after))
        out += [f"ll:{sizes[0]}", f"rl:{sizes[1]}", f"ll:{sizes[0]}:{sizes[1]}", f"cue:{piece.cue}"]
        out += [f"np:{min(len(message.pieces), 6)}", f"np:{len(message.pieces) > 6}:{piece.cue}"]
        out.append(f"last:{self.end == len(message.pieces)}")
        return [*out, *_signs(self.before, self.after, message.said(i, i + 1))]

    def numbers(self) -> list[float]:
        """What the trees weigh, behind the log-odds of the head `seam`."""
        left, right, both = self.left, self.right, self.both
        l, r, b = _best(left.intents), _best(right.intents), _best(both.intents)  # noqa: E741 - left and right
        k, q, c = _best(left.categories), _best(right.categories), _best(both.categories)
        return [
            *self.overlap,
            *(left.intents[l], right.intents[r], both.intents[b]),
            *(right.intents[l], left.intents[r], both.intents[l], both.intents[r]),
            *(left.categories[k], right.categories[q], both.categories[c]),
            *(right.categories[k], left.categories[q], both.categories[k], both.categories[q]),
            *(float(len(self.before)), float(len(self.after)), float(len(self.message.pieces))),
            *(float(_JOINTS[self.joint]), float(self.end == len(self.message.pieces)), float(self.message.staff)),
        ]


def _signs(before: str, after: str, said: str) -> list[str]:
    """Whether each side has an address or an order's number of its own, and whether the piece begins with it."""
    opening = said.lstrip()[:1]
    where = [ADDRESS in side or ESTATE in side for side in (before, after)]
    out = [f"where:{where[0]}{where[1]}", f"where:{where[0]}:{opening in (ADDRESS, ESTATE)}"]
    return [*out, f"order:{ORDER in before}{ORDER in after}", f"order:{ORDER in before}:{opening == ORDER}"]


def _verdicts(look: Look) -> list[str]:
    left, right, both = look.left, look.right, look.both
    intents, categories = look.message.labels
    l, r = _best(left.intents), _best(right.intents)  # noqa: E741 - left and right, as everywhere here
    one, other = intents[l], intents[r]
    clear = min(_step(left.intents[l]), _step(right.intents[r]))
    same = "i=" if l == r else "i!"
    out = [f"l:{one}", f"r:{other}", f"lr:{one}>{other}", f"lr:{one}>{other}:{clear}", f"clear:{clear}"]
    out += [f"lc:{_step(left.intents[l])}", f"rc:{_step(right.intents[r])}", f"{same}{clear}"]
    out += [f"x:{_step(right.intents[l])}", f"y:{_step(left.intents[r])}"]
    overlap = _step(look.overlap[0]), _step(look.overlap[1])
    out += [f"ov:{overlap[0]}", f"ovk:{overlap[1]}", f"ov:{overlap[0]}:{overlap[1]}"]
    b = _best(both.intents)
    out += [
        f"w:{b == l}{b == r}:{_step(both.intents[b])}",
        f"wx:{_step(both.intents[l])}:{_step(both.intents[r])}",
    ]
    if not {one, other} <= CATEGORY_INTENTS:
        return out
    k, q = _best(left.categories), _best(right.categories)
    kind, sure = "k=" if k == q else "k!", min(_step(left.categories[k]), _step(right.categories[q]))
    out += [f"{same}{kind}", f"{same}{kind}:{clear}:{sure}", f"{same}{kind}:{sure}"]
    out += [f"xk:{_step(right.categories[k])}", f"yk:{_step(left.categories[q])}"]
    out.append(f"wk:{_step(both.categories[k])}:{_step(both.categories[q])}")
    if k != q:
        out.append(f"K:{categories[k]}>{categories[q]}")
    return out


def _things(message: Message, first: int, i: int, end: int) -> list[str]:
    """Whether both sides name things, and the same."""
    before = frozenset().union(*message.things[first:i])
    after = frozenset().union(*message.things[i:end])
    if before and after:
        told = "shared" if before & after else "apart"
    else:
        told = "left" if before else "right" if after else "none"
    return [f"t:{told}", f"t:{told}:{message.pieces[i].cue}"]


def _words(message: Message, i: int) -> list[str]:
    """The words beside the seam, and what they are known to open."""
    out = []
    opening, ending = message.tokens[i], message.tokens[i - 1]
    if opening:
        second = opening[1] if len(opening) > 1 else "$"
        out += [f"f:{opening[0]}", f"f2:{opening[0]}_{second}", f"fc:{opening[0][0]}", f"g:{second}"]
    if ending:
        out += [f"e:{ending[-1]}", f"ec:{ending[-1][-1]}"]
    out += [f"r{f}" for f in message.seen[i] if f.startswith("C:")]
    out += [f"l{f}" for f in message.seen[i - 1] if f.startswith("C:")]
    said = message.said(i, i + 1)
    known = (
        ("carries", apart.carries_on),
        ("asks", apart.only_asks),
        ("also", apart.also),
        ("but", apart.objects),
    )
    return [*out, *(f"a:{name}" for name, opens in known if opens(said))]


def begun(text: str, pieces: Sequence[Piece], lexicon: Lexicon, role: str) -> list[int]:
    """The pieces that begin another matter, from the left; none where there are no weights to ask."""
    if len(pieces) < 2 or HEAD not in lexicon.seams.heads or not lexicon.model.heads:
        return []
    message = Message(text, pieces, lexicon, lexicon.model, role)
    out: list[int] = []
    for i in range(1, len(pieces)):
        look = Look(message, out[-1] if out else 0, i)
        least = OPENS_FROM[look.joint]
        if apart.corrects(look.before, look.after):
            continue
        if share(look, lexicon) >= (min(least, STAFF_FROM) if message.staff else least):
            out.append(i)
    return out


def share(look: Look, lexicon: Lexicon) -> float:
    """How likely another matter begins there, 0 to 1; as the head says without trees, or where it is sure that none does."""
    head = lexicon.seams.heads[HEAD]
    total = lexicon.seams.total(HEAD, look.features())
    said = lexicon.seams.shares(HEAD, total, 1)[head.labels.index(NEW)]
    if said < _HARDLY or not lexicon.seam_trees.roots:
        return said
    return lexicon.seam_trees.share([odds(said), *look.numbers()])


def odds(share: float) -> float:
    """The log-odds of a share, within bounds."""
    held = min(max(share, _UNLIKELY), 1 - _UNLIKELY)
    return math.log(held / (1 - held))


def _joint(message: Message, start: int, i: int) -> str:
    """How the piece is joined on: its cue, or what it begins with that the matter in hand has, too."""
    before, piece, said = message.said(start, i), message.pieces[i], message.said(i, i + 1)
    opening = said.lstrip()[:1]
    if opening == ORDER and ORDER in before:
        return "number"
    if piece.cue not in ("soft", "hard"):
        return piece.cue
    if opening in (ADDRESS, ESTATE) and (ADDRESS in before or ESTATE in before):
        return "own"
    if apart.carries_on(said):
        return "on"
    if not apart.objects(said):
        return piece.cue
    intents, _ = message.labels
    return "done" if intents[_best(message.side(max(start, i - BEFORE), i).intents)] in _DONE_WITH else "but"


def _best(shares: Sequence[float]) -> int:
    return max(range(len(shares)), key=shares.__getitem__)


def _step(share: float) -> int:
    return bisect(_SHARES, share)


def _overlap(one: Sequence[float], other: Sequence[float]) -> float:
    return sum(map(min, one, other))
