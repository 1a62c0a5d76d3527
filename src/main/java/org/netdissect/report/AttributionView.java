package org.netdissect.report;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.netdissect.align.MaskGeometry;
import org.netdissect.base.GridSize;
import org.netdissect.image.BilinearResize;
import org.netdissect.labels.LabelTable;

/** Attributions of a class for the template {@code attribution.jte}, with their images encoded. */
final class AttributionView {
    /** Longest side of a heat map in pixels. */
    private static final int HEAT_SIDE = 448;
    /** Longest side of a unit's visualisation in pixels. */
    private static final int PICTURE_SIDE = 224;

    private final ClassAttribution attribution;
    private final List<Layer> layers;

    private AttributionView(ClassAttribution attribution, List<Layer> layers) {
        this.attribution = attribution;
        this.layers = layers;
    }

    /**
     * One layer.
     *
     * @param heat data URI of the heat map
     * @param grid data URI of the activation grid, or null
     * @param commands that make missing visualisations
     */
    record Layer(
            ClassAttribution.Layer of,
            String heat,
            @Nullable String grid,
            List<Side> sides,
            List<String> commands) {
        String sum() {
            return AttributionTable.number(of.sum());
        }
    }

    /** The units for the class, or those against it. */
    record Side(String heading, List<Unit> units) {}

    /**
     * One unit.
     *
     * @param picture data URI of its visualisation, or null
     */
    record Unit(ClassAttribution.Unit of, @Nullable String picture) {
        String concept() {
            return of.label().isEmpty() ? "no concept" : LabelTable.displayName(of.label());
        }

        /** Numbers, each kept on one line. */
        List<String> figures() {
            List<String> figures = new ArrayList<>(
                    List.of((of.attribution() > 0 ? "+" : "") + AttributionTable.number(of.attribution())));
            if (!of.label().isEmpty()) {
                figures.add(String.format(Locale.ROOT, "IoU %.3f", of.score()));
            }
            figures.add(
                    of.mask() == null
                            ? "below its threshold"
                            : "area " + ExplanationTable.percent(MaskGeometry.share(of.mask())));
            return figures;
        }
    }

    /** Encodes all images. */
    static AttributionView of(ImageExplanation explanation, ClassAttribution attribution, byte[] rgb)
            throws IOException {
        GridSize small = explanation.imageSize().within(HEAT_SIDE);
        byte[] photo = BilinearResize.resize(rgb, explanation.imageSize(), small);
        List<Layer> layers = new ArrayList<>();
        for (ClassAttribution.Layer layer : attribution.layers()) {
            ClassAttribution.Grid grid = layer.grid();
            layers.add(new Layer(
                    layer,
                    Photo.dataUri(HeatMap.over(photo, small, layer.places(), layer.map()), small),
                    grid == null
                            ? null
                            : Photo.dataUri(grid.picture().rgb(), grid.picture().size()),
                    List.of(
                            new Side("For " + attribution.text(), units(layer.favouring())),
                            new Side("Against " + attribution.text(), units(layer.opposing()))),
                    layer.commands(explanation.run())));
        }
        return new AttributionView(attribution, layers);
    }

    private static List<Unit> units(List<ClassAttribution.Unit> units) throws IOException {
        List<Unit> views = new ArrayList<>();
        for (ClassAttribution.Unit unit : units) {
            ClassAttribution.Picture picture = unit.picture();
            String encoded = null;
            if (picture != null) {
                GridSize small = picture.size().within(PICTURE_SIDE);
                encoded = Photo.dataUri(BilinearResize.resize(picture.rgb(), picture.size(), small), small);
            }
            views.add(new Unit(unit, encoded));
        }
        return views;
    }

    String heading() {
        return "For and against " + attribution.text();
    }

    String name() {
        return attribution.text();
    }

    String score() {
        return AttributionTable.number(attribution.score());
    }

    String quantity() {
        return attribution.logarithm() ? "the logarithm of its probability" : "its score";
    }

    List<Layer> layers() {
        return layers;
    }
}
