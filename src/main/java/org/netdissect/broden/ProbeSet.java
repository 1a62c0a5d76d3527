package org.netdissect.broden;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.netdissect.base.Digests;
import org.netdissect.base.Fault;
import org.netdissect.base.InputException;
import org.netdissect.base.Workers;

/** One Broden probe set on disk: its tables in memory, its images and label planes read on demand. Thread-safe. */
public final class ProbeSet {
    static final String IMAGES = "images";

    private final Path folder;
    private final List<String> tables; // files that tablesDigest covers, the same for every selection
    private final List<Category> categories;
    private final LabelTable labels;
    private final List<ProbeImage> images;

    ProbeSet(Path folder, List<String> tables, List<Category> categories, LabelTable labels, List<ProbeImage> images) {
        this.folder = folder;
        this.tables = List.copyOf(tables);
        this.categories = List.copyOf(categories);
        this.labels = labels;
        this.images = List.copyOf(images);
    }

    /**
     * Reads the tables; images and planes are opened later.
     *
     * @throws InputException with file and row, at the first fault that keeps the probe set from being read
     */
    public static ProbeSet open(Path folder) throws IOException {
        ProbeTables read = ProbeTables.read(folder, new StopAtFirst(folder));
        List<Category> categories = Objects.requireNonNull(read.categories(), "a missing table was thrown");
        LabelTable labels = Objects.requireNonNull(read.labels(), "a missing table was thrown");
        List<String> tables = new ArrayList<>(List.of(CategoryReader.FILE, LabelTableReader.FILE, IndexReader.FILE));
        categories.forEach(category -> tables.add(LabelTableReader.coverageFile(category.name())));
        return new ProbeSet(folder, tables, categories, labels, read.images());
    }

    /** Where it was opened. */
    public Path folder() {
        return folder;
    }

    /** The categories in use, in the order of category.csv. */
    public List<Category> categories() {
        return categories;
    }

    /** What label numbers mean. */
    public LabelTable labels() {
        return labels;
    }

    /** The images in use, in the order of index.csv. */
    public List<ProbeImage> images() {
        return images;
    }

    /**
     * A narrower view. Categories that are not selected vanish from {@link #categories}, from the images' cells and
     * from the labels' primary categories.
     *
     * @throws InputException for a split or category that does not exist, and where no image or no label is left
     */
    public ProbeSet select(Selection selection) {
        return Selector.select(this, tables, selection);
    }

    /** The same without the images of these rows of index.csv. */
    public ProbeSet without(Set<Integer> rows) {
        return withImages(
                images.stream().filter(image -> !rows.contains(image.row())).toList());
    }

    ProbeSet withImages(List<ProbeImage> some) {
        return new ProbeSet(folder, tables, categories, labels, some);
    }

    /** The image's file. */
    public Path imageFile(ProbeImage image) {
        return folder.resolve(IMAGES).resolve(image.file());
    }

    /** How messages call a file of index.csv. */
    static String name(String file) {
        return IMAGES + "/" + file;
    }

    Path planeFile(Cell.Plane plane) {
        return folder.resolve(IMAGES).resolve(plane.file());
    }

    /**
     * Decodes the label planes of the categories in use.
     *
     * @throws InputException with row and file, for a plane that is missing, damaged, of another size than sh x sw, or
     *     holds a number that label.csv lacks
     */
    public LabelMap readLabels(ProbeImage image) throws IOException {
        return readLabels(image, LabelReading.USUAL);
    }

    /** The same, read in another way. */
    public LabelMap readLabels(ProbeImage image, LabelReading reading) throws IOException {
        List<char[]> planes = new ArrayList<>();
        List<Integer> scalars = new ArrayList<>();
        for (List<Cell> category : image.cells()) {
            for (Cell cell : category) {
                if (cell instanceof Cell.Plane plane) {
                    planes.add(readPlane(image, plane));
                } else if (cell instanceof Cell.Scalar scalar) {
                    scalars.add(scalar.number());
                }
            }
        }
        int[] numbers = scalars.stream().mapToInt(Integer::intValue).toArray();
        return LabelMap.of(image.labelSize(), numbers, planes, reading);
    }

    private char[] readPlane(ProbeImage image, Cell.Plane plane) throws IOException {
        try {
            char[] numbers = LabelPlane.decode(Rasters.bytes(planeFile(plane)), image.labelSize());
            LabelPlane.expectLabels(numbers, labels::isLabel);
            return numbers;
        } catch (BadRasterException e) {
            Fault fault = new Fault(IndexReader.FILE, image.row(), "", name(plane.file()) + ": " + e.getMessage());
            throw new StopAtFirst(folder).error(fault, e);
        }
    }

    /**
     * SHA-256 over the names of the images in use, in order, with checksums of their bytes: what the activations depend on.
     *
     * @param threads how many files are read at a time
     */
    public String imagesDigest(int threads) throws IOException {
        String[] digests = new String[images.size()];
        Workers.run(threads, digests.length, () -> i -> digests[i] = Digests.checksumsOf(existing(images.get(i))));
        MessageDigest digest = Digests.sha256();
        for (int i = 0; i < digests.length; i++) {
            String line = images.get(i).file() + "\n" + digests[i] + "\n";
            digest.update(line.getBytes(StandardCharsets.UTF_8));
        }
        return Digests.hex(digest);
    }

    private Path existing(ProbeImage image) {
        Path file = imageFile(image);
        if (!Files.isRegularFile(file)) {
            Fault fault = new Fault(IndexReader.FILE, image.row(), "image", name(image.file()) + ": no such file");
            throw new StopAtFirst(folder).error(fault, null);
        }
        return file;
    }

    /**
     * SHA-256 over what the labels of the images in use depend on: the categories and rows in use in their order, and
     * checksums of the bytes of the tables and of their label planes.
     *
     * @param threads how many files are read at a time
     * @throws IOException where a table or plane cannot be read
     */
    public String labelsDigest(int threads) throws IOException {
        return LabelsDigest.of(this, threads);
    }

    /** The CSV tables, whatever is selected. */
    List<Path> tableFiles() {
        return tables.stream().map(folder::resolve).toList();
    }

    /** SHA-256 over all CSV tables, whatever is selected: what labels mean. */
    public String tablesDigest() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (String table : tables) {
            lines.append(table)
                    .append('\n')
                    .append(Digests.ofFile(folder.resolve(table)))
                    .append('\n');
        }
        return Digests.ofText(lines.toString());
    }
}
