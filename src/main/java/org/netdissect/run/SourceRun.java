package org.netdissect.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.netdissect.align.Comparison;
import org.netdissect.align.Interpolation;
import org.netdissect.align.UnitScores;
import org.netdissect.base.InputException;
import org.netdissect.base.NearestNames;
import org.netdissect.base.Wildcards;
import org.netdissect.result.StoredTable;

/** Settings and tables of a finished run, by which images are explained. */
public final class SourceRun {
    private final Path folder;
    private final RunFile file;
    private final RunSettings settings;
    private final List<ComparedLayer> layers;

    private SourceRun(Path folder, RunFile file, List<ComparedLayer> layers) {
        this.folder = folder;
        this.file = file;
        this.settings = file.settings();
        this.layers = layers;
    }

    /** Reads the folder that {@code dissect --out} wrote. Throws {@link InputException} for anything else. */
    public static SourceRun read(Path folder) throws IOException {
        RunFile file = RunFile.read(folder);
        return new SourceRun(folder, file, StoredRun.layers(folder, file));
    }

    /** The IoU that a detector's score exceeds. */
    public double iouThreshold() {
        return settings.iou();
    }

    /** Throws {@link InputException} if the basis is rotated, so that units are not the network's channels. */
    public void requireOwnBasis() {
        settings.rotation().turned().ifPresent(alpha -> {
            throw new InputException(folder + ": its units are axes of a basis rotated by " + alpha.toPlainString()
                    + " (--rotate), not channels of the network; give a run without --rotate");
        });
    }

    /** The top fraction of the thresholds; empty if thresholds were given. */
    public OptionalDouble usualArea() {
        return settings.thresholds() == null
                ? OptionalDouble.of(settings.topFraction().doubleValue())
                : OptionalDouble.empty();
    }

    /** Interpolation of the run's maps. */
    public Interpolation interpolation() {
        return settings.method().interpolation();
    }

    /** Comparison of activations with thresholds. */
    public Comparison comparison() {
        return settings.method().rules().comparison();
    }

    /** Settings of the forward pass. */
    public ForwardSettings forward() {
        return settings.forward();
    }

    /** The machine that ran the network, as {@link Versions#PROCESSOR}; earlier versions did not record it. */
    public Optional<String> processor() {
        return file.processor();
    }

    /** Path of the network when the run was made. */
    public Path model() {
        return file.model();
    }

    /**
     * Tables of layers that match names or patterns, in the run's order; all tables if there are none.
     *
     * @throws InputException if a name or pattern matches no layer; the message has the nearest names
     */
    public Map<View, StoredTable> tables(List<String> patterns) {
        List<String> names = layers.stream().map(ComparedLayer::name).toList();
        Set<String> chosen = new HashSet<>(patterns.isEmpty() ? names : List.of());
        for (String pattern : patterns) {
            List<String> matching = names.stream()
                    .filter(name -> Wildcards.match(pattern, name))
                    .toList();
            if (matching.isEmpty()) {
                throw unknown(pattern, names);
            }
            chosen.addAll(matching);
        }
        Map<View, StoredTable> tables = new LinkedHashMap<>();
        for (ComparedLayer layer : layers) {
            if (chosen.contains(layer.name())) {
                tables.put(View.named(layer.name(), layer.table().tail()), whole(layer.table()));
            }
        }
        return tables;
    }

    private InputException unknown(String layer, List<String> names) {
        List<String> near = NearestNames.of(layer, names);
        return new InputException("--layer " + layer + ": the run " + folder + " has no such layer"
                + (near.isEmpty()
                        ? "; it has " + String.join(", ", names)
                        : "; did you mean " + String.join(", ", near) + "?"));
    }

    /** The table, if it has a finite threshold for every unit from the first to the last. */
    private static StoredTable whole(StoredTable table) {
        int units = table.scores().units().size();
        for (UnitScores unit : table.scores().units()) {
            if (unit.unit() >= units || !Float.isFinite(unit.threshold())) {
                throw new InputException(table.file() + ": expected a row with a finite threshold for each of "
                        + units + " units, but "
                        + (unit.unit() >= units ? "there is a unit " : "there is none of unit ") + (unit.unit() + 1)
                        + "; dissect again");
            }
        }
        return table;
    }
}
