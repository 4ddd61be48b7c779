"""Words: how people in this city say what the bot's choices are called, by words.toml."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from handlers.kit.city.fact import Fact

# A word or phrase as people write it, singular or plural; plow* is every word that begins so.
Phrase = Annotated[str, Field(max_length=60, pattern=r"^[^*]{2,}\*?$")]
Phrases = tuple[Phrase, ...]
Kind = Literal["complaint", "question", "request", "idea", "praise"]


def _said(phrases: str) -> Phrases:
    """The words and phrases between the commas."""
    return tuple(" ".join(phrase.split()) for phrase in phrases.split(","))


DANGER = _said(
    """
    fire, on fire, burning, burns, burned, burnt, flames, ablaze, smoke, smoking, flood*, gas, shooting,
    shooter, shot, gunshot*, gunfire, gunman, emergency, emergencies, explo*, blew up, blast, collaps*, caved
    in, cave in, caving in, gave way, spill, chemical*, toxic, bomb*, evacuat*, injured, hostage, drown*,
    unconscious, not breathing, bleeding, stabb*, armed, electrocut*, trapped, live wire, downed wire, power
    line down, overdose*, 911
    """
)
RISK = _said(
    """
    risk, risky, might, may, could fall, could give, could blow, could leave, could lose, what if, worried,
    worry, afraid, in case, matter of time, over budget, nobody is trained, retires, retiring, retirement,
    if it, if we, if the, if he, if she, if they, losing, we will lose, getting worse
    """
)
KINDS: Mapping[Kind, Phrases] = {
    "praise": _said(
        """
        thank you for, thanks for the, to thank, say thank*, says thank*, said thank*, thanking, thankful,
        grateful, appreciat*, prais*, so kind, was kind, very kind, lovely, wonderful, great, awesome,
        excellent, fantastic, amazing, kudos, shout out, impressed, pleased with, happy with, friendly,
        compliment*, super helpful, so helpful, very helpful, well done, nice job, good job, good work, best
        thing, loves, nice letter, hats off, five stars, shoutout, thrilled, beaming, enough good things,
        only good things, pleased as, much appreciated, sorted it, a pleasure, outstanding, bravo, proud of,
        saved the day, smoothly
        """
    ),
    "complaint": _said(
        """
        complain*, angry, furious, upset, fed up, annoyed, unacceptable, disgrace*, grumbling, grip*, sick
        of it, livid, outrage*, ridiculous, rant*
        """
    ),
    "idea": _said(
        """
        idea, suggest*, propos*, recommend*, how about, what about a, why not, why dont we, would be nice,
        would be good, would be great, would help if, should have a, should show, city should, we should,
        could we not, we could, consider*, maybe, pitches, let people, let folks, let us, wouldnt it, love
        to see, float*, reckon*, brainstorm*, if we took, if we had, why dont you, instead of the, might be
        smart
        """
    ),
    "request": _said(
        """
        request*, please, pls, plz, would like, would love, asking for, asked for, asks for, ask us to, asks
        us to, asked us to, asking us to, can we, can the, can you, can somebody, can someone, can they,
        could we, could the, could you, could somebody, could someone, is it possible to get, call back,
        callback, wants a, wants an, wants the, wants their, wants his, wants her, wants us, wants to pay,
        wants to get, want a, want an, want the, want their, needs a, needs to be, needs paint*, needs new,
        needs someone, need someone, have someone, kindly, needed, hoping for, hoping we, begging us, begs
        us, would appreciate, requested, if possible, asap, needs his, needs its, needs it, needs their,
        asked us for, get someone to, send someone, send somebody, pickup for, copy of, want us to
        """
    ),
    "question": _said(
        """
        question*, wants to know, want to know, wanted to know, would like to know, asks about, asked about,
        asking about, asks when, asks what, asks how, asks if, asks whether, asks where, asks which, asks
        who, asks why, asked when, asked what, asked how, asked if, asked whether, asked where, asked which,
        asked who, asked why, asking when, asking what, asking if, asking how, asking where, asking whether,
        wonder*, inquir*, curious, not sure if, does one, isnt sure, is not sure, unsure, any word, any
        news, trying to find out, find out where, find out when, find out how, inquiring, do they, how late,
        how long, how much, how many, what time, what are the, which day, which weekday, has to know,
        clueless
        """
    ),
}
WAYS: Mapping[str, Phrases] = {
    "phone": _said(
        """
        phoned, phoning, phones in, by phone, on the phone, over the phone, telephoned, telephone, called,
        called in, caller, calls, calling, call from, phone call, call came in, on the line, rang,
        voicemail, left a message, hotline, switchboard, dialed, dialed in, line 2, line 1, answering
        machine, the machine, buzzed, rang up, 311, got thru, phone tip, calling in, on hold, ringing
        """
    ),
    "counter": _said(
        """
        counter, front desk, the desk, service window, reception, lobby, came in, came by the, comes in,
        walked in, walk in, stopped by, dropped by, dropped in, came to the office, came to city hall, in
        person, in the office, showed up, stood in front of me, visitor, window, popped in, stopped in,
        standing here, standing right here, at my desk, handed in, in my office, came up to me, walk up
        """
    ),
    "mail": _said(
        """
        mail, by mail, mailed, email*, letter, wrote us, wrote to us, wrote in, postcard, envelope, inbox,
        by post, in the post, todays post, the post, postal, handwritten, note in, card in, pages by
        """
    ),
    "web": _said(
        """
        web form, webform, online form, online request, website, web site, web, portal, contact form, our
        site, online report, contact page, homepage form, web request, via the site, through our site, web
        ticket, seeclickfix
        """
    ),
    "social media": _said(
        """
        facebook, twitter, tweet*, instagram, nextdoor, tiktok, reddit, social media, fb, insta, posted on,
        post on, commented on, comment on our, dm, hashtag, linkedin, dmed, dms, bluesky, mastodon,
        snapchat, neighborhood group, posts in, on threads, viral, youtube, livestream chat, tagged us, our
        page
        """
    ),
}


class WordFacts(Fact):
    """What people say for the bot's choices, by the choice. ``danger`` puts the crisis team first whatever else is
    understood, ``risk`` tells that a sentence is about what could happen, ``landmarks`` are the places that everybody
    in town knows by name. ``kinds``, ``ways``, ``categories`` and ``endings`` are of feedback."""

    danger: Annotated[Phrases, Field(min_length=1)] = DANGER
    risk: Phrases = RISK
    landmarks: Phrases = ()
    kinds: Mapping[Kind, Phrases] = KINDS
    ways: Mapping[str, Phrases] = WAYS
    categories: Mapping[str, Phrases] = {}
    endings: Mapping[str, Phrases] = {}
    risk_categories: Mapping[str, Phrases] = {}
