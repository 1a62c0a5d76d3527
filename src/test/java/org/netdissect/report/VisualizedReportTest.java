package org.netdissect.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netdissect.base.Tail;
import org.netdissect.result.LayerFindings;
import org.netdissect.result.LayerReport;
import org.netdissect.result.MadeImages;
import org.netdissect.result.VisualizationFolder;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.support.ui.WebDriverWait;

/** Images by optimisation beside the units of a report. */
class VisualizedReportTest {
    @TempDir
    static Path folder;

    @SuppressWarnings("NullAway.Init") // started before all tests, which are skipped without it
    private static ChromeDriver browser;

    @SuppressWarnings("NullAway.Init")
    private static SyntheticReport reports;

    @BeforeAll
    static void start() throws IOException {
        browser = Browser.start(folder.resolve("profile"));
        reports = new SyntheticReport(folder, 6);
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.quit();
        }
    }

    private static VisualizationFolder made(Path out, String layer) throws IOException {
        new MadeImages(out, layer)
                .add(0, false, 1, 0xff0000)
                .add(0, true, 1, 0x0000ff)
                .add(0, false, 2, 0x00ff00)
                .add(3, false, 1, 0xff0000)
                .add(99, false, 1, 0xff0000);
        return new VisualizationFolder(out);
    }

    private static List<WebElement> images(int unit) {
        return browser.findElements(By.cssSelector(".unit[data-unit='" + unit + "'] .by-optimisation img"));
    }

    /** Waits until the images of a unit are loaded with their own size. */
    private static void awaitLoaded(int unit) {
        new WebDriverWait(browser, Duration.ofSeconds(60))
                .until(driver -> Boolean.TRUE.equals(
                        browser.executeScript("return [...document.querySelectorAll(\".unit" + "[data-unit='" + unit
                                + "'] .by-optimisation img\")].every(i => i.naturalWidth === 48)")));
    }

    @Test
    void aUnitShowsItsImageAndTheNegativeOne() throws IOException {
        VisualizationFolder made = made(folder.resolve("elsewhere"), "a/b");
        Path page = reports.write("one", made, reports.layer("a/b", 6, 0.3, 4));
        browser.get(page.toUri().toString());
        assertEquals(
                List.of(
                        "report/visualizations/a%252Fb-channel-0000.png",
                        "report/visualizations/a%252Fb-channel-0000-negative.png"),
                images(1).stream()
                        .map(image -> String.valueOf(image.getDomAttribute("src")))
                        .toList());
        assertEquals(1, images(4).size());
        assertEquals(0, images(2).size());
        awaitLoaded(1);
        WebElement unit = browser.findElement(By.cssSelector(".unit"));
        assertTrue(unit.getText().contains("optimised\nnegative"), unit.getText());
        int left = images(1).get(0).getRect().x;
        assertTrue(left > unit.findElement(By.cssSelector(".facts")).getRect().x, "beside the facts");
        assertEquals(
                1,
                browser.findElements(By.cssSelector(".rows")).stream()
                        .map(rows -> rows.getRect().x)
                        .distinct()
                        .count(),
                "images of the probe set stay in line");
        enlarge();
        List<String> errors = browser.manage().logs().get("browser").getAll().stream()
                .map(Object::toString)
                .toList();
        assertEquals(List.of(), errors);
    }

    private static void enlarge() {
        WebElement title = browser.findElement(By.cssSelector("#zoom-title"));
        WebElement mask = browser.findElement(By.cssSelector("dialog .show-mask"));
        browser.findElement(By.cssSelector(".by-optimisation button")).sendKeys(Keys.ENTER);
        assertEquals("Unit 1: zebra, optimised", title.getText());
        assertFalse(mask.isDisplayed());
        browser.switchTo().activeElement().sendKeys(Keys.ARROW_RIGHT);
        assertEquals("Unit 1: zebra, negative", title.getText());
        assertFalse(browser.findElement(By.cssSelector("dialog .next")).isEnabled(), "it is the last of its kind");
        browser.findElement(By.cssSelector("dialog .close")).click();
        browser.findElement(By.cssSelector(".rows button")).click();
        assertEquals("Unit 1: zebra, image 1 of 4", title.getText());
        assertTrue(mask.isDisplayed());
        browser.findElement(By.cssSelector("dialog .close")).click();
    }

    @Test
    void imagesInsideTheRunAreNotCopied() throws IOException {
        Path run = Files.createDirectories(folder.resolve("inside"));
        VisualizationFolder made = made(run.resolve("../inside/./visualize"), "conv");
        Path page = reports.write("inside", made, reports.layer("conv", 6, 0.3, 2), reports.layer("other", 6, 0.3, 2));
        assertFalse(Files.exists(run.resolve("report/visualizations")));
        browser.get(run.resolve("report/conv.html").toUri().toString());
        assertEquals("../visualize/conv/channel-0000.png", images(1).get(0).getDomAttribute("src"));
        awaitLoaded(1);
        String other = Files.readString(run.resolve("report/other.html"));
        assertFalse(other.contains("class=\"made\""), "it has none");
        assertTrue(Files.exists(page));
    }

    @Test
    void withoutVisualisationsThePageHasNoColumnAndCopiesGo() throws IOException {
        VisualizationFolder made = made(folder.resolve("elsewhere"), "conv");
        LayerFindings layer = reports.layer("conv", 6, 0.3, 2);
        reports.write("gone", made, layer);
        Path copies = folder.resolve("gone/report/visualizations");
        try (var files = Files.list(copies)) {
            assertEquals(4, files.count(), "also of a unit that is not in the report");
        }
        String page = Files.readString(reports.write("gone", layer));
        assertFalse(Files.exists(copies));
        assertFalse(page.contains("by-optimisation\"") || page.contains("marked optimised"));
        assertEquals(page, Files.readString(reports.write("never", layer)));
    }

    @Test
    void theLowerTailShowsTheNegativeImageFirst() throws IOException {
        VisualizationFolder made = made(folder.resolve("elsewhere"), "conv");
        LayerFindings upper = reports.layer("conv", 6, 0.3, 2);
        LayerReport report = upper.report();
        LayerFindings lower = new LayerFindings(
                new LayerReport(
                        "conv-lower",
                        report.map(),
                        report.scores(),
                        report.categories(),
                        report.labels(),
                        report.iouThreshold(),
                        Tail.LOWER,
                        Set.of()),
                upper.rankings(),
                upper.top(),
                upper.least());
        browser.get(reports.write("lower", made, lower).toUri().toString());
        assertEquals(
                "report/visualizations/conv-channel-0000-negative.png",
                images(1).get(0).getDomAttribute("src"));
        assertEquals(2, images(1).size());
    }

    @Test
    void aDamagedImageIsNamedAndTheOthersAreShown() throws IOException {
        Path out = folder.resolve("damaged");
        VisualizationFolder made = made(out, "conv");
        Files.writeString(out.resolve("conv/channel-0003.png"), "no image");
        String page = Files.readString(reports.write("broken", made, reports.layer("conv", 6, 0.3, 2)));
        assertEquals(1, reports.notes().size());
        String note = reports.notes().get(0);
        assertTrue(note.startsWith("1 visualisation cannot be read; the first: "), note);
        assertTrue(note.contains("channel-0003.png"), note);
        assertTrue(page.contains(note) && page.contains("channel-0000.png"));
    }
}
