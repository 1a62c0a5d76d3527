package org.netdissect.visualize;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.netdissect.base.GridSize;
import org.netdissect.base.InputException;
import org.netdissect.base.ProgressListener;
import org.netdissect.base.Workers;
import org.netdissect.image.BilinearResize;
import org.netdissect.image.Brightness;
import org.netdissect.images.ImageSource;
import org.netdissect.network.FloatTensor;

/** Evenly spaced images of a probe set, as images of a visualisation's size and colours, in batches. */
final class ProbeImages {
    private static final int BATCH = 8;
    private static final int COLOURS = 3;
    private static final float WHITE = 255;

    private final ImageSource source;
    private final int count;
    private final GridSize size;
    private final int channels;

    /**
     * A sample of a probe set.
     *
     * @param most number of images; all where there are fewer
     * @param channels 3, or 1 for grey; see {@link #have}
     */
    ProbeImages(ImageSource source, int most, GridSize size, int channels) {
        if (!have(channels)) {
            throw new IllegalArgumentException("probe images have no " + channels + " channels");
        }
        this.source = source;
        this.count = Math.min(most, source.count());
        this.size = size;
        this.channels = channels;
    }

    /** Whether images of files can have this number of channels. */
    static boolean have(int channels) {
        return channels == 1 || channels == COLOURS;
    }

    int count() {
        return count;
    }

    GridSize size() {
        return size;
    }

    int channels() {
        return channels;
    }

    /**
     * Measures all batches and takes the results in the order of the images, whatever the threads.
     *
     * @param measure results of images {@code [images][channels][height][width]}; any thread calls it
     * @param sum one thread at a time calls it
     * @throws InputException for an image that cannot be read
     */
    <T> void pass(int threads, ProgressListener progress, Function<FloatTensor, T> measure, Consumer<T> sum)
            throws IOException {
        InOrder<T> results = new InOrder<>(sum);
        AtomicLong done = new AtomicLong();
        Workers.run(threads, (count + BATCH - 1) / BATCH, batch -> {
            FloatTensor images = batch(batch * BATCH);
            results.put(batch, measure.apply(images));
            progress.progress(done.addAndGet(images.shape()[0]), count);
        });
    }

    /** Hands results on by rising number. */
    private static final class InOrder<T> {
        private final Consumer<T> next;
        private final Map<Integer, T> waiting = new HashMap<>();
        private int taken;

        InOrder(Consumer<T> next) {
            this.next = next;
        }

        synchronized void put(int number, T result) {
            waiting.put(number, result);
            for (T first = waiting.remove(taken); first != null; first = waiting.remove(taken)) {
                next.accept(first);
                taken++;
            }
        }
    }

    private FloatTensor batch(int first) throws IOException {
        int images = Math.min(BATCH, count - first);
        float[] values = new float[images * channels * size.cells()];
        for (int i = 0; i < images; i++) {
            int image = place(first + i);
            byte[] pixels = pixels(image);
            for (int channel = 0; channel < channels; channel++) {
                int at = (i * channels + channel) * size.cells();
                for (int pixel = 0; pixel < size.cells(); pixel++) {
                    values[at + pixel] = (pixels[pixel * COLOURS + channel] & 0xff) / WHITE;
                }
            }
        }
        return new FloatTensor(values, images, channels, size.height(), size.width());
    }

    /** Middle of one of {@link #count} equal parts of the probe set. */
    private int place(int number) {
        return Math.toIntExact((2L * number + 1) * source.count() / (2L * count));
    }

    /** Pixels of the size, as a dissection's input has them: made grey first, then resized. */
    private byte[] pixels(int image) throws IOException {
        try {
            byte[] rgb = source.rgb(image);
            return BilinearResize.resize(channels == 1 ? Brightness.rgb(rgb) : rgb, source.imageSize(image), size);
        } catch (InputException e) {
            throw source.unreadable(image, e);
        }
    }
}
