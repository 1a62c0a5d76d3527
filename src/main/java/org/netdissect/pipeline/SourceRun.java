package org.netdissect.pipeline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.netdissect.align.Comparison;
import org.netdissect.align.Interpolation;
import org.netdissect.align.UnitScores;
import org.netdissect.base.InputException;
import org.netdissect.base.NearestNames;
import org.netdissect.base.Wildcards;
import org.netdissect.report.StoredTable;
import org.netdissect.report.compare.ComparedLayer;
import org.netdissect.report.compare.ComparedRun;

/** A finished run that something is made of later: its tables, its inputs, and how its images went through the network. */
final class SourceRun {
    private static final String ACTIVATIONS = "activations.";

    private final Path folder;
    private final ComparedRun run;

    private SourceRun(Path folder, ComparedRun run) {
        this.folder = folder;
        this.run = run;
    }

    /** Reads the folder that {@code dissect --out} wrote. Throws {@link InputException} for anything else. */
    static SourceRun read(Path folder) throws IOException {
        if (Files.isRegularFile(folder)) {
            throw new InputException(
                    folder + ": is a file, expected a run directory, which 'netdissect dissect --out' writes");
        }
        return new SourceRun(folder, StoredRun.read(folder, folder.toString()));
    }

    private InputException wrong(String what) {
        return new InputException(folder.resolve(RunDirectory.RUN) + ": " + what
                + "; it was written by another version of netdissect, or is damaged: dissect again");
    }

    /** A detector's score is greater. */
    double iouThreshold() {
        return run.iou();
    }

    /** Throws {@link InputException} where the tables are of a rotated basis, in which units are no channels. */
    void requireOwnBasis() {
        String rotation = run.settings().getOrDefault("rotate", "0");
        if (!rotation.equals("0")) {
            throw new InputException(folder + ": its units are axes of a basis rotated by " + rotation
                    + " (--rotate), not channels of the network; give a run without --rotate");
        }
    }

    /** The top fraction of the thresholds, unless they were given and may have any. */
    OptionalDouble usualArea() {
        String fraction = run.settings().getOrDefault("top-fraction", "");
        if (run.settings().containsKey("thresholds") || fraction.isEmpty()) {
            return OptionalDouble.empty();
        }
        try {
            return OptionalDouble.of(Double.parseDouble(fraction));
        } catch (NumberFormatException e) {
            throw wrong("settings.top-fraction is '" + fraction + "'");
        }
    }

    /** How maps were resized. */
    Interpolation interpolation() {
        return setting("interpolation", "", Interpolation.values());
    }

    /** Which pixels belonged to a mask; runs from before there was a choice say nothing of it. */
    Comparison comparison() {
        return setting("comparison", Comparison.ABOVE.toString(), Comparison.values());
    }

    private <T> T setting(String name, String otherwise, T[] values) {
        String text = run.settings().getOrDefault(name, otherwise);
        return Stream.of(values)
                .filter(value -> value.toString().equals(text))
                .findFirst()
                .orElseThrow(() -> wrong("settings." + name + " is '" + text + "'"));
    }

    /** How the images went through the network. */
    ForwardSettings forward() {
        Map<String, String> fields = new TreeMap<>();
        run.settings().forEach((name, value) -> {
            if (name.startsWith(ACTIVATIONS)) {
                fields.put(name.substring(ACTIVATIONS.length()), value);
            }
        });
        try {
            return ForwardSettings.of(fields);
        } catch (InputException e) {
            throw wrong("its settings do not say how images went through the network (" + e.getMessage() + ")");
        }
    }

    /** Where the network ran, as {@link Versions#PROCESSOR}; runs of earlier versions do not say. */
    Optional<String> processor() {
        return Optional.ofNullable(run.settings().get("versions." + Versions.PROCESSOR));
    }

    /** Where the network was. */
    Path model() {
        return input("model");
    }

    /** Where the probe set was. */
    Path probe() {
        return input("probe");
    }

    /** A path as the user gave it, from the folder in which the run was started. */
    private Path input(String name) {
        String path = run.settings().getOrDefault("inputs." + name, "");
        if (path.isEmpty()) {
            throw wrong("it has no inputs." + name);
        }
        try {
            return Path.of(run.settings().getOrDefault("inputs.folder", "")).resolve(path);
        } catch (InvalidPathException e) {
            throw wrong("inputs." + name + " is '" + path + "'");
        }
    }

    /**
     * Tables by layer and tail, of names or patterns, in the run's order; all for no pattern.
     *
     * @throws InputException where a name is none of the run's, with the nearest, or a pattern matches none
     */
    Map<View, StoredTable> tables(List<String> wanted) {
        List<String> names = run.layers().stream().map(ComparedLayer::name).toList();
        Set<String> chosen = new HashSet<>(wanted.isEmpty() ? names : List.of());
        for (String pattern : wanted) {
            List<String> matching = names.stream()
                    .filter(name -> Wildcards.match(pattern, name))
                    .toList();
            if (matching.isEmpty()) {
                throw unknown(pattern, names);
            }
            chosen.addAll(matching);
        }
        Map<View, StoredTable> tables = new LinkedHashMap<>();
        for (ComparedLayer layer : run.layers()) {
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

    /** Every unit from the first on, with its threshold. */
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
