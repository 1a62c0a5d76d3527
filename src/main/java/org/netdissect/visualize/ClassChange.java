package org.netdissect.visualize;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.netdissect.base.GridSize;
import org.netdissect.image.BilinearResize;
import org.netdissect.network.ClassNames;
import org.netdissect.network.ClassScores;
import org.netdissect.network.ComputeDevice;
import org.netdissect.network.FloatTensor;
import org.netdissect.network.InputBatch;
import org.netdissect.network.LoadedNetwork;
import org.netdissect.network.NetworkOutput;
import org.netdissect.visualize.space.EightBitImage;

/**
 * The class that the whole network gives to an image before and after its ascent, both in 8 bits: an image near one of
 * another class is an adversarial example. Thread-safe.
 */
final class ClassChange implements AutoCloseable {
    private static final String BEFORE = "class before: ";
    private static final int COLOURS = 3;
    private static final float WHITE = 255;

    private final LoadedNetwork network;
    private final NetworkInput input;
    private final GridSize size;
    private final List<String> names;
    private final Optional<String> before;

    ClassChange(LoadedNetwork network, NetworkInput input, GridSize size, List<String> names, FloatTensor origin) {
        this.network = network;
        this.input = input;
        this.size = size;
        this.names = names;
        this.before = classOf(EightBitImage.of(origin, 0));
    }

    /**
     * Loads the network and asks it for the class of the image before; null without such an image.
     *
     * @param scratch as {@link LoadedNetwork#load} takes it
     */
    static @Nullable ClassChange of(Plan plan, ComputeDevice device, Path scratch) throws IOException {
        FloatTensor origin = plan.origin();
        if (origin == null) {
            return null;
        }
        Subject subject = plan.subject();
        LoadedNetwork network = LoadedNetwork.load(subject.archive(), List.of(), device, scratch);
        try {
            return new ClassChange(network, subject.input(), plan.sizes().input(), subject.classes(), origin);
        } catch (RuntimeException e) {
            network.close();
            throw e;
        }
    }

    /** The classes before and after, such as {@code class before: 12 beach (0.93), after: 45 pier (0.99)}. */
    String note(EightBitImage image) {
        Optional<String> after = before.isEmpty() ? before : classOf(image);
        return after.isEmpty() ? "" : BEFORE + before.orElseThrow() + ", after: " + after.get();
    }

    /** The part of a row's note that {@link #note} made; empty where there is none. */
    static String partOf(String note) {
        int at = note.indexOf(BEFORE);
        return at < 0 ? "" : note.substring(at);
    }

    /** The most probable class; nothing where the network's output is no row of classes. */
    private Optional<String> classOf(EightBitImage image) {
        return NetworkOutput.scores(network, batch(image)).map(scores -> {
            ClassScores.Ranked top = ClassScores.top(scores, 1).get(0);
            List<String> known = ClassNames.known(names, scores.length);
            String name = known.isEmpty() ? "" : " " + known.get(top.index());
            return String.format(Locale.ROOT, "%d%s (%.2f)", top.index(), name, top.probability());
        });
    }

    private InputBatch batch(EightBitImage image) {
        byte[] rgb = image.size().equals(size) ? image.rgb() : BilinearResize.resize(image.rgb(), image.size(), size);
        int[] order = input.order();
        ByteBuffer values = ByteBuffer.allocateDirect(order.length * size.cells() * Float.BYTES)
                .order(ByteOrder.nativeOrder());
        for (int channel = 0; channel < order.length; channel++) {
            for (int pixel = 0; pixel < size.cells(); pixel++) {
                float value = (rgb[pixel * COLOURS + order[channel]] & 0xff) / WHITE * input.factor();
                values.putFloat(
                        (value - input.mean().get(channel)) / input.std().get(channel));
            }
        }
        return new InputBatch(values.flip(), 1, order.length, size);
    }

    @Override
    public void close() {
        network.close();
    }
}
