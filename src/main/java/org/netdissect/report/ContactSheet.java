package org.netdissect.report;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.jspecify.annotations.Nullable;
import org.netdissect.base.SafeFiles;
import org.netdissect.report.SheetPictures.Picture;
import org.netdissect.report.chart.ChartFiles;
import org.netdissect.result.Visualized;

/** A contact sheet as PNG: the first image of each unit with its number and label. */
final class ContactSheet {
    /** Longest side of a thumbnail, in pixels. */
    static final int SIDE = 96;
    /** Longest side in a sheet that would otherwise take gigabytes. */
    private static final int SMALL_SIDE = 48;

    private static final int MOST_LARGE = 1024;
    private static final int GAP = 8;
    private static final int LINE = 14;
    private static final int HEADING = 30;
    private static final int SWATCH = 8;
    private static final Color INK = new Color(0x1c1f23);
    private static final Color SOFT = new Color(0x5b636d);
    private static final Color EMPTY = new Color(0xe4e6e9);

    private final String heading;
    private final int side;
    private final int columns;
    private final int lines;
    /** A Java without fonts draws the images alone. */
    private final boolean hasText = ChartFiles.obstacle().isEmpty();

    /**
     * A sheet.
     *
     * @param expected number of units when all are there, so that a growing sheet keeps its columns
     */
    ContactSheet(String heading, int expected, boolean hasLabels) {
        this.heading = heading;
        this.side = side(expected);
        this.columns = Math.max(1, (int) Math.ceil(Math.sqrt(2.0 * expected)));
        this.lines = hasLabels && side == SIDE ? 2 : 1;
    }

    /** Longest side of thumbnails in a sheet of so many units. */
    static int side(int expected) {
        return expected <= MOST_LARGE ? SIDE : SMALL_SIDE;
    }

    /** Writes the sheet. */
    void write(Path file, List<SheetUnit> units, SheetPictures pictures) throws IOException {
        BufferedImage sheet = draw(units, pictures);
        SafeFiles.write(file, out -> {
            try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
                if (!ImageIO.write(sheet, "png", stream)) {
                    throw new IllegalStateException("this Java has no PNG writer");
                }
            }
        });
    }

    private BufferedImage draw(List<SheetUnit> units, SheetPictures pictures) throws IOException {
        int rows = Math.max(1, (units.size() + columns - 1) / columns);
        int height = side + lines * LINE + GAP;
        BufferedImage sheet = new BufferedImage(
                GAP + columns * (side + GAP), HEADING + rows * height + GAP, BufferedImage.TYPE_3BYTE_BGR);
        Graphics2D graphics = sheet.createGraphics();
        try {
            graphics.setColor(Color.WHITE);
            graphics.fillRect(0, 0, sheet.getWidth(), sheet.getHeight());
            if (hasText) {
                graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
                text(graphics, Font.BOLD, INK, 14, heading, GAP, HEADING - 10, sheet.getWidth() - 2 * GAP);
            }
            for (int i = 0; i < units.size(); i++) {
                int x = GAP + i % columns * (side + GAP);
                int y = HEADING + i / columns * height;
                SheetUnit unit = units.get(i);
                drawPicture(graphics, pictures.find(unit.thumbnail()), x, y);
                if (hasText) {
                    drawCaption(graphics, unit, x, y + side);
                }
            }
        } finally {
            graphics.dispose();
        }
        return sheet;
    }

    private void drawPicture(Graphics2D graphics, @Nullable Picture picture, int x, int y) {
        if (picture == null) {
            graphics.setColor(EMPTY);
            graphics.fillRect(x, y, side, side);
        } else {
            BufferedImage image = picture.thumbnail();
            graphics.drawImage(image, x + (side - image.getWidth()) / 2, y + (side - image.getHeight()) / 2, null);
        }
    }

    private void drawCaption(Graphics2D graphics, SheetUnit unit, int x, int y) {
        String number = side < SIDE ? Integer.toString(unit.number()) : unit.subject();
        int used = text(graphics, Font.PLAIN, SOFT, 11, number, x, y + LINE - 3, side);
        if (side == SIDE) {
            boolean isWoken = unit.state().equals(Visualized.State.WOKEN.toString());
            boolean showsScore = !unit.iou().isEmpty() && (unit.state().isEmpty() || isWoken);
            String more = showsScore ? unit.iou() : unit.state();
            int width = graphics.getFontMetrics().stringWidth(more);
            if (used + SWATCH + width <= side) {
                text(graphics, Font.PLAIN, SOFT, 11, more, x + side - width, y + LINE - 3, width);
            }
        }
        if (lines > 1 && !unit.label().isEmpty()) {
            int indent = 0;
            if (!unit.category().isEmpty()) {
                graphics.setColor(Color.decode(unit.color()));
                graphics.fillRect(x, y + 2 * LINE - 3 - SWATCH, SWATCH, SWATCH);
                indent = SWATCH + 3;
            }
            boolean guess = unit.hasConcept() && !unit.detector();
            text(
                    graphics,
                    guess ? Font.ITALIC : Font.PLAIN,
                    guess ? SOFT : INK,
                    11,
                    unit.label(),
                    x + indent,
                    y + 2 * LINE - 3,
                    side - indent);
        }
    }

    /** Draws a line of at most this width, its end cut if need be, and returns its width. */
    private static int text(
            Graphics2D graphics, int style, Color color, int size, String text, int x, int y, int width) {
        graphics.setFont(new Font(Font.SANS_SERIF, style, size));
        graphics.setColor(color);
        FontMetrics metrics = graphics.getFontMetrics();
        String fitting = text;
        for (int end = text.length(); end > 0 && metrics.stringWidth(fitting) > width; ) {
            end = text.offsetByCodePoints(end, -1);
            fitting = text.substring(0, end) + "\u2026";
        }
        graphics.drawString(fitting, x, y);
        return metrics.stringWidth(fitting);
    }
}
