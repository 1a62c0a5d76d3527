package org.netdissect.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.netdissect.architecture.Architectures;
import org.netdissect.architecture.NetworkChoice;
import org.netdissect.base.GridSize;
import org.netdissect.base.InputException;
import org.netdissect.base.Json;
import org.netdissect.dissect.LayerListing;
import org.netdissect.dissect.NetworkCopy;
import org.netdissect.network.AxesSpec;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
    /** Stands for no network with {@code --arch}: all known ones are shown. */
    private static final String LIST = "list";

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "FILE", description = "Network: " + NetworkOptions.FILES + ".")
    private @Nullable Path model;

    @Mixin
    private NetworkOptions network = new NetworkOptions();

    @Option(
            names = "--save",
            paramLabel = "M.pt",
            description = "Also write the network as a TorchScript archive, which PyTorch and other programs read.")
    private @Nullable Path save;

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
        PrintWriter out = spec.commandLine().getOut();
        if (LIST.equals(network.architecture())) {
            printArchitectures(out);
            return ExitCode.DONE;
        }
        if (model == null) {
            throw new InputException("no network given: netdissect layers FILE, or netdissect layers --arch list");
        }
        NetworkChoice choice = network.in(model);
        if (save != null) {
            NetworkCopy.write(choice, save);
        }
        LayerListing listing = LayerListing.of(choice, axes, inputSize, probe);
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

    private void printArchitectures(PrintWriter out) {
        if (json) {
            out.println(Json.text(Architectures.list()));
            return;
        }
        List<Architectures.Listed> all = Architectures.list();
        int width = all.stream().mapToInt(each -> each.name().length()).max().orElse(1);
        all.forEach(each -> out.println(String.format("%-" + width + "s  %s", each.name(), each.description())));
    }
}
