"""From a canvas to pixels: the cut, light and noise, and the colour labels."""
import numpy as np
from PIL import Image

from sample.canvas import SIZE

IMAGE, GRID = 224, 112


def finish(c):
    """Cuts a window out, changes the light, adds noise. Returns the picture as an array and the label maps."""
    side = c.u(0.84, 1) * SIZE
    left, top = c.u(0, SIZE - side), c.u(0, SIZE - side)
    box, mirror = (left, top, left + side, top + side), c.chance(0.5)
    turn = lambda im: im.transpose(Image.FLIP_LEFT_RIGHT) if mirror else im
    rgb = np.asarray(turn(c.image.resize((IMAGE, IMAGE), Image.BOX, box)), float)
    rgb = (rgb - 128) * c.u(0.85, 1.12) + 128 * c.u(0.86, 1.12)
    rgb = rgb * c.rng.uniform(0.95, 1.05, 3) + c.rng.normal(0, c.u(0.5, 3), rgb.shape)
    maps = {p: np.asarray(turn(im.resize((GRID, GRID), Image.NEAREST, box))).astype(int)
            for p, im in c.planes.items()}
    return np.clip(rgb, 0, 255).astype(np.uint8), maps


COLORS = ['black-c', 'blue-c', 'brown-c', 'grey-c', 'green-c', 'orange-c', 'pink-c', 'purple-c', 'red-c', 'white-c',
          'yellow-c']


def color_map(rgb):
    """Index into COLORS for every pixel of the label grid, by hue, saturation and value."""
    small = rgb.reshape(GRID, IMAGE // GRID, GRID, IMAGE // GRID, 3).mean((1, 3))
    high, low = small.max(2), small.min(2)
    span = np.maximum(high - low, 1e-6)
    r, g, b = np.moveaxis(small, 2, 0)
    hue = np.where(high == r, (g - b) / span % 6, np.where(high == g, (b - r) / span + 2, (r - g) / span + 4)) * 60
    saturation = span / np.maximum(high, 1)
    plain = (saturation < 0.16) | (high < 45)
    warm, dark = (hue < 45) | (hue >= 345), high < 170
    rules = [(plain & (high < 62), 'black-c'), (plain & (high > 198), 'white-c'), (plain, 'grey-c'),
             (warm & dark & (hue >= 12) & (hue < 60), 'brown-c'), ((hue >= 285) & (high > 185), 'pink-c'),
             (((hue < 12) | (hue > 340)) & (saturation < 0.55) & (high > 150), 'pink-c'),
             ((hue < 14) | (hue >= 335), 'red-c'), ((hue < 44) & (saturation < 0.4), 'brown-c'),
             (hue < 44, 'orange-c'),
             (hue < 68, 'yellow-c'), (hue < 170, 'green-c'), (hue < 255, 'blue-c'), (hue < 335, 'purple-c')]
    return np.select([r for r, _ in rules], [COLORS.index(n) for _, n in rules])
