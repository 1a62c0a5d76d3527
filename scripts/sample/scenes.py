"""Scenes: ten whole pictures, composed of outdoor and indoor objects."""
import numpy as np

from sample.indoor import (
    bed, cabinet, chair, lamp, painting, pendant, plant, pot, refrigerator, room, room_window, stove, table)
from sample.outdoor import (
    boat, building, car, fence, flower, ground, house, mountain, person, sky, streetlight, tree, umbrella,
    windmill)
from sample.paints import brick, grainy, tile, tone, vivid, wood


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
