"""Close-ups: single objects on plain backdrops, and materials side by side."""
from sample.indoor import bed, chair, lamp, painting, plant, stove, table
from sample.outdoor import boat, car, house, person, tree, umbrella, windmill
from sample.paints import MATERIALS, gradient, tone


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
