package org.netdissect.align;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** The masks of one image as words of 64 pixels in row-major order, without empty words and empty masks. */
public final class MaskWords {
    private int count;
    private int[] units = new int[64];
    /** [masks + 1] index of a mask's first word */
    private int[] first = new int[65];
    /** [masks] */
    private int[] sizes = new int[64];
    /** [words] position of the word in the image; ascending within a mask */
    private int[] places = new int[1 << 10];

    private long[] words = new long[1 << 10];

    private MaskWords() {}

    /** Reads the record of {@link MaskFile.Encoder}, for the units {@code from .. until - 1}. */
    static MaskWords decode(ByteBuffer record, int from, int until) {
        MaskWords masks = new MaskWords();
        int unit = 0;
        while (record.hasRemaining()) {
            unit += varint(record);
            int runs = varint(record);
            if (unit >= until) {
                break;
            }
            masks.add(unit, record, runs);
            if (unit < from) {
                masks.count = 0; // was decoded only to reach the next record
            }
        }
        return masks;
    }

    private void add(int unit, ByteBuffer record, int runs) {
        if (count == units.length) {
            units = Arrays.copyOf(units, 2 * count);
            sizes = Arrays.copyOf(sizes, 2 * count);
            first = Arrays.copyOf(first, 2 * count + 1);
        }
        int start = first[count];
        int end = start;
        int size = 0;
        int pixel = 0;
        for (int run = 0; run < runs; run++) {
            pixel += varint(record);
            int until = pixel + varint(record);
            size += until - pixel;
            while (pixel < until) {
                int place = pixel / Long.SIZE;
                int next = Math.min(until, (place + 1) * Long.SIZE);
                if (end == start || places[end - 1] != place) {
                    end = append(place, end);
                }
                words[end - 1] |= (-1L >>> (Long.SIZE - (next - pixel))) << (pixel % Long.SIZE);
                pixel = next;
            }
        }
        units[count] = unit;
        sizes[count] = size;
        first[++count] = end;
    }

    private int append(int place, int end) {
        if (end == places.length) {
            places = Arrays.copyOf(places, 2 * end);
            words = Arrays.copyOf(words, 2 * end);
        }
        places[end] = place;
        words[end] = 0;
        return end + 1;
    }

    private static int varint(ByteBuffer record) {
        return (int) PackedInput.varint(record);
    }

    /** Number of masks. */
    public int count() {
        return count;
    }

    /** The unit of a mask; ascending. */
    public int unit(int mask) {
        return units[mask];
    }

    /** Number of pixels of a mask, at least one. */
    public int size(int mask) {
        return sizes[mask];
    }

    int first(int mask) {
        return first[mask];
    }

    int[] places() {
        return places;
    }

    long[] words() {
        return words;
    }
}
