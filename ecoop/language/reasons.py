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
    # money of members
    "ledger_amount_not_positive": mark("Fill in an amount above zero."),
    "ledger_amount_too_large": mark("Is this amount right? It is more than a hundred million euros."),
    "ledger_kind_not_here": mark("This kind of booking does not belong to this account."),
    "ledger_tranche_missing": mark("Say of which tranche the loan is."),
    "ledger_tranche_not_here": mark("Only a loan has a tranche. Leave it empty."),
    "ledger_year_unlikely": mark("Is the year right?"),
    "ledger_year_closed": mark(
        "The year %(year)s is closed. Book it in a year that is open; a mistake is put right by a counter entry."
    ),
    "ledger_day_ahead": mark("Nothing is booked ahead. Choose today or an earlier day."),
    "ledger_more_than_held": mark("The member does not hold that much on this day, or would hold too little later."),
    "ledger_more_than_owed": mark("The member does not owe that much."),
    "ledger_already_corrected": mark("This booking was taken back already."),
    "ledger_correction_not_corrected": mark("A counter entry is not taken back. Book it again instead."),
    "ledger_reference_unusable": mark("Use at most %(maximum)s characters, all of them visible."),
    "ledger_reference_booked": mark("%(reference)s was booked already."),
    "ledger_same_member": mark("Choose another member."),
    "ledger_nobody_to_charge": mark("Nobody of this kind still has to be charged for this year."),
    "ledger_year_not_over": mark("The year %(year)s is not over yet."),
    "ledger_year_already_closed": mark("The year %(year)s is closed already, and every year before it."),
    "ledger_year_not_closed": mark("Close the year %(year)s first: then what a statement says cannot change any more."),
    "ledger_member_unknown": mark("There is no member with this number."),
    "iban_unusable": mark("This account number (IBAN) is not right. Check it with the bank card or a statement."),
    "iban_holder_missing": mark("Fill in the name of the account holder."),
    "iban_holder_unusable": mark("Use between 1 and %(maximum)s characters, all of them visible."),
    "iban_in_use_already": mark("This account number is in use for this member already."),
    "iban_reason_missing": mark("Say in at most %(maximum)s characters what you need the whole number for."),
    "iban_erased": mark("This account number was erased."),
    "iban_unreadable": mark("The platform cannot read this account number any more: it was sealed with another key."),
    "iban_ended_already": mark("This account is not in use any more."),
    "iban_ends_before": mark("Choose a day on or after the first day of this account."),
    "iban_still_in_use": mark("This account is still in use."),
    "mandate_not_signed": mark("This mandate was not signed."),
    "mandate_already_signed": mark("This mandate was signed already."),
    "mandate_already_active": mark("This mandate is in use already."),
    "mandate_not_active": mark("This mandate is not in use."),
    "mandate_not_suspended": mark("This mandate is not suspended."),
    "mandate_over": mark("This mandate is over. Have a new one signed."),
    "mandate_before_last": mark("Something happened to this mandate after this day. Choose a later day."),
    "mandate_not_yet_lapsed": mark("This mandate was used too recently to lapse."),
    "mandate_reference_unusable": mark(
        "A reference has at most %(maximum)s characters: letters, digits and / - ? : ( ) . , ' + without spaces."
    ),
    "mandate_reference_taken": mark("This reference is in use already. Every mandate has its own."),
    "mandate_account_ended": mark("This account is not in use any more. Choose another."),
    "mandate_account_erased": mark("This account number was erased. Choose another."),
    "mandate_signed_ahead": mark("A mandate is signed today or earlier."),
    "mandate_person_not_b2b": mark("Only a business can sign a B2B mandate. Choose CORE."),
    "mandate_one_already": mark("This account has a mandate already."),
    "direct_debit_no_creditor": mark("Say first as whom the cooperative collects."),
    "direct_debit_nothing_to_collect": mark(
        "There is nothing to collect: no open contribution of a member with a mandate that is in use."
    ),
    "direct_debit_day_too_soon": mark(
        "This day is too soon: payers are told at least %(days)s days before. Choose a later day."
    ),
    "direct_debit_announced_too_late": mark("Payers were told less than %(days)s days before the day of collection."),
    "direct_debit_wrong_step": mark("This is not the next step."),
    "direct_debit_not_collected_yet": mark("The day of collection has not come yet."),
    "direct_debit_reason_code_unusable": mark("A code of the bank has two letters and two digits, such as AM04."),
    "direct_debit_creditor_unusable": mark(
        "This creditor identifier is not right. The bank gave it with the contract."
    ),
    "direct_debit_days_unusable": mark("Choose between 0 and %(maximum)s days."),
    "direct_debit_months_unusable": mark("Choose between 1 and %(maximum)s months."),
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
