package org.netdissect.visualize;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.netdissect.base.Digests;
import org.netdissect.base.InputException;
import org.netdissect.base.SafeFiles;
import org.netdissect.result.VisualizationTable;
import org.netdissect.result.Visualized;
import org.netdissect.table.NpyArray;

/**
 * The folder of a layer's images: their PNG files, {@code visualizations.csv} and {@code curves.npy}, {@code
 * [rows][steps + 1]} objectives by row of the table. An image is finished when its row is in the table. Not
 * thread-safe.
 */
final class LayerFolder {
    private static final String CURVES = "curves.npy";
    private static final String STATES = ".ascent";

    private final Path folder;
    private final int steps;
    private final Map<String, Visualized> rows = new LinkedHashMap<>();
    private final Map<String, float[]> curves = new HashMap<>();

    private LayerFolder(Path folder, int steps) {
        this.folder = folder;
        this.steps = steps;
    }

    /** Opens the folder with the images that an earlier run of the same settings finished. */
    static LayerFolder open(Path folder, int steps) throws IOException {
        LayerFolder layer = new LayerFolder(folder, steps);
        SafeFiles.deleteLeftovers(folder);
        Path table = folder.resolve(VisualizationTable.NAME);
        Path curves = folder.resolve(CURVES);
        if (!Files.exists(table) || !Files.exists(curves)) {
            return layer;
        }
        List<Visualized> rows;
        NpyArray values;
        try {
            rows = VisualizationTable.read(table);
            values = NpyArray.read(curves);
        } catch (InputException e) {
            throw new InputException(
                    e.getMessage() + "; choose another --out, or add --overwrite to make all images again", e);
        }
        int length = steps + 1;
        for (int i = 0; i < rows.size() && (i + 1) * length <= values.values().length; i++) {
            Visualized row = rows.get(i);
            float[] curve = Arrays.copyOfRange(values.values(), i * length, (i + 1) * length);
            boolean hasImage = row.state() == Visualized.State.FAILED || Files.exists(folder.resolve(row.file()));
            if (hasImage && isCurveOf(row, curve)) {
                layer.rows.put(row.image(), row);
                layer.curves.put(row.image(), curve);
            }
        }
        return layer;
    }

    /** Whether a curve is that of the row: a killed run may have written one of the two files only. */
    private static boolean isCurveOf(Visualized row, float[] curve) {
        Double end = row.end();
        float last = curve[curve.length - 1];
        return end == null ? !Float.isFinite(last) : Float.compare((float) (double) end, last) == 0;
    }

    /** Folders of layers in a folder that an earlier run wrote, whatever its settings. */
    static List<Path> in(Path out) throws IOException {
        if (!Files.isDirectory(out)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(out)) {
            return folders.filter(folder -> Files.exists(folder.resolve(VisualizationTable.NAME))
                            || Files.isDirectory(folder.resolve(STATES)))
                    .toList();
        }
    }

    /** Deletes the files of earlier runs, whatever their settings. */
    static void clear(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        Path table = folder.resolve(VisualizationTable.NAME);
        if (Files.exists(table)) {
            try {
                for (Visualized row : VisualizationTable.read(table)) {
                    Files.deleteIfExists(folder.resolve(row.file()));
                }
            } catch (InputException damaged) {
                // its images are replaced one by one
            }
        }
        for (String name : List.of(VisualizationTable.NAME, CURVES, "sheet.png", "sheet.html")) {
            Files.deleteIfExists(folder.resolve(name));
        }
        SafeFiles.deleteLeftovers(folder);
        clearStates(folder);
    }

    Path path() {
        return folder;
    }

    /**
     * Targets without a finished image. Diverse images of a unit depend on one another, so that all are left where one
     * is.
     */
    List<Target> left(List<Target> targets) {
        Set<Target> units = targets.stream()
                .filter(target -> !rows.containsKey(target.stem()))
                .map(Target::firstVariant)
                .collect(Collectors.toSet());
        return targets.stream()
                .filter(target -> units.contains(target.firstVariant()))
                .toList();
    }

    /** Rows of finished images. */
    List<Visualized> rows() {
        return List.copyOf(rows.values());
    }

    /** File of the state of a group that is not finished. */
    Path state(List<Target> group) {
        String stems = String.join(",", group.stream().map(Target::stem).toList());
        return folder.resolve(STATES).resolve(Digests.ofText(stems) + ".state");
    }

    /** Adds finished images, whose PNG files are written, and writes table and curves. */
    void add(Map<Visualized, float[]> finished) throws IOException {
        finished.forEach((row, curve) -> {
            rows.put(row.image(), row);
            curves.put(row.image(), curve);
        });
        write(rows());
    }

    /** Puts the rows into the order of the targets; rows of other targets follow by name. */
    void order(List<Target> targets) throws IOException {
        Map<String, Visualized> left = new TreeMap<>(rows);
        List<Visualized> ordered = new ArrayList<>();
        for (Target target : targets) {
            Visualized row = left.remove(target.stem());
            if (row != null) {
                ordered.add(row);
            }
        }
        ordered.addAll(left.values());
        write(ordered);
        clearStates(folder);
    }

    private void write(List<Visualized> ordered) throws IOException {
        float[] values = new float[ordered.size() * (steps + 1)];
        for (int i = 0; i < ordered.size(); i++) {
            float[] curve = Objects.requireNonNull(curves.get(ordered.get(i).image()));
            System.arraycopy(curve, 0, values, i * (steps + 1), steps + 1);
        }
        // the table last: an image without a row is made again
        NpyArray.write(folder.resolve(CURVES), values, ordered.size(), steps + 1L);
        SafeFiles.write(folder.resolve(VisualizationTable.NAME), VisualizationTable.csv(ordered));
    }

    private static void clearStates(Path folder) throws IOException {
        Path states = folder.resolve(STATES);
        if (Files.isDirectory(states)) {
            try (Stream<Path> files = Files.list(states)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(states);
        }
    }
}
