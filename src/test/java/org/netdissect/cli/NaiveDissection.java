package org.netdissect.cli;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.imageio.ImageIO;

/**
 * Slow and simple Network Dissection without any code of the program, from files only: activations.npy, index.csv,
 * category.csv, c_*.csv and the label PNGs. Tables must have no quoted cells.
 */
final class NaiveDissection {
    private final Path probe;
    private final double centre;
    private final double stride;
    private final boolean lower;
    private final int images;
    private final int units;
    private final int height;
    private final int width;
    private final float[] values;
    private final List<String> categories = new ArrayList<>();
    /** position of the primary category by label number */
    private final Map<Integer, Integer> primary = new HashMap<>();

    private final Map<Integer, Long> truth = new TreeMap<>();
    final List<Map<Integer, Long>> intersect = new ArrayList<>();
    final long[][] activation;
    final float[] thresholds;

    /** Resizes maps with half-pixel centres. */
    NaiveDissection(Path probe, Path activations, double topFraction) throws IOException {
        this(probe, activations, topFraction, Double.NaN, Double.NaN, false);
    }

    /** Resizes maps with cells at {@code centre + i * stride} image pixels, in rows and columns. */
    NaiveDissection(Path probe, Path activations, double topFraction, double centre, double stride) throws IOException {
        this(probe, activations, topFraction, centre, stride, false);
    }

    /** With {@code lower} a mask holds the pixels below the threshold, whose rank is counted from below. */
    NaiveDissection(Path probe, Path activations, double topFraction, double centre, double stride, boolean lower)
            throws IOException {
        this.lower = lower;
        this.probe = probe;
        this.centre = centre;
        this.stride = stride;
        ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(activations)).order(ByteOrder.LITTLE_ENDIAN);
        int header = file.getShort(8);
        String text = new String(file.array(), 10, header, StandardCharsets.US_ASCII);
        String[] shape =
                text.substring(text.indexOf('(') + 1, text.indexOf(')')).split(", ", -1);
        this.images = Integer.parseInt(shape[0]);
        this.units = Integer.parseInt(shape[1]);
        this.height = Integer.parseInt(shape[2]);
        this.width = Integer.parseInt(shape[3]);
        this.values = new float[images * units * height * width];
        file.position(10 + header)
                .slice()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(values);
        readCategories();
        this.activation = new long[units][categories.size()];
        this.thresholds = new float[units];
        for (int unit = 0; unit < units; unit++) {
            thresholds[unit] = threshold(unit, topFraction);
            intersect.add(new TreeMap<>());
        }
        count();
    }

    List<String> categories() {
        return categories;
    }

    long truth(int label) {
        return truth.getOrDefault(label, 0L);
    }

    int primary(int label) {
        return primary.getOrDefault(label, categories.size() - 1);
    }

    private float at(int image, int unit, int y, int x) {
        return values[((image * units + unit) * height + y) * width + x];
    }

    private float threshold(int unit, double topFraction) {
        float[] all = new float[images * height * width];
        for (int i = 0; i < all.length; i++) {
            int cell = i % (height * width);
            all[i] = at(i / (height * width), unit, cell / width, cell % width);
        }
        Arrays.sort(all);
        int rank = (int) Math.floor(topFraction * all.length + 1e-9);
        return all[lower ? rank : all.length - 1 - rank];
    }

    private void readCategories() throws IOException {
        for (String line : Files.readAllLines(probe.resolve("category.csv")).stream()
                .skip(1)
                .toList()) {
            categories.add(line.substring(0, line.indexOf(',')));
        }
        Map<Integer, Double> best = new HashMap<>();
        for (int category = 0; category < categories.size(); category++) {
            List<String> lines = Files.readAllLines(probe.resolve("c_" + categories.get(category) + ".csv"));
            for (String line : lines.subList(1, lines.size())) {
                String[] cells = line.split(",", -1);
                double coverage = Double.parseDouble(cells[4]);
                int number = Integer.parseInt(cells[1]);
                if (coverage >= best.getOrDefault(number, 0.0)) {
                    best.put(number, coverage);
                    primary.put(number, category);
                }
            }
        }
    }

    private void count() throws IOException {
        List<String> lines = Files.readAllLines(probe.resolve("index.csv"));
        List<String> columns = Arrays.asList(lines.get(0).split(",", -1));
        for (int image = 0; image < images; image++) {
            String[] cells = lines.get(image + 1).split(",", -1);
            int sh = Integer.parseInt(cells[columns.indexOf("sh")]);
            int sw = Integer.parseInt(cells[columns.indexOf("sw")]);
            int ih = Integer.parseInt(cells[columns.indexOf("ih")]);
            int iw = Integer.parseInt(cells[columns.indexOf("iw")]);
            Map<Integer, boolean[]> labels = new TreeMap<>();
            for (String category : categories) {
                for (String cell : cells[columns.indexOf(category)].split(";", -1)) {
                    mark(cell, sh, sw, labels);
                }
            }
            labels.remove(0);
            labels.forEach((label, pixels) -> truth.merge(label, count(pixels, null), Long::sum));
            for (int unit = 0; unit < units; unit++) {
                count(unit, mask(image, unit, sh, sw, ih, iw), labels);
            }
        }
    }

    private void count(int unit, boolean[] mask, Map<Integer, boolean[]> labels) {
        boolean[] present = new boolean[categories.size()];
        labels.forEach((label, pixels) -> {
            intersect.get(unit).merge(label, count(mask, pixels), Long::sum);
            present[primary(label)] = true;
        });
        for (int category = 0; category < present.length; category++) {
            activation[unit][category] += present[category] ? count(mask, null) : 0;
        }
    }

    private static long count(boolean[] mask, boolean @org.jspecify.annotations.Nullable [] other) {
        long count = 0;
        for (int i = 0; i < mask.length; i++) {
            count += mask[i] && (other == null || other[i]) ? 1 : 0;
        }
        return count;
    }

    private void mark(String cell, int sh, int sw, Map<Integer, boolean[]> labels) throws IOException {
        if (cell.isEmpty()) {
            return;
        }
        if (cell.chars().allMatch(Character::isDigit)) {
            boolean[] all = new boolean[sh * sw];
            Arrays.fill(all, true);
            labels.put(Integer.parseInt(cell), all);
            return;
        }
        BufferedImage image = ImageIO.read(probe.resolve("images").resolve(cell).toFile());
        Raster raster = image.getRaster();
        for (int pixel = 0; pixel < sh * sw; pixel++) {
            int number =
                    raster.getSample(pixel % sw, pixel / sw, 0) + 256 * raster.getSample(pixel % sw, pixel / sw, 1);
            labels.computeIfAbsent(number, n -> new boolean[sh * sw])[pixel] = true;
        }
    }

    private double place(int pixel, int cells, int labels, int imagePixels) {
        return Double.isNaN(stride)
                ? (pixel + 0.5) * cells / labels - 0.5
                : ((pixel + 0.5) * imagePixels / labels - 0.5 - centre) / stride;
    }

    /** Mask M_k(x) on a grid of {@code sh} x {@code sw}. */
    boolean[] mask(int image, int unit, int sh, int sw, int ih, int iw) {
        boolean[] mask = new boolean[sh * sw];
        for (int pixel = 0; pixel < mask.length; pixel++) {
            int row = pixel / sw;
            double v = Math.min(Math.max(place(row, height, sh, ih), 0), height - 1);
            double u = Math.min(Math.max(place(pixel % sw, width, sw, iw), 0), width - 1);
            int y = (int) v;
            int x = (int) u;
            int y1 = Math.min(y + 1, height - 1);
            int x1 = Math.min(x + 1, width - 1);
            double top = at(image, unit, y, x) + (u - x) * ((double) at(image, unit, y, x1) - at(image, unit, y, x));
            double low = at(image, unit, y1, x) + (u - x) * ((double) at(image, unit, y1, x1) - at(image, unit, y1, x));
            double value = top + (v - y) * (low - top);
            mask[pixel] = lower ? value < thresholds[unit] : value > thresholds[unit];
        }
        return mask;
    }
}
