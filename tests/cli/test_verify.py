"""``flowloom verify``: several files, mends, selection of codes, and the forms of the report."""

from __future__ import annotations

import io
import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.cli.terminal import Terminal
from tests.conftest import ROOT

GOOD = "name: greet\nsteps:\n  - id: hello\n    uses: core.log\n    with: {message: hello}\n"
SLIP = GOOD.replace("core.log", "core.lgo")
TWO_SLIPS = SLIP.replace("name: greet\n", "name: greet   # mine\n") + (
    "  - id: bye\n    uses:   'core.log'\n    wiht: {message: bye}  # bye\n"
)
MENDED = TWO_SLIPS.replace("core.lgo", "core.log").replace("wiht", "with")
LOST = GOOD.replace("{message: hello}", "{}")
DELETES = (
    "name: clean\ninputs: {path: {type: string}}\nsteps:\n  - id: gone\n    uses: file.delete\n"
    "    with: {path: '${{ inputs.path }}'}\n"
)
WARNING = "FL704"


def write(text: str, name: str = "flow.yaml") -> str:
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_bytes(text.encode())
    return name


def read(name: str = "flow.yaml") -> str:
    return Path(name).read_bytes().decode()


def codes(found: list[dict[str, Any]]) -> list[str]:
    return [item["code"] for item in found]


# Mending.


def test_fix_writes_only_the_slips_and_says_what_it_did(terminal: Terminal) -> None:
    write(TWO_SLIPS)
    ended = terminal("verify", "--fix", "flow.yaml")
    assert ended.code == 0
    assert read() == MENDED
    assert "flow.yaml:4:11: mended FL201: 'core.lgo' is written 'core.log'" in ended.out
    assert "-    uses: core.lgo\n+    uses: core.log\n" in ended.out
    assert ended.out.endswith("flow.yaml: valid, 0 errors, 1 warnings and notes\n")
    again = terminal("verify", "--fix", "flow.yaml")
    assert "mended" not in again.out
    assert read() == MENDED


def test_fix_leaves_what_it_cannot_mend_and_fails(terminal: Terminal) -> None:
    write(LOST)
    before = Path("flow.yaml").stat().st_mtime_ns
    ended = terminal("verify", "--fix", "flow.yaml")
    assert ended.code == 1
    assert "error FL301" in ended.out
    assert (read(), Path("flow.yaml").stat().st_mtime_ns) == (LOST, before)


@pytest.mark.parametrize("option", ["--diff", "--dry-run"])
def test_diff_shows_and_writes_nothing(terminal: Terminal, option: str) -> None:
    write(SLIP)
    ended = terminal("verify", "--fix", option, "flow.yaml")
    assert ended.code == 1  # The file as it is has an error.
    assert "would mend FL201" in ended.out
    assert "+    uses: core.log" in ended.out
    assert "\x1b" not in ended.out
    assert read() == SLIP


def test_the_diff_is_coloured_on_a_terminal(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(SLIP)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    assert "\x1b[32m+    uses: core.log\x1b[0m" in terminal("verify", "--diff", "flow.yaml").out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in terminal("verify", "--diff", "flow.yaml").out


def test_line_ends_of_windows_and_links_stay(terminal: Terminal) -> None:
    write(SLIP.replace("\n", "\r\n"), "real.yaml")
    Path("link.yaml").symlink_to("real.yaml")
    assert terminal("verify", "--fix", "link.yaml").code == 0
    assert read("real.yaml") == GOOD.replace("\n", "\r\n")
    assert Path("link.yaml").is_symlink()


def test_stdin_is_a_filter(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    for text in (SLIP, GOOD):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        ended = terminal("verify", "--fix", "-")
        assert (ended.code, ended.out) == (0, GOOD)
        assert "<stdin>: valid" in ended.err
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(LOST.encode())))
    plain = terminal("verify", "-")
    assert plain.code == 1
    assert "<stdin>:3:" in plain.out


def test_a_deprecated_component_is_only_mended_by_fix(terminal: Terminal) -> None:
    entries = (
        "components:\n  - {id: a.old, description: Old, deprecated: true, replaced_by: a.new}\n"
        "  - {id: a.new, description: New}\n"
    )
    write(entries, "catalog.yaml")
    text = "name: x\nsteps:\n  - {id: a, uses: a.old}\n"
    write(text)
    arguments = ("verify", "flow.yaml", "--no-builtin", "--catalog", "catalog.yaml")
    assert "FL203" in terminal(*arguments).out
    assert terminal(*arguments, "--fix").code == 0
    assert read() == text.replace("a.old", "a.new")


# Several files.


def test_several_files_and_directories(terminal: Terminal) -> None:
    write(GOOD, "flows/a.yaml")
    write(LOST, "flows/deep/b.yml")
    write(json.dumps({"name": "x", "steps": [{"id": "a", "wait": "1s"}]}), "flows/c.json")
    write("services: {}\n", "flows/compose.yaml")
    write(LOST, "flows/.hidden/d.yaml")
    ended = terminal("verify", "flows", "flows/a.yaml")
    assert ended.code == 1
    assert ended.out.splitlines()[-1] == "3 files: 2 valid, 1 not valid"
    found = terminal("verify", "flows", "--json").json
    assert [item["file"] for item in found["files"]] == [
        "flows/a.yaml",
        "flows/c.json",
        "flows/deep/b.yml",
    ]
    assert found["valid"] is False
    assert terminal("verify", "flows/.hidden/d.yaml").code == 1


def test_a_file_that_cannot_be_read_does_not_hide_the_others(terminal: Terminal) -> None:
    write("name: x\nsteps: [", "a.yaml")
    write(LOST, "b.yaml")
    ended = terminal("verify", "a.yaml", "b.yaml", "absent.yaml")
    assert ended.code == 2
    assert "a.yaml: cannot be read" in ended.out
    assert "error FL301" in ended.out
    assert ended.out.splitlines()[-1] == "3 files: 0 valid, 1 not valid, 2 cannot be read"
    files = terminal("verify", "a.yaml", "b.yaml", "--json").json["files"]
    assert files[0]["error"]["type"] == "DocumentError"
    assert codes(files[1]["diagnostics"])[0] == "FL301"


def test_wrong_use_is_one_line(terminal: Terminal) -> None:
    Path("empty").mkdir()
    for arguments, says in (
        (["verify"], "No file"),
        (["verify", "empty"], "no workflow in the directory 'empty'"),
        (["verify", write(GOOD), "--select", "FL999"], "Nearest: 'FL"),
        (["verify", write(GOOD), "--ignore", "FL1,E5"], "'E5'"),
        (["verify", "--explain", "FL000"], "'FL000'"),
    ):
        ended = terminal.run(arguments)
        assert ended.code == 2
        assert says in ended.err
        assert ended.is_one_line


# What counts.


def test_strict_makes_warnings_count(terminal: Terminal) -> None:
    write(DELETES)
    assert terminal("verify", "flow.yaml").code == 0
    ended = terminal("verify", "flow.yaml", "--strict")
    assert ended.code == 1
    assert "not valid, 0 errors" in ended.out
    assert "1 warnings count (--strict)" in ended.out
    data = terminal("verify", "flow.yaml", "--strict", "--json").json
    assert (data["valid"], data["passed"]) == (True, False)
    # Notes never count.
    assert terminal("verify", write(GOOD), "--strict").code == 0


def test_ignored_errors_do_not_count_and_are_not_hidden(terminal: Terminal) -> None:
    write(LOST)
    ended = terminal("verify", "flow.yaml", "--ignore", "FL3")
    assert ended.code == 0
    assert "error FL301" not in ended.out
    assert "flow.yaml: valid apart from 1 ignored errors, 0 errors" in ended.out
    data = terminal("verify", "flow.yaml", "--ignore", "FL1,fl301", "--json").json
    assert (data["valid"], data["passed"]) == (False, True)
    assert codes(data["ignored"]) == ["FL301"]
    assert "FL301" not in codes(data["diagnostics"])


def test_select_leaves_the_others_out(terminal: Terminal) -> None:
    write(LOST + "  - {id: b, uses: core.nothing}\n")
    data = terminal("verify", "flow.yaml", "--select", "FL2", "--json").json
    assert codes(data["diagnostics"]) == ["FL201"]
    assert "FL301" in codes(data["ignored"])
    # Of two beginnings the longer one counts.
    mixed = ("--select", "FL301", "--select", "FL2", "--ignore", "FL3", "--ignore", "FL201")
    data = terminal("verify", "flow.yaml", *mixed, "--json").json
    assert codes(data["diagnostics"]) == ["FL301"]


def test_fix_mends_only_what_is_reported(terminal: Terminal) -> None:
    write(TWO_SLIPS)
    ended = terminal("verify", "flow.yaml", "--fix", "--ignore", "FL101")
    assert read() == TWO_SLIPS.replace("core.lgo", "core.log")
    assert "apart from" in ended.out


def test_the_configuration_file_may_say_what_counts(terminal: Terminal) -> None:
    write(DELETES)
    Path("flowloom.toml").write_text("[verify]\nstrict = true\n", encoding="utf-8")
    assert terminal("verify", "flow.yaml").code == 1
    assert terminal("verify", "flow.yaml", "--no-strict").code == 0
    Path("flowloom.toml").write_text(f'[verify]\nignore = ["{WARNING}"]\n', encoding="utf-8")
    ignored = terminal("verify", "flow.yaml", "--json").json["ignored"]
    assert codes(ignored) == [WARNING]
    Path("flowloom.toml").write_text("[verify]\nstrickt = true\n", encoding="utf-8")
    assert "verify_strict" in terminal("verify", "flow.yaml").err


@pytest.mark.parametrize("alone", [True, False])
def test_a_comment_silences_a_warning(terminal: Terminal, alone: bool) -> None:
    found = terminal("verify", write(DELETES), "--json").json["diagnostics"]
    (line,) = [item["line"] for item in found if item["code"] == WARNING]
    comment = f"# flowloom: ignore {WARNING}, FL703"
    lines = DELETES.splitlines()
    if alone:
        lines.insert(line - 1, f"  {comment}")
    else:
        lines[line - 1] += f"  {comment}"
    write("\n".join(lines) + "\n")
    ended = terminal("verify", "flow.yaml", "--strict")
    assert ended.code == 0
    assert "1 silenced in the file" in ended.out
    data = terminal("verify", "flow.yaml", "--json").json
    assert codes(data["silenced"]) == [WARNING]


def test_no_comment_silences_an_error(terminal: Terminal) -> None:
    write(LOST.replace("uses: core.log", "uses: core.log # flowloom: ignore FL301"))
    assert terminal("verify", "flow.yaml").code == 1


# The forms.


def test_json_has_what_was_mended(terminal: Terminal) -> None:
    write(SLIP)
    by_option = terminal("verify", "flow.yaml", "--diff", "--json").json
    assert by_option == terminal("verify", "flow.yaml", "--diff", "--format", "json").json
    assert by_option["mended"] == [
        {
            "code": "FL201",
            "path": "steps[0].uses",
            "line": 4,
            "column": 11,
            "message": "'core.lgo' is written 'core.log'",
        }
    ]
    assert "+    uses: core.log" in by_option["diff"]


def test_github_shows_findings_beside_the_lines(terminal: Terminal) -> None:
    write(SLIP.replace("core.lgo", '"core.nothing,100%"'), "a,b.yaml")
    line = terminal("verify", "a,b.yaml", "--format", "github").out.splitlines()[0]
    assert line.startswith("::error file=a%2Cb.yaml,line=4,col=11,title=FL201::The catalog has no")
    assert "100%25" in line
    assert "%0A" in line


def test_sarif_has_the_structure_that_services_need(terminal: Terminal) -> None:
    write(SLIP, "my flows/a ä.yaml")
    write(LOST, "b.yaml")
    write("steps: [", "broken.yaml")
    ended = terminal("verify", "my flows", "b.yaml", "broken.yaml", "--format", "sarif")
    assert ended.code == 2
    log = ended.json
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("/sarif-schema-2.1.0.json")
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert {"id", "shortDescription", "defaultConfiguration"} <= set(rules[0])
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note")
        assert result["message"]["text"]
        assert list(result["partialFingerprints"]) == ["flowloomFinding/v1"]
        place = result["locations"][0]["physicalLocation"]
        assert place["region"]["startLine"] >= 1
        assert place["region"]["startColumn"] >= 1
    by_code = {result["ruleId"]: result for result in run["results"]}
    place = by_code["FL201"]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "my%20flows/a%20%C3%A4.yaml"
    (change,) = by_code["FL201"]["fixes"][0]["artifactChanges"]
    assert change["replacements"] == [
        {
            "deletedRegion": {"startLine": 4, "startColumn": 17, "endLine": 4, "endColumn": 19},
            "insertedContent": {"text": "og"},
        }
    ]
    assert "fixes" not in by_code["FL301"]
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    (notification,) = invocation["toolExecutionNotifications"]
    assert "broken at line" in notification["message"]["text"]


def test_sarif_marks_what_is_suppressed_and_fingerprints_do_not_hang_on_lines(
    terminal: Terminal,
) -> None:
    def fingerprints(name: str) -> dict[str, Any]:
        run = terminal("verify", name, "--format", "sarif", "--ignore", "FL301").json["runs"][0]
        (result,) = [item for item in run["results"] if item["ruleId"] == "FL301"]
        assert result["suppressions"] == [{"kind": "external"}]
        return result["partialFingerprints"]

    assert fingerprints(write(LOST)) == fingerprints(write(f"# more\n\n{LOST}"))


def test_explain(terminal: Terminal) -> None:
    text = terminal("verify", "--explain", "fl404").out
    assert text.startswith("FL404: Operands whose types do not go together.\nseverity: error\n")
    assert "mended by rule: a whole number" in text
    assert "    name: x\n" in text
    listed = terminal("verify", "--explain", "FL2").out.splitlines()
    assert listed[0].startswith("FL201 (error): ")
    assert len(listed) > 5


# The hook.


def test_the_hook_of_pre_commit(terminal: Terminal) -> None:
    hooks: Any = YAML(typ="safe", pure=True).load(
        (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    )
    (hook,) = hooks
    assert (hook["id"], hook["language"], hook["pass_filenames"]) == (
        "flowloom-verify",
        "python",
        True,
    )
    named = ["workflows/a.yaml", "deep/workflows/b.yml", "x.workflow.json"]
    assert all(re.search(hook["files"], name) for name in named)
    others = ["a.yaml", "workflows/a.py", "myworkflows/a.yaml"]
    assert not any(re.search(hook["files"], name) for name in others)
    assert re.search(hook["exclude"], ".github/workflows/ci.yaml")
    program, *arguments = hook["entry"].split()
    assert program == "flowloom"
    write(GOOD, named[0])
    write(GOOD, named[1])
    assert terminal.run([*arguments, *named[:2]]).code == 0
    write(LOST, named[1])
    assert terminal.run([*arguments, *named[:2]]).code == 1
