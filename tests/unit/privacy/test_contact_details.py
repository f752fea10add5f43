"""Contact details in free text are found; order numbers, dates and amounts are not."""

import pytest

from cxdash.privacy.contact_details import found_in, masked

HOLDS = [
    ("write to anna.berg@example.com today", "e-mail"),
    ("ANNA+SURVEY@Mail.Example.CO.UK", "e-mail"),
    ("mail: jörg@bücher.example.de.", "e-mail"),
    ("o'neil@example.ie is mine", "e-mail"),
    ("anna (at) example.com", "e-mail"),
    ("anna [at] example.com", "e-mail"),
    ("<anna@example.com>", "e-mail"),
    ("see https://example.com/reset?token=8f7a6b5c4d", "link"),
    ("http://user:secret@example.com/", "link"),
    ("www.example.com/unsubscribe/Zk3J9fQ2mX8vB1nL5tR7yU0w", "link"),
    ("https://example.com/#access_token=abc123", "link"),
    ("my card 4111 1111 1111 1111 was charged", "card"),
    ("4111111111111111", "card"),
    ("card 5500-0000-0000-0004", "card"),
    ("amex 3782 822463 10005", "card"),
    ("6011000990139424.", "card"),
    ("2223 0031 2200 3222", "card"),
    ("IBAN DE89 3704 0044 0532 0130 00 please", "bank account"),
    ("GB82WEST12345698765432", "bank account"),
    ("pay to FR14 2004 1010 0505 0001 3M02 606", "bank account"),
    ("NL91ABNA0417164300 is the account", "bank account"),
    ("ch93 0076 2011 6238 5295 7", "bank account"),
    ("ssn 536-90-4399", "national number"),
    ("my number is 536-90-4399", "national number"),
    ("NI number AB 12 34 56 C", "national number"),
    ("AB123456C", "national number"),
    ("RSSMRA85T10A562S", "national number"),
    ("DNI 12345678Z", "national number"),
    ("1 85 05 78 006 084 91", "national number"),
    ("passport C01X00T47? no: passport number 123456789", "national number"),
    ("tax id 12 345 678 901", "national number"),
    ("call +49 30 1234567", "phone"),
    ("+44 20 7946 0018", "phone"),
    ("+1 (415) 555-0132", "phone"),
    ("+14155550132", "phone"),
    ("0049 171 2345678", "phone"),
    ("ring (415) 555-0132", "phone"),
    ("415-555-0132 after six", "phone"),
    ("415.555.0132", "phone"),
    ("030 1234567 is my office", "phone"),
    ("0171/2345678", "phone"),
    ("020 7946 0018", "phone"),
    ("01 42 68 53 00", "phone"),
    ("phone: 5550132", "phone"),
    ("call me back on 555 0132 44", "phone"),
    ("tel. 8123 4567", "phone"),
    ("my mobile number is 07700900123", "phone"),
    ("WhatsApp 612345678", "phone"),
]
HOLDS_NOTHING = [
    "order 4111111111111112 never came",  # no card: the check digit does not fit
    "order 9000000000000001",
    "order number 100000000000000000",
    "invoice 2026-000123",
    "ticket #12345678",
    "ref 1234-5678-9012",
    "PO 450012345678",
    "on 2026-03-04 at 10:15",
    "01/09/2021 and 03.04.2026",
    "01-09-2021",
    "from 2024 to 2026",
    "paid 1,234,567.89 USD",
    "1.234.567,89 EUR",
    "12 345 678,90",
    "0.123456789",
    "-12.50 and +12.50",
    "rose by +1234567 units",
    "10 out of 10, 9 of 12 months",
    "version 10.12.3.4567",
    "192.168.10.25 did not answer",
    "we have 120 000 users",
    "3.14159265358979",
    "at 100% of 250 seats",
    "@support was rude",
    "meet me @ the desk",
    "a@b",
    "https://example.com/help",
    "www.example.com is slow",
    "https://example.com/en/pricing/enterprise",
    "DE89 3704 0044 0532 0130 01",  # no account: the check digits do not fit
    "model XR12345678 broke",
    "SKU AB12CD34EF56",
    "12345678A",  # the check letter does not fit
    "RSSMRA85T10A562X",
    "1 85 05 78 006 084 92",
    "000-12-3456",
    "666-12-3456",
    "room 0815",
    "part 00 11 22",
    "building 12-34-56",
    "the 2025/2026 season",
    "quarter 3/4, aisle 5",
    "call me maybe",
    "my phone broke twice in 2025",
    "mobile app version 12",
    "size 38/32",
    "10:15-11:45",
    "answered in 20 minutes 45 seconds",
    "İstanbul 34000",
    "customer 010775 is unhappy",
    "c00123 left",
    "",
]


@pytest.mark.promise("P02")
@pytest.mark.parametrize(("text", "what"), HOLDS, ids=[text[:40] for text, _ in HOLDS])
def test_P02_a_detail_is_found_and_named(text, what):
    assert what in [kind for _, _, kind in found_in(text)]


@pytest.mark.promise("P02")
@pytest.mark.parametrize("text", HOLDS_NOTHING, ids=[text[:40] for text in HOLDS_NOTHING])
def test_P02_what_is_no_detail_stays(text):
    assert masked(text) == text


def test_only_the_detail_is_replaced():
    assert masked("Anna, anna@example.com or +49 30 1234567, order 4711") == (
        "Anna, [e-mail] or [phone number], order 4711"
    )


def test_two_details_that_touch_are_masked_once_each():
    text = "a@example.com,b@example.org"
    assert masked(text) == "[e-mail],[e-mail]"
