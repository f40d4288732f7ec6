"""Who is to help beside the unit that leads: 请万和物业也来帮忙, 派给康居物业，万和物业配合. Pure."""

import re
from collections.abc import Iterable
from typing import Final

_HELP: Final = re.compile(
    r"(?:帮忙|帮一?下|帮帮|帮把手|搭把手|帮着|配合|协助|协办|支援|一起|一同|一块儿?)(?!的|不)"
)
_NOT: Final = re.compile(r"(?:不用|不要|不必|不需要?|无需|别|取消|撤)")
_TO: Final = re.compile(r"(?:派|转|交|改派|指派)(?:给|到|单给)|给$")
_JOIN: Final = re.compile(r"\s*(?:[、和跟与及]|以及|还有)\s*")
_CLAUSE: Final = re.compile(r"[，,；;。！!\n]")


def beside(text: str, names: Iterable[str]) -> tuple[list[str], list[str]]:
    """Of the names of units in a text: those to whom it goes, and those that help, each in the order said.

    派给清源水务和万和物业 goes to the first, and the other helps.
    """
    known = sorted(names, key=len, reverse=True)
    leads: list[str] = []
    helpers: list[str] = []
    for clause in _CLAUSE.split(text):
        said = _said(clause, known)
        if not said or _NOT.search(clause):
            continue
        verb = _HELP.search(clause)
        given = _given(clause, said)
        for at, name in said:
            if name in given[:1] or verb is None or at > verb.start():
                leads.append(name)
            else:
                helpers.append(name)
        if verb is None:
            helpers += given[1:]
    leads = list(dict.fromkeys(name for name in leads if name not in helpers))
    return leads, [name for name in dict.fromkeys(helpers) if name not in leads]


def _said(clause: str, known: Iterable[str]) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    rest = clause
    for name in known:
        at = rest.find(name)
        if at >= 0:
            found.append((at, name))
            rest = rest.replace(name, "\0" * len(name))
    return sorted(found)


def _given(clause: str, said: list[tuple[int, str]]) -> list[str]:
    """The units to which a clause gives it, joined by 和."""
    found: list[str] = []
    end = -1
    for at, name in said:
        to_it = not found and _TO.search(clause[:at]) is not None and _TO.split(clause[:at])[-1].strip() == ""
        if to_it or (found and _JOIN.fullmatch(clause[end:at])):
            found.append(name)
            end = at + len(name)
        elif found:
            break
    return found
