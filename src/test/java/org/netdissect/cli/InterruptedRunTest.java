package org.netdissect.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program in a separate process: killed, without disk space, and beside a second process. */
class InterruptedRunTest {
    @TempDir
    Path folder;

    private Process start(Object... args) throws IOException {
        return startBy(List.of(), args);
    }

    /** Starts the program by {@code launcher}, which executes the command in its place. */
    private Process startBy(List<String> launcher, Object... args) throws IOException {
        List<String> command = new ArrayList<>(launcher);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                "org.netdissect.cli.Main"));
        for (Object arg : args) {
            command.add(arg.toString());
        }
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
    }

    private String finish(Process process, int code) throws IOException, InterruptedException {
        process.waitFor();
        String log = Files.readString(folder.resolve("log"), StandardCharsets.UTF_8);
        assertEquals(code, process.exitValue(), log);
        return log;
    }

    private static Object[] dissect(Path cache, Path out) {
        return new Object[] {"dissect", "--limit", "300", "--cache", cache, "--out", out};
    }

    private static byte[] table(Path out) throws IOException {
        return Files.readAllBytes(out.resolve("layer5").resolve("detectors.csv"));
    }

    /** Waits until the run has finished some chunks, from which a later run can continue. */
    private static void awaitChunks(Process process, Path cache, int chunks) throws IOException, InterruptedException {
        while (process.isAlive() && finishedChunks(cache) < chunks) {
            process.waitFor(5, TimeUnit.MILLISECONDS);
        }
    }

    /** Number of lines, 0 if the run has ended and deleted the file. */
    private static int linesOf(Path file) throws IOException {
        try {
            return Files.readAllLines(file).size();
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    private static int finishedChunks(Path cache) throws IOException {
        if (!Files.isDirectory(cache)) {
            return 0;
        }
        // no recursive walk, since the run writes and renames files meanwhile
        try (Stream<Path> keys = Files.list(cache)) {
            for (Path key : keys.toList()) {
                Path progress = key.resolve("layer5/progress.log");
                if (Files.exists(progress)) {
                    return linesOf(progress);
                }
            }
        }
        return 0;
    }

    @Test
    void aKilledRunGoesOnAndEndsWithTheSameTables() throws IOException, InterruptedException {
        Path undisturbed = folder.resolve("undisturbed");
        finish(start(dissect(folder.resolve("cache0"), undisturbed)), 0);
        Path cache = folder.resolve("cache");
        Path out = folder.resolve("out");
        for (int chunks = 3; chunks <= 9; chunks += 3) {
            Process killed = start(dissect(cache, out));
            awaitChunks(killed, cache, chunks);
            assertTrue(killed.isAlive(), "too quick to be killed");
            killed.destroyForcibly().waitFor();
            assertFalse(Files.exists(out.resolve("run.json")));
        }
        String log = finish(start(dissect(cache, out)), 0);
        assertTrue(log.contains("going on at image "), log);
        assertArrayEquals(table(undisturbed), table(out));
    }

    @Test
    void afterCtrlCARunGoesOn() throws IOException, InterruptedException {
        Path undisturbed = folder.resolve("undisturbed");
        finish(start(dissect(folder.resolve("cache0"), undisturbed)), 0);
        Path cache = folder.resolve("cache");
        Path out = folder.resolve("out");
        Process interrupted = startBy(hearingCtrlC(), dissect(cache, out));
        awaitChunks(interrupted, cache, 3);
        assertTrue(run("kill", "-INT", Long.toString(interrupted.pid())));
        assertEquals(130, interrupted.waitFor(), "as shells tell it");
        assertFalse(Files.exists(out.resolve("run.json")));
        String log = finish(start(dissect(cache, out)), 0);
        assertTrue(log.contains("going on at image "), log);
        assertArrayEquals(table(undisturbed), table(out));
    }

    /**
     * Launcher that restores SIGINT. A shell without a terminal makes its background commands ignore the signal,
     * children inherit this, and neither Java nor sh handles a signal that was ignored at its start.
     */
    private static List<String> hearingCtrlC() throws IOException, InterruptedException {
        List<List<String>> launchers = List.of(
                // GNU coreutils from 8.31 on
                List.of("env", "--default-signal=INT"), List.of("perl", "-e", "$SIG{INT} = 'DEFAULT'; exec @ARGV"));
        for (List<String> launcher : launchers) {
            List<String> trial = new ArrayList<>(launcher);
            trial.add("true");
            if (run(trial.toArray(String[]::new))) {
                return launcher;
            }
        }
        return assumeCtrlCIsHeard();
    }

    private static List<String> assumeCtrlCIsHeard() throws IOException {
        Path status = Path.of("/proc/self/status");
        boolean ignored = Files.isReadable(status)
                && Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("SigIgn:"))
                        .map(line -> line.substring(line.indexOf(':') + 1).strip())
                        // bit of signal 2
                        .anyMatch(mask -> (Long.parseUnsignedLong(mask, 16) & 2) != 0);
        assumeFalse(ignored, "skipped: SIGINT is ignored here, and neither env nor perl restores it");
        return List.of();
    }

    @Test
    void aSecondProcessIsRefusedWithTheFirstOnesNumber() throws IOException, InterruptedException {
        Path cache = folder.resolve("cache");
        Process first = start(dissect(cache, folder.resolve("first")));
        awaitChunks(first, cache, 2);
        Cli second = Cli.run(dissect(cache, folder.resolve("second")));
        assertTrue(first.isAlive(), "too quick to be met");
        assertEquals(1, second.code(), second.toString());
        assertTrue(second.errorLine().contains("process " + first.pid()), second.toString());
        finish(first, 0);
    }

    /** Needs the right to mount a small file system; dissect.CacheStagesTest has more cases. */
    @Test
    void aFullDiskLosesNothing() throws IOException, InterruptedException {
        Path disk = Files.createDirectories(folder.resolve("disk"));
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=64m", "none", disk.toString()),
                "skipped: no right to mount a small disk");
        try {
            Path cache = disk.resolve("cache");
            Cli small = Cli.run(
                    "dissect",
                    "--limit",
                    "40",
                    "--layer",
                    "layer5",
                    "--cache",
                    cache,
                    "--out",
                    folder.resolve("small"));
            assertEquals(0, small.code(), small.toString());

            Path fullOut = disk.resolve("out");
            Files.write(disk.resolve("more"), new byte[(int) disk.toFile().getUsableSpace() - 8192]);
            Cli noRoom = Cli.run(
                    "dissect", "--limit", "40", "--layer", "layer5", "--cache", cache, "--out", fullOut, "--iou",
                    "0.1");
            assertEquals(1, noRoom.code(), noRoom.toString());
            assertTrue(noRoom.errorLine().contains("disk is full"), noRoom.toString());
            assertFalse(Files.exists(fullOut.resolve("run.json")));
            assertFalse(Files.exists(fullOut.resolve("layer5/detectors.csv")));

            Files.delete(disk.resolve("more"));
            Cli again = Cli.run(
                    "dissect", "--limit", "40", "--layer", "layer5", "--cache", cache, "--out", fullOut, "--iou",
                    "0.1");
            assertEquals(0, again.code(), again.toString());
        } finally {
            assertTrue(run("umount", disk.toString()));
        }
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        try {
            return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
