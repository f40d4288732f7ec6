"""What stands on a sheet: whose it is, where its code leads, whom to call."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from redprop_bot.dialogue.office import Office
from redprop_bot.registry.care import looks_after
from redprop_bot.registry.register import Register, register
from redprop_bot.store import publicity
from redprop_bot.store.tables import Estate
from redprop_bot.store.tx import Tx
from redprop_bot.web.access import Viewer
from redprop_bot.web.board.place import address
from redprop_bot.web.posters import codes


@dataclass(frozen=True, slots=True)
class Sheet:
    """One poster. `building` is empty on the one of the whole estate; `opens`: wechat, demo or board."""

    community: str
    estate: str
    building: str
    scene: str
    link: str
    svg: str
    opens: str
    line: str
    example: str

    @property
    def readable(self) -> str:
        """Where the code leads, as people read it."""
        return unquote(self.link)

    @property
    def where(self) -> str:
        """荷香苑3栋; 荷香苑."""
        return f"{self.estate}{self.building}栋" if self.building else self.estate


@dataclass(frozen=True, slots=True)
class Wanted:
    """An estate as far as its posters need it."""

    community: str
    estate: str
    key: int
    buildings: Sequence[str]
    board: str
    line: str


def wanted(tx: Tx, viewer: Viewer, name: str) -> Wanted | None:
    """The estate with this name, if it is there for who asks."""
    reg = register(tx)
    estate = reg.estate(name)
    if estate is None or estate not in places(reg, viewer):
        return None
    community = reg.communities[estate.community_id]
    own = next((one for one in publicity.lines(tx, estate.community_id) if one.organisation_id is None), None)
    return Wanted(
        community.name,
        estate.name,
        estate.id or 0,
        [building.no for building in reg.buildings.get(estate.id or 0, ())],
        address(community, estate),
        f"{own.label} {own.number}" if own else "",
    )


def places(reg: Register, viewer: Viewer) -> list[Estate]:
    """Estates whose posters somebody may print: those of their community, of a unit those that it looks after."""
    here = [e for e in reg.estates.values() if viewer.community_id in (None, e.community_id)]
    if viewer.role != "provider":
        return here
    unit = reg.organisations.get(viewer.organisation_id or 0)
    return [e for e in here if unit is not None and looks_after(reg, unit.name, e)]


async def sheets(office: Office, found: Wanted, only: str | None = None) -> list[Sheet]:
    """The sheets of an estate: its own first, then one for each building; `only` one of them, empty the estate's.

    Raises PlatformError.
    """
    made = []
    for building in ["", *found.buildings]:
        if only is not None and building != only:
            continue
        scene = codes.scene(found.estate, building, found.key)
        board = f"{office.settings.address}{found.board}"
        link = await codes.address(office, scene, board=board)
        made.append(
            Sheet(
                community=found.community,
                estate=found.estate,
                building=building,
                scene=scene,
                link=link,
                svg=codes.drawn(link),
                opens="demo" if office.settings.demo else "board" if link == board else "wechat",
                line=found.line,
                example=f"{building or '3'}栋电梯不走了",
            )
        )
    return made
