package org.netdissect.report.chart;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * A chart of a fixed size, for files and pages.
 *
 * @param name of its files, without extension; also part of the ids in its SVG, so that a page can hold several charts
 * @param title one sentence, for readers who cannot see the chart
 * @param width in points, 1/72 inch; one column of a paper has {@link ChartStyle#COLUMN}
 * @param height in points
 * @param drawing draws it on a transparent background
 */
public record Chart(String name, String title, double width, double height, Drawing drawing) {
    private static final double PNG_DOTS_PER_INCH = 300;
    private static final double POINTS_PER_INCH = 72;

    /** Draws a chart into an area. */
    @FunctionalInterface
    interface Drawing {
        void draw(Graphics2D graphics, Rectangle2D area);
    }

    /** The SVG file, with text as text. */
    String svg() {
        return SvgDrawing.draw(this).document();
    }

    /** The {@code svg} element for a page, with text and axes in the page's colour. */
    public String inlineSvg() {
        return SvgDrawing.draw(this).element();
    }

    /** The PNG file, 300 dots per inch on white. */
    byte[] png() {
        double scale = PNG_DOTS_PER_INCH / POINTS_PER_INCH;
        int columns = (int) Math.round(width * scale);
        int rows = (int) Math.round(height * scale);
        BufferedImage image = new BufferedImage(columns, rows, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        try {
            graphics.setColor(Color.WHITE);
            graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
            graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
            graphics.setRenderingHint(RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
            graphics.scale(scale, scale);
            drawing.draw(graphics, new Rectangle2D.Double(0, 0, width, height));
        } finally {
            graphics.dispose();
        }
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(file)) {
            if (!ImageIO.write(image, "png", out)) {
                throw new IllegalStateException("this Java has no PNG writer");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a byte array does not fail", e);
        }
        return file.toByteArray();
    }
}
