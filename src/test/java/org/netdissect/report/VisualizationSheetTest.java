package org.netdissect.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netdissect.base.Failures;
import org.netdissect.base.InputException;
import org.netdissect.result.Visualized;
import org.netdissect.result.Visualized.Objective;
import org.netdissect.result.Visualized.State;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.support.ui.Select;

/** The contact sheet of images by optimisation, as a file and opened from disk in Chromium. */
class VisualizationSheetTest {
    private static final int MARGIN = 8;
    private static final int HEADING = 30;

    @TempDir
    Path folder;

    private final List<VisualizedLayer.Item> items = new ArrayList<>();

    private static Visualized row(int channel, boolean negative, int variant, State state) {
        return new Visualized(
                Visualized.image(Objective.CHANNEL, channel, negative, variant),
                Objective.CHANNEL,
                channel,
                "",
                negative,
                variant,
                3,
                128,
                0.5,
                negative ? -4.0 : 12.0,
                negative ? -1.0 : 4.0,
                negative ? -2.0 : 10.0,
                0.75,
                1.25,
                state,
                state == State.FAILED ? "NaN in step 17 <b>" : "");
    }

    private void add(Visualized row, VisualizedLayer.@Nullable Concept concept) {
        items.add(new VisualizedLayer.Item(row, concept));
    }

    /** Writes a picture of one colour, 20 x 40 pixels. */
    private void draw(Visualized row, Color color) throws IOException {
        BufferedImage picture = new BufferedImage(40, 20, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 800; i++) {
            picture.setRGB(i % 40, i / 40, color.getRGB());
        }
        ImageIO.write(picture, "png", folder.resolve(row.file()).toFile());
    }

    private VisualizedLayer layer() {
        return new VisualizedLayer(
                "net<b>.pt, conv", "1.0", List.of("Made <b>up</b>."), List.of("object", "scene"), items);
    }

    private void write(int expected) throws IOException {
        new VisualizationSheet(folder, expected).write(layer());
    }

    /** Units 3, 8 and 5 with concepts, 6 without a label, 2 failed and 9 not there yet. */
    private void dissected() throws IOException {
        add(row(7, true, 1, State.MOVED), new VisualizedLayer.Concept("bed", "object", 0.2, true));
        add(row(7, false, 2, State.MOVED), new VisualizedLayer.Concept("bed", "object", 0.2, true));
        add(row(7, false, 1, State.MOVED), new VisualizedLayer.Concept("bed", "object", 0.2, true));
        add(row(2, false, 1, State.WOKEN), new VisualizedLayer.Concept(SyntheticReport.HOSTILE, "scene", 0.3, true));
        add(row(4, false, 1, State.DEAD), new VisualizedLayer.Concept("street", "scene", 0.01, false));
        add(row(5, false, 1, State.MOVED), new VisualizedLayer.Concept("", "", 0, false));
        for (VisualizedLayer.Item item : items) {
            draw(item.row(), item.row().negative() ? Color.BLUE : Color.RED);
        }
        add(row(1, false, 1, State.FAILED), new VisualizedLayer.Concept("bed", "object", 0.1, true));
        add(row(8, false, 1, State.MOVED), new VisualizedLayer.Concept("bed", "object", 0.4, true));
    }

    private BufferedImage sheet() throws IOException {
        return ImageIO.read(folder.resolve(VisualizationSheet.IMAGE).toFile());
    }

    @Test
    void theImageHasAThumbnailForEachUnitInItsPlace() throws IOException {
        dissected();
        write(6);
        BufferedImage sheet = sheet();
        // 4 columns for 6 units: 3, 8, 2 (failed), 5 and in the second row 6
        assertEquals(MARGIN + 4 * (ContactSheet.SIDE + MARGIN), sheet.getWidth());
        int step = ContactSheet.SIDE + MARGIN;
        int row = ContactSheet.SIDE + 2 * 14 + MARGIN;
        List<Integer> found = new ArrayList<>();
        for (int place = 0; place < 5; place++) {
            int x = MARGIN + place % 4 * step + ContactSheet.SIDE / 2;
            int y = HEADING + place / 4 * row + ContactSheet.SIDE / 2;
            found.add(sheet.getRGB(x, y) & 0xffffff);
        }
        assertEquals(List.of(0xff0000, 0xff0000, 0xe4e6e9, 0xff0000, 0xff0000), found);
        assertEquals(0xffffff, sheet.getRGB(MARGIN + step + 48, HEADING + row + 48) & 0xffffff, "there is no sixth");
        // 40 x 20 pixels are not enlarged
        assertEquals(0xffffff, sheet.getRGB(MARGIN + 20, HEADING + 48) & 0xffffff);
        assertEquals(0xff0000, sheet.getRGB(MARGIN + 29, HEADING + 48) & 0xffffff);
    }

    private byte[] sheetOf(State state) throws IOException {
        items.clear();
        Visualized row = row(2, false, 1, state);
        draw(row, Color.RED);
        add(row, new VisualizedLayer.Concept("bed", "object", 0.3, true));
        write(1);
        return Files.readAllBytes(folder.resolve(VisualizationSheet.IMAGE));
    }

    @Test
    void wokenUnitsKeepTheirScoreAndDeadOnesAreNamedInstead() throws IOException {
        byte[] moved = sheetOf(State.MOVED);
        assertArrayEquals(moved, sheetOf(State.WOKEN));
        assertFalse(Arrays.equals(moved, sheetOf(State.DEAD)));
    }

    @Test
    void aSheetGrowsAndReadsEachImageOnce() throws IOException {
        VisualizationSheet sheet = new VisualizationSheet(folder, 18);
        Visualized first = row(0, false, 1, State.MOVED);
        Visualized second = row(1, false, 1, State.MOVED);
        sheet.write(layer());
        assertTrue(page().contains("0 of 18 units so far"));
        draw(first, Color.RED);
        add(first, null);
        add(second, null);
        sheet.write(layer());
        assertTrue(page().contains("1 of 18 units so far"));
        BufferedImage before = sheet();
        // a second reading would refuse it
        Files.writeString(folder.resolve(first.file()), "damaged");
        draw(second, Color.GREEN);
        sheet.write(layer());
        assertTrue(page().contains("2 of 18 units so far"));
        assertEquals(before.getWidth(), sheet().getWidth(), "the columns stay");
        assertNotEquals(
                before.getRGB(MARGIN + 104 + 48, HEADING + 48), sheet().getRGB(MARGIN + 104 + 48, HEADING + 48));
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(4, files.count(), "no temporary files");
        }
    }

    @Test
    void aDamagedImageIsNamedAndTheOldSheetStays() throws IOException {
        dissected();
        write(6);
        String before = page();
        Path image = Files.writeString(folder.resolve("channel-0002.png"), "no image");
        String message = Failures.message(InputException.class, () -> write(6));
        assertTrue(message.startsWith(image.toString()), message);
        assertEquals(before, page());
    }

    @Test
    void manyUnitsAreSmallerAndFewAreLegible() {
        assertEquals(96, ContactSheet.side(512));
        assertEquals(48, ContactSheet.side(2048));
    }

    private String page() throws IOException {
        return Files.readString(folder.resolve(VisualizationSheet.PAGE));
    }

    @Test
    void classesDirectionsAndALayerHaveTheirNames() throws IOException {
        for (Objective objective : List.of(Objective.LOGIT, Objective.DIRECTION, Objective.LAYER)) {
            Visualized row = new Visualized(
                    Visualized.image(objective, 3, false, 1),
                    objective,
                    null,
                    objective == Objective.LOGIT ? "bedroom" : "",
                    false,
                    1,
                    0,
                    8,
                    null,
                    2.5,
                    null,
                    null,
                    null,
                    null,
                    State.MOVED,
                    "");
            draw(row, Color.RED);
            add(row, null);
        }
        write(3);
        String page = page();
        for (String text : List.of("class 3", "bedroom", "direction 3", "the layer", "2.50", "3 of 3 classes")) {
            assertTrue(page.contains(text), text);
        }
        for (String text :
                List.of("so far", "<dt>IoU", "name=\"detectors\"", "<select name=\"category\"", "if moved</dt>")) {
            assertFalse(page.contains(text), text);
        }
    }

    @Test
    void aReaderSortsFiltersAndEnlarges(@TempDir Path profile) throws IOException {
        dissected();
        write(6);
        ChromeDriver browser = Browser.start(profile);
        try {
            browser.get(folder.resolve(VisualizationSheet.PAGE).toUri().toString());
            assertEquals(List.of("3", "8", "2", "5", "6"), units(browser));
            WebElement unit = browser.findElement(By.cssSelector(".unit[data-unit='8']"));
            for (String text :
                    List.of("bed", "unit 8, object", "0.200", "3.0 \u00d7", "2.5 \u00d7", "75 %", "1.3 s.d.")) {
                assertTrue(unit.getText().contains(text), text + " in " + unit.getText());
            }
            assertEquals(
                    "channel 7", unit.findElement(By.cssSelector("[title]")).getDomAttribute("title"));
            assertEquals(
                    List.of("channel-0007.png", "channel-0007-2.png", "channel-0007-negative.png"),
                    unit.findElements(By.cssSelector("img[loading=lazy]")).stream()
                            .map(image -> image.getDomAttribute("src"))
                            .toList());
            assertTrue(text(browser, 3).contains("woken"));
            assertTrue(text(browser, 5).contains("dead"));
            assertTrue(text(browser, 5).contains("no detector"));
            assertTrue(text(browser, 6).contains("no label"));
            assertTrue(text(browser, 2).contains("failed: NaN in step 17 <b>"));
            enlarge(browser);
            choose(browser);
            assertNull(browser.executeScript("return window.hacked"));
            assertEquals(
                    List.of(),
                    browser.manage().logs().get("browser").getAll().stream()
                            .map(Object::toString)
                            .toList());
        } finally {
            browser.quit();
        }
    }

    private static void enlarge(ChromeDriver browser) {
        browser.findElement(By.cssSelector(".unit[data-unit='8'] button")).sendKeys(Keys.ENTER);
        WebElement title = browser.findElement(By.cssSelector("#zoom-title"));
        assertEquals("Unit 8: bed", title.getText());
        String text = browser.findElement(By.cssSelector("dialog .text")).getText();
        assertTrue(text.contains("channel, 128 steps, seed 3; objective from 0.500 to 12.0."), text);
        assertFalse(browser.findElement(By.cssSelector("dialog .show-mask")).isDisplayed());
        for (String next : List.of("Unit 8: bed, variant 2", "Unit 8: bed, negative", "Unit 5: street")) {
            browser.switchTo().activeElement().sendKeys(Keys.ARROW_RIGHT);
            assertEquals(next, title.getText());
        }
        browser.findElement(By.cssSelector("dialog .previous")).click();
        assertEquals("Unit 8: bed, negative", title.getText());
        browser.findElement(By.cssSelector("dialog .close")).click();
    }

    private static void choose(ChromeDriver browser) {
        Select sort = new Select(browser.findElement(By.cssSelector("select[name=sort]")));
        sort.selectByValue("unit");
        assertEquals(List.of("2", "3", "5", "6", "8"), units(browser));
        sort.selectByValue("label");
        assertEquals("6", units(browser).get(4), "no label comes last");
        browser.findElement(By.cssSelector("input[name=search]")).sendKeys("BED");
        assertEquals(List.of("8", "2"), units(browser));
        assertEquals(
                "2 of 5 units", browser.findElement(By.cssSelector(".count")).getText());
        browser.findElement(By.cssSelector("input[name=search]")).clear();
        browser.findElement(By.cssSelector("input[name=search]")).sendKeys(" ");
        browser.findElement(By.cssSelector("input[name=detectors]")).click();
        new Select(browser.findElement(By.cssSelector("select[name=category]"))).selectByValue("scene");
        assertEquals(List.of("3"), units(browser));
    }

    private static List<String> units(ChromeDriver browser) {
        return browser.findElements(By.cssSelector(".unit:not([hidden])")).stream()
                .map(card -> String.valueOf(card.getDomAttribute("data-unit")))
                .toList();
    }

    private static String text(ChromeDriver browser, int unit) {
        return browser.findElement(By.cssSelector(".unit[data-unit='" + unit + "']"))
                .getText();
    }
}
