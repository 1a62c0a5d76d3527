package org.netdissect.report;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/** A Chromium without a window, as Debian's packages chromium and chromium-driver install it. */
final class Browser {
    private static final List<String> BROWSERS = List.of("chromium", "chromium-browser", "google-chrome");
    private static final String DRIVER = "chromedriver";

    private Browser() {}

    /** Starts it with an empty profile; skips the test where browser or driver are not there. */
    static ChromeDriver start(Path profile, String... more) {
        Optional<Path> browser =
                BROWSERS.stream().flatMap(name -> find(name).stream()).findFirst();
        Optional<Path> driver = find(DRIVER);
        assumeTrue(
                browser.isPresent() && driver.isPresent(),
                "skipped: no Chromium with its driver (Debian: apt-get install chromium chromium-driver)");
        ChromeOptions options = new ChromeOptions();
        options.setBinary(browser.orElseThrow().toFile());
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--window-size=1300,900",
                "--user-data-dir=" + profile);
        options.addArguments(more);
        // with its path given, selenium looks for no driver and downloads none
        return new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(driver.orElseThrow().toFile())
                        .usingAnyFreePort()
                        .build(),
                options);
    }

    private static Optional<Path> find(String name) {
        String path = System.getenv("PATH");
        return List.of((path == null ? "/usr/bin" : path).split(":")).stream()
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
