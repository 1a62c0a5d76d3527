package org.netdissect.run;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Network and layer of a detector table, derived from its path.
 *
 * @param network such as {@code resnet18}
 * @param layer such as {@code conv5}, empty where it is unknown
 */
public record TableName(String network, String layer) {
    private static final String CSV = ".csv";
    private static final String RESULT = "-result.csv";

    /** The name of a table, or of a run by its folder. */
    public static TableName of(Path file) {
        String name = String.valueOf(file.getFileName());
        Path folder = file.toAbsolutePath().normalize().getParent();
        String parent = name(folder);
        if (name.equals("detectors.csv")) {
            String network = folder == null ? "" : name(folder.getParent());
            return network.isEmpty() ? new TableName(file.toString(), parent) : new TableName(network, parent);
        } else if (name.equals("tally.csv") && !parent.isEmpty()) {
            return new TableName(parent, "");
        } else if (name.endsWith(RESULT) && !parent.isEmpty()) {
            return new TableName(parent, name.substring(0, name.length() - RESULT.length()));
        }
        if (name.isEmpty() || name.equals(".") || name.equals("..")) {
            return new TableName(name(file.toAbsolutePath().normalize()), "");
        }
        return new TableName(name.endsWith(CSV) ? name.substring(0, name.length() - CSV.length()) : name, "");
    }

    private static String name(@Nullable Path folder) {
        return folder == null || folder.getFileName() == null
                ? ""
                : folder.getFileName().toString();
    }
}
