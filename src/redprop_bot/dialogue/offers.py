"""资源 and 服务 offered in chat, and the secretary's yes or no to publishing them."""

import re
from dataclasses import replace

from redprop_bot.dialogue import reporting, tasks
from redprop_bot.dialogue.turn import Turn
from redprop_bot.errors import Refused
from redprop_bot.loop import offers
from redprop_bot.notify import outbox, words
from redprop_bot.registry.register import register
from redprop_bot.rules.telling import Weight
from redprop_bot.store import lists
from redprop_bot.store.tables import Person, Resource, Service
from redprop_bot.store.tx import Tx
from redprop_bot.understand.acts import Act as Heard

_PREFIX = {"resource.offer": "R", "service.offer": "S"}
_ASKS = re.compile(r"(?:请问|问一下|想问|你好|您好|[，,。！! ])*(?:谁|哪[里儿家位个]|有没有|有谁|有什么|有哪)")
_GIVES = re.compile(r"我|咱|需要|想要|要的|免费|联系")  # 谁要轮椅，我家有一台
_LACKS = re.compile(
    r"(?:我们?|俺|咱们?)?(?:家|单位|店|这)?里?(?:也|都|可|真)?(?:不(?:太|怎么)?(?:会|能|懂|擅长)|没有?(?![事人用闲啥什空]))(?!收|要|嫌|不|耽误|问题)"
)
_BUT = re.compile(r"但|不过|可是|只|[，,。].{0,6}(?:会|能|有|可以)")
_BORROWS = re.compile(
    r"(?:请问|[你您]好|[，,。 ])*(?:我们?|俺|咱们?)?(?:可不可以|能不能|可以|能|想)"
    r"(?:再|先|找人|跟你们|向社区|在社区|到社区)?借(?!给|出)[^给]*[吗么？?]"
    r"|(?:请问|问一?下|有没有|大家|[,，。 ])*(?:谁|哪[家位个])[^,，。]{0,4}有(?![^,，。]*(?:需要|困难))"
    r"[^,，。]{1,12}"
    r"(?:借我|借给我|给我(?:们)?用|借一?下|能借|可以借(?!用))"
    r"|(?:我们?家?|家里|老人)(?:想要|要|需要|缺|差)(?:一?[个副张辆床台]|一把)[^,，。给捐送]{1,8}$"
)
_INTENT = {prefix: intent for intent, prefix in _PREFIX.items()}


def offer(turn: Turn, heard: Heard) -> None:
    """Enter it and ask the secretary; who asks for something, or cannot do it, offers nothing."""
    text = (heard.text or turn.inbound.text).strip()
    if _ASKS.match(text) and not _GIVES.search(text):
        tasks.consult(turn, replace(heard, intent="consult"))
        return
    if _LACKS.match(text) and not _BUT.search(text):
        turn.say("offer.nothing_written")
        return
    if _BORROWS.match(text):
        reporting.report(turn, [replace(heard, intent="demand.report", category="convenience", urgency="normal")])
        return
    unit = next((p.organisation_id for p in turn.speaker.posts if p.organisation_id), None)
    estate = turn.register.estate(str(heard.slots.get("estate") or ""))
    entry = offers.enter(
        turn.tx,
        offers.Offer(
            prefix=_PREFIX[heard.intent],
            title=text[:60],
            note=text[:500],
            community_id=estate.community_id if estate else tasks.community_of(turn),
            estate_id=estate.id if estate else turn.speaker.person.estate_id,
            place=str(heard.slots.get("place") or "") or None,
            owner_id=turn.person_id,
            organisation_id=unit,
            owner=turn.register.organisations[unit].name if unit else turn.speaker.name,
        ),
    )
    ask_secretary(turn.tx, entry, by=turn.person_id)
    turn.say(f"done.{heard.intent}", no=entry.no, title=entry.title)


def decide(turn: Turn, no: str, *, publish: bool) -> bool:
    """The secretary's word; the owner is told. Returns whether it was taken."""
    model: type[Resource | Service] = offers.LISTS.get(no[:1], Resource)
    entry = lists.by_no(turn.tx, model, no)  # type: ignore[type-var]
    if entry is None or not keeps(turn, entry):
        turn.say("error.no_offer", no=no)
        return False
    try:
        done = offers.decide(turn.tx, entry, publish=publish)
    except Refused as refusal:
        turn.refuse(refusal)
        return False
    tell_owner(turn.tx, done, but=turn.person_id)
    turn.say("done.publish" if publish else "done.decline", no=no, title=entry.title)
    return True


def keeps(turn: Turn, entry: Resource | Service) -> bool:
    """Whether the speaker decides about an offer: the secretary in charge, or the street."""
    street = any(p.street_id for p in turn.speaker.posts)
    return street or turn.person_id in _asked(turn.tx, entry)


def tell_taken_back(turn: Turn, entry: Resource | Service) -> None:
    """Whoever did not do it hears it: the owner, else the secretaries."""
    own = entry.owner_id == turn.person_id
    message = "offer_taken_back" if own else "offer_taken_down"
    text = turn.tx.content.replies.say(f"tell.{message}", no=entry.no, title=entry.title, who=turn.speaker.name)
    draft = outbox.Draft(key=f"{entry.no}:{entry.status}", message=message, text=text, weight=Weight.PLAIN)
    told = turn.register.secretaries(entry.community_id)
    if not own:
        told = [turn.tx.get(Person, entry.owner_id)] if entry.owner_id is not None else []
    outbox.queue(turn.tx, [(person, draft) for person in told if person.id != turn.person_id])


def _asked(tx: Tx, entry: Resource | Service) -> set[int | None]:
    """Who is asked about it, and so may decide."""
    return {person.id for person in register(tx).secretaries(entry.community_id)}


def ask_secretary(tx: Tx, entry: Resource | Service, *, by: int | None) -> None:
    """Ask the secretaries in charge whether it may be published; never who offered it (`by`)."""
    labels = tx.content.labels
    kind, text = labels.intent[_INTENT[entry.no[0]]], words.quoted(entry.note or entry.title, 200)
    draft = outbox.Draft(
        key=f"{entry.no}:offer",
        message="offer",
        text=tx.content.replies.say("tell.offer", no=entry.no, kind=kind, text=text),
        rows=(("编号", entry.no), ("清单", kind), ("来自", entry.owner or "")),
        quote=text,
        buttons=(
            (f"publish:{entry.no}", labels.button["publish"]),
            (f"decline:{entry.no}", labels.button["decline"]),
        ),
        link=f"{tx.content.address}/console",
        subject="offer",
        subject_id=entry.id,
    )
    told = register(tx).secretaries(entry.community_id)
    outbox.queue(tx, [(person, draft) for person in told if person.id != by])


def tell_owner(tx: Tx, entry: Resource | Service, *, but: int | None) -> None:
    """Tell the owner what was decided, unless they decided it (`but`)."""
    if entry.owner_id is None or entry.owner_id == but:
        return
    message = "offer_published" if entry.status == "published" else "offer_declined"
    text = tx.content.replies.say(f"tell.{message}", no=entry.no, title=entry.title)
    draft = outbox.Draft(key=f"{entry.no}:{entry.status}", message=message, text=text, weight=Weight.PLAIN)
    outbox.queue(tx, [(tx.get(Person, entry.owner_id), draft)])
