"""The samples one by one: request, gold and output side by side, mistakes and diagnostics."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from flowloom.evaluation.cases import Case
from flowloom.evaluation.mistakes import Mistake
from flowloom.evaluation.reports.differences import side_by_side
from flowloom.evaluation.reports.loading import ArmSamples, Run
from flowloom.evaluation.runner.store import Finished
from flowloom.verification.diagnostic import Diagnostic

__all__ = ["samples_part"]


def samples_part(run: Run, most: int) -> str:
    """Return the section; beyond ``most`` samples the wrong ones come first."""
    rows = [(arm, item) for arm in run.arms for item in arm.samples]
    rows.sort(key=lambda row: row[1].scores.correct)
    shown = rows[:most]
    left = len(rows) - len(shown)
    note = (
        f'<p class="warn">{left:,} more samples are not on this page (the right ones first left '
        "out); they are all in samples.csv.</p>"
        if left
        else ""
    )
    arms = "".join(
        f'<option value="{escape(arm.name)}">{escape(arm.name)}</option>' for arm in run.arms
    )
    return (
        '<h2 id="samples">Samples</h2>'
        '<div class="filters"><select id="f-arm" aria-label="strategy"><option value="">every '
        f'strategy</option>{arms}</select><select id="f-end" aria-label="outcome">'
        '<option value="">every outcome</option><option value="no">wrong</option>'
        '<option value="ok">correct</option></select>'
        '<input id="f-words" type="search" placeholder="words in it" aria-label="words">'
        f'<span id="f-count" class="soft"></span></div>{note}'
        + "".join(_sample(arm, item) for arm, item in shown)
    )


def _sample(arm: ArmSamples, item: Finished) -> str:
    case, scores, output = arm.case_of(item), item.scores, item.sample.output
    end = "ok" if scores.correct else "no"
    mark = "correct" if scores.correct else "wrong"
    facts = [arm.name, case.level or "", case.domain, f"said {scores.claimed}"]
    if scores.flow_sim is not None:
        facts.append(f"FlowSim {scores.flow_sim:.2f}")
    if item.sample.repeat:
        facts.append(f"repeat {item.sample.repeat}")
    head = " · ".join(escape(fact) for fact in facts if fact)
    return (
        f'<details class="sample" data-arm="{escape(arm.name)}" data-end="{end}"><summary>'
        f'<b class="{end}">{mark}</b><b>{escape(case.id)}</b><span class="soft">{head}</span>'
        f'</summary><div class="request">{escape(case.request)}</div>'
        f"{_words(case, item)}{_mistakes(scores.mistakes)}{_diagnostics(item.diagnostics)}"
        f"{side_by_side(case.gold, output.text, case.reference)}{_prior(case)}</details>"
    )


def _words(case: Case, item: Finished) -> str:
    output, lines = item.sample.output, [f"Right: {' or '.join(case.statuses)}."]
    if output.questions:
        lines.append(f"It asks: {' '.join(output.questions)}")
    if output.reason:
        lines.append(f"It says: {output.reason}")
    spent = output.spent
    lines.append(
        f"{spent.model_calls} model calls, {spent.input_tokens:,} + {spent.output_tokens:,} "
        f"tokens, {spent.seconds:.2f} s, {spent.attempts} drafts."
    )
    return "".join(f"<p>{escape(line)}</p>" for line in lines)


def _mistakes(mistakes: Sequence[Mistake]) -> str:
    if not mistakes:
        return ""
    rows = "".join(
        f"<tr><td><code>{escape(item.kind)}</code></td><td>{escape(item.step)}</td>"
        f"<td>{escape(item.place)}</td><td><code>{escape(item.expected)}</code></td>"
        f"<td><code>{escape(item.found)}</code></td><td>{escape(item.blame)}</td></tr>"
        for item in mistakes
    )
    head = "<tr><th>mistake</th><th>step</th><th>place</th><th>expected</th><th>found</th>"
    return f'<div class="scroll"><table>{head}<th>blame</th></tr>{rows}</table></div>'


def _diagnostics(diagnostics: Sequence[Diagnostic]) -> str:
    if not diagnostics:
        return ""
    rows = "".join(
        f"<tr><td>{escape(item.severity)}</td><td><code>{escape(item.code)}</code></td>"
        f"<td><code>{escape(item.path)}</code></td><td>{escape(item.message)}</td></tr>"
        for item in diagnostics
    )
    head = "<tr><th>verifier</th><th>code</th><th>place</th><th>says</th></tr>"
    return f'<div class="scroll"><table>{head}{rows}</table></div>'


def _prior(case: Case) -> str:
    if case.prior is None:
        return ""
    from flowloom.workflow.document import dump_yaml

    return f"<h3>The workflow before</h3><pre>{escape(dump_yaml(case.prior))}</pre>"
