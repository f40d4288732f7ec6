"""The shapes of the small data files: limits, joining of like reports, emergency numbers, answers, labels.

Only shapes and their checks; what is done with the values is decided in the rooms that use them.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import time
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from redprop_bot.content.codes import CATEGORIES
from redprop_bot.content.yaml import Lines
from redprop_bot.errors import Fault


def _known(category: str) -> str:
    if category not in CATEGORIES:
        raise ValueError(f"没有这个类别：{category}")
    return category


Category = Annotated[str, AfterValidator(_known)]


class Shape(BaseModel):
    """Strict and frozen: a misspelt key is a fault, not a silent default."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Limits(Shape):
    """How much one person may ask of the community; emergencies are never held back by these."""

    demands_per_hour: int = Field(ge=1)
    messages_per_minute: int = Field(ge=5)
    repeat_minutes: int = Field(ge=1)
    merge_seconds: int = Field(ge=0)
    support_hours: int = Field(ge=0)
    ask_first_days: int = Field(ge=1)
    quiet_from: time
    quiet_until: time
    text_length: int = Field(ge=200)
    corrections_days: int = Field(default=365, ge=1)
    media_days: int = Field(default=180, ge=31, le=3650)  # what may still be reopened keeps its pictures
    contact_days: int = Field(default=365, ge=93, le=3650)  # what may be reopened and called about is over by then
    access_log_days: int = Field(default=365, ge=183, le=3650)  # the law wants six months
    media_loose_days: int = Field(default=2, ge=1, le=90)

    @model_validator(mode="before")
    @classmethod
    def _times(cls, raw: Any) -> Any:
        # YAML reads 21:00 as 1260 when it is not quoted
        if isinstance(raw, Mapping):
            return {
                k: f"{v // 60:02d}:{v % 60:02d}" if k.startswith("quiet") and isinstance(v, int) else v
                for k, v in raw.items()
            }
        return raw


class Joining(Shape):
    """Which reports of neighbours are the same matter.

    shared: categories of facilities that many use, where the room does not matter.
    words: per category, words of which both texts must hold the same one (停水 and 漏水 are not one matter).
    names: per category, what people call a whole thing of it; of an order of another kind it is not said.
    """

    shared: tuple[Category, ...]
    words: Mapping[Category, tuple[tuple[str, ...], ...]] = {}
    names: Mapping[Category, tuple[str, ...]] = {}


class Alarm(Shape):
    """Which number to call first: the first entry whose category and words fit."""

    number: str = Field(pattern=r"^\d{3,5}$")
    say: str = Field(min_length=4, max_length=60)
    categories: tuple[Category, ...] = ()
    words: tuple[str, ...] = ()
    stays: bool = False  # no words of the resident call it off: somebody goes and looks

    @model_validator(mode="after")
    def _says_the_number(self) -> "Alarm":
        if self.number not in self.say:
            raise ValueError(f"say 里要说出 {self.number}")
        return self


class Question(Shape):
    """A frequent question: it fits when one word of every group occurs."""

    title: str
    words: tuple[tuple[str, ...], ...] = Field(min_length=1)
    answer: str


class Labels(Shape):
    """Chinese names of the codes; every code of the contract has one."""

    stage: Mapping[str, str]
    intent: Mapping[str, str]
    category: Mapping[str, str]
    urgency: Mapping[str, str]
    act: Mapping[str, str]
    close_reason: Mapping[str, str]
    button: Mapping[str, str]
    duty: Mapping[str, str]
    level: Mapping[str, str]
    field: Mapping[str, str]
    mode_part: Mapping[str, str]
    whistle_state: Mapping[str, str]
    check_state: Mapping[str, str]
    wish_status: Mapping[str, str]
    given: Mapping[str, str]
    mediation: Mapping[str, str]
    project_stage: Mapping[str, str]
    measure_stage: Mapping[str, str]
    meeting_state: Mapping[str, str]
    meeting_part: Mapping[str, str]
    meeting_answer: Mapping[str, str]
    quarter_how: Mapping[str, str]
    task: Mapping[str, str]
    happened: Mapping[str, Mapping[str, str]]

    def task_name(self, kind: str) -> str:
        """What a task of this kind is called: of its own, or as the intent from which it came."""
        return self.task.get(kind) or self.intent.get(kind) or self.task["other"]

    def told(self, subject: str, name: str) -> tuple[str, str]:
        """What something is and what happened to it; a happening without a word of its own is a change."""
        words = self.happened.get(subject, {})
        return words.get("what", "其他"), words.get(name, "有变动")


class Reason(Shape):
    """A reason of a list: its code for the API, its name for people, words by which it is known in a sentence."""

    code: str = Field(pattern=r"^[a-z_]{2,32}$")
    name: str = Field(min_length=2, max_length=10)
    words: tuple[str, ...] = ()


class RatingReasons(Shape):
    """Reasons that can be tapped when rating: those for praise and those for complaint."""

    high: tuple[Annotated[str, Field(min_length=1, max_length=12)], ...] = Field(min_length=1, max_length=8)
    low: tuple[Annotated[str, Field(min_length=1, max_length=12)], ...] = Field(min_length=1, max_length=8)


def reason_faults(found: Sequence[Reason], name: str) -> list[Fault]:
    """Codes and names stand once, and `other` is among them."""
    said = [text for reason in found for text in (reason.code, reason.name)]
    faults = [Fault(name, f"“{twice}” 写了两次") for twice in sorted({one for one in said if said.count(one) > 1})]
    if found and "other" not in said:
        faults.append(Fault(name, "缺少 code 是 other 的一条"))
    return faults


class Places(Shape):
    """Which categories need no building: the estate is enough to act on them."""

    estate_is_enough: tuple[Category, ...]


S = TypeVar("S", bound=BaseModel)

_WORDS = {
    "missing": "缺少这一项",
    "extra_forbidden": "没有这一项",
    "greater_than_equal": "不能小于 {ge:g}",
    "greater_than": "要大于 {gt:g}",
    "less_than_equal": "不能大于 {le:g}",
    "less_than": "要小于 {lt:g}",
    "literal_error": "只能是 {expected}",
    "enum": "只能是 {expected}",
    "string_too_short": "至少 {min_length} 个字",
    "string_too_long": "最多 {max_length} 个字",
    "string_pattern_mismatch": "写法不对",
    "too_short": "至少写 {min_length} 个",
    "too_long": "最多写 {max_length} 个",
}
_KINDS = {
    "bool": "写 true 或者 false",
    "int": "写一个整数",
    "float": "写一个数字",
    "string": "写文字",
    "time": "写成 08:30 这样的时间，加引号",
    "tuple": "写成一列，用方括号括起来",
    "list": "写成一列，用方括号括起来",
    "dict": "写成“名称: 内容”",
    "mapping": "写成“名称: 内容”",
    "model": "写成“名称: 内容”",
}
"""By the first word of what is wrong; see https://docs.pydantic.dev for all of them."""


def _within(path: Sequence[Any], of: Sequence[Any]) -> bool:
    return len(path) > len(of) and tuple(path[: len(of)]) == tuple(of)


def _said(item: Any) -> str:
    """What is wrong, for people; a fault without words here as its library says it."""
    kind, slots = str(item["type"]), dict(item.get("ctx", {}))
    if "expected" in slots:
        slots["expected"] = re.sub(r" or |, ", "、", str(slots["expected"])).replace("'", "")
    if kind in _WORDS:
        return _WORDS[kind].format(**slots)
    return _KINDS.get(kind.partition("_")[0]) or str(item["msg"]).removeprefix("Value error, ")


def check(shape: type[S], raw: Any, line_of: Lines, name: str, faults: list[Fault]) -> S | None:
    """Read a value into its shape; faults are added with file and line."""
    try:
        return shape.model_validate(raw)
    except ValidationError as error:
        found = error.errors(include_url=False)
        for item in found:
            path = tuple(map(str, item["loc"]))
            if item["type"] == "too_short" and any(_within(one["loc"], item["loc"]) for one in found):
                continue  # too few are right: what is wrong with the others is said
            faults.append(Fault(f"{name}:{line_of(path)}", f"{'.'.join(path)} {_said(item)}".strip()))
        return None
