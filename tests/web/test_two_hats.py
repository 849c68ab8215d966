"""One login with a role in a cooperative that also runs the installation: the two are kept apart."""

import pytest

from ecoop.governance.roles import Role
from ecoop.models import Account, Cooperative
from tests.support.factories import a_role
from tests.support.web import KETELHUIS, ZONNEDAK, Site

ADA = "Ada Algoritme"
"""The administrator of the demo; her request to look into KetelhuisWG waits."""


@pytest.mark.parametrize("page", ["", "people/"])
def test_a_request_to_another_cooperative_is_not_shown_here(demo: Site, page: str) -> None:
    with demo.inside(may_write=True) as session:
        zonnedak = session.get_one(Cooperative, demo.cooperative_id(ZONNEDAK))
        a_role(session, zonnedak, session.get_one(Account, demo.account_id(ADA)), Role.CHAIR)

    words = demo.signed_in(ADA).get(f"/cooperatives/{ZONNEDAK}/{page}").words()

    assert "businesscase niet open" not in words
    assert "businesscase niet open" in demo.signed_in("Vera Vastrecht").get(f"/cooperatives/{KETELHUIS}/{page}").words()
