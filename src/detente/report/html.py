"""A document as one self-contained HTML file: no scripts, no links outwards, prints well."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from html import escape
from importlib.resources import files

from detente.report import draw
from detente.report.document import (
    Block,
    Bullets,
    Callout,
    Cell,
    Document,
    Figure,
    Folded,
    Heading,
    Inline,
    Link,
    Para,
    Strong,
    Table,
    Text,
    inlines,
)


def page(document: Document) -> str:
    """The whole page."""
    figures = _Numbering()
    lead = f'<div class="lead">\n{"".join(block(b, figures) for b in document.lead)}</div>\n'
    body = "".join(block(b, figures) for b in document.body)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(document.title)}</title>\n<style>\n{_fonts()}{style()}</style>\n</head>\n<body>\n"
        '<a class="skip" href="#summary">To the summary</a>\n'
        f'<header><h1>{escape(document.title)}</h1><p class="subtitle">{escape(document.subtitle)}</p></header>\n'
        f"{_contents(document)}<main>\n{lead}{body}</main>\n<footer><p>{escape(document.foot)}</p></footer>\n</body>\n</html>\n"
    )


def style() -> str:
    """The style sheet."""
    return (files("detente.report") / "brief.css").read_text(encoding="utf-8")


class _Numbering:
    def __init__(self) -> None:
        self.figures = 0

    def next(self) -> int:
        self.figures += 1
        return self.figures


def block(b: Block, figures: _Numbering | None = None) -> str:
    """One block."""
    match b:
        case Heading():
            new = ' class="new-page"' if b.new_page else ""
            return f'<h{b.level} id="{escape(b.anchor)}"{new}>{escape(b.text)}</h{b.level}>\n'
        case Para():
            small = ' class="small"' if b.small else ""
            return f"<p{small}>{text(b.text)}</p>\n"
        case Bullets():
            tag = "ol" if b.ordered else "ul"
            return f"<{tag}>" + "".join(f"<li>{text(item)}</li>" for item in b.items) + f"</{tag}>\n"
        case Callout():
            head = f'<p class="callout-title">{escape(b.title)}</p>'
            return f'<aside class="callout {b.tone}">{head}<p>{text(b.text)}</p></aside>\n'
        case Table():
            return table(b)
        case Figure():
            return figure(b, (figures or _Numbering()).next())
        case Folded():
            head = f'<p class="folded-title"><a href="#{escape(b.anchor)}">{escape(b.title)}</a></p>'
            inside = "".join(block(x, figures) for x in b.blocks)
            return f'<section class="folded" id="{escape(b.anchor)}">{head}<div>{inside}</div></section>\n'


def text(content: Text) -> str:
    """Escaped text with its emphasis and links."""
    return "".join(_run(r) for r in inlines(content))


def _run(r: Inline) -> str:
    match r:
        case Strong():
            return f"<strong>{escape(r.text)}</strong>"
        case Link():
            return f'<a href="#{escape(r.anchor)}">{escape(r.text)}</a>'
    return escape(r)


def table(t: Table) -> str:
    """A table with a caption, column heads and row heads."""
    total = sum(c.width for c in t.columns)
    cols = "".join(f'<col style="width:{100 * c.width / total:.2f}%">' for c in t.columns)
    heads = "".join(f'<th scope="col" class="{c.align}">{escape(c.head)}</th>' for c in t.columns)
    head = f"<thead><tr>{heads}</tr></thead>" if any(c.head for c in t.columns) else ""
    rows = "".join(_row(row, t) for row in t.rows)
    note = f'<p class="small">{escape(t.note)}</p>' if t.note else ""
    caption = escape(t.caption)
    kind = "table dense" if t.dense else "table"
    return (
        f'<div class="{kind}" role="region" tabindex="0" aria-label="{caption}"><table><caption>{caption}</caption>'
        f"<colgroup>{cols}</colgroup>{head}<tbody>{rows}</tbody></table></div>{note}\n"
    )


def figure(f: Figure, number: int) -> str:
    """A chart with its caption; the drawing's text for those who cannot see it is ``alt``."""
    drawing = draw.svg_inline(f.spec, f"f{number}")
    width, height = draw.svg_size(drawing)
    drawing = drawing.replace(
        "<svg ", f'<svg role="img" aria-label="{escape(f.alt)}" style="max-width:{1.35 * width:.0f}px" ', 1
    )
    tall = " tall" if height > width else ""
    return (
        f'<figure class="chart{tall}">{drawing}<figcaption>Figure {number}. {escape(f.caption)}</figcaption></figure>\n'
    )


def _row(row: tuple[Cell | str, ...], t: Table) -> str:
    cells = [c if isinstance(c, Cell) else Cell(c, t.columns[i].align) for i, c in enumerate(row)]
    if len(cells) == 1 and len(t.columns) > 1:
        return f'<tr class="sub"><th scope="colgroup" colspan="{len(t.columns)}">{text(cells[0].text)}</th></tr>'
    out = [f'<th scope="row" class="{cells[0].align}">{text(cells[0].text)}</th>']
    for cell in cells[1:]:
        span = f' colspan="{cell.span}"' if cell.span > 1 else ""
        out.append(f'<td class="{cell.align} {cell.tone}"{span}>{text(cell.text)}</td>')
    return f"<tr>{''.join(out)}</tr>"


def _contents(document: Document) -> str:
    heads = [b for b in document.blocks() if isinstance(b, Heading) and b.level == 2]
    items = "".join(f'<li><a href="#{escape(h.anchor)}">{escape(h.text)}</a></li>' for h in heads)
    return f'<nav aria-label="Contents"><ol>{items}</ol></nav>\n'


def _fonts() -> str:
    return "".join(_font(weight, name) for weight, name in ((400, "Regular"), (600, "Semibold")))


def _font(weight: int, name: str) -> str:
    data = (files("detente.report") / "fonts" / f"OpenSans-{name}.subset.woff2").read_bytes()
    code = base64.b64encode(data).decode("ascii")
    return (
        f"@font-face {{ font-family: 'Open Sans'; font-weight: {weight}; font-display: block; "
        f"src: url(data:font/woff2;base64,{code}) format('woff2'); }}\n"
    )


def fragment(blocks: Iterable[Block]) -> str:
    """Blocks alone, for a notebook: a style of its own, no page around it."""
    figures = _Numbering()
    return f'<div class="detente"><style>{_SCOPED}</style>{"".join(block(b, figures) for b in blocks)}</div>'


_SCOPED = (
    ".detente{max-width:60em}.detente table{border-collapse:collapse}.detente caption{text-align:left;font-weight:600}"
    ".detente th,.detente td{padding:.2em .6em;border-bottom:1px solid #ccc;text-align:left;vertical-align:top}"
    ".detente .right{text-align:right}.detente .small,.detente figcaption{font-size:.85em;opacity:.8}"
    ".detente .callout{border-left:4px solid #777;padding:.2em 1em;margin:.6em 0}.detente "
    ".callout-title{font-weight:600}"
    ".detente .folded>div{display:none}.detente .folded:target>div{display:block}"
    ".detente figure{margin:1em 0;background:#fff;color:#1a1a1a}.detente svg{width:100%;height:auto}"
)
