"""Every key that a file may have, and a test whose reply, decision or post changes with it.

A key without a row fails, and so does a row without a key, or without a test.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel

from bot.answering.knowledge.frontmatter import FrontMatter
from bot.config.schema import ADAPTERS, Config
from bot.config.texts import TextsConfig
from bot.understanding.intents.actions import ActionsFile
from bot.understanding.intents.schema import IntentFile

ROOT = Path(__file__).parent.parent
TRAINING = "understanding/training/test_train.py::"
REPLIES = "answering/test_replies.py::"
RESPONDER = "test_responder.py::"
SETTINGS = "end_to_end/test_settings.py::"
ARTICLES = "answering/knowledge/test_articles.py::"
SEARCH = "answering/knowledge/test_search.py::"
RECOMMEND = "stages/test_recommend.py::"
FEED = "answering/recommendations/test_source.py::"
CLOCK = "staff/desk/test_case_clock.py::"
REQUESTS = "staff/desk/test_requests.py::"
CALLS = "stages/test_call_person.py::"
PROOF = "answering/proof/test_dialogue.py::"
RETENTION = "privacy/test_retention.py::"
RELOADING = "publishing/test_reload.py::"
PROBES = "http/test_probes.py::"
SLACK = "slack/"
LISTENING = "test_listening.py::test_deny_goes_before_allow_and_an_empty_list_allows_all"
DISCORD = "discord/"

SLOTS = "answering/forms/test_slots.py::"
BOUNDS = ("pattern", "min", "max", "past", "future", "longest", "currency", "many",
          "counts", "hours", "end", "part", "region")  # fmt: skip

INTENTS = {
    "version": "understanding/intents/test_values.py::test_mistakes_in_a_file",
    "out_of_scope": TRAINING + "test_out_of_scope_examples_are_trusted_less",
    "intents.name": RESPONDER + "test_a_sure_intent_is_answered_with_its_reply_and_next_steps",
    "intents.label": "understanding/training/test_cross_validation.py::"
    "test_labels_of_messages_are_turned_into_intents",
    "intents.title": REPLIES + "test_titles",
    "intents.description": REPLIES + "test_the_description_comes_along_for_those_who_ask_why",
    "intents.small_talk": "stages/test_small_things.py::"
    "test_small_talk_is_never_offered_as_a_button",
    "intents.risk": "understanding/model/test_classifier.py::"
    "test_personal_intents_need_more_confidence",
    "intents.examples": TRAINING + "test_every_example_is_recognised",
    "intents.not": TRAINING + "test_near_misses_lower_the_intent_that_they_do_not_belong_to",
    "intents.visibility": REPLIES + "test_visibility_and_suggestions_come_along",
    "intents.reply.text": REPLIES + "test_the_customers_language_is_taken_else_the_default",
    "intents.reply.when": "answering/forms/test_first_form.py::test_an_error_has_its_own_reply",
    "intents.action": "answering/forms/test_first_form.py::"
    "test_a_slot_is_asked_for_and_the_reply_has_what_the_action_provides",
    **dict.fromkeys(
        ("intents.slots.type", *(f"intents.slots.{key}" for key in BOUNDS)),
        SLOTS + "test_what_is_written_reaches_the_extractor",
    ),
    "intents.slots.title": SLOTS + "test_a_slot_without_a_question_is_asked_for_by_its_title",
    "intents.slots.ask": SLOTS + "test_the_question_has_values_of_earlier_slots",
    "intents.slots.why": SLOTS + "test_why_a_slot_is_asked_for_is_said_in_the_admins_words",
    "intents.slots.example": SLOTS + "test_three_tries_then_a_way_out",
    "intents.slots.invalid": SLOTS + "test_a_refusal_has_the_admins_words",
    "intents.slots.personal": SLOTS + "test_what_is_personal_is_not_asked_for_where_others_read",
    "intents.slots.optional": SLOTS + "test_an_optional_slot_can_be_skipped",
    "intents.slots.after": SLOTS + "test_a_correction_clears_what_depends_on_it_and_says_so",
    "intents.slots.choices": SLOTS + "test_a_choice_is_pressed_or_typed_in_its_own_words",
    "intents.slots.check.action": SLOTS + "test_an_action_checks_a_value",
    **dict.fromkeys(
        (
            f"intents.slots.choices_from.{key}"
            for key in ("action", "list", "value", "label", "synonyms")
        ),
        SLOTS + "test_choices_come_from_what_an_action_provides",
    ),
    "intents.handoff.team": REPLIES + "test_a_handoff_names_its_team",
    "intents.suggestions": RESPONDER + "test_a_suggestion_that_is_pressed_is_answered",
    "intents.tests.say": RELOADING
    + "test_intents_that_fail_their_own_tests_wait_until_an_admin_promotes_them",
    "intents.tests.intent": "cli/test_ask.py::test_failing_test_is_reported_with_its_place",
    "intents.tests.not": "publishing/test_intent_tests.py::"
    "test_a_message_must_or_must_not_be_understood_as_an_intent",
    "intents.draft": REPLIES + "test_what_has_no_answer_tells_why",
    "intents.recommend.category": RECOMMEND
    + "test_an_intent_recommends_its_category_unless_another_is_named",
    "intents.recommend.only": RECOMMEND + "test_what_all_products_must_have_cannot_be_taken_away",
    "intents.recommend.limit": RECOMMEND + "test_an_intent_shows_as_many_as_it_says",
}

FILE = "understanding/intents/test_actions_file.py::"
READS = "answering/actions/test_reads.py::"
WRITES = "answering/actions/test_writes.py::"
RUNNER = "answering/actions/test_runner.py::"
PROOF = "answering/proof/test_dialogue.py::"

ACTIONS = {
    "version": FILE + "test_the_documented_file_has_no_mistakes",
    "hosts": READS + "test_a_host_that_is_not_in_the_file_is_not_called",
    **{
        f"proof.{key}": PROOF + test
        for key, test in {
            "code.find": "test_the_code_that_the_shop_sent_proves_who_somebody_is",
            "code.send": "test_the_code_that_the_shop_sent_proves_who_somebody_is",
            "linked.redeem": "test_a_code_of_the_signed_in_page_links_an_account",
            "platform_email.find": (
                "test_an_address_that_the_platform_verified_is_asked_for_each_time"
            ),
            "current.address": "test_a_proof_is_void_once_the_shop_has_another_address",
        }.items()
    },
    **{
        f"actions.{key}": test
        for key, test in {
            "kind": WRITES + "test_a_write_is_done_once_however_often_it_is_asked_for",
            "description": FILE + "test_the_documented_file_has_no_mistakes",
            "http.method": READS + "test_a_body_keeps_types_and_leaves_out_what_has_no_value",
            "http.url": READS + "test_values_are_encoded_and_lead_to_no_other_address",
            "http.headers": READS + "test_a_line_end_in_a_value_begins_no_header",
            "http.json": READS + "test_a_body_keeps_types_and_leaves_out_what_has_no_value",
            "http.timeout": READS + "test_a_shop_that_hangs_is_given_up_after_the_timeout",
            "http.retries": READS + "test_a_read_is_called_again_as_often_as_its_retries_say",
            "python": RUNNER + "test_a_function_in_python_is_an_action",
            "needs": RUNNER + "test_a_function_in_python_is_an_action",
            "timeout": RUNNER + "test_a_function_in_python_is_an_action",
            "proof": RUNNER + "test_without_a_proof_nothing_is_called",
            "returns": READS + "test_a_read_sends_its_secret_and_returns_what_its_expressions_find",
            "errors": READS + "test_an_error_has_the_name_that_the_file_gives_it",
            "on_error": FILE + "test_a_sound_file_is_read_with_the_intents",
            "confirm": FILE + "test_a_sound_file_is_read_with_the_intents",
            "lookup": WRITES + "test_a_lost_reply_is_looked_up_at_once",
            "example": RUNNER + "test_a_rehearsal_shows_the_example_or_the_call_and_calls_nothing",
            "gpt": "stages/test_tools.py::test_rows_of_a_result_are_shown_word_for_word",
        }.items()
    },
}

FRONT_MATTER = {
    "title": RESPONDER + "test_the_near_article_is_quoted_with_title_and_source",
    "questions": "publishing/test_edits.py::test_an_article_that_search_missed_gets_the_questions",
    "url": RESPONDER + "test_the_near_article_is_quoted_with_title_and_source",
    "language": SEARCH + "test_article_in_the_customers_language_comes_first",
    "audience": SEARCH + "test_article_reaches_only_those_that_it_is_for",
    "valid_from": SEARCH + "test_article_is_found_from_its_first_to_its_last_day",
    "valid_until": SEARCH + "test_article_is_found_from_its_first_to_its_last_day",
    "secrets": "answering/knowledge/test_credential_checks.py::"
    "test_the_head_of_an_article_lifts_it",
}

CONFIG = {
    "recommend.feed": FEED + "test_a_feed_brings_products_and_variants",
    "recommend.refresh": FEED + "test_an_address_is_fetched_again_after_its_time",
    "recommend.stale_after": FEED + "test_staff_are_told_once_an_address_has_failed_for_long",
    "recommend.remember": RECOMMEND
    + "test_wishes_are_remembered_across_conversations_only_where_config_says_so",
    "recommend.past_orders": "stages/test_past_orders.py::test_orders_count_with_a_proof_alone",
    "intents": "cli/test_check.py::test_config_names_other_folders",
    "model": SETTINGS + "test_the_folder_of_the_model_is_the_one_that_answers",
    "database": "privacy/test_command.py::test_a_restored_backup_forgets_again",
    "database_mode": "files/test_private_files.py::test_a_group_may_be_let_in_for_backups",
    "responder.longest_message": RESPONDER
    + "test_only_the_beginning_of_a_long_message_is_read_and_the_customer_is_told",
    "language.served": "answering/test_served.py::"
    "test_who_writes_a_language_that_is_not_served_reads_the_default_one",
    "language.default": SETTINGS + "test_without_words_the_default_language_is_spoken",
    "responder.bot": SETTINGS + "test_who_the_bot_is_stands_in_its_words",
    "responder.contact": SETTINGS + "test_who_the_bot_is_stands_in_its_words",
    "responder.introduction": RESPONDER + "test_the_introduction_can_be_worded_and_switched_off",
    "responder.unknown": SETTINGS + "test_who_the_bot_is_stands_in_its_words",
    "understanding.spelling": SETTINGS + "test_misspelled_words_are_corrected_to_score_them",
    "classifier.encoder": RELOADING
    + "test_with_another_encoder_the_old_model_answers_until_the_intents_are_learned_over_it",
    "classifier.multilingual": RELOADING
    + "test_with_another_encoder_the_old_model_answers_until_the_intents_are_learned_over_it",
    "classifier.threshold": SETTINGS + "test_the_threshold_decides",
    "classifier.max_wrong": "cli/test_ask.py::"
    "test_promise_is_kept_by_labelled_messages_and_unknown_without_enough",
    "classifier.labelled": "publishing/test_error_bound.py::"
    "test_every_new_model_judges_the_labelled_messages_before_it_serves",
    "classifier.full": "publishing/test_full_training.py::"
    "test_a_desk_that_rests_trains_fully_if_config_asks_for_it",
    "classifier.learn_from_traffic": "cli/test_learn.py::"
    "test_approved_messages_are_learned_and_change_what_is_recognised",
    "classifier.seed": SETTINGS + "test_another_seed_is_another_model",
    "forms.expire": "answering/forms/test_ends.py::test_a_form_that_expired_is_closed_with_a_word",
    "forms.gpt": "answering/forms/test_proposals.py::test_gpt_is_off_by_default",
    "understanding.own_questions": SETTINGS
    + "test_answers_to_the_bots_own_questions_can_be_left_alone",
    "gpt.provider": "end_to_end/test_local_gpt.py::"
    "test_words_that_the_model_wrote_reach_the_customer",
    "gpt.model": SETTINGS + "test_what_gpt_is_sent",
    "gpt.base_url": "answering/generation/test_openai.py::test_base_url_alone_switches_gpt_on",
    "gpt.api_key_env": SETTINGS + "test_what_gpt_is_sent",
    "gpt.timeout": "end_to_end/test_model_servers.py::"
    "test_customer_gets_the_article_or_an_honest_word_and_the_operator_a_line",
    "gpt.max_tokens": SETTINGS + "test_what_gpt_is_sent",
    "gpt.memory_tokens": SETTINGS + "test_how_much_gpt_remembers",
    "gpt.persona": SETTINGS + "test_what_gpt_is_sent",
    "gpt.tone": SETTINGS + "test_what_gpt_is_sent",
    "gpt.rules": SETTINGS + "test_what_gpt_is_sent",
    "gpt.answers": SETTINGS + "test_what_gpt_is_sent",
    "gpt.judge.model": "answering/generation/test_local_judge.py::"
    "test_a_folder_in_config_is_opened_and_judges",
    "gpt.judge.threshold": "answering/generation/test_local_judge.py::test_the_threshold_decides",
    "gpt.chooser": SETTINGS + "test_the_ranking_answers_without_asking_gpt",
    "gpt.model_path": "answering/generation/test_local.py::"
    "test_a_wrong_file_is_named_with_its_remedy",
    "gpt.context": "answering/generation/test_local.py::"
    "test_a_prompt_longer_than_the_context_is_refused_and_the_next_one_is_answered",
    "gpt.threads": "answering/generation/test_local.py::"
    "test_it_runs_with_the_threads_that_config_gives",
    "budget.currency": "cli/test_settings.py::test_costs_are_shown_in_the_currency_of_the_budget",
    **{
        f"budget.{key}": SETTINGS + "test_beyond_its_budget_gpt_is_not_asked"
        for key in (
            "prompt_price",
            "completion_price",
            "user_day",
            "conversation_day",
            "channel_day",
            "day",
        )
    },
    "budget.reuse": SETTINGS + "test_an_equal_question_is_answered_again_for_nothing",
    "knowledge.path": ARTICLES + "test_folder_beside_the_intents_is_used_when_it_is_there",
    **{
        f"understanding.{key}": "publishing/test_understanding_switches.py::"
        "test_a_switch_leaves_its_stage_out"
        for key in ("negation", "several", "feelings")
    },
    "understanding.follow_ups": SETTINGS + "test_understanding_can_be_switched_off",
    "understanding.articles_first": SETTINGS + "test_understanding_can_be_switched_off",
    "proof.ways": PROOF + "test_a_way_that_config_does_not_allow_is_not_gone",
    "proof.key": "answering/proof/test_key_file.py::test_the_key_is_made_once_and_kept",
    "proof.code_minutes": PROOF + "test_a_code_is_good_for_as_long_as_config_says",
    "proof.proof_minutes": PROOF + "test_a_proof_is_good_for_as_long_as_config_says",
    "proof.link_days": PROOF + "test_an_account_stays_linked_as_long_as_config_says",
    "proof.tries": PROOF + "test_no_code_is_taken_after_as_many_wrong_ones_as_config_says",
    "proof.sends_per_hour": PROOF + "test_a_customer_is_sent_as_many_codes_an_hour_as_config_says",
    "proof.sends_per_day": PROOF + "test_a_person_asks_for_as_many_codes_a_day_as_config_says",
    "privacy.names_model": "privacy/test_names_model.py::"
    "test_names_are_found_with_the_model_that_config_names",
    "privacy.ledger": "privacy/test_command.py::test_who_was_forgotten_is_noted_where_config_says",
    **{
        f"retention.{key}": RETENTION + "test_of_each_kind_what_is_too_old_goes"
        for key in (
            "transcripts",
            "decisions",
            "feedback",
            "cases",
            "spend",
            "actions",
            "wishes",
            "answers",
            "audit",
            "dead_letters",
            "dedupe",
            "outbox",
        )
    },
    "retention.unanswered": "staff/test_unanswered.py::test_questions_are_deleted_after_a_week",
    "retention.learned": "privacy/test_learned_messages.py::"
    "test_approved_messages_that_are_too_old_are_deleted",
    "safety.country": "stages/test_safety.py::test_numbers_are_named_where_the_country_is_known",
    "staff.members.channel": "end_to_end/test_staff.py::"
    "test_in_shadow_mode_staff_alone_read_the_answer",
    "staff.members.users": "staff/test_pause.py::test_staff_pause_and_resume_in_a_message",
    "staff.members.roles": "staff/test_pause.py::test_a_role_makes_staff",
    **{
        f"staff.{key}": test
        for key, test in {
            "teams.title": REQUESTS + "test_the_language_and_the_title_are_the_customers",
            "teams.cases": REQUESTS + "test_the_team_that_an_intent_names_is_asked",
            **dict.fromkeys(
                ("teams.hours.zone", "teams.hours.open", "teams.hours.holidays"),
                "staff/test_hours.py::test_when_somebody_is_there",
            ),
            **dict.fromkeys(
                ("teams.thread", "teams.names"),
                "staff/desk/test_lines.py::test_a_team_may_send_every_line_and_says_so",
            ),
            "teams.next": CLOCK + "test_an_owner_who_lets_the_customer_wait_loses_the_case_to_the_"
            "next_team",
            "unclaimed": CLOCK + "test_the_next_team_is_asked_once_and_the_customer_told_by_two_"
            "processes_and_a_restart",
            "owner_idle": CLOCK + "test_without_a_next_team_the_bot_goes_on_and_says_so",
            "close_after": CLOCK
            + "test_a_case_is_closed_by_silence_never_while_the_customer_waits",
            "csat": CLOCK + "test_nobody_is_asked_without_a_persons_part_or_where_config_says_so",
            **dict.fromkeys(
                ("notify.webhook_env", "notify.secret_env", "notify.smtp_env"),
                "staff/test_notify.py::test_the_environment_holds_the_ways",
            ),
            "notify.include_text": CLOCK
            + "test_a_notice_says_what_was_asked_only_where_config_includes_it",
            **dict.fromkeys(
                ("triggers.asked", "triggers.intent", "triggers.safety"),
                REQUESTS + "test_a_trigger_that_is_off_calls_nobody",
            ),
            "triggers.unsure_twice": CALLS + "test_two_unsure_answers_in_a_row_call_a_person",
            **dict.fromkeys(
                ("triggers.action_error", "triggers.ungrounded", "triggers.frustration"),
                CALLS + "test_what_is_switched_off_calls_nobody",
            ),
            "triggers.keywords": CALLS + "test_keywords_are_whole_words_in_any_case",
        }.items()
    },
    "staff.assist": "end_to_end/test_assist.py::"
    "test_staff_have_drafts_of_the_bot_s_answers_unless_config_wants_none",
    "stats.small_talk": "cli/test_stats.py::test_the_intents_of_courtesies_are_named_in_config",
    "stats.confirming": "cli/test_stats.py::test_the_intents_of_courtesies_are_named_in_config",
    "stats.alert_frustrated": "staff/test_frustration_watch.py::"
    "test_the_share_of_a_week_is_compared_with_the_limit",
    "serve.concurrency": "delivery/test_overload.py::"
    "test_five_hundred_at_once_are_all_answered_in_order_by_two",
    "serve.answer": "cli/test_worker.py::"
    "test_a_worker_answers_without_listening_and_serve_listens_without_a_model",
    "serve.shadow": "end_to_end/test_staff.py::test_in_shadow_mode_staff_alone_read_the_answer",
    "serve.rate_limit": "cli/test_operations.py::test_a_hasty_customer_is_asked_once_to_slow_down",
    "serve.greeting_wait": SETTINGS + "test_a_greeting_waits_for_its_question",
    "serve.stale_after": SETTINGS + "test_how_old_a_message_may_be",
    "serve.publish": RELOADING + "test_with_manual_publishing_a_version_waits",
    "serve.poll": SETTINGS + "test_where_nothing_tells_of_changes_they_are_looked_for",
    "serve.host": PROBES + "test_a_taken_port_that_was_asked_for_is_refused_with_the_remedy",
    "serve.port": PROBES + "test_port_0_opens_nothing",
    "discord.token_env": DISCORD + "test_setup.py::test_missing_token_says_where_to_get_one",
    "discord.sent_privately": DISCORD
    + "test_private.py::test_what_points_to_a_private_answer_can_be_worded",
    "discord.direct_messages_closed": DISCORD
    + "test_private.py::test_what_points_to_a_private_answer_can_be_worded",
    **{
        f"responder.texts.{key}": "answering/test_wording.py::"
        "test_every_text_can_be_reworded_in_one_language"
        for key in TextsConfig.model_fields
    },
    "responder.feedback": "end_to_end/test_feedback.py::"
    "test_what_is_no_answer_has_no_thumbs_and_neither_has_anything_without_the_setting",
    "discord.try_again": DISCORD
    + "test_buttons.py::test_what_is_said_of_a_press_that_cannot_be_stored_can_be_worded",
    "discord.command_permission": DISCORD
    + "test_slash_command.py::test_the_permission_that_shows_the_command_can_be_chosen",
    "discord.timeout": DISCORD + "test_posting.py::test_server_that_fails_or_hangs_is_unavailable",
    "discord.reconnect_after": DISCORD + "test_connection.py::test_close_during_login_ends_the_run",
    "discord.catch_up_hours": DISCORD
    + "test_catching_up.py::test_nothing_is_read_when_that_is_switched_off",
    "discord.api_url": DISCORD + "test_server_process.py::test_process_delivers_and_lists_posts",
    **{
        f"{platform}.{key}": test
        for platform in ("slack", "discord")
        for key, test in {
            "channels.support": "end_to_end/test_speaking.py::"
            "test_a_support_channel_is_answered_where_the_bot_is_sure_and_else_silent",
            "allow.channels": LISTENING,
            "allow.roles": LISTENING,
            "deny.channels": LISTENING,
            "deny.roles": LISTENING,
            "bots": f"{platform}/test_addressees.py::test_a_chosen_bot_may_ask",
        }.items()
    },
    "discord.gateway_url": DISCORD
    + "test_server_process.py::test_process_delivers_and_lists_posts",
    "slack.bot_token_env": SLACK
    + "test_config.py::test_tokens_are_read_by_the_names_that_config_gives",
    "slack.app_token_env": SLACK
    + "test_config.py::test_tokens_are_read_by_the_names_that_config_gives",
    "slack.api_url": "cli/test_serve.py::test_messages_are_answered_until_a_signal_ends_it",
    "slack.status": SLACK + "test_status.py::test_status_can_be_switched_off",
    "slack.timeout": SLACK + "test_refusals.py::test_hanging_call_ends",
    "slack.ping_interval": SLACK
    + "test_delivery.py::test_silent_connection_is_noticed_and_replaced",
    "slack.catch_up_hours": SLACK
    + "test_catching_up.py::test_nothing_is_read_when_that_is_switched_off",
    "slack.catch_up_pace": SLACK
    + "test_catching_up.py::test_long_conversation_is_read_page_by_page",
    "terminal.history": "terminal/test_interactive.py::"
    "test_what_was_typed_is_remembered_in_the_next_chat",
    "terminal.patience": "terminal/test_piped.py::test_chat_goes_on_when_no_answer_comes",
    "terminal.welcome": "terminal/test_interactive.py::test_banner_opens_the_chat",
}


def keys_of(
    model: type[BaseModel], prefix: str = "", leaves: tuple[str, ...] = ()
) -> Iterator[str]:
    """Yield the full names of all keys of a model, sections by what is in them."""
    for name, field in model.model_fields.items():
        key = field.alias or name
        inner = None if field.exclude or key in leaves else model_in(field.annotation)
        if inner is not None:
            yield from keys_of(inner, f"{prefix}{key}.", leaves)
        elif not field.exclude:
            yield f"{prefix}{key}"


def model_in(annotation: object) -> type[BaseModel] | None:
    """Return the model that an annotation holds, itself or as the items of something."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for each in get_args(annotation) if (found := model_in(each))), None)


def config_keys() -> Iterator[str]:
    yield from keys_of(Config)
    for entry in entry_points(group=ADAPTERS):
        yield from keys_of(entry.load().config_model, f"{entry.name}.")


@cache
def functions_of(file: str) -> frozenset[str]:
    tree = ast.parse((ROOT / "tests" / file).read_text("utf-8"))
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(node.name for node in tree.body if isinstance(node, functions))


@pytest.mark.parametrize(
    ("accepted", "rows"),
    [
        (list(keys_of(IntentFile)), INTENTS),
        (list(keys_of(ActionsFile)), ACTIONS),
        (list(keys_of(FrontMatter)), FRONT_MATTER),
        (list(config_keys()), CONFIG),
    ],
    ids=["intents", "actions", "front matter", "config"],
)
def test_each_accepted_key_has_a_row_and_each_row_a_key(
    accepted: list[str], rows: Mapping[str, str]
) -> None:
    assert sorted(set(accepted) - rows.keys()) == [], "keys without a test: do they do anything?"
    assert sorted(rows.keys() - set(accepted)) == [], "rows without a key"


@pytest.mark.parametrize(
    "test",
    sorted({*INTENTS.values(), *ACTIONS.values(), *FRONT_MATTER.values(), *CONFIG.values()}),
)
def test_each_row_names_a_test(test: str) -> None:
    file, _, name = test.partition("::")
    assert name in functions_of(file)
