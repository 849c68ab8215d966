"""Work in the background and the states of letters, in words."""

from collections.abc import Mapping

from ecoop.language import gettext, mark

JOBS: Mapping[str, str] = {
    "mailing.write": mark("Writing the letters of a mailing"),
    "letters.print": mark("Making the letters on paper"),
    "cooperative.export": mark("Writing everything of the cooperative as files"),
    "checks.nightly": mark("Nightly checks"),
    "checks.hourly": mark("Hourly checks"),
    "turns.tell": mark("Telling who has something waiting"),
    "turns.digest": mark("Weekly overview of what waits"),
    "register.import": mark("Taking a member sheet over into the register"),
    "register.import_undo": mark("Undoing the import of a member sheet"),
    "money.announce": mark("Telling payers of a direct debit"),
    "money.statements": mark("Making the yearly statements"),
}
STATES: Mapping[str, str] = {
    "waiting": mark("waits"),
    "running": mark("at work"),
    "done": mark("done"),
    "failed": mark("failed"),
    "cancelled": mark("stopped"),
}
PROBLEMS: Mapping[str, str] = {
    "worker_lost": mark("The process that did it was ended each time, before it was done."),
    "unknown_kind": mark("This release does not know this work."),
    "check_failed": mark("Something is not as it should be. The administrator finds out what with: ecoop check"),
    "not_there": mark("What it was about is not there any more."),
    "import_preview_old": mark("The register changed after the preview. Nothing was taken over. Look at it again."),
    "import_file_gone": mark("The file of the sheet is damaged or gone. Nothing was taken over. Put it in again."),
    "import_problems_left": mark("Some rows are wrong. Nothing was taken over."),
    "import_nothing_to_do": mark("Everything in the sheet is in the register already."),
    "import_built_upon": mark("Something was built upon this import meanwhile, so it was not undone."),
}
LETTER_STATES: Mapping[str, str] = {
    "waiting": mark("waits to be sent"),
    "sending": mark("is being sent"),
    "sent": mark("sent"),
    "perhaps_sent": mark("perhaps sent: the line broke twice"),
    "refused": mark("refused by the mail server"),
    "given_up": mark("given up after many tries"),
    "bounced": mark("came back"),
    "expired": mark("too late to be sent"),
    "to_print": mark("to be printed"),
    "posted": mark("put in the post"),
}
LETTER_KINDS: Mapping[str, str] = {
    "sign_in": mark("Link to sign in"),
    "role": mark("A role was given"),
    "invitation": mark("Invitation"),
    "address": mark("Change of address"),
    "recovery": mark("Recovery of an account"),
    "membership": mark("About a membership"),
    "mailing": mark("From the board"),
    "application": mark("Is this application right?"),
    "admission": mark("Admission as a member"),
    "refusal": mark("Application refused"),
    "question": mark("Question to an applicant"),
    "turn": mark("Something waits"),
    "digest": mark("Weekly overview"),
    "debit": mark("Direct debit announced"),
    "statement": mark("Yearly statement"),
    "other": mark("Other letter"),
}


def job_name(kind: str) -> str:
    """What a job does."""
    return gettext(JOBS[kind]) if kind in JOBS else kind


def job_state(state: str) -> str:
    """How a job stands."""
    return gettext(STATES[state])


def job_problem(code: str | None) -> str:
    """Why a job failed; a fault of ours is named as such."""
    if not code:
        return ""
    return gettext(PROBLEMS[code]) if code in PROBLEMS else gettext("A fault of ecoop itself: %(code)s", code=code)


def letter_state(state: str) -> str:
    """How a letter stands."""
    return gettext(LETTER_STATES[state])


def letter_kind(kind: str) -> str:
    """Why a letter was written."""
    return gettext(LETTER_KINDS[kind]) if kind in LETTER_KINDS else kind
