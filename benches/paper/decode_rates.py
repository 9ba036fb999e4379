"""How often a bad photo of a printed pass is read, by decoders that we did not write.

Takes real letters and cards from a demo, prints them, photographs them in every bad way of
`shots.py`, and counts right, wrong and nothing for each decoder. The same photos are taken of the
same letters with a smaller QR, to see what 30 mm buys. A wrong text would send a person away with
somebody else's pass: one is enough for exit status 1.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import cv2
import numpy as np

import rates_report
from camera import photograph
from decoders import every_decoder, verdict
from installation import Installation, Pass, demo
from printing import Sheet, print_page
from shots import kinds, strength

SERVER = "our server"
# The server sees the letter of that many passes.
SERVER_PASSES = 6


@dataclass(frozen=True)
class Photo:
    """One photo, and what became of it."""

    paper: str
    kind: str
    level: int
    strength: str
    jpeg: bytes
    verdicts: dict[str, str]


def papers(passes: Pass) -> dict[str, Sheet]:
    """The sheets that are photographed; the last two are smaller than ours."""
    return {
        "letter": print_page(passes.letter),
        "card": print_page(passes.card),
        "letter, 150 dpi": print_page(passes.letter, dpi=150),
        "letter, 0.5 mm a module": print_page(passes.letter, module_mm=0.5),
        "letter, 0.4 mm a module": print_page(passes.letter, module_mm=0.4),
    }


def photos(number: int, one: Pass, seed: int) -> Iterator[tuple[str, str, int, str, bytes]]:
    """Every photo of one pass. All papers get the same hand, light and dirt."""
    for paper, sheet in papers(one).items():
        for row, (kind, shots) in enumerate(kinds().items()):
            for level, shot in enumerate(shots):
                dice = np.random.default_rng([seed, number, row, level])
                jpeg = photograph(sheet, shot, dice)
                yield paper, kind, level, strength(kind, shot, level), jpeg


def look(number_and_pass: tuple[int, Pass], seed: int) -> tuple[list[Photo], dict[str, float]]:
    """All photos of one pass before all decoders, and the seconds that each decoder took."""
    cv2.setNumThreads(1)
    number, one = number_and_pass
    decoders = every_decoder()
    seen, spent = [], dict.fromkeys(decoders, 0.0)
    for paper, kind, level, figure, jpeg in photos(number, one, seed):
        picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_GRAYSCALE)
        verdicts = {}
        for name, decode in decoders.items():
            start = time.process_time()
            verdicts[name] = verdict(decode(picture), one.text)
            spent[name] += time.process_time() - start
        seen.append(Photo(paper, kind, level, figure, jpeg, verdicts))
    return seen, spent


def ask_server(site: Installation, seen: list[Photo], expected: str) -> None:
    """Sends the letter's photos to the service's own reader."""
    for photo in seen:
        if photo.paper == "letter":
            text = site.read_photo(photo.jpeg)
            photo.verdicts[SERVER] = verdict([] if text is None else [text], expected)


def save(folder: Path, one: Pass, seen: list[Photo]) -> None:
    """Keeps one pass's sheets and photos, for people to look at and for `pdf_checks.py`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "letter.pdf").write_bytes(one.letter)
    (folder / "card.pdf").write_bytes(one.card)
    for photo in seen:
        name = f"{photo.paper}-{photo.kind}-{photo.level}".replace(" ", "_").replace("/", "_")
        (folder / f"{name}.jpg").write_bytes(photo.jpeg)


def measure(asked: argparse.Namespace) -> dict:
    """The whole run, as the JSON that is written."""
    with demo(asked.binary) as site:
        passes = site.passes(asked.passes)
        sizes = {name: sheet.qr_mm for name, sheet in papers(passes[0]).items()}
        counts: Counter[tuple[str, str, int, str, str, str]] = Counter()
        together: Counter[tuple[str, str, int, str]] = Counter()
        spent: Counter[str] = Counter()
        # A forked OpenCV waits for ever for the threads of its parent.
        fresh = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(asked.jobs, mp_context=fresh) as pool:
            done = pool.map(partial(look, seed=asked.seed), enumerate(passes))
            for number, (seen, seconds) in enumerate(done):
                if asked.server and number < SERVER_PASSES:
                    ask_server(site, seen, passes[number].text)
                if asked.keep and number == 0:
                    save(asked.keep, passes[number], seen)
                spent.update(seconds)
                for photo in seen:
                    place = (photo.paper, photo.kind, photo.level, photo.strength)
                    counts.update((*place, *pair) for pair in photo.verdicts.items())
                    outside = {v for n, v in photo.verdicts.items() if n != SERVER}
                    if "right" in outside:
                        together[place] += 1
                print(f"pass {number + 1} of {len(passes)}", flush=True)
    rows = [
        dict(zip(("paper", "kind", "level", "strength", "decoder", "verdict"), key), count=count)
        for key, count in counts.items()
    ]
    any_rows = [
        dict(zip(("paper", "kind", "level", "strength"), key), count=count)
        for key, count in together.items()
    ]
    return {
        "seed": asked.seed,
        "passes": asked.passes,
        "qr_mm": sizes,
        "seconds": dict(spent),
        "rows": rows,
        "any": any_rows,
    }


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    default = os.environ.get("PASS_NUMERIQUE", "target/release/pass-numerique")
    parser.add_argument("--binary", type=Path, default=Path(default))
    parser.add_argument("--passes", type=int, default=16, help="different codes")
    parser.add_argument("--seed", type=int, default=4)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--out", type=Path, default=Path("decode-rates"), help="without ending")
    parser.add_argument("--keep", type=Path, help="a folder for the first pass: PDFs, photos")
    parser.add_argument("--no-server", dest="server", action="store_false")
    return parser.parse_args()


def main() -> int:
    """Writes OUT.json and OUT.md; 1 when any decoder read a wrong text."""
    asked = arguments()
    start = time.monotonic()
    measured = measure(asked)
    measured["wall_seconds"] = round(time.monotonic() - start)
    asked.out.with_suffix(".json").write_text(json.dumps(measured, indent=1) + "\n")
    report = rates_report.markdown(measured)
    asked.out.with_suffix(".md").write_text(report)
    print(report)
    return 1 if any(row["verdict"] == "wrong" for row in measured["rows"]) else 0


if __name__ == "__main__":
    raise SystemExit(main())
