"""The audit trail in words: what was done, with what, and how a chain can be broken."""

from collections.abc import Mapping

from ecoop.language import gettext, mark

ACTIONS: Mapping[str, str] = {
    "installation.founded": mark("Installation set up"),
    "administrator.made": mark("Administrator appointed"),
    "coordinator.made": mark("Umbrella coordinator appointed"),
    "umbrella.founded": mark("Umbrella founded"),
    "umbrella.joined": mark("Joined an umbrella"),
    "cooperative.founded": mark("Cooperative founded"),
    "building.added": mark("Building added"),
    "role.granted": mark("Role given"),
    "role.ended": mark("Role ended"),
    "support.asked": mark("Administrator asked to look in"),
    "support.granted": mark("Administrator let in"),
    "support.closed": mark("Looking in refused or ended"),
    "case.replaced": mark("Business case replaced"),
    "figure.recorded": mark("Figures recorded"),
    "figure.chosen": mark("Figure chosen to be used"),
    "figure.withdrawn": mark("Figure withdrawn"),
    "paper.added": mark("Paper added"),
    "paper.version_added": mark("New version of a paper added"),
    "paper.rights_changed": mark("Readers of a paper changed"),
    "paper.withdrawn": mark("Paper withdrawn"),
    "paper.destroyed": mark("File of a paper destroyed"),
    "page.saved": mark("Text of the public page saved"),
    "page.published": mark("Public page published"),
    "page.taken_down": mark("Public page taken down"),
    "party.recorded": mark("Party recorded"),
    "party.changed": mark("Data of a party changed"),
    "membership.applied": mark("Applied for membership"),
    "membership.withdrawn": mark("Application withdrawn"),
    "membership.admitted": mark("Admitted as a member"),
    "membership.refused": mark("Application refused"),
    "membership.readmitted": mark("Admitted as a member again"),
    "membership.class_changed": mark("Kind of membership changed"),
    "membership.suspended": mark("Membership suspended"),
    "membership.reinstated": mark("Suspension ended"),
    "membership.notice_given": mark("Notice given"),
    "membership.notice_withdrawn": mark("Notice withdrawn"),
    "membership.ended": mark("Membership ended"),
    "membership.transferred": mark("Membership transferred"),
    "membership.corrected": mark("Register corrected"),
    "trail.exported": mark("Audit trail exported"),
    "reason.erased": mark("Reason erased"),
    "account.password_set": mark("Password chosen"),
    "account.signed_out_everywhere": mark("Signed out everywhere"),
    "account.session_ended": mark("Signed out in one browser"),
    "account.second_factor_added": mark("Second step added"),
    "account.second_factor_removed": mark("Second step removed"),
    "account.recovery_codes_renewed": mark("New recovery codes made"),
    "account.recovery_code_used": mark("Recovery code used"),
    "account.address_asked": mark("Another e-mail address asked for"),
    "account.address_changed": mark("E-mail address changed"),
    "account.address_restored": mark("Change of e-mail address undone"),
    "account.recovery_started": mark("Recovery started by the board"),
    "account.recovery_agreed": mark("Recovery agreed to by a second board member"),
    "account.recovery_stopped": mark("Recovery stopped"),
    "account.recovery_sent": mark("Letter for the recovery sent"),
    "account.recovered": mark("Account recovered: the old second step is gone"),
    "invitation.sent": mark("Invitation sent"),
    "second_factor.required": mark("Second step asked of a role"),
    "second_factor.not_required": mark("Second step no longer asked of a role"),
    "job.cancelled": mark("Work in the background stopped"),
    "mailing.written": mark("Letter to members written"),
    "letters.posted": mark("Letters on paper put in the post"),
    "mail.chosen": mark("Chosen which letters to get"),
    "sheet.kept": mark("Sheet put in to take over"),
    "sheet.discarded": mark("Sheet put aside"),
    "sheet.imported": mark("Sheet taken over into the register"),
    "sheet.undone": mark("Import of a sheet undone"),
    "sheet.mapping_saved": mark("Choice of columns kept"),
}

AREAS: Mapping[str, str] = {
    "installation": mark("Installation"),
    "administrator": mark("Administrators"),
    "coordinator": mark("Umbrella coordinators"),
    "umbrella": mark("Umbrellas"),
    "cooperative": mark("Cooperative"),
    "building": mark("Buildings"),
    "role": mark("Roles"),
    "support": mark("Looking in"),
    "case": mark("Business case"),
    "figure": mark("Figures"),
    "paper": mark("Papers"),
    "page": mark("Public page"),
    "party": mark("Parties"),
    "membership": mark("Memberships"),
    "trail": mark("Audit trail"),
    "account": mark("Accounts"),
    "invitation": mark("Invitations"),
    "second_factor": mark("Second step"),
    "job": mark("Work in the background"),
    "mailing": mark("Letters to members"),
    "letters": mark("Letters on paper"),
    "mail": mark("Choices of mail"),
    "sheet": mark("Imported sheets"),
    "reason": mark("Erased reasons"),
}
"""The part of an action before the dot: what it is about."""

DETAILS: Mapping[str, str] = {
    "account_id": mark("person"),
    "building_ids": mark("buildings"),
    "case_digest": mark("fingerprint"),
    "count": mark("how many"),
    "ends_on": mark("until"),
    "entry": mark("entry"),
    "figures": mark("figures"),
    "file_digest": mark("fingerprint of the file"),
    "fields": mark("what changed"),
    "class": mark("kind of membership"),
    "end_reason": mark("reason"),
    "membership_number": mark("member number"),
    "hours": mark("hours"),
    "keep_until": mark("kept until"),
    "kind": mark("kind"),
    "outcome": mark("outcome"),
    "papers": mark("papers"),
    "readers": mark("readers"),
    "retention": mark("how long it is kept"),
    "role": mark("role"),
    "starts_on": mark("from"),
    "umbrella_id": mark("umbrella"),
    "version": mark("version"),
}

OUTCOMES: Mapping[str, str] = {
    "refused": mark("refused"),
    "ended": mark("ended"),
}

FAULTS: Mapping[str, str] = {
    "unreadable": mark("Entry %(number)s cannot be read."),
    "edited": mark("Entry %(number)s was changed."),
    "missing": mark("Entry %(number)s is missing."),
    "reordered": mark("Entry %(number)s stands in the wrong place."),
    "truncated": mark("The trail was cut short: entry %(number)s is missing."),
    "head_unknown": mark("The fingerprint that was given does not occur in this trail."),
    "reason_edited": mark("The reason of entry %(number)s was changed."),
    "reason_missing": mark("The reason of entry %(number)s is missing, and nobody erased it."),
}


def action_name(action: str) -> str:
    """What was done; an action of a later release shows its code."""
    return gettext(ACTIONS[action]) if action in ACTIONS else action


def area_name(area: str) -> str:
    """What an action is about."""
    return gettext(AREAS[area]) if area in AREAS else area


def detail_name(key: str) -> str:
    """What a detail is called."""
    return gettext(DETAILS[key]) if key in DETAILS else key


def outcome_name(code: str) -> str:
    """How something ended."""
    return gettext(OUTCOMES[code]) if code in OUTCOMES else code


def fault_sentence(fault: str, number: int) -> str:
    """How the chain is broken."""
    return gettext(FAULTS[fault], number=number)
