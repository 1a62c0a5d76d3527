package org.netdissect.weights;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.netdissect.base.InputException;
import org.netdissect.torchscript.archive.ElementType;
import org.netdissect.torchscript.archive.TensorContent;

/** A tensor in a file of weights. Numbers in C order are copied through a small buffer, never held whole. */
public final class StoredTensor implements TensorContent {
    private static final int BUFFER = 1 << 16;

    /** Greatest number of numbers that {@link #values} reads. */
    private static final long MOST_VALUES = 1 << 24;

    private final String label;
    private final ElementType type;
    private final StridedLayout layout;
    private final TensorBytes storage;

    private StoredTensor(String label, ElementType type, StridedLayout layout, TensorBytes storage) {
        this.label = label;
        this.type = type;
        this.layout = layout;
        this.storage = storage;
    }

    /**
     * Checks that a tensor lies within its storage.
     *
     * @param label names the tensor in errors, with its file
     * @param strides in numbers, as {@code offset}
     * @throws InputException if it does not
     */
    public static StoredTensor of(
            String label, ElementType type, List<Long> sizes, List<Long> strides, long offset, TensorBytes storage) {
        StridedLayout layout = new StridedLayout(sizes, strides, offset);
        layout.problem(storage.size() / type.width(), type.width()).ifPresent(problem -> {
            throw new InputException(label + ": " + problem);
        });
        return new StoredTensor(label, type, layout, storage);
    }

    /** A tensor in C order whose numbers are all of the storage's. */
    static StoredTensor whole(String label, ElementType type, List<Long> sizes, TensorBytes storage) {
        return of(label, type, sizes, StridedLayout.contiguous(sizes, 0).strides(), 0, storage);
    }

    @Override
    public ElementType type() {
        return type;
    }

    @Override
    public List<Long> sizes() {
        return layout.sizes();
    }

    /** In numbers, by dimension. */
    public List<Long> strides() {
        return layout.strides();
    }

    /** Place of the first number in its storage. */
    public long offset() {
        return layout.offset();
    }

    /** The file and the tensor's name, for errors. */
    public String label() {
        return label;
    }

    /**
     * The same numbers as another type: real numbers as PyTorch's {@code .to} gives them.
     *
     * @throws InputException if numbers of this type do not become numbers of that type
     */
    public TensorContent as(ElementType target) {
        return target == type ? this : NumberConversion.of(this, target);
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        if (count() == 0) {
            return;
        }
        if (layout.isContiguous()) {
            copy(bytes(), storage.order() == ByteOrder.BIG_ENDIAN ? new SwappedBytes(out, type.width()) : out);
        } else {
            gather(out);
        }
    }

    private void copy(long size, OutputStream out) throws IOException {
        byte[] buffer = new byte[BUFFER];
        long left = size;
        try (InputStream in = storage.open(layout.offset() * type.width())) {
            while (left > 0) {
                int count = (int) Math.min(left, BUFFER);
                if (in.readNBytes(buffer, 0, count) < count) {
                    throw new InputException(label + ": the file ends inside it");
                }
                out.write(buffer, 0, count);
                left -= count;
            }
        }
    }

    /** Greatest size in bytes of numbers in another order, which are held whole. */
    static long mostGathered() {
        return Math.min(Integer.MAX_VALUE - BUFFER, Runtime.getRuntime().maxMemory() / 2);
    }

    /** Writes numbers that lie in another order, whose part of the storage is read whole. */
    private void gather(OutputStream out) throws IOException {
        long span = Math.multiplyExact(layout.span(), type.width());
        if (span > mostGathered()) {
            throw new InputException(label + ": has " + (span >> 20) + " MiB that are not in C order, more than half of"
                    + " the memory or 2 GiB; give more with JAVA_OPTS=-Xmx4g, or save it with .contiguous()");
        }
        byte[] part = new byte[(int) span];
        ByteBuffer whole = ByteBuffer.wrap(part);
        copy(span, new OutputStream() {
            @Override
            public void write(int value) {
                whole.put((byte) value);
            }

            @Override
            public void write(byte[] bytes, int start, int count) {
                whole.put(bytes, start, count);
            }
        });
        OutputStream target = storage.order() == ByteOrder.BIG_ENDIAN ? new SwappedBytes(out, type.width()) : out;
        new StridedWriter(part, type.width(), layout).writeTo(target);
    }

    /**
     * Reads the numbers, rounded to 32 bits.
     *
     * @throws InputException if there are more than 16 million
     */
    public float[] values() throws IOException {
        if (count() > MOST_VALUES) {
            throw new InputException(label + ": has " + count() + " numbers, too many to hold");
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        as(ElementType.FLOAT).writeTo(bytes);
        float[] values = new float[(int) count()];
        ByteBuffer.wrap(bytes.toByteArray())
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(values);
        return values;
    }
}
