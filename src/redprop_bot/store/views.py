"""Statements about what pages keep for people: saved views, files that wait for a yes or for their form."""

from datetime import timedelta

from redprop_bot.store.tables import SavedView, Upload
from redprop_bot.store.tx import Tx, table_of

_view = table_of(SavedView)
_upload = table_of(Upload)

KEPT = timedelta(days=1)


def saved(tx: Tx, owner: str, room: str) -> list[SavedView]:
    """The views that somebody has saved in a room, in the order they were saved."""
    return tx.list(SavedView, _view.c.owner == owner, _view.c.room == room, order=_view.c.id)


def save(tx: Tx, owner: str, room: str, name: str, query: str) -> None:
    """Save a view under a name; one of the same name gives way."""
    tx.execute(_view.delete().where(_view.c.owner == owner, _view.c.room == room, _view.c.name == name))
    tx.insert(SavedView, owner=owner, room=room, name=name, query=query, created_at=tx.now)


def drop(tx: Tx, owner: str, view_id: int) -> None:
    """Forget a view of somebody's own."""
    tx.execute(_view.delete().where(_view.c.owner == owner, _view.c.id == view_id))


def resident(person_id: int) -> str:
    """As whose the files of a resident's forms wait."""
    return f"m{person_id}"


def put_upload(tx: Tx, token: str, *, owner: str, name: str, content: bytes) -> None:
    """Keep a file until it is wanted; old ones are forgotten."""
    forget_uploads(tx)
    drop_uploads(tx, owner)
    tx.insert(Upload, token=token, owner=owner, name=name, content=content, at=tx.now)


def add_upload(tx: Tx, token: str, *, owner: str, name: str, content: bytes, most: int) -> None:
    """Keep a file beside others of the same owner, the newest `most` of them; old ones are forgotten."""
    forget_uploads(tx)
    kept = [row.token for row in tx.list(Upload, _upload.c.owner == owner, order=_upload.c.at.desc())]
    if drop := kept[most - 1 :]:
        tx.execute(_upload.delete().where(_upload.c.token.in_(drop)))
    tx.insert(Upload, token=token, owner=owner, name=name, content=content, at=tx.now)


def upload(tx: Tx, token: str, owner: str) -> Upload | None:
    """The file that somebody has put there."""
    return tx.find(Upload, _upload.c.token == token, _upload.c.owner == owner)


def drop_upload(tx: Tx, token: str) -> None:
    """It is not needed any more."""
    tx.execute(_upload.delete().where(_upload.c.token == token))


def drop_uploads(tx: Tx, owner: str) -> None:
    """Nothing of theirs is."""
    tx.execute(_upload.delete().where(_upload.c.owner == owner))


def forget_uploads(tx: Tx) -> None:
    """What nobody came back for."""
    tx.execute(_upload.delete().where(_upload.c.at < tx.now - KEPT))
