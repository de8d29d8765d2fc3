"""An SVG of what a context costs against the number of systems; readable on light and on dark pages."""
import math

from report import TITLES, median

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 760, 440, 74, 150, 58, 56
COLOURS = {"hub": ("#0f62c4", "#6cb0ff"), "floor": ("#5d6672", "#a9b3c0"), "nginx": ("#1a7f45", "#57c785"),
           "node": ("#b3541e", "#f0965a")}
STYLE = """<style>
text { font: 13px system-ui, sans-serif; fill: #24292f } .title { font-size: 16px; font-weight: 600 }
.grid { stroke: #d7dce2; stroke-width: 1 } .page { fill: #ffffff } .line { fill: none; stroke-width: 2.5 }
%s
@media (prefers-color-scheme: dark) { text { fill: #e3e8ee } .grid { stroke: #39424d } .page { fill: #0f1419 }
%s }
</style>
"""


def round_top(value):
    """The least round number that is not below it, and the step of its grid."""
    step = 10 ** math.floor(math.log10(value / 4))
    step = next(step * factor for factor in (1, 2, 2.5, 5, 10) if step * factor * 5 >= value)
    return step * math.ceil(value / step), step


def colours(dark):
    return "\n".join(f".{name} {{ stroke: {pair[dark]} }} .dot-{name} {{ fill: {pair[dark]} }}" for name, pair in COLOURS.items())


def element(text, x, y, extra=""):
    return f'<text x="{x:.1f}" y="{y:.1f}" {extra}>{text}</text>\n'


def cost(figures, counts):
    names = list(figures[f"busy-{counts[0]}"])
    values = {name: [median(figures[f"busy-{systems}"][name], "cpu_us") for systems in counts] for name in names}
    top, step = round_top(max(map(max, values.values())))
    x = lambda systems: LEFT + (WIDTH - LEFT - RIGHT) * systems / max(counts)
    y = lambda micros: HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * micros / top
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="CPU time of a context">\n'
    svg += STYLE % (colours(0), colours(1)) + f'<rect class="page" width="{WIDTH}" height="{HEIGHT}"/>\n'
    svg += element("What a context costs, by the number of systems asked", LEFT, 28, 'class="title"')
    svg += element("CPU µs a context, one core kept busy", LEFT, 47)
    for line in range(round(top / step) + 1):
        at = y(line * step)
        svg += f'<line class="grid" x1="{LEFT}" y1="{at:.1f}" x2="{WIDTH - RIGHT}" y2="{at:.1f}"/>\n'
        svg += element(f"{line * step:,.0f}", LEFT - 8, at + 4, 'text-anchor="end"')
    for systems in counts:
        svg += element(str(systems), x(systems), HEIGHT - BOTTOM + 20, 'text-anchor="middle"')
    svg += element("systems asked", (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 14, 'text-anchor="middle"')
    return svg + "".join(lines(names, values, counts, x, y)) + "</svg>\n"


def lines(names, values, counts, x, y):
    """A line a server, its legend at its end; legends that would overlap are moved apart."""
    low = HEIGHT - BOTTOM + 4
    for name in sorted(names, key=lambda name: values[name][-1]):
        points = " ".join(f"{x(systems):.1f},{y(micros):.1f}" for systems, micros in zip(counts, values[name]))
        yield f'<polyline class="line {name}" points="{points}"/>\n'
        for systems, micros in zip(counts, values[name]):
            yield f'<circle class="dot-{name}" cx="{x(systems):.1f}" cy="{y(micros):.1f}" r="4"/>\n'
        low = min(y(values[name][-1]) + 4, low - 17)
        yield element(f"{TITLES[name]}, {values[name][-1]:,.0f}", x(counts[-1]) + 12, low)
