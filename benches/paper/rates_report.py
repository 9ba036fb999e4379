"""The counts of `decode_rates.py` as tables in Markdown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

OURS = ("letter", "card")
REFERENCE = ("letter", "letter, 0.5 mm a module", "letter, 0.4 mm a module")
SERVER = "our server"


def table(head: list[str], rows: Iterable[list[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def percent(part: int, whole: int) -> str:
    """A whole per cent; never 100 when one is missing, never 0 when one is there."""
    if not whole:
        return "–"
    share = round(100 * part / whole)
    if part < whole:
        share = min(share, 99)
    return f"{max(share, 1) if part else 0} %"


class Counts:
    """Sums over the rows of the measurement."""

    def __init__(self, measured: dict) -> None:
        self.rows: list[dict] = measured["rows"]
        self.any: list[dict] = measured["any"]
        self.decoders = list(dict.fromkeys(row["decoder"] for row in self.rows))
        self.outside = [name for name in self.decoders if name != SERVER]

    def of(self, decoder: str, **where: object) -> Counter[str]:
        """Verdicts of one decoder where the columns are as asked (a tuple: one of them)."""
        counts: Counter[str] = Counter()
        for row in self.rows:
            if row["decoder"] == decoder and matches(row, where):
                counts[row["verdict"]] += row["count"]
        return counts

    def by_any(self, **where: object) -> int:
        """Photos that at least one of the outside decoders read right."""
        return sum(row["count"] for row in self.any if matches(row, where))

    def photos(self, **where: object) -> int:
        """How many photos that is."""
        return self.of(self.outside[0], **where).total()

    def cells(self, **where: object) -> list[str]:
        """The share of right texts for each outside decoder, and for at least one of them."""
        whole = self.photos(**where)
        rights = [self.of(name, **where)["right"] for name in self.outside]
        rights.append(self.by_any(**where))
        return [str(whole), *(percent(right, whole) for right in rights)]


def matches(row: dict, where: dict[str, object]) -> bool:
    """Whether a row has these values; a tuple means any of them."""
    return all(
        row[name] in wanted if isinstance(wanted, tuple) else row[name] == wanted
        for name, wanted in where.items()
    )


def markdown(measured: dict) -> str:
    """All the tables."""
    counts = Counts(measured)
    return "\n".join(
        [
            totals(counts),
            by_kind(counts),
            by_size(counts),
            by_paper(counts, measured["qr_mm"]),
        ]
    )


def totals(counts: Counts) -> str:
    """Right, wrong and nothing over every photo of every paper."""
    rows = []
    for name in counts.decoders:
        all_papers = counts.of(name)
        verdicts = [all_papers[verdict] for verdict in ("right", "wrong", "nothing")]
        # The server saw the letter alone, and only of a few passes.
        ours = counts.of(name, paper=OURS)
        share = percent(ours["right"], ours.total())
        rows.append([name, str(all_papers.total()), *map(str, verdicts), share])
    head = ["decoder", "photos", "right", "**wrong**", "nothing", "right, of letter and card"]
    return "### Right, wrong, nothing\n\n" + table(head, rows)


def by_kind(counts: Counts) -> str:
    """One line for each way and strength, letter and card together."""
    ways = dict.fromkeys((row["kind"], row["level"], row["strength"]) for row in counts.rows)
    rows = []
    for kind, level, figure in ways:
        line = [kind, figure, *counts.cells(paper=OURS, kind=kind, level=level)]
        if SERVER in counts.decoders:
            seen = counts.of(SERVER, kind=kind, level=level)
            line.append(f"{seen['right']}/{seen.total()}")
        rows.append(line)
    head = ["what is bad", "how much", "photos", *counts.outside, "any of them"]
    head += [SERVER] if SERVER in counts.decoders else []
    return "### Letter and card, 300 dpi, one photo\n\n" + table(head, rows)


def by_size(counts: Counts) -> str:
    """What a smaller QR would lose, at the same distance."""
    ways = dict.fromkeys(row["kind"] for row in counts.rows)
    rows = []
    for kind in ways:
        cells = [size_cell(counts, paper, kind=kind) for paper in REFERENCE]
        rows.append([kind, str(counts.photos(paper="letter", kind=kind)), *cells])
    cells = [size_cell(counts, paper) for paper in REFERENCE]
    rows.append(["**all**", str(counts.photos(paper="letter")), *cells])
    head = ["what is bad", "photos each", "ours, 30 mm", "0.5 mm a module", "0.4 mm a module"]
    title = "### The size of the QR: zxing-cpp, and in brackets any decoder\n\n"
    return title + table(head, rows)


def size_cell(counts: Counts, paper: str, **where: object) -> str:
    """`90 % (95 %)`."""
    _, first, *_, any_of_them = counts.cells(paper=paper, **where)
    return f"{first} ({any_of_them})"


def by_paper(counts: Counts, qr_mm: dict[str, float]) -> str:
    """One line for each sheet."""
    rows = [[paper, f"{size:.1f} mm", *counts.cells(paper=paper)] for paper, size in qr_mm.items()]
    head = ["sheet", "QR as printed", "photos", *counts.outside, "any of them"]
    return "### Every sheet, all photos\n\n" + table(head, rows)
