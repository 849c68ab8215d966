"""The people of the demo. Nobody here exists: they are named after what a heat network is made of.

The order of `DEMO_ACCOUNTS` is the order in which the sign-in page of the demo offers them.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from ecoop.governance.roles import Role

KETELHUIS = "ketelhuiswg"
ZONNEDAK = "zonnedak-de-dageraad"

MEETING_AHEAD = timedelta(days=26)
"""The teller counts at a general meeting this long after the day of the demo."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """A day told from the day of the demo, so that the demo never grows old."""

    years_ago: int = 0
    month: int = 1
    day: int = 1
    next_month: bool = False

    def seen_from(self, day: date) -> date:
        """The calendar day that is meant, seen from `day`."""
        if self.next_month:
            return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
        return date(day.year - self.years_ago, self.month, self.day)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoRole:
    """A role somebody holds, held or will hold in a cooperative of the demo."""

    role: Role
    cooperative: str = KETELHUIS
    since: Since = field(default_factory=lambda: Since(years_ago=2, month=4))
    until: Since | None = None
    buildings: tuple[str, ...] = ()
    all_buildings_of_corporation: bool = False
    concerns_meeting: bool = False
    concerns: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoAccount:
    """Somebody who can be signed in as. Umbrella coordinator and administrator are no roles in a cooperative."""

    name: str
    email: str
    roles: tuple[DemoRole, ...] = ()
    coordinates_umbrella: bool = False
    runs_installation: bool = False
    came_in: bool = True
    """Whether this person ever signed in; who did not can be invited again."""


def _member(years_ago: int, cooperative: str = KETELHUIS) -> DemoRole:
    return DemoRole(role=Role.MEMBER, cooperative=cooperative, since=Since(years_ago=years_ago, month=3, day=12))


DEMO_ACCOUNTS = (
    DemoAccount(
        name="Vera Vastrecht",
        email="vera.vastrecht@example.org",
        roles=(DemoRole(role=Role.CHAIR, since=Since(years_ago=7, month=2)), _member(7)),
    ),
    DemoAccount(
        name="Petra Prijspeil",
        email="petra.prijspeil@example.org",
        roles=(DemoRole(role=Role.TREASURER, since=Since(years_ago=2, month=7)), _member(5)),
    ),
    DemoAccount(
        name="Bram Buffervat",
        email="bram.buffervat@example.org",
        roles=(DemoRole(role=Role.BOARD_MEMBER, since=Since(years_ago=4, month=5, day=20)), _member(6)),
    ),
    DemoAccount(
        name="Silvia Schrijfgraag",
        email="silvia.schrijfgraag@example.org",
        roles=(DemoRole(role=Role.SECRETARY, since=Since(years_ago=3, month=1, day=15)), _member(4)),
    ),
    DemoAccount(
        name="Kees Kasboek",
        email="kees.kasboek@example.org",
        roles=(
            DemoRole(
                role=Role.TREASURER,
                since=Since(years_ago=6, month=1, day=15),
                until=Since(years_ago=1, month=7),
            ),
            DemoRole(role=Role.AUDIT_COMMITTEE, since=Since(years_ago=1, month=9)),
            _member(7),
        ),
    ),
    DemoAccount(
        name="Gijs Gevelgroen",
        email="gijs.gevelgroen@example.org",
        roles=(
            DemoRole(
                role=Role.BUILDING_AMBASSADOR,
                since=Since(years_ago=3, month=10),
                buildings=("Tuinmanshof", "Kapelhof"),
            ),
            _member(5),
        ),
    ),
    DemoAccount(
        name="Tessa Telraam",
        email="tessa.telraam@example.org",
        roles=(DemoRole(role=Role.TELLER, since=Since(), concerns_meeting=True), _member(3)),
    ),
    DemoAccount(
        name="Loes Leiding",
        email="loes.leiding@example.org",
        roles=(_member(4), DemoRole(role=Role.BOARD_MEMBER, since=Since(next_month=True))),
    ),
    DemoAccount(name="Mo Meterkast", email="mo.meterkast@example.org", roles=(_member(2),)),
    DemoAccount(name="Iris IJsbloem", email="iris.ijsbloem@example.org", roles=(_member(1),), came_in=False),
    DemoAccount(name="Dina Dubbelglas", email="dubbelglas@example.org", roles=(_member(5),)),
    DemoAccount(name="Daan Dubbelglas", email="dubbelglas@example.org", roles=(_member(1),)),
    DemoAccount(
        name="Victor Vleugelraam",
        email="victor.vleugelraam@example.org",
        roles=(DemoRole(role=Role.VVE_REPRESENTATIVE, buildings=("Poortgebouw",)), _member(3)),
    ),
    DemoAccount(
        name="Hanna Huurhuis",
        email="hanna.huurhuis@example.org",
        roles=(DemoRole(role=Role.LANDLORD, all_buildings_of_corporation=True),),
    ),
    DemoAccount(
        name="Fenna Fondsberg",
        email="fenna.fondsberg@example.org",
        roles=(DemoRole(role=Role.FUNDER, concerns="Lening van de gemeente"),),
    ),
    DemoAccount(
        name="Wout Waterpeil",
        email="wout.waterpeil@example.org",
        roles=(DemoRole(role=Role.STEERING_PARTNER, since=Since(years_ago=3, month=6)),),
    ),
    DemoAccount(name="Koen Koepeldak", email="koen.koepeldak@example.org", coordinates_umbrella=True),
    DemoAccount(name="Ada Algoritme", email="ada.algoritme@example.org", runs_installation=True),
    DemoAccount(
        name="Zoë Zonnestraal",
        email="zoe.zonnestraal@example.org",
        roles=(
            DemoRole(role=Role.CHAIR, cooperative=ZONNEDAK, since=Since(years_ago=3, month=2)),
            _member(3, ZONNEDAK),
        ),
    ),
    DemoAccount(
        name="Pim Paneel",
        email="pim.paneel@example.org",
        roles=(DemoRole(role=Role.TREASURER, cooperative=ZONNEDAK), _member(2, ZONNEDAK)),
    ),
    DemoAccount(
        name="Noud Netaansluiting",
        email="noud.netaansluiting@example.org",
        roles=(_member(3), DemoRole(role=Role.SECRETARY, cooperative=ZONNEDAK)),
    ),
    DemoAccount(name="Otto Omvormer", email="otto.omvormer@example.org", roles=(_member(1, ZONNEDAK),), came_in=False),
)
