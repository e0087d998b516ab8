"""``detente new``: a commented case to start from, which itself passes ``check``."""

from __future__ import annotations

import json
from pathlib import Path

from detente.case.problems import stop

TEMPLATE = Path(__file__).parent / "template.yaml"


def template(name: str, file: str) -> str:
    """The text of a new case."""
    text = TEMPLATE.read_text(encoding="utf-8")
    return text.replace("{name}", json.dumps(name), 1).replace("{file}", file, 1)


def write_template(path: Path) -> Path:
    """Write the template to a path (.yaml is added where it has no suffix); never over an existing file."""
    if path.suffix not in (".yaml", ".yml"):
        path = path.with_name(path.name + ".yaml")
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(template(path.stem, str(path)))
    except FileExistsError:
        raise stop(
            "DET024", f"{path} exists already", why="nothing is overwritten", fix="choose another name"
        ) from None
    except OSError as error:
        raise stop(
            "DET002",
            f"{path} cannot be written: {error.strerror}",
            fix="choose a folder that exists and may be written to",
        ) from None
    return path
