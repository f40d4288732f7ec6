"""Who is talking, in which role, and what others may see of them."""

import pytest
from tests.registry.conftest import SMALL

from redprop_bot.ports import Channel
from redprop_bot.registry.people import identify, mask_name, mask_phone, masked
from redprop_bot.store import people
from redprop_bot.store.tables import PERSONAL, Organisation, Person

MORE = SMALL.replace(
    "  - {name: 柳河水厂, kind: department}\n",
    """\
  - {name: 柳河水厂, kind: department, staff: [{name: 韦工, userid: wei}]}
  - {name: 柳岸居业委会, kind: committee, estate: 柳岸居, staff: [{name: 裴主任, userid: pei}]}
  - {name: 柳河医院, kind: partner, staff: [{name: 蔺护士, userid: lin}]}
  - {name: 柳河志愿队, kind: volunteer_team, staff: [{name: 安姐, userid: an}]}
  - {name: 柳河支部, kind: party, staff: [{name: 单委员, userid: shan, duty: secretary}, {name: 裴主任, userid: pei}]}
""",
).replace("members: [", "members: [{name: 韦工, userid: wei}, {name: 乔同学, userid: qiao}, ")


@pytest.mark.parametrize(
    ("userid", "role", "name"),
    [
        ("hong", "secretary", "洪主任"),
        ("qi", "secretary", "齐书记"),
        ("mao", "secretary", "毛小妹"),  # a grid worker who is a member speaks as staff of the community
        ("jin", "provider", "金经理"),
        ("wei", "provider", "韦工"),
        ("pei", "provider", "裴主任"),
        ("lin", "provider", "蔺护士"),
        ("an", "member", "安姐"),
        ("shan", "member", "单委员"),
        ("qiao", "member", "乔同学"),
        ("nobody", "resident", "居民"),
    ],
)
def test_the_register_says_in_which_role_somebody_speaks(sqlite_store, tmp_path, userid, role, name):
    """Street and community before units, units before membership; everybody else is a resident."""
    from redprop_bot.registry.importing import import_file

    path = tmp_path / "r.yaml"
    path.write_text(MORE, "utf-8")
    sqlite_store.run(lambda tx: import_file(tx, path))
    who = sqlite_store.run(lambda tx: identify(tx, Channel.WORK, userid))
    assert (who.role, who.name, who.is_new) == (role, name, userid == "nobody")


def test_somebody_new_is_added_once(store):
    """An unknown sender becomes a person, a resident; the next message finds the same one, with their talk."""
    first = store.run(lambda tx: identify(tx, Channel.OA, "o-1"))
    store.run(lambda tx: people.keep_talk(tx, first.person.id, {"asked": "place"}))
    again = store.run(lambda tx: identify(tx, Channel.OA, "o-1"))
    assert (first.is_new, again.is_new, again.person.id) == (True, False, first.person.id)
    assert (first.talk, again.talk, again.role, again.posts, again.member) == (
        {},
        {"asked": "place"},
        "resident",
        (),
        None,
    )


def test_staff_of_a_unit_out_of_use_speak_as_residents(store, take):
    """A unit that was put out of use gives its staff no role."""
    from redprop_bot.registry.register import changed, register

    take(SMALL)

    def end(tx):
        tx.update(Organisation, register(tx).organisation("长柳物业").id, active=False)
        changed(tx)

    store.run(end)
    who = store.run(lambda tx: identify(tx, Channel.WORK, "jin"))
    assert (who.role, who.posts) == ("resident", ())


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("13800000001", "138****0001"),
        ("0551-5550000", "055****0000"),
        ("5550000", "****00"),
        ("", None),
        (None, None),
    ],
)
def test_phones_are_masked(phone, shown):
    assert mask_phone(phone) == shown


def test_names_are_masked_without_their_length():
    assert (mask_name("张三"), mask_name("张建国"), mask_name("欧阳小小"), mask_name(None)) == (
        "张**",
        "张**",
        "欧**",
        None,
    )


def test_no_personal_column_is_shown_as_it_is():
    """Every column that is marked personal is masked or hidden; the room is hidden."""
    person = Person(
        name="张建国", phone="13800000001", userid="zjg", openid="o", building="3", unit="2", room="501"
    )
    shown = masked(person)
    assert set(shown) == set(PERSONAL["person"])
    assert {k: v for k, v in shown.items() if v} == {"name": "张**", "phone": "138****0001"}
