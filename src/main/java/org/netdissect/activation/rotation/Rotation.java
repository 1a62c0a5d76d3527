package org.netdissect.activation.rotation;

import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;

/**
 * A rotation Q of n dimensions with its powers, held in real Schur form Q = Z T Z^T: T turns the plane of columns 2p
 * and 2p+1 of the orthogonal Z by angle p; if n is odd, the last column stays. Q^alpha turns every plane by alpha times
 * its angle.
 */
public final class Rotation {
    /** Z */
    private final DMatrixRMaj planes;
    /** [n/2], in (-pi, pi] */
    private final double[] angles;

    Rotation(DMatrixRMaj planes, double... angles) {
        this.planes = planes;
        this.angles = angles.clone();
    }

    /**
     * A rotation from the Haar measure of SO(n).
     *
     * <p>It is drawn in Schur form: the angles of one uniform rotation, the planes of an independent uniform orthogonal
     * matrix. The distribution is the same, since V R V^T is as uniform as R for any orthogonal V. No Schur form has to
     * be computed, which is ill-conditioned for close angles.
     *
     * @param units n, at least 1
     * @param seed a seed and n give one rotation
     */
    public static Rotation random(int units, long seed) {
        UniformOrthogonal uniform = new UniformOrthogonal(seed);
        double[] angles = angles(uniform.nextRotation(units));
        return new Rotation(uniform.next(units), angles);
    }

    /**
     * The angles of a rotation, in [0, pi]. The direction of each turn belongs to the planes; in random planes both are
     * equally likely. The rotation's symmetric part has the eigenvalue cos(angle) twice, and 1 if n is odd.
     */
    static double[] angles(DMatrixRMaj rotation) {
        int n = rotation.numRows;
        double[] angles = new double[n / 2];
        if (angles.length == 0) {
            return angles;
        }
        DMatrixRMaj symmetric = CommonOps_DDRM.transpose(rotation, null);
        CommonOps_DDRM.addEquals(symmetric, rotation);
        EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(n, false, true);
        if (!eigen.decompose(symmetric)) {
            throw new IllegalStateException("no eigenvalues of a symmetric matrix");
        }
        double[] values = new double[n];
        Arrays.setAll(values, i -> eigen.getEigenvalue(i).getReal());
        Arrays.sort(values);
        for (int plane = 0; plane < angles.length; plane++) {
            double cosine = (values[2 * plane] + values[2 * plane + 1]) / 4;
            angles[plane] = StrictMath.acos(Math.max(-1, Math.min(1, cosine)));
        }
        return angles;
    }

    /**
     * Q^alpha.
     *
     * @param alpha 0 for the identity, exactly; 1 for Q
     * @return {@code [n][n]}, row by row
     */
    public double[][] power(double alpha) {
        int n = planes.numRows;
        if (alpha == 0) {
            return rows(CommonOps_DDRM.identity(n));
        }
        DMatrixRMaj turned = planes.copy();
        for (int plane = 0; plane < angles.length; plane++) {
            double cosine = StrictMath.cos(alpha * angles[plane]);
            double sine = StrictMath.sin(alpha * angles[plane]);
            for (int row = 0; row < n; row++) {
                double first = planes.get(row, 2 * plane);
                double second = planes.get(row, 2 * plane + 1);
                turned.set(row, 2 * plane, cosine * first + sine * second);
                turned.set(row, 2 * plane + 1, cosine * second - sine * first);
            }
        }
        return rows(CommonOps_DDRM.multTransB(turned, planes, null));
    }

    private static double[][] rows(DMatrixRMaj matrix) {
        double[][] rows = new double[matrix.numRows][];
        Arrays.setAll(rows, row -> Arrays.copyOfRange(matrix.data, row * matrix.numCols, (row + 1) * matrix.numCols));
        return rows;
    }
}
