# ruff: noqa: E501
"""Colours have one home, are readable (WCAG AA), and keep apart for colour-blind readers."""

import itertools
import tomllib
from pathlib import Path

import pytest

from cxdash.faces.web.palette import DARK, LIGHT, Palette

CONFIG = tomllib.loads((Path(__file__).parents[2] / ".streamlit/config.toml").read_text())
THEMES = {"light": LIGHT, "dark": DARK}

# Machado, Oliveira and Fernandes (2009), severity 1.0, on linear RGB.
DEFICIENCIES = {
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}  # fmt: skip


def linear(colour: str) -> tuple[float, ...]:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return tuple(p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)


def luminance(colour: str) -> float:
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def seen(colour: str, matrix: tuple[tuple[float, ...], ...]) -> tuple[float, ...]:
    rgb = linear(colour)
    return tuple(
        min(1.0, max(0.0, sum(m * c for m, c in zip(row, rgb, strict=True)))) for row in matrix
    )


def lab(rgb: tuple[float, ...]) -> tuple[float, float, float]:
    red, green, blue = rgb
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883
    fx, fy, fz = (v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def distance(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    return sum((a - b) ** 2 for a, b in zip(lab(one), lab(other), strict=True)) ** 0.5


@pytest.mark.parametrize("name", THEMES)
def test_the_configuration_repeats_the_palette(name: str) -> None:
    theme, palette = CONFIG["theme"][name], THEMES[name]
    wanted = {
        "primaryColor": palette.accent,
        "backgroundColor": palette.paper,
        "secondaryBackgroundColor": palette.panel,
        "textColor": palette.ink,
        "linkColor": palette.accent,
        "borderColor": palette.line,
        "greenTextColor": palette.good,
        "greenBackgroundColor": palette.good_paper,
        "orangeTextColor": palette.warn,
        "orangeBackgroundColor": palette.warn_paper,
        "redTextColor": palette.bad,
        "redBackgroundColor": palette.bad_paper,
        "blueTextColor": palette.accent,
        "blueBackgroundColor": palette.known_paper,
        "grayTextColor": palette.quiet,
        "grayBackgroundColor": palette.quiet_paper,
        "chartCategoricalColors": list(palette.series),
    }
    assert {key: theme[key] for key in wanted} == wanted


@pytest.mark.parametrize("palette", THEMES.values(), ids=THEMES)
def test_every_text_colour_reaches_aa_on_its_paper(palette: Palette) -> None:
    pairs = [
        (palette.ink, palette.paper),
        (palette.ink, palette.panel),
        (palette.quiet, palette.paper),
        (palette.accent, palette.paper),
        (palette.good, palette.good_paper),
        (palette.warn, palette.warn_paper),
        (palette.bad, palette.bad_paper),
        (palette.accent, palette.known_paper),
        (palette.quiet, palette.quiet_paper),
        *((colour, palette.paper) for colour in palette.series),
    ]
    low = {pair: round(contrast(*pair), 2) for pair in pairs if contrast(*pair) < 4.5}
    assert not low


@pytest.mark.parametrize("palette", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize("deficiency", DEFICIENCIES)
def test_the_first_three_series_keep_apart_for_colour_blind_readers(
    palette: Palette, deficiency: str
) -> None:
    shown = [seen(colour, DEFICIENCIES[deficiency]) for colour in palette.series[:3]]
    apart = [distance(one, other) for one, other in itertools.combinations(shown, 2)]
    assert min(apart) > 15


@pytest.mark.parametrize("palette", THEMES.values(), ids=THEMES)
def test_borders_of_controls_can_be_seen(palette: Palette) -> None:
    assert contrast(palette.line, palette.paper) >= 3
