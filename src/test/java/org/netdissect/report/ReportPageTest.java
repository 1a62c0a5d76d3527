package org.netdissect.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.support.ui.Select;
import org.openqa.selenium.support.ui.WebDriverWait;

/** The report opened from disk in Chromium. */
class ReportPageTest {
    @TempDir
    static Path folder;

    @SuppressWarnings("NullAway.Init") // started before all tests, which are skipped without it
    private static ChromeDriver browser;

    @SuppressWarnings("NullAway.Init")
    private static SyntheticReport reports;

    @SuppressWarnings("NullAway.Init")
    private static Path twelve;

    @BeforeAll
    static void start() throws IOException {
        browser = Browser.start(folder.resolve("profile"));
        reports = new SyntheticReport(folder, 6);
        twelve = reports.write("twelve", reports.layer("conv", 12, 0.3, 4));
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.quit();
        }
    }

    private static void open(Path page) {
        browser.get(page.toUri().toString());
    }

    private static WebElement find(String selector) {
        return browser.findElement(By.cssSelector(selector));
    }

    /** Units shown on the page, in order. */
    private static List<Integer> units() {
        return browser.findElements(By.cssSelector(".unit:not([hidden])")).stream()
                .map(card -> Integer.valueOf(String.valueOf(card.getDomAttribute("data-unit"))))
                .toList();
    }

    private static void await(java.util.function.BooleanSupplier condition) {
        new WebDriverWait(browser, Duration.ofSeconds(60)).until(driver -> condition.getAsBoolean());
    }

    private static void select(String name, String value) {
        new Select(find("select[name=" + name + "]")).selectByValue(value);
    }

    @Test
    void unitsStandByScoreAndAreSortedOnDemand() {
        open(twelve);
        assertEquals(List.of(1, 2, 4, 5, 7, 8, 10, 11, 3, 6, 9, 12), units());
        select("sort", "unit");
        assertEquals(List.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12), units());
        select("sort", "category");
        // object, part, scene, and units without a label
        assertEquals(List.of(1, 2, 7, 11, 4, 8, 5, 10, 3, 6, 9, 12), units());
        select("sort", "label");
        assertEquals(List.of(3, 6, 9, 12), units().subList(8, 12), "no label comes last");
        assertEquals(List.of(1, 11), units().subList(6, 8), "zebra comes last of the labels");
        select("sort", "score");
        assertEquals(List.of(1, 2, 4, 5, 7, 8, 10, 11, 3, 6, 9, 12), units());
    }

    @Test
    void unitsAreFilteredAndFound() {
        open(twelve);
        select("category", "part");
        assertEquals(List.of(4, 8), units());
        assertEquals("2 of 12 units", find(".count").getText());
        select("category", "/");
        assertEquals(List.of(3, 6, 9, 12), units());
        select("category", "");
        find("input[name=detectors]").click();
        assertEquals(List.of(1, 2, 4, 5, 7, 8, 10, 11), units(), "units without a label are no detectors");
        find("input[name=search]").sendKeys("ZEB");
        assertEquals(List.of(1, 11), units());
        find("input[name=search]").clear();
        find("input[name=search]").sendKeys("street");
        assertEquals(List.of(5, 10), units());
        find("input[name=search]").clear();
        find("input[name=search]").sendKeys("8");
        assertEquals(List.of(8), units(), "a unit by its number");
        assertFalse(find(".none").isDisplayed());
        find("input[name=search]").sendKeys("88");
        assertEquals(List.of(), units());
        assertTrue(find(".none").isDisplayed());
    }

    @Test
    void aUnitHasItsNumbersAndItsImagesWithTheirMasks() {
        open(twelve);
        WebElement unit = find(".unit");
        for (String text :
                List.of("zebra", "unit 1, object", "0.300", "precision", "0.200", "recall", "0.100", "1.25")) {
            assertTrue(unit.getText().contains(text), text + " in " + unit.getText());
        }
        assertTrue(unit.findElement(By.cssSelector(".others")).getText().contains("leg 0.100"), unit.getText());
        List<WebElement> images = unit.findElements(By.cssSelector("img"));
        assertEquals(4, images.size());
        // activations of unit 0 are image * 7 modulo 6: image 5 has the greatest
        assertEquals("i5.png, activation 5.000", images.get(0).getDomAttribute("alt"));
        await(() -> Boolean.TRUE.equals(browser.executeScript(
                "return [...document.querySelectorAll('.unit img')].slice(0, 4).every(i => i.naturalWidth === 64)")));
        assertEquals(4, unit.findElements(By.cssSelector("svg path[d]")).size());
    }

    @Test
    void theSwitchDimsTheRestInsteadOfOutliningTheMask() {
        open(twelve);
        WebElement path = find(".tiles path");
        assertEquals("none", path.getCssValue("fill"));
        assertNotEquals("none", path.getCssValue("stroke"));
        find("input[value=dim]").click();
        assertNotEquals("none", path.getCssValue("fill"));
        assertEquals("none", path.getCssValue("stroke"));
        find("input[value=outline]").click();
        assertEquals("none", path.getCssValue("fill"));
    }

    @Test
    void anImageIsEnlargedByClickAndByKeyWithTheConceptsMask() {
        open(twelve);
        WebElement tile = find(".tiles button");
        WebElement dialog = find("dialog");
        tile.click();
        assertTrue(dialog.isDisplayed());
        assertEquals("Unit 1: zebra, image 1 of 4", find("#zoom-title").getText());
        assertTrue(find("dialog .text").getText().startsWith("i5.png, activation 5.000; the mask covers"));
        assertEquals(
                tile.findElement(By.cssSelector("path")).getDomAttribute("d"),
                find("dialog path.mask").getDomAttribute("d"));
        find("dialog .show-concept").click();
        await(() -> find("dialog .missing").isDisplayed()
                || !String.valueOf(find("dialog path.concept").getDomAttribute("d"))
                        .isEmpty());
        // in the upper half odd images have label 2, even ones the zebra
        assertEquals(
                "The concept is not on this image.", find("dialog .missing").getText());
        find("dialog .next").click();
        assertEquals("Unit 1: zebra, image 2 of 4", find("#zoom-title").getText());
        await(() -> "M0 0h8v4h-8z".equals(find("dialog path.concept").getDomAttribute("d")));
        find("dialog .show-mask").click();
        assertFalse(find("dialog path.mask").isDisplayed());
        find("dialog .show-mask").click();
        browser.switchTo().activeElement().sendKeys(Keys.ARROW_RIGHT);
        assertEquals("Unit 1: zebra, image 3 of 4", find("#zoom-title").getText());
        browser.switchTo().activeElement().sendKeys(Keys.ESCAPE);
        await(() -> !dialog.isDisplayed());
        browser.switchTo().activeElement().sendKeys(Keys.ENTER);
        await(dialog::isDisplayed);
        assertEquals("Unit 1: zebra, image 3 of 4", find("#zoom-title").getText(), "where the reader was");
        find("dialog .close").click();
        await(() -> !dialog.isDisplayed());
    }

    @Test
    void hostileAndLongNamesStayText() {
        open(twelve);
        assertNull(browser.executeScript("return window.hacked"));
        assertTrue(find(".unit[data-unit='2'] h3").getText().contains(SyntheticReport.HOSTILE));
        assertTrue(find("h1").getText().startsWith("net<b>.pt"));
        find(".unit[data-unit='2'] .tiles button").click();
        assertTrue(find("#zoom-title").getText().contains(SyntheticReport.HOSTILE));
        assertNull(browser.executeScript("return window.hacked"));
        assertEquals(
                true,
                browser.executeScript("return document.documentElement.scrollWidth <= window.innerWidth"),
                "nothing is wider than the window");
    }

    @Test
    void nothingComesFromTheNetworkAndNothingFails() {
        browser.manage().logs().get("browser"); // images of other pages
        open(twelve);
        Object strangers = browser.executeScript("return performance.getEntriesByType('resource').map(e => e.name)"
                + ".filter(n => !n.startsWith('file:')).join()");
        assertEquals("", strangers);
        List<String> errors = browser.manage().logs().get("browser").getAll().stream()
                .map(entry -> entry.getLevel() + " " + entry.getMessage())
                .toList();
        assertEquals(List.of(), errors);
    }

    @Test
    void aLayerWithoutDetectorsSaysSo() throws IOException {
        open(reports.write("none", reports.layer("conv", 5, 0, 3)));
        assertTrue(
                find("main").getText().contains("No unit of this layer is a detector: no unit's mask meets a label."));
        assertEquals(List.of(1, 2, 3, 4, 5), units());
        assertTrue(find(".unit h3").getText().contains("no label"));
        find(".tiles button").click();
        assertFalse(find("dialog .show-concept").isEnabled(), "there is no concept");
    }

    @Test
    void leastActivatingImagesAreARowOfTheirOwn() throws IOException {
        browser.manage().logs().get("browser"); // images of other pages
        open(reports.write("least", reports.layer("conv", 2, 0.5, 3, 2)));
        assertEquals(
                List.of("most activating", "least activating: activation 0 on 3 images, the first 2 shown"),
                browser.findElements(By.cssSelector(".unit[data-unit='1'] h4")).stream()
                        .map(WebElement::getText)
                        .toList());
        WebElement tile = find(".unit[data-unit='1'] .tiles[data-row='least activating'] button");
        assertEquals("", tile.findElement(By.cssSelector("path")).getDomAttribute("d"), "nothing to dim");
        tile.click();
        assertEquals(
                "Unit 1: zebra, least activating, image 1 of 2",
                find("#zoom-title").getText());
        assertEquals(
                "i0.png, activation 0.000; the mask covers 0.0 % of the image, IoU with the concept on this image 0.000.",
                find("dialog .text").getText());
        assertFalse(find("dialog .previous").isEnabled(), "the other row is not stepped into");
        find("dialog .next").click();
        assertFalse(find("dialog .next").isEnabled());
        assertEquals(List.of(), browser.manage().logs().get("browser").getAll());
        open(reports.write("least", reports.layer("conv", 2, 0.5, 0, 4)));
        assertEquals("least activating", find(".unit h4").getText());
        assertEquals(
                List.of(true, true, true, false),
                browser.findElements(By.cssSelector(".unit[data-unit='1'] path")).stream()
                        .map(path -> "".equals(path.getDomAttribute("d")))
                        .toList(),
                "a mask where there is one");
        open(twelve);
        assertEquals(0, browser.findElements(By.cssSelector("h4")).size());
    }

    @Test
    void oneUnitOneImageAndNoImages() throws IOException {
        SyntheticReport small = new SyntheticReport(folder.resolve("small"), 1);
        open(small.write("one", small.layer("conv", 1, 0.5, 10)));
        assertEquals(List.of(1), units());
        assertEquals(1, browser.findElements(By.cssSelector(".tiles img")).size());
        find(".tiles button").click();
        assertFalse(find("dialog .next").isEnabled() || find("dialog .previous").isEnabled());
        open(small.write("one", small.layer("conv", 1, 0.5, 0)));
        assertEquals(0, browser.findElements(By.cssSelector(".tiles img")).size());
        assertTrue(find(".unit").isDisplayed());
    }

    @Test
    void anImageThatIsGoneIsNamedAndTheRestIsShown() throws IOException {
        SyntheticReport broken = new SyntheticReport(folder.resolve("broken"), 3);
        Files.delete(folder.resolve("broken/probe/images/i1.png"));
        open(broken.write("out", broken.layer("conv", 2, 0.5, 3)));
        String note = find("header .note").getText();
        assertTrue(note.startsWith("1 of 3 images shown cannot be read") && note.contains("i1.png"), note);
        assertEquals(List.of(note), broken.notes());
        assertEquals(6, browser.findElements(By.cssSelector(".tiles img")).size());
        assertTrue(Files.exists(folder.resolve("broken/out/report/images/000001.jpg")));
        assertFalse(Files.exists(folder.resolve("broken/out/report/images/000002.jpg")));
    }

    @Test
    void severalLayersHavePagesOfTheirOwn() throws IOException {
        open(reports.write("layers", reports.layer("a.b", 3, 0.3, 2), reports.layer("100%", 4, 0.2, 2)));
        assertEquals(0, browser.findElements(By.cssSelector(".unit")).size());
        assertEquals(
                2,
                browser.findElements(By.cssSelector("#layers ~ .scroll tbody tr"))
                        .size());
        browser.findElement(By.linkText("100%")).click();
        assertEquals(List.of(1, 2, 4, 3), units());
        await(() -> Boolean.TRUE.equals(
                browser.executeScript("return document.querySelector('.unit img').naturalWidth === 64")));
        find(".tiles button").click();
        find("dialog .show-concept").click();
        await(() -> find("dialog .missing").isDisplayed()
                || !String.valueOf(find("dialog path.concept").getDomAttribute("d"))
                        .isEmpty());
        assertFalse(find("dialog .missing").getText().contains("beside this page"), "its script is found");
        find("dialog .close").click();
        browser.findElement(By.linkText("All layers")).click();
        assertEquals("net<b>.pt", find("h1").getText());
    }

    @Test
    void twoThousandUnitsSortAndFilter() throws IOException {
        open(reports.write("many", reports.layer("conv", 2048, 0.5, 6)));
        assertEquals("2048 of 2048 units", find(".count").getText());
        select("category", "scene");
        String scenes = find(".count").getText();
        assertEquals("273 of 2048 units", scenes);
        select("category", "");
        select("sort", "unit");
        assertEquals("1", find(".unit").getDomAttribute("data-unit"));
        assertEquals(
                true,
                browser.executeScript(
                        "return performance.getEntriesByType('resource').filter(e => e.name.endsWith('.jpg')).length <= 6"),
                "each image is loaded once");
    }
}
