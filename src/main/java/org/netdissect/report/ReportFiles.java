package org.netdissect.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.netdissect.base.FileNames;

/**
 * The files of a report in a run directory: {@code report.html}, and {@code report/} with images, charts, copies of
 * visualisations, the pages of single layers and the outlines of concepts.
 */
public final class ReportFiles {
    private static final String PAGE = "report.html";
    private static final String FOLDER = "report";
    private static final String IMAGES = "images";
    private static final String CHARTS = "charts";
    private static final String VISUALIZATIONS = "visualizations";
    private static final String CONCEPTS = "-concepts.js";
    private static final Pattern IMAGE_FILE = Pattern.compile("[0-9]{6,10}\\.jpg");
    private static final Pattern CHART_FILE = Pattern.compile(".+\\.(svg|png)");
    private static final Pattern VISUALIZATION_FILE = Pattern.compile(".+-[0-9]{4,}(-negative)?\\.png");
    private static final Pattern LAYER_FILE = Pattern.compile(".+(\\.html|-concepts\\.js)");

    private final Path out;

    public ReportFiles(Path out) {
        this.out = out;
    }

    /** The page to open. */
    Path page() {
        return out.resolve(PAGE);
    }

    Path folder() {
        return out.resolve(FOLDER);
    }

    Path images() {
        return folder().resolve(IMAGES);
    }

    Path charts() {
        return folder().resolve(CHARTS);
    }

    /** Copy of an image by optimisation. */
    Path visualization(String layer, String file) {
        return folder().resolve(VISUALIZATIONS).resolve(FileNames.of(layer) + "-" + file);
    }

    /** The file seen from the run directory if it is inside, and moves with it; links and dots are followed. */
    Optional<Path> inside(Path file) throws IOException {
        Path real = file.toRealPath();
        Path root = out.toRealPath();
        return real.startsWith(root) ? Optional.of(out.resolve(root.relativize(real))) : Optional.empty();
    }

    Path layerPage(String layer) {
        return folder().resolve(FileNames.of(layer) + ".html");
    }

    Path concepts(String layer) {
        return folder().resolve(FileNames.of(layer) + CONCEPTS);
    }

    /** Relative address of one of these files from a page. */
    static String address(Path page, Path file) {
        StringBuilder address = new StringBuilder();
        for (Path element : page.toAbsolutePath().resolveSibling("").relativize(file.toAbsolutePath())) {
            address.append(address.isEmpty() ? "" : "/")
                    .append(element.toString().replace("%", "%25"));
        }
        return address.toString();
    }

    /** Removes a report; other files and the folders that hold them stay. */
    public void clear() throws IOException {
        Files.deleteIfExists(page());
        clear(images(), IMAGE_FILE);
        clear(charts(), CHART_FILE);
        clear(folder().resolve(VISUALIZATIONS), VISUALIZATION_FILE);
        clear(folder(), LAYER_FILE);
    }

    private static void clear(Path folder, Pattern names) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        List<Path> files;
        try (Stream<Path> listed = Files.list(folder)) {
            files = listed.toList();
        }
        int left = files.size();
        for (Path file : files) {
            if (names.matcher(file.getFileName().toString()).matches() && Files.isRegularFile(file)) {
                Files.delete(file);
                left--;
            }
        }
        if (left == 0) {
            Files.delete(folder);
        }
    }
}
