package org.netdissect.baseline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.zip.DataFormatException;
import org.junit.jupiter.api.Test;

/** Draws of the baseline as bytes. */
class BaselineCodecTest {
    private static final BaselineSettings SETTINGS = new BaselineSettings(BaselineMethod.QUICK, 6, 1);

    static LayerDraws draws(ByteBuffer bytes, int units, int images, double iou, BaselineSettings settings) {
        try {
            return BaselineCodec.decode(bytes, units, images, iou, settings);
        } catch (DataFormatException e) {
            throw new AssertionError(e);
        }
    }

    private static ByteBuffer bytes() {
        Random random = new Random(1);
        LayerDraws layer = new LayerDraws(3, 0.1, 6, 50, 2, true);
        for (int unit = 0; unit < 3; unit++) {
            double[] best = random.doubles(6).toArray();
            int[] label = IntStream.of(1, 2, 65_535, 0, 5, 6).toArray();
            UnitDraws drawn = UnitDraws.of(unit, random.nextDouble(), unit, best, label);
            if (unit == 1) {
                drawn.replace(random.doubles(20).toArray());
            }
            layer.add(drawn, null);
        }
        return BaselineCodec.encode(layer);
    }

    @Test
    void unitsReadBackAsTheyWere() {
        LayerDraws read = draws(bytes(), 3, 50, 0.1, SETTINGS);
        assertEquals(6, read.draws());
        assertEquals(2, read.unpaired());
        Random random = new Random(1);
        double[] best = random.doubles(6).toArray();
        UnitDraws first = UnitDraws.of(0, random.nextDouble(), 0, best, new int[6]);
        assertEquals(first.observed(), read.unit(0).observed());
        assertEquals(first.mean(), read.unit(0).mean());
        assertEquals(first.chance95(), read.unit(0).chance95());
        assertEquals(first.p(), read.unit(0).p());
        assertEquals(20, read.unit(1).draws());
        assertEquals(2, read.unit(2).observedLabel());
    }

    @Test
    void otherBytesAreRefused() {
        int length = bytes().remaining();
        for (int end = 0; end < length; end++) {
            ByteBuffer shorter = bytes().limit(end);
            assertThrows(DataFormatException.class, () -> BaselineCodec.decode(shorter, 3, 50, 0.1, SETTINGS));
        }
        for (int header = 0; header < 16; header++) {
            ByteBuffer changed = bytes();
            changed.put(header, (byte) (changed.get(header) ^ 0x40));
            assertThrows(DataFormatException.class, () -> BaselineCodec.decode(changed, 3, 50, 0.1, SETTINGS));
        }
        ByteBuffer nan = bytes();
        nan.putDouble(28, Double.NaN);
        assertThrows(DataFormatException.class, () -> BaselineCodec.decode(nan, 3, 50, 0.1, SETTINGS));
        assertThrows(DataFormatException.class, () -> BaselineCodec.decode(bytes(), 4, 50, 0.1, SETTINGS));
        BaselineSettings fewer = new BaselineSettings(BaselineMethod.QUICK, 5, 1);
        assertThrows(DataFormatException.class, () -> BaselineCodec.decode(bytes(), 3, 50, 0.1, fewer));
    }

    @Test
    void theKeyIsOfAllThatDrawsDependOn() {
        String key = BaselineCodec.key("a", 50, SETTINGS);
        assertEquals("beceeea869249a53f269ba2ebebb0951", key, "draws that earlier versions stored are not found");
        assertEquals(key, BaselineCodec.key("a", 50, new BaselineSettings(BaselineMethod.QUICK, 6, 1)));
        for (String other : List.of(
                BaselineCodec.key("b", 50, SETTINGS),
                BaselineCodec.key("a", 51, SETTINGS),
                BaselineCodec.key("a", 50, new BaselineSettings(BaselineMethod.QUICK, 7, 1)),
                BaselineCodec.key("a", 50, new BaselineSettings(BaselineMethod.QUICK, 6, 2)))) {
            assertNotEquals(key, other);
        }
    }

    @Test
    void whatIsKeptIsBounded() {
        assertTrue(BaselineCodec.fits(2048, 400));
        assertTrue(BaselineCodec.fits(2048, 1000));
        assertFalse(BaselineCodec.fits(2048, 100_000));
        assertFalse(BaselineCodec.fits(Integer.MAX_VALUE, 100_000));
    }
}
