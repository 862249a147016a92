"""Draws docs/performance.svg: bars of the clients, readable on a light and on a dark page."""

from html import escape

from page import DOCS

MARGIN, PANEL, LABEL, ROW, TOP = 16, 430, 190, 22, 34
PANELS = [
    ("cold", "Start, connect, read the project: ms (less is better)", ",.0f"),
    ("warm", "List 11 repositories, warm: µs (less is better)", ",.0f"),
    ("flight", "Lists a second, 32 in flight (more is better)", ",.0f"),
    ("peak flight", "Peak memory, 32 in flight: MiB (less is better)", ",.0f"),
]
LABELS = {
    "serve": "azdo-bot serve",
    "mcp": "azdo-bot mcp",
    "python": "Python client",
    "node": "Node client",
    "node-kept": "Node client, keepAlive",
    "other-mcp": "@azure-devops/mcp",
}
STYLE = """
    text { font: 12px system-ui, -apple-system, "Segoe UI", "Liberation Sans", sans-serif; fill: #1f2328; }
    .title { font-weight: 600; }
    .ours { fill: #0969da; }
    .others { fill: #8c959f; }
    @media (prefers-color-scheme: dark) {
        text { fill: #e6edf3; }
        .ours { fill: #4493f8; }
        .others { fill: #7d8590; }
    }
"""


def panel(title: str, form: str, values: dict[str, float], x: int, y: int) -> list[str]:
    """Draws the bars of one figure"""
    scale = (PANEL - LABEL - 70) / max(values.values())
    lines = [f'<text class="title" x="{x}" y="{y + 16}">{escape(title)}</text>']
    for number, (name, value) in enumerate(values.items()):
        at = y + TOP + number * ROW
        length = max(value * scale, 1)
        kind = "ours" if LABELS[name].startswith("azdo-bot") else "others"
        lines += [
            f'<text x="{x + LABEL - 8}" y="{at + 12}" text-anchor="end">{escape(LABELS[name])}</text>',
            f'<rect class="{kind}" x="{x + LABEL}" y="{at + 1}" width="{length:.1f}" height="{ROW - 7}" rx="2"/>',
            f'<text x="{x + LABEL + length + 6:.1f}" y="{at + 12}">{value:{form}}</text>',
        ]
    return lines


def write(chosen: dict, figures: dict[str, dict[str, float]]) -> None:
    """Writes the picture beside the page"""
    shown = [name for name in LABELS if name in chosen]
    height_of_panel = TOP + len(shown) * ROW + 16
    lines = []
    for number, (what, title, form) in enumerate(PANELS):
        values = {name: figures[name][what] for name in shown}
        lines += panel(title, form, values, number % 2 * PANEL, number // 2 * height_of_panel)
    width, height = 2 * (PANEL + MARGIN), 2 * height_of_panel + MARGIN
    view = f"{-MARGIN} {-MARGIN} {width} {height}"
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{view}" width="{width}" height="{height}" role="img">'
    name = "<title>azdo-bot beside other clients of Azure DevOps: time to connect, time of a list, lists a second, memory</title>"
    body = "\n".join(f"    {line}" for line in lines)
    (DOCS / "performance.svg").write_text(f"{head}\n    {name}\n    <style>{STYLE}    </style>\n{body}\n</svg>\n")
