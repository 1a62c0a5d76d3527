"""Files of a probe set in the Broden format and of a training set."""
import csv
import os
from collections import Counter, defaultdict

import numpy as np
from PIL import Image

from sample.finish import GRID, IMAGE
from sample.scenes import SCENES
from sample.textures import TEXTURES

CATEGORIES = ['object', 'part', 'scene', 'material', 'texture', 'color']
SYNONYMS = {'boat': 'ship', 'car': 'auto;automobile', 'person': 'human', 'sea': 'ocean', 'foliage': 'leaves',
            'painting': 'picture', 'building': 'edifice', 'fabric': 'cloth', 'refrigerator': 'fridge'}


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
