package org.netdissect.align;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netdissect.base.GridSize;
import org.netdissect.broden.ProbeSet;
import org.netdissect.broden.TinyProbe;
import org.netdissect.labels.LabelMap;

/** Masks stored in a file and counted by words, compared with pixels counted one by one. */
class LabelWordsTest {
    private static final List<String> CATEGORIES = List.of("object", "part", "scene");
    private static final int LABELS = 9;

    @TempDir
    Path folder;

    private static List<AlignmentRules> rules() {
        List<AlignmentRules> rules = new ArrayList<>();
        for (ActivationImages images : ActivationImages.values()) {
            for (PixelLabels pixels : PixelLabels.values()) {
                for (LabelZero zero : LabelZero.values()) {
                    rules.add(new AlignmentRules(Comparison.ABOVE, images, pixels, zero));
                }
            }
        }
        return rules;
    }

    @Test
    void equalPixelByPixel() throws IOException {
        Random random = new Random(1);
        List<GridSize> grids = List.of(
                new GridSize(1, 1), new GridSize(1, 70), new GridSize(9, 1), new GridSize(12, 13), new GridSize(2, 64));
        for (int i = 0; i < grids.size(); i++) {
            GridSize grid = grids.get(i);
            ProbeSet probe = probe(folder.resolve("p" + i), grid, random);
            List<BitSet> masks = masks(grid, random);
            MaskWords stored = stored(masks);
            assertEquals(
                    masks.stream().filter(mask -> !mask.isEmpty()).count(), stored.count(), "those that are not empty");
            for (int image = 0; image < probe.count(); image++) {
                for (AlignmentRules each : rules()) {
                    LabelMap map = probe.readLabels(image, each.reading());
                    LabelWords runs = LabelWords.read(probe, image, each);
                    CountColumns columns = CountColumns.of(probe.labels(), CATEGORIES.size(), each);
                    assertTruth(map, runs);
                    for (int mask = 0; mask < stored.count(); mask++) {
                        BitSet pixels = masks.get(stored.unit(mask));
                        assertEquals(pixels.cardinality(), stored.size(mask));
                        assertCounts(probe, each, map, runs, columns, stored, mask, pixels);
                    }
                }
            }
        }
    }

    private static void assertTruth(LabelMap map, LabelWords runs) {
        BitSet all = new BitSet();
        all.set(0, map.size().cells());
        int[] expected = new int[LABELS + 1];
        for (int number : map.imageLabels()) {
            expected[0] += number == 0 ? map.size().cells() : 0;
        }
        for (int label = 1; label <= LABELS; label++) {
            expected[label] = naive(map, all, label);
        }
        assertArrayEquals(expected, runs.truth());
    }

    private static void assertCounts(
            ProbeSet probe,
            AlignmentRules rules,
            LabelMap map,
            LabelWords runs,
            CountColumns columns,
            MaskWords masks,
            int mask,
            BitSet pixels) {
        int base = 3;
        int[] counts = new int[base + columns.width() + 2];
        java.util.Arrays.fill(counts, 1000);
        runs.count(masks, mask, counts, base);
        boolean[] belongs = new boolean[CATEGORIES.size()];
        for (int label = 0; label <= LABELS; label++) {
            int expected = naive(map, pixels, label);
            assertEquals(1000 + expected, counts[base + columns.intersect(label)], label + " by " + rules);
            boolean touched = rules.images() == ActivationImages.TOUCHED;
            boolean here = expected > 0 || (!touched && naive(map, all(map), label) > 0);
            if (label > 0) {
                assertEquals(expected, runs.intersect(masks, mask, label));
                belongs[probe.labels().primaryCategory(label)] |= here;
            } else if (rules.zero() == LabelZero.LABEL) {
                belongs[CATEGORIES.size() - 1] |= here;
            }
        }
        for (int category = 0; category < belongs.length; category++) {
            int expected = belongs[category] ? pixels.cardinality() : 0;
            assertEquals(expected, runs.activation(masks, mask, category), "activation by " + rules);
            if (columns.activations()) {
                assertEquals(1000 + expected, counts[base + columns.activation(category)], "column by " + rules);
            }
        }
        for (int outside : new int[] {0, 1, 2, base + columns.width(), base + columns.width() + 1}) {
            assertEquals(1000, counts[outside], "another unit's");
        }
    }

    private static BitSet all(LabelMap map) {
        BitSet all = new BitSet();
        all.set(0, map.size().cells());
        return all;
    }

    private static int naive(LabelMap map, BitSet pixels, int label) {
        int count = 0;
        for (int pixel = pixels.nextSetBit(0); pixel >= 0; pixel = pixels.nextSetBit(pixel + 1)) {
            for (int covering : map.imageLabels()) {
                count += covering == label ? 1 : 0;
            }
            for (char[] plane : map.planes()) {
                count += plane[pixel] == label && label > 0 ? 1 : 0;
            }
        }
        return count;
    }

    /** Masks by unit: full, with a single pixel at either end, and random. */
    private static List<BitSet> masks(GridSize grid, Random random) {
        List<BitSet> masks = new ArrayList<>();
        for (int unit = 0; unit < 300; unit++) {
            BitSet mask = new BitSet();
            if (unit % 50 == 0) {
                mask.set(0, grid.cells());
            } else if (unit % 50 == 1) {
                mask.set(0);
            } else if (unit % 50 == 2) {
                mask.set(grid.cells() - 1);
            } else if (unit % 10 == 3) {
                int from = random.nextInt(grid.cells());
                mask.set(from, from + random.nextInt(grid.cells() - from) + 1);
                for (int pixel = 0; pixel < grid.cells(); pixel++) {
                    mask.set(pixel, mask.get(pixel) && random.nextInt(5) > 0);
                }
            }
            masks.add(mask);
        }
        return masks;
    }

    private MaskWords stored(List<BitSet> masks) throws IOException {
        try (MaskFile file = new MaskFile(folder.resolve("out"), 1, masks.size())) {
            MaskFile.Encoder encoder = new MaskFile.Encoder(file);
            encode(encoder, masks, new Random(masks.size()));
            encoder.end(0);
            return file.read(0, 0, masks.size());
        }
    }

    private static void encode(MaskFile.Encoder encoder, List<BitSet> masks, Random random) {
        for (int unit = 0; unit < masks.size(); unit++) {
            List<Integer> pixels =
                    new ArrayList<>(masks.get(unit).stream().boxed().toList());
            Collections.shuffle(pixels, random);
            if (!pixels.isEmpty()) {
                encoder.add(unit, pixels.stream().mapToInt(Integer::intValue).toArray(), pixels.size());
            }
        }
    }

    private static ProbeSet probe(Path place, GridSize grid, Random random) throws IOException {
        TinyProbe probe = TinyProbe.in(place);
        CATEGORIES.forEach(probe::category);
        for (int label = 1; label <= LABELS; label++) {
            probe.label(label, "label" + label, CATEGORIES.get(label % 3), 1);
        }
        for (int image = 0; image < 9; image++) {
            probe.image("i" + image + ".png", "train", grid, image, grid);
            for (int plane = 0; plane < image / 2; plane++) {
                String[] rows = new String[grid.height()];
                int label = random.nextInt(LABELS + 1);
                for (int y = 0; y < rows.length; y++) {
                    StringBuilder row = new StringBuilder();
                    for (int x = 0; x < grid.width(); x++) {
                        label = random.nextInt(4) == 0 ? random.nextInt(LABELS + 1) : label;
                        row.append(label).append(' ');
                    }
                    rows[y] = row.toString();
                }
                probe.plane(CATEGORIES.get(plane % 2), rows);
            }
            for (int cell = image % 4; cell > 1; cell--) {
                probe.cell("scene", Integer.toString(random.nextInt(4)));
            }
        }
        return probe.open();
    }

    @Test
    void masksComeBackByImageAndUnitWhateverTheOrderAndNoFileStays() throws IOException {
        Random random = new Random(2);
        GridSize grid = new GridSize(200, 200);
        Path out = folder.resolve("new/out");
        try (MaskFile file = new MaskFile(out, 3, 300)) {
            List<List<BitSet>> masks = List.of(masks(grid, random), masks(new GridSize(1, 1), random), List.of());
            MaskFile.Encoder one = new MaskFile.Encoder(file);
            MaskFile.Encoder two = new MaskFile.Encoder(file);
            encode(two, masks.get(1), random);
            encode(one, masks.get(0), random);
            two.end(1);
            one.end(0);
            one.end(2);
            for (int image = 0; image < 3; image++) {
                assertMasks(masks.get(image), file.read(image, 0, 300), 0, 300);
                assertMasks(masks.get(image), file.read(image, 51, 53), 51, 53);
                assertMasks(masks.get(image), file.read(image, 299, 300), 299, 300);
            }
            int pixels =
                    masks.get(0).get(103).cardinality() + masks.get(1).get(103).cardinality();
            assertEquals(pixels, file.pixels(103));
        }
        try (var files = Files.list(out)) {
            assertEquals(0, files.count());
        }
    }

    private static void assertMasks(List<BitSet> expected, MaskWords found, int from, int until) {
        int mask = 0;
        for (int unit = from; unit < Math.min(until, expected.size()); unit++) {
            if (!expected.get(unit).isEmpty()) {
                assertEquals(unit, found.unit(mask));
                BitSet bits = new BitSet();
                for (int i = found.first(mask); i < found.first(mask + 1); i++) {
                    BitSet word = BitSet.valueOf(new long[] {found.words()[i]});
                    int start = found.places()[i] * Long.SIZE;
                    assertTrue(word.cardinality() > 0, "an empty word");
                    word.stream().forEach(bit -> bits.set(start + bit));
                }
                assertEquals(expected.get(unit), bits);
                mask++;
            }
        }
        assertEquals(mask, found.count());
    }
}
