"""The catalogue of codes, the code that raises them and the reference pages agree."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from detente.case.json_schema import case_schema, keys_page
from detente.case.load import load_case
from detente.errors import InputError, catalogue, codes_page, explanation

ROOT = Path(__file__).resolve().parents[2]


def test_every_code_in_the_source_is_in_the_catalogue_and_the_other_way_round() -> None:
    used = set()
    for path in (ROOT / "src/detente").rglob("*.py"):
        used |= set(re.findall(r"DET[0-9]{3}", path.read_text(encoding="utf-8")))
    assert used == set(catalogue())


def test_every_entry_says_something() -> None:
    for code in catalogue().values():
        assert code.title
        assert code.what.endswith(".")


def test_the_page_of_codes_is_up_to_date() -> None:
    assert (ROOT / "docs/reference/error-codes.md").read_text(encoding="utf-8") == codes_page()


def test_the_tables_of_keys_are_up_to_date() -> None:
    page = (ROOT / "docs/reference/case-language.md").read_text(encoding="utf-8")
    _, _, rest = page.partition("<!-- every key: begin -->\n")
    tables, end, _ = rest.partition("<!-- every key: end -->")
    assert end, "the markers are missing"
    assert tables == keys_page()


def test_every_key_of_the_schema_is_described() -> None:
    schema = case_schema()
    for name, part in {"case": schema, **schema["$defs"]}.items():
        for key, value in part.get("properties", {}).items():
            assert value.get("description") or "$ref" in value, f"{name}.{key}"


def test_an_explanation() -> None:
    assert explanation("det017") == (
        "DET017: A key has no value\n\n"
        "A blank could mean nothing, none or forgotten. Where none is meant there is a word for it "
        "(undo: never, reserve: null).\n\n"
        "wrong:\n    undo:\n\nright:\n    undo: never"
    )
    assert explanation("017") == explanation("DET017")
    with pytest.raises(InputError, match="DET025"):
        explanation("DET999")


def test_the_examples_of_the_page_are_right(tmp_path: Path) -> None:
    page = (ROOT / "docs/reference/case-language.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```yaml\n(.*?)```", page, flags=re.DOTALL)
    case, *overlays = (tmp_path / f"{n}.yaml" for n in range(len(blocks)))
    for path, block in zip((case, *overlays), blocks, strict=True):
        path.write_text(block, encoding="utf-8")
    loaded = load_case(case, overlays, ["measure.freeze.takes=3 months", "red_lines.south-1.must=freeze before trade"])
    assert [w.code for w in load_case(case).warnings] == ["DET601"]
    assert str(loaded.resolved.measures["trade"].value["North"].flow[0]) == "45"
    assert [c.text for c in loaded.resolved.clauses] == ["freeze before trade", "inspect before trade"]
    assert loaded.resolved.asked == {"council": ("trade",)}
