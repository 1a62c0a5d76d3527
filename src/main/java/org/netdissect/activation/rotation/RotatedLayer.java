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
 * A layer's activations in another basis: at each cell of a map the activations of all units, as one vector, are multiplied
 * by a matrix. Computed anew with every read, in single precision, whatever the source's is.
 */
public final class RotatedLayer implements LayerActivations {
    /** Columns of a panel at most: cells of maps, of several images where maps are small. */
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

    /** Those of a chunk of the source, and behind them those of the product. */
    @Override
    public int bufferBytes() {
        return Math.addExact(source.bufferBytes(), productBytes(chunkImages()));
    }

    private int productBytes(int images) {
        return Math.multiplyExact(Math.multiplyExact(images, shape().valuesPerImage()), Float.BYTES);
    }

    @Override
    public ActivationBlock read(int chunk, ByteBuffer buffer) throws IOException {
        // other layers that shared the buffer may have left a limit
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

    /** What is done for each piece of a panel that lies in one image. */
    private interface Piece {
        void copy(int image, int cell, int cells, int column);
    }

    /** Column c of a block is cell c modulo cells of image c / cells. */
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
