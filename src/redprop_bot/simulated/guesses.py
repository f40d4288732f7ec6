"""Error codes of which no published source tells. None is fixed: each is a switch of its platform.

    twin.work.guessed["used_task_id"] = 41097      # the same refusal by another code

What a client does must not hang on these. Codes that a source names (`PUBLISHED`) stand where they are raised.
"""

from collections.abc import Mapping
from typing import Final

GUESSES: Final[Mapping[str, int]] = {
    # -- both
    "unknown_api": 40066,
    "bad_msgtype": 40008,
    "no_file": 41005,
    # -- Official Account
    "empty_file": 44001,
    "bad_action_info": 40053,
    "bad_button_type": 40017,
    "bad_button_key": 40019,
    "bad_button_url": 40020,
    "bad_ticket_type": 40097,
    "unknown_draft": 53404,
    "unknown_publish_id": 53600,
    # -- WeCom
    "bad_parameter": 40058,  # published for the length of a robot's markdown only
    "too_long": 45002,
    "too_many_articles": 45008,
    "too_many_receivers": 40058,
    "used_task_id": 40058,
    "dead_response_code": 40058,
    "late_recall": 40058,
    "small_file": 40006,
    "foreign_secret": 48002,
    "unknown_member": 60111,
    "unknown_department": 60003,
    "bad_chat_members": 86005,
    "chat_exists": 86215,
}

PUBLISHED: Final = frozenset({
    -1, 40001, 40002, 40003, 40004, 40007, 40009, 40013, 40014, 40016, 40018, 40023, 40025, 40029, 40033, 40035,
    40037, 40056, 40058, 40091, 40125, 40163, 40164, 41001, 41002, 41004, 42001, 42003, 43001, 43002, 43004, 43101,
    44002, 44004, 45001, 45002, 45008, 45009, 45011, 45015, 45047, 45072, 45080, 45081, 46003, 47001, 47003, 48001,
    48002, 60020, 76003, 81013, 82001, 86008, 93000, 93004, 93008, 301002,
})  # fmt: skip
"""Codes that the platforms' pages, or copies of them, name for what they are raised for here."""
