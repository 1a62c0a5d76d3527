package org.netdissect.report.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class NetworkBarsTest {
    private static final List<String> CATEGORIES = List.of("object", "part", "color");

    @BeforeAll
    static void charts() {
        assumeTrue(
                ChartFiles.obstacle().isEmpty(),
                () -> "skipped: " + ChartFiles.obstacle().orElseThrow());
    }

    private static Chart chart(List<ChartCounts> networks) {
        return NetworkBars.chart("networks", "Networks.", CATEGORIES, networks, new CategoryColors(CATEGORIES));
    }

    /** Areas of bars are proportional to counts: 20 objects, 10 parts, summed over two networks of one name. */
    @Test
    void barsAreAsLongAsTheirCounts() throws IOException {
        Chart chart =
                chart(List.of(new ChartCounts("net", List.of(16, 2, 0)), new ChartCounts("net", List.of(4, 8, 0))));
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(chart.png()));
        Map<Integer, Integer> pixels = new HashMap<>();
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                pixels.merge(image.getRGB(x, y) & 0xffffff, 1, Integer::sum);
            }
        }
        // colour appears in the legend only
        int legend = pixels.getOrDefault(0x56b4e9, 0);
        double objects = pixels.getOrDefault(0x0072b2, 0) - legend;
        double parts = pixels.getOrDefault(0xe69f00, 0) - legend;
        assertTrue(legend > 0 && parts > 4 * legend, "legend " + legend + ", parts " + parts);
        assertEquals(2, objects / parts, 0.1);
    }

    @Test
    void namesStayWithinTheirRoom() {
        String svg =
                chart(List.of(new ChartCounts("a<b&\u0007", List.of(0, 0, 0)))).svg();
        assertTrue(svg.contains("a&lt;b&amp;?"), svg);
        assertEquals(
                ChartStyle.COLUMN,
                chart(List.of(new ChartCounts("short", List.of(1, 2, 3)))).width());
        assertEquals(
                ChartStyle.PAGE,
                chart(List.of(new ChartCounts("n".repeat(300), List.of(1, 2, 3))))
                        .width());
    }
}
