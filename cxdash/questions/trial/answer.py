"""Which metrics deserve attention? Every metric on trial: working, unproven, echo or vanity.

The page's argument: so many of the metrics collected tell beforehand what customers do, beyond what
finance and operations know anyway; this is what each adds and what money goes with it; these
units' answers should be checked first; and this would change our mind.
"""

from typing import Final

from cxdash.facts import Answer, Scope, Status
from cxdash.questions.setting import nothing_to_ask
from cxdash.questions.trial.charts import trial_charts
from cxdash.questions.trial.facts import trial_facts
from cxdash.questions.trial.find import Tried, try_all
from cxdash.questions.trial.stage import trial_stage
from cxdash.questions.trial.tables import tables
from cxdash.questions.trial.words import caveats, headline, missing
from cxdash.store import Reader

__all__ = ["TITLE", "compose", "trial"]

TITLE: Final = "Which metrics deserve attention?"


def trial(view: Reader, scope: Scope) -> Answer:
    """Answer the question for a scope; what cannot be tried is unproven and says why."""
    stage = trial_stage(view, scope)
    if stage is None:
        return nothing_to_ask(view, scope, "trial", TITLE)
    return compose(try_all(view, stage))


def compose(tried: Tried) -> Answer:
    """Put what was found into words, Facts, tables and charts."""
    rows = tables(tried)
    return Answer(
        question="trial",
        title=TITLE,
        as_of=tried.stage.base.as_of,
        scope=tried.stage.base.scope,
        headline=headline(tried),
        status=_status(tried),
        facts=trial_facts(tried),
        tables=rows,
        caveats=tuple(caveats(tried)),
        missing=tuple(dict.fromkeys(missing(tried))),
        charts=trial_charts(tried, rows),
    )


def _status(tried: Tried) -> Status:
    if not any(case.links for case in tried.cases):
        return "cannot_tell"
    return "partly" if tried.stage.base.conditions.against_money else "answered"
