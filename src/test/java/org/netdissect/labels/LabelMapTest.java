package org.netdissect.labels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netdissect.base.GridSize;
import org.netdissect.broden.ProbeSet;
import org.netdissect.broden.Refusals;
import org.netdissect.broden.TinyProbe;

class LabelMapTest {
    private static final GridSize GRID = new GridSize(2, 2);

    @TempDir
    Path folder;

    private TinyProbe probe() {
        return TinyProbe.in(folder)
                .category("object")
                .category("part")
                .category("scene")
                .label(1, "cat", "object", 1)
                .label(2, "tail", "part", 1)
                .label(3, "street-s", "scene", 1)
                .label(300, "eye", "part", 1)
                .image("a.png", "train", new GridSize(4, 4), 0x808080, GRID);
    }

    private static LabelMap read(TinyProbe probe) throws IOException {
        ProbeSet set = probe.open();
        return set.readLabels(set.images().get(0));
    }

    private static char[] plane(int... numbers) {
        char[] plane = new char[numbers.length];
        for (int i = 0; i < plane.length; i++) {
            plane[i] = (char) numbers[i];
        }
        return plane;
    }

    @Test
    void greenIsWorth256() throws IOException {
        LabelMap map = read(probe().plane("part", "300 0", "2 300"));
        assertEquals(GRID, map.size());
        assertEquals(1, map.planes().length);
        assertArrayEquals(plane(300, 0, 2, 300), map.planes()[0]);
        assertEquals(0, map.imageLabels().length);
    }

    @Test
    void labelInSeveralPlanesStandsOnceAtAPixel() throws IOException {
        LabelMap map = read(probe().plane("object", "1 1", "0 0")
                .plane("part", "1 2", "1 0")
                .plane("part", "2 2", "0 1"));
        assertArrayEquals(plane(1, 1, 0, 0), map.planes()[0]);
        assertArrayEquals(plane(0, 2, 1, 0), map.planes()[1]);
        assertArrayEquals(plane(2, 0, 0, 1), map.planes()[2]);
    }

    @Test
    void planeThatOnlyRepeatsIsLeftOut() throws IOException {
        LabelMap map = read(probe().plane("object", "1 1", "0 0").plane("part", "1 0", "0 0"));
        assertEquals(1, map.planes().length);
    }

    @Test
    void labelOfTheWholeImageIsNotInThePlanes() throws IOException {
        LabelMap map = read(probe().plane("object", "1 3", "0 3")
                .cell("scene", "3")
                .cell("scene", "0")
                .cell("object", "3"));
        assertArrayEquals(new int[] {3}, map.imageLabels());
        assertArrayEquals(plane(1, 0, 0, 0), map.planes()[0]);
    }

    @Test
    void numberWithoutALabelIsRefusedWithRowAndFile() throws IOException {
        ProbeSet set = probe().plane("object", "1 4", "0 300").open();
        String message = Refusals.of(() -> set.readLabels(set.images().get(0)));
        assertEquals(
                "probe set " + folder
                        + ": index.csv:2: column object: images/plane1_object_0.png: holds label number 4, not in"
                        + " label.csv ('netdissect check " + folder + "' lists every fault)",
                message);
    }

    private String refusal(BufferedImage plane) throws IOException {
        ProbeSet set = probe().plane("object", "0 1", "1 1").open();
        ImageIO.write(plane, "png", folder.resolve("images/plane1_object_0.png").toFile());
        return Refusals.of(() -> set.readLabels(set.images().get(0)));
    }

    @Test
    void planeOfAnotherSizeIsRefused() throws IOException {
        String message = refusal(TinyProbe.drawPlane("1 1 1"));
        assertTrue(message.contains("is 1x3 (height x width), expected 2x2 as sh and sw say"), message);
    }

    @Test
    void alphaOfAPlaneIsNotLookedAt() throws IOException {
        ProbeSet set = probe().plane("part", "0 0", "0 0").open();
        BufferedImage image = new BufferedImage(2, 2, BufferedImage.TYPE_4BYTE_ABGR);
        image.setRGB(1, 0, 0x002C0100); // 300, fully transparent
        ImageIO.write(image, "png", folder.resolve("images/plane1_part_0.png").toFile());
        assertArrayEquals(
                plane(0, 300, 0, 0), set.readLabels(set.images().get(0)).planes()[0]);
    }

    @Test
    void aJpegIsNoPlane() throws IOException {
        ProbeSet set = probe().plane("part", "0 0", "0 0").open();
        ImageIO.write(
                TinyProbe.drawPlane("0 1", "0 0"),
                "jpg",
                folder.resolve("images/plane1_part_0.png").toFile());
        String jpeg = Refusals.of(() -> set.readLabels(set.images().get(0)));
        assertTrue(jpeg.contains("is not a PNG file"), jpeg);
    }

    @Test
    void missingPlaneIsRefused() throws IOException {
        ProbeSet set = probe().plane("object", "0 1", "1 1").open();
        Files.delete(folder.resolve("images/plane1_object_0.png"));
        String message = Refusals.of(() -> set.readLabels(set.images().get(0)));
        assertTrue(message.contains("index.csv:2: column object: images/plane1_object_0.png: no such file"), message);
    }

    @Test
    void imageWithoutLabels() throws IOException {
        ProbeSet set = probe().cell("scene", "3")
                .image("b.png", "val", new GridSize(4, 4), 0, GRID)
                .open();
        LabelMap map = set.readLabels(set.images().get(1));
        assertEquals(0, map.planes().length);
        assertEquals(0, map.imageLabels().length);
    }
}
