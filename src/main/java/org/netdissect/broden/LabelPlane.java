package org.netdissect.broden;

import java.util.BitSet;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import org.netdissect.base.GridSize;
import org.netdissect.image.BadRasterException;
import org.netdissect.image.PlaneEncoding;
import org.netdissect.image.Png;
import org.netdissect.image.PngNumbers;
import org.netdissect.image.Raster;

/** Reads a PNG of label numbers. */
public final class LabelPlane {
    private static final int NUMBERS_SHOWN = 5;
    private static final String INDEX_OPTION = PlaneEncoding.OPTION + " " + PlaneEncoding.INDEX;

    private LabelPlane() {}

    /**
     * Decodes label numbers, [pixel, row-major]. A file of another encoding is refused, since its numbers would be
     * wrong: Broden's rule turns a grey value v into 257 * v, and the first colour of VOC's palette into 128. Alpha is
     * ignored.
     */
    public static char[] decode(byte[] file, GridSize expected, PlaneEncoding encoding) throws BadRasterException {
        if (!(Raster.open(file) instanceof Png png)) {
            throw new BadRasterException("is not a PNG file; a JPEG does not keep label numbers");
        }
        png.expectSize(expected, " as sh and sw say");
        return encoding == PlaneEncoding.INDEX ? indices(png) : broden(png);
    }

    private static char[] indices(Png png) throws BadRasterException {
        if (!png.grey() && !png.palette()) {
            throw new BadRasterException(
                    "is RGB, expected grey values or palette indices, which are the label numbers by " + INDEX_OPTION
                            + "; leave the option out where label number = R + 256 * G");
        }
        return png.numbers().numbers();
    }

    private static char[] broden(Png png) throws BadRasterException {
        if (png.grey()) {
            throw new BadRasterException("is grey, expected RGB with label number = R + 256 * G; if its grey values are"
                    + " the label numbers, give " + INDEX_OPTION);
        }
        if (!png.palette()) {
            return png.redAndGreen();
        }
        PngNumbers numbers = png.numbers();
        numbers.expectColoursAgree();
        return numbers.numbers();
    }

    /** Throws if a pixel has a number other than 0 that is no label. */
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
        String shown = unknown.stream()
                .limit(NUMBERS_SHOWN)
                .mapToObj(Integer::toString)
                .collect(Collectors.joining(", "));
        int more = unknown.cardinality() - NUMBERS_SHOWN;
        return new BadRasterException("holds label number " + shown + (more > 0 ? " and " + more + " more" : "")
                + ", not in " + LabelTableReader.FILE);
    }
}
