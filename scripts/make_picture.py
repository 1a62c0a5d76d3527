#!/usr/bin/env python3
"""Draws the README's picture: some units of a run, each with the images that activate it most, the mask outlined.

usage: scripts/make_picture.py RUN_DIRECTORY LAYER OUT.png [--concepts roof,house,...] [--images 6]

Reads the run's tables and, with numpy.load, the activations in its cache. Needs numpy and Pillow.
"""
import argparse
import csv
import json
import os

import numpy as np
from PIL import Image, ImageDraw, ImageFont

SIZE, GAP, TEXT = 112, 4, 150


def upsample(activations, size):
    """Bilinear with centres at (i + 0.5) / size, edges clamped."""
    def axis(nodes):
        place = np.clip((np.arange(size) + 0.5) * nodes / size - 0.5, 0, nodes - 1)
        low = np.minimum(place.astype(int), max(nodes - 2, 0))
        return low, np.minimum(low + 1, nodes - 1), place - low
    top, bottom, v = axis(activations.shape[0])
    left, right, u = axis(activations.shape[1])
    rows = activations[top] * (1 - v)[:, None] + activations[bottom] * v[:, None]
    return rows[:, left] * (1 - u) + rows[:, right] * u


def outlined(image, mask):
    edge = mask & ~(np.roll(mask, 1, 0) & np.roll(mask, -1, 0) & np.roll(mask, 1, 1) & np.roll(mask, -1, 1))
    pixels = np.array(image)
    pixels[~mask] = pixels[~mask] * 0.35
    pixels[edge] = (255, 220, 0)
    return Image.fromarray(pixels)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('run'), parser.add_argument('layer'), parser.add_argument('out')
    parser.add_argument('--concepts', help='concepts to show, each by its best unit (default: the six best)')
    parser.add_argument('--images', type=int, default=6)
    args = parser.parse_args()
    with open(os.path.join(args.run, 'run.json')) as f:
        run = json.load(f)
    layer = next(entry for entry in run['layers'] if entry['name'] == args.layer)
    activations = np.load(layer['activations'], mmap_mode='r')
    probe = run['inputs']['probe']
    with open(os.path.join(probe, 'index.csv')) as f:
        names = [row['image'] for row in csv.DictReader(f)]
    best = {}
    with open(os.path.join(args.run, layer['folder'], 'detectors.csv')) as f:
        for row in csv.DictReader(f):
            best.setdefault(row['label'], row)
    wanted = args.concepts.split(',') if args.concepts else list(best)[:6]

    sheet = Image.new('RGB', (TEXT + args.images * (SIZE + GAP), len(wanted) * (SIZE + GAP) - GAP), 'white')
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.load_default()
    for line, concept in enumerate(wanted):
        row, y = best[concept], line * (SIZE + GAP)
        unit = int(row['channel'])
        draw.text((4, y + 30), f"{concept} ({row['category']})\n{args.layer} unit {row['unit']}\n"
                               f"IoU {float(row['score']):.3f}", 'black', font)
        peaks = activations[:, unit].reshape(len(activations), -1).max(1)
        for column, i in enumerate(np.argsort(-peaks, kind='stable')[:args.images]):
            image = Image.open(os.path.join(probe, 'images', names[i])).convert('RGB').resize((SIZE, SIZE))
            mask = upsample(np.asarray(activations[i, unit], float), SIZE) > float(row['threshold'])
            sheet.paste(outlined(image, mask), (TEXT + column * (SIZE + GAP), y))
    sheet.quantize(128).save(args.out, optimize=True)


if __name__ == '__main__':
    main()
