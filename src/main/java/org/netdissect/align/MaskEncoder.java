package org.netdissect.align;

import java.io.IOException;
import java.util.BitSet;

/**
 * Writes the masks of one image after another into a file. One per thread.
 *
 * <p>An image's record has for each unit with a mask, ascending: how far the unit lies behind the last, the number of runs,
 * and of each run of pixels in row-major order the gap before it and its length; all as {@link Varints}.
 */
final class MaskEncoder {
    private final MaskFile file;
    private final BitSet bits = new BitSet();
    private final PackedOutput record = new PackedOutput();
    private int lastUnit;

    MaskEncoder(MaskFile file) {
        this.file = file;
    }

    /** The mask {@code pixels[0 .. count-1]}, one or more, in any order, of the image at work. */
    void add(int unit, int[] pixels, int count) {
        for (int i = 0; i < count; ) {
            int from = pixels[i];
            int until = from;
            while (i < count && pixels[i] == until) {
                until++;
                i++;
            }
            bits.set(from, until);
        }
        record.number(unit - lastUnit);
        lastUnit = unit;
        record.number(runs());
        int after = 0;
        for (int from = bits.nextSetBit(0); from >= 0; from = bits.nextSetBit(after)) {
            record.number(from - after);
            after = bits.nextClearBit(from);
            record.number(after - from);
        }
        bits.clear();
        file.addPixels(unit, count);
    }

    private int runs() {
        int runs = 0;
        for (int at = bits.nextSetBit(0); at >= 0; at = bits.nextSetBit(bits.nextClearBit(at))) {
            runs++;
        }
        return runs;
    }

    /** Ends an image and writes its masks. */
    void end(int image) throws IOException {
        file.write(image, record.end());
        record.clear();
        lastUnit = 0;
    }
}
