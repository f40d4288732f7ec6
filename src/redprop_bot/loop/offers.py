"""资源清单 and 服务清单: an offer is entered at once and published after the secretary's yes."""

from dataclasses import dataclass

from redprop_bot.errors import Conflict
from redprop_bot.store import numbers
from redprop_bot.store.tables import Resource, Service
from redprop_bot.store.tx import Tx

LISTS: dict[str, type[Resource] | type[Service]] = {"R": Resource, "S": Service}


@dataclass(frozen=True, slots=True)
class Offer:
    """What is offered, by whom; `prefix` R is a thing or place, S is time and skill."""

    prefix: str
    title: str
    note: str = ""
    kind: str = "other"
    community_id: int | None = None
    estate_id: int | None = None
    place: str | None = None
    owner_id: int | None = None
    organisation_id: int | None = None
    owner: str | None = None
    hours: str | None = None
    status: str = "proposed"


def enter(tx: Tx, offer: Offer) -> Resource | Service:
    """Put an offer on its list."""
    return tx.insert(
        LISTS[offer.prefix],
        no=numbers.take(tx, offer.prefix, tx.now, tx.content.zone),
        title=offer.title,
        note=offer.note,
        kind=offer.kind,
        community_id=offer.community_id,
        estate_id=offer.estate_id,
        place=offer.place,
        owner_id=offer.owner_id,
        organisation_id=offer.organisation_id,
        owner=offer.owner,
        hours=offer.hours,
        status=offer.status,
        created_at=tx.now,
        updated_at=tx.now,
    )


def decide(tx: Tx, entry: Resource | Service, *, publish: bool) -> Resource | Service:
    """The secretary's word on an offer; said once."""
    if entry.status != "proposed":
        raise Conflict("offer_decided", no=entry.no)
    return _put(tx, entry, "published" if publish else "refused")


def take_back(tx: Tx, entry: Resource | Service) -> Resource | Service:
    """It is offered no more. Raises Conflict where it is on no list."""
    if entry.status not in ("proposed", "published"):
        raise Conflict("offer_over", no=entry.no)
    return _put(tx, entry, "withdrawn")


def _put(tx: Tx, entry: Resource | Service, status: str) -> Resource | Service:
    return tx.update(LISTS[entry.no[0]], entry.id, status=status, version=entry.version + 1, updated_at=tx.now)
