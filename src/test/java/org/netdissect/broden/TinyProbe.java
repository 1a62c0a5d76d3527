package org.netdissect.broden;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import org.netdissect.base.GridSize;

/**
 * Makes a tiny probe set by hand, for the tests of all packages. Coverage defaults to 0; images are PNGs of one colour
 * or as drawn.
 *
 * <pre>
 * ProbeSet probe = TinyProbe.in(folder)
 *         .category("object").category("scene")
 *         .label(1, "cat", "object", 2.5).label(2, "street-s", "scene", 1)
 *         .image("a.png", "train", new GridSize(4, 4), 0xFF0000, new GridSize(2, 2))
 *         .plane("object", "1 0", "0 1").cell("scene", "2")
 *         .open();
 * </pre>
 */
public final class TinyProbe {
    private final Path folder;
    private final List<String> categories = new ArrayList<>();
    private final Map<Integer, String> labels = new LinkedHashMap<>();
    private final Map<String, List<String>> coverage = new LinkedHashMap<>();
    private final List<Row> rows = new ArrayList<>();

    private record Row(
            String file, String split, GridSize imageSize, GridSize labelSize, Map<String, List<String>> cells) {}

    private TinyProbe(Path folder) {
        this.folder = folder;
    }

    /**
     * Starts an empty probe set; images and planes are written to {@code folder} when added, tables by {@link #write}.
     */
    public static TinyProbe in(Path folder) {
        return new TinyProbe(folder);
    }

    /** Adds the next category of category.csv. */
    public TinyProbe category(String name) {
        categories.add(name);
        coverage.put(name, new ArrayList<>());
        return this;
    }

    /** Adds a label to label.csv and to the c_CATEGORY.csv of an earlier category. */
    public TinyProbe label(int number, String name, String category, double amount) {
        labels.put(number, name);
        return coverage(number, category, amount);
    }

    /** Lists a label in one more c_CATEGORY.csv. */
    public TinyProbe coverage(int number, String category, double amount) {
        List<String> table = Objects.requireNonNull(coverage.get(category), () -> "no category " + category + " yet");
        table.add((table.size() + 1) + "," + number + "," + labels.get(number) + ",1," + amount);
        return this;
    }

    /** Adds an image of one colour 0xRRGGBB; {@link #plane} and {@link #cell} then refer to this image. */
    public TinyProbe image(String file, String split, GridSize size, int colour, GridSize labelSize) {
        BufferedImage pixels = new BufferedImage(size.width(), size.height(), BufferedImage.TYPE_3BYTE_BGR);
        for (int y = 0; y < size.height(); y++) {
            for (int x = 0; x < size.width(); x++) {
                pixels.setRGB(x, y, colour);
            }
        }
        return image(file, split, pixels, labelSize);
    }

    /** Adds an image with these pixels. */
    public TinyProbe image(String file, String split, BufferedImage pixels, GridSize labelSize) {
        writePng(file, pixels);
        GridSize size = new GridSize(pixels.getHeight(), pixels.getWidth());
        rows.add(new Row(file, split, size, labelSize, new LinkedHashMap<>()));
        return this;
    }

    /** Adds a plane to the category's cell: label numbers separated by blanks, a string for each row. */
    public TinyProbe plane(String category, String... grid) {
        String file =
                "plane" + rows.size() + "_" + category + "_" + cells(category).size() + ".png";
        writePng(file, drawPlane(grid));
        return cell(category, file);
    }

    /** Adds an entry to the category's cell. */
    public TinyProbe cell(String category, String entry) {
        cells(category).add(entry);
        return this;
    }

    private List<String> cells(String category) {
        return rows.get(rows.size() - 1).cells().computeIfAbsent(category, name -> new ArrayList<>());
    }

    /** RGB image of label numbers in Broden's encoding. */
    public static BufferedImage drawPlane(String... grid) {
        int width = grid[0].trim().split("\\s+", -1).length;
        BufferedImage image = new BufferedImage(width, grid.length, BufferedImage.TYPE_3BYTE_BGR);
        for (int y = 0; y < grid.length; y++) {
            String[] numbers = grid[y].trim().split("\\s+", -1);
            for (int x = 0; x < width; x++) {
                int number = Integer.parseInt(numbers[x]);
                image.setRGB(x, y, ((number & 0xFF) << 16) | (number & 0xFF00));
            }
        }
        return image;
    }

    private void writePng(String file, BufferedImage image) {
        try {
            Path path = folder.resolve("images").resolve(file);
            Files.createDirectories(path.getParent());
            ImageIO.write(image, "png", path.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes the tables and returns the folder. */
    public Path write() throws IOException {
        Files.createDirectories(folder.resolve("images"));
        List<String> names = categories.stream().map(name -> name + ",,,,").toList();
        writeTable("category.csv", "name,first,last,count,frequency", names);
        List<String> numbered = labels.entrySet().stream()
                .map(label -> label.getKey() + "," + label.getValue() + ",,,,")
                .toList();
        writeTable("label.csv", "number,name,category,frequency,coverage,syns", numbered);
        for (Map.Entry<String, List<String>> table : coverage.entrySet()) {
            writeTable("c_" + table.getKey() + ".csv", "code,number,name,frequency,coverage", table.getValue());
        }
        String header = "image,split,ih,iw,sh,sw"
                + categories.stream().map(c -> "," + c).collect(Collectors.joining());
        writeTable("index.csv", header, rows.stream().map(this::indexRow).toList());
        return folder;
    }

    private String indexRow(Row row) {
        StringBuilder text = new StringBuilder(row.file() + "," + row.split());
        for (GridSize size : List.of(row.imageSize(), row.labelSize())) {
            text.append(',').append(size.height()).append(',').append(size.width());
        }
        for (String category : categories) {
            text.append(',').append(String.join(";", row.cells().getOrDefault(category, List.of())));
        }
        return text.toString();
    }

    private void writeTable(String file, String header, List<String> lines) throws IOException {
        Files.writeString(folder.resolve(file), header + "\n" + String.join("\n", lines) + "\n");
    }

    /** Writes the tables and opens the probe set. */
    public ProbeSet open() throws IOException {
        return ProbeSet.open(write());
    }
}
