"""Whether an act is meant by the words for it."""

import pytest

from redprop_bot.rules.intended import Said, how

_DONE, _CLOSE, _RAISE, _MERGE = "order.fulfil", "order.close", "order.escalate", "order.merge"


@pytest.mark.parametrize(
    ("intent", "text"),
    [
        (_DONE, "1号单修好了"), (_DONE, "昨天没修好，今天修好了"), (_DONE, "修好了，业主不在家没签字"),
        (_DONE, "灯不闪了，换好了"), (_DONE, "2号办好了，明天回访"), (_DONE, "马上就弄好了，现在能用"),
        (_DONE, "阀门换好了，不漏了"), (_DONE, "都处理完了吧"),
        (_CLOSE, "1号不用修了，可以结了"), (_CLOSE, "3号单没问题，办结"), (_CLOSE, "居民不接电话，按终止处理"),
        (_CLOSE, "打过电话，人家说行，结"), (_CLOSE, "5号单不属于我们，关掉"), (_CLOSE, "1号单居民没有不满意，归档"),
        (_CLOSE, "7号单查过了没什么事，销号"), (_CLOSE, "除了1号都办结"),
        (_RAISE, "1号提级，没人管"), (_RAISE, "协调不动，报街道"), (_RAISE, "吹哨，请水务到场"),
        (_MERGE, "1和2是一件事，并了"), (_MERGE, "这几单并成一个"), (_MERGE, "1、2号合并，不用分开办"),
        ("order.accept", "接了，不用催"), ("order.accept", "1号我们接"), ("order.return", "不归我们管，退了"),
        ("order.return", "1号不用修了，退单"),
        (_DONE, "今日维修完成"), (_DONE, "按钮面板等已更换完成"), (_DONE, "下午修好，业主签字了"), (_RAISE, "1号必须提级到街道"),
        ("order.accept", "别担心我接了"), (_CLOSE, "1号、2号等3单办结"),
        (_DONE, "疏通完后排水正常"), (_DONE, "换新阀门后不漏了"), (_DONE, "今天上午就修好了"), (_DONE, "修好了门就能关上了"),
        (_DONE, "昨天下午修好的"), (_DONE, "今天已处理"),
        (_DONE, "1号几个灯泡都换好了"), (_DONE, "1号修好了呢"), (_DONE, "1号三天前就修好了"), (_DONE, "1号昨天没修好今天修好了"),
        (_DONE, "1号修好了请居民看看还有没有问题"), (_CLOSE, "还挂着干什么？1号办结"), (_CLOSE, "2号马上办结"),
        (_CLOSE, "1号误报办结"), (_RAISE, "1号尽快提级到街道"), ("order.accept", "收到，马上接单"),
        ("order.accept", "接单3号马上去看怎么回事"), ("order.return", "3号退了不知道归谁管"),
        ("order.dispatch", "3号转给康居物业让他们看看怎么处理"),
    ],
)  # fmt: skip
def test_meant(intent: str, text: str) -> None:
    """What people say who want it done."""
    assert how(intent, text) is Said.MEANT


@pytest.mark.parametrize(
    ("intent", "text", "said"),
    [
        (_DONE, "1号单修好了吗", Said.ASKED), (_DONE, "1号单修好了没", Said.ASKED), (_DONE, "1号没修好", Said.DENIED),
        (_DONE, "1号修不好", Said.DENIED), (_DONE, "2号误报完成", Said.DENIED), (_DONE, "1号明天修好", Said.LATER),
        (_DONE, "弄好之后给你拍照", Said.LATER), (_DONE, "修好了会通知的", Said.LATER), (_DONE, "换好垫片就行", Said.LATER),
        (_DONE, "下午帮她弄好", Said.LATER), (_DONE, "今晚弄完", Said.LATER), (_DONE, "修好了再说", Said.LATER),
        (_DONE, "好了可能还会停", Said.LATER), (_DONE, "上回就是我修好的", Said.DENIED),
        (_DONE, "1号下周能装好", Said.LATER), (_DONE, "预计能修好", Said.LATER),
        (_CLOSE, "不要随便办结", Said.DENIED), (_CLOSE, "修好了再办结", Said.LATER), (_CLOSE, "居民满意了才能办结", Said.LATER),
        (_CLOSE, "居民没评价之前不许结", Said.DENIED), (_CLOSE, "等我看过再结", Said.LATER), (_CLOSE, "以后办结要先回访", Said.LATER),
        (_RAISE, "不要动不动就提级", Said.DENIED), (_RAISE, "要是今天修不好就报街道", Said.LATER), (_RAISE, "提级的事我再想想", Said.DENIED),
        (_DONE, "今天下午完成", Said.LATER), (_DONE, "今晚恢复", Said.LATER), (_DONE, "下午修好，到时候请业主签字", Said.LATER),
        (_DONE, "我没说修好了啊", Said.DENIED), (_DONE, "等修好了拍照给你", Said.LATER),
        (_CLOSE, "1号单办结了吗", Said.ASKED), (_CLOSE, "查1号单", Said.ASKED), (_CLOSE, "谁把1号单办结了", Said.ASKED),
        (_CLOSE, "1号单能不能结", Said.ASKED), (_CLOSE, "上周办结了几单", Said.ASKED), (_CLOSE, "1号先别办结", Said.DENIED),
        (_CLOSE, "1号不要办结", Said.DENIED), (_CLOSE, "没办完就别结", Said.DENIED), (_CLOSE, "居民不满意", Said.DENIED),
        (_CLOSE, "居民说还在漏", Said.NOT),
        (_RAISE, "1号提级了吗", Said.ASKED), (_RAISE, "1号别提级", Said.DENIED), (_RAISE, "2号单哨取消", Said.DENIED),
        (_RAISE, "取消吹哨", Said.DENIED), (_RAISE, "不用提级，我们能协调", Said.DENIED),
        (_RAISE, "去年联席会议记录", Said.ASKED),
        (_MERGE, "1号和2号不是一件事，别并", Said.DENIED), (_MERGE, "1号和2号是不是一件事", Said.ASKED),
        ("order.accept", "1号谁接了", Said.ASKED), ("order.accept", "1号接了没", Said.ASKED),
        ("order.return", "1号先别退", Said.DENIED), ("order.return", "1号退错了", Said.DENIED),
    ],
)  # fmt: skip
def test_not_meant(intent: str, text: str, said: Said) -> None:
    """Questions, denials and plans do nothing."""
    assert how(intent, text) is said
