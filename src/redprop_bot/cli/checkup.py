"""What `doctor` looks at on this machine, one line each; what it finds on the platforms is in `platforms`."""

import socket
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from redprop_bot.bootstrap import building
from redprop_bot.content import packaged_root, unread, yaml
from redprop_bot.dialogue.office import Office
from redprop_bot.errors import ConfigError
from redprop_bot.registry.register import register
from redprop_bot.rules.holiday_table import coverage
from redprop_bot.settings import Settings, unknown
from redprop_bot.store import schema
from redprop_bot.understand.load import EMERGENCY


class _Wrong(Exception):
    pass


def run(office: Office) -> int:
    """Print a line for each check; how many failed. What is in the database is left out where that is wrong."""
    failed = set()
    for name, check in _CHECKS:
        if _database in failed and check in _IN_THE_DATABASE:
            continue
        try:
            print(f"✓ {name}：{check(office)}")
        except Exception as error:  # noqa: BLE001 - each check says what is wrong in its own line
            failed.add(check)
            print(f"✗ {name}：{_plain(error)}")
    return len(failed)


def _plain(error: Exception) -> str:
    if isinstance(error, ConfigError):
        return "；".join(fault.what for fault in error.faults)
    return str(error) if isinstance(error, _Wrong) else type(error).__name__


def _configuration(office: Office) -> str:
    known = office.settings
    on = [name for name, channel in (("公众号", known.oa), ("企业微信", known.work)) if channel is not None]
    return f"回复 {len(office.content.replies.templates)} 条，" + (
        "、".join(on) + "已配置" if on else "公众号和企业微信都没有配置"
    )


def _setting_names(_office: Office) -> str:
    """Whether what is set is a setting: one sign too few, and a channel would be off without a word."""
    lost = unknown()
    if meant := [f"{name} 没有这个设置，是不是 {near}？" for name, near in lost.items() if near]:
        raise _Wrong("".join(meant))
    return "都认得" if not lost else f"{'、'.join(lost)} 不是机器人的设置，没有用上"


def _own_content(office: Office) -> str:
    """What of the community's own folder is not read, and how much of the danger rules it stands in for."""
    folder = office.settings.content_dir
    if folder is None:
        return "没有，用自带的"
    if lost := unread(folder):
        raise _Wrong(
            f"{'、'.join(lost)} 没有用上：名字或文件夹不对，请对照自带的 data/ 和 intents/（扩展名是 .yaml）"
        )
    if not (folder / EMERGENCY).is_file():
        return f"{folder} 里的都用上了"
    own, shipped = _rules(folder), _rules(packaged_root())
    return f"{folder} 里的都用上了；险情规则用自己的 {own} 条，替换了自带的 {shipped} 条"


def _rules(root: Path) -> int:
    return len(yaml.read(root / EMERGENCY)[0]["rules"])


def _media(office: Office) -> str:
    building.prove_media(office.settings.media_dir)
    return f"{office.settings.media_dir} 放得进去"


def _database(office: Office) -> str:
    schema.check(office.store.engine)
    return "结构是最新的"


def _platform(known: Settings, channel: str) -> str:
    setting = known.oa if channel == "oa" else known.work
    if setting is None:
        return "没有配置，不用"
    scheme, _, rest = setting.api_base.partition("://")
    host, _, port = rest.partition(":")
    try:
        with socket.create_connection((host, int(port or (443 if scheme == "https" else 80))), timeout=5):
            return f"{host} 连得上"
    except OSError as error:
        raise _Wrong(f"{host} 连不上（{type(error).__name__}），请检查网络和防火墙") from None


def _clock(office: Office) -> str:
    now = datetime.now(UTC)
    if now.year < 2026:
        raise _Wrong(f"时间是 {now:%Y-%m-%d}，明显不对，请校时")
    return f"{now.astimezone(office.content.zone):%Y-%m-%d %H:%M:%S}（{office.settings.timezone}）"


def _holidays(office: Office) -> str:
    known = coverage(office.content.holidays, datetime.now(office.content.zone).date())
    if known.is_over:
        raise _Wrong(f"只到 {known.until}，之后只按周末算，请升级 chinesecalendar 或填 data/holidays")
    own = f"，之后有自己写的 {known.own_days_after} 天" if known.own_days_after else ""
    ending = f"，还有 {known.days_left} 天，之后只按周末算，请留意明年的放假通知" if known.is_ending else ""
    return f"到 {known.until}{own}{ending}"


def _names(office: Office) -> str:
    """Hours and terms of their own only hold for names that the register knows."""
    content = office.content
    said = [(kind, getattr(row, kind)) for row in content.hours for kind in ("estate", "unit")]
    said += [pair for row in content.deadlines.special for pair in row.conditions]
    known = office.store.look(register)
    names = {"estate": set(known.estate_names), "unit": set(known.organisation_names)}
    lost = sorted({str(name) for kind, name in said if name and kind in names and name not in names[kind]})
    if lost:
        raise _Wrong(f"名册里没有 {'、'.join(lost)}，data/hours、data/deadlines 里写的不起作用")
    return f"{len(content.hours)} 条上班时间、{len(content.deadlines.special)} 条个别时限，名字都在名册里"


def _edited(office: Office) -> str:
    """What was edited at the console holds only as far as it fits the files of this version."""
    office.take_up()
    if office.unfit:
        first = "；".join(f"{name}（{faults[0].what}）" for name, faults in office.unfit.items())
        raise _Wrong(f"{first}，现在用不上，照原来的办，请打开控制台的“设置”改好或恢复")
    return "都用上了"


_CHECKS: Final[tuple[tuple[str, Callable[[Office], str]], ...]] = (
    ("配置", _configuration),
    ("设置的名字", _setting_names),
    ("自己的内容", _own_content),
    ("数据库", _database),
    ("设置页里改过的", _edited),
    ("照片文件夹", _media),
    ("公众号接口", lambda office: _platform(office.settings, "oa")),
    ("企业微信接口", lambda office: _platform(office.settings, "work")),
    ("时钟", _clock),
    ("节假日表", _holidays),
    ("个别时限", _names),
)
_IN_THE_DATABASE: Final = (_edited, _names)
