"""Contact details and numbers of people in free text, found and masked.

Only what can be told soundly: a check digit must fit (cards, bank accounts, national numbers), or
the form must leave no doubt (e-mail, +49 …, (415) 555-0132), or a word before it says what it is.
Order numbers, dates and amounts stay. Names of people cannot be told from other words and stay too.
"""

import re
from collections.abc import Callable, Iterable
from typing import Final

__all__ = ["MARKS", "found_in", "masked"]

MARKS: Final = {
    "e-mail": "[e-mail]",
    "link": "[link with a key]",
    "bank account": "[bank account]",
    "card": "[card number]",
    "national number": "[national number]",
    "phone": "[phone number]",
}
_EMAIL: Final = re.compile(
    r"(?<![\w.+-])[\w.!#$%&'*+/=?^`{|}~-]{1,64}(?:@|\s?\[at\]\s?|\s?\(at\)\s?)"
    r"(?:[\w-]{1,63}\.){1,5}[^\W\d_]{2,24}(?![\w-])"
)
_LINK: Final = re.compile(r"\b(?:https?://|www\.)[^\s<>\"“”]{4,}", re.IGNORECASE)
_KEYED: Final = re.compile(r"//[^/\s]*@|[?#&;][^\s]*=|/(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{20,}")
_IBAN: Final = re.compile(r"\b[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{1,4}){3,9}\b", re.IGNORECASE)
_CARD: Final = re.compile(r"(?<![\d.,+-])\d(?:[ -]?\d){12,18}(?![\d]|[.,-]\d)")
_ISSUER: Final = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2(?:2[2-9]|[3-6]\d|7[01])\d{13}|3[47]\d{13}"
    r"|3(?:0[0-5]|[68]\d)\d{11}|35\d{14}|6(?:011|5\d{2}|4[4-9]\d)\d{12}"
)
_NATIONAL: Final = (
    # United States: social security; blocks never given out are none.
    (re.compile(r"(?<![\w-])(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-])"), None),
    # United Kingdom: national insurance.
    (
        re.compile(
            r"\b(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]"
            r" ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b"
        ),
        None,
    ),
    # Italy, Spain, France: with a check letter or a check number.
    (
        re.compile(r"\b[A-Z]{6}\d{2}[ABCDEHLMPRST]\d{2}[A-Z]\d{3}[A-Z]\b", re.IGNORECASE),
        "_is_italian",
    ),
    (re.compile(r"(?<![\w-])[0-9XYZ]\d{7}-?[A-Z](?![\w-])"), "_is_spanish"),
    (
        re.compile(r"(?<![\d.,])[12] ?\d{2} ?\d{2} ?\d[\dAB] ?\d{3} ?\d{3} ?\d{2}(?!\d)"),
        "_is_french",
    ),
)
_SAYS_NATIONAL: Final = re.compile(
    r"\b(?:ssn|social security|tax id|steuer-?id|national id|passport|bsn|pesel|personnummer|cpf)"
    r"\b\D{0,15}(?P<number>[A-Z]{0,2}\d[\d .\-/]{5,16}\d)",
    re.IGNORECASE,
)
_INTERNATIONAL: Final = re.compile(
    r"(?<![\w+])(?<!\d )(?:\+|00(?=[1-9]))[1-9]\d{0,2}[ ./-]?(?:\(0?\d{1,4}\)[ ./-]?)?"
    r"\d(?:[ ./-]?\d){6,12}(?!\d)"
)
_AMERICAN: Final = re.compile(
    r"(?<![\w.,-])(?:1[ .-])?(?:\([2-9]\d{2}\) ?|[2-9]\d{2}(?P<by>[.-]))"
    r"[2-9]\d{2}(?(by)(?P=by)|[ .-])\d{4}(?![\w-]|[.,]\d)"
)
_NATIONAL_PHONE: Final = re.compile(
    r"(?<![\w.,/+-])(?<!\d )\(?0[1-9]\d{0,4}\)?(?:[ /-]\d{2,8}){1,5}(?![\w-]|[.,/]\d)"
)
_SAYS_PHONE: Final = re.compile(
    r"\b(?:tel|tel\.|telephone|telefon|phone|mobile|mobil|handy|cell|whatsapp|fax|"
    r"call me(?: back)?(?: on| at)?|reach me (?:on|at)|text me (?:on|at)|ring me (?:on|at)|"
    r"t[ée]l[ée]phone|m[óo]vil|ll[áa]m(?:e|a)me al?|rufen sie (?:mich )?(?:an )?unter)"
    r"\b[\s:.#]{0,3}(?:(?:number|no|nr|is|nummer)\b[\s:.#]{0,3}){0,2}"
    r"(?P<number>\(?\d(?:[ ()./-]{0,2}\d){5,13})(?!\d)",
    re.IGNORECASE,
)
_LENGTHS: Final = {
    "AD": 24, "AE": 23, "AT": 20, "BE": 16, "BG": 22, "BR": 29, "CH": 21, "CY": 28, "CZ": 24,
    "DE": 22, "DK": 18, "EE": 20, "ES": 24, "FI": 18, "FR": 27, "GB": 22, "GI": 23, "GR": 27,
    "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IS": 26, "IT": 27, "LI": 21, "LT": 20, "LU": 20,
    "LV": 21, "MC": 27, "MT": 31, "NL": 18, "NO": 15, "PL": 28, "PT": 25, "RO": 24, "SA": 24,
    "SE": 24, "SI": 19, "SK": 24, "SM": 27, "TR": 26, "UA": 29,
}  # fmt: skip
_ODD: Final = dict(
    zip(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3,
         6, 8, 12, 14, 16, 10, 22, 25, 24, 23),
        strict=True,
    )
)  # fmt: skip

Found = tuple[int, int, str]  # from, to, what


def masked(text: str) -> str:
    """The text with every detail replaced by a mark that says what stood there.

    >>> masked("write to anna@example.com")
    'write to [e-mail]'
    """
    told, last = [], 0
    for start, end, what in found_in(text):
        told += [text[last:start], MARKS[what]]
        last = end
    return "".join([*told, text[last:]]) if told else text


def found_in(text: str) -> list[Found]:
    """Where details stand and what they are, in order; of two that overlap the first rule's."""
    if not any(char.isdigit() or char in "@[(" or char == "/" for char in text):
        return []
    taken: list[Found] = []
    for what, look in _RULES:
        for start, end in look(text):
            if all(end <= other or start >= until for other, until, _ in taken):
                taken.append((start, end, what))
    return sorted(taken)


def _emails(text: str) -> Iterable[tuple[int, int]]:
    return (found.span() for found in _EMAIL.finditer(text))


def _links(text: str) -> Iterable[tuple[int, int]]:
    return (found.span() for found in _LINK.finditer(text) if _KEYED.search(found[0]))


def _accounts(text: str) -> Iterable[tuple[int, int]]:
    """Bank accounts; a match may run on into the next word, so shorter ends are tried as well."""
    for found in _IBAN.finditer(text):
        length = _LENGTHS.get(found[0][:2].upper(), 0)
        bare = 0
        for place, char in enumerate(found[0]):
            bare += char.isalnum()
            if bare == length:
                candidate = re.sub(r"[ -]", "", found[0][: place + 1]).upper()
                if _is_iban(candidate):
                    yield found.start(), found.start() + place + 1
                break


def _is_iban(code: str) -> bool:
    turned = code[4:] + code[:4]
    return int("".join(str(int(char, 36)) for char in turned)) % 97 == 1


def _cards(text: str) -> Iterable[tuple[int, int]]:
    for found in _CARD.finditer(text):
        digits = re.sub(r"\D", "", found[0])
        if _ISSUER.fullmatch(digits) and _fits_luhn(digits):
            yield found.span()


def _fits_luhn(digits: str) -> bool:
    doubled = (int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(digits[::-1]))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def _nationals(text: str) -> Iterable[tuple[int, int]]:
    for pattern, check in _NATIONAL:
        fits = _CHECKS.get(check or "", _always)
        for found in pattern.finditer(text):
            if fits(re.sub(r"[ -]", "", found[0]).upper()):
                yield found.span()
    yield from (found.span("number") for found in _SAYS_NATIONAL.finditer(text))


def _always(_: str) -> bool:
    return True


def _is_italian(code: str) -> bool:
    even = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    total = sum(
        _ODD[char] if place % 2 == 0 else even.index(char) - (10 if char.isalpha() else 0)
        for place, char in enumerate(code[:15])
    )
    return chr(ord("A") + total % 26) == code[15]


def _is_spanish(code: str) -> bool:
    number = int(code[:-1].translate(str.maketrans("XYZ", "012")))
    return "TRWAGMYFPDXBNJZSQVHLCKE"[number % 23] == code[-1]


def _is_french(code: str) -> bool:
    number = int(code[:-2].replace("2A", "19").replace("2B", "18"))
    return code[3:5] != "00" and 97 - number % 97 == int(code[-2:])


def _phones(text: str) -> Iterable[tuple[int, int]]:
    yield from (found.span() for found in _INTERNATIONAL.finditer(text))
    yield from (found.span() for found in _AMERICAN.finditer(text))
    for found in _NATIONAL_PHONE.finditer(text):
        if 9 <= sum(char.isdigit() for char in found[0]) <= 12:
            yield found.span()
    for found in _SAYS_PHONE.finditer(text):
        if 7 <= sum(char.isdigit() for char in found["number"]) <= 14:
            yield found.span("number")


_CHECKS: Final[dict[str, Callable[[str], bool]]] = {
    "_is_italian": _is_italian,
    "_is_spanish": _is_spanish,
    "_is_french": _is_french,
}
_RULES: Final[tuple[tuple[str, Callable[[str], Iterable[tuple[int, int]]]], ...]] = (
    ("link", _links),
    ("e-mail", _emails),
    ("bank account", _accounts),
    ("card", _cards),
    ("national number", _nationals),
    ("phone", _phones),
)
