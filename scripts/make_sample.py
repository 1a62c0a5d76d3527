#!/usr/bin/env python3
"""Draws synthetic pictures and writes them as a probe set in the Broden format, or as a training set.

usage:
  make_sample.py [--out broden-sample] [--count 400] [--seed 1]     the probe set: images, label planes, CSV files
  make_sample.py --training --out DIR [--count 4000] [--seed 2]     a training set: images, list.csv, classes.txt

The same seed, count and Pillow version give the same bytes. Needs Pillow and NumPy. Pictures are drawn at 512 x 512 with
integer label maps beside them; a window of both is cut out, the picture is reduced to 224 x 224 and the labels, by their
nearest pixel, to 112 x 112. So labels come from the geometry itself and have no mixed edges.
"""
import argparse
import csv
import os
import shutil
from collections import Counter, defaultdict
from multiprocessing import Pool

import numpy as np
from PIL import Image, ImageDraw

SIZE = 512           # drawing grid
IMAGE, GRID = 224, 112
CATEGORIES = ['object', 'part', 'scene', 'material', 'texture', 'color']
PLANES = ['object', 'part', 'part2', 'material']
SYNONYMS = {'boat': 'ship', 'car': 'auto;automobile', 'person': 'human', 'sea': 'ocean', 'foliage': 'leaves',
            'painting': 'picture', 'building': 'edifice', 'fabric': 'cloth', 'refrigerator': 'fridge'}


# ---------------------------------------------------------------- canvas

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


# ---------------------------------------------------------------- paints and materials

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


# ---------------------------------------------------------------- outdoor things

def sky(c, horizon, clouds=True, night=False):
    palettes = {'day': ((80, 140, 215), (190, 215, 235)), 'grey': ((150, 158, 168), (205, 208, 210)),
                'dusk': ((90, 80, 140), (245, 165, 110)), 'night': ((10, 14, 36), (40, 46, 80))}
    kind = 'night' if night else c.pick('day', 'day', 'day', 'grey', 'dusk')
    top, bottom = (tone(c, v, 10) for v in palettes[kind])
    c.rect(0, 0, 1, horizon, gradient(top, bottom), object='sky')
    if not night and c.chance(0.45):
        sun(c, c.u(0.1, 0.9), c.u(0.06, max(0.1, horizon * 0.6)), c.u(0.04, 0.075))
    if clouds and not night:
        for _ in range(int(c.rng.integers(0, 4))):
            cloud(c, c.u(0, 1), c.u(0.05, horizon * 0.7), c.u(0.06, 0.13))


def sun(c, x, y, r):
    c.ellipse(x, y, r, r, vivid(c, 'yellow', 'yellow', 'orange'), object='sun')


def cloud(c, x, y, s):
    color = tone(c, (240, 240, 242), 6)
    for i in range(5):
        c.ellipse(x + (i - 2) * s * 0.55 + c.u(-0.1, 0.1) * s, y - c.u(0, 0.3) * s, s * c.u(0.4, 0.65),
                  s * c.u(0.26, 0.42),
                  color, object='cloud')


def ground(c, horizon, name):
    paints = {'grass': (foliage(c, tone(c, c.pick((85, 135, 55), (105, 145, 60), (130, 135, 65)), 10)), 'foliage'),
              'sand': (grainy(c, (220, 195, 145)), 'sand'), 'sea': (water(c), 'water'),
              'road': (grainy(c, (92, 92, 96)), 'asphalt'), 'floor': (wood(c), 'wood')}
    paint, material = paints[name]
    c.rect(0, horizon, 1, 1, paint, object=name, material=material)


def tree(c, x, y, s, pine=None):
    """A tree whose foot is at (x, y) and whose height is s."""
    pine = c.chance(0.35) if pine is None else pine
    w = s * c.u(0.05, 0.085)
    c.poly([(x - w, y), (x - w * 0.7, y - s * 0.6), (x + w * 0.7, y - s * 0.6), (x + w, y)],
           wood(c, tone(c, (95, 65, 42), 10), upright=True), object='tree', part='trunk', material='wood')
    leaf = dict(object='tree', part='crown', material='foliage')
    if pine:
        paint, half = foliage(c, tone(c, (35, 85, 55), 8)), s * c.u(0.2, 0.28)
        for i in range(3):
            top = y - s + i * s * 0.22
            c.poly([(x, top), (x - half * (0.55 + 0.22 * i), top + s * 0.36),
                    (x + half * (0.55 + 0.22 * i), top + s * 0.36)],
                   paint, **leaf)
        return
    paint, r = foliage(c), s * c.u(0.17, 0.23)
    for dx, dy in [(-1, 0.2), (1, 0.2), (0, -0.5), (-0.5, -0.9), (0.6, -0.8), (0, 0.2)]:
        c.ellipse(x + dx * r * c.u(0.6, 0.9), y - s * 0.68 + dy * r, r * c.u(0.75, 1.05), r * c.u(0.75, 1), paint,
                  **leaf)


def wheel(c, x, y, r):
    c.ellipse(x, y, r, r, (25, 25, 28), object='car', part='wheel')
    c.ellipse(x, y, r * 0.52, r * 0.52, tone(c, (190, 190, 195), 8), object='car', part='wheel', material='metal')
    for k in range(3):
        a = k * np.pi / 3 + 0.3
        c.line([(x - r * 0.45 * np.cos(a), y - r * 0.45 * np.sin(a)),
                (x + r * 0.45 * np.cos(a), y + r * 0.45 * np.sin(a))],
               r * 0.12, (70, 70, 74))


def car(c, x, y, s):
    """A car seen from the side, middle of its wheels' axis at (x, y), length s."""
    body, d = vivid(c, 'red', 'blue', 'white', 'black', 'grey', 'yellow', 'green', 'orange'), c.pick(1, -1)
    at = lambda px, py: (x + d * px * s, y + py * s)
    r, lift = s * c.u(0.095, 0.12), c.u(-0.36, -0.3)
    paint, steel = gradient(np.array(body) + 25, np.array(body) - 30), dict(object='car', material='metal')
    c.poly([at(-0.34, -0.18), at(-0.24, lift), at(0.12, lift), at(0.27, -0.18)], paint, **steel)
    c.poly([at(-0.5, 0.02), at(-0.5, -0.15), at(-0.42, -0.2), at(0.3, -0.19), at(0.47, -0.13), at(0.5, 0.02)], paint,
           **steel)
    c.poly([at(-0.12, 0.01), at(-0.12, lift + 0.03), at(0.11, lift + 0.03), at(0.15, -0.17), at(0.15, 0.01)],
           gradient(np.array(body) + 15, np.array(body) - 40), part='door')
    for pane in ([(-0.29, -0.19), (-0.22, lift + 0.04), (-0.13, lift + 0.04), (-0.13, -0.19)],
                 [(-0.1, -0.19), (-0.1, lift + 0.04), (0.1, lift + 0.04), (0.19, -0.19)]):
        c.poly([at(*p) for p in pane], glass(c), part2='window', material='glass')
    c.ellipse(*at(0.46, -0.09), 0.032 * s, 0.03 * s, (255, 245, 190), object='car', part='headlight',
              material='glass')
    c.ellipse(*at(-0.475, -0.1), 0.025 * s, 0.028 * s, (200, 30, 25), object='car', part='taillight',
              material='glass')
    for px in (-0.29, 0.3):
        wheel(c, *at(px, 0.02), r)


def window(c, x, y, w, h, night=False, plane='part2', frame=(240, 238, 230)):
    """A window with a cross bar; its upper left corner is at (x, y)."""
    lit = night and c.chance(0.6)
    c.rect(x, y, x + w, y + h, frame, **{plane: 'window'}, material='wood')
    c.rect(x + w * 0.09, y + h * 0.07, x + w * 0.91, y + h * 0.93, glass(c, lit), **{plane: 'window'},
           material='glass')
    c.line([(x + w / 2, y), (x + w / 2, y + h)], max(0.004, w * 0.07), frame)
    c.line([(x, y + h / 2), (x + w, y + h / 2)], max(0.004, h * 0.05), frame)


def house(c, x, y, w, h):
    """A house: lower left corner at (x, y), walls w wide and h high, a gable roof on top."""
    paint, material = c.pick((brick, 'brick'), (wood, 'wood'), (None, 'plaster'), (stone, 'stone'))
    wall = paint(c) if paint else grainy(c, c.pick((235, 225, 200), (225, 190, 160), (190, 205, 215),
                                                   (240, 240, 235)), 3, 4)
    c.rect(x, y - h, x + w, y, wall, object='house', part='facade', material=material)
    if c.chance(0.6):
        cx = x + w * c.u(0.15, 0.75)
        c.rect(cx, y - h - w * 0.42, cx + w * 0.11, y - h, brick(c), object='house', part='chimney', material='brick')
    top, over, flat = y - h - w * c.u(0.3, 0.45), w * 0.08, w * c.pick(0, 0.2, 0.25)
    c.poly([(x - over, y - h), (x + flat, top), (x + w - flat, top), (x + w + over, y - h)] if flat else
           [(x - over, y - h), (x + w / 2, top), (x + w + over, y - h)],
           shingle(c), object='house', part='roof', material='tile')
    slots = int(c.pick(3, 3, 4) if w > 0.3 else 2)
    door_at, step = int(c.rng.integers(slots)), w / slots
    for i in range(slots):
        left = x + i * step + step * 0.24
        if i == door_at:
            door(c, left, y, step * 0.52, min(h * 0.68, step * 1.15))
        else:
            window(c, left, y - h * 0.78, step * 0.55, min(h * 0.45, step * 0.7))


def door(c, x, y, w, h, plane='part2'):
    color = vivid(c, 'red', 'green', 'blue', 'brown', 'brown', 'black')
    c.rect(x, y - h, x + w, y, wood(c, color, upright=True), **{plane: 'door'}, material='wood')
    c.rect(x + w * 0.18, y - h * 0.88, x + w * 0.82, y - h * 0.55, tuple(v * 0.75 for v in color))
    c.ellipse(x + w * 0.85, y - h * 0.45, w * 0.07, w * 0.07, (220, 190, 90))


def building(c, x, y, w, h, night=False):
    """A tall block with rows of windows; lower left corner at (x, y)."""
    paint, material = c.pick((brick, 'brick'), (stone, 'stone'), (None, 'plaster'))
    wall = paint(c) if paint else grainy(c, c.pick((200, 190, 175), (170, 160, 165), (215, 180, 150)), 3, 4)
    c.rect(x, y - h, x + w, y, wall, object='building', part='facade', material=material)
    columns, step = max(2, round(w / c.u(0.07, 0.1))), c.u(0.09, 0.13)
    sx = w / columns
    for row in range(int(h / step)):
        for i in range(columns):
            window(c, x + (i + 0.22) * sx, y - h + row * step + step * 0.25, sx * 0.56, step * 0.55, night)


def person(c, x, y, s):
    """A person whose feet are at (x, y) and whose height is s."""
    skin = tone(c, c.pick((235, 190, 160), (190, 135, 100), (110, 72, 50)), 8)
    cloth = dict(object='person', material='fabric')
    trousers, shirt = vivid(c, 'blue', 'black', 'grey', 'brown'), vivid(c)
    for d in (-1, 1):
        c.line([(x + d * s * 0.04, y - s * 0.48), (x + d * s * c.u(0.05, 0.1), y)], s * 0.085, trousers, part='leg',
               **cloth)
        c.line([(x + d * s * 0.1, y - s * 0.78), (x + d * s * c.u(0.14, 0.24), y - s * c.u(0.42, 0.7))], s * 0.06,
               shirt,
               part='arm', **cloth)
    c.poly([(x - s * 0.13, y - s * 0.82), (x + s * 0.13, y - s * 0.82), (x + s * 0.09, y - s * 0.45),
            (x - s * 0.09, y - s * 0.45)],
           fabric(c, shirt), part='torso', **cloth)
    hair = vivid(c, 'black', 'brown', 'yellow')
    c.ellipse(x, y - s * 0.93, s * 0.078, s * 0.085, hair, object='person', part='head')
    c.ellipse(x, y - s * 0.905, s * 0.064, s * 0.072, skin, part='head', material='skin')


def boat(c, x, y, s):
    """A sailing boat on the water line (x, y), length s."""
    color, d = vivid(c, 'red', 'white', 'blue', 'brown', 'black'), c.pick(1, -1)
    tall = s * c.u(1.0, 1.3)
    c.rect(x - s * 0.012, y - tall, x + s * 0.012, y - s * 0.1, (90, 70, 55), object='boat', part='mast',
           material='wood')
    cloth = vivid(c, 'white', 'white', 'white', 'red', 'orange', 'yellow')
    sail = dict(object='boat', part='sail', material='fabric')
    c.poly([(x + d * s * 0.03, y - tall), (x + d * s * 0.03, y - s * 0.2), (x + d * s * 0.45, y - s * 0.2)],
           gradient(cloth, np.array(cloth) - 30), **sail)
    if c.chance(0.7):
        c.poly([(x - d * s * 0.03, y - tall * 0.9), (x - d * s * 0.03, y - s * 0.2), (x - d * s * 0.36, y - s * 0.2)],
               gradient(cloth, np.array(cloth) - 45), **sail)
    c.poly([(x - s * 0.5, y - s * 0.15), (x + s * 0.5, y - s * 0.15), (x + s * 0.36, y + s * 0.04),
            (x - s * 0.36, y + s * 0.04)],
           gradient(color, np.array(color) - 40), object='boat', part='hull', material='wood')


def umbrella(c, x, y, s):
    """A sunshade whose pole stands at (x, y), height s."""
    c.line([(x, y), (x, y - s)], s * 0.03, (225, 225, 225), object='umbrella', part='pole', material='metal')
    one, two, r = vivid(c), vivid(c, 'white', 'yellow'), s * 0.55
    arc = lambda a0, a1: [(x - r * np.cos(t), y - s * 0.72 - s * 0.34 * np.sin(t)) for t in np.linspace(a0, a1, 6)]
    for k in range(6):
        c.poly([(x, y - s * 0.72)] + arc(k * np.pi / 6, (k + 1) * np.pi / 6), (one, two)[k % 2],
               object='umbrella', part='canopy', material='fabric')


def mountain(c, x, y, w, h):
    c.poly([(x - w / 2, y), (x - w * 0.2, y - h * c.u(0.5, 0.62)), (x, y - h), (x + w * 0.22, y - h * c.u(0.5, 0.62)),
            (x + w / 2, y)],
           stone(c), object='mountain', material='stone')
    c.poly([(x - w * 0.1, y - h * 0.78), (x, y - h), (x + w * 0.11, y - h * 0.77), (x + w * 0.05, y - h * 0.72),
            (x, y - h * 0.8),
            (x - w * 0.05, y - h * 0.71)], tone(c, (242, 244, 250), 4), part='snow')


def windmill(c, x, y, s):
    c.poly([(x - s * 0.14, y), (x - s * 0.09, y - s * 0.7), (x + s * 0.09, y - s * 0.7), (x + s * 0.14, y)],
           c.pick(brick, stone)(c), object='windmill')
    c.poly([(x - s * 0.11, y - s * 0.68), (x, y - s * 0.82), (x + s * 0.11, y - s * 0.68)], shingle(c),
           object='windmill', part='roof')
    turn = c.u(0, np.pi / 2)
    for k in range(4):
        a = turn + k * np.pi / 2
        tip, side = (np.cos(a) * s * 0.42, np.sin(a) * s * 0.42), (-np.sin(a) * s * 0.05, np.cos(a) * s * 0.05)
        hub = (x, y - s * 0.7)
        c.poly([hub, (hub[0] + tip[0], hub[1] + tip[1]), (hub[0] + tip[0] + side[0], hub[1] + tip[1] + side[1]),
                (hub[0] + tip[0] * 0.2 + side[0], hub[1] + tip[1] * 0.2 + side[1])],
               tone(c, (225, 220, 210), 10), object='windmill', part='blade', material='wood')


def fence(c, y, h):
    color, step = c.pick((240, 240, 238), (150, 110, 70), (120, 85, 55)), c.u(0.035, 0.05)
    rail = dict(object='fence', material='wood')
    for dy in (0.3, 0.7):
        c.rect(0, y - h * dy - h * 0.06, 1, y - h * dy + h * 0.06, color, **rail)
    for x in np.arange(c.u(0, step), 1, step):
        c.poly([(x, y), (x, y - h * 0.85), (x + step * 0.25, y - h), (x + step * 0.5, y - h * 0.85),
                (x + step * 0.5, y)], color, **rail)


def flower(c, x, y, s, color):
    c.line([(x, y), (x, y - s)], s * 0.08, (50, 120, 45), object='flower', material='foliage')
    for k in range(6):
        a = k * np.pi / 3
        c.ellipse(x + s * 0.2 * np.cos(a), y - s + s * 0.2 * np.sin(a), s * 0.15, s * 0.15, color, object='flower',
                  part='petal')
    c.ellipse(x, y - s, s * 0.12, s * 0.12, (235, 195, 50), object='flower')


def streetlight(c, x, y, s, night=False):
    pole = dict(object='streetlight', part='pole', material='metal')
    c.line([(x, y), (x, y - s), (x + s * 0.2, y - s)], max(0.008, s * 0.025), (60, 62, 66), **pole)
    c.ellipse(x + s * 0.22, y - s + s * 0.03, s * 0.07, s * 0.045, (255, 235, 150) if night else (225, 225, 215),
              object='streetlight', part='shade', material='glass')


# ---------------------------------------------------------------- indoor things

def room(c, line, wall=None, floor='floor'):
    """Back wall down to line, floor below it."""
    paint, material = wall or (grainy(c, c.pick((225, 210, 180), (190, 205, 200), (215, 190, 185), (235, 232, 225),
                                                (170, 180, 200)), 4, 3),
                               'plaster')
    c.rect(0, 0, 1, line, paint, object='wall', material=material)
    paint, material = (tile(c), 'tile') if floor == 'tile' else (wood(c), 'wood')
    c.rect(0, line, 1, 1, paint, object='floor', material=material)
    c.line([(0, line), (1, line)], 0.012, (240, 238, 232), object='wall', material='wood')


def room_window(c, x, y, w, h):
    window(c, x, y, w, h, plane='object')
    if c.chance(0.7):
        cloth = fabric(c)
        for left in (x - w * 0.25, x + w * 0.9):
            c.rect(left, y - h * 0.08, left + w * 0.35, y + h * 1.12, cloth, object='curtain', material='fabric')


def painting(c, x, y, w, h):
    c.rect(x, y, x + w, y + h, wood(c), object='painting', part='frame', material='wood')
    in_ = (x + w * 0.1, y + h * 0.1, x + w * 0.9, y + h * 0.9)
    c.rect(*in_, gradient(vivid(c), vivid(c)), object='painting')
    c.ellipse(x + w * c.u(0.3, 0.7), y + h * c.u(0.35, 0.6), w * 0.14, h * 0.14, vivid(c))


def lamp(c, x, y, s):
    """A table or floor lamp standing at (x, y), height s."""
    c.line([(x, y), (x, y - s * 0.6)], s * 0.06, (110, 90, 60), object='lamp', part='base', material='metal')
    c.ellipse(x, y - s * 0.02, s * 0.17, s * 0.05, (110, 90, 60), object='lamp', part='base', material='metal')
    color = vivid(c, 'yellow', 'orange', 'white', 'pink', 'red')
    c.poly([(x - s * 0.15, y - s), (x + s * 0.15, y - s), (x + s * 0.28, y - s * 0.55), (x - s * 0.28, y - s * 0.55)],
           gradient(np.array(color) + 20, color), object='lamp', part='shade', material='fabric')


def pendant(c, x, y, s):
    c.line([(x, 0), (x, y)], 0.008, (40, 40, 40), object='lamp', part='base')
    c.poly([(x - s * 0.2, y), (x + s * 0.2, y), (x + s * 0.5, y + s * 0.5), (x - s * 0.5, y + s * 0.5)],
           metal(c, vivid(c)), object='lamp', part='shade', material='metal')
    c.ellipse(x, y + s * 0.5, s * 0.2, s * 0.12, (255, 240, 180), object='lamp')


def bed(c, x, y, w, h):
    """A bed from the side: lower left corner at (x, y)."""
    d = c.pick(True, False)
    flip = lambda px: x + w * ((1 - px) if d else px)
    box = lambda x0, y0, x1, y1: (min(flip(x0), flip(x1)), y - h * y0, max(flip(x0), flip(x1)), y - h * y1)
    timber, item = wood(c), 'bed'
    c.rect(*box(0, 1.55, 0.07, 0), timber, object=item, part='headboard', material='wood')
    c.rect(*box(0.93, 0.85, 1, 0), timber, object=item, part='footboard', material='wood')
    c.rect(*box(0.05, 0.35, 0.95, 0.15), timber, object=item, material='wood')
    c.rect(*box(0.07, 0.8, 0.93, 0.35), tone(c, (235, 232, 226), 6), object=item, part='mattress', material='fabric')
    cloth = fabric(c)
    c.rect(*box(0.3, 0.92, 0.93, 0.25), cloth, object=item, part='blanket', material='fabric')
    px, py = flip(0.17), y - h * 0.92
    c.ellipse(px, py, w * 0.1, h * 0.2, tone(c, (245, 244, 240), 4), object='pillow', material='fabric')


def table(c, x, y, w, h):
    """A table with its legs' feet at height y, from x to x + w."""
    timber = wood(c)
    for px in (0.06, 0.86):
        c.rect(x + w * px, y - h, x + w * (px + 0.08), y, timber, object='table', part='leg', material='wood')
    c.rect(x, y - h - h * 0.14, x + w, y - h + h * 0.06, timber, object='table', part='top', material='wood')


def chair(c, x, y, s):
    d, timber, item = c.pick(1, -1), wood(c, upright=True), dict(object='chair', material='wood')
    span = lambda a, b: (min(x + d * a * s, x + d * b * s), max(x + d * a * s, x + d * b * s))
    for a, b, y0, y1, part in [(-0.25, -0.17, 1, 0, 'back'), (0.18, 0.25, 0.45, 0, 'leg'),
                               (-0.25, -0.17, 0.45, 0, 'leg')]:
        left, right = span(a, b)
        c.rect(left, y - s * y0, right, y - s * y1, timber, part=part, **item)
    left, right = span(-0.27, 0.29)
    c.rect(left, y - s * 0.53, right, y - s * 0.43, fabric(c), object='chair', part='seat', material='fabric')


def cabinet(c, x, y, w, h, doors):
    timber = wood(c, tone(c, c.pick((170, 120, 75), (230, 228, 220), (120, 150, 150), (140, 60, 50)), 10),
                  upright=True)
    c.rect(x, y - h, x + w, y, timber, object='cabinet', material='wood')
    step = w / doors
    for i in range(doors):
        left = x + i * step
        c.rect(left + step * 0.06, y - h * 0.94, left + step * 0.94, y - h * 0.06, timber, part='door',
               material='wood')
        corners = [(0.06, 0.94), (0.94, 0.94), (0.94, 0.06), (0.06, 0.06), (0.06, 0.94)]
        c.line([(left + step * t, y - h * s) for t, s in corners],
               0.006, (70, 55, 45))
        c.ellipse(left + step * 0.82, y - h * 0.5, 0.012, 0.012, (210, 205, 190), part='knob', material='metal')


def stove(c, x, y, w, h):
    c.rect(x, y - h, x + w, y, metal(c, (70, 72, 78)), object='stove', material='metal')
    c.rect(x + w * 0.12, y - h * 0.68, x + w * 0.88, y - h * 0.15, glass(c, c.chance(0.4)), part='door',
           material='glass')
    for i in range(4):
        c.ellipse(x + w * (0.17 + 0.22 * i), y - h * 0.84, w * 0.06, w * 0.06, (225, 225, 225), part='knob')
    if c.chance(0.8):
        pot(c, x + w * c.u(0.35, 0.65), y - h, w * 0.5)


def pot(c, x, y, w):
    c.rect(x - w * 0.75, y - w * 0.42, x + w * 0.75, y - w * 0.34, (40, 40, 40), object='pot')
    c.rect(x - w / 2, y - w * 0.55, x + w / 2, y, metal(c, vivid(c, 'red', 'blue', 'grey', 'orange')), object='pot',
           material='metal')


def refrigerator(c, x, y, w, h):
    c.rect(x, y - h, x + w, y, metal(c), object='refrigerator', material='metal')
    c.line([(x, y - h * 0.62), (x + w, y - h * 0.62)], 0.008, (60, 62, 66))
    for y0, y1 in ((0.92, 0.7), (0.55, 0.25)):
        c.rect(x + w * 0.1, y - h * y0, x + w * 0.17, y - h * y1, (90, 92, 98), part='handle', material='metal')


def plant(c, x, y, s):
    for k in range(7):
        a = np.pi * (0.1 + 0.8 * k / 6)
        c.poly([(x, y - s * 0.35), (x - s * 0.5 * np.cos(a) - s * 0.05, y - s * 0.4 - s * 0.55 * np.sin(a)),
                (x - s * 0.62 * np.cos(a),
               y - s * 0.4 - s * 0.62 * np.sin(a)), (x + s * 0.05, y - s * 0.35)], tone(c, (45, 125, 50), 12),
               object='plant', part='leaf', material='foliage')
    c.poly([(x - s * 0.2, y - s * 0.38), (x + s * 0.2, y - s * 0.38), (x + s * 0.14, y), (x - s * 0.14, y)],
           tone(c, (180, 90, 55), 12), object='plant', part='flowerpot')


# ---------------------------------------------------------------- scenes

def street(c):
    night, line = c.chance(0.25), c.u(0.55, 0.68)
    sky(c, line, night=night)
    ground(c, line, 'road')
    x = c.u(-0.15, 0)
    while x < 1:
        w = c.u(0.22, 0.38)
        building(c, x, line, w, c.u(0.3, 0.6), night)
        x += w + c.pick(0, 0.01, 0.06)
    c.rect(0, line, 1, line + 0.05, tone(c, (165, 162, 158), 8), object='pavement', material='stone')
    for x in np.arange(c.u(0, 0.2), 1, 0.2):
        c.rect(x, line + 0.2, x + 0.1, line + 0.215, (235, 230, 210))
    for _ in range(c.pick(0, 1, 2)):
        streetlight(c, c.u(0.05, 0.9), line + 0.03, c.u(0.3, 0.45), night)
    for _ in range(c.pick(0, 1, 2)):
        person(c, c.u(0.05, 0.95), line + c.u(0.03, 0.06), c.u(0.13, 0.18))
    if c.chance(0.3):
        tree(c, c.u(0, 1), line + 0.03, c.u(0.25, 0.35), False)
    x = c.u(0.1, 0.35)
    for _ in range(c.pick(1, 1, 2, 2, 3)):
        car(c, x, c.u(line + 0.13, 0.92), c.u(0.26, 0.46))
        x += c.u(0.3, 0.5)


def yard(c):
    line = c.u(0.58, 0.75)
    sky(c, line)
    ground(c, line, 'grass')
    for _ in range(c.pick(0, 1, 2)):
        tree(c, c.u(0, 1), line + 0.02, c.u(0.3, 0.55))
    w = c.u(0.38, 0.6)
    house(c, c.u(0.08, 0.9 - w), line + c.u(0.03, 0.1), w, w * c.u(0.45, 0.6))
    if c.chance(0.5):
        fence(c, c.u(0.88, 0.96), c.u(0.1, 0.16))
    if c.chance(0.35):
        tree(c, c.pick(c.u(0, 0.15), c.u(0.85, 1)), c.u(0.85, 0.95), c.u(0.5, 0.7))
    if c.chance(0.3):
        person(c, c.u(0.1, 0.9), c.u(0.85, 0.95), c.u(0.2, 0.3))
    if c.chance(0.2):
        car(c, c.u(0.2, 0.8), 0.9, c.u(0.3, 0.45))


def forest(c):
    line, pine = c.u(0.45, 0.65), c.pick(True, False, None)
    sky(c, line, clouds=False)
    ground(c, line, 'grass')
    count = int(c.rng.integers(9, 16))
    for i in range(count):
        depth = i / count
        tree(c, c.u(0, 1), line + depth * (0.95 - line) + 0.02, (0.35 + 0.5 * depth) * c.u(0.85, 1.15), pine)


def beach(c):
    line, shore = c.u(0.3, 0.42), c.u(0.52, 0.65)
    sky(c, line)
    ground(c, line, 'sea')
    if c.chance(0.25):
        boat(c, c.u(0.1, 0.9), line + 0.04, c.u(0.08, 0.14))
    edge = [(x, shore + c.u(-0.04, 0.04)) for x in (0, 0.25, 0.5, 0.75, 1)]
    c.poly(edge + [(1, 1), (0, 1)], grainy(c, (220, 195, 145)), object='sand', material='sand')
    c.line(edge, 0.012, (240, 245, 245))
    for _ in range(c.pick(1, 1, 2, 3)):
        umbrella(c, c.u(0.08, 0.92), c.u(shore + 0.12, 0.95), c.u(0.25, 0.42))
    for _ in range(c.pick(0, 1, 2)):
        person(c, c.u(0.05, 0.95), c.u(shore + 0.1, 0.97), c.u(0.2, 0.32))


def harbor(c):
    line = c.u(0.38, 0.52)
    sky(c, line)
    if c.chance(0.4):
        mountain(c, c.u(0.1, 0.9), line, c.u(0.5, 0.9), c.u(0.12, 0.25))
    ground(c, line, 'sea')
    for i in range(c.pick(2, 3, 3, 4)):
        boat(c, c.u(0.08, 0.92), line + 0.06 + i * 0.11 + c.u(0, 0.04), c.u(0.18, 0.26) + 0.05 * i)
    if c.chance(0.4):
        c.rect(0, c.u(0.88, 0.93), 1, 1, wood(c), object='pier', material='wood')
        if c.chance(0.5):
            person(c, c.u(0.1, 0.9), 0.97, c.u(0.25, 0.32))


def field(c):
    line = c.u(0.4, 0.6)
    sky(c, line)
    ground(c, line, 'grass')
    if c.chance(0.65):
        windmill(c, c.u(0.15, 0.85), line + 0.04, c.u(0.3, 0.5))
    if c.chance(0.4):
        tree(c, c.u(0, 1), line + 0.02, c.u(0.15, 0.3))
    color = vivid(c, 'red', 'purple', 'yellow', 'pink', 'white', 'orange')
    rows = int(c.rng.integers(3, 6))
    for row in range(rows):
        depth = (row + 1) / rows
        for x in np.arange(c.u(0, 0.1), 1, 0.09 + 0.07 * depth):
            flower(c, x + c.u(-0.02, 0.02), line + 0.08 + depth * (0.95 - line - 0.08), 0.05 + 0.11 * depth, color)


def mountains(c):
    line = c.u(0.5, 0.65)
    sky(c, line)
    for _ in range(c.pick(2, 3, 3)):
        mountain(c, c.u(0, 1), line, c.u(0.55, 1.0), c.u(0.25, 0.48))
    if c.chance(0.3):
        ground(c, line, 'sea')
        return
    ground(c, line, 'grass')
    for i in range(c.pick(0, 2, 4)):
        tree(c, c.u(0, 1), line + 0.03 + 0.05 * i, c.u(0.14, 0.24), True)
    if c.chance(0.2):
        house(c, c.u(0.1, 0.7), line + 0.12, 0.2, 0.1)


def bedroom(c):
    line = c.u(0.58, 0.7)
    room(c, line)
    if c.chance(0.6):
        room_window(c, c.u(0.1, 0.65), c.u(0.1, 0.2), c.u(0.18, 0.26), c.u(0.22, 0.3))
    elif c.chance(0.7):
        painting(c, c.u(0.2, 0.6), c.u(0.1, 0.2), c.u(0.15, 0.25), c.u(0.15, 0.22))
    w, side = c.u(0.5, 0.66), c.chance(0.5)
    x = c.u(0.02, 0.1) if side else 0.98 - w - c.u(0, 0.08)
    spot = c.u(x + w + 0.04, 0.86) if side else c.u(0.02, x - 0.2) if x > 0.24 else 0.02
    table(c, spot, line + 0.1, 0.18, 0.16)
    lamp(c, spot + 0.09, line - 0.08, c.u(0.18, 0.28))
    bed(c, x, c.u(line + 0.12, 0.95), w, c.u(0.22, 0.3))


def kitchen(c):
    line = c.u(0.68, 0.8)
    room(c, line, (tile(c), 'tile') if c.chance(0.7) else None, 'tile')
    x = c.u(0.0, 0.08)
    if c.chance(0.7):
        refrigerator(c, x, line + 0.08, c.u(0.2, 0.26), c.u(0.5, 0.62))
        x += 0.27
    cabinet(c, x, c.u(0.24, 0.3), 1 - x, c.u(0.17, 0.22), 3)
    w = c.u(0.22, 0.28)
    order = [(stove, w), (cabinet, 0.5), (cabinet, 0.4)]
    if c.chance(0.5):
        order[0], order[1] = order[1], order[0]
    h = c.u(0.27, 0.33)
    for thing, wide in order:
        thing(c, x, line + 0.05, wide, h, *([2] if thing is cabinet else []))
        x += wide
    if c.chance(0.4):
        pot(c, c.u(0.4, 0.9), line + 0.05 - h, c.u(0.1, 0.14))
    if c.chance(0.25):
        pendant(c, c.u(0.3, 0.7), 0.1, 0.16)


def dining_room(c):
    line = c.u(0.55, 0.68)
    room(c, line, (brick(c), 'brick') if c.chance(0.2) else None)
    if c.chance(0.6):
        painting(c, c.u(0.05, 0.65), c.u(0.12, 0.22), c.u(0.18, 0.3), c.u(0.16, 0.24))
    if c.chance(0.4):
        room_window(c, c.u(0.1, 0.65), c.u(0.1, 0.2), 0.2, 0.26)
    if c.chance(0.7):
        pendant(c, c.u(0.35, 0.65), c.u(0.05, 0.18), c.u(0.16, 0.24))
    if c.chance(0.4):
        plant(c, c.pick(c.u(0.05, 0.15), c.u(0.85, 0.95)), line + 0.1, c.u(0.25, 0.38))
    w, foot = c.u(0.4, 0.55), c.u(line + 0.14, 0.92)
    x = c.u(0.2, 0.75 - w / 1.3)
    for px in (x - 0.08, x + w + 0.06)[:c.pick(1, 2, 2)]:
        chair(c, px, foot, c.u(0.38, 0.5))
    table(c, x, foot, w, c.u(0.22, 0.28))
    if c.chance(0.6):
        pot(c, x + w / 2, foot - 0.28, 0.1)


SCENES = {'street-s': street, 'yard-s': yard, 'forest-s': forest, 'beach-s': beach, 'harbor-s': harbor,
          'field-s': field,
          'mountain-s': mountains, 'bedroom-s': bedroom, 'kitchen-s': kitchen, 'dining_room-s': dining_room}


# ---------------------------------------------------------------- textures

def warped(c):
    """Coordinates of every pixel, scaled, turned and slightly bent, so that no two textures lie alike."""
    y, x = np.mgrid[0:SIZE, 0:SIZE].astype(float)
    bend, turn = c.u(0, 9), c.u(0, 2 * np.pi)
    x, y = x + bend * np.sin(y / c.u(40, 90)), y + bend * np.sin(x / c.u(40, 90))
    return (x * np.cos(turn) + y * np.sin(turn)) / SIZE, (y * np.cos(turn) - x * np.sin(turn)) / SIZE


def cells(rng, x, y, count):
    """Distance to the nearest and second nearest of random points, and the number of the nearest."""
    points = rng.uniform(-0.9, 0.9, (count, 2))
    near = np.full(x.shape, 9.0)
    second, which = near.copy(), np.zeros(x.shape, int)
    for i, (px, py) in enumerate(points):
        d = (x - px) ** 2 + (y - py) ** 2
        closer = d < near
        second = np.where(closer, near, np.minimum(second, d))
        near, which = np.where(closer, d, near), np.where(closer, i, which)
    return np.sqrt(near), np.sqrt(second), which


def hexagons(x, y):
    """Distance from the middle of a honeycomb's cell, 0.5 at its edges."""
    def dist(px, py):
        px, py = np.abs((px + 0.5) % 1 - 0.5), np.abs((py + 0.8660254) % 1.7320508 - 0.8660254)
        return np.maximum(px, px * 0.5 + py * 0.8660254)
    return np.minimum(dist(x, y), dist(x + 0.5, y + 0.8660254))


def texture_value(c, name):
    """A map from 0 to 1 that mixes two colours."""
    x, y = warped(c)
    n = c.u(6, 15)
    u, v = x * n % 1, y * n % 1
    if name == 'striped':
        return u < c.u(0.35, 0.6)
    if name == 'dotted':
        return (u - 0.5) ** 2 + ((v + 0.5 * (x * n // 1 % 2)) % 1 - 0.5) ** 2 < c.u(0.05, 0.11)
    if name == 'chequered':
        return (x * n // 1 + y * n // 1) % 2
    if name == 'zigzagged':
        return (y * n + c.u(0.7, 1.3) * np.abs(x * n % 2 - 1)) % 1 < c.u(0.35, 0.6)
    if name == 'grid':
        thin = c.u(0.1, 0.2)
        return (u < thin) | (v < thin)
    if name == 'waffled':
        return np.minimum(np.minimum(u, 1 - u), np.minimum(v, 1 - v)) * 2 * (0.75 + 0.25 * np.sign(u - v))
    if name == 'honeycombed':
        return hexagons(x * n, y * n) > c.u(0.4, 0.45)
    if name == 'bubbly':
        near, _, which = cells(c.rng, x, y, int(c.u(60, 130)))
        radius = c.rng.uniform(0.05, 0.11, which.max() + 1)[which]
        t = np.clip(near / radius, 0, 1)
        return np.where(near < radius, 0.25 + 0.75 * t ** 3, 0.0)
    if name == 'cracked':
        near, second, which = cells(c.rng, x, y, int(c.u(40, 90)))
        return np.where(second - near < 0.014, 1.0, c.rng.uniform(0, 0.25, which.max() + 1)[which])
    r, a = np.hypot(x - c.u(-0.2, 0.2), y - c.u(-0.2, 0.2)), np.arctan2(y, x)
    return (r * n + c.pick(1, 2, 3) * a / (2 * np.pi)) % 1 < 0.5     # spiralled


TEXTURES = ['striped', 'dotted', 'chequered', 'zigzagged', 'grid', 'waffled', 'honeycombed', 'bubbly', 'cracked',
            'spiralled']


def texture(c, name):
    one, two = c.rng.permutation(list(VIVID))[:2]
    a, b = np.array(tone(c, VIVID[one])), np.array(tone(c, VIVID[two]))
    if np.abs(a - b).sum() < 150:
        a, b = a * 0.45, b * 0.45 + 140
    t = np.asarray(texture_value(c, name), float)[..., None]
    rgb = a * (1 - t) + b * t
    c.image = Image.fromarray(np.clip(rgb, 0, 255).astype(np.uint8))


# ---------------------------------------------------------------- single things and materials

THINGS = {
    'car': lambda c, x, s: car(c, x, 0.8, s),
    'tree': lambda c, x, s: tree(c, x, 0.9, s * 1.2),
    'house': lambda c, x, s: house(c, x - s / 2, 0.85, s, s * 0.5),
    'boat': lambda c, x, s: boat(c, x, 0.85, s * 0.8),
    'person': lambda c, x, s: person(c, x, 0.95, s * 1.3),
    'lamp': lambda c, x, s: lamp(c, x, 0.88, s),
    'bed': lambda c, x, s: bed(c, x - s / 2, 0.88, s, s * 0.4),
    'chair': lambda c, x, s: chair(c, x, 0.9, s),
    'table': lambda c, x, s: table(c, x - s / 2, 0.88, s, s * 0.45),
    'umbrella': lambda c, x, s: umbrella(c, x, 0.9, s),
    'windmill': lambda c, x, s: windmill(c, x, 0.95, s),
    'plant': lambda c, x, s: plant(c, x, 0.88, s),
    'painting': lambda c, x, s: painting(c, x - s / 2, 0.2, s, s * 0.8),
    'stove': lambda c, x, s: stove(c, x - s / 4, 0.88, s / 2, s / 2),
}


def things(c, name):
    """One kind of thing, once or twice, before a plain or soft backdrop that has no label."""
    c.rect(0, 0, 1, 1, gradient(tone(c, c.pick((210, 210, 205), (150, 165, 180), (225, 205, 190), (90, 100, 110))),
                                tone(c, (180, 175, 170), 25)))
    if c.chance(0.5):
        THINGS[name](c, c.u(0.3, 0.7), c.u(0.5, 0.75))
    else:
        THINGS[name](c, c.u(0.22, 0.3), c.u(0.3, 0.48))
        THINGS[name](c, c.u(0.68, 0.78), c.u(0.3, 0.48))


def materials(c, name):
    """One to three materials side by side, filling the picture."""
    names, x = [name] + [c.pick(*MATERIALS) for _ in range(c.pick(0, 1, 2))], 0.0
    for i, material in enumerate(names):
        right = 1.0 if i == len(names) - 1 else x + c.u(0.3, 0.5) * (1 - x)
        slant = c.u(-0.12, 0.12) if i else 0
        c.poly([(x + slant, 0), (1, 0), (1, 1), (x - slant, 1)], MATERIALS[material](c), material=material)
        x = right


# ---------------------------------------------------------------- from drawing to files

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


def plan(count, training):
    """Which picture to draw at each place: (folder, kind, name)."""
    scene, textures = [('scenes', 'scene', n) for n in SCENES], [('textures', 'texture', n) for n in TEXTURES]
    if training:
        both = scene + textures
        return [both[i % len(both)] for i in range(count)]
    shares = [(scene, 0.45), (textures, 0.27), ([('things', 'thing', n) for n in THINGS], 0.18),
              ([('materials', 'stuff', n) for n in MATERIALS], 0.1)]
    return [kinds[i % len(kinds)] for kinds, share in shares for i in range(round(count * share))]


def draw(job):
    """Draws one picture, saves it and returns its labels: whole-image names and maps of names, by category."""
    index, seed, (folder, kind, name), out = job
    c = Canvas(np.random.default_rng([seed, index]))
    {'scene': lambda: SCENES[name](c), 'texture': lambda: texture(c, name), 'thing': lambda: things(c, name),
     'stuff': lambda: materials(c, name)}[kind]()
    rgb, maps = finish(c)
    stem = f'{folder}/{name.removesuffix("-s")}_{index:04d}'
    Image.fromarray(rgb).save(os.path.join(out, 'images', stem + '.jpg'), quality=85)
    whole = {kind: [name]} if kind in ('scene', 'texture') else {}
    planes = defaultdict(list)
    for plane, numbers in maps.items():
        if numbers.any():
            planes[plane.rstrip('2')].append((numbers, list(NAMES)))
    if c.chance(0.85):
        planes['color'].append((color_map(rgb) + 1, [None] + COLORS))
    split = 'val' if c.chance(0.2) else 'train'
    return {'stem': stem, 'split': split, 'whole': whole, 'planes': dict(planes)}


def tally(pictures):
    """Frequency (images) and coverage (sum of the covered fractions) of each (name, category)."""
    frequency, coverage = Counter(), Counter()
    for picture in pictures:
        for category, names in picture['whole'].items():
            for name in names:
                frequency[name, category] += 1
                coverage[name, category] += 1
        for category, planes in picture['planes'].items():
            seen = defaultdict(int)
            for numbers, names in planes:
                for number in np.unique(numbers[numbers > 0]):
                    seen[names[number]] = seen[names[number]] | (numbers == number)
            for name, pixels in seen.items():
                frequency[name, category] += 1
                coverage[name, category] += pixels.mean()
    return frequency, coverage


def number_labels(frequency, coverage):
    """Numbers from 1 by falling frequency, then coverage, then name, over all categories together."""
    total, area = Counter(), Counter()
    for (name, category), f in frequency.items():
        total[name] += f
        area[name] += coverage[name, category]
    ordered = sorted(total, key=lambda n: (-total[n], -area[n], n))
    return {name: i + 1 for i, name in enumerate(ordered)}, total, area


def write_csv(path, header, rows):
    with open(path, 'w', newline='') as f:
        writer = csv.writer(f, lineterminator='\n')
        writer.writerow(header)
        writer.writerows(rows)


def write_label_files(out, pictures, frequency, coverage, numbers, total, area):
    rows = []
    for name, number in numbers.items():
        found = sorted(((frequency[name, cat], cat) for cat in CATEGORIES if (name, cat) in frequency),
                       key=lambda t: -t[0])
        rows.append([number, name, ';'.join(f'{cat}({f})' for f, cat in found), total[name], f'{area[name]:.6f}',
                     SYNONYMS.get(name, '')])
    write_csv(os.path.join(out, 'label.csv'), ['number', 'name', 'category', 'frequency', 'coverage', 'syns'], rows)
    rows = []
    for cat in CATEGORIES:
        names = sorted((n for n, k in frequency if k == cat),
                       key=lambda n: (-frequency[n, cat], -coverage[n, cat], n))
        write_csv(os.path.join(out, f'c_{cat}.csv'), ['code', 'number', 'name', 'frequency', 'coverage'],
                  [[i + 1, numbers[n], n, frequency[n, cat], f'{coverage[n, cat]:.6f}'] for i, n in enumerate(names)])
        used = [numbers[n] for n in names]
        rows.append([cat, min(used), max(used), len(used),
                     sum(cat in p['whole'] or cat in p['planes'] for p in pictures)])
    write_csv(os.path.join(out, 'category.csv'), ['name', 'first', 'last', 'count', 'frequency'], rows)


def save_plane(path, numbers, names, number_of_name):
    table = np.array([0] + [number_of_name.get(n, 0) for n in names[1:]])
    values = table[numbers]
    rgb = np.stack([values % 256, values // 256, np.zeros_like(values)], 2).astype(np.uint8)
    Image.fromarray(rgb).save(path, optimize=True)


def write_probe(out, pictures):
    frequency, coverage = tally(pictures)
    numbers, total, area = number_labels(frequency, coverage)
    write_label_files(out, pictures, frequency, coverage, numbers, total, area)
    rows = []
    for picture in sorted(pictures, key=lambda p: p['stem']):
        cells_ = []
        for cat in CATEGORIES:
            cell = [str(numbers[n]) for n in picture['whole'].get(cat, [])]
            planes = picture['planes'].get(cat, [])
            for i, (values, names) in enumerate(planes):
                png = f'{picture["stem"]}_{cat}{f"_{i + 1}" if len(planes) > 1 else ""}.png'
                save_plane(os.path.join(out, 'images', png), values, names, numbers)
                cell.append(png)
            cells_.append(';'.join(cell))
        rows.append([picture['stem'] + '.jpg', picture['split'], IMAGE, IMAGE, GRID, GRID, *cells_])
    write_csv(os.path.join(out, 'index.csv'), ['image', 'split', 'ih', 'iw', 'sh', 'sw', *CATEGORIES], rows)


def write_training(out, jobs):
    classes = list(SCENES) + TEXTURES
    with open(os.path.join(out, 'classes.txt'), 'w') as f:
        f.write('\n'.join(classes) + '\n')
    write_csv(os.path.join(out, 'list.csv'), ['image', 'class'],
              [[f'images/{folder}/{name.removesuffix("-s")}_{i:04d}.jpg', name] for i, _, (folder, _, name),
               _ in jobs])


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('--out', default='broden-sample',
                   help='folder to write to; its images/ and CSV files are replaced')
    p.add_argument('--count', type=int, help='number of images (400; with --training 4000)')
    p.add_argument('--seed', type=int, help='1; with --training 2')
    p.add_argument('--training', action='store_true', help='images with one class each and no label planes')
    p.add_argument('--jobs', type=int, default=1, help='processes; does not change the result')
    a = p.parse_args()
    count, seed = a.count or (4000 if a.training else 400), (2 if a.training else 1) if a.seed is None else a.seed
    jobs = [(i, seed, what, a.out) for i, what in enumerate(plan(count, a.training))]
    shutil.rmtree(os.path.join(a.out, 'images'), ignore_errors=True)
    for folder in {what[0] for _, _, what, _ in jobs}:
        os.makedirs(os.path.join(a.out, 'images', folder))
    with Pool(a.jobs) as pool:
        pictures = list(pool.imap(draw, jobs, chunksize=8))
    if a.training:
        write_training(a.out, jobs)
    else:
        write_probe(a.out, pictures)
    print(f'{a.out}: {len(pictures)} images, seed {seed}')


if __name__ == '__main__':
    main()
