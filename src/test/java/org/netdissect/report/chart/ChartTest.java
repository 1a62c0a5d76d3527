package org.netdissect.report.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

class ChartTest {
    private static final List<String> BRODEN = List.of("object", "part", "scene", "material", "texture", "color");
    private static final CategoryColors COLORS = new CategoryColors(BRODEN);

    @BeforeAll
    static void charts() {
        assumeTrue(
                ChartFiles.obstacle().isEmpty(),
                () -> "skipped: " + ChartFiles.obstacle().orElseThrow());
    }

    private static Document parse(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<String> texts(String svg) throws Exception {
        NodeList nodes = parse(svg).getElementsByTagName("text");
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            texts.add(nodes.item(i).getTextContent());
        }
        return texts;
    }

    private static Chart bars(int count) {
        List<ConceptBars.Bar> bars = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            bars.add(new ConceptBars.Bar("concept " + i, BRODEN.get(i * 6 / count), 1 + i % 7));
        }
        return ConceptBars.chart("bars", "Bars.", bars, COLORS);
    }

    @Test
    void everyConceptHasItsBarInItsCategorysColour() throws Exception {
        String svg = bars(130).svg();
        List<String> texts = texts(svg);
        for (int i = 0; i < 130; i++) {
            assertTrue(texts.contains("concept " + i), "concept " + i + " of " + texts);
        }
        assertEquals(130, parse(svg).getElementsByTagName("rect").getLength());
        assertTrue(texts.contains("22 object") && texts.contains("units"), texts.toString());
        assertTrue(svg.contains("rgb(0,114,178)") && svg.contains("rgb(86,180,233)"), "Okabe and Ito's colours");
    }

    @Test
    void chartsAreAtMostTwoColumnsWideAndPngsHaveTheirShape() throws Exception {
        for (int count : new int[] {1, 2, 40, 130, 600}) {
            Chart chart = bars(count);
            assertTrue(chart.width() >= ChartStyle.COLUMN && chart.width() <= ChartStyle.PAGE, "" + chart.width());
        }
        Chart chart = bars(3);
        BufferedImage png = ImageIO.read(new ByteArrayInputStream(chart.png()));
        assertEquals(Math.round(chart.width() * 300 / 72), png.getWidth());
        assertEquals(Math.round(chart.height() * 300 / 72), png.getHeight());
        assertEquals(0xffffffff, png.getRGB(0, 0), "on white");
        Set<Integer> seen = new HashSet<>();
        for (int y = 0; y < png.getHeight(); y++) {
            for (int x = 0; x < png.getWidth(); x++) {
                seen.add(png.getRGB(x, y));
            }
        }
        assertTrue(seen.contains(0xff0072b2), "an object's bar is drawn");
    }

    @Test
    void namesAreEscapedAndCutAndMayBeEqual() throws Exception {
        String hostile = "</text><script>alert(1)</script>";
        String svg = ConceptBars.chart(
                        "a\"b",
                        hostile,
                        List.of(
                                new ConceptBars.Bar(hostile, "object", 2),
                                new ConceptBars.Bar("twice", "object", 1),
                                new ConceptBars.Bar("twice", "part", 1),
                                new ConceptBars.Bar("bell\u0007\u202e", "part", 1)),
                        COLORS)
                .svg();
        Document document = parse(svg);
        assertEquals(0, document.getElementsByTagName("script").getLength());
        assertEquals(hostile, document.getElementsByTagName("title").item(0).getTextContent());
        List<String> texts = texts(svg);
        assertEquals(2, texts.stream().filter("twice"::equals).count());
        assertTrue(texts.contains("bell??"), texts.toString());
        assertTrue(texts.contains("</text><script>alert(\u2026"), texts.toString());
    }

    @Test
    void theHistogramCountsEveryUnitAndShowsTheThreshold() throws Exception {
        List<IouHistogram.Value> values = List.of(
                new IouHistogram.Value(0, ""),
                new IouHistogram.Value(0.03, "object"),
                new IouHistogram.Value(0.055, "object"),
                new IouHistogram.Value(0.055, "texture"));
        String svg = IouHistogram.chart("iou", "Units.", values, 0.04, COLORS).svg();
        List<String> texts = texts(svg);
        assertTrue(texts.contains("detectors: IoU > 0.04"), texts.toString());
        assertTrue(texts.contains("IoU of the unit's label") && texts.contains("units"), texts.toString());
        assertTrue(texts.containsAll(List.of("no label", "object", "texture")), texts.toString());
        assertFalse(texts.contains("part"), "no unit has such a label");
        // without units, and without a unit above 0
        IouHistogram.chart("iou", "Units.", List.of(), 0.04, COLORS).svg();
        IouHistogram.chart("iou", "Units.", List.of(values.get(0)), 0, COLORS).svg();
        IouHistogram.chart("iou", "Units.", List.of(new IouHistogram.Value(1, "part")), 0.04, COLORS)
                .svg();
    }

    @Test
    void aLineForEachCategoryOverTheLayers() throws Exception {
        Chart chart = CategoryLines.chart(
                "layers",
                "Layers.",
                BRODEN,
                List.of(
                        new CategoryLines.Column("conv1", List.of(0, 0, 0, 0, 1, 4)),
                        new CategoryLines.Column("conv5", List.of(22, 5, 9, 1, 8, 2))),
                COLORS);
        List<String> texts = texts(chart.svg());
        assertTrue(texts.containsAll(List.of("conv1", "conv5", "layer", "unique detectors")), texts.toString());
        assertTrue(texts.containsAll(BRODEN), texts.toString());
    }

    @Test
    void layersWhoseNamesAreCutToTheSameStayApart() throws Exception {
        String start = "features.denseblock4.";
        List<CategoryLines.Column> columns = List.of(
                new CategoryLines.Column(start + "denselayer1.conv2", List.of(3)),
                new CategoryLines.Column("features.other.denselayer1.conv2", List.of(7)),
                new CategoryLines.Column(start + "denselayer16.norm", List.of(5)));
        Chart chart = CategoryLines.chart("layers", "Layers.", List.of("object"), columns, COLORS);
        List<String> texts = texts(chart.svg());
        assertEquals(2, texts.stream().filter("featu\u2026yer1.conv2"::equals).count(), texts.toString());
        assertTrue(texts.contains("featu\u2026yer16.norm"), texts.toString());
        // three points: a lower point on the page is a lower count
        assertEquals(List.of(7, 5, 3), order(chart, columns), "each layer has its own point");
    }

    /** The counts of the columns, from the highest point of the first category's line to the lowest. */
    private static List<Integer> order(Chart chart, List<CategoryLines.Column> columns) throws Exception {
        BufferedImage png = ImageIO.read(new ByteArrayInputStream(chart.png()));
        int[] highest = new int[columns.size()];
        java.util.Arrays.fill(highest, Integer.MAX_VALUE);
        int left = png.getWidth() / 8;
        int wide = (png.getWidth() - left) / columns.size();
        for (int x = left; x < left + wide * columns.size(); x++) {
            for (int y = png.getHeight() / 8; y < png.getHeight(); y++) {
                if (png.getRGB(x, y) == 0xff0072b2) {
                    int column = (x - left) / wide;
                    highest[column] = Math.min(highest[column], y);
                }
            }
        }
        return java.util.stream.IntStream.range(0, highest.length)
                .boxed()
                .sorted(java.util.Comparator.comparingInt(column -> highest[column]))
                .map(column -> columns.get(column).unique().get(0))
                .toList();
    }

    @Test
    void inlineChartsTakeThePagesColourAndHaveIdsOfTheirOwn() throws Exception {
        String inline = bars(3).inlineSvg();
        assertTrue(inline.startsWith("<svg") && inline.contains("currentColor"), inline);
        assertFalse(inline.contains("\"black\""), inline);
        parse(inline);
    }

    @Test
    void categoriesHaveFixedColoursWhateverElseThereIs() {
        CategoryColors few = new CategoryColors(List.of("mood", "part", "age"));
        assertEquals(COLORS.of("part"), few.of("part"));
        assertNotEquals(few.of("mood"), few.of("age"));
        assertNotEquals(few.of("mood"), few.of("part"));
        assertEquals(CategoryColors.NONE, few.of(""));
    }
}
