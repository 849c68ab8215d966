"""The words for what our codes name: roles, permissions, kinds. The glossary is binding."""

from collections.abc import Mapping, Sequence

from ecoop.language import gettext, listing, mark

ROLES: Mapping[str, str] = {
    "chair": mark("Chair"),
    "board_member": mark("Board member"),
    "treasurer": mark("Treasurer"),
    "secretary": mark("Secretary"),
    "audit_committee": mark("Audit committee"),
    "building_ambassador": mark("Building ambassador"),
    "teller": mark("Teller"),
    "member": mark("Member"),
    "vve_representative": mark("Owners' association representative"),
    "landlord": mark("Landlord"),
    "funder": mark("Funder"),
    "steering_partner": mark("Steering group partner"),
    "coordinator": mark("Umbrella coordinator"),
    "administrator": mark("Administrator"),
}

PERMISSIONS: Mapping[str, str] = {
    "see_cooperative": mark("Enter the cooperative and see its first page"),
    "see_own_page": mark("See the own page “For you”"),
    "see_case": mark("Read and download the business case"),
    "replace_case": mark("Replace the business case by a new file"),
    "see_buildings": mark("See all buildings"),
    "see_own_buildings": mark("See the own buildings only"),
    "see_dwellings": mark("See the dwellings of the buildings one may see"),
    "see_residents": mark("See who owns or rents there, and who is a member"),
    "see_roles": mark("See who may do what, and who looked in"),
    "see_register": mark("See the member register"),
    "keep_register": mark("Keep the member register"),
    "see_contact": mark("See e-mail addresses and phone numbers of members"),
    "keep_privacy": mark("Minimise data whose time is over, hold them back, make exports of a person or of everything"),
    "see_money": mark("See contributions, capital and masked account numbers of members"),
    "keep_money": mark("Book money of members, keep bank accounts and mandates, make direct debits"),
    "see_trail": mark("Read, check and export the audit trail"),
    "erase_reasons": mark("Erase a reason from the audit trail that names a person"),
    "grant_roles": mark("Give and end roles"),
    "grant_support": mark("Let an administrator look in for a while"),
    "write_letters": mark("Write to members and follow their letters"),
    "see_jobs": mark("Follow and stop work in the background"),
    "see_papers": mark("See the papers that are open to the own role"),
    "manage_papers": mark("Add papers, choose who reads them, withdraw them"),
    "see_figures": mark("See the figures with their sources"),
    "record_figures": mark("Record figures and choose which is used"),
    "publish_page": mark("Write and publish the public page"),
    "see_umbrella": mark("See the umbrella and its member cooperatives"),
    "run_installation": mark("Run the installation, without seeing a cooperative"),
}

LIMITS: Mapping[str, str] = {
    "none": "",
    "buildings": mark("for certain buildings"),
    "meeting": mark("for one meeting"),
    "funding_source": mark("for one funding source"),
}

OWNERSHIP: Mapping[str, str] = {
    "corporation": mark("Housing corporation"),
    "owners_association": mark("Owners' association (VvE)"),
    "mixed_association": mark("Mixed owners' association"),
    "business": mark("Business premises"),
}

TAGS: Mapping[str, str] = {
    "founding_text": mark("Founding text"),
    "public": mark("Public source"),
    "derived": mark("Derived"),
    "assumption": mark("Assumption"),
}


def role_name(role: str) -> str:
    """The name of a role."""
    return gettext(ROLES[role])


def together(names: Sequence[str]) -> str:
    """Names of roles as one phrase: "Treasurer and member"; a name such as VvE-vertegenwoordiger keeps its capital."""
    return listing([*names[:1], *(n[:1].lower() + n[1:] if n[1:].islower() else n for n in names[1:])])


def permission_name(permission: str) -> str:
    """What a permission lets somebody do."""
    return gettext(PERMISSIONS[permission])


def limit_name(limit: str) -> str:
    """What a role is limited to, or nothing."""
    return gettext(LIMITS[limit])


def ownership_name(ownership: str) -> str:
    """Who owns a building."""
    return gettext(OWNERSHIP[ownership])


def tag_name(tag: str) -> str:
    """How sure a value is."""
    return gettext(TAGS[tag])
