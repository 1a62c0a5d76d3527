package org.netdissect.broden;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.netdissect.base.Digests;
import org.netdissect.base.Workers;

/** See {@link ProbeSet#labelsDigest}. */
final class LabelsDigest {
    private LabelsDigest() {}

    static String of(ProbeSet probe, int threads) throws IOException {
        List<String> planes = List.copyOf(planes(probe));
        String[] checksums = new String[planes.size()];
        Workers.run(threads, checksums.length, () -> i -> {
            Path file = probe.planeFile(new Cell.Plane(planes.get(i)));
            checksums[i] = Digests.checksumsOf(file);
        });
        StringBuilder text = new StringBuilder(probe.tablesDigest()).append('\n');
        probe.categories().forEach(category -> text.append(category.name()).append('\n'));
        probe.images().forEach(image -> text.append(image.row()).append(' '));
        for (int i = 0; i < checksums.length; i++) {
            text.append('\n').append(planes.get(i)).append('\n').append(checksums[i]);
        }
        return Digests.ofText(text.toString());
    }

    /** Names of the files, in the order of their first use; several rows may name the same. */
    private static Set<String> planes(ProbeSet probe) {
        Set<String> planes = new LinkedHashSet<>();
        for (ProbeImage image : probe.images()) {
            for (List<Cell> category : image.cells()) {
                for (Cell cell : category) {
                    if (cell instanceof Cell.Plane plane) {
                        planes.add(plane.file());
                    }
                }
            }
        }
        return planes;
    }
}
