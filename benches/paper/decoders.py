"""QR decoders that this project did not write, each as a function from grey pixels to texts.

All of them look for QR codes only, as the camera of a phone effectively does, with their defaults.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable

import cv2
import numpy as np
import zxingcpp
from pyzbar import pyzbar

Decoder = Callable[[np.ndarray], list[str]]


def zxing(picture: np.ndarray) -> list[str]:
    """zxing-cpp."""
    return [c.text for c in zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)]


def zbar(picture: np.ndarray) -> list[str]:
    """ZBar, through pyzbar."""
    found = pyzbar.decode(picture, symbols=[pyzbar.ZBarSymbol.QRCODE])
    return [code.data.decode(errors="replace") for code in found]


def opencv(picture: np.ndarray) -> list[str]:
    """OpenCV's own detector; it reports nothing as an empty text."""
    try:
        text, _, _ = cv2.QRCodeDetector().detectAndDecode(picture)
    except cv2.error:
        return []
    return [text] if text else []


def every_decoder() -> dict[str, Decoder]:
    """The decoders that are installed; quirc has to be compiled and may be missing."""
    found: dict[str, Decoder] = {"zxing-cpp": zxing, "ZBar": zbar, "OpenCV": opencv}
    try:
        import quirc
    except ImportError:
        return found

    def with_quirc(picture: np.ndarray) -> list[str]:
        """quirc; a code it sees and cannot read is only a warning."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            codes = quirc.decode(picture)
        return [bytes(data.payload).decode(errors="replace") for _, data in codes if data]

    return found | {"quirc": with_quirc}


def verdict(texts: Iterable[str], expected: str) -> str:
    """`right`, `wrong` as soon as one text is another one, or `nothing`."""
    seen = set(texts)
    if not seen:
        return "nothing"
    return "right" if seen == {expected} else "wrong"
