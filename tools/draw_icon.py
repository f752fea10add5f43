"""Draws the browser icon, an interval with its dot. Run it again when the accent changes."""

from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw

from cxdash.faces.web.palette import LIGHT

SIZE: Final = 64
SCALE: Final = 8
TARGET: Final = Path("cxdash/faces/web/icon.png")


def draw() -> Image.Image:
    """The icon, drawn large and reduced so that its edges are smooth."""
    side = SIZE * SCALE
    image = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    unit = side / 16
    pen.rounded_rectangle((0, 0, side - 1, side - 1), radius=3 * unit, fill=LIGHT.accent)
    pen.rounded_rectangle((2 * unit, 7.4 * unit, 14 * unit, 8.6 * unit), 0.6 * unit, LIGHT.paper)
    for x in (2.2, 13.8):
        pen.rounded_rectangle(
            ((x - 0.5) * unit, 5.2 * unit, (x + 0.5) * unit, 10.8 * unit), 0.4 * unit, LIGHT.paper
        )
    pen.ellipse((5.4 * unit, 5.4 * unit, 10.6 * unit, 10.6 * unit), fill=LIGHT.paper)
    return image.resize((SIZE, SIZE), Image.Resampling.LANCZOS)


if __name__ == "__main__":
    draw().save(TARGET, optimize=True)
