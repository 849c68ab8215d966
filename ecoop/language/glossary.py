"""The glossary, binding for who writes for ecoop and for who works on the code: Dutch, English, name in the code.

Dutch law and Dutch practice come first; the English word is what an English page says. The meaning of each term is a
sentence that the catalogue translates. Some terms have a place in the code already; a test finds it there.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from ecoop.language import Language, current, gettext, mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One entry: words that are explained together, in the order in which both languages give them.

    `codes` are the names that the code uses; `place` says where the code has them today ("module:name"), "" where
    it has not yet. `meaning` is a sentence still to be translated.
    """

    group: str
    dutch: tuple[str, ...]
    english: tuple[str, ...]
    codes: tuple[str, ...]
    meaning: str
    place: str = ""

    @property
    def anchor(self) -> str:
        """What an address says behind `#` to point at this term; the same in both languages."""
        return "term-" + self.codes[0].replace("_", "-").replace(".", "-")

    @property
    def own_words(self) -> tuple[str, ...]:
        """The words in the language of the moment."""
        return self.dutch if current() is Language.DUTCH else self.english

    @property
    def other_words(self) -> tuple[str, ...]:
        """The words in the other language."""
        return self.english if current() is Language.DUTCH else self.dutch


GROUPS: Mapping[str, str] = {
    "members": mark("Members and organisation"),
    "meeting": mark("The general meeting"),
    "consent": mark("Buildings and the consent of tenants"),
    "heat": mark("Heat and connections"),
    "money": mark("Money and tariff"),
    "phases": mark("Grants and phases"),
    "umbrella": mark("The umbrella and the law"),
}
"""A title for each group of terms, in the order in which a page shows them."""

# fmt: off
TERMS = (
    Term(
        group="members", dutch=("ledenregister",), english=("member register",), codes=("member_register",),
        meaning=mark("The list of everybody who is or was a member, with the day on which it began and ended."),
    ),
    Term(
        group="members", dutch=("lid", "kandidaat-lid", "buitengewoon lid"),
        english=("member", "candidate", "associate"), codes=("member.kind",),
        place="ecoop.governance.roles:Role.MEMBER",
        meaning=mark("A member belongs to the cooperative and votes; a candidate has asked to join; an associate "
                     "belongs without all the rights of a member."),
    ),
    Term(
        group="members", dutch=("lidmaatschapssoort", "eigenaar-bewoner", "bedrijf"),
        english=("membership kind", "owner-occupier", "business"), codes=("membership_kind",),
        meaning=mark("As what somebody is a member: living in an own home, renting one, or with a business."),
    ),
    Term(
        group="members", dutch=("inleg", "contributie"), english=("share", "subscription"),
        codes=("member_share", "subscription"),
        meaning=mark("What a member pays: the share once and it may come back, the subscription every year and it "
                     "does not."),
    ),
    Term(
        group="members", dutch=("opzegging", "royement", "overdracht"),
        english=("resignation", "expulsion", "transfer"), codes=("membership_end.reason",),
        meaning=mark("Three ways in which a membership ends: the member leaves, is put out, or hands it on to "
                     "somebody else."),
    ),
    Term(
        group="members", dutch=("bestuur",), english=("board",), codes=("board",),
        place="ecoop.governance.roles:BOARD_ROLES",
        meaning=mark("The people who lead the cooperative from day to day and answer for it to the members: the "
                     "board."),
    ),
    Term(
        group="members", dutch=("raad van toezicht", "raad van commissarissen"), english=("supervisory board",),
        codes=("supervisory_board",),
        meaning=mark("People who watch over the board and advise it, and do not lead themselves."),
    ),
    Term(
        group="members", dutch=("kascommissie",), english=("audit committee",), codes=("audit_committee",),
        place="ecoop.governance.roles:Role.AUDIT_COMMITTEE",
        meaning=mark("Members who check the yearly accounts for the other members and are not on the board."),
    ),
    Term(
        group="members", dutch=("décharge",), english=("discharge",), codes=("discharge",),
        meaning=mark("The members say that the board need not answer any further for what it showed them of the past "
                     "year."),
    ),
    Term(
        group="members", dutch=("statuten", "huishoudelijk reglement"), english=("statutes", "by-laws"),
        codes=("statutes", "bylaws"),
        meaning=mark("The statutes are the rules of the cooperative in the notary's deed; the by-laws work them out "
                     "and are changed without a notary."),
    ),
    Term(
        group="members", dutch=("kopgroep",), english=("core group",), codes=("core_group",),
        meaning=mark("The few who do most of the work while the plan is being made."),
    ),
    Term(
        group="members", dutch=("gebouwambassadeur",), english=("building ambassador",), codes=("building_ambassador",),
        place="ecoop.governance.roles:Role.BUILDING_AMBASSADOR",
        meaning=mark("A volunteer who knows one building, tells the neighbours what is coming and hears what they "
                     "think."),
    ),
    Term(
        group="members", dutch=("energiecoach",), english=("energy coach",), codes=("energy_coach",),
        meaning=mark("Somebody who helps people at home to use less energy."),
    ),
    Term(
        group="members", dutch=("stuurgroep",), english=("steering group",), codes=("steering_group",),
        place="ecoop.governance.roles:Role.STEERING_PARTNER",
        meaning=mark("The cooperative, the municipality and other partners, who decide together about the large "
                     "steps of the project."),
    ),
    Term(
        group="members", dutch=("klankbordgroep",), english=("sounding board",), codes=("sounding_board",),
        meaning=mark("People who give their opinion on plans before somebody else decides; they stand beside the "
                     "board."),
    ),
    Term(
        group="members", dutch=("kwartiermaker",), english=("quartermaster, driver of set-up",), codes=("set_up_lead",),
        meaning=mark("Somebody who gets a new organisation going and then hands it over."),
    ),
    Term(
        group="meeting", dutch=("algemene ledenvergadering (ALV)",), english=("general meeting",),
        codes=("general_meeting",),
        meaning=mark("The meeting in which the members together take the most important decisions."),
    ),
    Term(
        group="meeting", dutch=("buitengewone ALV",), english=("extraordinary general meeting",),
        codes=("general_meeting.extraordinary",),
        meaning=mark("A general meeting outside the yearly round, for something that cannot wait."),
    ),
    Term(
        group="meeting", dutch=("oproeping", "uitnodiging"), english=("convocation notice",), codes=("convocation",),
        meaning=mark("The letter that calls every member to the meeting and says what will be decided."),
    ),
    Term(
        group="meeting", dutch=("oproeptermijn",), english=("notice period",), codes=("notice_days",),
        meaning=mark("The fewest days that must lie between the convocation and the meeting."),
    ),
    Term(
        group="meeting", dutch=("agenda", "agendapunt"), english=("agenda", "item"), codes=("agenda_item",),
        meaning=mark("What the meeting talks about, in order; each subject is one item."),
    ),
    Term(
        group="meeting", dutch=("vergaderstukken",), english=("meeting papers",), codes=("meeting_document",),
        meaning=mark("The documents that members read before they decide."),
    ),
    Term(
        group="meeting", dutch=("presentielijst",), english=("attendance list",), codes=("attendance",),
        meaning=mark("The list of who was there and for whom they stood in."),
    ),
    Term(
        group="meeting", dutch=("stemgerechtigd",), english=("entitled to vote",), codes=("voting_right",),
        meaning=mark("Whoever may cast a vote on an item, on the day of the meeting."),
    ),
    Term(
        group="meeting", dutch=("stemkaart",), english=("voting card",), codes=("ballot_card",),
        meaning=mark("The card with which somebody shows to be entitled to vote, or casts the vote."),
    ),
    Term(
        group="meeting", dutch=("volmacht", "gevolmachtigde"), english=("proxy", "proxy holder"), codes=("proxy",),
        meaning=mark("A written permission to vote for somebody who is not there; the proxy holder is who has it."),
    ),
    Term(
        group="meeting", dutch=("quorum",), english=("quorum",), codes=("quorum",),
        meaning=mark("How many members must at least be present or represented before a decision counts."),
    ),
    Term(
        group="meeting", dutch=("gewone meerderheid", "gekwalificeerde meerderheid"),
        english=("simple majority", "qualified majority"), codes=("majority_rule",),
        meaning=mark("A simple majority is more votes for than against; a qualified one asks a larger part, such as "
                     "two thirds."),
    ),
    Term(
        group="meeting", dutch=("blanco", "onthouding", "ongeldig"), english=("blank", "abstention", "invalid"),
        codes=("vote.value",),
        meaning=mark("A blank vote chooses nothing, an abstention is no vote, an invalid one does not follow the "
                     "rules; under most rules none of them counts as a vote cast."),
    ),
    Term(
        group="meeting", dutch=("stembureau", "stemcommissie"), english=("tellers' committee",), codes=("tellers",),
        place="ecoop.governance.roles:Role.TELLER",
        meaning=mark("The people who count the votes of a meeting and sign for the result."),
    ),
    Term(
        group="meeting", dutch=("hoofdelijk", "schriftelijk", "acclamatie"),
        english=("roll call", "written", "acclamation"), codes=("ballot_method",),
        meaning=mark("Three ways to vote: each member by name, on paper, or all at once by applause."),
    ),
    Term(
        group="meeting", dutch=("notulen",), english=("minutes",), codes=("minutes",),
        meaning=mark("The written account of a meeting, with the decisions in it."),
    ),
    Term(
        group="meeting", dutch=("besluit", "besluitenlijst"), english=("resolution", "decision list"),
        codes=("resolution",),
        meaning=mark("What a meeting or a board has decided; the list holds all of them in one place."),
    ),
    Term(
        group="meeting", dutch=("actiepunt",), english=("action item",), codes=("action_item",),
        meaning=mark("Something that one person promised to do before a day."),
    ),
    Term(
        group="meeting", dutch=("realisatiebesluit", "investeringsbesluit"),
        english=("realisation decision", "investment decision"), codes=("investment_decision",),
        meaning=mark("The decision to build and to spend the money for it."),
    ),
    Term(
        group="consent", dutch=("complex",), english=("building complex",), codes=("complex",),
        meaning=mark("Buildings of one owner that belong together and are treated as one."),
    ),
    Term(
        group="consent", dutch=("woongebouw", "portiek"), english=("residential building", "stairwell"),
        codes=("building",), place="ecoop.models:Building",
        meaning=mark("A building in which people live; a stairwell is the part of it with one front door."),
    ),
    Term(
        group="consent", dutch=("woningcorporatie",), english=("housing corporation",), codes=("housing_corporation",),
        place="ecoop.models.buildings:Ownership.CORPORATION",
        meaning=mark("A housing corporation lets homes without aiming at profit, mostly to people with lower incomes."),
    ),
    Term(
        group="consent", dutch=("VvE",), english=("owners' association",), codes=("owners_association",),
        place="ecoop.governance.roles:Role.VVE_REPRESENTATIVE",
        meaning=mark("The owners' association: all owners of flats in one building, who decide together about that "
                     "building."),
    ),
    Term(
        group="consent", dutch=("verhuurder", "huurder"), english=("landlord", "tenant"), codes=("landlord", "tenant"),
        place="ecoop.governance.roles:Role.LANDLORD",
        meaning=mark("The landlord owns the home and lets it; the tenant lives in it and pays rent."),
    ),
    Term(
        group="consent", dutch=("akkoordverklaring",), english=("consent form",), codes=("consent",),
        meaning=mark("The signed paper with which a tenant says yes to the proposal of the landlord."),
    ),
    Term(
        group="consent", dutch=("draagvlakmeting",), english=("support count",), codes=("support_count",),
        meaning=mark("Counting how many tenants of a complex said yes, on one day and in one way."),
    ),
    Term(
        group="consent", dutch=("70%-drempel",), english=("seventy per cent threshold",), codes=("consent_threshold",),
        meaning=mark("If seven out of ten tenants of a complex agree, the law takes the proposal to be reasonable "
                     "for all of them."),
    ),
    Term(
        group="heat", dutch=("volloop", "vollooprisico"), english=("connection uptake", "uptake risk"),
        codes=("uptake",), place="ecoop.finance.inputs:Connections.uptake",
        meaning=mark("Which part of the planned connections really joins; the risk is that fewer do than was counted "
                     "on."),
    ),
    Term(
        group="heat", dutch=("woningequivalent (weq)",), english=("dwelling equivalent",),
        codes=("dwelling_equivalent",),
        meaning=mark("A measure that counts one dwelling as one and a larger building as the number of dwellings it "
                     "resembles."),
    ),
    Term(
        group="heat", dutch=("aansluiting",), english=("connection",), codes=("connection",),
        place="ecoop.finance.inputs:Segment.count",
        meaning=mark("One place where heat leaves the network for one customer."),
    ),
    Term(
        group="heat", dutch=("kleinverbruiker",), english=("small user (max 100 kW)",), codes=("small_user",),
        place="ecoop.finance.nmdn:SMALL_USER_KW",
        meaning=mark("A customer with a connection of at most 100 kW, for whom the national maximum for heat holds."),
    ),
    Term(
        group="heat", dutch=("afleverset",), english=("delivery set (heat interface unit)",), codes=("delivery_set",),
        meaning=mark("The device in the home that hands over heat from the network, in the place of the boiler."),
    ),
    Term(
        group="heat", dutch=("bron",), english=("heat source",), codes=("heat_source",),
        meaning=mark("Where the heat comes from, such as a canal or waste water."),
    ),
    Term(
        group="heat", dutch=("TEO", "TEA", "TED"),
        english=("surface water heat", "waste water heat", "drinking water heat"), codes=("source.kind",),
        place="ecoop.finance.inputs:Capex.teo_by_waterboard",
        meaning=mark("Heat taken from open water, from waste water or from drinking water."),
    ),
    Term(
        group="heat", dutch=("WKO",), english=("aquifer thermal storage",), codes=("ates",),
        meaning=mark("Keeping the heat of summer in wet sand deep below the ground until winter."),
    ),
    Term(
        group="heat", dutch=("buurtwarmtepomp",), english=("neighbourhood heat pump",), codes=("heat_pump",),
        place="ecoop.finance.inputs:Production.scop_heat_pump",
        meaning=mark("A large machine that makes lukewarm water hot for a whole neighbourhood, with electricity."),
    ),
    Term(
        group="heat", dutch=("distributienet", "inpandig net"), english=("distribution network", "in-building network"),
        codes=("network_section",),
        meaning=mark("The pipes through the streets, and the pipes inside a building up to the front doors."),
    ),
    Term(
        group="heat", dutch=("graaddagen (gewogen)",), english=("(weighted) degree days",), codes=("degree_days",),
        meaning=mark("A measure of how cold a period was and so of how much heating it asked for."),
    ),
    Term(
        group="heat", dutch=("warmtevraag",), english=("heat demand",), codes=("heat_demand",),
        place="ecoop.finance.demand:full_heat_gj",
        meaning=mark("Heat demand is the heat that customers take in a year."),
    ),
    Term(
        group="heat", dutch=("gigajoule (GJ)",), english=("gigajoule",), codes=("gj",), place="ecoop.units:Unit.GJ",
        meaning=mark("The unit in which heat is counted and paid; about 34 m³ of gas gives one of useful heat."),
    ),
    Term(
        group="heat", dutch=("leveringsovereenkomst",), english=("supply contract",), codes=("supply_contract",),
        meaning=mark("The contract in which a customer takes heat and the cooperative promises the tariff."),
    ),
    Term(
        group="heat", dutch=("exploitatie", "beheer"), english=("operation", "management"), codes=("operation",),
        place="ecoop.finance.operation:operate",
        meaning=mark("The years in which the network runs: delivering heat, upkeep and bills."),
    ),
    Term(
        group="money", dutch=("businesscase",), english=("business case",), codes=("business_case",),
        place="ecoop.finance.results:CaseResult",
        meaning=mark("The business case follows all money of the project year by year and shows whether it can pay "
                     "its way."),
    ),
    Term(
        group="money", dutch=("aansluitbijdrage (BAK)",), english=("connection contribution",),
        codes=("connection_fee",), place="ecoop.finance.inputs:Funding.connection_fees",
        meaning=mark("The connection contribution is what an owner or landlord pays once to be connected."),
    ),
    Term(
        group="money", dutch=("vermeden ketelkosten", "afkoop"), english=("avoided boiler cost", "buy-off"),
        codes=("avoided_boiler_cost",), place="ecoop.finance.inputs:ConnectionFees.total",
        meaning=mark("What an owner no longer spends on boilers and pays to the cooperative once instead."),
    ),
    Term(
        group="money", dutch=("vastrecht",), english=("fixed charge",), codes=("fixed_charge",),
        place="ecoop.finance.inputs:Tariff.fixed_per_connection",
        meaning=mark("The fixed charge is the amount a customer pays each year, however much heat is used."),
    ),
    Term(
        group="money", dutch=("variabel tarief", "GJ-prijs"), english=("variable tariff", "price per GJ"),
        codes=("variable_rate",), place="ecoop.finance.inputs:Tariff.per_gj",
        meaning=mark("What one gigajoule of heat costs."),
    ),
    Term(
        group="money", dutch=("Niet Meer Dan Nu", "Niet Meer Dan Anders"),
        english=("not more than now", "not more than otherwise"), codes=("nmdn", "nmda"),
        place="ecoop.finance.choices:TariffRegime",
        meaning=mark("The first compares heat with your own gas bill and is a promise of the cooperative; the second "
                     "compares with an average household and is a rule of the State."),
    ),
    Term(
        group="money", dutch=("tarievenadvies",), english=("tariff advice",), codes=("tariff_advice",),
        meaning=mark("What members or experts say about next year's tariff before it is decided."),
    ),
    Term(
        group="money", dutch=("indexering (consumentenprijsindex)",), english=("indexation (CPI)",),
        codes=("indexation",), place="ecoop.finance.inputs:Index.cpi",
        meaning=mark("Letting an amount rise every year with prices, here those that consumers pay."),
    ),
    Term(
        group="money", dutch=("onrendabele top",), english=("unprofitable part",), codes=("funding_gap",),
        meaning=mark("The part of the cost that customers can never pay back and for which a subsidy is needed."),
    ),
    Term(
        group="money", dutch=("voorfinanciering",), english=("pre-financing",), codes=("pre_financing",),
        place="ecoop.finance.inputs:Liquidity.phases",
        meaning=mark("Money for the work that comes before the first income, to be earned back later."),
    ),
    Term(
        group="money", dutch=("revolverend fonds",), english=("revolving fund",), codes=("revolving_fund",),
        meaning=mark("A fund that lends, gets its money back and lends it to the next project."),
    ),
    Term(
        group="money", dutch=("garantstelling",), english=("guarantee",), codes=("guarantee",),
        place="ecoop.finance.inputs:Loan.guarantee_premium",
        meaning=mark("A promise to pay the lender if the cooperative cannot."),
    ),
    Term(
        group="money", dutch=("annuïteit", "looptijd", "rente"), english=("annuity", "term", "interest"),
        codes=("loan",), place="ecoop.finance.inputs:Loan",
        meaning=mark("An annuity is the same payment every year; the term is how many years; interest is the price "
                     "of borrowing."),
    ),
    Term(
        group="phases", dutch=("tranche",), english=("tranche",), codes=("tranche",),
        place="ecoop.finance.inputs:Liquidity.tranche_amount",
        meaning=mark("One part of a larger amount that is paid out in parts: a tranche."),
    ),
    Term(
        group="phases", dutch=("beschikking",), english=("grant decision",), codes=("grant_decision",),
        meaning=mark("The letter of a government that gives a grant and says under which conditions."),
    ),
    Term(
        group="phases", dutch=("subsidieplafond",), english=("subsidy ceiling",), codes=("subsidy_ceiling",),
        meaning=mark("The most that a grant scheme has to give away; who comes late may get nothing."),
    ),
    Term(
        group="phases", dutch=("voorschot", "vaststelling"), english=("advance", "final settlement"),
        codes=("advance", "settlement"),
        meaning=mark("An advance is paid before the work is accounted for; the final settlement says what you may "
                     "keep."),
    ),
    Term(
        group="phases", dutch=("verantwoording",), english=("accountability report",), codes=("accountability_report",),
        meaning=mark("The report that shows what granted money was spent on, with proof."),
    ),
    Term(
        group="phases", dutch=("SiSa-bijlage",), english=("single-audit annex",), codes=("sisa_annex",),
        meaning=mark("The annex to the accounts of a municipality in which it accounts for certain grants of the "
                     "State."),
    ),
    Term(
        group="phases", dutch=("mijlpaal", "bandbreedte"), english=("milestone", "tolerance margin"),
        codes=("milestone", "margin"), place="ecoop.finance.inputs:Liquidity.milestone_cost_margin",
        meaning=mark("A milestone is a result that has been agreed; the margin says how far cost and time may differ "
                     "from plan."),
    ),
    Term(
        group="phases", dutch=("prestatieverplichting",), english=("performance obligation",),
        codes=("performance_duty",),
        meaning=mark("What somebody who gets money must deliver for it."),
    ),
    Term(
        group="phases", dutch=("windstilte",), english=("idle period between tranches",), codes=("idle_period",),
        place="ecoop.finance.inputs:Liquidity.gap_months",
        meaning=mark("The months without work while one tranche is accounted for and the next is not yet paid."),
    ),
    Term(
        group="phases", dutch=("initiatief", "haalbaarheid", "ontwikkeling", "realisatie"),
        english=("initiative", "feasibility", "development", "build"), codes=("phase",),
        meaning=mark("The phases before operation: an idea, a study whether it can be done, a plan with contracts, "
                     "and the works."),
    ),
    Term(
        group="phases", dutch=("gestopt", "niet actief", "actief"), english=("stopped", "inactive", "active"),
        codes=("project_status",),
        meaning=mark("Whether a project has ended, has been silent for a while, or goes on."),
    ),
    Term(
        group="umbrella", dutch=("koepel",), english=("umbrella",), codes=("umbrella",), place="ecoop.models:Umbrella",
        meaning=mark("An organisation of which cooperatives are members and which speaks for them together."),
    ),
    Term(
        group="umbrella", dutch=("energiegemeenschap",), english=("energy community",), codes=("energy_community",),
        meaning=mark("A legal entity that anybody may join, led by its members, that does something with energy for "
                     "its surroundings before profit."),
    ),
    Term(
        group="umbrella", dutch=("warmtegemeenschap",), english=("heat community",), codes=("heat_community",),
        meaning=mark("An energy community for heat, to which the heat law gives rules of its own."),
    ),
    Term(
        group="umbrella", dutch=("warmtebedrijf",), english=("heat company",), codes=("heat_company",),
        meaning=mark("Whoever delivers heat through a network and answers for it by law."),
    ),
    Term(
        group="umbrella", dutch=("warmtekavel",), english=("heat lot",), codes=("heat_lot",),
        meaning=mark("The area for which a municipality chooses one heat company."),
    ),
    Term(
        group="umbrella", dutch=("aanwijzing", "ontheffing"), english=("designation", "exemption"),
        codes=("designation", "exemption"),
        meaning=mark("Designation: the municipality chooses a heat company for a lot; exemption: a small one may do "
                     "without being chosen."),
    ),
    Term(
        group="umbrella", dutch=("opgroeirecht", "groeirecht"), english=("right to grow",), codes=("right_to_grow",),
        meaning=mark("The idea that a citizens' initiative may grow step by step into a professional energy "
                     "community, with support that fits each step."),
    ),
    Term(
        group="umbrella", dutch=("lokaal eigendom",), english=("local ownership",), codes=("local_ownership",),
        meaning=mark("That people and organisations in the surroundings own the installation, and the gains stay "
                     "there."),
    ),
)
# fmt: on
"""Every term, by group."""


def group_name(group: str) -> str:
    """The title of a group of terms."""
    return gettext(GROUPS[group])


def other_language() -> Language:
    """The language that is not that of the moment."""
    return Language.ENGLISH if current() is Language.DUTCH else Language.DUTCH


def terms_of(group: str) -> tuple[Term, ...]:
    """The terms of a group, in the alphabet of the language of the moment."""
    return tuple(sorted((term for term in TERMS if term.group == group), key=lambda term: _sorting(term.own_words[0])))


def alphabet() -> tuple[tuple[str, Term], ...]:
    """Every word in the language of the moment with its term, from a to z."""
    words = [(word, term) for term in TERMS for word in term.own_words]
    return tuple(sorted(words, key=lambda pair: (_sorting(pair[0]), pair[1].anchor)))


def _sorting(word: str) -> str:
    """A word as the alphabet reads it: without capitals, accents and brackets."""
    plain = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in plain if letter.isalnum() or letter == " ")
