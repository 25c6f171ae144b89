"""``flowloom config``: the settings in force and where each comes from."""

from __future__ import annotations

from flowloom.cli import output
from flowloom.cli.options import ConfigOption, DataDirOption, JsonOption

__all__ = ["config"]


def config(
    as_json: JsonOption = False, data_dir: DataDirOption = None, file: ConfigOption = None
) -> int:
    """Show each setting, its value and its origin; secrets are masked."""
    from flowloom.cli.session import settings_of

    found = settings_of(file, data_dir=data_dir)
    values = found.shown()
    if as_json:
        rows = {
            name: {"value": value, "origin": str(found.origins[name])}
            for name, value in values.items()
        }
        output.print_json({"config_file": str(found.config or ""), "settings": rows})
        return 0
    width = max(map(len, values))
    for name, value in values.items():
        shown = "" if value in ("", None, [], ()) else str(value)
        line = f"{name:<{width}}  {shown or '-':<40}  {found.origins[name]}"
        output.write_out(output.printable(line.rstrip()) + "\n")
    return 0
