"""Text from people never becomes markup."""

import pytest

from cxdash.faces.web.escape import md, plain

ATTACKS = [
    "![x](http://evil.example/a.png)",
    "[click](javascript:alert(1))",
    "<script>alert(1)</script>",
    ":red[blood] :material/home: :smile:",
    "$x^2$ `code` **bold** _it_ ~~no~~",
    "# heading",
    "- item",
    "| a | b |",
    "http://evil.example www.evil.example a@evil.example",
]


def unescaped(text: str) -> str:
    """What markdown shows for a text in which every mark is escaped."""
    shown, escaped = [], False
    for char in text:
        if char == "\\" and not escaped:
            escaped = True
            continue
        shown.append(char)
        escaped = False
    return "".join(shown).replace("\u2060", "")


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_reader_sees_exactly_the_characters(attack: str) -> None:
    assert unescaped(md(attack)) == attack


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_mark_is_left_unescaped(attack: str) -> None:
    text = md(attack)
    for position, char in enumerate(text):
        if char in "!*_`[]()#|<>$~:{}&@":
            assert text[position - 1] == "\\", (attack, text)


def test_shortcodes_and_addresses_are_broken_up() -> None:
    assert ":smile:" not in md(":smile:").replace("\\", "")
    assert "www.evil" not in md("www.evil.example").replace("\\", "")
    assert "http://" not in md("http://evil.example").replace("\\", "")
    assert "a@evil" not in md("a@evil.example").replace("\\", "")


def test_lines_control_and_direction_characters_become_spaces() -> None:
    assert plain("one\r\n\ttwo\x00three\u202efour\u2066") == "one two three four"


def test_long_text_is_shortened_visibly() -> None:
    assert plain("a" * 500, 10) == "aaaaaaaaa…"
