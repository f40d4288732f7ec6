"""A town with both channels on a fake platform: the roster is in, the service runs, it is mid-morning there.

One town serves all tests of a process that leave time and platform alone; the others open their own.
"""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest
from tests.blackbox.people import Phone, resident, staff
from tests.blackbox.platform import Platform
from tests.blackbox.service import Api, House, Service, settings

ROSTER = Path(__file__).with_name("roster.yaml")


@dataclass
class Town:
    """One running service with its platform and its people."""

    house: House
    platform: Platform
    service: Service
    _tokens: dict[tuple[str, ...], Api] = field(default_factory=dict)
    _people: "count[int]" = field(default_factory=lambda: count(1))
    _buildings: "count[int]" = field(default_factory=lambda: count(1))

    def api(self, role: str = "admin", *more: str) -> Api:
        if (role, *more) not in self._tokens:
            self._tokens[role, *more] = Api(self.service, self.house.token(role, *more))
        return self._tokens[role, *more]

    def resident(self, who: str | None = None) -> Phone:
        """A resident whom nobody has heard of before, or the one with that openid."""
        return resident(self.service, self.platform, who or f"oWt{next(self._people):04d}Resident")

    def staff(self, who: str) -> Phone:
        return staff(self.service, self.platform, who)

    def stairs(self) -> str:
        """Stairs in 梧桐里 where no other test has reported anything, so that nothing joins."""
        number = next(self._buildings) - 1
        return f"梧桐里{number % 60 + 1}栋{number // 60 + 1}单元"

    def settle(self, calm: float = 0.3, most: float = 60.0) -> None:
        """Wait until the service owes nobody anything that could be sent now, and nothing was sent for `calm` seconds."""
        end = time.monotonic() + most
        while self.service.due() and time.monotonic() < end:
            time.sleep(0.05)
        self.platform.settle(calm)

    def run_due(self, moment: str) -> str:
        return self.house.ok("run-due", "--now", moment)


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a migrated database that holds the roster; towns are copies of it."""
    folder = tmp_path_factory.mktemp("seeded")
    house = House(folder, settings())
    house.ok("db", "upgrade")
    house.ok("roster", "import", str(ROSTER))
    return folder


@contextmanager
def open_town(folder: Path, seeded: Path, **more: str) -> Iterator[Town]:
    """A town with a platform of its own."""
    shutil.copytree(seeded / "var", folder / "var")
    fake = Platform().start()
    house = House(folder, settings(platform=fake.url, **more))
    try:
        yield Town(house, fake, house.serve())
    finally:
        house.close()
        fake.stop()


@pytest.fixture(scope="session")
def town(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with open_town(tmp_path_factory.mktemp("town"), seeded) as found:
        yield found


@pytest.fixture
def house(seeded: Path, tmp_path: Path) -> Iterator[House]:
    """A folder with a database that holds the roster, and no channel."""
    shutil.copytree(seeded / "var", tmp_path / "var")
    found = House(tmp_path, settings())
    yield found
    found.close()
