"""What the law and good practice ask of a general meeting and of asking tenants: a preview, and not legal advice.

The texts are paraphrased. A rule with a source was read there, in a public text about the law; one without a source is
what is generally said, and a page marks it as not verified.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ecoop.language import gettext, mark


@dataclass(frozen=True, slots=True, kw_only=True)
class LawRule:
    """One rule in plain words (a sentence still to be translated), where it stands, and where it was read."""

    subject: str
    article: str
    text: str
    source: str = ""

    @property
    def verified(self) -> bool:
        """Whether somebody read it in a source that anybody can open."""
        return self.source != ""


SUBJECTS: Mapping[str, str] = {
    "meeting": mark("Rules of the general meeting"),
    "consent": mark("Rules for the consent of tenants"),
}
"""What the rules are about."""

# fmt: off
LAW = (
    LawRule(
        subject="meeting", article=mark("art. 2:53a BW"),
        text=mark("The rules for associations in Book 2 of the Civil Code also hold for a cooperative, where the law "
                  "says nothing else."),
        source="https://www.notariaatonline.nl/handboek-ondernemingsrecht/"
               "oprichting-verenigingen-cooperaties-en-onderlinge-waarborgmaatschappijen/4-12/",
    ),
    LawRule(
        subject="meeting", article=mark("art. 2:38 (1-2) BW"),
        text=mark("Every member who is not suspended may come in and has at least one vote. A suspended member may "
                  "come and speak about the own suspension."),
        source="https://verenigingsrechtblog.nl/category/nietig-vernietigbaar",
    ),
    LawRule(
        subject="meeting", article=mark("art. 2:38 (1) BW"),
        text=mark("Only the statutes can give a member more than one vote."),
    ),
    LawRule(
        subject="meeting", article=mark("art. 2:38 (4-5) BW"),
        text=mark("A member may give a written proxy to somebody else who is entitled to vote, unless the statutes "
                  "say otherwise. Recorded electronically counts as written."),
        source="https://wetenschap.infonu.nl/recht-en-wet/164087-stemmen-per-volmacht-in-een-vereniging.html",
    ),
    LawRule(
        subject="meeting", article="",
        text=mark("How many proxies one person may hold stands in the statutes only; two is usual."),
    ),
    LawRule(
        subject="meeting", article=mark("art. 2:38 (6-9) BW"),
        text=mark("Taking part or voting electronically is possible only if the statutes allow it. It must be clear "
                  "who the member is, and the member must be able to follow the meeting and to vote."),
        source="https://blog.iusmentis.com/2015/01/26/mag-je-per-e-mail-stemmen-op-de-algemene-ledenvergadering/",
    ),
    LawRule(
        subject="meeting", article=mark("art. 2:38 (8) BW"),
        text=mark("Votes cast electronically beforehand count only if the statutes say so, and not if they were cast "
                  "more than thirty days before. The law knows no votes after the meeting."),
        source="https://blog.iusmentis.com/2015/01/26/mag-je-per-e-mail-stemmen-op-de-algemene-ledenvergadering/",
    ),
    LawRule(
        subject="meeting", article=mark("art. 2:40 (2) BW"),
        text=mark("Deciding without a meeting is possible only if all members agree with the decision and the board "
                  "knew of it beforehand."),
    ),
    LawRule(
        subject="meeting", article=mark("art. 2:41 BW"),
        text=mark("The board calls the meeting. Members with a tenth of the votes may demand one within four weeks; "
                  "if nothing happens in two weeks they call it themselves. By e-mail is possible to a member who "
                  "gave an address for it."),
        source="https://www.wetboekplus.nl/burgerlijk-wetboek-boek-2-artikel-41/",
    ),
    LawRule(
        subject="meeting", article=mark("art. 2:42 BW"),
        text=mark("The statutes can be changed only in a meeting that was announced for it, at least seven days "
                  "ahead. The exact text must be open for members to read from five days before until the end of "
                  "that day."),
        source="https://www.viajuridica.nl/informatiesoorten/wetstoelichtingen/"
               "statutenwijziging-vereniging-art-2-42-en-2-43-bw",
    ),
    LawRule(
        subject="meeting", article=mark("art. 2:42 BW"),
        text=mark("If all members are present or represented and all agree, the statutes can be changed without that "
                  "announcement."),
    ),
    LawRule(
        subject="meeting", article=mark("art. 2:43 BW"),
        text=mark("A change of the statutes needs two thirds of the votes cast, unless the statutes ask something "
                  "else, and counts only after the notary's deed."),
        source="https://wetboekplus.nl/burgerlijk-wetboek-boek-2-artikel-43-bevoegdheid-tot-wijziging/",
    ),
    LawRule(
        subject="meeting", article=mark("art. 2:24d BW"),
        text=mark("Members who cannot vote are left out when you count how many are present or represented."),
    ),
    LawRule(
        subject="meeting", article=mark("art. 2:13 BW"),
        text=mark("What the chair says about the result decides. Who doubts it says so at once; then there may be a "
                  "new vote, and the new vote replaces the first."),
        source="https://wetboekplus.nl/burgerlijk-wetboek-boek-2-artikel-13-nietigheid-stem/",
    ),
    LawRule(
        subject="meeting", article=mark("art. 2:14 and 2:15 BW"),
        text=mark("A decision against the law or the statutes may be void or may be undone by a court. The right to "
                  "ask a court ends a year after the decision became known."),
        source="https://wetboekplus.nl/burgerlijk-wetboek-boek-2-artikel-14-nietigheid-besluit/",
    ),
    LawRule(
        subject="meeting", article="",
        text=mark("Blank votes and abstentions are not votes cast, so they do not count for a majority; a court said "
                  "so about an owners' association."),
        source="https://rijssenbeek.nl/kennisbank/blanco-stemmen-en-stemonthoudingen-in-de-vve/",
    ),
    LawRule(
        subject="meeting", article="",
        text=mark("Usual in statutes: a tie about a matter means rejected; about persons there is a second round "
                  "between the first two, and then a lot."),
        source="https://www.trmc.nl/hoofdstuk-18-besluitvorming-van-de-algemene-vergadering/",
    ),
    LawRule(
        subject="meeting", article="",
        text=mark("The law asks no quorum of an association. The statutes may, and may say that a second meeting can "
                  "do without."),
    ),
    LawRule(
        subject="meeting", article=mark("art. 2:44 (6) BW"),
        text=mark("Whoever on the board has an own interest in a matter that conflicts stays out of the board's talk "
                  "and decision. In the general meeting that person keeps the vote of a member."),
        source="https://www.verenigingen.nl/tegenstrijdig-belang/",
    ),
    LawRule(
        subject="meeting", article="",
        text=mark("After a contested vote keep the attendance list, the proxies, the ballots and the statements of "
                  "three tellers."),
        source="https://www.verenigingsrechtblog.nl/category/uncategorized/page/2",
    ),
    LawRule(
        subject="meeting", article="",
        text=mark("A vote by e-mail failed in court: not everybody was invited, it was not clear who voted, and not "
                  "who counted and checked."),
        source="https://www.verenigingsrechtblog.nl/category/214-bw",
    ),
    LawRule(
        subject="meeting", article=mark("bill 36 489"),
        text=mark("A bill would allow a meeting that is wholly digital. Whether and when it becomes law has not been "
                  "checked."),
    ),
    LawRule(
        subject="consent", article=mark("art. 7:220 (2) BW"),
        text=mark("A landlord who wants to renovate and keep the tenants must make a reasonable proposal in writing."),
        source="https://deeplink.rechtspraak.nl/uitspraak?id=ECLI:NL:PHR:2023:340",
    ),
    LawRule(
        subject="consent", article=mark("art. 7:220 (3) BW"),
        text=mark("For ten or more dwellings that form one whole: if 70% or more of the tenants agree, the proposal "
                  "is presumed reasonable for all."),
        source="https://huurgeschil.nl/tag/redelijkheid-van-het-voorstel/",
    ),
    LawRule(
        subject="consent", article=mark("art. 7:220 (3) BW"),
        text=mark("That business premises count as well in such a whole is what some say."),
    ),
    LawRule(
        subject="consent", article=mark("art. 7:220 (3) BW"),
        text=mark("A tenant who did not agree has eight weeks to go to court, counted from the landlord's letter to "
                  "that tenant that 70% was reached. After that the tenant is taken to agree."),
        source="https://www.woonbond.nl/sloop-en-renovatie/renovatie/70-procent-regeling",
    ),
    LawRule(
        subject="consent", article=mark("court of appeal, AV8247"),
        text=mark("The letter must go to each tenant, say that 70% was reached and name the eight weeks. A court "
                  "sided with a tenant who was not told well; another judge decided otherwise."),
        source="https://huurgeschil.nl/tag/redelijkheid-van-het-voorstel/",
    ),
    LawRule(
        subject="consent", article=mark("ECLI:NL:RBNHO:2022:6413"),
        text=mark("Presumed is not proven: a tenant may still show in court that the proposal is not reasonable."),
        source="https://deeplink.rechtspraak.nl/uitspraak?id=ECLI:NL:RBNHO:2022:6413",
    ),
    LawRule(
        subject="consent", article=mark("ECLI:NL:RBROT:2018:1726"),
        text=mark("With less than 70% the landlord may still prove in court that the proposal is reasonable."),
        source="https://deeplink.rechtspraak.nl/uitspraak?id=ECLI:NL:RBROT:2018:1726",
    ),
    LawRule(
        subject="consent", article="",
        text=mark("With fewer than ten dwellings nothing is presumed, and it is for the landlord to go to court."),
        source="https://huurgeschil.nl/tag/redelijke-voorstel/",
    ),
    LawRule(
        subject="consent", article="",
        text=mark("Make the offer on the condition that 70% is reached; otherwise everybody who agreed holds you to "
                  "it."),
        source="https://huurgeschil.nl/"
               "renovatie-van-gehuurde-ruimten-complexgewijze-renovatie-met-voortzetting-van-de-huurovereenkomst/",
    ),
    LawRule(
        subject="consent", article="",
        text=mark("Who does not answer counts as not agreed. A change of that has been announced; it was not found "
                  "in force."),
        source="https://hp6.nl/discussie-over-meting-draagvlak-bij-renovaties/",
    ),
    LawRule(
        subject="consent", article="",
        text=mark("The plan changes after tenants agreed: a small change asks nothing; one that touches less than "
                  "30% of the homes asks a new letter to them; a larger one asks a new count."),
        source="https://www.vbtm.nl/weblog/redelijk-voorstel-bij-renovatie",
    ),
    LawRule(
        subject="consent", article=mark("ECLI:NL:RBDHA:2017:8432"),
        text=mark("A court treated replacing gas water heaters by delivery sets for heat as renovation, for which a "
                  "reasonable proposal is needed."),
        source="https://deeplink.rechtspraak.nl/uitspraak?id=ECLI:NL:RBDHA:2017:8432",
    ),
    LawRule(
        subject="consent", article=mark("ECLI:NL:HR:2022:61"),
        text=mark("The cost of building such an installation may not simply be a service charge, so the proposal "
                  "must show what it means in money per household."),
        source="https://deeplink.rechtspraak.nl/uitspraak?id=ECLI:NL:HR:2022:61",
    ),
    LawRule(
        subject="consent", article="",
        text=mark("In a mixed building both are needed: 70% of the tenants, and a decision of the owners' "
                  "association."),
        source="https://www.parool.nl/amsterdam/"
               "huurders-en-particuliere-eigenaren-zijn-het-eens-over-groot-verduurzamingsproject-in-zuidoost~bef1bf54/",
    ),
    LawRule(
        subject="consent", article="",
        text=mark("Owners cannot be forced by the 70%."),
        source="https://warmtetransitiemakers.nl/nieuws/bewoners/juridische-houdbaarheid-participatie/",
    ),
    LawRule(
        subject="consent", article="",
        text=mark("The tenants' organisation must be asked for its opinion beforehand."),
        source="https://aedes.nl/verduurzaming/handreiking-warmtenetten-huurdersbetrokkenheid",
    ),
    LawRule(
        subject="consent", article="",
        text=mark("Whether you count contracts or persons when two people rent together, and how temporary contracts "
                  "count, is not certain."),
    ),
    LawRule(
        subject="consent", article="",
        text=mark("Whether a tenant can take back a consent, and what holds for a new tenant who comes between, is "
                  "not certain."),
    ),
)
# fmt: on
"""Every rule, by subject, in the order in which they come up."""


def rules_about(subject: str) -> tuple[LawRule, ...]:
    """The rules about a subject."""
    return tuple(rule for rule in LAW if rule.subject == subject)


def subject_name(subject: str) -> str:
    """What the rules of a subject are about."""
    return gettext(SUBJECTS[subject])
