"""Words: how people in this city say what the bot's choices are called, by words.toml."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from handlers.kit.city.fact import Fact
from handlers.kit.stems import words


@lru_cache(8192)
def _sayable(phrase: str) -> str:
    """A phrase that can stand in a sentence as it is read; raises ValueError for others."""
    said = phrase.removesuffix("*").lower().replace("'", "").replace("-", " ").split()
    if not said or [word.replace("'", "") for word in words(" ".join(said))] != said:
        raise ValueError("never stands in a sentence: write words of letters and digits, with spaces between them")
    return phrase


# A word or phrase as people write it, singular or plural; plow* is every word that begins so.
Phrase = Annotated[str, Field(max_length=60, pattern=r"^[^*]{2,}\*?$"), AfterValidator(_sayable)]
Phrases = tuple[Phrase, ...]
Kind = Literal["complaint", "question", "request", "idea", "praise"]


def _said(phrases: str) -> Phrases:
    """The words and phrases between the commas."""
    return tuple(" ".join(phrase.split()) for phrase in phrases.split(","))


DANGER = _said(
    """
    fire, burning, burns, burned, burnt, flames, ablaze, smoke, smoking, flood*, gas, shooting, shooter, shot,
    gunshot*, gunfire, gunman, emergency, emergencies, explo*, blew up, blast, collaps*, caved in, cave in,
    caving in, gave way, spill, chemical*, toxic, bomb*, evacuat*, injured, hostage, drown*, unconscious,
    not breathing, bleeding, stabb*, armed, electrocut*, trapped, live wire, downed wire, overdose*, 911,
    isnt breathing, cant breathe, stopped breathing, went under, going under, pinned, knife, jumper,
    heart attack, sparking, ambulance, carbon monoxide, downed line, line down, unresponsive, passed out,
    choking, blaze, help us, gun, pistol, rifle, firing, weapon, fell through, screaming for, are screaming,
    vapor, fumes, swept down, swept away, being swept, still inside, baby inside, people inside,
    sinkhole opened, are floating, over its banks, need police, send police, pole snapped, wire down,
    wall came down, roof came down, ceiling came down, drifting toward, jump off, going to jump, thru the ice,
    through the ice, hasnt come up, under the ice, car overturned, truck overturned, tanker overturned,
    bus overturned, leap off, trapped underneath, folks underneath, people underneath, threatening to jump,
    threatening to leap, threatening to kill, threatening riders, on the ledge, over the sandbags,
    wall just came down, roof just came down, please hurry someone, just came down, main burst, main broke,
    burst main, car accident, car crash, crashed into, fell on a car, fell on a house, hit by a car, run over,
    wildfire*, housefire*, in the river and cant, cant swim, man with a gun
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
        compliment*, super helpful, so helpful, very helpful, well done, nice job, good job, good work,
        best thing, loves, nice letter, hats off, five stars, shoutout, thrilled, beaming, enough good things,
        only good things, pleased as, much appreciated, sorted it, a pleasure, outstanding, bravo, proud of,
        saved the day, smoothly, prettiest, best ever, so nice, did a great, love the, loved, loving, love how,
        gorgeous, beautiful*, delighted, happy about, happy that, made my day, made her day, made his day,
        made their day, keep it up, terrific, superb, polite, courteous, patient with, above and beyond,
        went out of his way, went out of her way, went out of their way, a joy, tip of the hat, big thanks,
        many thanks, special thanks, say thanks, thank the, thanks to the, thanks to our, thank you to,
        thank you letter, thank you card, thank you note, thx for, raves, raving, raved, looks great,
        looks amazing, looks fantastic, never looked better, looks better than, so fast, so quickly, so quick,
        enjoyed, enjoys, enjoying, grateful for, cheerful, spotless, sparkling, cleanest, nicest, kindest,
        pass it on, pass on to, pass along, commend*, gushed, adored, is an angel, are angels, thank you,
        say thx, thx, how kind, heroes, a hero, lifesaver, keep them coming, job well done, heartwarming,
        breathtaking, heaven, pure magic, hugs, restored my faith, hand it to, best part, so patient, bless,
        brilliant, marvelous, stunning, splendid, top notch, first rate, stellar, delight*, charming,
        considerate, thoughtful, generous, a gem, rock star*, superstar*, lifesavers, immaculate, pristine,
        made my week, adore, looks superb, magical, couldnt be nicer, could not be nicer, nicely done,
        a credit to, best hour, best day, best in, best of, so sweet, very professional, so professional,
        is a treasure, are a treasure, very proud of
        """
    ),
    "complaint": _said(
        """
        complain*, angry, furious, upset, fed up, annoyed, unacceptable, disgrace*, grumbling, grip*,
        sick of it, livid, outrage*, ridiculous, rant*, not happy, unhappy, isnt happy, arent happy,
        not impressed, unimpressed, no thanks to, not friendly, unfriendly, not great, not pleased, displeased,
        disappointed, disappointing, frustrat*, had it with, tired of, sick and tired, not helpful, unhelpful,
        not very, filthy, reeks, eyesore, you people need
        """
    ),
    "idea": _said(
        """
        idea, suggest*, propos*, recommend*, how about, what about a, why not, why dont we, would be nice,
        would be good, would be great, would help if, should have a, should show, city should, we should,
        could we not, we could, consider*, maybe, pitches, let people, let folks, let us, wouldnt it,
        love to see, float*, reckon*, brainstorm*, if we took, if we had, why dont you, instead of the,
        might be smart, suggestion*, how bout, why cant we, would be cool, be cool if, be neat, be great if,
        be nice if, be good if, could put, could add, could offer, could also, thinks we,
        thinks the city should, think we should, think the city should, should add, should put in, should get,
        should offer, should try, should start, ought to, wouldnt it be, how great would, other cities,
        like other towns, other towns, why doesnt the city, turn it into, turn the, make it a, pitching,
        pitched, proposal, with a thought, would be fun, volunteers to, we need a city, designate, brought up,
        came up with, might we, how come we dont, instead of a, instead of paper, would be a hit, like other,
        swapping, proposes, be a hit, would save, would let, would make, dimming, thought from
        """
    ),
    "request": _said(
        """
        request*, please, pls, plz, would like, would love, asking for, asked for, asks for, ask us to,
        asks us to, asked us to, asking us to, can we, can the, can you, can somebody, can someone, can they,
        could we, could the, could you, could somebody, could someone, is it possible to get, call back,
        callback, wants a, wants an, wants the, wants their, wants his, wants her, wants us, wants to pay,
        wants to get, want a, want an, want the, want their, needs a, needs to be, needs paint*, needs new,
        needs someone, need someone, have someone, kindly, hoping for, hoping we, begging us, begs us,
        would appreciate, requested, if possible, asap, needs his, needs its, needs it, needs their,
        asked us for, get someone to, send someone, send somebody, pickup for, copy of, want us to, could an,
        could a, would you, asks us, wants us to, wants someone, would like to have, could use a,
        could use some, need more, needs more, need another, needs another, requesting, looking for a copy,
        hoping to get, hopes to get, hopes for, to be added, to be moved, to be sent, sent to her, sent to him,
        mail him, mail her, send him, send her, send them, send me, drop off a, apply for, sign him up,
        sign her up, sign me up, wants to sign up, wants to book, wants to rent, wants to reserve,
        wants to apply, wants to register, wants to renew, wants to borrow, petition*, begged,
        asked whether wed, asked whether we could, asks whether a, shed like, hed like, theyd like, would want,
        lines painted, came for a, came to the desk for, for a second, asking to pay, asking to get,
        asking to have, begs for, requires a, wishes to, seeks, seeking, wanting, begging for, needs somebody,
        asks if we could, asks if volunteers, needs two, volunteers could, honored if, would be honored
        """
    ),
    "question": _said(
        """
        question*, wants to know, want to know, wanted to know, would like to know, asks about, asked about,
        asking about, asks when, asks what, asks how, asks if, asks whether, asks where, asks which, asks who,
        asks why, asked when, asked what, asked how, asked if, asked whether, asked where, asked which,
        asked who, asked why, asking when, asking what, asking if, asking how, asking where, asking whether,
        wonder*, inquir*, curious, not sure if, does one, isnt sure, is not sure, unsure, any word, any news,
        trying to find out, find out where, find out when, find out how, inquiring, do they, how late,
        how long, how much, how many, what time, what are the, which day, which weekday, has to know, clueless,
        does he need, does she need, do i need, do we need, do they need, do you need, asks by, asked by email,
        want to find out, wants to find out, trying to figure out, wants to understand, when does, when do,
        when is, when are, where is, where are, where can, where do, where does, who is, who do, who does,
        is there a, is there any, are there any, can he, can she, can people, may i, may he, may she,
        if the library, how do, how can, how does, how to, how often, what days, what hours, whats the,
        what is the, which form, what form, whos in charge, who handles, which office, has a question,
        had a question, have a question, got a question, not clear, confused about, whether the, whether she,
        whether he, whether they, what happens if, am i allowed, is it allowed, are we allowed, is it ok,
        is it okay, is it legal, needs to know, asks on, asked on, asked at, has to pull, how he can,
        how she can, how they can, how we can, how one, which days, whats the deposit, what is the deposit,
        officiates, or not, boil anything
        """
    ),
}
WAYS: Mapping[str, Phrases] = {
    "phone": _said(
        """
        phoned, phoning, phones in, by phone, on the phone, over the phone, telephoned, telephone, called,
        called in, caller, calls, calling, call from, phone call, call came in, on the line, rang, voicemail,
        left a message, hotline, switchboard, dialed, dialed in, line 2, line 1, answering machine,
        the machine, buzzed, rang up, 311, got thru, phone tip, calling in, on hold, ringing, phones,
        phoned in, phones to, rang to, on line, by telephone, called us, called to, called about, calls to say,
        tipped us off by phone, third call, second call, woman on the line, man on the line, by cell
        """
    ),
    "counter": _said(
        """
        counter, front desk, the desk, service window, reception, lobby, came in, came by the, comes in,
        walked in, walk in, stopped by, dropped by, dropped in, came to the office, came to city hall,
        in person, in the office, showed up, stood in front of me, visitor, window, popped in, stopped in,
        standing here, standing right here, at my desk, handed in, in my office, came up to me, walk up,
        at my window, at the window, came to report, came to my, came to the desk, burst in, ran in,
        dropped off, came by with, told me at, stopped at my, stopped by my, stood at, at the desk,
        at reception, by my desk
        """
    ),
    "mail": _said(
        """
        mail, by mail, mailed, email*, letter, wrote us, wrote to us, wrote in, postcard, envelope, inbox,
        by post, in the post, todays post, the post, postal, handwritten, note in, card in, pages by,
        wrote that, writes that, card arrived, mailed us, sent a card, note in the mail, sent us a card,
        sent in a letter, thank you card, 2 emails, e mail, an email
        """
    ),
    "web": _said(
        """
        web form, webform, online form, online request, website, web site, web, portal, contact form, our site,
        online report, contact page, homepage form, web request, via the site, through our site, web ticket,
        seeclickfix, the app, web msg, the site, thru site, web complaint, through the app, online complaint,
        filed online, via the app, in the app, reported online, submitted online, suggestion form
        """
    ),
    "social media": _said(
        """
        facebook, twitter, tweet*, instagram, nextdoor, tiktok, reddit, social media, fb, insta, posted on,
        post on, commented on, comment on our, dm, hashtag, linkedin, dmed, dms, bluesky, mastodon, snapchat,
        neighborhood group, posts in, on threads, viral, youtube, livestream chat, tagged us, our page,
        replies under, under our post, our post, tweeted, dm us, story on, group chat, posted in, messenger,
        whatsapp, under our tweet, dmd
        """
    ),
}


IDIOMS = _said(
    """
    waste of money, waste of time, waste of space, waste my time, wasting, park the, park her, park his,
    park my, park our, park their, park there, park here, can park, to park, parked, parking lot,
    parking space, bill of rights, in line, slide in, by the book, turn over a new leaf, tree lighting,
    in the long run, throw the book, water under the bridge, the water office, light of, in light, bus tour,
    tip of the iceberg, came in through, came in thru, came in via, came in by, came in from, came in on,
    came in under, came in over, came in first, at the window sill, mail carrier, letter carrier, mailman,
    mailbox, post office, out the window, in the window, the windows, window sill, job posted, posted around,
    apply online, permits online, pay online, waste of electricity, waste of energy, go to waste, phone number,
    phone numbers, telephone number, mail address, e mail address, email address
    """
)


class WordFacts(Fact):
    """What people say for the bot's choices, by the choice. ``danger`` puts the crisis team first whatever else is
    understood, ``risk`` tells that a sentence is about what could happen, ``landmarks`` are the places that everybody
    in town knows by name. ``kinds``, ``ways``, ``categories`` and ``endings`` are of feedback; ``idioms`` mean none
    of the categories and ways, whatever their words mean."""

    danger: Annotated[Phrases, Field(min_length=1)] = DANGER
    risk: Phrases = RISK
    landmarks: Phrases = ()
    kinds: Mapping[Kind, Phrases] = KINDS
    ways: Mapping[str, Phrases] = WAYS
    categories: Mapping[str, Phrases] = {}
    idioms: Phrases = IDIOMS
    endings: Mapping[str, Phrases] = {}
    risk_categories: Mapping[str, Phrases] = {}
