package org.netdissect.run;

import java.util.List;
import java.util.Optional;
import org.netdissect.align.AxisPlacement;
import org.netdissect.align.Interpolation;
import org.netdissect.align.NodePlacement;
import org.netdissect.base.GridSize;
import org.netdissect.result.LayerSummary;
import org.netdissect.result.UnitFields;
import org.netdissect.torchscript.field.FieldAxis;
import org.netdissect.torchscript.field.ReceptiveField;

/**
 * Where the units of a layer lie over the labels.
 *
 * @param interpolation the one used: as asked for, or half-pixel where that needs receptive fields that are not known
 * @param obstacle why another is used than was asked for; empty where it is as asked
 * @param field receptive fields of the units, where they were asked for and are known
 */
public record LayerPlacement(
        Interpolation interpolation, String obstacle, Optional<ReceptiveField> field, NodePlacement placement) {

    /**
     * Places the units of a layer.
     *
     * @param obstacle why the field is not known
     * @param input size of the network's input; images of another size are resized to it, and their labels with them
     */
    static LayerPlacement of(Interpolation wanted, Optional<ReceptiveField> field, String obstacle, GridSize input) {
        return switch (wanted) {
            case HALF_PIXEL -> new LayerPlacement(wanted, "", field, NodePlacement.HALF_PIXEL);
            case ALIGN_CORNERS -> new LayerPlacement(wanted, "", field, NodePlacement.ALIGN_CORNERS);
            case RECEPTIVE_FIELD, NETDISSECT ->
                field.map(known -> new LayerPlacement(wanted, "", field, anchored(wanted, known, input)))
                        .orElseGet(() -> new LayerPlacement(
                                Interpolation.HALF_PIXEL, obstacle, field, NodePlacement.HALF_PIXEL));
        };
    }

    /** The same for tables. */
    public static UnitFields fields(ReceptiveField field) {
        FieldAxis rows = field.rows();
        FieldAxis columns = field.columns();
        return new UnitFields(
                List.of(rows.size(), columns.size()),
                List.of(rows.stride(), columns.stride()),
                List.of(rows.centre(), columns.centre()),
                field.wholeImage());
    }

    /** What the tables say of it. */
    public LayerSummary.Resizing resizing() {
        return new LayerSummary.Resizing(
                interpolation.toString(),
                obstacle,
                field.map(LayerPlacement::fields).orElse(null));
    }

    private static NodePlacement anchored(Interpolation wanted, ReceptiveField field, GridSize input) {
        return new NodePlacement(
                anchored(wanted, field.rows(), input.height()), anchored(wanted, field.columns(), input.width()));
    }

    private static AxisPlacement anchored(Interpolation wanted, FieldAxis axis, int extent) {
        return wanted == Interpolation.NETDISSECT
                ? new AxisPlacement.WholePixels(extent, axis.start(), axis.size(), axis.stride())
                : new AxisPlacement.FieldCentres(extent, axis.centre(), axis.stride());
    }
}
