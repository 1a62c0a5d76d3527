package org.netdissect.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.netdissect.base.GridSize;
import org.netdissect.base.InputException;
import org.netdissect.base.RunException;
import org.netdissect.torchscript.TorchScriptArchive;
import org.netdissect.torchscript.field.MapReading;

/**
 * Output of one layer for images of random pixels, and whether it can be dissected by the rules of {@link Trial}.
 *
 * @param shape of its maps, such as {@code 512 x 14x14}; of the output where it has none
 * @param axes of the output, as option {@code --axes} takes them; empty where it has no maps
 * @param obstacle why it cannot be dissected, or empty
 */
public record LayerInspection(String shape, String axes, String obstacle) {
    private static final int SEED = 5;

    /**
     * Output of a layer in one pass.
     *
     * @param shape of the output itself
     * @param reading its axes, or nothing where there is an obstacle
     * @param obstacle why it has no maps, or empty
     * @param checksum of the maps' values
     */
    private record Seen(String shape, Optional<MapReading> reading, String obstacle, int checksum) {}

    /** Passes of a network whose outputs are inspected, with maps or without. */
    private record Inspector(LoadedNetwork network, LayerReader reader) {
        /** Outputs of the tapped layers that the pass reaches. */
        Map<String, Seen> at(InputBatch batch) {
            try (NDManager manager = network.newManager()) {
                Map<String, Seen> seen = new LinkedHashMap<>();
                for (NDArray array : network.run(manager, TorchScriptArchive.TAPPED_METHOD, batch)) {
                    String name = array.getName();
                    String shape = array.getShape().toString();
                    try {
                        MapReading reading = reader.reading(name, array, batch);
                        ByteBuffer values = reader.output(name, array, batch).values();
                        seen.put(name, new Seen(shape, Optional.of(reading), "", values.hashCode()));
                    } catch (InputException e) {
                        seen.put(name, new Seen(shape, Optional.empty(), String.valueOf(e.getMessage()), 0));
                    }
                }
                return seen;
            }
        }
    }

    /**
     * Inspects all tapped layers; those that the pass does not reach are left out.
     *
     * @param channels of the network's input
     * @throws RunException where the network fails
     */
    public static Map<String, LayerInspection> of(LoadedNetwork network, LayerMaps maps, int channels) {
        Inspector inspector = new Inspector(network, new LayerReader(network, maps));
        InputBatch pair = pair(channels, maps.inputSize());
        Map<String, LayerInspection> inspections = new LinkedHashMap<>();
        try {
            Map<String, Seen> first = inspector.at(pair);
            Map<String, Seen> again = inspector.at(pair);
            first.forEach((layer, seen) -> inspections.put(layer, of(seen, seen.equals(again.get(layer)))));
            if (inspections.values().stream().noneMatch(each -> each.shape.isEmpty() || !each.obstacle.isEmpty())) {
                return inspections;
            }
        } catch (RunException e) {
            alone(inspector, pair, inspections);
            return inspections;
        }
        try {
            alone(inspector, pair, inspections);
        } catch (RunException e) {
            return inspections; // a network for several images, as after squeeze; its layers have been inspected
        }
        return inspections;
    }

    /** Adds the layers that have maps only where an image is alone, if these differ from image to image. */
    private static void alone(Inspector inspector, InputBatch pair, Map<String, LayerInspection> inspections) {
        Map<String, Seen> first = inspector.at(pair.part(0, 1));
        Map<String, Seen> again = inspector.at(pair.part(0, 1));
        Map<String, Seen> other = inspector.at(pair.part(1, 1));
        first.forEach((layer, seen) -> {
            LayerInspection known = inspections.get(layer);
            boolean same = seen.equals(other.get(layer));
            if (known == null || (!known.obstacle.isEmpty() && seen.obstacle().isEmpty() && !same)) {
                inspections.put(layer, of(seen, seen.equals(again.get(layer))));
            }
        });
    }

    private static LayerInspection of(Seen seen, boolean repeated) {
        String shape = seen.reading()
                .map(read ->
                        read.map().cells() == 1 ? Integer.toString(read.units()) : read.units() + " x " + read.map())
                .orElse(seen.shape());
        String obstacle = seen.obstacle().isEmpty() && !repeated ? "it " + Trial.RANDOM : seen.obstacle();
        return new LayerInspection(shape, seen.reading().map(MapReading::text).orElse(""), obstacle);
    }

    private static InputBatch pair(int channels, GridSize size) {
        int values = Math.multiplyExact(Trial.PAIR * channels, size.cells());
        ByteBuffer images = ByteBuffer.allocateDirect(Math.multiplyExact(values, Float.BYTES))
                .order(ByteOrder.nativeOrder());
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < values; i++) {
            images.putFloat((float) (random.nextDouble() * 4 - 2));
        }
        return new InputBatch(images.flip(), Trial.PAIR, channels, size);
    }
}
