package org.netdissect.report.chart;

import java.awt.font.FontRenderContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.netdissect.base.SafeFiles;

/** Charts as files: {@code NAME.svg} and {@code NAME.png}. */
public final class ChartFiles {
    private ChartFiles() {}

    /** Holds the obstacle, since Java gives the reason for a failed class loading only once. */
    private static final class Found {
        static final Optional<String> OBSTACLE = find();
    }

    /** The reason why this machine cannot draw charts, such as a Java without fonts; empty if it can. */
    public static Optional<String> obstacle() {
        return Found.OBSTACLE;
    }

    private static Optional<String> find() {
        try {
            ChartStyle.font().getStringBounds("IoU", new FontRenderContext(null, true, true));
            return Optional.empty();
        } catch (RuntimeException | LinkageError | InternalError e) {
            return Optional.of("there are no charts, since this machine's Java cannot draw text (" + cause(e)
                    + "); install fonts and fontconfig, such as Debian's fonts-dejavu-core");
        }
    }

    /** The cause that Java's font classes wrap into errors without a message. */
    private static Throwable cause(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** Writes both files into {@code folder}, and returns the {@code svg} element for a page. */
    public static String write(Path folder, Chart chart) throws IOException {
        SvgDrawing.Svg svg = SvgDrawing.draw(chart);
        SafeFiles.write(folder.resolve(chart.name() + ".svg"), svg.document());
        byte[] png = chart.png();
        SafeFiles.write(folder.resolve(chart.name() + ".png"), out -> out.write(png));
        return svg.element();
    }
}
