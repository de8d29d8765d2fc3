"""Figures of several rounds as a table: medians, and the hub against each peer round by round."""
import statistics

TITLES = {"hub": "hub", "floor": "epoll floor", "nginx": "nginx+lua", "node": "Node+undici"}


def median(runs, what):
    return statistics.median(run[what] for run in runs)


def ratios(figures, kind, peer, what="cpu_us"):
    """The hub's cost over the peer's, a number for each round."""
    return [hub[what] / other[what] for hub, other in zip(figures[kind]["hub"], figures[kind][peer])]


def row(cells):
    return "| " + " | ".join(cells) + " |\n"


def table(figures, counts, delay_ms):
    names = list(figures[f"busy-{counts[0]}"])
    text = row(["systems", "server", "CPU µs a context", "contexts/s a core", "at the same rate: contexts/s",
                f"over the systems' {delay_ms} ms, p50", "p99", "CPU µs a context then", "memory MiB, peak"])
    text += row(["--:", "---"] + ["--:"] * 7)
    for systems in counts:
        for name in names:
            busy, steady = figures[f"busy-{systems}"][name], figures[f"steady-{systems}"][name]
            over = lambda what: f"{(median(steady, what) - delay_ms * 1000) / 1000:.2f} ms"
            text += row([str(systems), TITLES[name], f"{median(busy, 'cpu_us'):.0f}", f"{median(busy, 'rate'):,.0f}",
                         f"{median(steady, 'rate'):,.0f}", over("p50_us"), over("p99_us"), f"{median(steady, 'cpu_us'):.0f}",
                         f"{median(steady, 'resident_kb') / 1024:.0f}, {max(run['peak_kb'] for run in busy) / 1024:.0f}"])
    others = [name for name in names if name != "hub"]
    text += "\n" + row(["hub's CPU µs over, all at once", *(f"{systems} system{'s' if systems > 1 else ''} (rounds)" for systems in counts)])
    text += row(["---"] + ["--:"] * len(counts))
    for name in others:
        cells = []
        for systems in counts:
            each = ratios(figures, f"at-once-{systems}", name)
            cells.append(f"**{statistics.median(each):.2f}** ({min(each):.2f}–{max(each):.2f})")
        text += row([TITLES[name], *cells])
    return text
