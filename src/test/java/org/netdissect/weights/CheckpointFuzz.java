package org.netdissect.weights;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.netdissect.base.FuzzFolder;

/** Any bytes as the pickle of a checkpoint with a few storages, or as the whole zip. */
public final class CheckpointFuzz {
    private static final Path FOLDER = FuzzFolder.create();

    private CheckpointFuzz() {}

    /** Entry for Jazzer, and for FuzzRegressionTest with Jazzer's findings. */
    public static void fuzzerTestOneInput(byte[] data) throws IOException {
        boolean whole = data.length > 1 && data[0] == 'P' && data[1] == 'K';
        FuzzedWeights.read(Files.write(FOLDER.resolve("fuzz.pth"), whole ? data : zip(data)));
    }

    private static byte[] zip(byte[] pickle) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            add(zip, "m/data.pkl", pickle);
            add(zip, "m/data/0", new byte[16]);
            add(zip, "m/data/1", new byte[48]);
            add(zip, "m/byteorder", new byte[] {'b', 'i', 'g'});
        }
        return out.toByteArray();
    }

    // stored, as PyTorch does it: compressing would take most of the time
    private static void add(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
        CRC32 checksum = new CRC32();
        checksum.update(bytes);
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(bytes.length);
        entry.setCrc(checksum.getValue());
        zip.putNextEntry(entry);
        zip.write(bytes);
    }
}
