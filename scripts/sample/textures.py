"""Textures: ten patterns of two colours."""
import numpy as np
from PIL import Image

from sample.canvas import SIZE
from sample.paints import VIVID, tone


def warped(c):
    """Coordinates of every pixel, scaled, turned and slightly bent, so that no two textures look alike."""
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
