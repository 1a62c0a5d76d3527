package org.netdissect.network;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.netdissect.base.GridSize;
import org.netdissect.torchscript.MapReading;
import org.netdissect.torchscript.ModuleNode;
import org.netdissect.torchscript.Reading;
import org.netdissect.torchscript.ReceptiveFields;
import org.netdissect.torchscript.TorchScriptArchive;

/**
 * Holds what the code of networks tells of their layers' axes against what a shifted image shows, and prints a line for each
 * layer on which they do not agree, then one for each network; for {@code scripts/check-axes.sh}.
 */
final class AxesCheck {
    private AxesCheck() {}

    /** Arguments: side of the input, archives. */
    public static void main(String[] args) throws IOException {
        int side = Integer.parseInt(args[0]);
        for (String archive : List.of(args).subList(1, args.length)) {
            check(Path.of(archive), new GridSize(side, side));
        }
    }

    private static void check(Path file, GridSize size) throws IOException {
        TorchScriptArchive archive = TorchScriptArchive.open(file);
        ReceptiveFields code = archive.receptiveFields(size);
        int agree = 0;
        int other = 0;
        int cells = 0;
        int refused = 0;
        int unknown = 0;
        for (ModuleNode module : archive.modules()) {
            Reading reading = code.reading(module.name());
            if (module.tappable()
                    && reading instanceof Reading.Maps maps
                    && maps.maps().map().cells() == 1) {
                cells++;
            } else if (module.tappable() && reading instanceof Reading.Maps maps) {
                double follows = follows(archive, module.name(), maps.maps(), size);
                if (follows > 0) {
                    agree++;
                } else {
                    other++;
                    System.out.printf(
                            "  %s: %s by the code, no following%n",
                            module.name(), maps.maps().text());
                }
            } else if (module.tappable() && reading instanceof Reading.Refused) {
                refused++;
            } else if (module.tappable()) {
                unknown++;
                System.out.printf(
                        "  %s: %s; shifted: %s%n",
                        module.name(), ((Reading.Unknown) reading).why(), found(archive, module.name(), size));
            }
        }
        System.out.printf(
                Locale.ROOT,
                "%s: %d agree, %d do not, %d of one cell, %d refused, %d not told by the code%n",
                file.getFileName(),
                agree,
                other,
                cells,
                refused,
                unknown);
    }

    private static double follows(TorchScriptArchive archive, String layer, MapReading reading, GridSize size)
            throws IOException {
        Path scratch = Files.createTempDirectory("axes");
        try (Network network = Network.load(
                        archive, List.of(layer), LayerMaps.of(archive, Map.of(), size), ComputeDevice.CPU, scratch);
                NDManager manager = NDManager.newBaseManager()) {
            return network.guard(manager, layer).follows(reading);
        } finally {
            Files.delete(scratch);
        }
    }

    private static String found(TorchScriptArchive archive, String layer, GridSize size) throws IOException {
        Path scratch = Files.createTempDirectory("axes");
        try (Network network = Network.load(
                        archive, List.of(layer), LayerMaps.of(archive, Map.of(), size), ComputeDevice.CPU, scratch);
                NDManager manager = NDManager.newBaseManager()) {
            return network.guard(manager, layer).find().map(MapReading::text).orElse("nothing");
        } catch (RuntimeException e) {
            return String.valueOf(e.getMessage());
        } finally {
            Files.delete(scratch);
        }
    }
}
