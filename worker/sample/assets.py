"""What is served beside HTML: style sheets, and each printed page as a picture and a small PDF."""

from __future__ import annotations

import base64
from datetime import date

from worker.sample.stories import number

ROBOTS = "User-agent: *\nAllow: /\n"

PAPER_CSS = """\
body { max-width: 60rem; margin: 0 auto; padding: 1rem; background: #f4f1ea; color: #222;
       font-family: "Noto Serif CJK SC", "Source Han Serif SC", SimSun, serif; line-height: 1.8 }
a { color: #7a1f1f; text-decoration: none } a:hover { text-decoration: underline }
.header { display: flex; justify-content: space-between; border-bottom: 3px double #7a1f1f }
.logo { font-size: 1.6rem } .nav-box h4 { display: none }
.nav-list { display: flex; flex-wrap: wrap; gap: 1.5rem; padding: 0; list-style: none }
.active { font-weight: bold } .edition, .paper-head { color: #777 }
#paper-img { float: right } #paper-img img { width: 12rem; height: 17rem; border: 1px solid #bbb }
#paper-infos { padding-left: 1.2rem } #paper-infos h3 { margin: .4rem 0; font-size: 1.1rem }
.paper-title { text-align: center } #paper-content p { margin: .5rem 0 }
.footer { clear: both; margin-top: 3rem; border-top: 1px solid #bbb; color: #777; font-size: .85rem }
"""

RELAUNCH_CSS = """\
body { margin: 0; background: #fff; color: #1b2733; line-height: 1.75;
       font-family: "Noto Sans CJK SC", sans-serif }
a { color: inherit; text-decoration: none }
.masthead { display: flex; gap: 2rem; align-items: baseline; padding: 1rem 2rem;
            background: #0b6e4f; color: #fff }
.masthead a { font-size: 1.5rem; font-weight: bold }
.sheets { display: flex; gap: 2rem; padding: .6rem 2rem; background: #e7f3ee }
main { max-width: 56rem; margin: 2rem auto; padding: 0 1rem }
.grid { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(16rem, 1fr)) }
.card { display: block; padding: 1rem; border: 1px solid #d5e3dc; border-radius: .6rem }
.card b { display: block } .card span { color: #5b6b78; font-size: .9rem } .para { margin: .8rem 0 }
footer { padding: 2rem; color: #8a97a3; font-size: .85rem }
"""

# One white pixel, which the style sheet stretches to the size of a page.
JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQEAYABgAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIxwcKDcpLDAx"
    "NDQ0Hyc5PTgyPC4zNDL/wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAACf/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAI"
    "AQEAAD8AVN//2Q=="
)


def pdf(day: date, sheet: int) -> bytes:
    """An A4 leaf that names the page it stands for (ISO 32000-1, 7.5: header, objects, xref, trailer)."""
    text = (
        f"BT /F1 20 Tf 72 760 Td (Minjiang Kepu Bao {day.isoformat()}, No. {number(day)}, page {sheet}) Tj ET"
    )
    objects = (
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        " /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        f"<< /Length {len(text)} >>\nstream\n{text}\nendstream",
    )
    body, offsets = "%PDF-1.4\n", []
    for number_, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += f"{number_} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    return (
        f"{body}xref\n0 {size}\n0000000000 65535 f \n{table}"
        f"trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    ).encode("ascii")
