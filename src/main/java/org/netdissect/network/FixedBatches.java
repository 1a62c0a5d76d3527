package org.netdissect.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.netdissect.base.InputException;

/**
 * Passes of any number of images through a network whose code is made for a number of them (torch.export without a
 * dynamic first dimension): full batches one after the other, the last one filled up with its last image.
 */
final class FixedBatches {
    private FixedBatches() {}

    /**
     * Runs batches of {@code fixed} images, and joins what they give along the first dimension. Outputs whose first
     * dimension is a multiple of the batch hold as many parts of each image (windows of attention); others are those of
     * the first batch.
     */
    static NDList run(InputBatch images, int fixed, Function<InputBatch, NDList> pass) {
        List<NDList> all = new ArrayList<>();
        List<Integer> used = new ArrayList<>();
        for (int first = 0; first < images.images(); first += fixed) {
            int count = Math.min(fixed, images.images() - first);
            InputBatch part = images.part(first, count);
            all.add(pass.apply(count == fixed ? part : filled(part, fixed)));
            used.add(count);
        }
        NDList joined = new NDList();
        for (int i = 0; i < all.get(0).size(); i++) {
            NDArray first = all.get(0).get(i);
            NDArray array = first;
            if (holdsImages(first, fixed)) {
                List<NDArray> parts = new ArrayList<>();
                for (int call = 0; call < all.size(); call++) {
                    parts.add(cut(all.get(call).get(i), fixed, used.get(call)));
                }
                array = parts.size() == 1 ? parts.get(0) : NDArrays.concat(new NDList(parts), 0);
            }
            array.setName(first.getName());
            joined.add(array);
        }
        return joined;
    }

    private static boolean holdsImages(NDArray array, int fixed) {
        return array.getShape().dimension() > 0 && array.getShape().get(0) % fixed == 0;
    }

    private static NDArray cut(NDArray array, int fixed, int used) {
        long rows = array.getShape().get(0);
        return used == fixed ? array : array.get(new NDIndex("0:" + rows / fixed * used));
    }

    private static InputBatch filled(InputBatch batch, int fixed) {
        int bytes = batch.bytesPerImage();
        if ((long) fixed * bytes > Integer.MAX_VALUE) {
            throw new InputException("the network was exported for batches of " + fixed + " images, which are larger "
                    + "than 2 GB at " + batch.size() + "; export it for fewer, or with a dynamic first dimension");
        }
        ByteBuffer values =
                ByteBuffer.allocateDirect(fixed * bytes).order(batch.values().order());
        for (int image = 0; image < fixed; image++) {
            int from = Math.min(image, batch.images() - 1) * bytes;
            values.put(image * bytes, batch.values(), from, bytes);
        }
        return new InputBatch(values, fixed, batch.channels(), batch.size());
    }
}
