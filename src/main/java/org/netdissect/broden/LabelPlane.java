package org.netdissect.broden;

import java.util.BitSet;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import org.netdissect.base.GridSize;

/** Reads a PNG of label numbers. */
final class LabelPlane {
    private static final int NUMBERS_TOLD = 5;

    private LabelPlane() {}

    /**
     * Label numbers R + 256 * G, [pixel, row-major]; blue is not looked at.
     *
     * <p>Palette images and RGB with alpha are read as Pillow's {@code convert('RGB')} reads them. Grey ones are
     * refused: that rule would make 257 * v of a value v, which whoever wrote plain numbers did not mean.
     */
    static char[] decode(byte[] file, GridSize expected) throws BadRasterException {
        if (!(Raster.open(file) instanceof Png png)) {
            throw new BadRasterException("is not a PNG file; a JPEG does not keep label numbers");
        }
        png.expectSize(expected, " as sh and sw say");
        if (png.grey()) {
            throw new BadRasterException("is grey, expected RGB with label number = R + 256 * G");
        }
        return png.redAndGreen();
    }

    /** Throws where a pixel holds a number, other than 0, that is no label. */
    static void expectLabels(char[] numbers, IntPredicate isLabel) throws BadRasterException {
        char known = 0; // neighbours mostly share a label
        for (char number : numbers) {
            if (number != known && number != 0) {
                if (!isLabel.test(number)) {
                    throw unknownLabels(numbers, isLabel);
                }
                known = number;
            }
        }
    }

    private static BadRasterException unknownLabels(char[] numbers, IntPredicate isLabel) {
        BitSet unknown = new BitSet();
        for (char number : numbers) {
            if (number != 0 && !isLabel.test(number)) {
                unknown.set(number);
            }
        }
        String told =
                unknown.stream().limit(NUMBERS_TOLD).mapToObj(Integer::toString).collect(Collectors.joining(", "));
        int more = unknown.cardinality() - NUMBERS_TOLD;
        return new BadRasterException("holds label number " + told + (more > 0 ? " and " + more + " more" : "")
                + ", not in " + LabelTableReader.FILE);
    }
}
