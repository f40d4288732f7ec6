"""What tells who somebody is does not stay in words that go to those who must not know it."""

import pytest

from redprop_bot.notify.covering import covered


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("我叫毛小妹，前台骂人", "〔报事人〕，前台骂人"),
        ("我是罗翠花，前台骂人", "我是〔报事人〕，前台骂人"),
        ("我是3栋的罗翠花，前台骂人", "我是3栋的〔报事人〕，前台骂人"),
        ("投诉物业，联系人：罗翠花 139 0000 1111", "投诉物业，联系人：〔报事人〕 〔电话〕"),
        ("罗翠花，电话13900001111，投诉前台", "〔报事人〕，电话〔电话〕，投诉前台"),
        ("业主罗大妈反映前台骂人", "业主〔报事人〕反映前台骂人"),
        ("罗翠花投诉物业乱收费", "〔报事人〕投诉物业乱收费"),
        ("502的罗翠花举报前台", "〔室号〕的〔报事人〕举报前台"),
        ("前台骂人。罗翠花", "前台骂人。〔报事人〕"),
        ("联系了602室孙女士，明早换灯", "联系了〔室号〕室〔报事人〕，明早换灯"),
        ("已联系张先生，明天来", "已联系〔报事人〕，明天来"),
        ("我住1栋1单元602室，前台骂人", "我住1栋1单元〔室号〕室，前台骂人"),
        ("劝6栋2单元703停止养鸡", "劝6栋2单元〔室号〕停止养鸡"),
        ("6-2-703门口的杂物", "6-2-〔室号〕门口的杂物"),
        ("6幢1203罗翠花家杂物清走了", "6幢〔室号〕〔报事人〕家杂物清走了"),
    ],
)
def test_names_phones_and_rooms_are_covered(said: str, read: str) -> None:
    """However people put it."""
    assert covered(said, room="502") == read


@pytest.mark.parametrize(
    "said",
    [
        "向王经理反映过三次没人管",
        "保安王队长和周师傅都骂人",
        "周末反映没人理，谢谢",
        "我是金桂苑的业主，保洁钱照收",
        "D20261122-0007那单2026-11-25还没办",
        "3栋2单元马桶坏了",
        "6号楼2026年加装电梯，6栋120平米的活动室",
        "2单元300元水费",
        "帮孙女接热水，孙子也住这里",
        "志愿者招募，联系人：江南社区服务中心",
        "年货领取地点：3栋1单元102（物业办公室）",
        "2026-2027年度物业费收支公示",
    ],
)
def test_words_that_name_nobody_stay(said: str) -> None:
    """Its twin: whom it is about, numbers of orders, dates and plain words are needed to do something about it."""
    assert covered(said, room="502") == said


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("水管漏了，找罗翠花开门", "水管漏了，找〔人名〕开门"),
        ("家里没人，叫毛芳开门", "家里没人，叫〔人名〕开门"),
        ("家属罗翠花签字了", "家属〔人名〕签字了"),
        ("1603签了字", "〔室号〕签了字"),
        ("修好了，1603罗翠花签了字", "修好了，〔室号〕〔报事人〕签了字"),
        ("有事问上官小燕", "有事问〔人名〕"),
        ("找尚红，她有钥匙", "找〔人名〕，她有钥匙"),
        ("11栋2单元罗翠花家漏水", "11栋2单元〔人名〕家漏水"),
        ("钥匙在隔壁贾桂芳那里", "钥匙在隔壁〔人名〕那里"),
        ("钥匙放贾桂芳那边", "钥匙放〔人名〕那边"),
        ("我老伴叫孙德贵在家", "我老伴叫〔人名〕在家"),
        ("邻居毛伟家漏水", "邻居〔人名〕家漏水"),
        ("电梯坏了，罗建国报", "电梯坏了，〔人名〕报"),
        ("罗建国报修，灯不亮", "〔人名〕报修，灯不亮"),
    ],
)
def test_names_of_others_are_covered(said: str, read: str) -> None:
    """Who has the key and whose flat it is: they are readers' business as little as who reports."""
    assert covered(said) == read


@pytest.mark.parametrize(
    "said",
    [
        "找物业没人管，叫师傅来看看，问社区也不知道",
        "隔壁王家漏水，隔壁老王家也漏，隔壁黄色的水管",
        "找金鹿苑物业，找康居物业，找红星路派出所",
        "找王师傅、王建国师傅、李经理、陈建国主任、周工",
        "保安叫张建国，骂人",
        "隔壁金店很吵，隔壁江湖菜馆油烟大，隔壁支部在开会",
        "邻居尤其过分，邻居经常吵，对门装修，老伴高血压",
        "问何时能修，找方法解决，找房东，找车位难，找钱包",
        "叫安装公司来，叫施工队，叫关门，叫李姐开门",
        "在石凳那里有蛇，在江边那里，在万达那边，在温泉那边",
        "2单元马桶堵了，3栋高层家里漏水，去张家村那边",
        "居民反映，业主反映，多次反映，报修人反映",
        "得了白内障，养的是罗威纳，找帮扶对象",
    ],
)
def test_what_only_begins_like_a_name_stays(said: str) -> None:
    """Its twin: who works here, shops, places and plain words behind 找, 叫, 隔壁, 在."""
    assert covered(said) == said


def test_a_name_that_is_known_is_covered_wherever_it_stands() -> None:
    """A member of the roster who complains has a name that no pattern needs to guess."""
    assert covered("阿里木江昨天找过前台", name="阿里木江") == "〔报事人〕昨天找过前台"


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("2栋三单元七零四，打138.0000.2222", "2栋三单元〔室号〕，打〔电话〕"),
        ("我住六〇三，TEL13800002222", "我住〔室号〕，TEL〔电话〕"),
        ("联系电话一三八零零零零二二二二", "联系电话〔电话〕"),
        ("138—0000—2222，138/0000/2222", "〔电话〕，〔电话〕"),
        ("加我微信hua_1988，车牌皖HB2233", "加我微信〔电话〕，车牌〔车牌〕"),
        ("我是2栋1单元603的户主翟小燕", "我是2栋1单元〔室号〕的户主〔报事人〕"),
        ("前台骂人，本人上官小燕", "前台骂人，本人〔报事人〕"),
        ("我姓翟，翟大爷就是我", "〔报事人〕，〔报事人〕就是我"),
    ],
)
def test_every_notation_is_covered(said: str, read: str) -> None:
    """Chinese digits, dots and slashes, a letter before the number, seldom names."""
    assert covered(said) == read


def test_what_is_known_is_covered_in_any_notation() -> None:
    """The room of the order in Chinese digits, a number of seven digits that no word announces."""
    assert covered("五百零二这边，五幺二三四五六", room="502", phone="5123456") == "〔室号〕这边，〔电话〕"


@pytest.mark.parametrize(
    ("said", "read"),
    [
        (
            "给2栋603罗翠花家换阀门，赔楼下503贾小燕300元",
            "给2栋〔室号〕〔报事人〕家换阀门，赔楼下〔室号〕〔报事人〕300元",
        ),
        ("2栋603上官小燕家门口的坡道", "2栋〔室号〕〔报事人〕家门口的坡道"),
        ("2-1-603、5栋402贾小燕", "2-1-〔室号〕、5栋〔室号〕〔报事人〕"),
    ],
)
def test_who_lives_where_does_not_stand_on_the_board(said: str, read: str) -> None:
    """Even where the staff wrote it; the building and the money stay."""
    assert covered(said, staff=True) == read


@pytest.mark.parametrize(
    "said",
    [
        "三季度收入1234567.80元，车位费150-200元/月",
        "惠及居民1203户，换灯360盏，201个检测点",
        "1、3、5、7、9、11、13、15栋停水，2026.11.27至2026.12.30施工",
        "业主申请、业主代表和住户安装防盗网须登记，请业主周知",
        "同意85/100，急事拨打110、119、12345",
        "3栋高空抛物两起，5栋单元门、8栋路灯、10号楼2单元金属护栏已修",
        "王经理、李书记、周师傅负责",
        "2026-12-01 09:30-11:30，提案2026-015",
    ],
)
def test_what_the_staff_tells_everybody_stays(said: str) -> None:
    """Its twin: money, days, buildings, counts, people at work."""
    assert covered(said, staff=True) == said
