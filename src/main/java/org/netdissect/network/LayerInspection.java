package org.netdissect.network;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.netdissect.base.RunException;
import org.netdissect.torchscript.field.MapReading;

/**
 * What one layer gives for images of random pixels, and whether it can be dissected: by the rules of {@link Trial}, layer by
 * layer.
 *
 * @param shape of its maps, such as {@code 512 x 14x14}; of the output where it has none
 * @param axes of the output, as option {@code --axes} takes them; empty where it has no maps
 * @param obstacle why it cannot be dissected, or empty
 */
public record LayerInspection(String shape, String axes, String obstacle) {
    private static final int SEED = 5;
    /**
     * Looks at all tapped layers; those that the pass does not reach are left out.
     *
     * @throws RunException where the network fails
     */
    public static Map<String, LayerInspection> of(Network network) {
        Map<String, LayerInspection> inspections = new LinkedHashMap<>();
        try {
            ByteBuffer pair = images(network, Trial.PAIR);
            Map<String, Network.Seen> first = network.look(pair, Trial.PAIR);
            Map<String, Network.Seen> again = network.look(pair, Trial.PAIR);
            first.forEach((layer, seen) -> inspections.put(layer, of(seen, seen.equals(again.get(layer)))));
            if (inspections.values().stream().noneMatch(each -> each.shape.isEmpty() || !each.obstacle.isEmpty())) {
                return inspections;
            }
        } catch (RunException e) {
            alone(network, inspections);
            return inspections;
        }
        try {
            alone(network, inspections);
        } catch (RunException e) {
            return inspections; // a network for several images, as after squeeze; these have been looked at
        }
        return inspections;
    }

    /** Adds what layers give that have maps only where an image is alone, and differ from image to image. */
    private static void alone(Network network, Map<String, LayerInspection> inspections) {
        ByteBuffer pair = images(network, Trial.PAIR);
        int bytes = pair.capacity() / Trial.PAIR;
        ByteBuffer image = pair.slice(0, bytes).order(pair.order());
        Map<String, Network.Seen> first = network.look(image, 1);
        Map<String, Network.Seen> again = network.look(image, 1);
        Map<String, Network.Seen> other = network.look(pair.slice(bytes, bytes).order(pair.order()), 1);
        first.forEach((layer, seen) -> {
            LayerInspection known = inspections.get(layer);
            boolean same = seen.equals(other.get(layer));
            if (known == null || (!known.obstacle.isEmpty() && seen.obstacle().isEmpty() && !same)) {
                inspections.put(layer, of(seen, seen.equals(again.get(layer))));
            }
        });
    }

    private static LayerInspection of(Network.Seen seen, boolean repeated) {
        String shape = seen.reading()
                .map(read ->
                        read.map().cells() == 1 ? Integer.toString(read.units()) : read.units() + " x " + read.map())
                .orElse(seen.shape());
        String obstacle = seen.obstacle().isEmpty() && !repeated ? "it " + Trial.RANDOM : seen.obstacle();
        return new LayerInspection(shape, seen.reading().map(MapReading::text).orElse(""), obstacle);
    }

    private static ByteBuffer images(Network network, int count) {
        int values = Math.multiplyExact(
                count * network.channels(), network.inputSize().cells());
        ByteBuffer images = ByteBuffer.allocateDirect(Math.multiplyExact(values, Float.BYTES))
                .order(ByteOrder.nativeOrder());
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < values; i++) {
            images.putFloat((float) (random.nextDouble() * 4 - 2));
        }
        return images.flip();
    }
}
