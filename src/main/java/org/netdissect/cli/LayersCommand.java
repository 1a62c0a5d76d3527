package org.netdissect.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.netdissect.base.GridSize;
import org.netdissect.base.Json;
import org.netdissect.dissect.LayerListing;
import org.netdissect.network.AxesSpec;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command that lists the layers of a network. */
@Command(
        name = "layers",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Lists the modules of a network with the shapes of their outputs, the receptive fields of their units, and "
                    + "whether they can be dissected."
        })
final class LayersCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(paramLabel = "M.pt", description = "Network as a TorchScript archive.")
    @SuppressWarnings("NullAway.Init")
    private Path model;

    @Option(names = "--probe", paramLabel = "DIR", description = "Run the network on images of this probe set's size.")
    private @Nullable Path probe;

    @Option(
            names = "--input-size",
            paramLabel = "H,W",
            description = "Run the network on images of this size (default: the size beside the model, else 224,224).")
    private @Nullable GridSize inputSize;

    @Option(
            names = "--axes",
            paramLabel = "LAYER=AXES",
            description = "Dimensions of a layer's output, as in dissect --axes.")
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
            out.print(listing.text());
        }
        listing.notes().forEach(note -> spec.commandLine().getErr().println("note: " + note));
        if (listing.failure() != null) {
            spec.commandLine().getErr().println("netdissect: no output shapes: " + listing.failure());
            return listing.wrongInput() ? ExitCode.WRONG_INPUT : ExitCode.FAILED;
        }
        return ExitCode.DONE;
    }
}
