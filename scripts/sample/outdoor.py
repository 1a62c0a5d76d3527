"""Outdoor objects: sky, trees, cars, houses, people, boats and more."""
import numpy as np

from sample.paints import brick, fabric, foliage, glass, gradient, grainy, shingle, stone, tone, vivid, water, wood


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
