"""What a report shows of a run whose figures are known by hand."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from flowloom.errors import ConfigError, StorageError
from flowloom.evaluation.cases import Case
from flowloom.evaluation.reports.charts import Point, line_chart, scatter
from flowloom.evaluation.reports.figures import (
    by_group,
    holm,
    leaders,
    mistake_table,
    paired,
    recall_curve,
)
from flowloom.evaluation.reports.loading import Run, load_run
from flowloom.evaluation.reports.page import html_report
from flowloom.evaluation.reports.tables import figures_csv, markdown_report, samples_csv
from flowloom.evaluation.reports.verdict import compare_runs
from flowloom.evaluation.samples import Output, Spent
from flowloom.workflow.document import dump_yaml
from tests.evaluation.flows import BASE, REQUEST, changed, flow, step, without
from tests.evaluation.runs import made_run

COUNT = 20
CASES = [
    Case(id=f"c{index}", request=REQUEST, gold=BASE, level="linear" if index % 2 else "nested")
    for index in range(COUNT)
]
RIGHT = Output(status="valid", text=dump_yaml(BASE), spent=Spent(seconds=1.0), model="test")
WRONG = Output(
    status="valid",
    text=dump_yaml(changed("steps", 2, "do", 0, "uses", value="demo.mail")),
    candidates=("demo.read", "demo.log"),
    spent=Spent(seconds=3.0),
    model="test",
)
DOWN = Output(status="error", reason="The server is down.", model="test")


@pytest.fixture
def run(tmp_path: Path) -> Run:
    half = [RIGHT if index < COUNT // 2 else WRONG for index in range(COUNT)]
    return made_run(tmp_path, CASES, {"weak": half, "strong": [RIGHT] * COUNT})


def test_the_leaderboard(run: Run) -> None:
    weak, strong = leaders(run)
    assert (weak.figures["correct"].value, strong.figures["correct"].value) == (0.5, 1.0)
    # Wilson's bounds of 10 of 20.
    assert weak.figures["correct"].low == pytest.approx(0.299, abs=0.001)
    assert weak.figures["correct"].high == pytest.approx(0.701, abs=0.001)
    # Ten outputs of six components, each with one that is invented, among twenty.
    assert weak.hallucinated == pytest.approx(10 / 120)
    assert (weak.seconds_median, weak.cost_usd, weak.errors) == (2.0, None, 0)


def test_a_comparison(run: Run) -> None:
    (pair,) = paired(run)
    assert (pair.first, pair.second, pair.cases) == ("weak", "strong", COUNT)
    assert pair.correct.difference.value == 0.5
    assert (pair.mcnemar.only_first, pair.mcnemar.only_second) == (0, 10)
    assert pair.p_value == pytest.approx(2 / 2**10)
    assert pair.beyond_noise


def test_p_values_are_corrected_for_their_number() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.9, 0.8]) == [1.0, 1.0]
    assert holm([]) == []


def test_groups(run: Run) -> None:
    nested, linear = by_group(run, lambda case: (case.level,))
    assert (nested.name, linear.name, nested.cases) == ("nested", "linear", 10)
    assert nested.correct["weak"].value == 0.5
    assert nested.correct["strong"].value == 1.0


def test_mistakes_by_who_is_to_blame(run: Run) -> None:
    table = mistake_table(run)
    assert table == {"component.hallucinated": {"weak": (0.0, 0.5), "strong": (0.0, 0.0)}}


def test_the_recall_curve(run: Run) -> None:
    weak, strong = run.arms
    curve = recall_curve(weak)
    # Gold has five components; the first candidate is one, the second another.
    assert curve is not None
    assert (curve[1], curve[2], curve[100]) == pytest.approx((0.2, 0.4, 0.4))
    assert recall_curve(strong) is None


def test_the_page_needs_no_network_and_shows_everything(run: Run) -> None:
    page = html_report(run)
    assert "http://" not in page
    assert "https://" not in page
    assert "default-src 'none'" in page.replace("&#x27;", "'")
    assert page.count('<details class="sample"') == 2 * COUNT
    assert "demo.mail" in page
    assert "is better" in page


def test_what_a_model_says_cannot_become_part_of_the_page(tmp_path: Path) -> None:
    evil = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
    case = Case(id=evil, request=evil, gold=BASE, domain=evil)
    texts = [evil, dump_yaml(changed("description", value=evil))]
    for index, text in enumerate(texts):
        output = Output(status="valid", text=text, reason=evil, questions=(evil,), model=evil)
        page = html_report(made_run(tmp_path / str(index), [case], {"zero-shot": [output]}))
        assert "<script>alert" not in page
        assert "<img" not in page
        assert "&lt;script&gt;alert(1)" in page


def test_beyond_the_limit_the_wrong_samples_stay(run: Run) -> None:
    page = html_report(run, most_samples=10)
    assert page.count('<details class="sample"') == 10
    assert page.count('data-end="no"') == 10
    assert "30 more samples are not on this page" in page


def test_a_server_that_was_down_is_told(tmp_path: Path) -> None:
    run = made_run(tmp_path, CASES, {"zero-shot": [DOWN, *[RIGHT] * (COUNT - 1)]})
    assert leaders(run)[0].errors == 1
    assert "1 server errors, counted as wrong" in html_report(run)


def test_a_report_of_nothing_is_one(tmp_path: Path) -> None:
    run = made_run(tmp_path, CASES, {})
    assert "0 samples" in html_report(run)
    assert markdown_report(run)


def test_markdown(run: Run) -> None:
    text = markdown_report(run)
    assert "| weak | 20 | 0.500 [0.299, 0.701] |" in text
    assert "| weak | strong | +0.500 [" in text
    assert "0.0% + 50.0%" in text


def test_tables_for_a_spreadsheet(run: Run) -> None:
    rows = list(csv.DictReader(io.StringIO(figures_csv(run))))
    (correct,) = [row for row in rows if row["strategy"] == "weak" and row["figure"] == "correct"]
    assert float(correct["value"]) == 0.5
    samples = list(csv.DictReader(io.StringIO(samples_csv(run))))
    assert len(samples) == 2 * COUNT
    assert {row["mistakes"] for row in samples} == {"", "component.hallucinated"}


def test_a_cell_is_no_formula(tmp_path: Path) -> None:
    case = Case(id="=1+1", request=REQUEST, gold=BASE)
    run = made_run(tmp_path, [case], {"zero-shot": [RIGHT]})
    assert "'=1+1" in samples_csv(run)


def test_worse_and_better_beyond_noise(tmp_path: Path) -> None:
    right, wrong = [RIGHT] * COUNT, [WRONG] * COUNT
    good = made_run(tmp_path / "good", CASES, {"agentic": right})
    bad = made_run(tmp_path / "bad", CASES, {"agentic": wrong})
    (change,) = compare_runs(good, bad)
    assert (change.is_worse, change.is_better) == (True, False)
    assert (len(change.lost), change.gained) == (COUNT, ())
    (change,) = compare_runs(bad, good)
    assert (change.is_worse, change.is_better) == (False, True)
    (change,) = compare_runs(good, good)
    assert (change.is_worse, change.is_better) == (False, False)


def test_one_case_more_is_noise(tmp_path: Path) -> None:
    before = made_run(tmp_path / "a", CASES, {"agentic": [RIGHT] * COUNT})
    after = made_run(tmp_path / "b", CASES, {"agentic": [*[RIGHT] * (COUNT - 1), WRONG]})
    (change,) = compare_runs(before, after)
    assert change.lost == (f"c{COUNT - 1}",)
    assert not change.is_worse


def test_runs_of_different_things_cannot_be_compared(tmp_path: Path) -> None:
    one = made_run(tmp_path / "a", CASES[:1], {"agentic": [RIGHT]})
    other = made_run(tmp_path / "b", CASES[1:2], {"agentic": [RIGHT]})
    with pytest.raises(ConfigError, match="in common"):
        compare_runs(one, other)


def test_a_directory_without_a_run(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="holds no run"):
        load_run(tmp_path)


def test_charts_escape_and_stand_zero() -> None:
    point = Point("<b>", 0.0, 0.5, 0.4, 0.6, "#000")
    chart = scatter([point], "cost", "correct")
    assert "<b>" not in chart
    assert "NaN" not in chart.upper().replace("NAME", "")
    far = [point, Point("x", 0.001, 1, 1, 1, "#000"), Point("y", 10.0, 0, 0, 0, "#000")]
    assert scatter(far[1:], "cost", "correct").count("<circle") == 2
    lines = line_chart({"a": {1: 0.5, 5: 1.0}}, {"a": "#000"}, "k", "recall")
    assert lines.count("<circle") == 2


def test_without_a_step_the_diff_marks_its_lines(tmp_path: Path) -> None:
    output = RIGHT.model_copy(update={"text": dump_yaml(without("steps", 3))})
    page = html_report(made_run(tmp_path, CASES[:1], {"zero-shot": [output]}))
    assert '<td class="gone">  - id: asker</td>' in page


def test_an_ablation_is_held_against_the_whole(tmp_path: Path) -> None:
    arms = {name: [RIGHT] for name in ("zero-shot", "agentic", "no-planner", "no-loop")}
    page = html_report(made_run(tmp_path, CASES[:1], arms))
    shown, _, rest = page[page.index('id="pairs"') :].partition("<details>")
    for name in ("no-planner", "no-loop"):
        assert f"<td>agentic</td><td>{name}</td>" in shown
    assert "<td>no-planner</td><td>no-loop</td>" in rest


def test_a_data_set_with_its_own_scoring(tmp_path: Path) -> None:
    def calls(*tools: str) -> dict[str, Any]:
        return flow(*(step(f"s{index}", tool) for index, tool in enumerate(tools)))

    cases = [
        Case(id="a", request="x", gold=calls("x.a", "x.b", "x.c"), scoring="calls"),
        Case(id="b", request="y", gold=calls("x.d"), scoring="calls"),
    ]
    outputs = [
        Output(status="valid", text=dump_yaml(item)) for item in (calls("x.a"), calls("x.d"))
    ]
    made = made_run(tmp_path, cases, {"zero-shot": outputs})
    (leader,) = leaders(made)
    # The mean of 1/3 and 1; over all 2 of 4.
    assert leader.figures["tools_recall"].value == pytest.approx(2 / 3)
    assert leader.micro["tools"].recall == 1 / 2
    assert "tools_shared" not in leader.figures
    rows = list(csv.reader(io.StringIO(figures_csv(made))))
    assert ["zero-shot", "test", "tools_micro_recall", "0.5", "", "", ""] in rows
    page = html_report(made)
    assert 'own: tools recall over all</td><td class="n">0.500' in page


def test_an_outline_stands_beside_the_right_one(tmp_path: Path) -> None:
    gold = "Node:\n1: boil water\nEdges: (START,1) (1,END)"
    case = Case(id="tea", request="Make tea.", scoring="outline", reference=gold)
    made = made_run(tmp_path, [case], {"zero-shot": [Output(status="valid", text="1: wait")]})
    page = html_report(made)
    assert '<td class="gone">1: boil water</td>' in page
    assert '<td class="new">1: wait</td>' in page
