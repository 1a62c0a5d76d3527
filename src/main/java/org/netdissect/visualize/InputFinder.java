package org.netdissect.visualize;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.netdissect.base.GridSize;
import org.netdissect.base.InputException;
import org.netdissect.base.RunException;
import org.netdissect.network.InputBatch;

/**
 * Finds the size of the network's input for images of a size: the same where the network takes it. A network of one
 * fixed size gets the image resampled to that.
 */
final class InputFinder {
    private static final int USUAL = 128;
    /** Sides that networks are built for, tried where the image's own size fails. */
    private static final int[] SIDES = {224, 32, 28, 64, 96, 227, 256, 299, 331, 384, 512};
    /** A network that takes two sides this far apart takes most sides. */
    private static final int FURTHER = 32;

    private final Passes network;
    private final int channels;
    private final Consumer<String> notes;

    /** One pass of the network over a batch. */
    interface Passes {
        /**
         * Throws {@link RunException} where the network fails on an input of this size.
         */
        void run(InputBatch batch);
    }

    /** Sizes of the image and of the network's input. */
    record Sizes(GridSize image, GridSize input) {}

    InputFinder(Passes network, int channels, Consumer<String> notes) {
        this.network = network;
        this.channels = channels;
        this.notes = notes;
    }

    /**
     * Finds both sizes.
     *
     * @param wanted size of the image, or null for 128 x 128
     * @param usual size of the network's input that a run or the file beside the model gives
     * @param given whether {@code usual} is the user's option, which the input then has
     * @throws InputException where the network takes no input of the size, nor any other
     */
    Sizes find(@Nullable GridSize wanted, Optional<GridSize> usual, boolean given) {
        GridSize image = wanted == null ? new GridSize(USUAL, USUAL) : wanted;
        GridSize input = given ? usual.orElseThrow() : image;
        RunException failure = failure(input);
        if (failure == null) {
            return new Sizes(image, input);
        } else if (given) {
            throw new InputException("--input-size " + input + ": " + failure.getMessage(), failure);
        }
        Set<GridSize> candidates = new LinkedHashSet<>();
        usual.ifPresent(candidates::add);
        for (int side : SIDES) {
            candidates.add(new GridSize(side, side));
        }
        List<GridSize> taken = new ArrayList<>();
        for (GridSize candidate : candidates) {
            if (failure(candidate) == null) {
                taken.add(candidate);
                break;
            }
        }
        if (taken.isEmpty()) {
            throw new InputException(
                    failure.getMessage() + "; no other usual size works either: give --input-size H,W", failure);
        }
        GridSize works = taken.get(0);
        boolean fixed = failure(new GridSize(works.height() + FURTHER, works.width() + FURTHER)) != null;
        if (fixed) {
            notes.accept("the network takes no input of " + image + ": it sees the image resampled to " + works);
            return new Sizes(image, works);
        } else if (wanted == null) {
            notes.accept("the network takes no input of " + image + ": the image is " + works + "; see --size");
            return new Sizes(works, works);
        }
        throw new InputException(
                "--size " + image + " is too small or odd for the network, which takes " + works + " ("
                        + failure.getMessage() + "); give a greater --size, or --input-size H,W to resample the image",
                failure);
    }

    private @Nullable RunException failure(GridSize size) {
        try {
            network.run(grey(1, channels, size));
            return null;
        } catch (RunException e) {
            return e;
        }
    }

    /** A batch of zeros. */
    static InputBatch grey(int images, int channels, GridSize size) {
        int bytes = Math.multiplyExact(Math.multiplyExact(images * channels, size.cells()), Float.BYTES);
        return new InputBatch(ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder()), images, channels, size);
    }
}
