"""Triggers that mark what can be matched: a changed resource, service or member is put into the index anew.

Whoever writes the row, by import, page or statement, need not know of the index. `triggers` makes them.
"""

from typing import Final

TABLES: Final = ("resource", "service", "member", "place", "person")
_OFFERED: Final = "title, note, kind, status, community_id, estate_id, hours, owner_id, organisation_id"


def _mark(subject: str, row: str, column: str = "id") -> str:
    return f"INSERT INTO fit_mark (subject, subject_id) VALUES ('{subject}', {row}.{column})"  # noqa: S608 - names of ours


_MARKS: Final[dict[str, tuple[str, str]]] = {
    **{
        f"fit_{name}_new": (f"AFTER INSERT ON {name}", _mark(name, "NEW"))
        for name in ("resource", "service", "member")
    },
    **{
        f"fit_{name}_gone": (f"AFTER DELETE ON {name}", _mark(name, "OLD"))
        for name in ("resource", "service", "member")
    },
    "fit_resource_changed": (f"AFTER UPDATE OF {_OFFERED} ON resource", _mark("resource", "NEW")),
    "fit_service_changed": (f"AFTER UPDATE OF {_OFFERED} ON service", _mark("service", "NEW")),
    "fit_member_changed": ("AFTER UPDATE OF skills, branch ON member", _mark("member", "NEW")),
    "fit_place_new": ("AFTER INSERT ON place", _mark("resource", "NEW", "resource_id")),
    "fit_place_changed": ("AFTER UPDATE ON place", _mark("resource", "NEW", "resource_id")),
    "fit_place_gone": ("AFTER DELETE ON place", _mark("resource", "OLD", "resource_id")),
    "fit_person_moved": (
        "AFTER UPDATE OF estate_id ON person",
        "INSERT INTO fit_mark (subject, subject_id) SELECT 'member', id FROM member WHERE person_id = NEW.id",
    ),
}

SQLITE: Final = {
    name: f"CREATE TRIGGER {name} {at} FOR EACH ROW BEGIN {mark}; END" for name, (at, mark) in _MARKS.items()
}
FUNCTIONS: Final = tuple(
    f"""
CREATE OR REPLACE FUNCTION {name}_mark() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN {mark}; RETURN NULL; END $$
"""
    for name, (_at, mark) in _MARKS.items()
)
POSTGRES: Final = {
    name: f"CREATE TRIGGER {name} {at} FOR EACH ROW EXECUTE FUNCTION {name}_mark()"
    for name, (at, _mark_) in _MARKS.items()
}
