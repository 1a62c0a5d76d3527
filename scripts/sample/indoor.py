"""Indoor objects: rooms, furniture and appliances."""
import numpy as np

from sample.outdoor import window
from sample.paints import fabric, glass, gradient, grainy, metal, tile, tone, vivid, wood


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
