"""Every way in which a photo of a pass can be bad, at three strengths each.

Lengths on paper are in millimetres, lengths in the photo in pixels, light between 0 and 1.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Shot:
    """One photo: the sheet's state, the light, the hand and the camera."""

    # The camera: at 5 pixels a millimetre a frame of 1280 pixels is 26 cm wide, which is how far
    # away people hold a phone to have the upper half of a letter in view.
    pixels_per_mm: float = 5.0
    tilt: float = 0.0
    turn: float = 5.0
    defocus: float = 0.0
    motion: float = 0.0
    noise: float = 0.01
    exposure: float = 0.85
    contrast: float = 1.0
    jpeg: int = 85
    # The light.
    shadow: float = 0.0
    # The sheet.
    crumple: float = 0.0
    fold: float = 0.0
    dirt: float = 0.0
    streaks: float = 0.0


def kinds() -> dict[str, list[Shot]]:
    """Name → from mild to harsh."""
    one = {
        "none": [Shot()],
        "farther away (px/mm)": [Shot(pixels_per_mm=p) for p in (4.0, 3.0, 2.0)],
        "defocus (σ px)": [Shot(defocus=s) for s in (1.0, 2.0, 3.0)],
        "motion blur (px)": [Shot(motion=m) for m in (4, 8, 12)],
        "tilt (°)": [Shot(tilt=t) for t in (25, 45, 60)],
        "turned (° at most)": [Shot(turn=t) for t in (20, 45, 180)],
        "noise (σ)": [Shot(noise=n) for n in (0.02, 0.04, 0.08)],
        "low light (exposure)": [
            Shot(exposure=e, noise=n) for e, n in ((0.20, 0.01), (0.10, 0.01), (0.05, 0.01))
        ],
        "low contrast": [Shot(contrast=c, noise=0.03) for c in (0.4, 0.2, 0.1)],
        "JPEG (quality)": [Shot(jpeg=q) for q in (30, 20, 10)],
        "shadow (share of light)": [Shot(shadow=s) for s in (0.5, 0.75, 0.9)],
        "fold": [Shot(fold=f) for f in (0.4, 0.7, 1.0)],
        "crumple": [Shot(crumple=c) for c in (0.3, 0.5, 0.8)],
        "dirt (share of the QR)": [Shot(dirt=d) for d in (0.03, 0.06, 0.10)],
        "low ink (share of streaks)": [Shot(streaks=s) for s in (0.15, 0.3, 0.5)],
    }
    return one | together()


def together() -> dict[str, list[Shot]]:
    """What happens at once at a door, in the evening, and to a sheet kept in a pocket."""
    return {
        "together: hurried": [
            Shot(defocus=0.8, motion=2, tilt=20, turn=20, noise=0.015, jpeg=40),
            Shot(defocus=1.2, motion=4, tilt=30, turn=30, noise=0.02, jpeg=30),
            Shot(defocus=1.6, motion=6, tilt=40, turn=45, noise=0.03, jpeg=20),
        ],
        "together: evening": [
            Shot(exposure=0.25, noise=0.012, motion=2, tilt=15, shadow=0.3, jpeg=50),
            Shot(exposure=0.15, noise=0.012, motion=4, tilt=25, shadow=0.5, jpeg=30),
            Shot(exposure=0.08, noise=0.012, motion=6, tilt=35, shadow=0.6, jpeg=20),
        ],
        "together: old sheet": [
            Shot(fold=0.4, crumple=0.2, dirt=0.01, streaks=0.1, tilt=15, noise=0.012, jpeg=50),
            Shot(fold=0.6, crumple=0.35, dirt=0.03, streaks=0.15, tilt=25, noise=0.015, jpeg=40),
            Shot(fold=0.8, crumple=0.5, dirt=0.05, streaks=0.25, tilt=35, noise=0.02, jpeg=30),
        ],
    }


def strength(kind: str, shot: Shot, level: int) -> str:
    """What stands in the table: the figure of that kind, or mild, medium, harsh."""
    figure = {
        "farther away (px/mm)": shot.pixels_per_mm,
        "defocus (σ px)": shot.defocus,
        "motion blur (px)": shot.motion,
        "tilt (°)": shot.tilt,
        "turned (° at most)": shot.turn,
        "noise (σ)": shot.noise,
        "low light (exposure)": shot.exposure,
        "low contrast": shot.contrast,
        "JPEG (quality)": shot.jpeg,
        "shadow (share of light)": shot.shadow,
        "dirt (share of the QR)": shot.dirt,
        "low ink (share of streaks)": shot.streaks,
    }.get(kind)
    if figure is not None:
        return f"{figure:g}"
    return "–" if kind == "none" else ("mild", "medium", "harsh")[level]
