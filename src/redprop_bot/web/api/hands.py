"""A token, an account or a seat of the console as the council sees it."""

from redprop_bot.council.hands import Hand, of_role
from redprop_bot.web.access import Viewer


def hand(viewer: Viewer) -> Hand:
    """Who acts: by their role there, and as themselves where they are somebody of the register."""
    person = viewer.speaker.person.id if viewer.speaker is not None else None
    return of_role(
        viewer.name,
        viewer.role,
        community_id=viewer.community_id,
        organisation_id=viewer.organisation_id,
        person_id=person,
    )
