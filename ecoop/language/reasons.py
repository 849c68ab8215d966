"""The one catalogue of reasons: a sentence for every code that a rule or a service can answer with."""

from collections.abc import Mapping

from ecoop.errors import Problem, Refused
from ecoop.language import gettext, mark, number
from ecoop.language.inputs import INPUT_REASONS, KINDS

REASONS: Mapping[str, str] = {
    # getting in
    "too_many_tries": mark("Too many tries. Wait a quarter of an hour and try again."),
    "wrong_password": mark("This address and password do not belong together."),
    "wrong_present_password": mark("This is not your present password."),
    "link_spent": mark("This link was used already or is too old. Ask for a new one."),
    "password_too_short": mark("A password has at least %(minimum)s characters. A sentence of four words is fine."),
    "password_too_long": mark("A password has at most %(maximum)s characters."),
    "password_is_address": mark("Your name or address is too easy to guess as a password."),
    "not_an_address": mark("This is not an e-mail address."),
    "name_missing": mark("Fill in a name."),
    # the second step, passkeys
    "wrong_code": mark("This code is not right, or was used already. Wait for the next one and try again."),
    "code_too_many": mark("Too many codes were tried. Wait a quarter of an hour; after very many tries, a day."),
    "app_already": mark("An app is set up already. Take it away first."),
    "app_unreadable": mark("The platform cannot read the secret of this app any more. Use a recovery code."),
    "passkey_wrong": mark("This passkey does not open anything here. Sign in another way, or try again."),
    "passkey_other": mark("This passkey is known already."),
    "passkey_stale": mark("This took too long or was sent twice. Try again."),
    "passkey_name": mark("Give the passkey a name of at most %(maximum)s characters, so that you know it again."),
    "passkeys_full": mark("You have %(maximum)s passkeys. Take one away first."),
    # who must have a second step
    "rule_role": mark("Choose a role of this cooperative."),
    "rule_day": mark("Choose a day from today on, within a year."),
    "rule_stops_you": mark(
        "This would stop you yourself at once. Set up your own second step first, or take a later day."
    ),
    # another address, a lost phone, invitations
    "address_same": mark("This is your present address."),
    "address_too_often": mark("You asked for another address several times today. Try again tomorrow."),
    "recovery_reason": mark("Say in at most %(maximum)s characters how you made sure who it is."),
    "recovery_person": mark("Choose somebody who has a role here today."),
    "recovery_own": mark("Somebody else on the board has to do this for you."),
    "recovery_nothing_lost": mark("This person has no second step. A link from the sign-in page is enough."),
    "recovery_running": mark("A recovery for this person is running already."),
    "recovery_over": mark("This recovery is over, or somebody agreed already."),
    "recovery_too_early": mark("The waiting time is not over yet."),
    "recovery_same_person": mark(
        "Another board member has to agree: not who started it, and not the person it is for."
    ),
    "recovery_new_here": mark("Only who has had a role here for a week can agree. Ask another board member."),
    "recovery_too_often": mark("You started several recoveries today. Try again tomorrow."),
    "invited_is_in": mark("This person came in already."),
    "invited_too_often": mark("This person was invited several times today. Try again tomorrow."),
    # founding
    "slug_invalid": mark("The short name may hold small letters, digits and hyphens, at most 60."),
    "slug_taken": mark("There is already a cooperative with the short name %(slug)s."),
    # roles
    "role_unknown": mark("This role does not belong to a cooperative."),
    "period_empty": mark("The role would end before it begins. Choose a later day, or leave it open."),
    "period_over": mark("This period is over already. Choose a later last day, or leave it open."),
    "day_unlikely": mark("Is the year right? Choose a day within a hundred years of today."),
    "buildings_missing": mark("This role is for certain buildings. Choose at least one."),
    "building_unknown": mark("One of the buildings does not exist any more. Choose again."),
    "concerns_missing": mark("Name the meeting or the funding source this role is for."),
    "already_held": mark("This person already holds this role in that period."),
    "already_ended": mark("This role has ended already."),
    "last_board_member": mark("Nobody would be left on the board. Give somebody else a board role first."),
    # looking in
    "reason_missing": mark("Say why it is needed: the board and the members can read it."),
    "hours_out_of_range": mark("Choose between 1 and %(maximum)s hours."),
    "already_asked": mark("You asked this already. The board has not answered yet."),
    "not_waiting": mark("This request was answered already."),
    # the audit trail
    "no_reason_kept": mark("This entry has no reason in words, or it was erased already."),
    # letters and jobs
    "letter_subject_missing": mark("Say in a few words what the letter is about."),
    "letter_text_missing": mark("Write the letter first."),
    "letter_text_too_long": mark("This is too long: at most %(maximum)s characters."),
    "letter_text_unusable": mark("Remove the characters that cannot be seen: they would spoil the letter."),
    "letter_english_half": mark("Give the English subject and the English text, or neither."),
    "letter_nobody": mark("Nobody fits this choice. Choose another group."),
    "letter_sent_already": mark("This letter was sent already. To write another one, begin anew."),
    "letter_group_unknown": mark("This group does not exist any more. Choose again."),
    "nothing_to_print": mark("There is nothing to print."),
    "job_over": mark("This work has ended already."),
    "bounce_no_report": mark("This is no notice from a mail server about a letter that came back (RFC 3464)."),
    "bounce_not_ours": mark("This notice is not about a letter of this installation."),
    "bounce_not_failed": mark("This notice does not say that a letter came back, so nothing was noted."),
    "bounce_not_out": mark("This letter was not on its way, or had come back before. Nothing was noted."),
    # papers
    "paper_title_missing": mark("Give the paper a title."),
    "paper_title_unusable": mark("A title holds at most %(maximum)s characters, all of them visible."),
    "paper_remark_too_long": mark("A remark holds at most %(maximum)s characters."),
    "paper_reader_unknown": mark("One of these readers does not exist. Choose again."),
    "paper_until_over": mark("This day is over already. Choose a later day, or leave it open."),
    "paper_withdrawn": mark("This paper was withdrawn. Add it as a new paper if it counts again."),
    "paper_same_file": mark("This is the same file as the newest version. Nothing was added."),
    "paper_empty": mark("This file is empty. Choose another."),
    "paper_too_large": mark("A file may be at most %(maximum)s MB. Make it smaller, or split it."),
    "paper_type_unknown": mark(
        "This kind of file is not taken. Use PDF, PNG, JPEG, plain text, CSV, Word (docx), Excel (xlsx), ODT or ODS."
    ),
    "paper_damaged": mark("This file is damaged or not whole. Save it again and try once more."),
    "paper_encrypted": mark("This file is locked with a password, so nobody else could read it. Unlock it first."),
    "paper_macros": mark("This file holds macros: small programs that could do harm. Save it without them."),
    "paper_unpacks_too_large": mark("This file says that it unpacks to something far too large. Save it again."),
    # figures
    "figure_subject_missing": mark("Say what the figure is about."),
    "figure_subject_unusable": mark("This holds at most %(maximum)s characters, all of them visible."),
    "figure_value_missing": mark("Fill in the value, or choose “Unknown”."),
    "figure_value_given": mark("An unknown figure has no value. Leave it empty, or choose how exact it is."),
    "figure_value_unusable": mark("This is not a number we can keep: at most 12 digits, and 6 behind the comma."),
    "figure_source_missing": mark("Say where the figure comes from. Without a source it is an assumption of yours."),
    "figure_source_unusable": mark("A source holds at most %(maximum)s characters, all of them visible."),
    "figure_url_unusable": mark("This is not a web address. It begins with https:// or http://."),
    "figure_two_times": mark("Choose a day or a period, not both."),
    "figure_period_half": mark("A period has a first and a last day. Fill in both, or neither."),
    "figure_period_empty": mark("The period ends before it begins."),
    "figure_day_unlikely": mark("Is the year right? Choose another day."),
    "figure_reason_missing": mark("Say why, in at most %(maximum)s characters: everybody inside can read it."),
    "figure_withdrawn": mark("This figure was withdrawn already."),
    "figure_chosen_already": mark("This figure is in use already."),
    "figure_mixed_units": mark("These figures count different things, so they cannot be taken together."),
    "figure_mixed_basis": mark("These figures rest on different bases, so they cannot be taken together."),
    # the public page
    "page_about_missing": mark("Say who you are, in Dutch at least."),
    "page_about_too_long": mark("This text is too long: at most %(maximum)s characters."),
    "page_contact_unusable": mark("The contact line holds at most %(maximum)s characters, all of them visible."),
    "page_paper_unknown": mark("One of these papers is no longer open to everybody. Choose again."),
    "page_figure_unknown": mark("One of these figures was withdrawn. Choose again."),
    "page_nothing_saved": mark("Somebody saved another text meanwhile. Read it first, then publish."),
    "page_not_public": mark("The page is not public, so there is nothing to take down."),
    "page_already_public": mark("This text is public already."),
    # the register
    "membership_already_applied": mark("This application waits already."),
    "membership_no_application": mark("There is no application on that day."),
    "membership_already_member": mark("This is a member already on that day."),
    "membership_never_member": mark("This was never a member. Choose “Admitted as a member”."),
    "membership_was_member_before": mark("This was a member before. Choose “Admitted as a member again”."),
    "membership_not_member": mark("This is no member on that day."),
    "membership_not_suspended": mark("This membership is not suspended on that day."),
    "membership_already_suspended": mark("This membership is suspended already on that day."),
    "membership_notice_already_given": mark("Notice was given already."),
    "membership_no_notice": mark("No notice was given that could be withdrawn."),
    "membership_same_class": mark("This is the kind of membership already."),
    "membership_class_missing": mark("Choose the kind of membership."),
    "membership_reason_missing": mark("Choose why it ended."),
    "membership_nothing_to_correct": mark("There is nothing to correct: that line was corrected already."),
    "membership_breaks_later": mark("What was written down for a later day would not be possible then."),
    "party_text_unusable": mark("At most %(maximum)s characters, all of them visible."),
    "party_postcode_unusable": mark("A Dutch postcode has four digits and two letters."),
    "party_country_unusable": mark("Write the country with two letters, such as NL."),
    "party_birth_date_unlikely": mark("Is the year right? Choose a date of birth in the past 120 years."),
    "party_birth_date_of_organisation": mark("Only a person has a date of birth. Leave it empty."),
    "party_registration_number_unusable": mark("A KvK number has eight digits."),
    "party_nothing_changed": mark("Nothing would change."),
    # cells and rows of a sheet
    "cell_no_day": mark("This is not a date. Write it as 31-12-2019."),
    "cell_short_year": mark("Write the year in four digits: 19 may be 1919."),
    "cell_no_such_day": mark("This day does not exist. Day comes before month."),
    "cell_no_amount": mark("This is not an amount. Write it as 1.234,56."),
    "cell_no_number": mark("This is not a whole number above zero."),
    "cell_no_yes_or_no": mark("Write ja or nee."),
    "cell_no_phone": mark("This is not a telephone number of 8 to 15 digits."),
    "cell_no_kind": mark("Write person, organisation, VvE, housing corporation or household."),
    "cell_no_end_reason": mark(
        "This reason is not known. Write resignation, notice by the cooperative, expulsion, death, dissolution or "
        "transfer."
    ),
    "cell_no_country": mark("Write the country with two letters, such as NL."),
    "cell_no_language": mark("Write the language as nl or en."),
    "cell_no_class": mark("This kind of membership is not known here."),
    "row_name_missing": mark("There is no name in this row."),
    "row_name_not_kept": mark("A second name in this row is not taken over: a party has one name."),
    "row_entry_missing": mark("Fill in since when this is a member, or when this person applied."),
    "row_class_missing": mark("Fill in the kind of membership, or choose one for all rows."),
    "row_class_since_missing": mark("There is an earlier kind of membership, but not until when it was so."),
    "row_class_before_missing": mark("The kind of membership changed later, but the earlier kind is missing."),
    "row_ends_differ": mark("The last day and the first day without membership do not follow each other."),
    "row_end_before_entry": mark("The membership ends before it begins."),
    "row_end_reason_assumed": mark("No reason is given; it is taken over as a resignation by the member."),
    "row_applied_after_entry": mark("The application is later than the admission."),
    "row_entry_after_payment": mark(
        "The first payment (%(paid)s) is earlier than the entry. Is this the day of entry, or of an earlier move of "
        "the register?"
    ),
    "row_entry_before_birth": mark("The entry is earlier than the birth."),
    "row_day_unlikely": mark("Is the year right? This day is before 1900 or more than a year ahead."),
    "row_day_ahead": mark("The membership begins in the future."),
    "row_number_twice": mark("This number stands in row %(row)s as well."),
    "row_number_taken": mark("This number is somebody else's in the register."),
    "row_number_differs": mark("This looks like the member with number %(number)s in the register."),
    "row_kind_differs": mark("In the register this is another kind of party."),
    "row_looks_known": mark("This looks like somebody who is in the register already."),
    "row_looks_like_row": mark("This looks like the same person as row %(row)s."),
    # taking over a sheet
    "mapping_twice": mark("Choose this for one column only."),
    "mapping_nothing": mark("Choose what the columns are first."),
    "mapping_no_name": mark("No column holds a name. Choose which one does."),
    "mapping_no_entry": mark("No column holds the day of entry or application. Choose which one does."),
    "mapping_column_unknown": mark("There is no column %(name)s in the sheet."),
    "mapping_field_unknown": mark("%(name)s is not something that a column can be."),
    "mapping_name_unusable": mark("A name holds at most %(maximum)s characters, all of them visible."),
    "import_not_waiting": mark("This sheet was taken over or put aside already."),
    "import_not_done": mark("This sheet is not in the register, so there is nothing to undo."),
    "import_problems_left": mark(
        "Rows that are wrong or doubtful: %(count)s. Correct the sheet, or choose to take over the good rows only."
    ),
    "import_nothing_to_do": mark("Everything in the sheet is in the register already."),
    "import_preview_old": mark("The register changed after the preview. Look at it again before you take it over."),
    "import_built_upon": mark("Rows of this import upon which something was built: %(count)s. Undo that first."),
    "import_file_gone": mark("The file of this sheet is damaged or gone. Put it in again."),
    "sheet_empty": mark("There is nothing in this file. Choose another."),
    "sheet_too_large": mark("A sheet may be at most %(maximum)s MB. Split it, or remove pictures from it."),
    "sheet_not_a_sheet": mark("This is not a sheet. Use CSV, Excel (xlsx or xls) or OpenDocument (ods)."),
    "sheet_damaged": mark("This sheet is damaged or far too large. Save it again and try once more."),
    "sheet_encrypted": mark("This sheet is locked with a password. Save it without one first."),
    "sheet_macros": mark("This sheet holds macros: small programs that could do harm. Save it as xlsx."),
    "sheet_no_rows": mark("There are no rows below the header of this sheet."),
    "sheet_too_many_rows": mark("A sheet has at most %(maximum)s rows. Split it."),
    "sheet_too_many_columns": mark("A sheet has at most %(maximum)s columns. Remove the ones you do not need."),
    "sheet_cell_too_long": mark("A cell in row %(line)s holds more than %(maximum)s characters."),
    "sheet_quote_open": mark("In row %(line)s a quotation mark stands in the wrong place or is not closed."),
    # files
    "file_missing": mark("Choose a file first."),
    "not_text": mark("This file is not text in UTF-8. Save it as plain text and try again."),
    "not_toml": mark("This file is not TOML: %(message)s"),
    "too_long": mark("This file is too long: a business case takes at most %(maximum)s characters."),
    "name_unusable": mark("A name holds at most %(maximum)s characters, all of them visible."),
    # backups
    "backup_damaged": mark(
        "%(file)s is damaged, or is not a backup of ecoop. Nothing was changed. Take another backup."
    ),
    "backup_format_newer": mark("ecoop %(version)s made this backup. Install that release or a newer one first."),
    "backup_schema_newer": mark(
        "ecoop %(version)s made this backup, with tables that this release does not know. "
        "Install that release or a newer one first."
    ),
    "backup_differs": mark("What is in the backup does not agree with itself, at %(table)s. Nothing was changed."),
    "column_unknown": mark(
        "A backup cannot hold the column %(column)s. Nothing was written. Report this to the makers."
    ),
    "database_not_empty": mark("There is something in the database. Restore into an empty one, or choose --replace."),
    "database_not_ours": mark("The database holds tables that are not of ecoop. It was left alone."),
    "database_in_use": mark("Somebody still uses the database. Nothing was changed. Stop ecoop first."),
    "keys_damaged": mark("%(file)s is damaged, or is not a file with keys of ecoop. Nothing was changed."),
}


def sentence(reason: str, details: Mapping[str, object]) -> str:
    """The sentence for `reason` in the language of the moment; an unknown code shows itself, which a test forbids."""
    if reason == "unknown_key" and details.get("closest"):
        reason = "unknown_key_closest"
    shown = {name: _shown(value) for name, value in details.items()}
    if reason == "wrong_type":
        shown = {name: gettext(KINDS.get(str(kind), str(kind))) for name, kind in shown.items()}
    template = REASONS.get(reason) or INPUT_REASONS.get(reason)
    return reason if template is None else gettext(template, **shown)


def _shown(value: object) -> object:
    if isinstance(value, list | tuple):
        return ", ".join(str(_shown(item)) for item in value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    if isinstance(value, float):
        return f"{value:.10g}"  # as one writes it in a case file
    return number(value) if abs(value) >= 10_000 else value


def problem_text(problem: Problem) -> str:
    """What is wrong, in a sentence."""
    return sentence(problem.reason, problem.details)


def refusal_text(refused: Refused) -> str:
    """Why it is not possible, in a sentence."""
    return sentence(str(refused.reason), refused.details)
