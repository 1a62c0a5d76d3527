package org.netdissect.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.BooleanSupplier;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netdissect.align.ActiveUnit;
import org.netdissect.align.Mask;
import org.netdissect.base.GridSize;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.support.ui.WebDriverWait;

/** The page of explain opened from disk in Chromium. */
class ExplanationBrowserTest {
    private static final GridSize INPUT = new GridSize(8, 8);
    private static final GridSize IMAGE = new GridSize(60, 120);
    private static final String HOSTILE = "a\"><img src=x onerror=window.hacked=1>&amp;%23.jpg";
    private static final int RED = 0xc80000;

    @TempDir
    static Path folder;

    @SuppressWarnings("NullAway.Init") // started before all tests, which are skipped without it
    private static ChromeDriver browser;

    @BeforeAll
    static void start() {
        browser = Browser.start(folder.resolve("profile"));
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.quit();
        }
    }

    /** Unit that is active on the upper left quarter. */
    private static ImageExplanation.Unit unit(int unit, String label, double score) {
        BitSet pixels = new BitSet();
        for (int y = 0; y < INPUT.height() / 2; y++) {
            pixels.set(y * INPUT.width(), y * INPUT.width() + INPUT.width() / 2);
        }
        ActiveUnit activity = new ActiveUnit(unit, 2, 3, Mask.of(INPUT, pixels));
        return new ImageExplanation.Unit(activity, "object", label, score, score > 0.04);
    }

    /** Opens the page of an explained red image. */
    private static void open(String image, ImageExplanation.Unit... units) throws IOException {
        ImageExplanation explanation = new ImageExplanation(
                "runs/net",
                "net.pt",
                image,
                IMAGE,
                INPUT,
                0.04,
                OptionalDouble.of(0.005),
                List.of("object"),
                List.of(new ImageExplanation.TopClass(3, HOSTILE, 0.875)),
                List.of(new ImageExplanation.Layer("conv5", 12, List.of(units), List.of(units))),
                null);
        byte[] rgb = new byte[IMAGE.cells() * 3];
        for (int i = 0; i < rgb.length; i += 3) {
            rgb[i] = (byte) (RED >> 16);
        }
        Path page = folder.resolve("page " + units.length + "%23.html");
        ExplanationPage.write(page, explanation, rgb, "1.0");
        browser.get(page.toUri().toString());
    }

    private static WebElement find(String selector) {
        return browser.findElement(By.cssSelector(selector));
    }

    private static void await(BooleanSupplier condition) {
        new WebDriverWait(browser, Duration.ofSeconds(60)).until(driver -> condition.getAsBoolean());
    }

    /** Colour on the screen at a point of an element, given as fractions of its sides. */
    private static int color(String selector, double x, double y) {
        try {
            BufferedImage seen =
                    ImageIO.read(new ByteArrayInputStream(find(selector).getScreenshotAs(OutputType.BYTES)));
            return seen.getRGB((int) (x * seen.getWidth()), (int) (y * seen.getHeight())) & 0xffffff;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static boolean isReddish(int rgb) {
        return Math.abs((rgb >> 16) - (RED >> 16)) < 12 && (rgb >> 8 & 0xff) < 12 && (rgb & 0xff) < 12;
    }

    @Test
    void theImageIsShownAndTheMaskOnItIsSwitched() throws IOException {
        open("a.jpg", unit(0, "cat", 0.2), unit(4, "dog", 0.01));
        await(() -> isReddish(color(".lead .seen", 0.5, 0.5)));
        assertTrue(isReddish(color(".unit .seen", 0.75, 0.75)), "the image behind each mask");
        assertTrue(isReddish(color(".unit .seen", 0.25, 0.25)), "the mask is outlined only");
        assertFalse(isReddish(color(".unit .seen", 0.5, 0.25)), "at its right edge");
        find("#dim").click();
        await(() -> !isReddish(color(".unit .seen", 0.75, 0.75)));
        assertTrue(isReddish(color(".unit .seen", 0.25, 0.25)), "the mask stays light");
        assertFalse(find(".unit path.outline").isDisplayed());
        find("#only").click();
        assertEquals(
                List.of("cat"),
                browser.findElements(By.cssSelector(".unit h3")).stream()
                        .filter(WebElement::isDisplayed)
                        .map(WebElement::getText)
                        .toList());
    }

    @Test
    void aUnitIsEnlargedByClickAndByKey() throws IOException {
        open("a.jpg", unit(0, "cat", 0.2), unit(4, "dog", 0.01), unit(7, "cow", 0.2));
        int small = find(".unit").getSize().getWidth();
        find(".larger").click();
        await(() -> find(".unit").getSize().getWidth() > 1.5 * small);
        find(".smaller").click();
        await(() -> find(".unit").getSize().getWidth() == small);
        find(".larger").sendKeys(Keys.ENTER);
        await(() -> find(".unit").getSize().getWidth() > 1.5 * small);
        find(".smaller").sendKeys(Keys.ENTER);
        await(() -> find(".unit").getSize().getWidth() == small);
        find("#dim").sendKeys(Keys.SPACE);
        await(() -> find(".unit path.shade").isDisplayed());
        find("body").sendKeys(Keys.TAB);
        assertNotEquals("BODY", browser.switchTo().activeElement().getTagName().toUpperCase(java.util.Locale.ROOT));
    }

    @Test
    void hostileNamesStayText() throws IOException {
        open(HOSTILE, unit(0, HOSTILE, 0.2));
        assertEquals(HOSTILE, find("h1").getText());
        assertTrue(
                find(".unit h3").getText().contains(HOSTILE), find(".unit h3").getText());
        assertTrue(find(".classes").getText().contains(HOSTILE));
        assertNull(browser.executeScript("return window.hacked"));
        assertEquals(
                true,
                browser.executeScript("return document.documentElement.scrollWidth <= window.innerWidth"),
                "nothing is wider than the window");
        assertEquals(
                "",
                browser.executeScript("return performance.getEntriesByType('resource').map(e => e.name)"
                        + ".filter(n => !n.startsWith('file:') && !n.startsWith('data:')).join()"));
    }

    @Test
    void anImageWithoutActiveUnitsSaysSo() throws IOException {
        open("a.jpg");
        assertEquals(
                "No unit of this layer is above its threshold anywhere in the image.",
                find("section .note").getText());
        assertEquals(0, browser.findElements(By.cssSelector(".unit")).size());
        await(() -> isReddish(color(".lead .seen", 0.5, 0.5)));
    }
}
