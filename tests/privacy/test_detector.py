from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.privacy import find


def found(text: str) -> list[tuple[str, str]]:
    return [(span.type, text[span.start : span.end]) for span in find(text)]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("write to jane.doe+shop@mail.example.co.uk!", "EMAIL_ADDRESS", None),
        ("jane [at] example [dot] org is mine", "EMAIL_ADDRESS", "jane [at] example [dot] org"),
        ("mail me: jane at example dot com", "EMAIL_ADDRESS", "jane at example dot com"),
        ("pay from DE89 3704 0044 0532 0130 00 please", "IBAN_CODE", "DE89 3704 0044 0532 0130 00"),
        ("iban gb82west12345698765432", "IBAN_CODE", "gb82west12345698765432"),
        ("with a typo: FR7630006000011234567890188", "IBAN_CODE", "FR7630006000011234567890188"),
        ("card 4111 1111 1111 1111", "CREDIT_CARD", "4111 1111 1111 1111"),
        ("my card number is 4111-1111-1111-1112", "CREDIT_CARD", "4111-1111-1111-1112"),
        ("from 203.0.113.7 today", "IP_ADDRESS", "203.0.113.7"),
        ("host 2001:db8::8a2e:370:7334", "IP_ADDRESS", "2001:db8::8a2e:370:7334"),
        ("ftp://jane:pw@files.example.org/x", "URL", "ftp://jane:pw@files.example.org/x"),
        ("I am linkedin.com/in/jane-doe", "URL", "linkedin.com/in/jane-doe"),
        ("https://shop.example/reset?token=abc123", "URL", None),
        ("call +44 20 7946 0958", "PHONE_NUMBER", "+44 20 7946 0958"),
        ("my mobile is 0170 1234567", "PHONE_NUMBER", "0170 1234567"),
        ("(415) 555-2671 after six", "PHONE_NUMBER", "(415) 555-2671"),
        ("电话13812345678", "PHONE_NUMBER", "13812345678"),
        ("ssn 078-05-1120", "US_SSN", "078-05-1120"),
        ("order no. AB-48213 is late", "ORDER_NUMBER", "AB-48213"),
        ("订单号是48213", "ORDER_NUMBER", "48213"),
        ("the password is hunter2!", "SECRET", None),
        ("my key AKIAIOSFODNN7EXAMPLE", "SECRET", "AKIAIOSFODNN7EXAMPLE"),
        ("My name is Zbigniew Brzeczyszczykiewicz", "PERSON", "Zbigniew Brzeczyszczykiewicz"),
        ("my name is john smith", "PERSON", "john smith"),
        ("ask Ingrid van der Berg, she knows", "PERSON", "Ingrid van der Berg"),
        ("Dear Mrs. O'Neill, hello", "PERSON", "O'Neill"),
        ("that is Peter's parcel", "PERSON", "Peter"),
        ("我叫王小明。", "PERSON", "王小明"),
        ("ship to 221B Baker Street, London", "STREET_ADDRESS", "221B Baker Street, London"),
        ("Ich wohne Lange Straße 12", "STREET_ADDRESS", "Lange Straße 12"),
        ("au 12 rue de la Paix", "STREET_ADDRESS", "12 rue de la Paix"),
        ("Calle Mayor 5, Madrid", "STREET_ADDRESS", "Calle Mayor 5, Madrid"),
        ("P.O. Box 1234", "STREET_ADDRESS", "P.O. Box 1234"),
        ("to 14b elm tree rd, leeds, uk pls", "STREET_ADDRESS", "14b elm tree rd, leeds, uk"),
        ("PSC 802, Box 74\nAPO AE 09499", "STREET_ADDRESS", "PSC 802, Box 74\nAPO AE 09499"),
        ("ul. Polna 7, 00-625 Warszawa", "STREET_ADDRESS", "ul. Polna 7, 00-625 Warszawa"),
        ("3 Hill St, Reno, Nevada, USA", "STREET_ADDRESS", "3 Hill St, Reno, Nevada, USA"),
        ("born on 3 May 1990", "BIRTH_DATE", "3 May 1990"),
        ("Geburtsdatum: 01.02.1983", "BIRTH_DATE", "01.02.1983"),
        ("出生日期是1992年7月9日", "BIRTH_DATE", "1992年7月9日"),
        ("my NI number is QQ 12 34 56 C", "NATIONAL_ID", "QQ 12 34 56 C"),
        ("passport no. 533401372", "NATIONAL_ID", "533401372"),
        ("EIN 12-3456789", "TAX_ID", "12-3456789"),
        ("UTR: 12345 67890", "TAX_ID", "12345 67890"),
        ("VAT GB 123 4567 89", "TAX_ID", "GB 123 4567 89"),
        ("USt-IdNr. DE123456789", "TAX_ID", "DE123456789"),
        ("Steuer-ID 86 095 742 719", "TAX_ID", "86 095 742 719"),
        ("licence MORGA657054SM9IJ", "LICENCE_NUMBER", "MORGA657054SM9IJ"),
        ("Kennzeichen B-MA 1234", "LICENCE_NUMBER", "B-MA 1234"),
        ("do you deliver to ec1a 1bb?", "POSTCODE", "ec1a 1bb"),
        ("PLZ 10115", "POSTCODE", "10115"),
        ("my insta is trail_tom", "HANDLE", "trail_tom"),
        ("tag @maria.rides please", "HANDLE", "@maria.rides"),
        ("password hunter22 fails", "SECRET", "hunter22"),
        ("john at gmail.com", "EMAIL_ADDRESS", "john at gmail.com"),
        ("ann underscore b at web punkt de", "EMAIL_ADDRESS", "ann underscore b at web punkt de"),
        ("It is for my neighbour Priyanka Venkat", "PERSON", "Priyanka Venkat"),
        ("parcel for Wisława Szczepańska", "PERSON", "Wisława Szczepańska"),
        ("我住在上海市世纪大道100号", "STREET_ADDRESS", "上海市世纪大道100号"),
    ],
)
def test_each_kind_is_found(text: str, kind: str, value: str | None) -> None:
    spans = found(text)

    assert kind in [span_kind for span_kind, _ in spans]
    assert value is None or (kind, value) in spans


@pytest.mark.parametrize(
    "text",
    [
        "Will it rain in April? May I return it?",
        "The tent weighs 2.4 kg and costs 129.90 EUR",
        "open on 2026-01-05, 9:00 to 18:00",
        "boots in size 42, jacket in XL",
        "Is New York open on Monday?",
        "version 10.2.1 of the app",
        "see chapter 12 and page 104",
        "你好,退货需要几天?",
        "The zip broke after 30 days",
        "my password reset link does not work",
        "is 20% VAT included for orders over 150?",
        "Does the Jordan stove run on gas?",
        "Do you have St. Bernard harnesses and the Rose fleece?",
        "Wie warm ist der Emil Schlafsack?",
        "La veste Camille existe-t-elle en bleu ?",
        "I want 12 Summit Trail poles",
        "look at northtrail.com, it is cheaper there",
        "",
    ],
)
def test_what_is_not_personal_stays(text: str) -> None:
    assert found(text) == []


@given(st.text(max_size=300))
def test_spans_are_in_order_and_within_any_text(text: str) -> None:
    spans = find(text)

    edges = [edge for span in spans for edge in (span.start, span.end)]
    assert edges == sorted(edges)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)


@given(before=st.text("abc .,\n", max_size=30), after=st.text("xyz .,\n", max_size=30))
def test_an_email_address_is_found_whatever_stands_around(before: str, after: str) -> None:
    text = f"{before} jane.doe@example.org {after}"

    assert ("EMAIL_ADDRESS", "jane.doe@example.org") in found(text)


def test_personal_data_at_the_end_of_a_very_long_text_is_found() -> None:
    assert found("no news. " * 30_000 + "write to jane@example.org")[-1] == (
        "EMAIL_ADDRESS",
        "jane@example.org",
    )


@pytest.mark.parametrize(
    "piece", ["A1 ", "1 ", "Aa ", "a@", "1-", "a.", "AB12 ", "(1", "中路", "\n"]
)
def test_repetition_does_not_run_away(piece: str) -> None:
    find(piece * 20_000)
