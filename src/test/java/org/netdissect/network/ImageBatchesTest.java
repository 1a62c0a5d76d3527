package org.netdissect.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.netdissect.base.GridSize;
import org.netdissect.base.InputException;
import org.netdissect.images.ImageSource;

class ImageBatchesTest {
    private static final GridSize INPUT = new GridSize(2, 2);

    /**
     * Images without files, as from a generator. Every sample is 10 times the image's position, and the last image is
     * larger.
     */
    private static final ImageSource GENERATED = new ImageSource() {
        @Override
        public int count() {
            return 6;
        }

        @Override
        public GridSize imageSize(int image) {
            return image == 5 ? new GridSize(4, 4) : INPUT;
        }

        @Override
        public byte[] rgb(int image) {
            if (image == 3) {
                throw new InputException("image 3 cannot be generated");
            }
            byte[] rgb = new byte[imageSize(image).cells() * 3];
            Arrays.fill(rgb, (byte) (10 * image));
            return rgb;
        }

        @Override
        public String name(int image) {
            return "seed " + image;
        }

        @Override
        public String imagesDigest(int threads) {
            return "of this test";
        }
    };

    private static ImageBatches batches(boolean resize) {
        Preprocessing plain = new Preprocessing(ChannelOrder.RGB, 1, List.of(0f, 0f, 0f), List.of(1f, 1f, 1f));
        return new ImageBatches(GENERATED, new InputEncoder(plain, INPUT), 2, resize);
    }

    @Test
    void imagesNeedNoFile() throws IOException {
        ImageBatches batches = batches(true);
        ByteBuffer batch = batches.newBuffer();
        assertEquals(6, batches.images());
        assertEquals(2, batches.decode(1, batch));
        assertEquals(10f, batch.asFloatBuffer().get(0));
        assertEquals(20f, batch.asFloatBuffer().get(12));
        assertEquals(1, batches.decode(5, batch), "the last batch is short");
        assertEquals(50f, batch.asFloatBuffer().get(11), "resized");
    }

    @Test
    void errorsAreTheSourcesOwn() {
        ByteBuffer batch = batches(false).newBuffer();
        InputException refused =
                assertThrows(InputException.class, () -> batches(false).decode(2, batch));
        assertEquals("image 3 cannot be generated", refused.getMessage());
        InputException size =
                assertThrows(InputException.class, () -> batches(false).decode(4, batch));
        assertEquals(
                "image seed 5 is 4x4, others are 2x2; give --input-size H,W and all are resized to it",
                size.getMessage());
    }
}
