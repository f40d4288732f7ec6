"""A town in which people can help: some more estates' worth of members and offers around the golden roster."""

import threading
from collections.abc import Callable
from typing import Any

from tests.support import rows

from redprop_bot.loop import offers
from redprop_bot.loop.offers import Offer
from redprop_bot.registry.register import register
from redprop_bot.store.tables import Demand, Member, PairingAsk, Person, Resource, Service
from redprop_bot.store.tx import Tx


def member(tx: Tx, name: str, userid: str, skills: list[str], *, branch: str = "槐荫里党支部") -> Person:
    """A member of a branch with skills, reached in WeCom."""
    person = rows.person(tx, name=name, userid=userid)
    tx.insert(Member, person_id=person.id, branch=branch, skills=skills)
    _changed(tx)
    return person


def _changed(tx: Tx) -> None:
    from redprop_bot.registry.register import changed

    changed(tx)


def resource(tx: Tx, title: str, **values: Any) -> Resource | Service:
    """Something published on the resource list at 槐荫里; the community's own unless an owner is given."""
    return _offer(tx, "R", title, **values)


def service(tx: Tx, title: str, **values: Any) -> Resource | Service:
    """Something published on the service list at 槐荫里."""
    return _offer(tx, "S", title, **values)


def _offer(tx: Tx, prefix: str, title: str, **values: Any) -> Resource | Service:
    estate = register(tx).estates[values.pop("estate_id", estate_id(tx))]
    filled = {"estate_id": estate.id, "community_id": estate.community_id, "status": "published"}
    return offers.enter(tx, Offer(prefix=prefix, title=title, **(filled | values)))


def estate_id(tx: Tx, name: str = "槐荫里") -> int:
    """The key of an estate of the roster."""
    found = register(tx).estate(name)
    assert found is not None
    assert found.id is not None
    return found.id


def need(tx: Tx, text: str, **values: Any) -> Demand:
    """An open report of 小贺 at 槐荫里 that somebody could help with."""
    estate = register(tx).estates[values.pop("estate_id", estate_id(tx))]
    reporter = rows.person(tx, name="小贺", phone="13900000009")
    filled = {
        "category": "convenience",
        "urgency": "normal",
        "estate_id": estate.id,
        "community_id": estate.community_id,
        "building": "2",
        "room": "501",
        "reporter_id": reporter.id,
    }
    return rows.demand(tx, text=text, **(filled | values))


def asks(tx: Tx) -> list[PairingAsk]:
    """Everybody who was asked, in order."""
    return tx.list(PairingAsk, order=PairingAsk.__table__.c.id)


def at_once(*jobs: Callable[[], Any]) -> list[BaseException | None]:
    """Do these at the same moment; what each raised."""
    gate, failed = threading.Barrier(len(jobs)), [None] * len(jobs)

    def run(place: int, job: Callable[[], Any]) -> None:
        gate.wait()
        try:
            job()
        except BaseException as error:  # noqa: BLE001 - judged by the test
            failed[place] = error

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failed
