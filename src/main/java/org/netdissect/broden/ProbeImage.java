package org.netdissect.broden;

import java.util.List;
import org.netdissect.base.GridSize;

/**
 * One row of index.csv.
 *
 * @param row line of index.csv, the header being 1
 * @param file the image, below {@code images/}
 * @param split such as {@code train} or {@code val}
 * @param imageSize {@code ih} x {@code iw}
 * @param labelSize {@code sh} x {@code sw}, the grid of the label planes
 * @param cells entries of each category, [position in {@link ProbeSet#categories()}]; may be empty
 */
public record ProbeImage(
        int row, String file, String split, GridSize imageSize, GridSize labelSize, List<List<Cell>> cells) {

    public ProbeImage {
        cells = List.copyOf(cells);
    }

    /** Whether a cell names a plane or a label other than 0; the planes are not opened. */
    boolean mayHaveLabels() {
        for (List<Cell> category : cells) {
            for (Cell cell : category) {
                if (!(cell instanceof Cell.Scalar scalar) || scalar.number() != 0) {
                    return true;
                }
            }
        }
        return false;
    }
}
