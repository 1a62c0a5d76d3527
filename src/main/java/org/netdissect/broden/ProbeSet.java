package org.netdissect.broden;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.netdissect.base.Digests;
import org.netdissect.base.GridSize;
import org.netdissect.base.InputException;
import org.netdissect.base.Workers;
import org.netdissect.image.BadRasterException;
import org.netdissect.image.PlaneEncoding;
import org.netdissect.image.Rasters;
import org.netdissect.images.ImageSource;
import org.netdissect.labels.Category;
import org.netdissect.labels.LabelMap;
import org.netdissect.labels.LabelReading;
import org.netdissect.labels.LabelSource;
import org.netdissect.labels.LabelTable;
import org.netdissect.table.Fault;

/** One Broden probe set on disk: its tables in memory, its images and label planes read on demand. Thread-safe. */
public final class ProbeSet implements ImageSource, LabelSource {
    static final String IMAGES = "images";

    private final Path folder;
    private final PlaneEncoding planes;
    private final List<String> tables; // files that tablesDigest covers, the same for every selection
    private final List<Category> categories;
    private final LabelTable labels;
    private final List<ProbeImage> images;

    ProbeSet(
            Path folder,
            PlaneEncoding planes,
            List<String> tables,
            List<Category> categories,
            LabelTable labels,
            List<ProbeImage> images) {
        this.folder = folder;
        this.planes = planes;
        this.tables = List.copyOf(tables);
        this.categories = List.copyOf(categories);
        this.labels = labels;
        this.images = List.copyOf(images);
    }

    /** Reads the tables of a probe set in Broden's own encoding and ignores contradictions in them. */
    public static ProbeSet open(Path folder) throws IOException {
        return open(folder, PlaneEncoding.BRODEN, doubt -> {});
    }

    /**
     * Reads the tables; images and planes are opened later.
     *
     * @param planes encoding of the label planes
     * @param doubts receives contradictions that do not stop a reader, such as a repeated row
     * @throws InputException at the first fault that stops a reader, with file and row
     */
    public static ProbeSet open(Path folder, PlaneEncoding planes, Consumer<Fault> doubts) throws IOException {
        ProbeTables read = ProbeTables.read(folder, new StopAtFirst(folder, planes, doubts));
        List<Category> categories = Objects.requireNonNull(read.categories(), "a missing table was thrown");
        LabelTable labels = Objects.requireNonNull(read.labels(), "a missing table was thrown");
        List<String> tables = new ArrayList<>(List.of(CategoryReader.FILE, LabelTableReader.FILE, IndexReader.FILE));
        categories.forEach(category -> tables.add(LabelTableReader.coverageFile(category.name())));
        return new ProbeSet(folder, planes, tables, categories, labels, read.images());
    }

    public Path folder() {
        return folder;
    }

    public PlaneEncoding planeEncoding() {
        return planes;
    }

    /** The categories in use, in the order of category.csv. */
    @Override
    public List<Category> categories() {
        return categories;
    }

    /** The labels of label.csv. */
    @Override
    public LabelTable labels() {
        return labels;
    }

    /** The images in use, in the order of index.csv. */
    public List<ProbeImage> images() {
        return images;
    }

    /** The split of each image in use. */
    public List<String> splits() {
        return images.stream().map(ProbeImage::split).toList();
    }

    @Override
    public int count() {
        return images.size();
    }

    @Override
    public GridSize imageSize(int image) {
        return images.get(image).imageSize();
    }

    @Override
    public GridSize labelSize(int image) {
        return images.get(image).labelSize();
    }

    /** The image's file, below {@code images/}. */
    @Override
    public String name(int image) {
        return images.get(image).file();
    }

    @Override
    public int mostLabelsPerPixel(int image) {
        return images.get(image).cells().stream().mapToInt(List::size).sum();
    }

    @Override
    public byte[] rgb(int image) throws IOException {
        return Rasters.readRgb(imageFile(images.get(image)), imageSize(image));
    }

    @Override
    public Optional<byte[]> file(int image, long mostBytes) throws IOException {
        Path file = imageFile(images.get(image));
        boolean taken = Files.isRegularFile(file) && Files.size(file) <= mostBytes;
        return taken ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
    }

    @Override
    public InputException refusal(int image, String problem) {
        return new InputException(place(image) + "image " + name(image) + " " + problem);
    }

    @Override
    public InputException unreadable(int image, InputException cause) {
        return new InputException(
                place(image) + cause.getMessage() + "; 'netdissect check " + folder
                        + "' lists every fault, --skip-unreadable leaves such images out",
                cause);
    }

    private String place(int image) {
        return IndexReader.FILE + ":" + images.get(image).row() + ": ";
    }

    /**
     * Selects images and categories. Other categories are removed from {@link #categories}, from the images' cells and
     * from the labels' primary categories.
     *
     * @throws InputException for a split or category that does not exist, and where no image or no label is left
     */
    public ProbeSet select(ImageSelection selection) {
        return Selector.select(this, tables, selection);
    }

    /** The probe set without the images of these rows of index.csv. */
    public ProbeSet without(Set<Integer> rows) {
        return withImages(
                images.stream().filter(image -> !rows.contains(image.row())).toList());
    }

    ProbeSet withImages(List<ProbeImage> some) {
        return new ProbeSet(folder, planes, tables, categories, labels, some);
    }

    public Path imageFile(ProbeImage image) {
        return folder.resolve(IMAGES).resolve(image.file());
    }

    /** Name of a file of index.csv in messages. */
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
        return readLabels(image, LabelReading.STANDARD);
    }

    @Override
    public LabelMap readLabels(int image, LabelReading reading) throws IOException {
        return readLabels(images.get(image), reading);
    }

    /** Decodes the label planes as {@link #readLabels(ProbeImage)} does, with another reading. */
    public LabelMap readLabels(ProbeImage image, LabelReading reading) throws IOException {
        List<char[]> read = new ArrayList<>();
        List<Integer> scalars = new ArrayList<>();
        for (Category category : categories) {
            for (Cell cell : image.cells().get(category.position())) {
                if (cell instanceof Cell.Plane plane) {
                    read.add(readPlane(image, category, plane));
                } else if (cell instanceof Cell.Scalar scalar) {
                    scalars.add(scalar.number());
                }
            }
        }
        int[] numbers = scalars.stream().mapToInt(Integer::intValue).toArray();
        return LabelMap.of(image.labelSize(), numbers, read, reading);
    }

    /**
     * Reads one plane of each category, which finds planes of another encoding before the forward pass. Throws as
     * {@link #readLabels} does.
     */
    public void tryPlanes() {
        for (Category category : categories) {
            for (ProbeImage image : images) {
                Optional<Cell> first = image.cells().get(category.position()).stream()
                        .filter(Cell.Plane.class::isInstance)
                        .findFirst();
                if (first.isPresent()) {
                    readPlane(image, category, (Cell.Plane) first.get());
                    break;
                }
            }
        }
    }

    private char[] readPlane(ProbeImage image, Category category, Cell.Plane plane) {
        try {
            char[] numbers = LabelPlane.decode(Rasters.bytes(planeFile(plane)), image.labelSize(), planes);
            LabelPlane.expectLabels(numbers, labels::isLabel);
            return numbers;
        } catch (BadRasterException e) {
            throw refusal(image, category.name(), plane.file(), String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * SHA-256 over the names of the images in use, in order, with checksums of their bytes.
     *
     * @param threads how many files are read at a time
     */
    @Override
    public String imagesDigest(int threads) throws IOException {
        String[] digests = new String[images.size()];
        Workers.run(threads, digests.length, () -> i -> digests[i] = checksums(images.get(i)));
        MessageDigest digest = Digests.sha256();
        for (int i = 0; i < digests.length; i++) {
            String line = images.get(i).file() + "\n" + digests[i] + "\n";
            digest.update(line.getBytes(StandardCharsets.UTF_8));
        }
        return Digests.hex(digest);
    }

    private String checksums(ProbeImage image) {
        Path file = imageFile(image);
        if (!Files.isRegularFile(file)) {
            throw refusal(image, "image", image.file(), "no such file", null);
        }
        try {
            return Digests.checksumsOf(file);
        } catch (IOException e) {
            throw refusal(image, "image", image.file(), Rasters.unreadable(e), e);
        }
    }

    private InputException refusal(
            ProbeImage image, String column, String file, String message, @Nullable Throwable cause) {
        Fault fault = new Fault(IndexReader.FILE, image.row(), column, name(file) + ": " + message);
        return new StopAtFirst(folder, planes, doubt -> {}).error(fault, cause);
    }

    /**
     * SHA-256 over the categories and rows in use, in order, with checksums of the tables and of the label planes in
     * use.
     *
     * @param threads how many files are read at a time
     * @throws IOException where a table or plane cannot be read
     */
    @Override
    public String labelsDigest(int threads) throws IOException {
        return LabelsDigest.of(this, threads);
    }

    /** All CSV tables; they do not depend on the selection. */
    List<Path> tableFiles() {
        return tables.stream().map(folder::resolve).toList();
    }

    /** SHA-256 over all CSV tables; it does not depend on the selection. */
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
