package org.netdissect.table;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.netdissect.base.InputException;

/**
 * Header of a NumPy array file.
 *
 * <p>Format 1.0 and 2.0 as in NumPy's "NPY format" (numpy.lib.format). Read: C order, little-endian floats.
 *
 * @param type NumPy's {@code descr}, such as {@code <f4}
 * @param shape lengths of the axes
 * @param dataOffset bytes before the first value
 */
public record NpyHeader(String type, List<Long> shape, int dataOffset) {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int ALIGNMENT = 64;
    private static final int LARGEST_HEADER = 1 << 20;

    /** Copies the shape. */
    public NpyHeader {
        shape = List.copyOf(shape);
    }

    /** Encodes a header for C-ordered values, format 1.0, padded so that the data is aligned to 64 bytes. */
    public static ByteBuffer encode(String type, long... shape) {
        StringJoiner axes = new StringJoiner(", ", "(", shape.length == 1 ? ",)" : ")");
        for (long length : shape) {
            axes.add(Long.toString(length));
        }
        String text = "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + axes + ", }";
        int unpadded = MAGIC.length + 4 + text.length() + 1;
        int padded = (unpadded + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        String line = text + " ".repeat(padded - unpadded) + "\n";
        return ByteBuffer.allocate(padded)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(MAGIC)
                .put((byte) 1)
                .put((byte) 0)
                .putShort((short) line.length())
                .put(line.getBytes(StandardCharsets.US_ASCII))
                .flip();
    }

    /** Reads the header at the start of {@code file}; {@code name} is for the message of the {@link InputException}. */
    public static NpyHeader read(FileChannel file, String name) throws IOException {
        ByteBuffer start = readAt(file, 0, 12);
        for (byte expected : MAGIC) {
            if (!start.hasRemaining() || start.get() != expected) {
                throw new InputException(name + ": not a NumPy array file (.npy)");
            }
        }
        if (start.remaining() < 6) {
            throw new InputException(name + ": ends within the header");
        }
        int major = start.get();
        start.get();
        boolean wide = major >= 2;
        int length = wide ? start.getInt() : start.getShort() & 0xffff;
        if (length < 0 || length > LARGEST_HEADER) {
            throw new InputException(name + ": a header of " + length + " bytes is not believable");
        }
        int offset = wide ? 12 : 10;
        ByteBuffer header = readAt(file, offset, length);
        if (header.remaining() < length) {
            throw new InputException(name + ": ends within the header");
        }
        return parse(StandardCharsets.ISO_8859_1.decode(header).toString(), offset + length, name);
    }

    private static NpyHeader parse(String text, int dataOffset, String name) {
        String order = value(text, "'fortran_order':", ",", name);
        if (!order.equals("False")) {
            throw new InputException(name + ": Fortran order; save it in C order (numpy.ascontiguousarray)");
        }
        String type = value(text, "'descr':", ",", name).replace("'", "");
        List<Long> shape = new ArrayList<>();
        for (String axis : value(text, "'shape': (", ")", name).split(",")) {
            if (!axis.isBlank()) {
                try {
                    shape.add(Long.parseLong(axis.strip()));
                } catch (NumberFormatException e) {
                    throw new InputException(name + ": the header's shape has '" + axis.strip() + "', not a number", e);
                }
            }
        }
        return new NpyHeader(type, shape, dataOffset);
    }

    private static String value(String text, String key, String end, String name) {
        int at = text.indexOf(key);
        int until = at < 0 ? -1 : text.indexOf(end, at + key.length());
        if (until < 0) {
            throw new InputException(
                    name + ": the header lacks " + key.replace("(", "").strip());
        }
        return text.substring(at + key.length(), until).strip();
    }

    static ByteBuffer readAt(FileChannel file, long position, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining() && file.read(buffer, position + buffer.position()) >= 0) {
            // a read may stop early
        }
        return buffer.flip();
    }
}
