"""Paints: colours, and the materials that shapes are filled with."""
import numpy as np


def tone(c, base, spread=18):
    """A colour near base."""
    return tuple(np.clip(np.array(base) + c.rng.normal(0, spread / 2, 3) + c.rng.normal(0, spread), 0, 255))


VIVID = {'red': (200, 35, 35), 'orange': (240, 130, 25), 'yellow': (240, 210, 40), 'green': (40, 140, 50),
         'blue': (40, 80, 190), 'purple': (120, 50, 150), 'pink': (240, 140, 180), 'white': (235, 235, 230),
         'black': (30, 30, 32), 'grey': (130, 130, 132), 'brown': (115, 70, 35)}


def vivid(c, *names):
    return tone(c, VIVID[c.pick(*(names or VIVID))], 12)


def speckle(rng, shape, cell, amount):
    """Noise with grains of cell pixels, one value for all three channels."""
    h, w = shape
    noise = rng.normal(0, amount, (h // cell + 1, w // cell + 1))
    return np.repeat(np.repeat(noise, cell, 0), cell, 1)[:h, :w, None]


def gradient(top, bottom):
    def paint(rng, x, y):
        t = (y / max(1, y.max()))[..., None]
        return np.array(top) * (1 - t) + np.array(bottom) * t
    return paint


def brick(c, color=None):
    color, high = color or tone(c, c.pick((165, 70, 50), (150, 95, 70), (185, 105, 70))), int(c.u(9, 15))

    def paint(rng, x, y):
        wide, row = high * 2 + 6, y // high
        column = (x + (row % 2) * wide // 2) // wide
        shade = rng.normal(0, 14, (row.max() + 1, column.max() + 1))[row, column][..., None]
        mortar = ((y % high < 2) | ((x + (row % 2) * wide // 2) % wide < 2))[..., None]
        return np.where(mortar, (205, 198, 188), np.array(color) + shade)
    return paint


def wood(c, color=None, upright=False):
    color = color or tone(c, c.pick((140, 92, 50), (110, 68, 36), (175, 125, 75)))
    period, plank = c.u(5, 9), int(c.u(38, 60))

    def paint(rng, x, y):
        if upright:
            x, y = y, x
        wave = 12 * np.sin(y / period * 2 + 2.5 * np.sin(x / 60) + rng.uniform(0, 6)) + 8 * np.sin(y / period * 5)
        seam = np.where(y % plank < 2, -45, 0)
        return np.array(color) + (wave + seam)[..., None]
    return paint


def fabric(c, color=None):
    color, other, style = color or vivid(c), vivid(c), c.pick('plain', 'plaid', 'stripe', 'dots')
    step = int(c.u(22, 40))

    def paint(rng, x, y):
        weave = (8 * ((x // 2 + y // 2) % 2) - 4)[..., None]
        mix = {'plain': 0 * x, 'plaid': 0.35 * (x % step < step // 3) + 0.35 * (y % step < step // 3),
               'stripe': 0.7 * (x % step < step // 2),
               'dots': 0.8 * ((x % step - step / 2) ** 2 + (y % step - step / 2) ** 2 < (step / 4) ** 2)}[style]
        mix = mix[..., None]
        return np.array(color) * (1 - mix) + np.array(other) * mix + weave
    return paint


def tile(c, color=None):
    color, step = color or tone(c, c.pick((225, 230, 230), (150, 190, 200), (215, 200, 170))), int(c.u(22, 36))

    def paint(rng, x, y):
        shade = rng.normal(0, 7, (y.max() // step + 1, x.max() // step + 1))[y // step, x // step][..., None]
        joint = ((x % step < 3) | (y % step < 3))[..., None]
        return np.where(joint, (120, 120, 118), np.array(color) + shade)
    return paint


def shingle(c):
    color, step = tone(c, c.pick((150, 60, 45), (90, 75, 70), (70, 80, 100))), int(c.u(12, 18))

    def paint(rng, x, y):
        arc = ((x + (y // step % 2) * step // 2) % step - step / 2) ** 2 / step
        return np.array(color) + (22 - 50 * ((y % step + arc) / step % 1))[..., None]
    return paint


def glass(c, night=False):
    base = tone(c, (250, 215, 120) if night else c.pick((120, 165, 195), (90, 130, 165), (165, 200, 215)), 10)
    slope = c.u(0.5, 1.1)

    def paint(rng, x, y):
        band = ((x + slope * y) / max(12.0, x.max() * 1.0) + rng.uniform(0, 1)) % 1 < 0.3
        return np.array(base) + np.where(band, 38, -8)[..., None]
    return paint


def metal(c, color=None):
    color = color or tone(c, (165, 170, 178), 10)

    def paint(rng, x, y):
        t = x / max(1, x.max())
        brushed = rng.normal(0, 5, (y.max() + 1, 1))
        return np.array(color) + (45 * np.sin(t * 5 + 0.6) - 12 + brushed)[..., None]
    return paint


def foliage(c, color=None):
    color = color or tone(c, c.pick((45, 110, 40), (70, 130, 45), (35, 85, 50), (160, 120, 40)), 14)
    return lambda rng, x, y: np.array(color) + speckle(rng, x.shape, 6, 20) + speckle(rng, x.shape, 3, 10)


def water(c):
    color, period = tone(c, c.pick((45, 100, 150), (40, 130, 150), (60, 85, 120)), 12), c.u(10, 18)

    def paint(rng, x, y):
        depth = 0.5 + y / max(1, y.max())
        wave = np.sin(y / (period * depth) * 6.28 + 1.6 * np.sin(x / 23 + y / 17.0))
        return np.array(color) + (26 * np.maximum(wave, 0) ** 3 - 14 * (depth - 1))[..., None]
    return paint


def grainy(c, color, cell=3, amount=9):
    color = tone(c, color, 10)
    return lambda rng, x, y: np.array(color) + speckle(rng, x.shape, cell, amount)


def stone(c):
    color = tone(c, (140, 135, 130), 14)
    return lambda rng, x, y: np.array(color) + speckle(rng, x.shape, 24, 16) + speckle(rng, x.shape, 4, 10)


MATERIALS = {'brick': brick, 'wood': wood, 'fabric': fabric, 'tile': tile, 'glass': glass, 'metal': metal,
             'foliage': foliage, 'water': water, 'stone': stone}
