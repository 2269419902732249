"""The table of the faults: a row of the list, and the tests that hold its own criterion."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]

# S, the standing criterion, is `Street.survives` (faults/street.py): what is in test_wire and test_pages goes
# through it, with a neighbour who must not notice. The rest is named where it is tested closest to its cause.
WIRE, PAGES, TIME = "faults/test_wire.py", "faults/test_pages.py", "faults/test_time.py"
DEATHS, DISK, PROCESSES = "faults/test_deaths.py", "faults/test_disk.py", "faults/test_processes.py"
CLIENT, IDENTITY, NOTIFY = "worker/test_fetch_client.py", "worker/test_identity.py", "worker/test_notify.py"
ANSWER = "test_an_answer_like_this_harms_nobody"
ROWS: dict[int, dict[str, tuple[str, ...]]] = {
    1: {
        WIRE: (
            ANSWER,
            "test_1_three_tries_and_then_the_next_poll",
            "test_a_site_that_stays_away_is_asked_less_and_less_and_never_given_up",
        ),
        CLIENT: ("test_passing_server_errors_are_tried_three_times",),
    },
    2: {WIRE: ("test_2_a_flaky_entry_is_published_once",), CLIENT: ("test_a_flaky_page_is_had_in_the_end",)},
    3: {
        WIRE: ("test_3_nothing_is_asked_of_a_host_that_wants_peace",),
        CLIENT: ("test_retry_after_leaves_the_whole_host_alone",),
        "worker/test_fetch_pace.py": ("test_a_resting_host_is_left_alone_by_every_process",),
    },
    4: {WIRE: (ANSWER, "test_4_no_fast_retry_and_the_items_stay_however_long")},
    5: {
        WIRE: (
            ANSWER,
            "test_one_article_like_this_costs_its_deadline_and_no_item",
            "test_5_a_site_that_lets_us_wait_again_and_again_is_asked_no_more",
        ),
        CLIENT: ("test_the_deadline_ends_what_never_ends",),
        "worker/test_fetch_seats.py": (
            "test_a_host_that_is_waited_for_holds_one_process_and_another_for_a_moment",
        ),
        "worker/test_politeness.py": (
            "test_a_site_that_answers_at_first_and_hangs_later_keeps_nobody_waiting",
        ),
    },
    6: {
        WIRE: (ANSWER, "test_one_article_like_this_costs_its_deadline_and_no_item"),
        CLIENT: ("test_an_endless_body_stops_at_the_bound",),
    },
    7: {WIRE: (ANSWER,), CLIENT: ("test_a_bad_encoding_is_named",)},
    8: {
        WIRE: (ANSWER, "test_8_22_a_page_made_to_exhaust_a_reader_is_refused_in_time"),
        CLIENT: ("test_a_body_beyond_the_bound_is_not_taken",),
        "bulletins/test_markup.py": ("test_a_hundred_thousand_attributes_and_twenty_thousand_paragraphs",),
    },
    9: {WIRE: (ANSWER,), PAGES: ("test_9_a_list_cut_in_the_middle_loses_no_item",)},
    10: {
        WIRE: (ANSWER,),
        CLIENT: ("test_five_redirects_are_followed_and_no_more", "test_a_redirect_to_nowhere_is_named"),
    },
    11: {
        "faults/test_addresses.py": ("test_11_no_internal_address_that_answers_is_dialled",),
        WIRE: (
            "test_11_no_link_leads_to_what_is_not_public",
            "test_11_no_redirect_leads_to_what_is_not_public",
        ),
        CLIENT: (
            "test_no_spelling_of_loopback_reaches_the_canary",
            "test_the_address_dialled_is_the_one_that_was_checked",
        ),
        "worker/test_fetch_guard.py": ("test_no_internal_address_passes",),
    },
    12: {
        WIRE: (
            ANSWER,
            "test_12_a_redirect_to_a_login_is_a_login",
            "test_12_a_redirect_within_the_site_changes_no_id",
        ),
        "worker/test_fetch_tls.py": ("test_https_does_not_lead_to_http",),
        "worker/test_fetch_sites.py": ("test_a_redirect_to_another_site_is_refused",),
    },
    13: {WIRE: (ANSWER, "test_13_no_link_of_a_challenge_becomes_an_item")},
    14: {
        PAGES: (
            "test_14_what_is_no_longer_where_it_was_is_said",
            "test_14_a_list_that_is_there_and_empty_is_a_quiet_day",
        )
    },
    15: {
        PAGES: ("test_15_half_a_list_withdraws_nothing_at_once",),
        IDENTITY: (
            "test_half_a_list_withdraws_nothing",
            "test_what_its_edition_no_longer_lists_is_withdrawn_and_returns_with_the_list",
        ),
    },
    16: {
        "worker/test_flow.py": ("test_a_correction_keeps_id_and_date",),
        NOTIFY: ("test_a_hub_is_pinged_once_for_each_document_whose_bytes_are_public",),
    },
    17: {
        PAGES: ("test_17_another_order_and_session_ids_publish_nothing",),
        IDENTITY: ("test_an_article_under_two_addresses_is_one_item",),
        "bulletins/test_changes.py": ("test_https_in_place_of_http_keeps_the_id",),
    },
    18: {
        PAGES: ("test_18_an_address_that_is_used_again_keeps_both_or_says_so",),
        "bulletins/test_changes.py": (
            "test_an_address_that_is_given_to_another_article_does_not_take_its_id_along",
        ),
    },
    19: {
        PAGES: ("test_19_the_bytes_decide_whatever_the_labels_say",),
        "bulletins/test_charset.py": (
            "test_the_bytes_decide_whatever_the_labels_say",
            "test_what_is_no_text_is_refused_and_not_guessed_into_nonsense",
            "test_a_broken_byte_costs_its_character_and_no_more",
        ),
    },
    20: {
        PAGES: (
            "test_20_a_title_is_well_formed_and_as_on_the_page",
            "test_20_a_title_with_half_a_character_is_one_without_it",
        )
    },
    21: {
        PAGES: ("test_21_nothing_unsafe_leaves_the_house",),
        "feeds/test_safe.py": ("test_html_of_anything_holds_only_allowed_tags_and_web_addresses",),
    },
    22: {
        WIRE: ("test_8_22_a_page_made_to_exhaust_a_reader_is_refused_in_time",),
        "bulletins/test_markup.py": ("test_pages_nest_as_deep_as_they_like",),
    },
    23: {
        PAGES: ("test_23_an_edition_that_is_yet_to_come_is_held_back",),
        "bulletins/test_contract.py": ("test_a_date_that_is_yet_to_come",),
        "bulletins/test_dates.py": ("test_what_is_no_full_date_gives_none",),
    },
    24: {
        WIRE: (
            "test_24_the_second_request_is_conditional_and_304_writes_nothing",
            "test_24_a_new_tag_for_the_same_bytes_publishes_nothing",
            "test_24_304_to_a_request_that_was_not_conditional_is_no_page",
        ),
        CLIENT: ("test_the_second_request_is_conditional",),
    },
    25: {
        WIRE: ("test_25_without_leave_no_page_is_fetched",),
        "worker/test_fetch_robots.py": (
            "test_a_page_that_is_not_forbidden_is_fetched",
            "test_without_the_rules_nothing_is_fetched",
            "test_rules_are_kept_for_a_day_at_most",
        ),
    },
    26: {
        "worker/test_fetch_tls.py": (
            "test_a_self_signed_certificate_is_refused",
            "test_a_certificate_for_another_name_is_refused",
            "test_an_expired_certificate_is_refused",
        )
    },
    27: {
        PROCESSES: ("test_27_twenty_processes_killed_and_nothing_lost_nothing_twice",),
        DEATHS: ("test_a_flow_that_dies_at_any_call_any_number_of_times_is_healed",),
        "worker/test_publish.py": ("test_a_reader_sees_whole_files_and_a_killed_publisher_leaves_the_lock",),
        "worker/test_flow.py": ("test_a_crash_at_any_step_is_healed",),
    },
    28: {
        PROCESSES: (
            "test_27_twenty_processes_killed_and_nothing_lost_nothing_twice",
            "test_28_a_child_at_its_memory_limit_fails_and_the_work_is_redone",
        ),
        DEATHS: (
            "test_28_a_page_that_kills_its_worker_is_counted_and_set_aside",
            "test_28_a_worker_killed_over_a_good_page_does_not_convict_it",
        ),
    },
    29: {
        PROCESSES: ("test_29_a_worker_or_a_beat_that_lives_and_works_no_more_is_restarted",),
        "worker/test_product.py": (
            "test_a_worker_killed_at_every_stage_of_a_poll_loses_and_doubles_nothing",
        ),
    },
    30: {
        PROCESSES: ("test_30_38_servers_in_trouble_delay_news_and_lose_none",),
        TIME: ("test_30_messages_that_the_broker_forgot_are_sent_again",),
    },
    31: {
        TIME: (
            "test_31_every_zone_has_the_same_bytes",
            "test_31_two_ticks_at_once_poll_once",
            "test_31_a_clock_that_jumps_dates_nothing_anew_and_polls_go_on",
        ),
        "worker/store/test_sources.py": ("test_two_beats_never_win_the_same_source",),
    },
    32: {TIME: ("test_32_after_ten_missed_intervals_each_source_is_read_once",)},
    33: {
        DISK: (
            "test_33_a_database_held_too_long_is_a_fault_and_the_next_tick_goes_on",
            "test_33_a_database_held_for_a_moment_is_waited_for",
        ),
        "worker/store/test_engine.py": ("test_a_writer_waits_for_the_other",),
    },
    34: {
        DISK: ("test_34_a_full_disk_harms_nothing_and_is_over_when_it_is",),
        "worker/test_publish.py": ("test_a_disk_that_fills_up",),
        "worker/test_snapshots.py": ("test_a_full_disk_leaves_no_file",),
    },
    35: {
        DISK: ("test_35_a_damaged_database_is_named_and_no_feed_is_emptied",),
        "worker/test_publish.py": ("test_a_public_dir_that_is_read_only",),
    },
    36: {
        NOTIFY: (
            "test_a_hub_that_fails_delays_nothing_and_is_told_later",
            "test_pings_are_given_up_after_so_many_tries_and_new_ones_begin_anew",
            "test_one_slow_or_broken_receiver_keeps_no_other_waiting",
        ),
        "worker/test_following.py": ("test_a_silent_hub_holds_up_no_news",),
    },
    37: {
        DISK: ("test_37_feeds_that_are_gone_come_back_the_same",),
        "worker/store/test_migration.py": ("test_up_to_head_and_down_to_nothing",),
    },
    38: {
        PROCESSES: ("test_30_38_servers_in_trouble_delay_news_and_lose_none",),
        DISK: ("test_38_a_database_server_that_goes_and_comes_loses_nothing",),
        "worker/store/test_engine.py": ("test_connections_that_died_are_replaced",),
    },
    39: {PAGES: ("test_39_a_foreign_site_in_place_of_the_page_is_nobodys_news",)},
    40: {PAGES: ("test_40_the_pages_of_an_edition_may_come_one_by_one",)},
}


def test_every_row_has_its_tests() -> None:
    assert sorted(ROWS) == list(range(1, 41))
    assert all(names and all(names.values()) for names in ROWS.values())


@pytest.mark.parametrize("row", sorted(ROWS))
def test_the_tests_of_a_row_are_there(row: int) -> None:
    for path, names in ROWS[row].items():
        there = ast.walk(ast.parse((TESTS / path).read_text("utf-8")))
        found = {node.name for node in there if isinstance(node, ast.FunctionDef)}
        assert set(names) <= found, (row, path, set(names) - found)
