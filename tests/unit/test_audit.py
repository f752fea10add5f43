"""A package that was not looked up is never called clean."""

import json

import pytest

from tools import audit
from tools.audit import Pin, judged, judged_licences, locked

PINS = [Pin("alpha", "1.0", "MIT"), Pin("Beta", "2.0", "BSD-3-Clause")]


def told(**vulns):
    return json.dumps(
        {
            "dependencies": [
                {"name": name, "version": "1", "vulns": [{"id": bug} for bug in bugs]}
                for name, bugs in vulns.items()
            ]
        }
    )


def test_every_pin_looked_up_without_a_finding_is_clean():
    verdict = judged(PINS, (told(alpha=[], beta=[]), "No known vulnerabilities found"))
    assert (verdict.code, verdict.lines) == (0, ("2 packages audited, no known vulnerability",))


def test_a_known_vulnerability_fails_even_if_others_were_not_looked_up():
    verdict = judged(PINS, (told(alpha=["PYSEC-1"]), ""))
    assert verdict.code == 1
    assert "alpha 1: PYSEC-1" in verdict.lines


@pytest.mark.parametrize(
    "output",
    [
        "",
        "[]",
        told(),
        told(alpha=[]),
        json.dumps({"dependencies": [{"name": "alpha", "skip_reason": "not found"}]}),
    ],
)
def test_what_was_not_looked_up_makes_the_run_not_audited_and_says_so(output):
    verdict = judged(PINS, (output, "No known vulnerabilities found"))
    assert verdict.code == 3
    assert verdict.lines[0].startswith("NOT AUDITED")


def test_gpl_is_refused_lgpl_and_the_free_ones_are_not():
    good = [*PINS, Pin("gamma", "1", "LGPL-3.0-or-later"), Pin("delta", "1", "MPL-2.0")]
    assert judged_licences(good).code == 0
    for bad in ("GPL-3.0-only", "AGPL-3.0", "GNU General Public License v2 (GPLv2)"):
        assert judged_licences([*good, Pin("epsilon", "1", bad)]).code == 1


def test_the_lock_itself_holds_only_licences_we_may_use_and_all_are_told():
    pins = list(locked(audit.LOCK.read_text(encoding="utf-8")))
    assert len(pins) > 50
    assert judged_licences(pins).lines == (f"licences of {len(pins)} packages looked at",)
    parts = json.loads(audit.sbom(pins))["components"]
    assert [part["name"] for part in parts] == [pin.name for pin in pins]
