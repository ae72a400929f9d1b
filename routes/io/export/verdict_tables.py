"""Verdicts as JSON, the content of verdicts.json (docs/reference.md)."""

from collections.abc import Sequence

from routes.analysis.study import Study
from routes.analysis.verdicts.causes import Diagnosis
from routes.analysis.verdicts.consensus import Consensus
from routes.analysis.verdicts.finding import Finding
from routes.analysis.verdicts.places import ListedVerdict
from routes.io.export.tables import dumped, found_pass_data
from routes.model.estimate import rounded
from routes.model.units import Units


def findings_json(study: Study) -> str:
    """All findings of a trek as JSON, from `verdicts_data`."""
    return dumped(verdicts_data(study))


def verdicts_data(study: Study) -> dict[str, object]:
    """All findings of a trek as plain values, with the unnamed high points of its lines."""
    return findings_data(study.trek.id, study.findings, study.consensus) | {
        "unnamed_passes": [
            {"leg": leg.leg.id, **found_pass_data(found)}
            for leg in study.legs
            for found in leg.unnamed_passes
        ]
    }


def listed_findings_json(name: str, verdicts: Sequence[ListedVerdict]) -> str:
    """Findings on a list of places as JSON, with its unreadable rows."""
    findings = [verdict.finding for verdict in verdicts if verdict.finding is not None]
    errors = [
        {"where": verdict.place.where, "name": verdict.place.name, "error": verdict.error}
        for verdict in verdicts
        if verdict.finding is None
    ]
    return dumped(findings_data(name, findings) | {"errors": errors})


def findings_data(
    trek_id: str, findings: Sequence[Finding], consensus: Sequence[Consensus] = ()
) -> dict[str, object]:
    """Findings as plain values, with verdict counts and the joint result of all sources on a height."""
    counts: dict[str, int] = {}
    for finding in findings:
        counts[finding.verdict.value] = counts.get(finding.verdict.value, 0) + 1
    return {
        "trek": trek_id,
        "counts": counts,
        "findings": [_finding(finding) for finding in findings],
        "consensus": [_consensus(whole) for whole in consensus],
    }


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "subject": finding.subject,
        "name": finding.name,
        "check": finding.check.value,
        "quantity": str(finding.quantity),
        "claims": [{"printed": stated.printed, "source": stated.source} for stated in finding.statements],
        "verdict": finding.verdict.value,
        "reason": finding.reason_in(Units.METRIC),
        "stated": rounded(finding.stated),
        "estimate": rounded(finding.estimate),
        "unit": finding.unit,
        "u": rounded(finding.u),
        "interval": None if finding.interval is None else [round(end, 1) for end in finding.interval],
        "would_print": finding.printed_figure,
        "budget": {key: round(value, 2) for key, value in finding.budget.items()},
        "terms": dict(finding.terms),
        "notes": list(finding.notes_in(Units.METRIC)),
        "basis": finding.basis,
        "diagnosis": None if finding.diagnosis is None else diagnosis_data(finding.diagnosis),
    }


def diagnosis_data(diagnosis: Diagnosis) -> dict[str, object]:
    """Possible causes as plain values, likeliest first, without those below 0.1 %."""
    return {
        "causes": [
            {
                "cause": likely.cause.value,
                "probability": round(likely.probability, 3),
                "text": likely.text.text(Units.METRIC),
            }
            for likely in diagnosis.causes
            if likely.probability >= 0.001
        ],
        "untested": list(diagnosis.untested),
    }


def _consensus(whole: Consensus) -> dict[str, object]:
    low, high = whole.interval_m
    return {
        "subject": whole.subject,
        "name": whole.name,
        "value_m": rounded(whole.value_m),
        "low_m": rounded(low),
        "high_m": rounded(high),
        "u_m": rounded(whole.u_m),
        "text": whole.text(Units.METRIC),
        "members": [
            {
                "printed": member.vote.printed,
                "source": member.vote.source,
                "value_m": rounded(member.vote.value_m),
                "u_m": rounded(member.vote.u_m),
                "verdict": member.verdict.value,
                "p_wrong": round(member.p_wrong, 3),
                "is_outlier": member.is_outlier,
            }
            for member in whole.members
        ],
    }
