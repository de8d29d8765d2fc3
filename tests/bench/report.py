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


def ratio_rows(figures, counts, delay_ms):
    """As marks.rows: what is wanted of the hub beside the floor and beside nginx."""
    for systems in counts:
        each = ratios(figures, f"at-once-{systems}", "floor")
        yield f"CPU over the floor's, {systems} system{'s' if systems > 1 else ''}", 2.5 if systems == 1 else 1.5, statistics.median(each), spread(each)
    for systems in counts[1:]:
        each = ratios(figures, f"at-once-{systems}", "nginx")
        yield f"CPU over nginx+lua's, {systems} systems", 0.56, statistics.median(each), spread(each)
    for systems in counts:
        steady = figures[f"steady-{systems}"]
        more = (median(steady["hub"], "p50_us") - median(steady["floor"], "p50_us")) / 1000
        yield f"ms of p50 above the floor's, {systems} system{'s' if systems > 1 else ''}, {delay_ms} ms each", 0.1, more, ""


def spread(each):
    return f"{min(each):.2f}–{max(each):.2f}"


def marks(rows):
    """What the hub is to reach, and whether it has."""
    text = row(["mark", "at most", "reached", "rounds", ""]) + row(["---", "--:", "--:", "--:", "---"])
    for what, most, reached, rounds in rows:
        text += row([what, f"{most:g}", f"**{reached:.2f}**", rounds, "yes" if reached <= most else "not yet"])
    return text
