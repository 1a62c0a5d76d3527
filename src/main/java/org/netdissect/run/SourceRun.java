package org.netdissect.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.netdissect.align.Comparison;
import org.netdissect.align.Interpolation;
import org.netdissect.align.UnitScores;
import org.netdissect.architecture.Generated;
import org.netdissect.architecture.NetworkChoice;
import org.netdissect.architecture.NetworkFile;
import org.netdissect.base.InputException;
import org.netdissect.base.NearestNames;
import org.netdissect.base.Wildcards;
import org.netdissect.broden.ProbeSet;
import org.netdissect.images.ImageSource;
import org.netdissect.result.StoredTable;
import org.netdissect.result.VisualizationFolder;
import org.netdissect.torchscript.TorchScriptArchive;

/** Settings and tables of a finished run, by which images are explained. */
public final class SourceRun {
    private static final int DIGITS_SHOWN = 12;

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

    /**
     * The run's visualisations, null where there are none; throws {@link InputException} as {@link
     * RunVisualizations#find} does.
     */
    public @Nullable VisualizationFolder visualizations(RunVisualizations chosen) throws IOException {
        return chosen.find(folder, settings);
    }

    /** Settings of the forward pass. */
    public ForwardSettings forward() {
        return settings.forward();
    }

    /** The machine that ran the network, as {@link Versions#PROCESSOR}; earlier versions did not record it. */
    public Optional<String> processor() {
        return file.processor();
    }

    /**
     * Path of the run's network, checked by its digest.
     *
     * @param given where it is now, or null if it has not moved
     * @throws InputException if it is not there, or is another network
     */
    public Path model(@Nullable Path given) throws IOException {
        Path model = given == null ? file.model() : given;
        if (!Files.isRegularFile(model)) {
            throw new InputException(
                    given == null
                            ? "the network of the run " + folder + " is not at " + model
                                    + ", where it was; say where it is now with --model M.pt"
                            : "--model " + model + ": no such file");
        }
        String digest = NetworkFile.digest(model);
        String expected = forward().model();
        if (!digest.equals(expected)) {
            throw new InputException(model + " is not the network of the run " + folder + " (its SHA-256 is "
                    + brief(digest) + ", the run's " + brief(expected)
                    + "); give the run's with --model M.pt, or dissect this one");
        }
        return model;
    }

    /**
     * Opens the run's network.
     *
     * @param model as {@link #model} gives it
     * @throws InputException if the run is of other activations, since it ran the network in training mode
     */
    public TorchScriptArchive archive(Path model) throws IOException {
        Generated generated = forward().generated();
        NetworkFile network = NetworkFile.open(generated == null ? NetworkChoice.of(model) : generated.in(model));
        TorchScriptArchive archive = network.archive();
        if (generated != null && !generated.equals(network.generated())) {
            throw new InputException("the run " + folder + " was made by another version, which generated the network "
                    + generated.architecture() + " in another way; dissect it again");
        }
        if (archive.wasInTrainingMode() && !forward().evaluated()) {
            throw new InputException("the run " + folder + " was made by an older version, which ran this network in "
                    + "training mode; dissect it again");
        }
        return archive;
    }

    private static String brief(String digest) {
        return digest.substring(0, Math.min(DIGITS_SHOWN, digest.length())) + "...";
    }

    /** Folder of the probe set when the run was made. */
    public Path probe() {
        return file.probe();
    }

    /**
     * The images of the run.
     *
     * @param moved where the probe set is now
     */
    public ImageSource images(Path moved) throws IOException {
        return ProbeSet.open(moved, settings.planes(), doubt -> {})
                .select(settings.selection())
                .without(file.skippedRows());
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
