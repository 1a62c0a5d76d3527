package org.netdissect.network;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.netdissect.base.GridSize;
import org.netdissect.base.Workers;
import org.netdissect.broden.ImageSelection;
import org.netdissect.broden.ProbeSet;
import org.netdissect.torchscript.TorchScriptArchive;

/**
 * Measures bare forward passes of the unchanged network over decoded images, in the batches of a dissection. Run by
 * scripts/bench.sh.
 *
 * <p>Arguments: model, probe set, images per batch, passes side by side. The engine's threads per pass are the property
 * {@code ai.djl.pytorch.num_threads}. A fifth argument names the device (default: the CPU). Prints seconds.
 */
final class BareForward {
    private BareForward() {}

    /** All values of the network's first output, in order. */
    static float[] values(LoadedNetwork network, InputBatch batch) {
        try (NDManager manager = network.newManager()) {
            return network.forward(manager, batch).get(0).toFloatArray();
        }
    }

    public static void main(String[] args) throws IOException {
        ProbeSet probe = ProbeSet.open(Path.of(args[1])).select(ImageSelection.ALL);
        GridSize size = probe.images().get(0).imageSize();
        int batchSize = Integer.parseInt(args[2]);
        ImageBatches source = new ImageBatches(probe, new InputEncoder(Preprocessing.IMAGENET, size), batchSize, false);
        List<InputBatch> batches = new ArrayList<>();
        for (int first = 0; first < source.images(); first += batchSize) {
            ByteBuffer input = source.newBuffer();
            batches.add(source.input(input, source.decode(first, input)));
        }
        ComputeDevice device = args.length > 4 ? new ComputeDevice(args[4]) : ComputeDevice.CPU;
        Path scratch = Files.createTempDirectory("bare");
        TorchScriptArchive archive = TorchScriptArchive.open(Path.of(args[0]));
        try (LoadedNetwork network = LoadedNetwork.load(archive, List.of(), device, scratch)) {
            // the engine optimises a network in its first passes
            for (int i = 0; i < 3; i++) {
                values(network, batches.get(0));
            }
            long start = System.nanoTime();
            Workers.run(Integer.parseInt(args[3]), batches.size(), () -> index -> {
                values(network, batches.get(index));
            });
            System.out.printf(Locale.ROOT, "%.3f%n", (System.nanoTime() - start) / 1e9);
        } finally {
            Files.delete(scratch);
        }
    }
}
