"""Every reply has words, and every wording is a reply: keys of the code against `data/replies`."""

import re

from tests.support import source

from redprop_bot.content import Content
from redprop_bot.council.mediation import SIDES
from redprop_bot.dialogue.cards import _ACTS
from redprop_bot.dialogue.outcomes import OUTCOMES
from redprop_bot.rules.flow import Stage
from redprop_bot.rules.mode_telling import MODE_TELLING
from redprop_bot.rules.telling import TELLING

FAMILIES = [
    "order",
    "done",
    "tell",
    "error",
    "ask",
    "progress",
    "consult",
    "welcome",
    "whose",
    "greeting",
    "help",
    "unknown",
    "human",
    "notice",
    "privacy",
    "later",
    "list",
    "stats",
    "event",
    "pairing",
    "booking",
    "near",
    "whistle",
    "mode",
    "wish",
    "visit",
    "shop",
    "thanks",
    "activity",
    "attendance",
    "points",
    "enrol",
    "project",
    "mediate",
]
_KEY = re.compile(rf"(?:{'|'.join(FAMILIES)})\.[a-z_.]+[a-z]")

LATER = {"praise"}


TOLD_OF_ACTIVITIES = {
    "published", "plan", "declined", "lapsed", "moved", "cancelled", "moved_up", "reminder", "thanks", "over",
}  # fmt: skip
ENROLMENT = ("name", "unit", "branch", "skills", "hours", "posts", "consent")

TOLD_OF_WISHES = {
    "published", "refused", "claimed", "released", "delivered", "received_first", "missed", "fulfilled", "closed",
    "withdrawn", "remind", "lapsed",
}  # fmt: skip


TOLD_OF_STANDARDS = {"next", "returned", "passed", "granted", "stopped"}
TOLD_OF_COMMENDATIONS = {"asked", "vote", "stopped", "ended", "won", "not_won", "result"}
TOLD_OF_APPRAISALS = {"asked", "reminded", "published", "held", "appealed", "undecided", "stands", "corrected"}
TOLD_OF_RANKINGS = {"asked", "objected", "stand", "apart", "over", "published", "withdrawn", "settled"}
TOLD_OF_SANCTIONS = {
    "suggested", "opened", "answered", "heard", "dropped", "dropped_here", "listed", "listed_here", "began", "began_here",
    "stepped", "stepped_here", "step", "over", "over_here", "done", "done_here", "stopped", "stopped_here", "lifted",
    "lifted_here",
}  # fmt: skip
TOLD_OF_RECTIFICATIONS = {
    "opened", "reminded", "overdue", "missed", "reported", "check", "more", "undecided", "granted", "refused", "passed",
    "failed", "withdrawn",
}  # fmt: skip


PAPER = ("months", "measure", "owner", "days", "percent", "progress", "line", "source", "planned", "spent")


def _families() -> set[str]:
    """Keys that are put together in the code, spelt out; each family names where it comes from."""
    outcomes = source.returned_by("_outcome", "dialogue") | source.returned_by("_confided", "dialogue")
    assert len(outcomes) >= 6
    return {
        *(f"done.{verb}" for verb in (*_ACTS, "refuse")),  # dialogue.cards
        *(f"done.{offer}" for offer in ("resource.offer", "service.offer")),  # dialogue.offers
        *(f"order.{outcome}" for outcome in outcomes),  # dialogue.reporting
        *(f"order.line.{outcome}" for outcome in outcomes),
        *(f"progress.{stage.value}" for stage in Stage),  # dialogue.residents
        *(f"later.{intent}" for intent in LATER),  # dialogue.tasks
        *(f"done.{what}_own" for what in ("progress", "fulfil", "close")),  # dialogue.providers
        *("tell.offer_published", "tell.offer_declined"),  # dialogue.offers
        *("tell.offer_taken_back", "tell.offer_taken_down"),
        *(f"tell.booking_{what}" for what in ("made", "given_back", "called_off", "soon")),  # volunteers.booking
        *(f"tell.standard_{what}" for what in TOLD_OF_STANDARDS),  # appraise.standard_telling
        *(f"tell.commendation_{what}" for what in TOLD_OF_COMMENDATIONS),  # appraise.commendation_telling
        *("tell.workers_ready", "tell.worker_assessed", "tell.worker_answered"),  # appraise.worker_telling
        *(f"tell.appraisal_{what}" for what in TOLD_OF_APPRAISALS),  # appraise.appraisal_telling
        *(f"tell.rectification_{what}" for what in TOLD_OF_RECTIFICATIONS),  # appraise.rectification_telling
        *(f"tell.ranking_{what}" for what in TOLD_OF_RANKINGS),  # appraise.ranking_telling
        *(f"tell.sanction_{what}" for what in TOLD_OF_SANCTIONS),  # appraise.sanction_telling
        *("tell.talk_proposed", "tell.talk_held"),  # appraise.rectification_telling
        *("tell.pairing_help", "tell.pairing_thing"),  # volunteers.pairing_telling
        *(f"pairing.part.{code}" for code in _OF_A_SCORE),  # volunteers.pairing_telling
        *(f"pairing.state.{state}" for state in ("seeking", "paired", "none", "ended")),  # dialogue.matched
        *(f"pairing.asked_state.{state}" for state in ("waiting", "silent", "yes", "no", "void")),
        *(f"wish.tell.{what}" for what in TOLD_OF_WISHES),  # volunteers.wish_telling
        *(f"shop.tell.{what}" for what in ("lapsed", "picked", "cancelled")),  # volunteers.shop_clock
        *(f"tell.activity_{what}" for what in TOLD_OF_ACTIVITIES),  # volunteers.activity_telling
        *(f"activity.state_{state}" for state in ("going", "waiting")),  # dialogue.organising
        *(f"enrol.ask_{step}" for step in ENROLMENT),  # dialogue.enrolling
        *("tell.enrol_code", "tell.enrol_code_self"),  # dialogue.enrolling
        *(f"tell.points_{what}" for what in ("back", "again", "spent")),  # volunteers.word_of_others
        "error.attendance_code",  # volunteers.attendance
        *(
            f"error.mediator_{why}" for why in source.returned_by("conflict", "council") if why
        ),  # council.mediation
        *(f"mediate.paper.{one}" for one in (*SIDES, "who", "when", "how")),  # council.agreement
        *(f"project.paper.{head}" for head in PAPER),  # council.project_paper
        *(f"tell.{row.message}" for rows in (*TELLING.values(), *MODE_TELLING.values()) for row in rows),  # notify
    }


_OF_A_SCORE = {
    "skill_word", "skill_kind", "skill_pairs", "skill_none", "place_same", "place_km", "place_unknown", "time_unsaid",
    "time_meets", "time_misses", "load_none", "load", "turn_never", "turn_today", "turn_days",
}  # fmt: skip


def _said() -> set[str]:
    """Keys that stand in the code as they are; intents look like keys, and so do names of files."""
    found = {text for text in source.constants() if _KEY.fullmatch(text)}
    return {
        text
        for text in found
        if text not in OUTCOMES and not text.endswith((".html", ".js", ".css", ".json", ".id"))
    }


def _refusals(*rooms: str) -> set[str]:
    """Codes that steps and chat refuse with; a field that is wrong gives its own name as the code."""
    raised = source.first_arguments({"Conflict", "Invalid", "NotFound", "Forbidden"}, *rooms)
    windows = {"rate_window", "reopen_window"}
    fields = {"intent", "category", "urgency", "building", "unit", "room", "place"}
    return {f"error.{code}" for code in raised | windows | fields}


def test_every_key_that_is_said_has_words(content: Content) -> None:
    """A missing key would be a failed message in front of a person."""
    wanted = _said() | _families()
    assert {key for key in wanted if key not in content.replies} == set()


def test_every_refusal_of_the_loop_has_words(content: Content) -> None:
    """The general sentence is for what the API alone can ask."""
    only_api = {"error.unknown_field", "error.missing"}
    assert {
        key
        for key in _refusals("loop", "dialogue", "rules", "volunteers", "council")
        if key not in content.replies
    } - only_api == set()


def test_every_wording_is_said_somewhere(content: Content) -> None:
    """Words that nobody can hear mislead whoever edits them."""
    used = _said() | _families() | _refusals() | {f"error.{code}" for code in source.constants("web")}
    used |= {f"tell.{message}" for message in source.constants("council")}  # each occasion is a function there
    mine = {key for key in content.replies.templates if key.split(".")[0] in FAMILIES}
    assert mine - used - {"error.refused"} == set()


def test_the_families_are_all_that_is_put_together() -> None:
    """A new f-string of a key needs a line above, else its keys are not checked."""
    built = {
        p
        for p in source.prefixes("dialogue", "notify")
        if p.endswith(".") and p.rstrip(".").split(".")[0] in FAMILIES
    }
    spoken = {"done.", "order.", "order.line.", "progress.", "later.", "tell.", "error."}
    assert built == spoken | {"pairing.state.", "pairing.asked_state."}
