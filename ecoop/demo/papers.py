"""The papers of the demo and its public page: small real files, the same for the same day."""

import json
from dataclasses import dataclass
from datetime import date, timedelta

from ecoop import language
from ecoop.governance.papers import INSIDE, PUBLIC, PaperKind
from ecoop.governance.roles import Role
from ecoop.services.papers import NewPaper, Upload
from ecoop.services.public_page import PageText

TEMPLATE = b"""
#let paper = json(bytes(sys.inputs.paper))
#set document(title: paper.title, date: none)
#set page(margin: 2.5cm, numbering: "1")
#set text(lang: "nl", size: 11pt)
#set par(justify: false, leading: 0.75em, spacing: 1.2em)
= #paper.title
#for part in paper.parts [
  == #part.at(0)
  #for sentence in part.at(1) [ #par(sentence) ]
]
"""
NAME = "KetelhuisWG"
INVENTED = "Dit stuk hoort bij het voorbeeld en is verzonnen."
LAST_MEETING = timedelta(days=80)
"""So long before the day of the demo the last general meeting was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPaper:
    """A paper with the files of its versions, and how many days before the day of the demo each came in."""

    new: NewPaper
    uploads: tuple[tuple[int, Upload], ...]
    withdrawn: str | None = None


def demo_papers(day: date) -> tuple[DemoPaper, ...]:
    """The papers of KetelhuisWG on the day of the demo, oldest first."""
    with language.speaking(language.Language.DUTCH):
        meeting = language.day(day - LAST_MEETING)
    return (_statutes(), _proposal(), _minutes(meeting), _budget(day.year), _plan())


def _statutes() -> DemoPaper:
    title = "Statuten in het kort (verzonnen voorbeeld)"
    content = _pdf(
        title,
        ("Doel", f"{NAME} levert haar leden warmte, betaalbaar en zonder aardgas, en doet dat zonder winst."),
        ("Leden", "Wie op het terrein woont, huurt of werkt kan lid worden. Elk lid heeft één stem."),
        ("Bestuur", "De ledenvergadering kiest het bestuur en de kascommissie, en stelt de begroting vast."),
        ("Let op", INVENTED + " De echte statuten staan in de akte bij de notaris."),
    )
    new = NewPaper(title=title, kind=PaperKind.STATUTES, readers=(PUBLIC,))
    return DemoPaper(new=new, uploads=((700, Upload(content=content, name="statuten-in-het-kort.pdf")),))


def _proposal() -> DemoPaper:
    text = f"Voorstel: eerst de noordkant aansluiten, dan de zuidkant.\n\n{INVENTED}\n"
    new = NewPaper(title="Volgorde van aansluiten (oud voorstel)", kind=PaperKind.PROPOSAL, readers=(INSIDE,))
    upload = Upload(content=text.encode(), name="volgorde.txt")
    return DemoPaper(new=new, uploads=((400, upload),), withdrawn="Vervangen door het plan van aanpak.")


def _minutes(meeting: str) -> DemoPaper:
    title = f"Notulen ledenvergadering {meeting}"
    parts = (
        (
            "Opening",
            "De voorzitter opent de vergadering om 20.00 uur. Er zijn 61 leden, 14 volmachten zijn ingeleverd.",
        ),
        (
            "Stand van het werk",
            "Het bestuur vertelt waar de leidingen liggen en welk gebouw als volgende aan de beurt is.",
        ),
        ("Begroting", "De begroting is vastgesteld met 71 stemmen voor, 2 tegen en 2 onthoudingen."),
    )
    draft = _pdf(title, *parts, ("Let op", f"Concept. {INVENTED}"))
    adopted = _pdf(title, *parts, ("Rondvraag", "Er zijn geen vragen meer."), ("Let op", INVENTED))
    return DemoPaper(
        new=NewPaper(title=title, kind=PaperKind.MINUTES, readers=(INSIDE,)),
        uploads=(
            (70, Upload(content=draft, name="notulen-concept.pdf", remark="Concept, ter vaststelling")),
            (20, Upload(content=adopted, name="notulen.pdf", remark="Vastgesteld, met de rondvraag erbij")),
        ),
    )


def _budget(year: int) -> DemoPaper:
    rows = ("post;bedrag", "contributie;6200", "zalen en drukwerk;-2400", "verzekering;-1900", "accountant;-1500")
    readers = (Role.AUDIT_COMMITTEE.value,)
    return DemoPaper(
        new=NewPaper(title=f"Begroting vereniging {year}", kind=PaperKind.BUDGET, readers=readers),
        uploads=((60, Upload(content="\r\n".join([*rows, ""]).encode(), name=f"begroting-{year}.csv")),),
    )


def _plan() -> DemoPaper:
    title = "Plan van aanpak voor de aansluitingen"
    content = _pdf(
        title,
        (
            "Per gebouw",
            "Elk gebouw krijgt een eigen planning. De ambassadeur van het gebouw bespreekt die met bewoners.",
        ),
        ("In huis", "Een monteur is één dag in de woning. Wie overdag werkt, kiest een avond of een zaterdag."),
        ("Let op", INVENTED),
    )
    new = NewPaper(title=title, kind=PaperKind.OTHER, readers=(PUBLIC,))
    return DemoPaper(new=new, uploads=((30, Upload(content=content, name="plan-van-aanpak.pdf")),))


def _pdf(title: str, *parts: tuple[str, str]) -> bytes:
    """A small PDF that a screen reader can read too; what is written in it goes in as data."""
    import typst

    told = {"title": title, "parts": [[head, [sentence]] for head, sentence in parts]}
    compiled = typst.compile(TEMPLATE, sys_inputs={"paper": json.dumps(told)}, pdf_standards=["ua-1"])
    return bytes(compiled)


ABOUT_NL = """\
Wij zijn bewoners en ondernemers van het **WG-terrein** in Amsterdam Oud-West. Samen leggen we een warmtenet aan dat
van ons zelf is. De warmte komt in de zomer uit het water van de gracht. We bewaren haar onder de grond en gebruiken
haar in de winter.

## Wat we beloven

- Niet meer dan nu: warmte kost niet meer dan je nu met gas betaalt.
- Zonder aardgas, en zonder winst.
- De leden beslissen: één lid, één stem.

Wil je meedoen, of heb je een vraag? Kom naar het inloopuur in het informatiehuis.
"""
ABOUT_EN = """\
We are residents and businesses of the **WG site** in Amsterdam Oud-West. Together we build a heat network that is our
own. In summer the heat comes from the water of the canal. We keep it underground and use it in winter.

## What we promise

- Not more than now: heat costs no more than you pay for gas today.
- No natural gas, and no profit.
- The members decide: one member, one vote.
"""
CONTACT = "Informatiehuis WG-terrein, post@ketelhuiswg.example.org (voorbeeld)"


def demo_page(paper_ids: frozenset[int], figure_ids: frozenset[int]) -> PageText:
    """What the board of the demo published."""
    return PageText(about_nl=ABOUT_NL, about_en=ABOUT_EN, contact=CONTACT, paper_ids=paper_ids, figure_ids=figure_ids)
