package org.netdissect.result;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.netdissect.base.FileNames;
import org.netdissect.result.Visualized.Objective;
import org.netdissect.result.Visualized.State;

/** A layer's folder of made-up visualisations of channels, as {@code netdissect visualize} writes it. */
public final class MadeImages {
    private final Path folder;
    private final List<Visualized> rows = new ArrayList<>();

    /** A layer's folder in {@code out}. */
    public MadeImages(Path out, String layer) throws IOException {
        this.folder = Files.createDirectories(out.resolve(FileNames.of(layer)));
    }

    /** A row with the best values. */
    public static Visualized row(int channel, boolean negative, int variant) {
        return new Visualized(
                Visualized.image(Objective.CHANNEL, channel, negative, variant),
                Objective.CHANNEL,
                channel,
                "",
                negative,
                variant,
                0,
                128,
                0.5,
                negative ? -4.0 : 12.0,
                negative ? -1.0 : 4.0,
                negative ? -2.0 : 10.0,
                0.75,
                1.25,
                State.MOVED,
                "");
    }

    /** Adds an image of 48 x 48 pixels in one colour. */
    public MadeImages add(int channel, boolean negative, int variant, int rgb) throws IOException {
        Visualized row = row(channel, negative, variant);
        rows.add(row);
        BufferedImage image = new BufferedImage(48, 48, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 48 * 48; i++) {
            image.setRGB(i % 48, i / 48, rgb);
        }
        ImageIO.write(image, "png", folder.resolve(row.file()).toFile());
        Files.writeString(folder.resolve(VisualizationTable.NAME), VisualizationTable.csv(rows));
        return this;
    }
}
