package org.netdissect.result;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.netdissect.base.FileNames;

/**
 * The folder that {@code netdissect visualize} writes, finished or not: for each layer a folder with its {@code
 * visualizations.csv} and images. A layer may be missing. Not safe for use by several threads.
 */
public final class VisualizationFolder {
    private final Path folder;
    private final Map<String, List<Visualized>> tables = new HashMap<>();

    public VisualizationFolder(Path folder) {
        this.folder = folder;
    }

    /** Whether it holds the table of any layer. */
    public boolean hasTables() throws IOException {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.anyMatch(layer -> Files.isRegularFile(layer.resolve(VisualizationTable.NAME)));
        }
    }

    /** Folder of a layer's files. */
    public Path layer(String layer) {
        return folder.resolve(FileNames.of(layer));
    }

    /**
     * The rows of a layer, none where it has no table.
     *
     * @throws org.netdissect.base.InputException with file and row where the table is wrong
     */
    public List<Visualized> rows(String layer) throws IOException {
        List<Visualized> rows = tables.get(layer);
        if (rows == null) {
            Path table = layer(layer).resolve(VisualizationTable.NAME);
            rows = Files.exists(table) ? List.copyOf(VisualizationTable.read(table)) : List.of();
            tables.put(layer, rows);
        }
        return rows;
    }

    /** The row of a channel's first image, if the image exists. */
    public Optional<Visualized> channel(String layer, int channel, boolean negative) throws IOException {
        return rows(layer).stream()
                .filter(row -> row.objective() == Visualized.Objective.CHANNEL
                        && Integer.valueOf(channel).equals(row.channel())
                        && row.negative() == negative
                        && row.variant() == 1
                        && Files.isRegularFile(layer(layer).resolve(row.file())))
                .findFirst();
    }

    /** The file of a channel's first image, if it exists. */
    public Optional<Path> image(String layer, int channel, boolean negative) throws IOException {
        return channel(layer, channel, negative).map(row -> layer(layer).resolve(row.file()));
    }
}
