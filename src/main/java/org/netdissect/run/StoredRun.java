package org.netdissect.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.netdissect.base.InputException;
import org.netdissect.result.DetectorTableReader;
import org.netdissect.result.StoredTable;

/** Reads run directories and single detector tables for comparisons. */
public final class StoredRun {
    /** Default threshold of a detector's IoU: the paper's. */
    private static final double DEFAULT_IOU = 0.04;

    private StoredRun() {}

    /**
     * Reads runs; single detector tables become runs of one layer without settings. Tables of several layers of one
     * network share its name.
     *
     * @param iou threshold for all of them; if empty, the threshold of each run, and 0.04 for a table
     * @throws InputException if a path is neither
     */
    public static List<ComparedRun> readAll(List<NamedPath> paths, OptionalDouble iou) throws IOException {
        List<TableName> names = NamedPath.names(paths);
        List<ComparedRun> runs = new ArrayList<>();
        for (int i = 0; i < paths.size(); i++) {
            ComparedRun run = read(paths.get(i).path(), names.get(i).network());
            runs.add(iou.isEmpty() ? run : run.withIou(iou.getAsDouble()));
        }
        return runs;
    }

    private static ComparedRun read(Path path, String name) throws IOException {
        if (Files.isRegularFile(path)) {
            ComparedLayer layer = new ComparedLayer(TableName.of(path).layer(), DetectorTableReader.read(path));
            return new ComparedRun(name, Map.of(), DEFAULT_IOU, List.of(layer));
        }
        RunFile run = RunFile.read(path);
        return new ComparedRun(name, run.texts(), run.iou(), layers(path, run));
    }

    /**
     * Reads the tables of a run, in its order.
     *
     * @throws InputException if a table is missing or damaged, or its number of units differs from run.json
     */
    static List<ComparedLayer> layers(Path folder, RunFile run) throws IOException {
        List<ComparedLayer> layers = new ArrayList<>();
        for (RunFile.Layer layer : run.layers()) {
            Path file = new RunDirectory(folder).detectors(layer.name());
            StoredTable table = DetectorTableReader.read(file);
            int units = table.scores().units().size();
            if (layer.units() != units) {
                throw new InputException(file + ": has " + units + " units, but run.json says " + layer.units()
                        + "; one of them is not this run's");
            }
            layers.add(new ComparedLayer(layer.name(), table));
        }
        return layers;
    }
}
