"""Loading everything a community decides, all faults at once.

Roots are folders that hold `intents/` and `data/`: the packaged one first, then `REDPROP_CONTENT_DIR`; a file of a
later root replaces the one with the same relative path or adds to the set.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from zoneinfo import ZoneInfo

from redprop_bot.content.activities import Activities
from redprop_bot.content.appraisal import Sheets, read_sheets
from redprop_bot.content.care import CareTerms
from redprop_bot.content.commendation import Awards, read_awards
from redprop_bot.content.coverage import Coverage
from redprop_bot.content.discipline import BoardTerms, RectificationTerms, SanctionTerms, read_discipline
from redprop_bot.content.happenings import Clicks, Scenes, unknown_targets
from redprop_bot.content.helping import Partners, ShopTerms, Visits, WishTerms
from redprop_bot.content.matching import BookingRules, Matching
from redprop_bot.content.mediation import Mediation
from redprop_bot.content.meetings import Meetings
from redprop_bot.content.menus import Menus, read_menus
from redprop_bot.content.opinion import Opinion
from redprop_bot.content.points import Points
from redprop_bot.content.projects import Projects
from redprop_bot.content.readiness import EmergencyMode, Whistle
from redprop_bot.content.reading import Above, Reading, files
from redprop_bot.content.replies import Replies
from redprop_bot.content.roads import Roads
from redprop_bot.content.shapes import (
    Alarm,
    Joining,
    Labels,
    Limits,
    Places,
    Question,
    RatingReasons,
    Reason,
    reason_faults,
)
from redprop_bot.content.standards import Standards, read_standards
from redprop_bot.content.surveying import SurveyTerms
from redprop_bot.content.templates import Templates, read_templates
from redprop_bot.content.workers import PostTable, RecordTerms, Workers
from redprop_bot.content.workers import workers as both
from redprop_bot.errors import ContentError
from redprop_bot.rules.deadlines import DeadlineTable
from redprop_bot.rules.digest_table import parse_digests
from redprop_bot.rules.digests import Digests
from redprop_bot.rules.hours import Hours, hours_for, parse_hours
from redprop_bot.rules.reminders import Rule
from redprop_bot.rules.workdays import WorkCalendar, work_calendar


@dataclass(frozen=True)
class Content:
    """What the community decided. Read-only; a change makes a new one."""

    replies: Replies
    labels: Labels
    limits: Limits
    joining: Joining
    places: Places
    roads: Roads
    clicks: Clicks
    scenes: Scenes
    alarms: tuple[Alarm, ...]
    questions: tuple[Question, ...]
    deadlines: DeadlineTable
    reminders: tuple[Rule, ...]
    digests: Digests
    whistle: Whistle
    emergency_mode: EmergencyMode
    wishes: WishTerms
    visits: Visits
    shop: ShopTerms
    partners: Partners
    meetings: Meetings
    projects: Projects
    points: Points
    activities: Activities
    matching: Matching
    booking: BookingRules
    mediation: Mediation
    survey: SurveyTerms
    coverage: Coverage
    standards: Standards
    opinion: Opinion
    awards: Awards
    workers: Workers
    appraisal: Sheets
    rectification: RectificationTerms
    ranking: BoardTerms
    sanctions: SanctionTerms
    care: CareTerms
    holidays: Mapping[date, bool]
    hours: tuple[Hours, ...]
    return_reasons: tuple[Reason, ...]
    rating_reasons: RatingReasons
    menus: Menus
    templates: Templates
    zone: ZoneInfo
    address: str
    secret: bytes = field(default=b"", repr=False)  # the key of signed links

    @cached_property
    def calendar(self) -> WorkCalendar:
        """Working time of the community."""
        return work_calendar(self.zone, self.deadlines.shifts, self.holidays)

    def calendar_for(self, estate: str | None, unit: str | None) -> WorkCalendar:
        """Working time of a unit at an estate, as far as it has hours of its own."""
        own = hours_for(self.hours, estate, unit)
        return self.calendar if own is None else self._calendars[own]

    @cached_property
    def _calendars(self) -> Mapping[Hours, WorkCalendar]:
        return {own: work_calendar(self.zone, own.shifts, self.holidays, daily=own.daily) for own in self.hours}

    @cached_property
    def time_mark(self) -> int:
        """The same number as long as rules, terms, holidays and zone are the same."""
        return _mark(self.reminders, self.deadlines, self.hours, sorted(self.holidays.items()), str(self.zone))

    def digest_mark(self, day: date) -> int:
        """The same number as long as it is the same day with the same digests, holidays and zone."""
        return _mark(self.digests, sorted(self.holidays.items()), str(self.zone), day)


def _mark(*what: object) -> int:
    """A number that tells one content from another; it fits every integer column."""
    return int.from_bytes(hashlib.sha256(repr(what).encode()).digest()[:4], "big") >> 1


def packaged_root() -> Path:
    """Where the content that ships with the product lies: in the wheel, else in the source tree."""
    inside = Path(__file__).resolve().parents[1] / "_packaged"
    return inside if inside.is_dir() else Path(__file__).resolve().parents[3]


def roots(content_dir: Path | None) -> list[Path]:
    """The folders to read, the later ones above the earlier."""
    return [packaged_root(), *([content_dir] if content_dir else [])]


def load_content(
    folders: Sequence[Path], *, zone: ZoneInfo, address: str, secret: bytes = b"", above: Above | None = None
) -> Content:
    """Read all content; raise ContentError with every fault found."""
    reading = Reading(folders, above)
    labels = reading.labels()
    limits = reading.shaped(Limits, "data/limits/limits.yaml")
    joining = reading.shaped(Joining, "data/limits/joining.yaml")
    places = reading.shaped(Places, "data/limits/places.yaml")
    roads = reading.shaped(Roads, "data/limits/roads.yaml")
    clicks = reading.shaped(Clicks, "data/menus/clicks.yaml")
    scenes = reading.shaped(Scenes, "data/menus/scenes.yaml")
    whistle = reading.shaped(Whistle, "data/whistle/whistle.yaml")
    emergency_mode = reading.shaped(EmergencyMode, "data/emergency_mode/mode.yaml")
    wishes = reading.shaped(WishTerms, "data/wishes/wishes.yaml")
    visits = reading.shaped(Visits, "data/visits/visits.yaml")
    shop = reading.shaped(ShopTerms, "data/shop/shop.yaml")
    partners = reading.shaped(Partners, "data/partners/partners.yaml")
    meetings = reading.shaped(Meetings, "data/meetings/kinds.yaml")
    projects = reading.shaped(Projects, "data/projects/projects.yaml")
    points = reading.shaped(Points, "data/points/points.yaml")
    activities = reading.shaped(Activities, "data/activities/activities.yaml")
    matching = reading.shaped(Matching, "data/matching/matching.yaml")
    booking = reading.shaped(BookingRules, "data/booking/booking.yaml")
    mediation = reading.shaped(Mediation, "data/mediation/mediation.yaml")
    survey = reading.shaped(SurveyTerms, "data/survey/survey.yaml")
    coverage = reading.shaped(Coverage, "data/coverage/coverage.yaml")
    standards = read_standards(reading.sources("data/standards"), reading.faults)
    opinion = reading.shaped(Opinion, "data/opinion/opinion.yaml")
    awards = read_awards(reading.sources("data/commendation"), reading.faults)
    workers = both(
        reading.placed(PostTable, "data/workers/posts.yaml"),
        reading.placed(RecordTerms, "data/workers/record.yaml"),
        reading.faults,
    )
    appraisal = read_sheets(reading.sources("data/appraisal"), reading.faults)
    rectification, ranking, sanctions = read_discipline(reading, appraisal)
    care = reading.shaped(CareTerms, "data/care/care.yaml")
    alarms = reading.listed(Alarm, "data/emergency/alarms.yaml", "alarms", needed=True)
    questions = reading.listed(Question, "data/answers/questions.yaml", "questions")
    replies, deadlines, holidays = reading.replies(), reading.deadlines(labels), reading.holidays()
    if clicks is not None and labels is not None:
        reading.faults += unknown_targets(clicks, replies, labels.intent)
    hours = reading.parsed(parse_hours, "data/hours/hours.yaml") or ()
    return_reasons = reading.listed(Reason, "data/reasons/return.yaml", "reasons", needed=True)
    rating_reasons = reading.shaped(RatingReasons, "data/reasons/rating.yaml")
    reading.faults += reason_faults(return_reasons, "data/reasons/return.yaml")
    menus = read_menus(files(folders, "data/menus"), reading.faults)
    described = list(files(folders, "data/templates").values())
    templates = read_templates(described, replies.templates, labels, reading.faults)
    if clicks is not None and menus is not None:
        reading.faults += menus.unknown(clicks.clicks)
    reminders = reading.reminders(labels, replies)
    read = partial(parse_digests, words=replies.templates.keys())
    digests = reading.parsed(read, "data/digests/digests.yaml")
    if (
        reading.faults
        or deadlines is None
        or menus is None
        or digests is None
        or workers is None
        or ranking is None
        or sanctions is None
    ):
        raise ContentError(reading.faults)
    return Content(
        replies=replies,
        labels=labels,
        limits=limits,
        joining=joining,
        places=places,
        roads=roads,
        clicks=clicks,
        scenes=scenes,
        alarms=alarms,
        questions=questions,
        deadlines=deadlines,
        reminders=reminders,
        digests=digests,
        whistle=whistle,
        emergency_mode=emergency_mode,
        wishes=wishes,
        visits=visits,
        shop=shop,
        partners=partners,
        meetings=meetings,
        projects=projects,
        points=points,
        activities=activities,
        matching=matching,
        booking=booking,
        mediation=mediation,
        survey=survey,
        coverage=coverage,
        standards=standards,
        opinion=opinion,
        awards=awards,
        workers=workers,
        appraisal=appraisal,
        rectification=rectification,
        ranking=ranking,
        sanctions=sanctions,
        care=care,
        holidays=holidays,
        hours=hours,
        return_reasons=return_reasons,
        rating_reasons=rating_reasons,
        menus=menus,
        templates=templates,
        zone=zone,
        address=address,
        secret=secret,
    )
