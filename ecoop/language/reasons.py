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
    "login_for_people_only": mark("An organisation has no login. Let whoever acts for it sign in."),
    "login_for_members_only": mark("Only who is a member today gets the login of a member."),
    "login_without_address": mark("The register knows no e-mail address of this member. Fill that in first."),
    "login_of_another": mark("The login of this address belongs to somebody else in the register."),
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
    # leaving
    "exit_runs_already": mark("An exit of this membership is on its way already. Go on with that one."),
    "exit_end_known": mark("The last day of this membership stands in the register already."),
    "exit_day_unlikely": mark("Is the year right? Choose a day that is not in the future and not too long ago."),
    "exit_day_before_notice": mark("The membership cannot end before the day of the notice."),
    "exit_decision_missing": mark("An expulsion needs the decision it rests on. Fill in where it stands."),
    "exit_cause_not_for_this_party": mark(
        "A person can die and an organisation can cease to exist, not the other way."
    ),
    "exit_paper_unknown": mark("This paper does not exist any more. Choose again."),
    "exit_day_missing": mark("Choose a day."),
    "exit_money_missing": mark("Say what happens with the money, and how much it is."),
    "exit_contract_missing": mark("Say what happens with the heat contract."),
    "exit_successor_missing": mark("Say who takes over. A member has a number; somebody new needs a name."),
    "exit_successor_same": mark("Somebody else has to take over."),
    "exit_blocked": mark("Something is still in the way. Look at the list: each line says what to do."),
    "exit_not_open": mark("This exit is completed or undone. Nothing can be changed in it."),
    "exit_already_undone": mark("This exit was undone before. That can be done once; begin a new exit instead."),
    "exit_later_events": mark(
        "Something happened since that rests on this exit. Take that back first; then this can be undone."
    ),
    "exit_money_paid": mark("The capital was paid back. Let the treasurer take that booking back first."),
    "exit_contract_there": mark("There is a heat contract. Say what happens with it."),
    "exit_nothing_to_pay": mark("Nothing is to be paid back here, or it was noted already."),
    "blocker_cannot_be_answered": mark("What stops an exit must be solved first; it cannot be ticked off."),
    "promise_settled_already": mark("How this promise ended stands here already."),
    "promise_days_crossed": mark("These days do not follow each other, or lie in the future."),
    "member_number_unknown": mark("Nobody has this number."),
    "promise_amount": mark("An amount is more than zero. Leave it empty if there is none."),
    # one's own data
    "own_day_past": mark("Choose today or a day within a year from now. For an earlier day, ask the secretary."),
    "own_name_by_request": mark("This is another name. Ask for it further down; the secretary takes it over."),
    "request_waits_already": mark("You asked for a correction before. It waits for the secretary."),
    "request_answered_already": mark("Somebody answered this request already."),
    "party_text_unusable": mark("At most %(maximum)s characters, all of them visible."),
    "party_postcode_unusable": mark("A Dutch postcode has four digits and two letters."),
    "party_country_unusable": mark("Write the country with two letters, such as NL."),
    "party_birth_date_unlikely": mark("Is the year right? Choose a date of birth in the past 120 years."),
    "party_birth_date_of_organisation": mark("Only a person has a date of birth. Leave it empty."),
    "party_registration_number_unusable": mark("A KvK number has eight digits."),
    "party_nothing_changed": mark("Nothing would change."),
    # dwellings, and who has them
    "dwelling_text_missing": mark("Fill this in."),
    "dwelling_number_unusable": mark("This number cannot be right. Leave it empty if you do not know it."),
    "dwelling_segment_unusable": mark("Choose a segment of the business case."),
    "dwelling_address_taken": mark("There is a dwelling at this address already. Give it an addition, or look there."),
    "structural_unit_name_taken": mark("This building has a structural unit of that name already."),
    "structural_unit_elsewhere": mark("Choose a structural unit of this cooperative."),
    "dwelling_party_unknown": mark("Nobody in the register fits this. Record the person or organisation first."),
    "dwelling_covered_already": mark("An owners' association covers one of these dwellings already."),
    "tenure_ends_before_it_begins": mark("This would end before it begins. Choose another day."),
    "tenure_tenant_already": mark("Somebody else rents this dwelling in that time. Record that they leave first."),
    "tenure_landlord_already": mark("Somebody else lets this dwelling in that time. Record that this ends first."),
    "tenure_same_twice": mark("This is recorded already for that time."),
    "tenure_rents_from_itself": mark("Nobody rents a dwelling from themselves. Choose owner or tenant."),
    "tenure_not_held": mark("It has ended already by that day."),
    "tenure_outside_dwelling": mark("The dwelling is not there on that day."),
    "move_nobody_leaves": mark("Nobody has this dwelling by that right on that day, and nobody comes."),
    "move_nobody_takes_over": mark("A contract is handed over to somebody. Say who comes, or let it end."),
    "move_comes_and_leaves": mark("This party lives there already. Choose who comes next."),
    "move_two_come": mark("Give a member number or the name of somebody new, not both."),
    # connections and heat contracts
    "supply_not_now": mark("This cannot have happened in the state of that day."),
    "supply_nothing_to_correct": mark("There is nothing to take out: it is not there, or was taken out already."),
    "supply_breaks_later": mark("What happened later would not be possible any more. Take that out first."),
    "supply_another_delivers": mark("Another contract delivers heat here on that day. End that one first."),
    "supply_another_signed": mark("Another contract holds here on that day. Record its notice or its end first."),
    "membership_merged": mark("This line was merged with another. Write it down there."),
    "party_merged": mark("These data were merged with those of another line. Change them there."),
    "merge_same": mark("Choose two different lines."),
    "merge_already": mark("One of the two was merged already."),
    "merge_both_members": mark(
        "Both are members now, under numbers %(kept)s and %(gone)s. End one of the two memberships first, "
        "with the reason. Its number is never given out again."
    ),
    "merge_wrong_way": mark("The one that stays must be the one that is a member now. Merge them the other way round."),
    "merge_open_application": mark("There is an open application. Decide on it first, or say whose it is."),
    "merge_unknown_field": mark("One of these fields does not exist. Choose again."),
    # applications
    "joining_closed": mark("This cooperative takes no applications through the web now."),
    "joining_email_missing": mark("Fill in your e-mail address: we send a link there."),
    "joining_class_missing": mark("Choose how you want to be a member."),
    "joining_birth_date_missing": mark("Fill in your date of birth."),
    "joining_representative_missing": mark("Say who represents the organisation."),
    "joining_registration_number_missing": mark("Fill in the KvK number of the organisation."),
    "joining_not_accepted": mark("Tick the box if you agree. Without it we cannot take the application."),
    "joining_text_too_long": mark("This is too long: at most %(maximum)s characters."),
    "joining_link_spent": mark("This link does not work any more. Apply again, or ask the board of the cooperative."),
    "application_words_missing": mark("Write something first."),
    "application_words_too_long": mark("This is too long: at most %(maximum)s characters."),
    "application_not_open": mark("This application was decided or taken back already."),
    "application_text_missing": mark("Write the text first."),
    "application_text_too_long": mark("This text is too long: at most %(maximum)s characters."),
    "application_text_same": mark("This is the text that counts already."),
    "application_text_needed_first": mark(
        "First write, in Dutch, what applicants accept: the text about the statutes and the one about personal data."
    ),
    "application_form_already_open": mark("Applying through the web is open already."),
    "application_form_already_closed": mark("Applying through the web is closed already."),
    "admission_none_chosen": mark("Choose at least one application."),
    "admission_decided": mark("The application of %(name)s was decided already."),
    "admission_who_first": mark("%(name)s looks like somebody known. Say first whether it is the same."),
    "admission_is_member": mark("%(name)s is a member already. Refuse the application, with that as the reason."),
    "admission_class_missing": mark("Choose the kind of membership for %(name)s."),
    "admission_class_unknown": mark("The statutes do not know this kind of membership (%(name)s)."),
    "admission_class_not_open": mark("The statutes do not open this kind of membership to %(name)s."),
    "admission_too_young": mark("%(name)s is younger than the statutes allow: %(minimum)s years."),
    "admission_before_application": mark("%(name)s had not applied yet on that day. Choose a later day."),
    "admission_decision_too_long": mark("At most %(maximum)s characters."),
    "admission_words_missing": mark("Say in your own words why: the reason you chose does not say it."),
    "admission_words_too_long": mark("This is too long: at most %(maximum)s characters."),
    "admission_reason_missing": mark("Choose a reason."),
    "admission_another_open": mark("There is another open application of the same person. Decide on that one first."),
    # statutes, offices, representatives, rolls of voters
    "statutes_rule_unknown": mark("This rule is not known here."),
    "statutes_rule_missing": mark("Fill in this rule."),
    "statutes_rule_unusable": mark("This rule cannot be read. Fill it in again."),
    "statutes_code_unusable": mark(
        "A short name begins with a small letter and holds small letters, digits and low lines, at most 40."
    ),
    "statutes_name_unusable": mark("Fill in a text of at most %(maximum)s characters, all of them visible."),
    "statutes_votes_unusable": mark("Votes are a number of at most a million, with at most six decimals."),
    "statutes_out_of_range": mark("Choose a number between %(minimum)s and %(maximum)s."),
    "statutes_paper_unknown": mark("This paper does not exist any more. Choose again."),
    "statutes_nothing_changed": mark("These rules are recorded already."),
    "statutes_no_classes": mark("Name at least one kind of membership."),
    "statutes_class_twice": mark("Two kinds of membership have the same short name. Give each its own."),
    "statutes_votes_negative": mark("Votes cannot be fewer than zero."),
    "decision_subject_missing": mark("Say in a few words what was decided."),
    "decision_words_unusable": mark("At most %(maximum)s characters, all of them visible."),
    "decision_in_future": mark("Choose the day on which it was decided: today or earlier."),
    "decision_paper_unknown": mark("This paper does not exist any more. Choose again."),
    "decision_annuls_unknown": mark("The decision that would be annulled does not exist. Choose again."),
    "decision_annulled_already": mark("That decision was annulled already."),
    "decision_annuls_later": mark("A decision cannot annul one that was taken later."),
    "office_period_empty": mark("The term would end before it begins. Choose a later day, or leave it open."),
    "office_already": mark("This person holds this office already in that period."),
    "office_no_person": mark("Only a person can hold an office."),
    "office_ends_later": mark("The term ends by then anyway. A longer term asks for a new appointment."),
    "office_over_already": mark("Somebody ended this term meanwhile. Look again."),
    "office_decision_unknown": mark("Choose the decision it rests on."),
    "office_decision_annulled": mark("That decision was annulled. Choose another."),
    "office_decision_later": mark("That decision was taken later than this day. Choose a later day."),
    "person_nobody": mark("Nobody in the register fits this. Fill in a member number or a name."),
    "person_several": mark("Several people fit this: %(names)s. Fill in the member number."),
    "representation_oneself": mark("Nobody represents themselves. Choose somebody else."),
    "representation_no_person": mark("Only a person can act for another. Choose a person."),
    "representation_person_votes": mark(
        "A person votes in person, or gives a proxy for one meeting. Choose contracts or mail."
    ),
    "representation_vote_taken": mark(
        "Somebody else votes for it in that period. End that first: one person votes at a time."
    ),
    "representation_already": mark("This person acts for it in this already."),
    "representation_period_empty": mark("The period would end before it begins. Choose a later day."),
    "representation_proof_missing": mark("Say what proves it, or choose a paper."),
    "representation_proof_unusable": mark("At most %(maximum)s characters, all of them visible."),
    "representation_paper_unknown": mark("This paper does not exist any more. Choose again."),
    "representation_over_already": mark("It ends by then anyway."),
    "voters_purpose_missing": mark("Say what the roll is for, such as the general meeting of a day."),
    "voters_purpose_unusable": mark("At most %(maximum)s characters, all of them visible."),
    "voters_nobody": mark("Nobody may vote on that day, so there is nothing to freeze. Look at the statutes first."),
    "voters_roll_changed": mark(
        "This roll was changed after it was frozen, so it is not shown. Restore a backup, and report it."
    ),
    # how long data are kept
    "retention_months_out_of_range": mark("Choose between 0 and %(maximum)s months."),
    "retention_day_past": mark("Choose today or a later day: what was minimised does not come back."),
    "retention_why_missing": mark("Say why, in your own words."),
    "retention_party_unknown": mark("Choose somebody from the register."),
    "retention_held_already": mark("A legal hold runs for this person already."),
    "retention_not_held": mark("This legal hold was lifted already."),
    "retention_nothing_due": mark("There is nothing whose time is over."),
    "retention_changed_meanwhile": mark(
        "Something changed since you looked, so nothing was done. Look again what would go now."
    ),
    "consent_text_missing": mark("Write the text first."),
    "consent_text_same": mark("This is the same text as the newest version. Nothing was added."),
    "consent_no_text": mark("Record the text first to which people agree."),
    "consent_given_already": mark("This consent holds already, for the newest text."),
    "consent_not_given": mark("There is no consent that could be taken back on that day."),
    "consent_day_future": mark("Choose today or a day in the past."),
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
    # a bank file
    "bank_file_too_large": mark("A bank file is at most %(maximum)s MB. Download a shorter period."),
    "bank_file_not_xml": mark("This file cannot be read. Download the statement as CAMT.053 (XML), not packed."),
    "bank_file_declares": mark("This file declares things of its own, as no bank does. It was not opened."),
    "bank_file_not_camt": mark("This is no CAMT.053 statement (version 02 or 08). Look for that name at your bank."),
    "bank_file_no_lines": mark("There is nothing booked in this file."),
    "bank_file_too_many": mark("A file holds at most %(maximum)s lines here. Download a shorter period."),
    "bank_file_entry_unusable": mark("Line %(place)s of the file cannot be read. Nothing of the file was used."),
    "bank_file_not_euros": mark("Line %(place)s of the file is not in euros."),
    "bank_file_stale": mark("These lines were not carried here by you, or are damaged. Choose the file again."),
    "bank_line_booked_already": mark("It was booked meanwhile."),
    "bank_line_item_gone": mark("What was chosen is not open any more, or not of this member."),
    "bank_line_more_than_open": mark("More came in than is open. Book it on the page of the member."),
    "bank_line_nothing_chosen": mark("Nothing was chosen to be booked."),
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
    "folder_not_empty": mark("There is something in %(folder)s already. Choose an empty folder."),
    "export_cooperative_unknown": mark("There is no such cooperative."),
    "export_damaged": mark("%(file)s is missing, or is not what was exported. Nothing was changed."),
    "export_opened": mark(
        "In this export the account numbers were opened for another program. Load one that was made without --open."
    ),
    "export_other_release": mark("ecoop %(version)s made this export. Load it with that release, and upgrade then."),
    "installation_not_empty": mark("There is a cooperative or an account already. Load an export into an empty one."),
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
