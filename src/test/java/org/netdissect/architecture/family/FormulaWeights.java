package org.netdissect.architecture.family;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.netdissect.torchscript.archive.ElementType;
import org.netdissect.torchscript.archive.TensorContent;
import org.netdissect.torchscript.assembly.TensorSlot;

/** Weights and images by a formula (make_families.py of the shared checkpoints says which), so that none are stored. */
public final class FormulaWeights {
    private static final int PART = 1 << 16;
    private static final int GOLDEN = (int) 2654435761L;
    private static final List<String> PLAIN =
            List.of("pos_embedding", "class_token", "relative_position_bias_table", "layer_scale", "logit_scale");

    private FormulaWeights() {}

    /** The tensor of a name and shape. */
    public static TensorContent of(String name, TensorSlot slot) {
        return slot.type() == ElementType.LONG ? new PositionIndex(slot.sizes()) : new Tensor(name, slot.sizes());
    }

    /** An image of the formula, float32 [3, side, side], as many as wanted. */
    public static float[] images(int count, int side) {
        float[] values = new float[count * 3 * side * side];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (((i * 2654435761L) & 0xffffffffL) / 0x1p32 * 4 - 2);
        }
        return values;
    }

    /** Numbers of the distances between each two places of a square window, which Swin transformers keep as a buffer. */
    private record PositionIndex(List<Long> sizes) implements TensorContent {
        @Override
        public ElementType type() {
            return ElementType.LONG;
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            int places = (int) Math.round(Math.sqrt((double) count()));
            int side = (int) Math.round(Math.sqrt(places));
            ByteBuffer numbers = ByteBuffer.allocate((int) bytes()).order(ByteOrder.LITTLE_ENDIAN);
            for (int a = 0; a < places; a++) {
                for (int b = 0; b < places; b++) {
                    int down = a / side - b / side + side - 1;
                    int across = a % side - b % side + side - 1;
                    numbers.putLong(down * (2L * side - 1) + across);
                }
            }
            out.write(numbers.array());
        }
    }

    private record Tensor(String name, List<Long> sizes) implements TensorContent {
        @Override
        public ElementType type() {
            return ElementType.FLOAT;
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            int hash = (int) 2166136261L;
            for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
                hash = (hash ^ b) * 16777619;
            }
            DoubleUnaryOperator scaling = scaling();
            ByteBuffer part = ByteBuffer.allocate(PART).order(ByteOrder.LITTLE_ENDIAN);
            long count = count();
            for (long i = 0; i < count; i++) {
                int v = hash + (int) i * GOLDEN;
                v ^= v >>> 16;
                v *= 0x85ebca6b;
                v ^= v >>> 13;
                v *= 0xc2b2ae35;
                v ^= v >>> 16;
                part.putFloat((float) scaling.applyAsDouble(Integer.toUnsignedLong(v) / 0x1p31 - 1));
                if (!part.hasRemaining() || i == count - 1) {
                    out.write(part.array(), 0, part.position());
                    part.clear();
                }
            }
        }

        private DoubleUnaryOperator scaling() {
            String leaf = name.substring(name.lastIndexOf('.') + 1);
            if (leaf.equals("running_var")) {
                return u -> 1 + u / 2;
            } else if (leaf.equals("running_mean") || PLAIN.stream().anyMatch(name::endsWith)) {
                return u -> u / 10;
            } else if (sizes.size() <= 1) {
                return leaf.equals("weight") ? u -> 1 + u / 10 : u -> u / 10;
            }
            double spread = Math.sqrt(3.0 / sizes.stream().skip(1).reduce(1L, (a, b) -> a * b));
            return u -> u * spread * 1.4;
        }
    }
}
