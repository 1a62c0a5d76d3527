package org.netdissect.broden;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.netdissect.base.Digests;
import org.netdissect.base.Workers;

/** Computes {@link ProbeSet#labelsDigest}. */
final class LabelsDigest {
    private LabelsDigest() {}

    static String of(ProbeSet probe, int threads) throws IOException {
        List<Path> files = new ArrayList<>(probe.tableFiles());
        planes(probe).forEach(plane -> files.add(probe.planeFile(plane)));
        String[] checksums = new String[files.size()];
        Workers.run(threads, checksums.length, i -> checksums[i] = Digests.checksumsOf(files.get(i)));
        // versions that summed palettes and blue into other labels had digests without this line, so that their counts
        // are not used
        StringBuilder text = new StringBuilder("label planes " + probe.planeEncoding() + "\n");
        probe.categories().forEach(category -> text.append(category.name()).append('\n'));
        probe.images().forEach(image -> text.append(image.row()).append(' '));
        for (int i = 0; i < checksums.length; i++) {
            text.append('\n')
                    .append(probe.folder().relativize(files.get(i)))
                    .append('\n')
                    .append(checksums[i]);
        }
        return Digests.ofText(text.toString());
    }

    /** Planes in the order of their first use; several rows may name the same one. */
    private static Set<Cell.Plane> planes(ProbeSet probe) {
        Set<Cell.Plane> planes = new LinkedHashSet<>();
        for (ProbeImage image : probe.images()) {
            for (List<Cell> category : image.cells()) {
                for (Cell cell : category) {
                    if (cell instanceof Cell.Plane plane) {
                        planes.add(plane);
                    }
                }
            }
        }
        return planes;
    }
}
