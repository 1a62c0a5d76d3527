package org.netdissect.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netdissect.align.ActiveUnit;
import org.netdissect.align.Mask;
import org.netdissect.base.GridSize;

class ExplanationPageTest {
    private static final GridSize INPUT = new GridSize(2, 3);
    private static final GridSize IMAGE = new GridSize(20, 60);
    private static final String HOSTILE = "\"><script>alert('x')</script>&amp;";

    @TempDir
    Path folder;

    private static ImageExplanation.Unit unit(int unit, String category, String label, double score, int... pixels) {
        BitSet set = new BitSet();
        for (int pixel : pixels) {
            set.set(pixel);
        }
        ActiveUnit activity = new ActiveUnit(unit, unit == 9 ? -1 : 2, 3, Mask.of(INPUT, set));
        return new ImageExplanation.Unit(activity, category, label, score, score > 0.04);
    }

    private static ImageExplanation explanation(String image, ImageExplanation.Layer... layers) {
        return new ImageExplanation(
                "runs/" + HOSTILE.replace("/", ""),
                "net.pt",
                image,
                IMAGE,
                INPUT,
                0.04,
                OptionalDouble.of(0.005),
                List.of("object", "scene"),
                List.of(new ImageExplanation.TopClass(3, HOSTILE, 0.875)),
                List.of(layers),
                null);
    }

    private static ImageExplanation.Layer layer(String name, ImageExplanation.Unit... units) {
        return new ImageExplanation.Layer(name, 12, List.of(units), List.of(units));
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
    void oneFileWithTheImageOnceAndEveryMask() throws IOException {
        String page = page(explanation(
                "photos/a.jpg",
                layer(
                        "conv5",
                        unit(0, "object", "cat", 0.2, 0, 1),
                        unit(9, "scene", "street-s", 0.03, 2),
                        unit(4, "", "", 0, 0, 3))));
        assertEquals(1, count(page, "data:image/jpeg;base64,"));
        assertEquals(4, count(page, "<use href=\"#photo\"/>"), "the image, and a mask on it for each unit");
        assertTrue(page.contains("d=\"M0 0h3v2h-3zM0 0h2v1h-2z\""), "the rest of unit 1's mask");
        assertEquals(2, count(page, "<path class=\"outline\" d=\"M0 0h2v1h-2z\"/>"));
        assertTrue(page.contains("scale(20.000000 10.000000)"), "from the input's pixels to the image's");
        assertTrue(page.contains("Unit 1, cat: active in 33.3% of the image, within columns 0 to 39 and rows 0 to 9"));
        assertEquals(2, count(page, "<li class=\"unit guess\""));
        assertTrue(page.contains("peak/T 1.50") && page.contains("IoU 0.200") && page.contains(">street<"));
        String second = page.substring(page.indexOf("layer-0-unit-10"), page.indexOf("layer-0-unit-5"));
        assertFalse(second.contains("peak/T"), "a threshold below 0 has no multiples");
        assertFalse(page.contains("<script"), "nor any script");
        assertFalse(page.contains("http:") || page.contains("https:"), "nothing from the network");
    }

    @Test
    void theImageIsTheSamplesAndNoLargerThanNeeded() throws IOException {
        GridSize wide = new GridSize(500, 2400);
        byte[] rgb = new byte[wide.cells() * 3];
        for (int i = 0; i < rgb.length; i += 3) {
            rgb[i] = (byte) 200;
        }
        String uri = Photo.dataUri(rgb, wide);
        byte[] jpeg = Base64.getDecoder().decode(uri.substring(uri.indexOf(',') + 1));
        var image = ImageIO.read(new ByteArrayInputStream(jpeg));
        assertEquals(960, image.getWidth());
        assertEquals(200, image.getHeight());
        assertEquals(200, image.getRGB(480, 100) >> 16 & 255, 3);
        assertEquals(0, image.getRGB(480, 100) & 255, 3);
    }

    @Test
    void namesFromFilesAreNoMarkup() throws IOException {
        String page = page(explanation(
                "x" + HOSTILE.replace("/", "") + ".jpg",
                layer(HOSTILE, unit(0, HOSTILE, HOSTILE, 0.2, 0), unit(1, "object", "long ".repeat(400), 0.2, 1))));
        assertFalse(page.contains("<script"), "escaped everywhere");
        assertFalse(page.contains("=\"\">"), "no attribute is ended early");
        assertTrue(page.contains("&lt;script&gt;alert("));
        Matcher tags =
                Pattern.compile("<(/?)(svg|section|main|ul|li|a|table)\\b").matcher(page);
        int open = 0;
        while (tags.find()) {
            open += tags.group(1).isEmpty() ? 1 : -1;
        }
        assertEquals(0, open, "as many ends as starts");
    }

    @Test
    void layersWithoutActiveUnitsSaySo() throws IOException {
        String none = page(explanation("a.jpg", layer("conv1"), layer("conv2")));
        assertEquals(2, count(none, "No unit of this layer is above its threshold anywhere"));
        ImageExplanation.Unit guess = unit(3, "object", "cat", 0.01, 0);
        ImageExplanation.Layer detectorsOnly = new ImageExplanation.Layer("conv1", 12, List.of(guess), List.of());
        String noDetector = page(explanation("a.jpg", detectorsOnly));
        assertTrue(noDetector.contains("No detector of this layer is above its threshold anywhere"), noDetector);
        assertFalse(noDetector.contains("class=\"concepts\""));
    }

    @Test
    void conceptsAreJoinedOverTheirDetectors() {
        ImageExplanation.Layer layer = layer(
                "conv5",
                unit(7, "object", "cat", 0.2, 0, 1),
                unit(2, "scene", "cat", 0.2, 5),
                unit(1, "object", "cat", 0.1, 1, 2),
                unit(3, "object", "dog", 0.1, 0, 1, 2, 3),
                unit(4, "object", "cat", 0.04, 4));
        List<ImageExplanation.SeenConcept> concepts = layer.concepts();
        assertEquals(
                List.of("dog object [4] 4", "cat object [8, 2] 3", "cat scene [3] 1"),
                concepts.stream()
                        .map(concept -> concept.label() + " " + concept.category() + " " + concept.units() + " "
                                + concept.mask().size())
                        .toList());
        assertEquals("They see dog 66.7%, cat 50.0% by 2 units, cat 16.7%", ExplanationTable.concepts(layer));
        assertEquals("conv5: 5 of 12 units are active, 4 of them detectors", ExplanationTable.summary(layer));
        assertEquals("", ExplanationTable.concepts(layer("conv1")));
    }

    @Test
    void theTableBracketsGuesses() {
        ImageExplanation.Layer layer = layer(
                "conv5",
                unit(0, "object", "cat", 0.2, 0, 1, 5),
                unit(9, "scene", "street-s", 0.03, 2),
                unit(4, "", "", 0, 0));
        assertEquals("""
                label     category  unit    IoU   area  peak/T  parts  columns  rows
                cat       object       1  0.200  50.0%    1.50      2     0-39   0-9
                (street)  scene       10  0.030  16.7%       -      1    40-59   0-9
                -         -            5  0.000  16.7%    1.50      1     0-19   0-9
                """, ExplanationTable.units(explanation("a.jpg"), layer));
    }
}
