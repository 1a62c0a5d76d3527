package org.netdissect.activation.rotation;

import java.util.SplittableRandom;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.QRDecomposition;

/**
 * Draws orthogonal matrices from the Haar measure. A seed gives the same matrices on any machine and for any number of
 * threads: sine, logarithm and the like are {@link StrictMath}'s, and the library's results do not depend on threads.
 */
final class UniformOrthogonal {
    private final SplittableRandom random;
    private double spare = Double.NaN;

    UniformOrthogonal(long seed) {
        this.random = new SplittableRandom(seed);
    }

    /**
     * A matrix of O(n): Q of the QR decomposition of a Gaussian matrix. The diagonal of R is made positive; otherwise Q
     * would depend on the algorithm (Mezzadri 2007, How to generate random matrices from the classical compact groups).
     */
    DMatrixRMaj next(int n) {
        DMatrixRMaj gaussian = new DMatrixRMaj(n, n);
        for (int i = 0; i < gaussian.data.length; i++) {
            gaussian.data[i] = nextGaussian();
        }
        QRDecomposition<DMatrixRMaj> qr = DecompositionFactory_DDRM.qr(n, n);
        if (!qr.decompose(gaussian)) {
            throw new IllegalStateException("no QR decomposition of a Gaussian matrix");
        }
        DMatrixRMaj q = qr.getQ(null, false);
        DMatrixRMaj r = qr.getR(null, false);
        for (int column = 0; column < n; column++) {
            if (r.get(column, column) < 0) {
                negate(q, column);
            }
        }
        return q;
    }

    /** A matrix of SO(n): of determinant +1. */
    DMatrixRMaj nextRotation(int n) {
        DMatrixRMaj q = next(n);
        if (CommonOps_DDRM.det(q) < 0) {
            negate(q, 0);
        }
        return q;
    }

    private static void negate(DMatrixRMaj matrix, int column) {
        for (int row = 0; row < matrix.numRows; row++) {
            matrix.set(row, column, -matrix.get(row, column));
        }
    }

    /**
     * Marsaglia's polar method, two numbers at a time. {@link SplittableRandom#nextGaussian} changed between versions
     * of Java.
     */
    private double nextGaussian() {
        if (!Double.isNaN(spare)) {
            double second = spare;
            spare = Double.NaN;
            return second;
        }
        double x;
        double y;
        double square;
        do {
            x = 2 * random.nextDouble() - 1;
            y = 2 * random.nextDouble() - 1;
            square = x * x + y * y;
        } while (square >= 1 || square == 0);
        double factor = Math.sqrt(-2 * StrictMath.log(square) / square);
        spare = y * factor;
        return x * factor;
    }
}
