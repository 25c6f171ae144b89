"""``flowloom doctor``: is everything in place, and what to do where it is not."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from flowloom.cli import output
from flowloom.cli.options import ConfigOption, DataDirOption, JsonOption

__all__ = ["doctor"]


def doctor(
    ask_model: Annotated[
        bool, typer.Option("--ask-model", help="Send the model server one tiny request.")
    ] = False,
    model: Annotated[str | None, typer.Option("--model", help="The model to look at.")] = None,
    base_url: Annotated[
        str | None, typer.Option("--base-url", help="Address of an OpenAI-compatible server.")
    ] = None,
    as_json: JsonOption = False,
    data_dir: DataDirOption = None,
    config: ConfigOption = None,
) -> int:
    """Check interpreter, packages, weights, index, disk and (if asked) the model's server."""
    from flowloom.cli.examination import examine
    from flowloom.cli.session import settings_of

    settings = settings_of(config, model=model, base_url=base_url, data_dir=data_dir).settings
    findings = examine(settings, ask_model=ask_model)
    healthy = all(item.ok for item in findings)
    if as_json:
        output.print_json({"healthy": healthy, "findings": [asdict(item) for item in findings]})
    else:
        for item in findings:
            mark = "ok  " if item.ok else "FAIL"
            output.write_out(output.printable(f"{mark} {item.subject}: {item.found}\n"))
            if item.advice:
                output.write_out(output.printable(f"     {item.advice}\n"))
    return 0 if healthy else 1
