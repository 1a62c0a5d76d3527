package org.netdissect.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netdissect.align.Mask;
import org.netdissect.base.GridSize;

/** Attributions of a class on the page of an explanation, and as text. */
class AttributionPageTest {
    private static final GridSize INPUT = new GridSize(2, 3);
    private static final GridSize IMAGE = new GridSize(20, 60);
    private static final GridSize MAP = new GridSize(1, 2);
    private static final String HOSTILE = "\"><script>alert('x')</script>&amp;";

    @TempDir
    Path folder;

    private static ClassAttribution.Picture picture(int value, GridSize size) {
        byte[] rgb = new byte[size.cells() * 3];
        Arrays.fill(rgb, (byte) value);
        return new ClassAttribution.Picture(rgb, size);
    }

    private static ClassAttribution.Unit unit(
            int channel, double value, String label, boolean negative, boolean masked, boolean visualized) {
        BitSet pixels = new BitSet();
        pixels.set(0, 2);
        return new ClassAttribution.Unit(
                channel,
                value,
                label.isEmpty() ? "" : "object",
                label,
                0.2,
                channel < 5,
                negative,
                masked ? Mask.of(INPUT, pixels) : null,
                visualized ? picture(90, new GridSize(16, 16)) : null);
    }

    private static ImageExplanation explanation(String run, String name, ClassAttribution.Layer... layers) {
        return new ImageExplanation(
                        run,
                        "net.pt",
                        "a.jpg",
                        IMAGE,
                        INPUT,
                        0.04,
                        OptionalDouble.empty(),
                        List.of("object"),
                        List.of(),
                        List.of(),
                        null)
                .with(new ClassAttribution(3, name, 4.5, false, List.of(layers)));
    }

    private static ClassAttribution.Layer layer(
            String name, List<ClassAttribution.Unit> favouring, List<ClassAttribution.Unit> opposing, boolean grid) {
        ClassAttribution.Grid images =
                grid ? new ClassAttribution.Grid(MAP, picture(200, new GridSize(64, 128))) : null;
        return new ClassAttribution.Layer(name, MAP, new double[] {2, -1}, 1.25, favouring, opposing, images);
    }

    private String page(ImageExplanation explanation) throws IOException {
        Path file = folder.resolve("page.html");
        ExplanationPage.write(file, explanation, new byte[IMAGE.cells() * 3], "1.0");
        return Files.readString(file);
    }

    private static int count(String text, String part) {
        return text.split(Pattern.quote(part), -1).length - 1;
    }

    @Test
    void everyUnitHasItsVisualisationOrAPlaceholderWithTheCommand() throws IOException {
        String page = page(explanation(
                "runs/net",
                "beach",
                layer(
                        "conv5",
                        List.of(unit(0, 0.75, "cat", false, true, true), unit(9, 0.5, "street-s", false, false, false)),
                        List.of(unit(7, -2, "", false, true, false), unit(4, -1, "dog", true, false, false)),
                        true)));
        assertTrue(page.contains("For and against beach (class 3)"));
        assertEquals(1, count(page, "<img class=\"made\" src=\"data:image/"));
        assertEquals(3, count(page, "<div class=\"missing\""));
        assertEquals(1, count(page, "<img class=\"heat\" src=\"data:image/"));
        assertEquals(1, count(page, "<img class=\"grid\" src=\"data:image/"));
        assertTrue(page.contains("<code>netdissect visualize --run runs/net --layer conv5 --units 7,9</code>"));
        assertTrue(
                page.contains("<code>netdissect visualize --run runs/net --layer conv5 --units 4 --tail both</code>"));
        assertEquals(4, count(page, "<path class=\"outline\""), "two lines around each of two masks");
        assertEquals(5, count(page, "<use href=\"#photo\"/>"), "the image, and again for each unit");
        assertTrue(page.contains("+0.75") && page.contains("IoU 0.200") && page.contains("area 33.3%"));
        assertTrue(page.contains("below its threshold") && page.contains(">street<"));
        assertEquals(2, count(page, "<li class=\"unit guess\""));
        assertFalse(page.contains("<script"));
        assertFalse(page.contains("http:") || page.contains("https:"), "nothing from the network");
    }

    @Test
    void namesFromFilesAreNoMarkupNorShell() throws IOException {
        String page = page(explanation(
                "runs/it's $(rm)",
                HOSTILE,
                layer(HOSTILE, List.of(unit(0, 1, HOSTILE, false, true, false)), List.of(), false)));
        assertFalse(page.contains("<script"), "escaped everywhere");
        assertFalse(page.contains("=\"\">"), "no attribute is ended early");
        assertTrue(
                page.contains("--run &#39;runs/it&#39;\\&#39;&#39;s $(rm)&#39;")
                        || page.contains("--run 'runs/it'\\''s $(rm)'"),
                page);
        assertEquals(1, count(page, "No unit."));
        Matcher tags = Pattern.compile("<(/?)(svg|section|main|ul|li|a|table|div|figure|h[1-6])\\b")
                .matcher(page);
        int open = 0;
        while (tags.find()) {
            open += tags.group(1).isEmpty() ? 1 : -1;
        }
        assertEquals(0, open, "as many ends as starts");
    }

    @Test
    void pagesWithoutAttributionHaveNoneOfIt() throws IOException {
        ImageExplanation with = explanation("runs/net", "beach");
        ImageExplanation without = new ImageExplanation(
                with.run(),
                with.model(),
                with.image(),
                IMAGE,
                INPUT,
                0.04,
                OptionalDouble.empty(),
                List.of("object"),
                List.of(),
                List.of(),
                null);
        assertFalse(page(without).contains("class=\"attribution\""));
        assertTrue(page(with).contains("class=\"attribution\""));
        assertFalse(ExplanationTable.text(without).contains("for and against"));
    }

    @Test
    void theTableHasBothSides() {
        ImageExplanation explanation = explanation(
                "runs/net",
                "",
                layer(
                        "conv5",
                        List.of(unit(0, 0.75, "cat", false, true, true)),
                        List.of(unit(9, -123.456, "street-s", false, false, false)),
                        false));
        String text = ExplanationTable.text(explanation);
        assertTrue(text.contains("Units for and against class 3, whose score is 4.5;"), text);
        assertTrue(text.endsWith("""
                conv5: attributions of all units have the sum 1.25
                speaks   label     category  unit  attribution    IoU   area
                for      cat       object       1         0.75  0.200  33.3%
                against  (street)  object      10       -123.5  0.200      -
                """), text);
    }

    /** White image, two cells: full orange left of the first centre, half blue right of the second. */
    @Test
    void heatIsOrangeAboveZeroAndBlueBelow() {
        GridSize size = new GridSize(2, 8);
        byte[] white = new byte[size.cells() * 3];
        Arrays.fill(white, (byte) 255);
        byte[] drawn = HeatMap.over(white, size, new double[] {2, -1}, MAP);
        assertEquals(234, drawn[0] & 0xff, 1);
        assertEquals(173, drawn[1] & 0xff, 1);
        assertEquals(38, drawn[2] & 0xff, 1);
        int last = (size.width() - 1) * 3;
        assertEquals(147, drawn[last] & 0xff, 1);
        assertEquals(195, drawn[last + 1] & 0xff, 1);
        assertEquals(222, drawn[last + 2] & 0xff, 1);
        assertEquals(0.5, HeatMap.at(new double[] {2, -1}, MAP, 0.5, 0.5), 1e-12);
        byte[] nothing = HeatMap.over(white, size, new double[2], MAP);
        assertEquals(255, nothing[5] & 0xff);
    }
}
