"""The plain way to print passes: segno for the QR, reportlab for the page, one PDF.

What anybody would write in an afternoon, and not slowly on purpose: shared text is prepared once,
fonts are the standard ones, and the QR is one path of row-long rectangles instead of 400 squares.
It makes no tagged PDF, because reportlab does not; ours does, and pays for it.
"""

from __future__ import annotations

import argparse
import resource
import secrets
import time
from pathlib import Path

import segno
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LAST_DAY = "31 décembre 2027"
STEPS = (
    "1. Choisissez un lieu et téléphonez pour prendre rendez-vous.",
    "2. Apportez cette feuille à chaque atelier.",
    "3. Montrez le carré noir et blanc. Le lieu le scanne.",
)
VENUES = tuple(
    (name, f"{street}, 16000 Angoulême", f"Téléphone : 05 45 00 00 0{number}")
    for number, (name, street) in enumerate(
        (
            ("Médiathèque L'Alpha", "1 rue Coulomb"),
            ("France Services Soyaux", "235 avenue du Général-de-Gaulle"),
            ("Centre social de Basseau", "12 place Vitoria"),
            ("Maison du numérique", "3 rue de Périgueux"),
            ("Espace public Ma Campagne", "7 place du Commandant-Raynal"),
        )
    )
)
FUNDERS = "Vos ateliers sont payés par : État, CAF de la Charente, Ville d'Angoulême"


def symbols(count: int) -> str:
    """Random symbols of the alphabet."""
    return "".join(secrets.choice(ALPHABET) for _ in range(count))


def grouped(text: str) -> str:
    """In groups of four."""
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))


def draw_qr(canvas: Canvas, code: str, left: float, bottom: float, side: float) -> None:
    """One path: a rectangle for each run of dark modules."""
    rows = segno.make(f"HTTPS://PASS.EXEMPLE.FR/P/{code}", version=3, error="q").matrix
    module = side / len(rows)
    path = canvas.beginPath()
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            if not row[x]:
                x += 1
                continue
            first = x
            while x < len(row) and row[x]:
                x += 1
            top = bottom + side - (y + 1) * module
            path.rect(left + first * module, top, (x - first) * module, module)
    canvas.drawPath(path, stroke=0, fill=1)


def draw_boxes(
    canvas: Canvas, units: int, place: tuple[float, float], side: float, gap: float
) -> None:
    """The boxes to tick."""
    left, bottom = place
    canvas.setFont("Helvetica", side * 0.4)
    for number in range(units):
        x = left + number * (side + gap)
        canvas.rect(x, bottom, side, side)
        canvas.drawCentredString(x + side / 2, bottom + side * 0.35, str(number + 1))


def lines(canvas: Canvas, left: float, top: float, size: float, texts: tuple[str, ...]) -> float:
    """Lines under each other; where the next one would stand."""
    text = canvas.beginText(left, top)
    text.setFont("Helvetica", size, leading=1.4 * size)
    for line in texts:
        text.textLine(line)
    canvas.drawText(text)
    return text.getY()


def letter(canvas: Canvas, units: int) -> None:
    """One A4 letter with everything ours has."""
    code, serial, left = symbols(16), grouped(symbols(12)), 22 * mm
    canvas.setFont("Helvetica-Bold", 24)
    canvas.drawString(left, 272 * mm, "Votre pass numérique")
    told = (
        "Ce pass paie des ateliers pour apprendre le numérique.",
        f"Vous avez droit à {units} ateliers.",
        "Les ateliers sont gratuits pour vous.",
    )
    lines(canvas, left, 262 * mm, 14, told)
    canvas.roundRect(left, 202 * mm, 166 * mm, 40 * mm, 2 * mm)
    draw_qr(canvas, code, left + 5 * mm, 207 * mm, 30 * mm)
    canvas.setFont("Helvetica", 14)
    canvas.drawString(left + 45 * mm, 232 * mm, "Votre code")
    canvas.drawString(left + 45 * mm, 208 * mm, f"À utiliser jusqu'au {LAST_DAY}")
    canvas.setFont("Helvetica-Bold", 21)
    canvas.drawString(left + 45 * mm, 219 * mm, grouped(code))
    draw_boxes(canvas, units, (left, 184 * mm), 12 * mm, 3 * mm)
    canvas.setFont("Helvetica-Bold", 15)
    canvas.drawString(left, 174 * mm, "Que faire ?")
    y = lines(canvas, left, 166 * mm, 14, STEPS)
    canvas.setFont("Helvetica-Bold", 15)
    canvas.drawString(left, y - 3 * mm, "Où aller près de chez vous ?")
    y -= 10 * mm
    for venue in VENUES:
        y = lines(canvas, left, y, 11, venue) - 1.5 * mm
    canvas.setFont("Helvetica", 11)
    canvas.drawString(left, y, FUNDERS)
    canvas.setDash(3, 3)
    canvas.line(left, 34 * mm, 188 * mm, 34 * mm)
    canvas.setDash()
    stub = (
        "Souche à découper et à garder dans le dossier",
        f"Numéro de série : {serial}     Dernier jour : {LAST_DAY}     Ateliers : {units}",
        "Remis à : ____________________________",
    )
    lines(canvas, left, 28 * mm, 10.5, stub)


def card(canvas: Canvas, units: int, left: float, bottom: float) -> None:
    """One card of 85.6 × 54 mm."""
    code, serial = symbols(16), grouped(symbols(12))
    canvas.rect(left, bottom, 85.6 * mm, 54 * mm)
    draw_qr(canvas, code, left + 4 * mm, bottom + 20 * mm, 29 * mm)
    halves = (grouped(code[:8]) + "-", grouped(code[8:]))
    lines(canvas, left + 38 * mm, bottom + 42 * mm, 12, ("Pass numérique", *halves))
    lines(canvas, left + 38 * mm, bottom + 25 * mm, 10, ("Dernier jour", LAST_DAY))
    draw_boxes(canvas, units, (left + 4 * mm, bottom + 9 * mm), 6 * mm, 1.4 * mm)
    canvas.setFont("Helvetica", 9)
    canvas.drawString(left + 4 * mm, bottom + 3 * mm, f"Série {serial}")


def cards(canvas: Canvas, units: int, count: int) -> None:
    """A sheet of at most eight cards."""
    for number in range(count):
        column, row = number % 2, number // 2
        card(canvas, units, (14 + column * 96) * mm, (230 - row * 70) * mm)


def print_run(path: Path, layout: str, count: int, units: int) -> None:
    """All passes into one PDF."""
    canvas = Canvas(str(path), pagesize=A4, pageCompression=1, lang="fr-FR")
    canvas.setTitle("Pass numérique")
    if layout == "letter":
        for _ in range(count):
            letter(canvas, units)
            canvas.showPage()
    else:
        for start in range(0, count, 8):
            cards(canvas, units, min(8, count - start))
            canvas.showPage()
    canvas.save()


def main() -> None:
    """Prints one line: passes, seconds, passes a second, peak memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--layout", choices=("letter", "card"), default="letter")
    parser.add_argument("--units", type=int, default=10)
    parser.add_argument("--out", type=Path, default=Path("baseline.pdf"))
    asked = parser.parse_args()
    start = time.monotonic()
    print_run(asked.out, asked.layout, asked.count, asked.units)
    seconds = time.monotonic() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{asked.count} × {asked.layout}: {seconds:.1f} s, {asked.count / seconds:.0f} passes/s, "
        f"peak {peak:.0f} MB, file {asked.out.stat().st_size / 1e6:.1f} MB"
    )


if __name__ == "__main__":
    main()
