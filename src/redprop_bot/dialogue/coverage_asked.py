"""党组织覆盖率, 哪些小区没有业委会 in chat: with the names for who keeps them, rates alone for everybody else.

Secretaries and clerks see their community, the staff of the street all of its communities. What others hear is
public: the rates of a community, no unit by name, and no share of so few committees that it would tell of persons.
"""

from collections.abc import Sequence
from typing import Final
from urllib.parse import urlencode

from redprop_bot.dialogue import coverage_said
from redprop_bot.dialogue.turn import Turn
from redprop_bot.registry import coverage_words as words
from redprop_bot.registry.coverage import Place, Seen, communities_of, coverage, estate_of, street_of
from redprop_bot.rules.coverage import Rate

_KEEPERS: Final = frozenset({"secretary", "clerk"})
_MISSING_SHOWN: Final = 8
_UNSAID_SHOWN: Final = 5


def run(turn: Turn) -> bool:
    """Tell the rates that are asked for; returns whether any were."""
    heard = coverage_said.asked(turn.inbound.text.strip())
    if heard is None:
        return False
    named = _named(turn, heard.where)
    if named is None and not coverage_said.nowhere(heard.where):
        return False
    if heard.past:
        turn.say("coverage.now_only")
    codes, own = coverage_said.CODES[heard.topic], _own(turn)
    if own is not None and (named is None or named.communities <= own.communities):
        _whole(turn, named or own, codes, own)
    else:
        _public(turn, _community(turn, named), codes)
    return True


# -- which place


def _named(turn: Turn, where: str) -> Place | None:
    reg = turn.register
    for key, community in reg.communities.items():
        if where in (community.name, community.name.removesuffix("社区")) and where:
            return communities_of(reg, [key])
    for key, street in reg.streets.items():
        if where == street.name:
            return street_of(reg, key)
    estate = reg.estate(where) or reg.estate(where.removesuffix("小区"))
    return estate_of(estate) if estate is not None else None


def _own(turn: Turn) -> Place | None:
    """What the speaker keeps; None for whoever keeps nothing of this."""
    reg, posts = turn.register, turn.speaker.posts
    streets = {post.street_id for post in posts if post.street_id}
    if streets:
        return street_of(reg, next(iter(streets)) if len(streets) == 1 else None)
    own = [post.community_id for post in posts if post.community_id and post.duty in _KEEPERS]
    return communities_of(reg, own) if own else None


def _community(turn: Turn, named: Place | None) -> Place:
    """For everybody: never less than a community, the named one, else their own, else all there is."""
    reg = turn.register
    if named is not None:
        return communities_of(reg, named.communities) if named.estate_id is not None else named
    posts = [post.community_id for post in turn.speaker.posts if post.community_id]
    home = turn.speaker.person.estate_id
    key = posts[0] if posts else reg.community_of(home) if home else None
    return communities_of(reg, [key]) if key is not None else street_of(reg)


# -- what is said


def _chosen(seen: Seen, codes: Sequence[str]) -> list[Rate]:
    return [one for one in seen.rates if one.code in codes]


def _whole(turn: Turn, place: Place, codes: Sequence[str], own: Place) -> None:
    content = turn.tx.content
    rates = _chosen(coverage(turn.register, content, place), codes)
    turn.say("coverage.told", name=place.name, lines="\n".join(words.line(content, one) for one in rates))
    missing, unsaid = words.all_missing(content, rates), words.all_unsaid(content, rates)
    if missing:
        turn.say("coverage.todo", **_some(missing, _MISSING_SHOWN))
    if unsaid:
        turn.say("coverage.unsaid_list", **_some(unsaid, _UNSAID_SHOWN))
    if not missing and any(one.of for one in rates):
        turn.say("coverage.all_done")
    turn.say("coverage.link", link=f"{content.address}/console/coverage{_query(place, own)}")


def _some(lines: Sequence[str], most: int) -> dict[str, str]:
    more = len(lines) - most
    return {"lines": "\n".join(f"· {one}" for one in lines[:most]), "more": str(more) if more > 0 else ""}


def _query(place: Place, own: Place) -> str:
    """Whose page shows no more than this needs none."""
    if place.estate_id is not None:
        return "?" + urlencode({"estate": place.name})
    return "?" + urlencode({"community": place.name}) if place != own and len(place.communities) == 1 else ""


def _public(turn: Turn, place: Place, codes: Sequence[str]) -> None:
    content = turn.tx.content
    seen = coverage(turn.register, content, place)
    rates, hidden = _chosen(seen, codes), _tells_of_persons(turn, seen)
    lines = [words.line(content, one) for one in rates if not (hidden and one.code in ("seats", "mark"))]
    if hidden and "seats" in codes:
        lines.append(content.replies.say("coverage.hidden"))
    turn.say("coverage.told", name=place.name, lines="\n".join(lines))


def _tells_of_persons(turn: Turn, seen: Seen) -> bool:
    """Whether the Party's share of the seats would say of named people whether they are members."""
    counted, share = seen.rate("mark").of, seen.rate("seats")
    few = counted < turn.tx.content.coverage.public_committees
    return counted > 0 and (few or share.count in (0, share.of))
