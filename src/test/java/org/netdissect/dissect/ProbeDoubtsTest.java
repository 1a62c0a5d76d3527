package org.netdissect.dissect;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netdissect.base.GridSize;
import org.netdissect.base.StageListener;
import org.netdissect.broden.ImageSelection;
import org.netdissect.broden.ProbeSet;
import org.netdissect.broden.TinyProbe;
import org.netdissect.image.PlaneEncoding;

class ProbeDoubtsTest {
    @TempDir
    Path folder;

    private List<String> notes(String index, int limit) throws IOException {
        TinyProbe.in(folder)
                .category("object")
                .label(1, "cat", "object", 1)
                .image("a.png", "train", new GridSize(2, 2), 0, new GridSize(2, 2))
                .cell("object", "1")
                .write();
        Files.writeString(folder.resolve("index.csv"), index);
        ProbeDoubts doubts = new ProbeDoubts();
        ProbeSet probe = ProbeSet.open(folder, PlaneEncoding.BRODEN, doubts)
                .select(new ImageSelection(List.of(), List.of(), OptionalInt.of(limit)));
        List<String> notes = new ArrayList<>();
        doubts.report(probe, new StageListener() {
            @Override
            public Stage begin(String name, long from, long images) {
                throw new AssertionError("no stage");
            }

            @Override
            public void note(String line) {
                notes.add(line.replace(folder.toString(), "P"));
            }
        });
        return notes;
    }

    @Test
    void theFirstOfEachColumnAndHowManyMore() throws IOException {
        String row = "a.png,train,2,2,2,2,1,\n";
        assertEquals(
                List.of(
                        "probe set P: index.csv:1: column colour: is no category of category.csv and not read",
                        "probe set P: index.csv:3: column image: 'a.png' stands in an earlier row, and counts twice"
                                + " (and 2 more of this column; 'netdissect check P' lists them)"),
                notes("image,split,ih,iw,sh,sw,object,colour\n" + row.repeat(4), 4));
    }

    @Test
    void rowsThatAreNotInUseAreNoMatter() throws IOException {
        String table = "image,split,ih,iw,sh,sw,object\n" + "a.png,train,2,2,2,2,1\n".repeat(4);
        assertEquals(List.of(), notes(table, 1));
        assertEquals(
                List.of("probe set P: index.csv:3: column image: 'a.png' stands in an earlier row, and counts twice"),
                notes(table, 2));
    }

    @Test
    void notMoreThanAScreenOfNotes() throws IOException {
        StringBuilder header = new StringBuilder("image,split,ih,iw,sh,sw,object");
        for (int i = 0; i < 13; i++) {
            header.append(",extra").append(i);
        }
        List<String> notes = notes(header + "\na.png,train,2,2,2,2,1" + ",".repeat(13) + "\n", 1);
        assertEquals(11, notes.size());
        assertEquals("probe set P: 3 more warnings; 'netdissect check P' lists them", notes.get(10));
    }
}
