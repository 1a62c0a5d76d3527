package org.netdissect.visualize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.netdissect.base.GridSize;
import org.netdissect.base.InputException;
import org.netdissect.base.ProgressListener;
import org.netdissect.image.BilinearResize;
import org.netdissect.image.Brightness;
import org.netdissect.network.FloatTensor;

class ProbeImagesTest {
    private static final GridSize SIZE = new GridSize(4, 3);

    private static List<Float> all(ProbeImages images, int threads) throws Exception {
        List<Float> all = new ArrayList<>();
        images.pass(threads, ProgressListener.NONE, batch -> batch, (FloatTensor batch) -> {
            for (float value : batch.values()) {
                all.add(value);
            }
        });
        return all;
    }

    private static List<Float> expected(MadeSource source, int channels, int... places) {
        List<Float> expected = new ArrayList<>();
        for (int place : places) {
            byte[] rgb = source.pixels().get(place);
            byte[] resized = BilinearResize.resize(
                    channels == 1 ? Brightness.rgb(rgb) : rgb, source.sizes().get(place), SIZE);
            for (int i = 0; i < channels * 12; i++) {
                expected.add((resized[i % 12 * 3 + i / 12] & 0xff) / 255f);
            }
        }
        return expected;
    }

    @Test
    void imagesAreEvenlySpaced() throws Exception {
        MadeSource source = MadeSource.random(20, 1);
        assertEquals(expected(source, 3, 2, 7, 12, 17), all(new ProbeImages(source, 4, SIZE, 3), 1));
        assertEquals(expected(source, 3, 3, 10, 16), all(new ProbeImages(source, 3, SIZE, 3), 1));
        assertEquals(expected(source, 1, 10), all(new ProbeImages(source, 1, SIZE, 1), 1));
        int[] every = new int[20];
        for (int i = 0; i < 20; i++) {
            every[i] = i;
        }
        assertEquals(expected(source, 1, every), all(new ProbeImages(source, 20, SIZE, 1), 3));
        assertEquals(expected(source, 3, every), all(new ProbeImages(source, 1000, SIZE, 3), 3));
        assertEquals(20, new ProbeImages(source, 1000, SIZE, 3).count());
    }

    /** Results come in the order of the images, however long each takes. */
    @Test
    void resultsAreInOrder() throws Exception {
        MadeSource source = MadeSource.random(100, 2);
        ProbeImages images = new ProbeImages(source, 100, SIZE, 3);
        List<Float> seen = new ArrayList<>();
        List<Long> progress = Collections.synchronizedList(new ArrayList<>());
        images.pass(
                4,
                (done, total) -> {
                    assertEquals(100, total);
                    progress.add(done);
                },
                batch -> {
                    try {
                        Thread.sleep((long) (batch.values()[0] * 20));
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                    return batch.values()[0];
                },
                seen::add);
        List<Float> values = all(images, 1);
        for (int batch = 0; batch < seen.size(); batch++) {
            assertEquals(values.get(batch * 8 * 36), seen.get(batch));
        }
        assertEquals(13, seen.size());
        assertTrue(progress.contains(100L));
    }

    @Test
    void anImageThatCannotBeReadIsNamed() {
        MadeSource source = MadeSource.random(9, 3);
        source.pixels().set(8, new byte[0]);
        InputException failure = assertThrows(InputException.class, () -> all(new ProbeImages(source, 9, SIZE, 3), 2));
        assertEquals("image-8: image 8 is empty", failure.getMessage());
    }

    @Test
    void otherChannelsHaveNoProbeImages() {
        assertArrayEquals(new boolean[] {false, true, false, true, false}, new boolean[] {
            ProbeImages.have(0), ProbeImages.have(1), ProbeImages.have(2), ProbeImages.have(3), ProbeImages.have(4)
        });
        assertThrows(IllegalArgumentException.class, () -> new ProbeImages(MadeSource.random(1, 4), 1, SIZE, 2));
    }
}
