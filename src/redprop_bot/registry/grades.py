"""三岗十八级 of community workers: each change is kept, by person and community, with what it was before."""

from collections import Counter
from collections.abc import Iterable
from itertools import zip_longest
from typing import Final

from redprop_bot.store import worker_events
from redprop_bot.store.tables import Post
from redprop_bot.store.tx import Tx

Rank = tuple[str | None, int | None]
"""岗位 and 岗级."""
Ranks = dict[tuple[int, int], Counter[Rank]]
"""By person and community, of every post that has one."""
_NONE: Final[Rank] = (None, None)


def ranks(posts: Iterable[Post]) -> Ranks:
    """What these posts are graded."""
    found: Ranks = {}
    for one in posts:
        if one.community_id is not None and (one.post, one.grade) != _NONE:
            found.setdefault((one.person_id, one.community_id), Counter())[one.post, one.grade] += 1
    return found


def keep(tx: Tx, before: Ranks, after: Ranks) -> None:
    """Write down what has changed: who rises to another post has one change, not a loss and a gain."""
    for key in sorted(before.keys() | after.keys()):
        was, now = before.get(key, Counter[Rank]()), after.get(key, Counter[Rank]())
        for old, new in zip_longest((was - now).elements(), (now - was).elements(), fillvalue=_NONE):
            data = {"post": new[0], "grade": new[1], "was_post": old[0], "was_grade": old[1]}
            worker_events.graded(tx, *key, data)


def last(tx: Tx, person_id: int, community_id: int) -> Rank:
    """What somebody was graded who has given up their posts; nothing where it was not so, or too long ago."""
    kept = worker_events.of_people(tx, [person_id], community_id, ["graded"])
    if not kept or kept[-1].data["post"] is not None:
        return _NONE
    return kept[-1].data["was_post"], kept[-1].data["was_grade"]
