package org.netdissect.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netdissect.base.Tables;

/** scripts/reproduce.sh with the program of this build. */
class ReproduceScriptTest {
    @TempDir
    Path folder;

    @SuppressWarnings("NullAway.Init") // made before each test
    private Path program;

    @BeforeEach
    void writeProgram() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "skipped: no /bin/bash");
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        program = Files.writeString(
                folder.resolve("netdissect"), """
                #!/bin/sh
                exec '%s' -XX:TieredStopAtLevel=1 -cp '%s' org.netdissect.cli.Main "$@"
                """.formatted(java, System.getProperty("java.class.path")));
        assertTrue(program.toFile().setExecutable(true));
    }

    private record Result(int code, String out, String err) {}

    private Result reproduce(String table, String... more) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "/bin/bash",
                "scripts/reproduce.sh",
                Files.writeString(folder.resolve("table.csv"), table).toString(),
                "broden-sample",
                "broden-sample",
                folder.resolve("out").toString()));
        command.addAll(List.of(more));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment()
                .putAll(Map.of(
                        "NETDISSECT",
                        program.toString(),
                        "NETDISSECT_CACHE",
                        folder.resolve("cache").toString()));
        Path out = folder.resolve("stdout");
        Path err = folder.resolve("stderr");
        Process process =
                builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        int code = process.waitFor();
        return new Result(code, Files.readString(out), Files.readString(err));
    }

    @Test
    void paperAgainstRunForEveryNetworkThatCanBeRun() throws IOException, InterruptedException {
        Result result = reproduce("""
                \uFEFFnetwork,layer,module,model,options,unique-all,detectors-color\r
                scene,conv5,layer5,scenenet.pt,"--batch 4 --categories color,material",1000,7\r
                gone,conv5,layer5,gone.pt,,1,\r
                scene,conv4,layer4,scenenet.pt,"--batch 4 --categories color,material",,\r
                """, "per-category", "--", "--limit", "30");
        assertEquals(1, result.code(), result.toString());
        assertTrue(result.err().contains("reproduce: failed: gone"), result.err());
        assertTrue(result.err().contains("gone.pt: no such file"), result.err());
        List<CSVRecord> counts = Tables.read(folder.resolve("out/reproduction.csv"));
        CSVRecord all = counts.stream()
                .filter(row -> row.get("layer").equals("layer5")
                        && row.get("count").equals("unique")
                        && row.get("category").equals("all"))
                .findFirst()
                .orElseThrow();
        assertEquals("1000", all.get("paper"));
        int run = Integer.parseInt(all.get("run"));
        assertTrue(run > 0, all.toString());
        assertEquals(run - 1000, Integer.parseInt(all.get("difference")));
        assertTrue(counts.stream().anyMatch(row -> row.get("layer").equals("layer4")), "both layers");
        assertFalse(
                counts.stream().anyMatch(row -> row.get("category").equals("texture")),
                "the options of the row are used");
        assertTrue(result.out().contains("1 of 2 networks; all counts: "), result.out());
        assertTrue(result.out().contains("difference"), result.out());
    }

    @Test
    void tablesThatAreNotOne() throws IOException, InterruptedException {
        for (String[] wrong : new String[][] {
            {"layer,unique-all\nx,1\n", "table.csv:1: expected the columns network and layer"},
            {"network,layer\na,b,c\n", "table.csv:2: 3 fields, expected 2 as in the header"},
            {"network,layer\n../a,b\n", "table.csv:2: network \"../a\""},
            {"network,layer\na,\"b\n", "table.csv:2: quotes do not match"},
            {"network,layer,model\na,b,x.pt\na,c,y.pt\n", "table.csv:3: another model"},
            {"network,layer\n", "names no network"},
        }) {
            Result result = reproduce(wrong[0]);
            assertEquals(2, result.code(), result.toString());
            assertTrue(result.err().contains("reproduce: "), result.err());
            assertTrue(result.err().contains(wrong[1]), result.err());
            assertEquals(1, result.err().lines().count(), result.err());
        }
    }
}
