"""Who may do what to an activity: keepers of its community, those who organise it, everybody else."""

from dataclasses import dataclass

from redprop_bot.errors import Forbidden
from redprop_bot.registry.people import Speaker
from redprop_bot.store.tables import Activity


@dataclass(frozen=True, slots=True)
class Hand:
    """Whoever plans or keeps activities: `communities` are those they keep, None stands for all.

    organisation_id: of which unit, team or partner they are.
    """

    name: str
    person_id: int | None
    communities: frozenset[int] | None
    organisation_id: int | None = None

    def publishes(self, community_id: int | None) -> bool:
        """Whether they decide what is published there; what is for all communities only who keeps all."""
        if self.communities is None:
            return True
        return community_id is not None and community_id in self.communities

    def keeps(self, activity: Activity) -> bool:
        """Whether they may see its list, its code, and correct it."""
        mine = self.person_id is not None and activity.organiser_id == self.person_id
        ours = self.organisation_id is not None and activity.organisation_id == self.organisation_id
        return mine or ours or self.publishes(activity.community_id)

    def must_keep(self, activity: Activity) -> None:
        """Raise Forbidden unless they do."""
        if not self.keeps(activity):
            raise Forbidden("activity_keeper", no=activity.no)


def speaking(speaker: Speaker) -> Hand:
    """The hand of somebody who talks to the bot."""
    street = any(post.street_id is not None for post in speaker.posts)
    own = frozenset(post.community_id for post in speaker.posts if post.community_id is not None)
    unit = next((post.organisation_id for post in speaker.posts if post.organisation_id is not None), None)
    return Hand(speaker.name, speaker.person.id, None if street else own, unit)
