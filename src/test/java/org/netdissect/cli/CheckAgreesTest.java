package org.netdissect.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.netdissect.base.GridSize;
import org.netdissect.broden.TinyProbe;

/** Small mutations of a correct probe set in check and in dissect: both accept it, both warn, or both refuse it. */
class CheckAgreesTest {
    private static final Path MODEL = Path.of("broden-sample", "scenenet.pt");
    private static final String LFS = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 12345\n";

    @TempDir
    static Path folder;

    private static int probes;

    /** Result expected of both. */
    private enum Verdict {
        SOUND,
        DOUBTED,
        REFUSED
    }

    /** Changes a correct probe set. */
    @FunctionalInterface
    private interface Change {
        void to(Path probe) throws IOException;

        default Change andThen(Change next) {
            return probe -> {
                to(probe);
                next.to(probe);
            };
        }
    }

    /**
     * One mutation.
     *
     * @param options of both commands
     * @param said parts of a line that both print, with file and row
     */
    private record Mutation(String name, Verdict verdict, List<String> options, Change change, List<String> said) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Mutation sound(String name, Change change) {
        return new Mutation(name, Verdict.SOUND, List.of(), change, List.of());
    }

    private static Mutation doubted(String name, Change change, String... said) {
        return new Mutation(name, Verdict.DOUBTED, List.of(), change, List.of(said));
    }

    private static Mutation refused(String name, Change change, String... said) {
        return new Mutation(name, Verdict.REFUSED, List.of(), change, List.of(said));
    }

    private static Mutation byIndex(Mutation mutation) {
        List<String> options = List.of("--label-planes", "index");
        String name = mutation.name() + ", by index";
        return new Mutation(name, mutation.verdict(), options, mutation.change(), mutation.said());
    }

    private static Path probe() throws IOException {
        GridSize image = new GridSize(64, 64);
        GridSize grid = new GridSize(2, 2);
        return TinyProbe.in(folder.resolve("probe" + probes++))
                .category("object")
                .category("scene")
                .label(1, "cat", "object", 2)
                .label(2, "dog", "object", 1)
                .label(3, "street-s", "scene", 1)
                .image("a.png", "train", image, 0xFF0000, grid)
                .plane("object", "1 0", "1 2")
                .cell("scene", "3")
                .image("b.png", "val", image, 0x00FF00, grid)
                .plane("object", "0 0", "0 2")
                .cell("scene", "3")
                .write();
    }

    private static Change edit(String table, String from, String to) {
        return probe -> {
            String text = Files.readString(probe.resolve(table));
            assertTrue(text.contains(from), text);
            Files.writeString(probe.resolve(table), text.replace(from, to));
        };
    }

    /** Changes every line of every table by a rule. */
    private static Change allTables(UnaryOperator<String> rule) {
        return probe -> {
            for (String table : List.of("index.csv", "category.csv", "label.csv", "c_object.csv", "c_scene.csv")) {
                Files.writeString(probe.resolve(table), rule.apply(Files.readString(probe.resolve(table))));
            }
        };
    }

    /** Adds a first column, as pandas writes its row numbers. */
    private static String withColumn(String name, String table) {
        String[] lines = table.split("\n", -1);
        lines[0] = name + "," + lines[0];
        for (int i = 1; i < lines.length; i++) {
            lines[i] = lines[i].isEmpty() ? "" : (i - 1) + "," + lines[i];
        }
        return String.join("\n", lines);
    }

    private static Change replace(String file, String content) {
        return probe -> Files.writeString(probe.resolve(file), content, StandardCharsets.UTF_8);
    }

    private static Change drawn(BufferedImage image, int... samples) {
        for (int i = 0; i < samples.length; i++) {
            image.getRaster().setSample(i % 2, i / 2, 0, samples[i]);
        }
        return probe -> {
            for (int row = 1; row <= 2; row++) {
                Path plane = probe.resolve("images/plane" + row + "_object_0.png");
                ImageIO.write(image, "png", plane.toFile());
            }
        };
    }

    private static Change grey(int type, int... samples) {
        return drawn(new BufferedImage(2, 2, type), samples);
    }

    private static Change palette(int bits, int red, int... indices) {
        byte[] reds = {0, (byte) red, 2};
        IndexColorModel model = new IndexColorModel(bits, 3, reds, new byte[3], new byte[3], 0);
        int type = bits == 8 ? BufferedImage.TYPE_BYTE_INDEXED : BufferedImage.TYPE_BYTE_BINARY;
        return drawn(new BufferedImage(2, 2, type, model), indices);
    }

    private static Change blue() {
        BufferedImage image = TinyProbe.drawPlane("1 0", "1 2");
        image.setRGB(0, 1, 0x010001);
        return drawn(image);
    }

    private static Change jpegOfAdobe() {
        return probe -> {
            ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
            ImageIO.write(new BufferedImage(64, 64, BufferedImage.TYPE_3BYTE_BGR), "jpg", jpeg);
            byte[] plain = jpeg.toByteArray();
            int afterJfif = 20;
            ByteArrayOutputStream both = new ByteArrayOutputStream();
            both.write(plain, 0, afterJfif);
            both.writeBytes("\u00ff\u00ee\0\16Adobe\0d\0\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1));
            both.write(plain, afterJfif, plain.length - afterJfif);
            Files.write(probe.resolve("images/a.png"), both.toByteArray());
        };
    }

    private static final String PLANE = "index.csv:2: column object: images/plane1_object_0.png: ";

    static Stream<Mutation> tables() {
        return Stream.of(
                sound("as it is", probe -> {}),
                sound(
                        "byte order mark, blanks, Windows line ends",
                        allTables(
                                table -> "\uFEFF" + table.replace("\n", "\r\n").replace(",", " , "))),
                sound("quoted numbers", edit("index.csv", ",64,64,", ",\"64\",\"64\",")),
                sound("floats of pandas", edit("index.csv", "64,64,2,2", "64.0,64.0,2.0,2.00")),
                sound("an exponent", edit("index.csv", "64,64,2,2", "6.4e1,64,2,2")),
                sound("a float in a cell", edit("index.csv", "_0.png,3", "_0.png,3.0")),
                sound("floats in label.csv", edit("label.csv", "1,cat", "1.0,cat")),
                sound("floats in c_object.csv", edit("c_object.csv", ",1,cat", ",1.0,cat")),
                refused(
                        "no whole number",
                        edit("index.csv", "a.png,train,64,64", "a.png,train,64.5,64"),
                        "index.csv:2: column ih: '64.5', expected a whole number"),
                refused(
                        "no whole number in a cell",
                        edit("index.csv", "_0.png,3", "_0.png,3.5"),
                        "index.csv:2: column scene: '3.5', expected the name of a .png file or a label number"),
                refused("no size", edit("index.csv", "b.png,val,64", "b.png,val,"), "index.csv:3: column ih: ''"),
                refused(
                        "NaN for a size",
                        edit("index.csv", "b.png,val,64", "b.png,val,NaN"),
                        "index.csv:3: column ih: 'NaN'"),
                refused(
                        "NaN in a cell",
                        edit("index.csv", "_0.png,3", "_0.png,nan"),
                        "index.csv:2: column scene: 'nan'"),
                sound("an empty cell", edit("index.csv", "plane2_object_0.png", "")),
                refused(
                        "NaN for a coverage",
                        edit("c_object.csv", "dog,1,1.0", "dog,1,NaN"),
                        "c_object.csv:3: column coverage: 'NaN'"),
                refused(
                        "a number that is not in label.csv",
                        edit("index.csv", "_0.png,3", "_0.png,7"),
                        "index.csv:2: column scene: label number 7 is not in label.csv"),
                doubted(
                        "row numbers",
                        allTables(table -> withColumn("", table)),
                        "index.csv:1: column 1 has no name (pandas' row numbers?) and is ignored",
                        "label.csv:1: column 1 has no name (pandas' row numbers?) and is ignored",
                        "category.csv:1: column 1 has no name (pandas' row numbers?) and is ignored",
                        "c_object.csv:1: column 1 has no name (pandas' row numbers?) and is ignored"),
                doubted(
                        "row numbers read and written again",
                        edit("index.csv", "image,split", "Unnamed: 0,image,split")
                                .andThen(edit("index.csv", "a.png,train", "0,a.png,train"))
                                .andThen(edit("index.csv", "b.png,val", "1,b.png,val")),
                        "index.csv:1: column Unnamed: 0: is no category of category.csv and not read"),
                doubted(
                        "empty columns at the end",
                        allTables(table -> table.replace("\n", ",,\n")),
                        "index.csv:1: columns 9, 10 have no name and are ignored"),
                refused(
                        "an empty column in the rows only",
                        edit("index.csv", ",3\n", ",3,\n"),
                        "index.csv:2: 9 fields, expected 8 as in the header"),
                refused(
                        "a column twice",
                        edit("index.csv", "image,split,ih,iw", "image,ih,ih,iw"),
                        "index.csv:1: column ih: stands twice in the header"),
                doubted(
                        "a row twice",
                        probe -> Files.writeString(
                                probe.resolve("index.csv"),
                                Files.readString(probe.resolve("index.csv")) + "a.png,train,64,64,2,2,,3\n"),
                        "index.csv:4: column image: 'a.png' stands in an earlier row, and counts twice"),
                refused(
                        "a label number twice",
                        edit("label.csv", "2,dog", "1,cow,,,,\n2,dog"),
                        "label.csv:3: column number: 1 stands in an earlier row, expected each number once"),
                doubted(
                        "a label name twice",
                        edit("label.csv", "2,dog", "2,cat").andThen(edit("c_object.csv", "2,dog", "2,cat")),
                        "label.csv:3: column name: 'cat' is the name of label 1 too"),
                doubted(
                        "a coverage of no label",
                        edit("c_scene.csv", "1,3,street-s", "1,9,park-s"),
                        "c_scene.csv:2: column number: 9 is not in label.csv"),
                doubted(
                        "an amount that is not looked at",
                        edit("category.csv", "scene,,", "scene,x,"),
                        "category.csv:3: column first: 'x', expected a number, 0 or more"),
                refused(
                        "no category.csv",
                        probe -> Files.delete(probe.resolve("category.csv")),
                        "category.csv: no such"),
                refused(
                        "a pointer for index.csv",
                        replace("index.csv", LFS),
                        "index.csv: is a Git LFS pointer",
                        "git lfs pull"),
                refused(
                        "a pointer for c_scene.csv",
                        replace("c_scene.csv", LFS),
                        "c_scene.csv: is a Git LFS pointer",
                        "git lfs pull"));
    }

    static Stream<Mutation> files() {
        return Stream.of(
                refused(
                        "a pointer for a plane",
                        replace("images/plane1_object_0.png", LFS),
                        PLANE + "is a Git LFS pointer"),
                refused(
                        "a pointer for an image",
                        replace("images/b.png", LFS),
                        "index.csv:3: ",
                        "images/b.png: is a Git LFS pointer",
                        "git lfs pull"),
                sound("a JPEG with the markers of JFIF and Adobe", jpegOfAdobe()),
                refused(
                        "no image",
                        probe -> Files.delete(probe.resolve("images/b.png")),
                        "index.csv:3: ",
                        "images/b.png: no"),
                refused(
                        "half an image",
                        probe -> {
                            byte[] whole = Files.readAllBytes(probe.resolve("images/a.png"));
                            Files.write(probe.resolve("images/a.png"), Arrays.copyOf(whole, whole.length / 2));
                        },
                        "index.csv:2: ",
                        "images/a.png: is cut off"),
                refused(
                        "a text for a plane",
                        replace("images/plane1_object_0.png", "none"),
                        PLANE + "is neither a JPEG nor"),
                refused(
                        "a plane of another size",
                        edit("index.csv", "64,64,2,2,plane1", "64,64,2,3,plane1"),
                        PLANE + "is 2x2 (height x width), expected 2x3 as sh and sw say"),
                refused(
                        "a number of no label",
                        drawn(TinyProbe.drawPlane("1 0", "1 9")),
                        PLANE + "holds label number 9"),
                refused(
                        "blue",
                        blue(),
                        PLANE + "pixel x=0, y=1 is RGB (1, 0, 1), expected blue 0",
                        "--label-planes index"),
                byIndex(refused("RGB", probe -> {}, PLANE + "is RGB", "--label-planes index")),
                refused(
                        "VOC's colours",
                        palette(8, 128, 1, 0, 1, 2),
                        PLANE + "is a palette PNG",
                        "--label-planes index"),
                refused("VOC's colours in two bits", palette(2, 128, 1, 0, 1, 2), PLANE + "is a palette PNG"),
                byIndex(sound("VOC's colours", palette(8, 128, 1, 0, 1, 2))),
                byIndex(sound("VOC's colours in two bits", palette(2, 128, 1, 0, 1, 2))),
                sound("a palette of Broden's colours", palette(4, 1, 1, 0, 1, 2)),
                byIndex(sound("a palette of Broden's colours", palette(4, 1, 1, 0, 1, 2))),
                refused(
                        "grey",
                        grey(BufferedImage.TYPE_BYTE_GRAY, 1, 0, 1, 2),
                        PLANE + "is grey",
                        "--label-planes index"),
                byIndex(sound("grey", grey(BufferedImage.TYPE_BYTE_GRAY, 1, 0, 1, 2))),
                refused("grey of 16 bits", grey(BufferedImage.TYPE_USHORT_GRAY, 1, 0, 1, 2), PLANE + "is grey"),
                byIndex(sound("grey of 16 bits", grey(BufferedImage.TYPE_USHORT_GRAY, 1, 0, 1, 2))),
                byIndex(refused(
                        "VOC's void",
                        grey(BufferedImage.TYPE_BYTE_GRAY, 1, 0, 1, 255),
                        PLANE + "holds label number 255, not in label.csv")));
    }

    @ParameterizedTest
    @MethodSource({"tables", "files"})
    void bothSayTheSame(Mutation mutation) throws IOException {
        Path probe = probe();
        mutation.change().to(probe);
        List<Object> checked = new ArrayList<>(List.of("check", probe));
        checked.addAll(mutation.options());
        Cli check = Cli.run(checked.toArray());
        List<Object> dissected = new ArrayList<>(List.of("dissect", "--model", MODEL, "--layer", "layer4"));
        dissected.addAll(List.of("--probe", probe, "--cache", folder.resolve("cache"), "--no-report"));
        dissected.addAll(List.of("--input-size", "64,64", "--out", probe.resolve("out")));
        dissected.addAll(mutation.options());
        Cli dissect = Cli.run(dissected.toArray());

        int code = mutation.verdict() == Verdict.REFUSED ? 2 : 0;
        assertEquals(code, check.code(), check.toString());
        assertEquals(code, dissect.code(), dissect.toString());
        boolean doubted = mutation.verdict() == Verdict.DOUBTED;
        assertEquals(doubted, check.out().contains("warning: "), check.out());
        assertEquals(doubted, dissect.err().contains("note: probe set "), dissect.err());
        for (String said : mutation.said()) {
            assertTrue(check.out().contains(said), "no '" + said + "' in: " + check.out());
            String told = doubted ? "note: probe set " + probe + ": " + said : said;
            assertTrue(dissect.err().contains(told), "no '" + told + "' in: " + dissect.err());
        }
        assertEquals(code == 2 ? 1 : 0, dissect.errorLine().lines().count(), dissect.err());
        assertFalse(mutation.verdict() != Verdict.SOUND && mutation.said().isEmpty(), "nothing is asked of the words");
    }

    /**
     * A case that dissect accepts with an option is no fault; without the option both refuse it with the same message.
     */
    @Test
    void imagesOfSeveralSizes() throws IOException {
        Path probe = probe();
        ImageIO.write(
                new BufferedImage(48, 32, BufferedImage.TYPE_3BYTE_BGR),
                "png",
                probe.resolve("images/b.png").toFile());
        edit("index.csv", "b.png,val,64,64", "b.png,val,32,48").to(probe);
        Path model =
                Files.copy(MODEL, Files.createDirectory(folder.resolve("alone")).resolve("net.pt"));
        String words = "image b.png is 32x48, others are 64x64; ";
        Cli check = Cli.run("check", probe);
        assertEquals(0, check.code(), check.toString());
        assertTrue(check.out().contains("warning: index.csv:3: column image: " + words), check.out());
        assertTrue(check.out().contains("--input-size H,W"), check.out());
        List<Object> args = new ArrayList<>(List.of("dissect", "--model", model, "--layer", "layer4", "--no-report"));
        args.addAll(List.of("--probe", probe, "--cache", folder.resolve("cache"), "--out", probe.resolve("out")));
        Cli refused = Cli.run(args.toArray());
        assertEquals(2, refused.code(), refused.toString());
        assertTrue(refused.errorLine().contains("index.csv:3: " + words), refused.errorLine());
        args.addAll(List.of("--input-size", "64,64"));
        Cli resized = Cli.run(args.toArray());
        assertEquals(0, resized.code(), resized.toString());
    }

    /** A network file that Git LFS did not fetch is named in the message. */
    @Test
    void aPointerForTheNetwork() throws IOException {
        Path model = Files.writeString(folder.resolve("net.pt"), LFS);
        for (Cli run : List.of(
                Cli.run("layers", model),
                Cli.run(
                        "dissect",
                        "--model",
                        model,
                        "--layer",
                        "a",
                        "--probe",
                        probe(),
                        "--out",
                        folder.resolve("no")))) {
            assertEquals(2, run.code(), run.toString());
            assertTrue(run.errorLine().contains("net.pt: is a Git LFS pointer"), run.toString());
            assertTrue(run.errorLine().contains("git lfs pull"), run.toString());
        }
    }
}
