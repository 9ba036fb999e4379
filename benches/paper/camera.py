"""A photo of a printed sheet: paper, light, lens, hand, sensor and JPEG, in that order.

The order matters: blur mixes light and not grey values, noise comes after blur, and JPEG last. All
randomness comes from the generator that is passed in, so a run can be repeated to the last pixel.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator

from printing import DOTS_PER_MM, Sheet
from shots import Shot

FRAME = (480, 400)
FINER = 3
PATCH_MM = 150.0
PAPER, INK, DESK = 0.85, 0.05, 0.25
FOCAL_MM_PIXELS = 5.0 * 224


def photograph(sheet: Sheet, shot: Shot, dice: Generator) -> bytes:
    """The JPEG that a phone would hand to a decoder."""
    light = through_lens(seen(sheet, shot, dice), shot, dice)
    return developed(light, shot, dice)


def seen(sheet: Sheet, shot: Shot, dice: Generator) -> np.ndarray:
    """The light that comes from the sheet, as the lens would see it without any blur."""
    patch = around_qr(sheet)
    if shot.streaks:
        patch = with_streaks(patch, shot.streaks, dice)
    reflected = INK + (PAPER - INK) * patch
    # The other side shows through and no paper is even.
    reflected *= 1 + 0.02 * clouds(reflected.shape, 40, dice)
    if shot.dirt:
        reflected = with_dirt(reflected, shot.dirt, sheet.qr_mm, dice)
    if shot.fold:
        reflected = with_fold(reflected, shot.fold, sheet.qr_mm, dice)
    if shot.crumple:
        reflected = with_crumple(reflected, shot.crumple, dice)
    large = (FRAME[0] * FINER, FRAME[1] * FINER)
    view = homography(shot, dice)
    fine = cv2.warpPerspective(reflected, view, large, flags=cv2.INTER_LINEAR, borderValue=DESK)
    light = cv2.resize(fine, FRAME, interpolation=cv2.INTER_AREA)
    return light * lamp(shot, dice)


def around_qr(sheet: Sheet) -> np.ndarray:
    """The part of the sheet around the QR: 1 is paper, 0 is ink; beyond the sheet is paper."""
    half = int(PATCH_MM * DOTS_PER_MM / 2)
    x, y = (round(value) for value in sheet.qr_centre)
    padded = np.pad(sheet.dots, half, constant_values=1)
    patch = padded[y : y + 2 * half, x : x + 2 * half].astype(np.float32)
    # Toner spreads a little.
    return cv2.GaussianBlur(patch, (0, 0), 0.7)


def clouds(shape: tuple[int, ...], grain: float, dice: Generator) -> np.ndarray:
    """Smooth chance, mean 0 and deviation 1, with features of `grain` dots."""
    small = (max(4, int(shape[0] / grain * 2)), max(4, int(shape[1] / grain * 2)))
    coarse = dice.standard_normal(small).astype(np.float32)
    field = cv2.resize(coarse, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC)
    return (field - field.mean()) / field.std()


def with_streaks(patch: np.ndarray, share: float, dice: Generator) -> np.ndarray:
    """A cartridge at its end: bands along the page where ink gets thin, and white specks."""
    width = patch.shape[1]
    band = clouds((8, width), 2.5 * DOTS_PER_MM, dice)[4]
    weak = np.clip(band - np.quantile(band, 1 - share * 0.6), 0, 1)
    weak = np.clip(weak * 3, 0, 1) * (0.35 + 0.45 * share)
    specks = clouds(patch.shape, 3, dice) > 2.6 - 1.2 * share * (weak > 0.1)
    lighter = np.maximum(weak[None, :], 0.8 * specks)
    return 1 - (1 - patch) * (1 - lighter)


def with_dirt(reflected: np.ndarray, share: float, qr_mm: float, dice: Generator) -> np.ndarray:
    """Drops and rubbed-off spots until that share of the QR is covered."""
    height, width = reflected.shape
    half = qr_mm * DOTS_PER_MM / 2
    spots = np.zeros((height, width), np.uint8)
    box = np.s_[
        int(height / 2 - half) : int(height / 2 + half),
        int(width / 2 - half) : int(width / 2 + half),
    ]
    result = reflected.copy()
    while spots[box].mean() < share:
        x, y = dice.uniform(-1.3, 1.3, 2) * half + (width / 2, height / 2)
        radii = dice.uniform(0.6, 2.6, 2) * DOTS_PER_MM
        one = np.zeros_like(spots)
        centre, axes = (int(x), int(y)), (int(radii[0]), int(radii[1]))
        cv2.ellipse(one, centre, axes, float(dice.uniform(0, 180)), 0, 360, 1, -1)
        soft = cv2.GaussianBlur(one.astype(np.float32), (0, 0), 3)
        shade = float(dice.choice([0.08, 0.2, 0.35, 0.8]))
        result = result * (1 - 0.95 * soft) + shade * 0.95 * soft
        spots |= one
    return result


def with_fold(reflected: np.ndarray, amount: float, qr_mm: float, dice: Generator) -> np.ndarray:
    """A fold through the QR: one half leans away, is darker, and the toner flaked off the edge."""
    height, width = reflected.shape
    angle = dice.uniform(0, np.pi)
    normal = np.array([np.cos(angle), np.sin(angle)])
    middle = dice.uniform(-0.35, 0.35) * qr_mm * DOTS_PER_MM
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    along = (xs - width / 2) * normal[0] + (ys - height / 2) * normal[1] - middle
    lean = np.radians(40 * amount)
    stretch = np.where(along > 0, along / np.cos(lean), along) - along
    bent = cv2.remap(
        reflected,
        (xs + stretch * normal[0]).astype(np.float32),
        (ys + stretch * normal[1]).astype(np.float32),
        cv2.INTER_LINEAR,
        borderValue=DESK,
    )
    bent = bent * np.where(along > 0, 1 - 0.45 * amount, 1).astype(np.float32)
    flaked = np.abs(along + clouds(reflected.shape, 10, dice) * 2) < 3 + 5 * amount
    flaked &= clouds(reflected.shape, 8, dice) > -0.3
    return np.where(flaked, 0.6 * PAPER, bent).astype(np.float32)


def with_crumple(reflected: np.ndarray, amount: float, dice: Generator) -> np.ndarray:
    """A sheet that was a ball: flat facets that lean every way, with sharp edges between."""
    height, width = reflected.shape
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    relief = np.zeros_like(reflected)
    for size in (45.0, 20.0):
        field = clouds(reflected.shape, size * DOTS_PER_MM, dice)
        relief += np.abs(field) * size
    slope_y, slope_x = np.gradient(relief * DOTS_PER_MM * 0.14)
    push = 0.8 * amount * DOTS_PER_MM
    moved = cv2.remap(
        reflected,
        xs + push * cv2.GaussianBlur(slope_x, (0, 0), 6),
        ys + push * cv2.GaussianBlur(slope_y, (0, 0), 6),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    shade = 1 + amount * 0.8 * (0.8 * slope_x + 0.6 * slope_y)
    return (moved * np.clip(shade, 0.25, 1.25)).astype(np.float32)


def homography(shot: Shot, dice: Generator) -> np.ndarray:
    """Where a dot of the patch lands in the (finer) frame: a pinhole camera above a flat sheet."""
    turn = np.radians(dice.uniform(-shot.turn, shot.turn))
    axis = dice.uniform(0, 2 * np.pi)
    tilt, _ = cv2.Rodrigues(np.radians(shot.tilt) * np.array([np.cos(axis), np.sin(axis), 0.0]))
    flat, _ = cv2.Rodrigues(np.array([0.0, 0.0, turn]))
    pose = tilt @ flat
    distance = FOCAL_MM_PIXELS / shot.pixels_per_mm
    aside = dice.uniform(-8, 8, 2)
    place = np.column_stack([pose[:, 0], pose[:, 1], [aside[0], aside[1], distance]])
    focal = FOCAL_MM_PIXELS * FINER
    lens = np.array(
        [
            [focal, 0, FRAME[0] * FINER / 2],
            [0, focal, FRAME[1] * FINER / 2],
            [0, 0, 1],
        ]
    )
    half = PATCH_MM / 2
    dots_to_mm = np.array([[1 / DOTS_PER_MM, 0, -half], [0, 1 / DOTS_PER_MM, -half], [0, 0, 1]])
    return lens @ place @ dots_to_mm


def lamp(shot: Shot, dice: Generator) -> np.ndarray:
    """Uneven light, and the shadow of the hand that holds the phone."""
    width, height = FRAME
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    angle = dice.uniform(0, 2 * np.pi)
    along = (xs - width / 2) * np.cos(angle) + (ys - height / 2) * np.sin(angle)
    light = 1 + 0.12 * along / width
    if shot.shadow:
        edge = along + 12 * clouds((height, width), 120, dice) - dice.uniform(-30, 30)
        dark = 1 / (1 + np.exp(-edge / dice.uniform(2, 12)))
        light = light * (1 - shot.shadow * dark)
    return light.astype(np.float32)


def through_lens(light: np.ndarray, shot: Shot, dice: Generator) -> np.ndarray:
    """Blur: a lens is never perfect, then focus, then the hand."""
    blurred = cv2.GaussianBlur(light, (0, 0), float(np.hypot(0.5, shot.defocus)))
    if shot.motion:
        size = int(np.ceil(shot.motion)) + 3
        kernel = np.zeros((size, size), np.float32)
        angle = dice.uniform(0, np.pi)
        for step in np.linspace(-shot.motion / 2, shot.motion / 2, 8 * size):
            # A hand moves on a slight bow.
            bow = 0.08 * shot.motion * (2 * step / shot.motion) ** 2
            x = size / 2 - 0.5 + step * np.cos(angle) - bow * np.sin(angle)
            y = size / 2 - 0.5 + step * np.sin(angle) + bow * np.cos(angle)
            kernel[int(np.clip(round(y), 0, size - 1)), int(np.clip(round(x), 0, size - 1))] += 1
        blurred = cv2.filter2D(blurred, -1, kernel / kernel.sum(), borderType=cv2.BORDER_REFLECT)
    return blurred


def developed(light: np.ndarray, shot: Shot, dice: Generator) -> bytes:
    """Sensor and file: shot noise, read noise, haze, gamma, eight bits, JPEG."""
    exposed = light * shot.exposure
    deviation = np.sqrt(shot.noise**2 + 0.0002 * np.clip(exposed, 0, None))
    noisy = exposed + deviation * dice.standard_normal(exposed.shape)
    grey = np.clip(noisy, 0, 1) ** (1 / 2.2)
    grey = 0.55 + (grey - 0.55) * shot.contrast
    picture = np.clip(grey * 255 + 0.5, 0, 255).astype(np.uint8)
    done, jpeg = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, shot.jpeg])
    if not done:
        raise SystemExit("the JPEG encoder failed")
    return jpeg.tobytes()
