"""Canvas: a picture with its label maps, drawn in coordinates from 0 to 1."""
import numpy as np
from PIL import Image, ImageDraw

SIZE = 512           # drawing grid
PLANES = ['object', 'part', 'part2', 'material']


class Canvas:
    """A picture and its label maps. Coordinates run from 0 to 1, x to the right and y down."""

    def __init__(self, rng):
        self.rng = rng
        self.image = Image.new('RGB', (SIZE, SIZE), (128, 128, 128))
        self.planes = {p: Image.new('I', (SIZE, SIZE), 0) for p in PLANES}

    def u(self, low, high):
        return float(self.rng.uniform(low, high))

    def chance(self, p):
        return bool(self.rng.random() < p)

    def pick(self, *items):
        return items[int(self.rng.integers(len(items)))]

    def poly(self, points, paint, **labels):
        self._apply(points, lambda d, p: d.polygon(p, fill=255), 0, paint, labels)

    def rect(self, x0, y0, x1, y1, paint, **labels):
        self.poly([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], paint, **labels)

    def ellipse(self, x, y, rx, ry, paint, **labels):
        self._apply([(x - rx, y - ry), (x + rx, y + ry)], lambda d, p: d.ellipse(p, fill=255), 0, paint, labels)

    def line(self, points, width, paint, **labels):
        w = max(1, round(width * SIZE))
        self._apply(points, lambda d, p: d.line(p, fill=255, width=w), w, paint, labels)

    def _apply(self, points, draw, margin, paint, labels):
        """Paints a shape and sets its labels. A shape with an object label hides what lies behind it; a shape without
        one is a detail of the object that it is drawn on and leaves the maps that it does not name."""
        px = [(x * SIZE, y * SIZE) for x, y in points]
        xs, ys = [p[0] for p in px], [p[1] for p in px]
        left, top = max(0, int(min(xs)) - margin), max(0, int(min(ys)) - margin)
        right, bottom = min(SIZE, int(max(xs)) + margin + 2), min(SIZE, int(max(ys)) + margin + 2)
        if right <= left or bottom <= top:
            return
        mask = Image.new('L', (right - left, bottom - top), 0)
        draw(ImageDraw.Draw(mask), [(x - left, y - top) for x, y in px])
        self.image.paste(paint_box(paint, self.rng, mask.size), (left, top), mask)
        if 'object' in labels:
            labels = {**dict.fromkeys(PLANES), **labels}
        for plane, name in labels.items():
            self.planes[plane].paste(number_of(name), (left, top, right, bottom), mask)


NAMES = [None]


def number_of(name):
    """A number for a name that lasts as long as this process; the files get numbers of their own."""
    if name not in NAMES:
        NAMES.append(name)
    return NAMES.index(name)


def paint_box(paint, rng, size):
    if not callable(paint):
        return Image.new('RGB', size, tuple(int(v) for v in paint))
    w, h = size
    rgb = np.broadcast_to(paint(rng, *np.meshgrid(np.arange(w), np.arange(h))), (h, w, 3))
    return Image.fromarray(np.clip(rgb, 0, 255).astype(np.uint8))
