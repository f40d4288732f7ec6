"""The demo community (`data/demo/`): its roster, and the phones that the demo page shows.

Only data is loaded here; who plays whom is decided in the files. Loading again changes nothing.
"""

from pathlib import Path
from typing import Any, Final, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from redprop_bot.content import yaml
from redprop_bot.errors import ContentError, Fault
from redprop_bot.ports import Channel
from redprop_bot.registry.importing import Summary, import_file
from redprop_bot.registry.register import register
from redprop_bot.store import people
from redprop_bot.store.tables import Person
from redprop_bot.store.tx import Tx

ROSTER: Final = "data/demo/roster.yaml"
PHONES: Final = "data/demo/people.yaml"
T = TypeVar("T")


class DemoPhone(BaseModel):
    """A phone on the demo page. `id`: openid or userid; a resident may have a place that is known beforehand."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    who: Literal["resident", "manager", "worker", "grid", "secretary", "street", "member"]
    channel: Channel
    id: str
    label: str
    estate: str | None = None
    building: str | None = None
    unit: str | None = None
    room: str | None = None


def demo_phones(root: Path) -> tuple[DemoPhone, ...]:
    """The phones of the demo page; `root` holds `data/`. Raises ContentError with file and line."""
    return read(root / PHONES, TypeAdapter(tuple[DemoPhone, ...]))


def read(path: Path, shape: TypeAdapter[T]) -> T:
    """A file of the demo in its shape. Raises ContentError with file and line."""
    raw, line_of = yaml.read(path)
    try:
        return shape.validate_python(raw)
    except ValidationError as error:
        raise ContentError([_fault(path, line_of, item) for item in error.errors(include_url=False)]) from None


def _fault(path: Path, line_of: yaml.Lines, item: Any) -> Fault:
    at = tuple(map(str, item["loc"]))
    return Fault(f"{path}:{line_of(at)}", f"{'.'.join(at)} {item['msg']}".strip())


def load_demo(tx: Tx, root: Path) -> Summary:
    """Import the demo roster and remember where its residents live; `root` holds `data/`.

    Into an empty register only: what somebody has changed or imported since is not taken back by the next start.
    """
    empty = not register(tx).communities
    summary = import_file(tx, root / ROSTER) if empty else Summary(0, 0, 0, 0)
    for phone in demo_phones(root):
        if phone.channel == Channel.OA:
            _move_in(tx, phone)
    return summary


def _move_in(tx: Tx, phone: DemoPhone) -> None:
    """Only where nothing is known yet: what a visitor of the demo has told since is theirs."""
    found = people.who(tx, phone.channel, phone.id)
    person = found[0] if found else people.add(tx, phone.channel, phone.id)
    estate = register(tx).estate(phone.estate)
    if estate is not None and person.estate_id is None:
        tx.update(
            Person,
            person.id,
            estate_id=estate.id,
            building=phone.building,
            unit=phone.unit,
            room=phone.room,
        )
