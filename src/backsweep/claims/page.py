"""Page: the report as one HTML page that refers to nothing outside itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from importlib import resources
from itertools import groupby
from typing import Any, Final, NamedTuple

from backsweep import __version__
from backsweep.claims.claim import VERDICTS, Row, Verdict
from backsweep.claims.drawing import Drawn, colors, inline

__all__ = ["page"]

TITLE: Final = "The back-propagation letter of 1986, measured again"
LETTER: Final = (
    "D. E. Rumelhart, G. E. Hinton and R. J. Williams, Learning representations by"
    " back-propagating errors, Nature 323 (1986), 533\N{EN DASH}536"
)
LEAD: Final = (
    "The letter that made back-propagation known tells of single networks. Here its"
    " claims are put to many: each network starts from weights of its own, all learn by"
    " the equations of the letter, and what comes of them is set beside what was"
    " published."
)
WIDE_CM: Final = 13.0  # figures wider than this have a row to themselves


class Look(NamedTuple):
    """How a verdict is told: by its word, by a shape and by colour."""

    kind: str
    shape: str


LOOKS: Final[Mapping[Verdict, Look]] = {
    "reproduced": Look(
        "yes",
        '<circle cx="8" cy="8" r="7.2" fill="currentColor"/>'
        '<path d="M4.6 8.3l2.3 2.3 4.6-5" fill="none" stroke="var(--ground)"'
        ' stroke-width="1.8"/>',
    ),
    "reproduced with other settings": Look(
        "partly",
        '<circle cx="8" cy="8" r="6.5" fill="none" stroke="currentColor"'
        ' stroke-width="1.5"/><path d="M8 1.5a6.5 6.5 0 0 1 0 13z"'
        ' fill="currentColor"/>',
    ),
    "not reproduced": Look(
        "no",
        '<circle cx="8" cy="8" r="6.5" fill="none" stroke="currentColor"'
        ' stroke-width="1.5"/><path d="M5.4 5.4l5.2 5.2M10.6 5.4l-5.2 5.2"'
        ' fill="none" stroke="currentColor" stroke-width="1.6"/>',
    ),
}
NOT_MEASURED: Final = (
    (
        "Iterative networks and their equivalent in layers (Fig. 5)",
        (
            "The letter describes the unfolding in time and reports no experiment."
            " This version describes networks with delayed links but does not carry"
            " them out."
        ),
    ),
    (
        "The method is not a plausible model of learning in brains",
        "A judgement, not a measurement.",
    ),
)


def page(rows: Sequence[Row], drawn: Mapping[str, Drawn]) -> str:
    """Write the page.

    Parameters
    ----------
    rows
        The claims, in order.
    drawn
        By the name of each plate of the rows, the plate as it was drawn.

    Returns
    -------
    str
        HTML, whole.
    """
    chapters = [
        (name, list(some))
        for name, some in groupby(rows, key=lambda row: row.claim.chapter)
    ]
    body = "\n".join(
        [
            _head(rows),
            "<main>",
            _table(chapters),
            *(_chapter(name, some, drawn) for name, some in chapters),
            _not_measured(),
            _runs(rows),
            "</main>",
        ]
    )
    return (
        "<!DOCTYPE html>\n"
        '<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(TITLE)}</title>\n<style>\n{_style()}</style>\n</head>\n"
        f'<body id="top">\n{body}\n</body>\n</html>\n'
    )


def _style() -> str:
    sheet = resources.files("backsweep.claims").joinpath("page.css").read_text("utf-8")
    light, dark = (
        "".join(f"{name}: {value};" for name, value in colors(theme).items())
        for theme in ("light", "dark")
    )
    return (
        f"{sheet}:root {{{light}}}\n"
        f"@media screen and (prefers-color-scheme: dark) {{:root {{{dark}}}}}\n"
    )


def _text(words: str) -> str:
    """Escape words, and keep a number and its per cent together."""
    return escape(words).replace(" %", "&nbsp;%")


def _verdict(verdict: Verdict, *, badge: bool = False) -> str:
    look = LOOKS[verdict]
    return (
        f'<span class="verdict {look.kind}{" badge" if badge else ""}">'
        f'<svg viewBox="0 0 16 16" aria-hidden="true">{look.shape}</svg>'
        f"{escape(verdict)}</span>"
    )


def _head(rows: Sequence[Row]) -> str:
    counts = Counter(row.verdict for row in rows)
    runs = sum({s["name"]: s["runs"] for row in rows for s in row.sources}.values())
    seeds = sorted({row.seed for row in rows})
    engines = sorted({str(s["engine"]) for row in rows for s in row.sources})
    tally = "".join(
        f"<li><b>{counts[verdict]}</b>{_verdict(verdict)}</li>" for verdict in VERDICTS
    )
    return (
        '<a class="skip" href="#claims">To the table of claims</a>\n<header>\n'
        '<p class="eyebrow">Backsweep</p>\n'
        f"<h1>{escape(TITLE)}</h1>\n"
        f'<p class="lead">{escape(LEAD)}</p>\n'
        f'<p class="quiet">{escape(LETTER)}. Measured on {runs:,} runs, seed'
        f" {escape(', '.join(map(str, seeds)))}, engine {escape(', '.join(engines))},"
        f" Backsweep {escape(__version__)}. Every verdict follows from the measured"
        " numbers by the rule that stands with the claim; intervals are 95 %"
        " (Wilson).</p>\n"
        f'<ul class="tally">{tally}</ul>\n</header>'
    )


def _table(chapters: Iterable[tuple[str, list[Row]]]) -> str:
    parts = []
    for name, rows in chapters:
        told: list[str] = []
        lines = "".join(_table_row(row, told) for row in rows)
        parts.append(
            '<tbody><tr><th scope="rowgroup" colspan="4">'
            f"{escape(name)}</th></tr>{lines}</tbody>"
        )
    return (
        '<table class="claims" id="claims"><caption>Each claim leads to its figures,'
        " its rule and its settings.</caption>"
        '<thead><tr><th scope="col">Claim</th><th scope="col">Published</th>'
        '<th scope="col">Measured</th><th scope="col">Verdict</th></tr></thead>'
        f"{''.join(parts)}</table>"
    )


def _table_row(row: Row, told: list[str]) -> str:
    """Write a row; `told` gathers settings that need not be said again."""
    published = escape(row.claim.published)
    return (
        f'<tr><th scope="row" class="words"><a href="#{escape(row.claim.name)}">'
        f"{escape(row.claim.words)}</a></th>"
        f'<td class="published" data-label="Published">{published}</td>'
        f'<td data-label="Measured">{_text(row.measured)}'
        f"{_other_settings(row, told)}</td>"
        f'<td class="outcome">{_verdict(row.verdict)}</td></tr>'
    )


def _other_settings(row: Row, told: list[str]) -> str:
    if row.verdict != "reproduced with other settings":
        return ""
    words = (
        "With the same settings." if row.settings in told else f"With {row.settings}."
    )
    told.append(row.settings)
    return f'<span class="with">{escape(words)}</span>'


def _chapter(name: str, rows: Sequence[Row], drawn: Mapping[str, Drawn]) -> str:
    sections = "\n".join(_section(row, drawn) for row in rows)
    return f"<section>\n<h2>{escape(name)}</h2>\n{sections}\n</section>"


def _section(row: Row, drawn: Mapping[str, Drawn]) -> str:
    claim = row.claim
    rests = ", ".join(
        f'<a href="#{_anchor(s["name"])}">{escape(str(s["name"]))}</a> ({s["runs"]:,})'
        for s in row.sources[:1]
    )
    more = len(row.sources) - 1
    rests += (
        f" and {more} more {'ensemble' if more == 1 else 'ensembles'}" if more else ""
    )
    facts = {
        "Where": escape(claim.place),
        "Published": escape(claim.published),
        "Measured": f"{_text(row.measured)}{_scale(row)}",
        "Settings": escape(row.settings),
        "Rule": _text(claim.rule),
        "To know": _text(claim.remark),
        "Proof": escape(str(row.details.get("proof", ""))),
        "Runs": rests,
        "Repeat": f"<pre>{escape(_again(row))}</pre>",
    }
    listed = "".join(
        f"<dt>{name}</dt>{value_tag}{value}</dd>"
        for name, value in facts.items()
        for value_tag in ['<dd class="value">' if name == "Measured" else "<dd>"]
        if value
    )
    figures = "".join(_figure(drawn[plate.name]) for plate in row.finding.plates)
    return (
        f'<article class="claim" id="{escape(claim.name)}">\n'
        f"<h3>{escape(claim.words)}</h3>\n"
        f"{_verdict(row.verdict, badge=True)}\n<dl>{listed}</dl>\n"
        + (f'<div class="plates">{figures}</div>\n' if figures else "")
        + "</article>"
    )


def _again(row: Row) -> str:
    first = row.claim.ensembles[0]
    runs = next((s["runs"] for s in row.sources if s["name"] == first.name), first.runs)
    words = f"backsweep reproduce {row.claim.name} --seed {row.seed}"
    return words if runs == first.runs else f"{words} --runs {runs}"


def _scale(row: Row) -> str:
    """Draw the share that the verdict rests on, with its interval, from 0 to 100 %."""
    share, interval = row.finding.share, row.interval
    if share is None or interval is None:
        return ""
    low, high = (10 + 300 * end for end in interval)
    told = (
        f"{row.finding.share_of}: {100 * share:.0f} %, interval"
        f" {100 * interval[0]:.0f} to {100 * interval[1]:.0f} %"
    )
    return (
        '<svg class="scale" viewBox="0 0 320 30" role="img"'
        f' aria-label="{escape(told)}">'
        '<line class="rail" x1="10" x2="310" y1="8" y2="8"/>'
        f'<line class="range" x1="{low:.1f}" x2="{high:.1f}" y1="8" y2="8"/>'
        f'<circle class="point" cx="{10 + 300 * share:.1f}" cy="8" r="5"/>'
        '<text x="10" y="26" text-anchor="start">0</text>'
        '<text x="160" y="26" text-anchor="middle">'
        f"{escape(row.finding.share_of)}</text>"
        '<text x="310" y="26" text-anchor="end">100 %</text></svg>'
    )


def _figure(drawn: Drawn) -> str:
    plate = drawn.plate
    kind = ' class="wide"' if plate.width_cm > WIDE_CM else ""
    return (
        f'<figure{kind}><div class="sheet" tabindex="0">{inline(drawn)}</div>'
        f"<figcaption>{escape(plate.caption)}</figcaption></figure>"
    )


def _not_measured() -> str:
    told = "".join(
        f"<p><b>{escape(words)}.</b> {escape(why)}</p>" for words, why in NOT_MEASURED
    )
    return (
        f"<section>\n<h2>Not measured</h2>\n<div class='claim'>{told}</div>\n</section>"
    )


def _anchor(name: object) -> str:
    kept = "".join(c if c.isalnum() else "-" for c in str(name))
    return f"runs-{escape(kept)}"


def _runs(rows: Sequence[Row]) -> str:
    sources = {s["name"]: s for row in rows for s in row.sources}
    listed = "\n".join(map(_ensemble, sources.values()))
    return (
        "<section>\n<h2>The runs, and how to repeat them</h2>\n"
        '<div class="claim"><p>Each line is an ensemble: its settings in full, and the'
        " command that learns the same networks again, to the same bits.</p>\n"
        f"{listed}</div>\n</section>"
    )


def _ensemble(source: Mapping[str, Any]) -> str:
    outcomes = ", ".join(
        f"{count:,} {word}" for word, count in source["outcomes"].items() if count
    )
    network = str(source["network"])
    if "\n" in network:
        network = f"{network.count(chr(10)) + 1} layers"
    settings = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>"
        for name, value in _settings(source).items()
    )
    return (
        f'<details id="{_anchor(source["name"])}"><summary>'
        f'<span class="name">{escape(str(source["name"]))}</span>'
        f'<span class="fact">{escape(network)}</span>'
        f'<span class="fact">{escape(outcomes)}</span></summary>'
        f'<div class="inside"><pre>{escape(str(source["command"]))}</pre>'
        f"<dl>{settings}</dl></div></details>"
    )


def _settings(source: Mapping[str, Any]) -> dict[str, str]:
    """Write every setting, nested ones on one line."""
    told = {
        "task": str(source["task"]),
        "network": str(source["network"]).replace("\n", "; "),
        "engine": f"{source['engine']}, Backsweep {source['version']}",
    }
    for name, value in source["procedure"].items():
        told[name] = _value(value)
    return told


def _value(value: object) -> str:
    if isinstance(value, Mapping):
        return "; ".join(
            f"{key} {_value(part)}" for key, part in value.items() if part is not None
        )
    if isinstance(value, (list, tuple)):
        return " | ".join(map(_value, value)) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)
