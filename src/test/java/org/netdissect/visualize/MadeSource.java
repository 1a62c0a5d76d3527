package org.netdissect.visualize;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.netdissect.base.GridSize;
import org.netdissect.base.InputException;
import org.netdissect.images.ImageSource;

/** Images from memory, for tests; an image without pixels cannot be read. */
record MadeSource(List<GridSize> sizes, List<byte[]> pixels) implements ImageSource {
    /** Random images of several sizes. */
    static MadeSource random(int count, long seed) {
        Random random = new Random(seed);
        List<GridSize> sizes = new ArrayList<>();
        List<byte[]> pixels = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            GridSize size = new GridSize(5 + random.nextInt(20), 5 + random.nextInt(20));
            byte[] rgb = new byte[size.cells() * 3];
            random.nextBytes(rgb);
            sizes.add(size);
            pixels.add(rgb);
        }
        return new MadeSource(sizes, pixels);
    }

    @Override
    public int count() {
        return sizes.size();
    }

    @Override
    public GridSize imageSize(int image) {
        return sizes.get(image);
    }

    @Override
    public byte[] rgb(int image) {
        if (pixels.get(image).length == 0) {
            throw new InputException("image " + image + " is empty");
        }
        return pixels.get(image);
    }

    @Override
    public String name(int image) {
        return "image-" + image;
    }

    @Override
    public String imagesDigest(int threads) {
        return "none";
    }

    @Override
    public InputException unreadable(int image, InputException cause) {
        return new InputException(name(image) + ": " + cause.getMessage(), cause);
    }
}
