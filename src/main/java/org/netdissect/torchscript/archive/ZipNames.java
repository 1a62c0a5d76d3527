package org.netdissect.torchscript.archive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.netdissect.base.InputException;
import org.netdissect.base.Printable;

/** Checks the directory of a zip before anything in it is read. */
public final class ZipNames {
    /**
     * Greatest compression ratio. PyTorch does not compress; weights shrink by a few percent, a zip bomb a
     * thousandfold.
     */
    private static final int MAX_GAIN = 20;

    private ZipNames() {}

    /**
     * The names of all entries, in order.
     *
     * @throws InputException if one points out of the archive or is there twice
     */
    public static Set<String> of(Path file, ZipFile zip) {
        Set<String> names = new LinkedHashSet<>();
        for (ZipEntry entry : Collections.list(zip.entries())) {
            String name = entry.getName();
            boolean unsafe = name.startsWith("/")
                    || name.contains("\\")
                    || List.of(name.split("/")).contains("..");
            if (unsafe) {
                throw new InputException(
                        file + ": entry " + Printable.of(name) + " points out of the archive; refused");
            }
            if (!names.add(name)) {
                throw new InputException(file + ": entry " + Printable.of(name) + " is there twice; refused");
            }
        }
        return names;
    }

    /** The first folder: PyTorch writes all entries into one. */
    public static String folder(Set<String> names) {
        return names.isEmpty() ? "" : names.iterator().next().split("/", 2)[0];
    }

    /**
     * Checks the sizes stated in the directory; a reader checks each entry against its stated size.
     *
     * @param always total size below which any ratio is accepted, since weights may be all zero
     */
    public static void refuseBombs(Path file, ZipFile zip, long always) throws IOException {
        long most = Math.max(always, MAX_GAIN * Files.size(file));
        long left = most;
        for (ZipEntry entry : Collections.list(zip.entries())) {
            if (entry.getSize() < 0 || entry.getSize() > left) {
                throw new InputException(file + ": would unpack to more than " + (most >> 20)
                        + " MiB, far more than the file's " + (Files.size(file) >> 20)
                        + " MiB; refused as a zip bomb");
            }
            left -= entry.getSize();
        }
    }
}
