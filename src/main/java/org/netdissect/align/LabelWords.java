package org.netdissect.align;

import java.io.IOException;
import java.util.Arrays;
import org.netdissect.labels.LabelMap;
import org.netdissect.labels.LabelSource;

/**
 * The labels of one image, encoded for counting under many masks, of this image or of others on the same grid. Every
 * word of 64 pixels, in row-major order, has the labels present and a bit set of the pixels with each. A mask is
 * counted by its common bits with them; a label that covers the image costs one addition.
 */
public final class LabelWords {
    private final ImageLabels image;
    private final CountColumns columns;
    /** [words + 1] index of a word's first label */
    private final int[] first;

    private char[] labels = new char[1 << 9];
    /** for each label of a word, the pixels that carry it; a label in two planes has one entry per plane */
    private long[] bits = new long[1 << 9];
    /** labels that cover the image; a label that counts twice is listed twice */
    private final int[] covering;

    LabelWords(ImageLabels image, CountColumns columns) {
        LabelMap map = image.map();
        this.image = image;
        this.columns = columns;
        this.covering = map.imageLabels();
        int cells = map.size().cells();
        this.first = new int[(cells + Long.SIZE - 1) / Long.SIZE + 1];
        int count = 0;
        for (int word = 0; word + 1 < first.length; word++) {
            int from = word * Long.SIZE;
            int until = Math.min(cells, from + Long.SIZE);
            for (char[] plane : map.planes()) {
                count = add(plane, from, until, count);
            }
            first[word + 1] = count;
        }
    }

    /** Decodes the labels of an image. */
    public static LabelWords read(LabelSource source, int image, AlignmentRules rules) throws IOException {
        int categories = source.categories().size();
        ImageLabels labels =
                new ImageLabels(source.readLabels(image, rules.reading()), source.labels(), categories, rules);
        return new LabelWords(labels, CountColumns.of(source.labels(), categories, rules));
    }

    /**
     * Adds the pixels {@code from .. until - 1} of a plane to the entries of their word, which begin at {@code start};
     * returns the new number of entries.
     */
    private int add(char[] plane, int from, int until, int start) {
        int count = start;
        for (int pixel = from; pixel < until; ) {
            char label = plane[pixel];
            int run = pixel;
            while (pixel < until && plane[pixel] == label) {
                pixel++;
            }
            if (label != 0) {
                int entry = start;
                while (entry < count && labels[entry] != label) {
                    entry++;
                }
                if (entry == count) {
                    count = append(label, count);
                }
                bits[entry] |= (-1L >>> (Long.SIZE - (pixel - run))) << (run - from);
            }
        }
        return count;
    }

    private int append(char label, int count) {
        if (count == labels.length) {
            labels = Arrays.copyOf(labels, 2 * count);
            bits = Arrays.copyOf(bits, 2 * count);
        }
        labels[count] = label;
        return count + 1;
    }

    /**
     * Adds |M_k & L_c| of one mask to the columns of {@code counts} from {@code base} on; if there are columns for
     * activation, also adds |M_k| for every category that the mask touches.
     */
    public void count(MaskWords masks, int mask, int[] counts, int base) {
        int[] places = masks.places();
        long[] words = masks.words();
        int last = masks.first(mask + 1);
        for (int i = masks.first(mask); i < last; i++) {
            long word = words[i];
            int end = first[places[i] + 1];
            for (int entry = first[places[i]]; entry < end; entry++) {
                counts[base + labels[entry]] += Long.bitCount(word & bits[entry]);
            }
        }
        int size = masks.size(mask);
        for (int label : covering) {
            counts[base + columns.intersect(label)] += size;
        }
        if (columns.activations()) {
            boolean[] touched = touched(masks, mask);
            for (int category = 0; category < touched.length; category++) {
                counts[base + columns.activation(category)] += touched[category] ? size : 0;
            }
        }
    }

    /** Finds the categories that a mask touches, including those of labels that cover the image. */
    private boolean[] touched(MaskWords masks, int mask) {
        boolean[] touched = image.covering();
        for (int i = masks.first(mask); i < masks.first(mask + 1); i++) {
            int place = masks.places()[i];
            for (int entry = first[place]; entry < first[place + 1]; entry++) {
                if ((masks.words()[i] & bits[entry]) != 0) {
                    touched[image.category(labels[entry])] = true;
                }
            }
        }
        return touched;
    }

    /** |M_k & L_c| of one mask and one label other than 0. */
    public int intersect(MaskWords masks, int mask, int label) {
        int count = 0;
        for (int i = masks.first(mask); i < masks.first(mask + 1); i++) {
            int place = masks.places()[i];
            for (int entry = first[place]; entry < first[place + 1]; entry++) {
                count += labels[entry] == label ? Long.bitCount(masks.words()[i] & bits[entry]) : 0;
            }
        }
        for (int number : covering) {
            count += number == label ? masks.size(mask) : 0;
        }
        return count;
    }

    /** |M_k| if the mask counts for the activation of a category, else 0. */
    public int activation(MaskWords masks, int mask, int category) {
        boolean counts = columns.activations() ? touched(masks, mask)[category] : image.holds(category);
        return counts ? masks.size(mask) : 0;
    }

    /** |L_c| of the image, [labels]; of the number 0 only if it covers the image. */
    public int[] truth() {
        int[] truth = new int[columns.labels()];
        for (int entry = 0; entry < first[first.length - 1]; entry++) {
            truth[labels[entry]] += Long.bitCount(bits[entry]);
        }
        for (int label : covering) {
            truth[label] += image.map().size().cells();
        }
        return truth;
    }
}
