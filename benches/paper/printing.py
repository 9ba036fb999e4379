"""The printer: a page of a PDF as black dots on white paper.

A laser printer knows ink and no ink. So the page is drawn at the printer's resolution and cut at
half, which is harder on a QR than the soft grey edges of a picture on a screen.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import pypdfium2
import zxingcpp

DOTS_PER_INCH = 300
MM_PER_INCH = 25.4
DOTS_PER_MM = DOTS_PER_INCH / MM_PER_INCH
MODULES = 29


@dataclass(frozen=True)
class Sheet:
    """A printed page: 1 is paper, 0 is ink, and where its QR is."""

    dots: np.ndarray
    qr_centre: tuple[float, float]
    qr_mm: float


def print_page(pdf: bytes, dpi: int = DOTS_PER_INCH, module_mm: float | None = None) -> Sheet:
    """Prints the first page. `module_mm` shrinks the page until a module has that size."""
    sheet = drawn(pdf, dpi, 1.0)
    if module_mm is None:
        return sheet
    return drawn(pdf, dpi, module_mm * MODULES / sheet.qr_mm)


def drawn(pdf: bytes, dpi: int, shrink: float) -> Sheet:
    """The page in dots of 1/300 inch, whatever the printer's own resolution."""
    document = pypdfium2.PdfDocument(pdf)
    page = document[0].render(scale=dpi * shrink / 72, grayscale=True).to_numpy()
    dots = (page.reshape(page.shape[:2]) >= 128).astype(np.uint8)
    if dpi != DOTS_PER_INCH:
        factor = DOTS_PER_INCH / dpi
        dots = cv2.resize(dots, None, fx=factor, fy=factor, interpolation=cv2.INTER_NEAREST)
    found = zxingcpp.read_barcodes(dots * 255, formats=zxingcpp.BarcodeFormat.QRCode)
    if len(found) != 1:
        raise SystemExit(f"{len(found)} QR codes on a clean page at {dpi} dpi")
    place = found[0].position
    corners = np.array(
        [
            (corner.x, corner.y)
            for corner in (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
        ]
    )
    side = float(np.mean(np.linalg.norm(corners - np.roll(corners, 1, axis=0), axis=1)))
    centre = corners.mean(axis=0)
    return Sheet(dots, (float(centre[0]), float(centre[1])), side / DOTS_PER_MM)
