package org.netdissect.image;

import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;
import org.netdissect.base.GridSize;

/**
 * A PNG file of up to 8 bits a sample, or of 16-bit grey values for label numbers. ImageIO is not used: it takes twice
 * the time for small files such as label planes, ignores checksums, and converts the colours of some kinds.
 */
public final class Png implements Raster {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    private static final int CHUNK_FRAME = 12; // length, type, checksum
    /** Most bytes that one deflated byte can hold: two bits code up to 258 bytes (RFC 1951, 3.2.5). */
    private static final int MOST_INFLATED = 1032;

    private static final int IHDR = 0x49484452;
    private static final int PLTE = 0x504C5445;
    private static final int IDAT = 0x49444154;
    private static final int IEND = 0x49454E44;
    /** The passes of an interlaced image: Adam7, PNG specification 8.1. */
    private static final List<Pass> ADAM7 = List.of(
            new Pass(0, 0, 8, 8),
            new Pass(0, 4, 8, 8),
            new Pass(4, 0, 8, 4),
            new Pass(0, 2, 4, 4),
            new Pass(2, 0, 4, 2),
            new Pass(0, 1, 2, 2),
            new Pass(1, 0, 2, 1));

    private static final List<Pass> ONE_PASS = List.of(new Pass(0, 0, 1, 1));

    /** One inflater per thread, since making one for each small file is slow. */
    private static final ThreadLocal<Inflater> INFLATER = ThreadLocal.withInitial(Inflater::new);

    private final byte[] file;
    private final PngHeader header;

    private Png(byte[] file, PngHeader header) {
        this.file = file;
        this.header = header;
    }

    static boolean isPng(byte[] file) {
        return file.length >= SIGNATURE.length
                && Arrays.equals(file, 0, SIGNATURE.length, SIGNATURE, 0, SIGNATURE.length);
    }

    static Png open(byte[] file) throws BadRasterException {
        int at = SIGNATURE.length;
        if (file.length < at + CHUNK_FRAME + PngHeader.LENGTH) {
            throw cutOff();
        }
        if (int32(file, at) != PngHeader.LENGTH || int32(file, at + 4) != IHDR) {
            throw new BadRasterException("is damaged: it does not start with a PNG header");
        }
        return new Png(file, PngHeader.read(file, at + 8));
    }

    @Override
    public GridSize size() {
        return header.size();
    }

    /** Whether the samples are grey values, with or without alpha. */
    public boolean grey() {
        return header.grey();
    }

    /** Whether the samples are indices of a palette. */
    public boolean palette() {
        return header.palette();
    }

    @Override
    public byte[] rgb() throws BadRasterException {
        expectEightBits();
        byte[] filtered = new byte[filteredBytes()];
        PngSamples samples = new PngSamples(header, inflate(filtered));
        forEachRow(filtered, samples::add);
        return samples.rgb();
    }

    /** R + 256 * G of every pixel of an RGB image, row-major; throws if blue is not 0 anywhere. */
    public char[] redAndGreen() throws BadRasterException {
        expectEightBits();
        byte[] filtered = new byte[filteredBytes()];
        inflate(filtered);
        PngLabels labels = new PngLabels(header);
        forEachRow(filtered, labels::add);
        return labels.numbers();
    }

    /** The samples of a grey or palette image as numbers. */
    public PngNumbers numbers() throws BadRasterException {
        byte[] filtered = new byte[filteredBytes()];
        PngNumbers numbers = new PngNumbers(header, inflate(filtered));
        forEachRow(filtered, numbers::add);
        return numbers;
    }

    /** Takes a row of a pass; see {@link PngSamples#add}. */
    @FunctionalInterface
    private interface RowSink {
        void add(byte[] row, int start, int width, int target, int step) throws BadRasterException;
    }

    private void forEachRow(byte[] filtered, RowSink sink) throws BadRasterException {
        PngRows rows = new PngRows(header, filtered);
        for (Pass pass : passes()) {
            int width = pass.width(size());
            int height = pass.height(size());
            rows.startPass(header.rowBytes(width));
            for (int y = 0; y < height; y++) {
                rows.next();
                int target = (pass.firstRow + y * pass.rowStep) * size().width() + pass.firstColumn;
                sink.add(rows.row(), rows.start(), width, target, pass.columnStep);
            }
        }
    }

    private List<Pass> passes() {
        return header.interlaced() ? ADAM7 : ONE_PASS;
    }

    /** The pixels of one pass: every {@code rowStep}-th row and {@code columnStep}-th column from the first ones on. */
    private record Pass(int firstRow, int firstColumn, int rowStep, int columnStep) {
        int width(GridSize image) {
            return count(image.width(), firstColumn, columnStep);
        }

        /** Number of rows; a pass without columns has none. */
        int height(GridSize image) {
            return width(image) == 0 ? 0 : count(image.height(), firstRow, rowStep);
        }

        /** Number of {@code i >= 0} with {@code first + i * step < size}. */
        private static int count(int size, int first, int step) {
            return Math.max(0, (size - first + step - 1) / step);
        }
    }

    private void expectEightBits() throws BadRasterException {
        if (header.depth() == 16) {
            throw new BadRasterException("has 16 bits a sample, expected 8");
        }
    }

    /** Bytes of all rows with their filters; kinds that are not supported are refused before memory is allocated. */
    private int filteredBytes() throws BadRasterException {
        long bytes = 0;
        for (Pass pass : passes()) {
            bytes += (long) pass.height(size()) * (1 + header.rowBytes(pass.width(size())));
        }
        if (bytes > Integer.MAX_VALUE - 16) {
            throw new BadRasterException("is " + header.size() + ", too large to be decoded");
        }
        Raster.expectPossible(bytes, file, MOST_INFLATED, "PNG");
        return (int) bytes;
    }

    /** Fills {@code filtered} from the IDAT chunks and returns the palette, if there is one. */
    private byte @Nullable [] inflate(byte[] filtered) throws BadRasterException {
        byte @Nullable [] palette = null;
        int filled = 0;
        Inflater inflater = INFLATER.get();
        try {
            for (int at = SIGNATURE.length; ; ) {
                int length = chunkLength(at);
                int type = int32(file, at + 4);
                if (type == IEND) {
                    break;
                } else if (type == PLTE) {
                    palette = Arrays.copyOfRange(file, at + 8, at + 8 + length);
                } else if (type == IDAT) {
                    inflater.setInput(file, at + 8, length);
                    filled += inflater.inflate(filtered, filled, filtered.length - filled);
                }
                at += CHUNK_FRAME + length;
            }
        } catch (DataFormatException e) {
            throw new BadRasterException("is damaged: " + e.getMessage(), e);
        } finally {
            inflater.reset();
        }
        if (filled < filtered.length) {
            throw cutOff();
        }
        if (header.palette() && palette == null) {
            throw new BadRasterException("is damaged: it has no palette");
        }
        return palette;
    }

    /** Returns the length of the chunk after a test of its end and checksum. */
    private int chunkLength(int at) throws BadRasterException {
        if (file.length - at < CHUNK_FRAME) {
            throw cutOff();
        }
        int length = int32(file, at);
        if (length < 0 || length > file.length - at - CHUNK_FRAME) {
            throw cutOff();
        }
        CRC32 crc = new CRC32();
        crc.update(file, at + 4, length + 4);
        if ((int) crc.getValue() != int32(file, at + 8 + length)) {
            throw new BadRasterException("is damaged: the checksum at byte " + at + " is wrong");
        }
        return length;
    }

    private static BadRasterException cutOff() {
        return new BadRasterException("is cut off: the PNG ends before its image does");
    }

    static int int32(byte[] bytes, int at) {
        return ((bytes[at] & 0xFF) << 24)
                | ((bytes[at + 1] & 0xFF) << 16)
                | ((bytes[at + 2] & 0xFF) << 8)
                | (bytes[at + 3] & 0xFF);
    }
}
