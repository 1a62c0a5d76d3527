package org.netdissect.broden;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.netdissect.base.FuzzFolder;
import org.netdissect.base.InputException;
import org.netdissect.image.PlaneEncoding;
import org.netdissect.table.Fault;

/**
 * Any bytes as the tables of a probe set: category.csv, label.csv, c_object.csv (also as c_scene.csv) and index.csv,
 * separated by byte 1. The reader must fail exactly if the checker finds a fault, not only doubts.
 */
public final class TableFuzz {
    private static final List<String> FILES = List.of("category.csv", "label.csv", "c_object.csv", "index.csv");
    private static final int LONGEST_FAULT = 1200;
    private static final Path FOLDER = FuzzFolder.create();

    private TableFuzz() {}

    /** Entry for Jazzer, and for FuzzRegressionTest with Jazzer's findings. */
    public static void fuzzerTestOneInput(byte[] data) throws IOException {
        String[] tables = new String(data, StandardCharsets.ISO_8859_1).split("\u0001", FILES.size());
        for (int i = 0; i < FILES.size(); i++) {
            byte[] table = (i < tables.length ? tables[i] : "").getBytes(StandardCharsets.ISO_8859_1);
            Files.write(FOLDER.resolve(FILES.get(i)), table);
            if (FILES.get(i).equals("c_object.csv")) {
                Files.write(FOLDER.resolve("c_scene.csv"), table);
            }
        }
        CollectedFaults faults = new CollectedFaults();
        ProbeTables checked = ProbeTables.read(FOLDER, faults);
        for (Fault fault : Stream.concat(faults.faults().stream(), faults.warnings().stream())
                .toList()) {
            if (fault.toString().length() > LONGEST_FAULT) {
                throw new AssertionError("not one line: " + fault);
            }
        }
        try {
            List<Fault> doubts = new ArrayList<>();
            ProbeSet probe = ProbeSet.open(FOLDER, PlaneEncoding.BRODEN, doubts::add);
            if (!faults.faults().isEmpty()) {
                throw new AssertionError("the reader takes what the checker calls a fault: " + faults.faults());
            }
            if (!faults.warnings().equals(doubts.stream().sorted().toList())) {
                throw new AssertionError("reader and checker doubt different things");
            }
            if (!probe.images().equals(checked.images())) {
                throw new AssertionError("reader and checker see different images");
            }
            for (ProbeImage image : probe.images()) {
                expectBelow(probe.imageFile(image));
                image.cells()
                        .forEach(cells -> cells.forEach(cell -> {
                            if (cell instanceof Cell.Plane plane) {
                                expectBelow(probe.planeFile(plane));
                            }
                        }));
            }
        } catch (InputException e) {
            FuzzFolder.expectClear(e, FOLDER.toString());
            if (faults.faults().isEmpty()) {
                throw new AssertionError("the checker passes what the reader refuses", e);
            }
        }
    }

    private static void expectBelow(Path file) {
        if (!file.normalize().startsWith(FOLDER.resolve("images"))) {
            throw new AssertionError(file + " is outside of the probe set");
        }
    }
}
