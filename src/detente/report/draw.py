"""Vega-Lite to SVG, PNG and PDF; the one module that knows the drawing library."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

VEGA_LITE = "5.21"


def svg(spec: Mapping[str, Any]) -> str:
    """The chart as SVG text."""
    return _svg(json.dumps(spec, sort_keys=True))


def png(spec: Mapping[str, Any], scale: float = 2.0) -> bytes:
    """The chart as PNG."""
    return bytes(_library().vegalite_to_png(dict(spec), vl_version=VEGA_LITE, scale=scale))


def pdf(spec: Mapping[str, Any]) -> bytes:
    """The chart as PDF."""
    return bytes(_library().vegalite_to_pdf(dict(spec), vl_version=VEGA_LITE))


def svg_inline(spec: Mapping[str, Any], prefix: str) -> str:
    """SVG for a page with others: its ids are its own, and it has no fixed size."""
    text = svg(spec)
    text = re.sub(r'\bid="([^"]+)"', rf'id="{prefix}-\1"', text)
    text = re.sub(r'url\(#([^)"]+)\)', rf"url(#{prefix}-\1)", text)
    return re.sub(r'(?<=<svg )(.*?)width="([\d.]+)" height="([\d.]+)"', r"\1", text, count=1)


def svg_size(text: str) -> tuple[float, float]:
    """Width and height in the SVG's own units."""
    found = re.search(r'viewBox="[\d.-]+ [\d.-]+ ([\d.]+) ([\d.]+)"', text)
    if found is None:
        raise ValueError("the drawing has no viewBox")
    return float(found[1]), float(found[2])


def font_directory() -> str:
    """Where the fonts lie that charts and pages are set in."""
    return str(files("detente.report") / "fonts")


@lru_cache(maxsize=64)
def _svg(spec: str) -> str:
    """Links within the page stay so: the library puts an address of its own before them."""
    text = str(_library().vegalite_to_svg(spec, vl_version=VEGA_LITE))
    return re.sub(r'xlink:href="[^"#]*(#[^"]*)"', r'href="\1"', text)


@cache
def _library() -> Any:
    import vl_convert

    vl_convert.register_font_directory(font_directory())
    return vl_convert
