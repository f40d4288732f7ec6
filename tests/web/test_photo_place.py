"""The place in a picture: never read unasked, asked for once, used where nothing else says where; through the twin."""

import pytest
from tests.support import pictures

from redprop_bot.loop import due
from redprop_bot.media import Gathering, exif
from redprop_bot.rules.positions import on_the_map
from redprop_bot.store.tables import Attachment, Demand, Estate, Outbox, Person

PHOTO = pictures.jpeg(exif=pictures.tiff())
THERE = on_the_map((pictures.LAT, pictures.LNG))


@pytest.fixture
def street(small_house):
    """What happens around one resident's report without a place, and a picture with one."""

    class Street:
        house, twin = small_house, small_house.twin

        async def report(self, text="路灯不亮了，晚上看不见"):
            await self.twin.oa.say("o-xu", text)
            return self.demand()

        async def photo(self, data=PHOTO):
            await self.twin.oa.image("o-xu", data)
            office = small_house.office
            await Gathering(office.store, office.senders, office.media).gather_all()
            office.store.run(due.sweep)
            await small_house.deliver()

        def demand(self):
            return small_house.office.store.look(lambda tx: tx.list(Demand))[-1]

        def near(self, lat, lng):
            """The first estate lies there."""
            estate = small_house.office.store.look(lambda tx: tx.list(Estate))[0]
            small_house.office.store.run(lambda tx: tx.update(Estate, estate.id, lat=lat, lng=lng))
            return estate

        def places(self):
            rows = small_house.office.store.look(lambda tx: tx.list(Attachment))
            return [(row.latitude, row.longitude) for row in rows]

        def told(self, words):
            shown = [e for e in self.twin.ledger.shown("o-xu") if e.side != "person"]
            return sum(words in e.text for e in shown)

        def agreed(self):
            person = small_house.office.store.look(lambda tx: tx.list(Person, Person.__table__.c.openid == "o-xu"))
            return person[0].photo_place

    return Street()


async def test_asked_once_and_never_read_before(street, monkeypatch):
    """Nobody has said anything: one question with two buttons, whatever is sent after it, and nothing is read."""

    def never(*_):
        raise AssertionError("read without consent")

    monkeypatch.setattr(exif._Tiff, "degrees", never)
    street.near(*THERE)
    await street.report()
    await street.photo()
    await street.photo(pictures.jpeg(exif=pictures.tiff(), comment=b"2"))
    assert street.told("您的照片里记着拍照的地点") == 1
    [question] = [e for e in street.twin.ledger.shown("o-xu") if "您的照片里记着" in e.text]
    assert [o["content"] for o in question.detail["options"]] == ["可以用照片位置", "不要用照片位置"]
    assert street.places() == [(None, None)] * 2
    assert (street.demand().estate_id, street.agreed()) == (None, None)


async def test_a_yes_by_the_button_puts_the_next_picture_where_it_was_taken(street):
    """The order has a place and goes to its unit; the sender is told, and how to say no."""
    estate = street.near(*THERE)
    await street.report("路灯不亮了")
    await street.photo()
    [question] = [e for e in street.twin.ledger.shown("o-xu") if "您的照片里记着" in e.text]
    yes = question.detail["options"][0]
    assert "好，以后照片里记着地点" in (await street.twin.oa.say("o-xu", yes["content"], yes["id"])).text
    await street.photo(pictures.jpeg(exif=pictures.tiff(), comment=b"again"))
    demand = street.demand()
    assert demand.estate_id == estate.id
    assert street.told(f"{demand.no} 记到{estate.name}了") == 1
    assert set(street.places()) == {(None, None)}  # it has served
    assert street.told("不要用照片位置”。") >= 1
    assert pictures.MAKER not in b"".join(street.house.office.media.get(r.name) for r in _kept(street))
    await street.photo(pictures.jpeg(exif=pictures.tiff(), comment=b"third"))
    assert street.told("按照片里的地点") == 1


def _kept(street):
    return street.house.office.store.look(lambda tx: tx.list(Attachment))


async def test_a_no_is_kept_to_and_forgets(street):
    """Also after a yes: what was noted is gone, nothing is read, nobody asks again."""
    street.near(*THERE)
    await street.twin.oa.say("o-xu", "可以用照片位置")
    await street.report()
    await street.twin.oa.image("o-xu", PHOTO)
    office = street.house.office
    await Gathering(office.store, office.senders, office.media).gather_all()
    assert street.places() == [(pictures.LAT, pictures.LNG)]
    assert "好，不看照片里的位置" in (await street.twin.oa.say("o-xu", "别再用我的照片位置了")).text
    assert street.places() == [(None, None)]
    office.store.run(due.sweep)
    assert street.demand().estate_id is None
    await street.report("井盖没了，好危险吧，赶紧来人看看")
    await street.photo(pictures.jpeg(exif=pictures.tiff(), comment=b"2"))
    assert set(street.places()) == {(None, None)}
    assert street.told("您的照片里记着") == 0


async def test_a_place_that_is_known_is_not_overruled(street):
    """The words say where: nobody is asked for the picture's place, and it moves nothing."""
    street.near(*THERE)
    await street.twin.oa.say("o-xu", "海棠苑3栋2单元电梯坏了")
    before = street.demand().estate_id
    await street.photo()
    assert street.told("您的照片里记着") == 0
    await street.twin.oa.say("o-xu", "可以用照片位置")
    await street.photo(pictures.jpeg(exif=pictures.tiff(), comment=b"2"))
    assert street.demand().estate_id == before
    assert street.told("按照片里的地点") == 0


async def test_a_picture_taken_elsewhere_places_nothing(street):
    """Further than half a kilometre from any estate; without the shift of maps it would be that far."""
    street.near(pictures.LAT + 0.02, pictures.LNG)
    await street.twin.oa.say("o-xu", "可以用照片位置")
    await street.report()
    await street.photo()
    assert street.demand().estate_id is None
    assert street.told("按照片里的地点") == 0


async def test_what_was_withdrawn_meanwhile_stays_so(street):
    """The picture comes home late."""
    street.near(*THERE)
    await street.twin.oa.say("o-xu", "可以用照片位置")
    demand = await street.report()
    await street.twin.oa.image("o-xu", PHOTO)
    store = street.house.office.store
    store.run(lambda tx: tx.update(Demand, demand.id, stage="withdrawn", closed_at=tx.now))
    office = street.house.office
    await Gathering(store, office.senders, office.media).gather_all()
    store.run(due.sweep)
    assert (street.demand().stage, street.demand().estate_id) == ("withdrawn", None)
    assert store.look(lambda tx: [m.message for m in tx.list(Outbox)]).count("photo") == 0


async def test_a_member_of_staff_is_not_asked(street):
    """They go there anyway."""
    await street.twin.work.say("haosf", "路灯不亮了，晚上看不见")
    await street.twin.work.image("haosf", PHOTO)
    office = street.house.office
    await Gathering(office.store, office.senders, office.media).gather_all()
    assert office.store.look(lambda tx: [m for m in tx.list(Outbox) if m.message == "photo"]) == []


@pytest.mark.parametrize(
    ("said", "agreed"),
    [
        ("可以用照片位置", True),
        ("可以读照片位置。", True),
        ("允许你们看我的照片位置", True),
        ("不要用照片位置", False),
        ("不读照片位置", False),
        ("别用照片里的地点了！", False),
        ("取消读照片位置", False),
        ("不可以看照片上的定位", False),
    ],
)
async def test_the_words_for_it(street, said, agreed):
    """Either way in several words."""
    await street.twin.oa.say("o-xu", said)
    assert street.agreed() is agreed


@pytest.mark.parametrize("said", ["可以用照片位置吗", "照片位置不对", "我家照片墙的位置漏水", "看照片里的位置"])
async def test_other_words_agree_to_nothing(street, said):
    """A question and a report are none, nor is being told to look."""
    await street.twin.oa.say("o-xu", said)
    assert street.agreed() is None
