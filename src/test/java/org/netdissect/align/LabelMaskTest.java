package org.netdissect.align;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netdissect.base.GridSize;
import org.netdissect.broden.ProbeSet;
import org.netdissect.broden.TinyProbe;
import org.netdissect.labels.LabelMap;

/** Pixels of an image that have a label. */
class LabelMaskTest {
    @TempDir
    Path folder;

    /** Searches every pixel of every plane for one label. */
    private static BitSet naive(LabelMap labels, int label) {
        BitSet bits = new BitSet();
        for (int pixel = 0; pixel < labels.size().cells(); pixel++) {
            for (char[] plane : labels.planes()) {
                if (plane[pixel] == label) {
                    bits.set(pixel);
                }
            }
            for (int number : labels.imageLabels()) {
                if (number == label) {
                    bits.set(pixel);
                }
            }
        }
        return bits;
    }

    private static String[] rows(GridSize grid, Random random) {
        String[] rows = new String[grid.height()];
        for (int y = 0; y < rows.length; y++) {
            rows[y] = IntStream.range(0, grid.width())
                    .mapToObj(x -> Integer.toString(random.nextInt(3) == 0 ? 300 : random.nextInt(4)))
                    .collect(Collectors.joining(" "));
        }
        return rows;
    }

    @Test
    void everyPixelOfEveryPlaneAndTheWholeImage() throws IOException {
        Random random = new Random(2);
        for (int round = 0; round < 20; round++) {
            GridSize grid = new GridSize(1 + random.nextInt(4), 1 + random.nextInt(4));
            TinyProbe probe = TinyProbe.in(folder.resolve("probe" + round))
                    .category("object")
                    .category("part")
                    .category("scene");
            for (int label : new int[] {1, 2, 3, 300}) {
                probe.label(label, "l" + label, "object", 1);
            }
            probe.image("a.png", "train", new GridSize(4, 4), 0, grid)
                    .plane("object", rows(grid, random))
                    .plane("part", rows(grid, random))
                    .plane("part", rows(grid, random));
            if (round % 2 == 0) {
                probe.cell("scene", "2");
            }
            ProbeSet set = probe.open();
            LabelMap labels = set.readLabels(set.images().get(0));
            Map<Integer, Mask> masks = Mask.of(labels, Set.of(1, 2, 300, 4000));
            assertEquals(Set.of(1, 2, 300, 4000), masks.keySet());
            masks.forEach((label, mask) -> {
                assertEquals(naive(labels, label), mask.bits(), labels.size() + ", label " + label);
                assertEquals(grid, mask.grid());
            });
        }
    }
}
