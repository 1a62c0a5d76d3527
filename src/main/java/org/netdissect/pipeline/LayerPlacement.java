package org.netdissect.pipeline;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.netdissect.align.AxisPlacement;
import org.netdissect.align.Interpolation;
import org.netdissect.align.NodePlacement;
import org.netdissect.base.GridSize;
import org.netdissect.report.LayerSummary;
import org.netdissect.report.UnitFields;
import org.netdissect.torchscript.FieldAxis;
import org.netdissect.torchscript.ReceptiveField;
import org.netdissect.torchscript.ReceptiveFields;
import org.netdissect.torchscript.TorchScriptArchive;

/**
 * Where the units of a layer lie over the labels.
 *
 * @param interpolation the one used: as asked for, or half-pixel where that needs receptive fields that are not known
 * @param obstacle why another is used than was asked for; empty where it is as asked
 * @param field receptive fields of the units, where they were asked for and are known
 */
record LayerPlacement(
        Interpolation interpolation, String obstacle, Optional<ReceptiveField> field, NodePlacement placement) {

    /**
     * Places the units of some layers, in order. Receptive fields are derived only where they are asked for.
     *
     * @param input size of the network's input; images of another size are resized to it, and their labels with them
     */
    static Map<String, LayerPlacement> of(
            TorchScriptArchive archive, List<String> layers, Interpolation wanted, GridSize input) throws IOException {
        Map<String, LayerPlacement> placements = new LinkedHashMap<>();
        boolean fields = wanted == Interpolation.RECEPTIVE_FIELD || wanted == Interpolation.NETDISSECT;
        Optional<ReceptiveFields> known = fields ? Optional.of(archive.receptiveFields(input)) : Optional.empty();
        for (String layer : layers) {
            Optional<ReceptiveField> field = known.flatMap(all -> all.of(layer));
            String obstacle = known.map(all -> all.obstacle(layer)).orElse("");
            placements.put(layer, of(wanted, field, obstacle, input));
        }
        return placements;
    }

    /** The same for tables. */
    static UnitFields fields(ReceptiveField field) {
        FieldAxis rows = field.rows();
        FieldAxis columns = field.columns();
        return new UnitFields(
                List.of(rows.size(), columns.size()),
                List.of(rows.stride(), columns.stride()),
                List.of(rows.centre(), columns.centre()),
                field.wholeImage());
    }

    /** What the tables say of it. */
    LayerSummary.Resizing resizing() {
        return new LayerSummary.Resizing(
                interpolation.toString(),
                obstacle,
                field.map(LayerPlacement::fields).orElse(null));
    }

    private static LayerPlacement of(
            Interpolation wanted, Optional<ReceptiveField> field, String obstacle, GridSize input) {
        return switch (wanted) {
            case HALF_PIXEL -> new LayerPlacement(wanted, "", field, NodePlacement.HALF_PIXEL);
            case ALIGN_CORNERS -> new LayerPlacement(wanted, "", field, NodePlacement.ALIGN_CORNERS);
            case RECEPTIVE_FIELD, NETDISSECT ->
                field.map(known -> new LayerPlacement(wanted, "", field, anchored(wanted, known, input)))
                        .orElseGet(() -> new LayerPlacement(
                                Interpolation.HALF_PIXEL, obstacle, field, NodePlacement.HALF_PIXEL));
        };
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
