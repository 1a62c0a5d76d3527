package org.netdissect.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import org.netdissect.base.InputException;
import org.netdissect.base.SafeFiles;
import org.netdissect.base.StageListener;
import org.netdissect.run.ComparedLayer;
import org.netdissect.run.ComparedRun;
import org.netdissect.run.NamedPath;
import org.netdissect.run.StoredRun;

/** Dissects the networks of a paper's table one after another, and compares the counts of each with the paper's. */
public final class Reproduction {
    private static final String COUNTS = "reproduction.csv";

    private final ReproductionSettings settings;
    private final List<ReproducedNetwork> networks;
    private final PublishedCounts published;

    private Reproduction(ReproductionSettings settings, List<ReproducedNetwork> networks, PublishedCounts published) {
        this.settings = settings;
        this.networks = networks;
        this.published = published;
    }

    /**
     * Results of a reproduction.
     *
     * @param counts of the networks that were dissected
     * @param file where these counts were written
     * @param networks number of networks in the table
     * @param failed names of the networks that could not be dissected
     */
    public record Outcome(PaperTable counts, Path file, int networks, List<String> failed) {}

    /**
     * Reads the table.
     *
     * @throws InputException where the table or a folder is wrong
     */
    public static Reproduction read(ReproductionSettings settings) throws IOException {
        List<ReproducedNetwork> networks = ReproducedNetwork.readAll(settings.table());
        PublishedCounts published = PublishedCounts.readNetworks(settings.table(), settings.rule());
        for (ReproducedNetwork network : networks) {
            network.layers().forEach(layer -> published.of(network.name(), layer));
        }
        settings.checkFolders();
        return new Reproduction(settings, networks, published);
    }

    /** Whether the table has a column of counts. */
    public boolean hasCounts() {
        return published.hasColumns();
    }

    /**
     * Dissects the networks. A network that fails is left out; finished layers of an earlier reproduction come from the
     * cache.
     *
     * @param dissect runs the command dissect with the given arguments, reports its errors, and returns its exit code
     * @param stages receives a note as each network begins
     * @param each receives the counts of each network as it ends
     */
    public Outcome run(ToIntFunction<List<String>> dissect, StageListener stages, Consumer<PaperTable> each)
            throws IOException {
        PaperTable all = new PaperTable();
        List<String> failed = new ArrayList<>();
        for (ReproducedNetwork network : networks) {
            stages.note(
                    "network " + (networks.indexOf(network) + 1) + " of " + networks.size() + ": " + network.name());
            if (dissect.applyAsInt(network.arguments(settings)) != 0) {
                failed.add(network.name());
                continue;
            }
            PaperTable counts = new PaperTable();
            for (CountRow row : counts(network)) {
                counts.add(published.of(row.network(), row.layer()), row);
                all.add(published.of(row.network(), row.layer()), row);
            }
            each.accept(counts);
        }
        Path file = settings.out().resolve(COUNTS);
        if (failed.size() < networks.size()) {
            SafeFiles.write(file, all.csv());
        }
        return new Outcome(all, file, networks.size(), failed);
    }

    private List<CountRow> counts(ReproducedNetwork network) throws IOException {
        NamedPath folder = new NamedPath(network.name(), network.folder(settings));
        ComparedRun run =
                StoredRun.readAll(List.of(folder), OptionalDouble.empty()).get(0);
        List<CountRow> rows = new ArrayList<>();
        for (ComparedLayer layer : run.layers()) {
            rows.add(CountRow.of(run.name(), layer.name(), layer.table(), run.iou(), settings.rule()));
        }
        return rows;
    }
}
