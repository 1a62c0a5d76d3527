package org.netdissect.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.netdissect.base.GridSize;
import org.netdissect.broden.ImageSelection;
import org.netdissect.broden.ProbeSet;
import org.netdissect.broden.Refusals;
import org.netdissect.broden.TinyProbe;
import org.netdissect.labels.LabelMap;

/** Meaning of a label plane's samples by the option, or the reason of a refusal. */
class PlaneEncodingTest {
    private static final int[] BLACK = {0, 0, 0};

    @TempDir
    Path folder;

    /** Probe set of one image with labels 1, 2, 3, 128 and 300, whose plane is {@code plane}. */
    private ProbeSet probe(BufferedImage plane, PlaneEncoding encoding) throws IOException {
        Path written = TinyProbe.in(folder)
                .category("object")
                .label(1, "cat", "object", 1)
                .label(2, "dog", "object", 1)
                .label(3, "cow", "object", 1)
                .label(128, "lamp", "object", 1)
                .label(300, "sofa", "object", 1)
                .image("a.png", "train", new GridSize(4, 4), 0x808080, new GridSize(2, 2))
                .plane("object", "0 1", "1 0")
                .write();
        ImageIO.write(plane, "png", planeFile().toFile());
        return ProbeSet.open(written, encoding, doubt -> {});
    }

    private Path planeFile() {
        return folder.resolve("images/plane1_object_0.png");
    }

    private static char[] read(ProbeSet set) throws IOException {
        LabelMap map = set.readLabels(set.images().get(0));
        assertEquals(1, map.planes().length);
        return map.planes()[0];
    }

    private static String refusal(ProbeSet set) {
        return Refusals.of(() -> set.readLabels(set.images().get(0)));
    }

    /** Palette image of four pixels with these colours and indices. */
    private static BufferedImage palette(int bits, int[][] colours, int... indices) {
        byte[][] channels = new byte[3][colours.length];
        for (int i = 0; i < colours.length; i++) {
            for (int channel = 0; channel < 3; channel++) {
                channels[channel][i] = (byte) colours[i][channel];
            }
        }
        IndexColorModel model = new IndexColorModel(bits, colours.length, channels[0], channels[1], channels[2]);
        int type = bits == 8 ? BufferedImage.TYPE_BYTE_INDEXED : BufferedImage.TYPE_BYTE_BINARY;
        return filled(new BufferedImage(2, 2, type, model), indices);
    }

    private static BufferedImage filled(BufferedImage image, int... samples) {
        for (int i = 0; i < samples.length; i++) {
            image.getRaster().setSample(i % 2, i / 2, 0, samples[i]);
        }
        return image;
    }

    private static char[] plane(int... numbers) {
        char[] plane = new char[numbers.length];
        for (int i = 0; i < plane.length; i++) {
            plane[i] = (char) numbers[i];
        }
        return plane;
    }

    @Test
    void aPaletteOfOtherColoursIsRefusedAndItsIndicesReadOnRequest() throws IOException {
        int[][] voc = {BLACK, {128, 0, 0}, {0, 128, 0}};
        String refusal = refusal(probe(palette(8, voc, 0, 0, 1, 2), PlaneEncoding.BRODEN));
        assertTrue(
                refusal.contains(
                        "index.csv:2: column object: images/plane1_object_0.png: is a palette PNG whose indices"
                                + " and colours are different numbers: pixel x=0, y=1 has index 1 and RGB (128, 0, 0)"),
                refusal);
        assertTrue(refusal.contains("--label-planes index"), refusal);
        assertArrayEquals(plane(0, 0, 1, 2), read(probe(palette(8, voc, 0, 0, 1, 2), PlaneEncoding.INDEX)));
    }

    /** VOC's boat is pure blue, whose R + 256 * G is 0, 'unlabelled'. */
    @Test
    void aPaletteColourOfBlueAloneIsNotUnlabelled() throws IOException {
        String refusal =
                refusal(probe(palette(8, new int[][] {{0, 0, 128}, {1, 0, 0}}, 0, 1, 1, 1), PlaneEncoding.BRODEN));
        assertTrue(refusal.contains("has index 0 and RGB (0, 0, 128)"), refusal);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4, 8})
    void aPaletteInWhichBothAgreeIsReadInBothEncodings(int bits) throws IOException {
        // index and colour differ in the fourth entry, but no pixel has it
        int[][] colours = {BLACK, {1, 0, 0}, {2, 0, 0}, {99, 98, 97}};
        for (PlaneEncoding encoding : PlaneEncoding.values()) {
            assertArrayEquals(plane(2, 1, 0, 1), read(probe(palette(bits, colours, 2, 1, 0, 1), encoding)));
        }
        assertTrue(refusal(probe(palette(bits, colours, 2, 1, 0, 3), PlaneEncoding.BRODEN))
                .contains("has index 3 and RGB (99, 98, 97)"));
        assertArrayEquals(plane(2, 1, 0, 3), read(probe(palette(bits, colours, 2, 1, 0, 3), PlaneEncoding.INDEX)));
    }

    @Test
    void indicesOfAnInterlacedPalette() throws IOException {
        ProbeSet set = probe(palette(8, new int[][] {BLACK, {7, 7, 7}, {9, 9, 9}}, 0, 1, 2, 1), PlaneEncoding.INDEX);
        BufferedImage image = ImageIO.read(planeFile().toFile());
        ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
        ImageWriteParam parameters = writer.getDefaultWriteParam();
        parameters.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
        Files.delete(planeFile());
        try (ImageOutputStream out = ImageIO.createImageOutputStream(planeFile().toFile())) {
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), parameters);
        }
        assertArrayEquals(plane(0, 1, 2, 1), read(set));
    }

    @ParameterizedTest
    @CsvSource({"TYPE_BYTE_GRAY,128", "TYPE_USHORT_GRAY,300"})
    void greyValuesAreNumbersOnRequest(String type, int greatest) throws Exception {
        int kind = BufferedImage.class.getField(type).getInt(null);
        BufferedImage image = filled(new BufferedImage(2, 2, kind), 0, 1, 2, greatest);
        assertArrayEquals(plane(0, 1, 2, greatest), read(probe(image, PlaneEncoding.INDEX)));
        String refusal = refusal(probe(image, PlaneEncoding.BRODEN));
        assertTrue(refusal.contains("is grey, expected RGB with label number = R + 256 * G"), refusal);
        assertTrue(refusal.contains("--label-planes index"), refusal);
    }

    @Test
    void aGreyValueThatIsNoLabelIsRefused() throws IOException {
        BufferedImage image = filled(new BufferedImage(2, 2, BufferedImage.TYPE_BYTE_GRAY), 0, 1, 2, 255);
        String refusal = refusal(probe(image, PlaneEncoding.INDEX));
        assertTrue(refusal.contains("holds label number 255, not in label.csv"), refusal);
        assertTrue(refusal.contains("'netdissect check " + folder + " --label-planes index'"), refusal);
    }

    @Test
    void rgbIsNoIndex() throws IOException {
        String refusal = refusal(probe(TinyProbe.drawPlane("0 1", "1 0"), PlaneEncoding.INDEX));
        assertTrue(refusal.contains("images/plane1_object_0.png: is RGB, expected grey values or palette"), refusal);
        assertTrue(refusal.contains("--label-planes index"), refusal);
    }

    @Test
    void blueIsRefused() throws IOException {
        BufferedImage image = TinyProbe.drawPlane("0 1", "1 0");
        image.setRGB(1, 1, 0x010002);
        String refusal = refusal(probe(image, PlaneEncoding.BRODEN));
        assertTrue(
                refusal.contains("images/plane1_object_0.png: pixel x=1, y=1 is RGB (1, 0, 2), expected blue 0"),
                refusal);
        for (String word : new String[] {"COCO", "ADE20K", "--label-planes index"}) {
            assertTrue(refusal.contains(word), refusal);
        }
    }

    @ParameterizedTest
    @EnumSource(PlaneEncoding.class)
    void anotherEncodingShowsBeforeAnyImageIsRead(PlaneEncoding encoding) throws IOException {
        BufferedImage wrong = encoding == PlaneEncoding.INDEX
                ? TinyProbe.drawPlane("0 1", "1 0")
                : filled(new BufferedImage(2, 2, BufferedImage.TYPE_BYTE_GRAY), 0, 1, 2, 1);
        ProbeSet set = probe(wrong, encoding);
        assertEquals(refusal(set), Refusals.of(set::tryPlanes));
    }

    /** The digest under which counts are stored depends on the encoding. */
    @Test
    void theDigestOfLabelsKnowsTheEncodingAndThatOfTablesDoesNot() throws IOException {
        BufferedImage both = palette(8, new int[][] {BLACK, {1, 0, 0}}, 0, 1, 1, 0);
        ProbeSet broden = probe(both, PlaneEncoding.BRODEN);
        ProbeSet index = probe(both, PlaneEncoding.INDEX);
        assertArrayEquals(read(broden), read(index));
        assertNotEquals(broden.labelsDigest(1), index.labelsDigest(1));
        assertNotEquals(
                broden.labelsDigest(1),
                index.select(ImageSelection.ALL).labelsDigest(1),
                "a selection keeps the encoding");
        assertEquals(broden.tablesDigest(), index.tablesDigest(), "run.json names the option by itself");
    }
}
