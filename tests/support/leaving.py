"""Somebody of the demo who can leave: with things in the way, none of which stops."""

from ecoop.governance.leaving import Weight, weigh
from ecoop.governance.membership import EndReason
from ecoop.governance.roles import Actor, HeldRole, Role
from ecoop.services import blockers, leavers, register
from ecoop.services.register import Order, RegisterQuestion
from tests.support.web import DAY, KETELHUIS, Site

SECRETARY = Actor(account_id=0, name="", roles=(HeldRole(role=Role.SECRETARY, starts_on=DAY),))


def somebody_who_can_leave(site: Site, *, least: int = 2) -> tuple[int, str]:
    """The membership and name of the first member with so many things in the way, none of which stops."""
    home = site.cooperative_id(KETELHUIS)
    with site.inside(KETELHUIS) as session:
        asked = RegisterQuestion(day=DAY, order=Order.NUMBER)
        for line in register.read_whole_register(session, SECRETARY, cooperative_id=home, asked=asked):
            leaver = leavers.read_leaver(session, cooperative_id=home, membership_id=line.membership_id, day=DAY)
            found = weigh(blockers.find_blockers(session, leaver), cause=EndReason.RESIGNATION, ends_on=None, day=DAY)
            if len(found) >= least and line.notice_on is None and all(one.weight is Weight.ASKS for one in found):
                return line.membership_id, line.name
    raise LookupError("Nobody in the demo can leave.")
