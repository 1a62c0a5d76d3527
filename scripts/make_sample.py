#!/usr/bin/env python3
"""Draws synthetic pictures and writes them as a probe set in the Broden format, or as a training set.

usage:
  make_sample.py [--out broden-sample] [--count 400] [--seed 1]     the probe set: images, label planes, CSV files
  make_sample.py --training --out DIR [--count 4000] [--seed 2]     a training set: images, list.csv, classes.txt

The same seed, count and Pillow version give the same bytes. Needs Pillow and NumPy. Pictures are drawn at 512 x 512 with
integer label maps beside them. A window of both is cut out; the picture is reduced to 224 x 224 and the labels, by their
nearest pixel, to 112 x 112. So labels come from the geometry itself and have no mixed edges.
"""
import argparse
import os
import shutil
from collections import defaultdict
from multiprocessing import Pool

import numpy as np
from PIL import Image

from sample.canvas import NAMES, Canvas
from sample.closeups import THINGS, materials, things
from sample.finish import COLORS, color_map, finish
from sample.paints import MATERIALS
from sample.scenes import SCENES
from sample.textures import TEXTURES, texture
from sample.writer import write_probe, write_training


def plan(count, training):
    """Lists the pictures to draw: (folder, kind, name)."""
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
