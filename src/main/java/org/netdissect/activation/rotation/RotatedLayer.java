package org.netdissect.activation.rotation;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.netdissect.activation.ActivationBlock;
import org.netdissect.activation.ActivationShape;
import org.netdissect.activation.LayerActivations;
import org.netdissect.activation.Precision;

/**
 * A layer's activations in another basis: at each cell the vector of all units' activations is multiplied by a matrix.
 * Every read computes it again, in single precision whatever the source's is.
 */
public final class RotatedLayer implements LayerActivations {
    /** Greatest number of columns of a panel: cells of one map, or of several images' if maps are small. */
    private static final int COLUMNS = 512;

    private final LayerActivations source;
    private final PanelProduct product;

    /**
     * A layer in another basis.
     *
     * @param matrix {@code [units][units]}, such as {@link Rotation#power}; row i makes unit i
     */
    public RotatedLayer(LayerActivations source, double[][] matrix) {
        if (matrix.length != source.shape().units()) {
            throw new IllegalArgumentException(
                    matrix.length + " rows for " + source.shape().units() + " units");
        }
        this.source = source;
        this.product = new PanelProduct(matrix);
    }

    @Override
    public String layer() {
        return source.layer();
    }

    @Override
    public ActivationShape shape() {
        return source.shape();
    }

    @Override
    public int chunks() {
        return source.chunks();
    }

    @Override
    public int chunkImages() {
        return source.chunkImages();
    }

    /** Size in bytes of a source chunk followed by the product. */
    @Override
    public int bufferBytes() {
        return Math.addExact(source.bufferBytes(), productBytes(chunkImages()));
    }

    private int productBytes(int images) {
        return Math.multiplyExact(Math.multiplyExact(images, shape().valuesPerImage()), Float.BYTES);
    }

    @Override
    public ActivationBlock read(int chunk, ByteBuffer buffer) throws IOException {
        // layers that shared the buffer may have set a limit
        ByteBuffer whole = buffer.duplicate().clear();
        ActivationBlock block = source.read(chunk, whole.slice(0, source.bufferBytes()));
        ByteBuffer productBytes = whole.slice(source.bufferBytes(), productBytes(block.images()));
        multiply(block, productBytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer());
        return ActivationBlock.computed(
                block.firstImage(), block.images(), block.units(), block.map(), Precision.FLOAT32, productBytes);
    }

    private void multiply(ActivationBlock block, FloatBuffer target) {
        int columns = block.images() * block.map().cells();
        int panels = (columns + COLUMNS - 1) / COLUMNS;
        int width = (columns + panels - 1) / panels;
        float[][] in = new float[block.units()][width];
        float[][] out = new float[block.units()][width];
        for (int from = 0; from < columns; from += width) {
            int to = Math.min(columns, from + width);
            copyIn(block, from, to, in);
            product.multiply(in, out, to - from);
            copyOut(block, from, to, out, target);
        }
    }

    /** Copies the part of a panel that belongs to one image. */
    private interface Piece {
        void copy(int image, int cell, int cells, int column);
    }

    /** Visits the columns {@code from .. to-1} of a block; column c is cell c % cells of image c / cells. */
    private static void eachPiece(int cells, int from, int to, Piece piece) {
        int column = from;
        while (column < to) {
            int image = column / cells;
            int count = Math.min(to, (image + 1) * cells) - column;
            piece.copy(image, column - image * cells, count, column - from);
            column += count;
        }
    }

    private static void copyIn(ActivationBlock block, int from, int to, float[][] in) {
        eachPiece(block.map().cells(), from, to, (image, cell, count, column) -> {
            for (int unit = 0; unit < in.length; unit++) {
                block.read(image, unit, cell, count, in[unit], column);
            }
        });
    }

    private static void copyOut(ActivationBlock block, int from, int to, float[][] out, FloatBuffer target) {
        int cells = block.map().cells();
        eachPiece(cells, from, to, (image, cell, count, column) -> {
            for (int unit = 0; unit < out.length; unit++) {
                target.put((image * out.length + unit) * cells + cell, out[unit], column, count);
            }
        });
    }
}
