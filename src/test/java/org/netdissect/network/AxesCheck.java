package org.netdissect.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.netdissect.base.GridSize;
import org.netdissect.base.InputException;
import org.netdissect.torchscript.ModuleNode;
import org.netdissect.torchscript.TorchScriptArchive;
import org.netdissect.torchscript.field.MapReading;
import org.netdissect.torchscript.field.Reading;
import org.netdissect.torchscript.field.ReceptiveFields;

/**
 * Compares the axes derived from the code of networks with the cells that follow a shifted image. Prints a line for
 * each layer on which they disagree, then one for each network; for {@code scripts/check-axes.sh}.
 */
final class AxesCheck {
    private final LoadedNetwork network;
    private final ReceptiveFields code;
    private final GridSize size;
    private final Map<ByteBuffer, NDList> passes = new HashMap<>();

    private AxesCheck(LoadedNetwork network, ReceptiveFields code, GridSize size) {
        this.network = network;
        this.code = code;
        this.size = size;
    }

    /** Arguments: side of the input, archives. */
    public static void main(String[] args) throws IOException {
        int side = Integer.parseInt(args[0]);
        for (String archive : List.of(args).subList(1, args.length)) {
            Map<String, Integer> counts = counts(Path.of(archive), new GridSize(side, side), System.out::println);
            System.out.println(Path.of(archive).getFileName() + ": " + counts);
        }
    }

    /** Number of layers by verdict; passes on the verdicts that are of interest. */
    static Map<String, Integer> counts(Path file, GridSize size, Consumer<String> told) throws IOException {
        TorchScriptArchive archive = TorchScriptArchive.open(file);
        List<String> layers = archive.modules().stream()
                .filter(ModuleNode::tappable)
                .map(ModuleNode::name)
                .toList();
        Path scratch = Files.createTempDirectory("axes");
        try (LoadedNetwork network = LoadedNetwork.load(archive, layers, ComputeDevice.CPU, scratch)) {
            return new AxesCheck(network, ReceptiveFields.of(archive, size), size).counts(layers, told);
        } finally {
            Files.delete(scratch);
        }
    }

    private Map<String, Integer> counts(List<String> layers, Consumer<String> told) {
        Map<String, Integer> counts = new TreeMap<>();
        try (NDManager manager = NDManager.newBaseManager()) {
            for (String layer : layers) {
                Map<ByteBuffer, NDList> kept = passes;
                ShiftGuard guard = new ShiftGuard(
                        size,
                        3,
                        image -> array(
                                kept.computeIfAbsent(
                                        image.values(),
                                        values -> network.run(manager, TorchScriptArchive.TAPPED_METHOD, image)),
                                layer));
                String verdict = verdict(layer, guard);
                counts.merge(verdict.split(":", 2)[0], 1, Integer::sum);
                if (verdict.contains(":")) {
                    told.accept("  " + layer + ": " + verdict);
                }
            }
        }
        return counts;
    }

    private static NDArray array(NDList all, String layer) {
        return all.stream()
                .filter(array -> layer.equals(array.getName()))
                .findFirst()
                .orElseThrow(() -> new InputException("not reached"));
    }

    private static boolean follows(ShiftGuard guard, MapReading reading) {
        return guard.follows(reading, ShiftGuard.QUARTER) > 0 || guard.follows(reading, ShiftGuard.HALF) > 0;
    }

    /** Verdict on a layer, with a colon if it is of interest. */
    private String verdict(String layer, ShiftGuard guard) {
        try {
            if (code.reading(layer) instanceof Reading.Maps maps) {
                boolean oneCell = maps.maps().map().cells() == 1;
                return oneCell
                        ? "of one cell"
                        : follows(guard, maps.maps())
                                ? "agree"
                                : "do not follow: " + maps.maps().text();
            } else if (code.reading(layer) instanceof Reading.Refused refused) {
                return "refused: " + refused.why();
            }
            String why = ((Reading.Unknown) code.reading(layer)).why();
            return "not told by the code: " + why + "; by the shift "
                    + guard.find().map(MapReading::text).orElse("nothing");
        } catch (InputException e) {
            return "not reached";
        }
    }
}
