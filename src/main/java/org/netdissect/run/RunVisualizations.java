package org.netdissect.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import org.jspecify.annotations.Nullable;
import org.netdissect.architecture.Generated;
import org.netdissect.base.InputException;
import org.netdissect.base.Json;
import org.netdissect.result.VisualizationFolder;

/**
 * The visualisations that a run's report shows.
 *
 * @param given folder that {@code netdissect visualize} wrote, or null for {@code visualize} in the run directory, if
 *     that exists
 * @param wanted whether there are any
 */
public record RunVisualizations(@Nullable Path given, boolean wanted) {
    /** Those in the run directory, if there are any. */
    public static final RunVisualizations USUAL = new RunVisualizations(null, true);

    private static final String FOLDER = "visualize";
    private static final String RUN = "run.json";
    private static final long MOST_BYTES = 1 << 26;

    /** Throws {@link InputException} for a folder that is given and not wanted. */
    public RunVisualizations {
        if (given != null && !wanted) {
            throw new InputException("--visualizations " + given + " with --no-visualizations: give one of them");
        }
    }

    /**
     * Finds the folder; null where there is none.
     *
     * @param run the run directory
     * @throws InputException if a given folder has no visualisations of the run's layers, or a folder is of another
     *     network
     */
    @Nullable
    public VisualizationFolder find(Path run, RunSettings settings) throws IOException {
        Path path = given == null ? run.resolve(FOLDER) : given;
        VisualizationFolder folder = new VisualizationFolder(path);
        String obstacle = wanted ? obstacle(folder, settings) : "";
        if (given != null && !obstacle.isEmpty()) {
            throw new InputException("--visualizations " + path + ": " + obstacle);
        }
        if (!wanted || !obstacle.isEmpty()) {
            return null;
        }
        requireSameModel(
                path,
                Generated.identity(
                        settings.forward().model(), settings.forward().generated()));
        return folder;
    }

    /** The reason why the folder shows no unit of the run; empty if it does. */
    private static String obstacle(VisualizationFolder folder, RunSettings settings) throws IOException {
        if (!folder.hasTables()) {
            return "holds no visualizations.csv, expected a folder that 'netdissect visualize --out' wrote";
        }
        if (settings.rotation().turned().isPresent()) {
            return "its units are the network's own, but those of the run are of a rotated basis (--rotate)";
        }
        return hasAny(folder, settings.layers())
                ? ""
                : "has no visualisations of the run's layers " + String.join(", ", settings.layers());
    }

    private static boolean hasAny(VisualizationFolder folder, Collection<String> layers) throws IOException {
        for (String layer : layers) {
            if (!folder.rows(layer).isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /**
     * Throws {@link InputException} if the folder's run.json names another network than the run's. A run that is not
     * complete may have none yet.
     *
     * @param sha256 of the run's model, as {@link Generated#identity} names it
     */
    private static void requireSameModel(Path folder, String sha256) throws IOException {
        Path file = folder.resolve(RUN);
        if (!Files.exists(file)) {
            return;
        }
        if (!Files.isRegularFile(file) || Files.size(file) > MOST_BYTES) {
            throw new InputException(file + ": expected a file of at most " + MOST_BYTES + " bytes");
        }
        String other;
        try {
            other = Json.read(Files.readAllBytes(file))
                    .path("model")
                    .path("sha256")
                    .asText("");
        } catch (JsonProcessingException e) {
            throw new InputException(
                    file + ": is not JSON (" + e.getOriginalMessage() + "): it is damaged; visualize again", e);
        }
        if (!other.isEmpty() && !other.equalsIgnoreCase(sha256)) {
            throw new InputException(file + ": model.sha256 is " + other + ", but the run is of " + sha256
                    + "; name the visualisations of the run's network with --visualizations DIR");
        }
    }
}
