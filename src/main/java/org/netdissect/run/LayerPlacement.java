package org.netdissect.run;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.netdissect.align.AxisPlacement;
import org.netdissect.align.Interpolation;
import org.netdissect.align.NodePlacement;
import org.netdissect.base.GridSize;
import org.netdissect.result.LayerSummary;
import org.netdissect.result.UnitFields;
import org.netdissect.torchscript.field.FieldAxis;
import org.netdissect.torchscript.field.ReceptiveField;

/**
 * Positions of a layer's units over the labels.
 *
 * @param interpolation the interpolation in use: the requested one, or half-pixel if that needs unknown receptive
 *     fields
 * @param obstacle reason for another interpolation than the requested one, or empty
 * @param field receptive fields of the units, or null if not requested or unknown
 */
public record LayerPlacement(
        Interpolation interpolation,
        String obstacle,
        @Nullable ReceptiveField field,
        NodePlacement placement) {

    /**
     * Places the units of a layer.
     *
     * @param obstacle reason why the field is unknown
     * @param input size of the network's input; images of another size are resized to it, and their labels with them
     */
    static LayerPlacement of(Interpolation requested, @Nullable ReceptiveField field, String obstacle, GridSize input) {
        return switch (requested) {
            case HALF_PIXEL -> new LayerPlacement(requested, "", field, NodePlacement.HALF_PIXEL);
            case ALIGN_CORNERS -> new LayerPlacement(requested, "", field, NodePlacement.ALIGN_CORNERS);
            case RECEPTIVE_FIELD, NETDISSECT ->
                field == null
                        ? new LayerPlacement(Interpolation.HALF_PIXEL, obstacle, null, NodePlacement.HALF_PIXEL)
                        : new LayerPlacement(requested, "", field, anchored(requested, field, input));
        };
    }

    /** The receptive field as tables show it. */
    public static UnitFields fields(ReceptiveField field) {
        FieldAxis rows = field.rows();
        FieldAxis columns = field.columns();
        return new UnitFields(
                List.of(rows.size(), columns.size()),
                List.of(rows.stride(), columns.stride()),
                List.of(rows.centre(), columns.centre()),
                field.wholeImage());
    }

    /** The placement as summary.json shows it. */
    public LayerSummary.Resizing resizing() {
        return new LayerSummary.Resizing(interpolation.toString(), obstacle, field == null ? null : fields(field));
    }

    private static NodePlacement anchored(Interpolation requested, ReceptiveField field, GridSize input) {
        return new NodePlacement(
                anchored(requested, field.rows(), input.height()), anchored(requested, field.columns(), input.width()));
    }

    private static AxisPlacement anchored(Interpolation requested, FieldAxis axis, int extent) {
        return requested == Interpolation.NETDISSECT
                ? new AxisPlacement.WholePixels(extent, axis.start(), axis.size(), axis.stride())
                : new AxisPlacement.FieldCentres(extent, axis.centre(), axis.stride());
    }
}
