package org.netdissect.image;

/**
 * Removes the filters from the rows of a PNG (specification, 9.2), one row after another. The current row and the one
 * above are two arrays that start with zeros for the pixels left of the image, so that the loops need no test of
 * borders.
 */
final class PngRows {
    private final byte[] filtered;
    private final int step;
    private int at;
    private int length;
    private byte[] row = {};
    private byte[] above = {};

    /** Rows of all passes, each after its filter byte. */
    PngRows(PngHeader header, byte[] filtered) {
        this.filtered = filtered;
        this.step = header.filterStep();
    }

    /** Starts a pass with rows of {@code rowBytes}; its first row has none above it. */
    void startPass(int rowBytes) {
        length = rowBytes;
        row = new byte[step + rowBytes];
        above = new byte[step + rowBytes];
    }

    /** Index of the first pixel in {@link #row}. */
    int start() {
        return step;
    }

    /** The current row; the second call of {@link #next} from now overwrites it. */
    byte[] row() {
        return row;
    }

    void next() throws BadRasterException {
        byte[] last = row;
        row = above;
        above = last;
        int filter = filtered[at];
        int from = at + 1;
        switch (filter) {
            case 0 -> System.arraycopy(filtered, from, row, step, length);
            case 1 -> sub(filtered, from, row, step);
            case 2 -> up(filtered, from, above, row, step);
            case 3 -> average(filtered, from, above, row, step);
            case 4 -> paeth(filtered, from, above, row, step);
            default -> throw new BadRasterException("is damaged: a PNG row has filter " + filter);
        }
        at = from + length;
    }

    private static void sub(byte[] filtered, int from, byte[] row, int step) {
        for (int i = 0; i < row.length - step; i++) {
            row[i + step] = (byte) (filtered[from + i] + row[i]);
        }
    }

    private static void up(byte[] filtered, int from, byte[] above, byte[] row, int step) {
        for (int i = step; i < row.length; i++) {
            row[i] = (byte) (filtered[from - step + i] + above[i]);
        }
    }

    private static void average(byte[] filtered, int from, byte[] above, byte[] row, int step) {
        for (int i = 0; i < row.length - step; i++) {
            row[i + step] = (byte) (filtered[from + i] + ((row[i] & 0xFF) + (above[i + step] & 0xFF)) / 2);
        }
    }

    private static void paeth(byte[] filtered, int from, byte[] above, byte[] row, int step) {
        for (int i = 0; i < row.length - step; i++) {
            int left = row[i] & 0xFF;
            int up = above[i + step] & 0xFF;
            int corner = above[i] & 0xFF;
            int toLeft = Math.abs(up - corner);
            int toUp = Math.abs(left - corner);
            int toCorner = Math.abs(left + up - 2 * corner);
            int nearest = toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
            row[i + step] = (byte) (filtered[from + i] + nearest);
        }
    }
}
