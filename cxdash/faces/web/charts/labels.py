"""Where a name stands beside its point so that names do not cover each other. Pure geometry.

Points are taken one by one, the most crowded first; each name tries a ring of places around its
point and takes the one that covers least. A name that fits nowhere is replaced by a number.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

__all__ = ["Box", "Place", "Side", "placed"]

Side = Literal["left", "right", "center"]

_LETTER: Final = 0.56  # width of a letter in font sizes
_DOT: Final = 9.0  # half the side of a point
_OUTSIDE: Final = 10.0  # how much worse it is to be cut off than to be covered
_TOO_MUCH: Final = 0.12  # share of a name that may be covered


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels, downwards from the top left corner."""

    left: float
    top: float
    right: float
    bottom: float

    def covered(self, other: "Box") -> float:
        """Area that both cover."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(0.0, width) * max(0.0, height)

    @property
    def area(self) -> float:
        return (self.right - self.left) * (self.bottom - self.top)


@dataclass(frozen=True, slots=True)
class Place:
    """Shift of a text from its point in pixels, and which side of the text is tied to it."""

    dx: float
    dy: float
    side: Side


# The order is the taste: to the right, to the left, above, below, then the corners, then further.
_PLACES: Final = (
    Place(14, 0, "left"),
    Place(-14, 0, "right"),
    Place(0, -19, "center"),
    Place(0, 19, "center"),
    Place(11, -15, "left"),
    Place(11, 15, "left"),
    Place(-11, -15, "right"),
    Place(-11, 15, "right"),
    Place(0, -36, "center"),
    Place(0, 36, "center"),
)
_BESIDE: Final = Place(12, 0, "left")


def placed(
    points: Sequence[tuple[float, float]],
    names: Sequence[str],
    *,
    size: tuple[float, float],
    font: float,
    taken: Sequence[Box] = (),
) -> list[Place | None]:
    """A place for each name; None where every place would cover something.

    Parameters
    ----------
    points
        Places of the points in pixels from the top left corner.
    size
        Width and height of the picture in pixels.
    font
        Height of the letters in pixels.
    taken
        What must not be covered besides the points and the other names.
    """
    dots = [Box(x - _DOT, y - _DOT, x + _DOT, y + _DOT) for x, y in points]
    written: list[Box] = []
    found: dict[int, Place | None] = {}
    for number in sorted(range(len(points)), key=lambda i: -_neighbours(i, points)):
        others = [*written, *dots[:number], *dots[number + 1 :], *taken]
        choices = [(place, _box(points[number], names[number], place, font)) for place in _PLACES]
        costs = [_cost(box, others, size) for _, box in choices]
        best = min(range(len(choices)), key=costs.__getitem__)
        place, box = choices[best]
        if costs[best] > _TOO_MUCH:
            found[number] = None
            written.append(_box(points[number], "00", _BESIDE, font))
        else:
            found[number] = place
            written.append(box)
    return [found[number] for number in range(len(points))]


def _neighbours(number: int, points: Sequence[tuple[float, float]]) -> int:
    x, y = points[number]
    return sum(abs(x - a) < 160 and abs(y - b) < 50 for a, b in points)


def _box(point: tuple[float, float], name: str, place: Place, font: float) -> Box:
    width, height = len(name) * font * _LETTER, font * 1.15
    x, y = point[0] + place.dx, point[1] + place.dy
    left = {"left": x, "right": x - width, "center": x - width / 2}[place.side]
    return Box(left, y - height / 2, left + width, y + height / 2)


def _cost(box: Box, others: Sequence[Box], size: tuple[float, float]) -> float:
    """Share of the name that is covered or cut off."""
    inside = box.covered(Box(0, 0, *size))
    hidden = sum(box.covered(other) for other in others)
    return (hidden + _OUTSIDE * (box.area - inside)) / box.area
