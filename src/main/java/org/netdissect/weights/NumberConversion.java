package org.netdissect.weights;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.netdissect.base.InputException;
import org.netdissect.torchscript.archive.ElementType;
import org.netdissect.torchscript.archive.TensorContent;

/**
 * A tensor's numbers as another type, converted while they are written.
 *
 * @param type FLOAT, or LONG for whole numbers
 */
record NumberConversion(StoredTensor source, ElementType type) implements TensorContent {
    private static final int HALF_EXPONENT = 0x1f;
    private static final int HALF_FRACTION = 0x3ff;

    static NumberConversion of(StoredTensor source, ElementType target) {
        boolean known = target == ElementType.FLOAT
                || (target == ElementType.LONG && !source.type().isReal());
        if (!known) {
            throw new InputException(source.label() + ": holds numbers of type " + source.type() + ", which do not"
                    + " become " + target);
        }
        return new NumberConversion(source, target);
    }

    @Override
    public List<Long> sizes() {
        return source.sizes();
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        source.writeTo(new OutputStream() {
            @Override
            public void write(int value) {
                throw new IllegalStateException("numbers are written whole");
            }

            @Override
            public void write(byte[] bytes, int start, int count) throws IOException {
                out.write(converted(ByteBuffer.wrap(bytes, start, count).order(ByteOrder.LITTLE_ENDIAN)));
            }
        });
    }

    private byte[] converted(ByteBuffer from) {
        int numbers = from.remaining() / source.type().width();
        ByteBuffer to = ByteBuffer.allocate(numbers * type.width()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < numbers; i++) {
            if (type == ElementType.LONG) {
                to.putLong(whole(from));
            } else {
                to.putFloat(real(from));
            }
        }
        return to.array();
    }

    private float real(ByteBuffer from) {
        return switch (source.type()) {
            case FLOAT -> from.getFloat();
            case DOUBLE -> (float) from.getDouble();
            case HALF -> half(from.getShort());
            case BFLOAT16 -> bfloat16(from.getShort());
            case LONG, INT, SHORT, CHAR, BYTE, BOOL -> whole(from);
        };
    }

    private long whole(ByteBuffer from) {
        return switch (source.type()) {
            case LONG -> from.getLong();
            case INT -> from.getInt();
            case SHORT -> from.getShort();
            case CHAR -> from.get();
            case BYTE -> from.get() & 0xff;
            case BOOL -> from.get() == 0 ? 0 : 1;
            case FLOAT, DOUBLE, HALF, BFLOAT16 -> throw new IllegalStateException("real numbers stay real");
        };
    }

    /** The upper half of the bits of a 32-bit number. */
    static float bfloat16(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }

    /** A number of IEEE 754's binary16; all of them are exact in 32 bits. */
    static float half(short bits) {
        int sign = (bits & 0x8000) << 16;
        int exponent = (bits >> 10) & HALF_EXPONENT;
        int fraction = bits & HALF_FRACTION;
        if (exponent == 0) {
            // 2^-24 is the smallest number above zero
            float small = fraction * 0x1p-24f;
            return Float.intBitsToFloat(sign | Float.floatToRawIntBits(small));
        }
        int wide = exponent == HALF_EXPONENT ? 0xff : exponent - 15 + 127;
        return Float.intBitsToFloat(sign | (wide << 23) | (fraction << 13));
    }
}
