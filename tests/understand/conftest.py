"""One reader for all tests of this room: loading it takes a second."""

from datetime import datetime
from pathlib import Path

import pytest

from redprop_bot.understand.gazetteer import EstateName, Gazetteer
from redprop_bot.understand.load import load_reader
from redprop_bot.understand.reader import Reader

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime.fromisoformat("2026-11-25T09:00:00+08:00")  # a Wednesday


@pytest.fixture(scope="session")
def reader() -> Reader:
    return load_reader([ROOT])


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return Gazetteer(
        (
            EstateName("桂花园", ("桂园",)),
            EstateName("翠竹苑"),
            EstateName("枫林小区"),
            EstateName("机械厂家属院"),
        ),
        ("安居物业", "和美物业", "市供水公司"),
    )


@pytest.fixture(scope="session")
def read(reader, gazetteer):
    def run(text, role="resident", **more):
        return reader.read(text, role=role, now=NOW, gazetteer=gazetteer, **more)

    return run
