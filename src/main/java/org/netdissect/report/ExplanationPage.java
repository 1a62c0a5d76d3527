package org.netdissect.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.netdissect.align.Box;
import org.netdissect.align.Mask;
import org.netdissect.align.MaskGeometry;
import org.netdissect.base.GridSize;
import org.netdissect.labels.LabelTable;
import org.netdissect.report.chart.CategoryColors;

/** The page of an explanation, for the template {@code explain.jte}: one file with the image and without scripts. */
public final class ExplanationPage {
    private final ImageExplanation explanation;
    private final String photo;
    private final CategoryColors colors;
    private final @Nullable AttributionView attribution;

    private ExplanationPage(ImageExplanation explanation, String photo, @Nullable AttributionView attribution) {
        this.explanation = explanation;
        this.attribution = attribution;
        this.photo = photo;
        this.colors = new CategoryColors(explanation.categories());
    }

    /**
     * Writes the page, whole or not at all.
     *
     * @param rgb the image, interleaved {@code [height][width][3]}
     * @param version of the program
     */
    public static void write(Path file, ImageExplanation explanation, byte[] rgb, String version) throws IOException {
        String title = name(explanation.image()) + " explained by " + name(explanation.run());
        List<String> provenance = List.of(
                "Written by netdissect " + version + " from the run " + explanation.run() + ", the network "
                        + explanation.model() + " and the image " + explanation.image() + ".",
                "The image is shown as the network got it: without orientation and colour profile. Masks are those of "
                        + "the run, drawn on the " + explanation.inputSize() + " pixels of the network's input.");
        ClassAttribution attribution = explanation.attribution();
        ExplanationPage page = new ExplanationPage(
                explanation,
                Photo.dataUri(rgb, explanation.imageSize()),
                attribution == null ? null : AttributionView.of(explanation, attribution, rgb));
        PageFrame frame = PageFrame.of(title, version, provenance, "explain.css");
        Pages.write(file, "explain.jte", Map.of("frame", frame, "page", page));
    }

    /** The last element of a path, or the path if it has none. */
    static String name(String path) {
        Path last = Path.of(path).toAbsolutePath().normalize().getFileName();
        return last == null ? path : last.toString();
    }

    ImageExplanation explanation() {
        return explanation;
    }

    /** Attributions of a class, or null. */
    @Nullable
    AttributionView attribution() {
        return attribution;
    }

    String image() {
        return name(explanation.image());
    }

    String photo() {
        return photo;
    }

    GridSize size() {
        return explanation.imageSize();
    }

    /** The transformation from the masks' grid to the image. */
    String scale() {
        GridSize input = explanation.inputSize();
        return String.format(
                Locale.ROOT,
                "scale(%.6f %.6f)",
                (double) size().width() / input.width(),
                (double) size().height() / input.height());
    }

    String color(String category) {
        return "--c:" + colors.of(category);
    }

    static String percent(double share) {
        return ExplanationTable.percent(share);
    }

    static String outline(Mask mask) {
        return MaskPath.of(mask);
    }

    /** The path of the whole grid, in which a mask's outline makes a hole. */
    String frame() {
        GridSize input = explanation.inputSize();
        return "M0 0h" + input.width() + "v" + input.height() + "h-" + input.width() + "z";
    }

    static String concept(ImageExplanation.Unit unit) {
        return unit.label().isEmpty() ? "no concept" : LabelTable.displayName(unit.label());
    }

    /** The position of a mask in words. */
    String place(Mask mask) {
        Box box = MaskGeometry.bounds(mask).scaled(mask.grid(), size());
        return percent(MaskGeometry.share(mask)) + " of the image, within columns " + box.left() + " to "
                + (box.left() + box.width() - 1) + " and rows " + box.top() + " to " + (box.top() + box.height() - 1);
    }

    /** Numbers of a unit, each kept on one line. */
    static List<String> figures(ImageExplanation.Unit unit) {
        List<String> figures = new ArrayList<>();
        if (!unit.label().isEmpty()) {
            figures.add(String.format(Locale.ROOT, "IoU %.3f", unit.score()));
        }
        figures.add("area " + percent(unit.activity().area()));
        if (unit.activity().peakRatio().isPresent()) {
            figures.add("peak/T " + ExplanationTable.ratio(unit.activity().peakRatio()));
        }
        return figures;
    }

    static String anchor(int layer) {
        return "layer-" + layer;
    }

    static String anchor(int layer, ImageExplanation.Unit unit) {
        return "layer-" + layer + "-unit-" + unit.number();
    }

    static String probability(ImageExplanation.TopClass top) {
        return String.format(Locale.ROOT, "%.1f%%", 100 * top.probability());
    }
}
