"""What must be known before a number of ``voices`` is quoted, and what it cannot tell."""

from collections.abc import Iterator

from cxdash.facts import format as fmt
from cxdash.questions.piloted import only_a_pilot
from cxdash.questions.sampling import drawn_words
from cxdash.questions.voices.find import Found
from cxdash.stats.languages import SUPPORTED, UNTOLD
from cxdash.stats.themes import FEWEST_COMMENTS

__all__ = ["caveats", "missing"]


def caveats(found: Found) -> tuple[str, ...]:
    """What a reader must know before quoting a number of this Answer."""
    return tuple(dict.fromkeys(_caveats(found)))


def _caveats(found: Found) -> Iterator[str]:
    if found.stage is not None:
        conditions = found.stage.conditions
        for reason in (*conditions.against_rates, *conditions.against_money):
            yield reason.why
    if found.behaviour.why_not:
        yield found.behaviour.why_not
    if found.behaviour.customers < found.behaviour.wrote:
        yield drawn_words(found.behaviour.customers, found.behaviour.wrote)
    if found.behaviour.effects:
        held = found.behaviour.effects[0].held_equal
        yield (
            "These are associations, not proof: customers who speak of a theme also differ in ways "
            f"nobody recorded. Held equal: {fmt.listed(held)}. Only comments written before count, "
            "none that came with a goodbye."
        )
        yield (
            "A customer who speaks of two themes counts for both, so the money beside themes is "
            "not added up."
        )
    if found.scored is not None and found.scored.themes:
        yield (
            "The score without a theme is a description: a theme that an unhappy group merely "
            "mentions more often moves it too. Beside it stands the same among like customers"
            + (
                f" (held equal: {fmt.listed(found.scored.groups)})."
                if found.scored.groups
                else "; here the customer list names no groups to hold equal."
            )
        )
    yield from _about_themes(found)
    yield from _about_languages(found)
    yield from _about_tone(found)
    yield (
        "Quotes are drawn by lot from all comments of a theme, spread over its scores; nobody "
        "chose them. Names the data knows, names behind a title, and contact details are masked; "
        "another name in the text may remain."
    )


def _about_themes(found: Found) -> Iterator[str]:
    unsteady = sum(not theme.is_steady for theme in found.themes)
    if unsteady:
        yield (
            f"{fmt.counted(unsteady, 'theme', 'themes')} did not come again when comments were "
            "drawn anew: marked in the table, and nothing is compared by it."
        )
    if any(theme.is_named for theme in found.themes):
        yield (
            "A comment that uses a word of a theme that was entered by a person counts for that "
            "theme, and for none that was found by itself."
        )
    more = found.said.written - len(found.said.rows)
    if more:
        yield (
            f"The newest {fmt.count(len(found.said.rows))} comments were read; "
            f"{fmt.count(more)} older ones were not."
        )


def _about_languages(found: Found) -> Iterator[str]:
    codes = found.said.language[found.keep]
    untold = int((codes == UNTOLD).sum())
    other = sum(str(code) not in SUPPORTED for code in codes[codes != UNTOLD])
    if untold or other:
        yield (
            f"Themes are looked for in {fmt.listed([*SUPPORTED.values()])}. "
            f"{fmt.counted(other, 'comment is', 'comments are')} in another language, and of "
            f"{fmt.count(untold)} the language cannot be told, mostly for being one word or two; "
            "they are counted, not guessed."
        )


def _about_tone(found: Found) -> Iterator[str]:
    if found.said.judge == "word list":
        yield (
            "Too few comments stand beside a score to learn from, so the tone comes from a list of "
            "English words; comments in other languages have none."
        )
    if found.said.judge == "nobody":
        yield (
            "The tone of these comments is not known: too few stand beside a score to learn from, "
            "and none is in English."
        )


def missing(found: Found) -> tuple[str, ...]:
    """What this data cannot tell, and what would let it."""
    return tuple(dict.fromkeys(_missing(found)))


def _missing(found: Found) -> Iterator[str]:
    if not found.themes:
        yield (
            f"Themes: at least {FEWEST_COMMENTS} comments of three words or more in one of "
            f"{fmt.listed([*SUPPORTED.values()])}, or a theme entered with its words on this page."
        )
    if found.stage is None or not found.said.rows["customer_id"].notna().any():
        yield (
            "What customers do after a comment: import a customer key with the comments, and what "
            "customers pay (subscriptions, invoices or payments)."
        )
    else:
        yield from found.stage.conditions.would_help
        if found.behaviour.why_not:
            yield (
                "What goes with a theme: a longer history of comments and of who left, at least "
                f"{2 * found.scope.horizon} months."
            )
        if found.behaviour.effects:
            yield only_a_pilot(
                "Whether mending what a theme is about keeps customers", found.ground, found.as_of
            )
    if found.scored is None:
        yield "What a theme does to the score: import a rating in the same survey as the comments."
