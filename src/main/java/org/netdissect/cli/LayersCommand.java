package org.netdissect.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.netdissect.base.GridSize;
import org.netdissect.base.Json;
import org.netdissect.base.Printable;
import org.netdissect.network.AxesSpec;
import org.netdissect.pipeline.LayerListing;
import org.netdissect.report.TextTable;
import org.netdissect.report.UnitFields;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists the layers of a network. */
@Command(
        name = "layers",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Lists the modules of a network, the shapes of their outputs after one forward pass, the receptive fields "
                    + "of their units, and which of them can be dissected."
        })
final class LayersCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(paramLabel = "M.pt", description = "Network as a TorchScript archive.")
    @SuppressWarnings("NullAway.Init")
    private Path model;

    @Option(names = "--probe", paramLabel = "DIR", description = "Run with images of this probe set's size.")
    private @Nullable Path probe;

    @Option(
            names = "--input-size",
            paramLabel = "H,W",
            description = "Run with images of this size (default: the size beside the model, else 224,224).")
    private @Nullable GridSize inputSize;

    @Option(
            names = "--axes",
            paramLabel = "LAYER=AXES",
            description = "What runs along the dimensions of a layer's output, as dissect takes it.")
    private Map<String, AxesSpec> axes = new LinkedHashMap<>();

    @Option(names = "--json", description = "Print the result as JSON.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        LayerListing listing = LayerListing.of(model, axes, inputSize, probe);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.text(listing));
        } else {
            print(listing, out);
        }
        listing.notes().forEach(note -> spec.commandLine().getErr().println("note: " + note));
        if (listing.failure() != null) {
            spec.commandLine().getErr().println("netdissect: no output shapes: " + listing.failure());
            return listing.wrongInput() ? ExitCode.WRONG_INPUT : ExitCode.FAILED;
        }
        return ExitCode.DONE;
    }

    private static void print(LayerListing listing, PrintWriter out) {
        TextTable table = new TextTable(7, List.of("layer", "class", "output", "field", "stride", "centre", "dissect"));
        boolean ran = listing.failure() == null;
        for (LayerListing.Row row : listing.rows()) {
            String uses = row.uses() > 1 ? " (used " + row.uses() + " times, the last is read)" : "";
            table.add(List.of(
                    row.name(),
                    row.type(),
                    row.shape(),
                    size(row.receptiveField()),
                    row.receptiveField() == null
                            ? ""
                            : pair(row.receptiveField().stride()),
                    row.receptiveField() == null
                            ? ""
                            : pair(row.receptiveField().centre()),
                    row.canBeDissected() ? (ran ? "yes" : "not run") + uses : "no: " + row.obstacle()));
        }
        out.print(table);
        out.println("field, stride, centre: pixels of the input that a unit sees, from one unit to the next, and the");
        out.println("centre of what unit (0, 0) sees; +all: each depends on the whole image besides.");
        unknownFields(listing, out);
        if (listing.rows().stream().anyMatch(row -> row.obstacle().contains("--axes"))) {
            out.println(
                    "AXES of --axes: a letter for each dimension, n images, u units, y rows, x columns, t tokens, then");
            out.println("tokens that are no places and the grid of the others: nyxu, or ntu,drop=0,grid=14x14.");
        }
        out.flush();
    }

    private static void unknownFields(LayerListing listing, PrintWriter out) {
        Map<String, List<String>> layers = new LinkedHashMap<>();
        for (LayerListing.Row row : listing.rows()) {
            if (row.canBeDissected() && row.receptiveField() == null) {
                layers.computeIfAbsent(row.receptiveFieldObstacle(), why -> new ArrayList<>())
                        .add(row.name());
            }
        }
        layers.forEach((why, names) -> out.println(Printable.of("no field for " + names.get(0)
                + (names.size() > 1 ? " and " + (names.size() - 1) + " more" : "") + ": " + why)));
    }

    private static String size(@Nullable UnitFields field) {
        return field == null ? "" : pair(field.size()) + (field.wholeImage() ? " +all" : "");
    }

    /** Height and width, or one number where they are equal. */
    private static String pair(List<? extends Number> values) {
        String height = number(values.get(0));
        String width = number(values.get(1));
        return height.equals(width) ? height : height + "x" + width;
    }

    private static String number(Number value) {
        return new BigDecimal(value.toString()).stripTrailingZeros().toPlainString();
    }
}
