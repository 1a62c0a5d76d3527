package org.netdissect.torchscript.archive;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.netdissect.base.InputException;
import org.netdissect.torchscript.syntax.SourceText;

/** Reads the source and the root class of an archive, and refuses files that are no TorchScript. */
public final class ArchiveReader {
    /**
     * Greatest number of source bytes, forty times that of the largest tested network. Its tree takes up to 1.1 GB
     * (lines of one name).
     */
    private static final int MAX_CODE = 16 << 20;

    /** Size below which any ratio is accepted, since weights may be all zero. */
    private static final long ALWAYS_UNPACKED = 1L << 30;

    /** Number of bytes of data.pkl that are searched for the root class. */
    private static final int PICKLE_HEAD = 1 << 20;

    /** Greatest offset of a number in its storage; constants usually have a storage each. */
    private static final int MOST_SCALARS = 1000;

    /** Greatest size of a pickle in bytes, sixteen times that of the largest tested network. */
    private static final int MAX_PICKLE = 32 << 20;

    /** Folder of files that are not PyTorch's (torch.jit.save with {@code _extra_files}). */
    static final String EXTRA = "/extra/";

    /** Greatest size of this program's own file there, in bytes. */
    private static final int MAX_EXTRA = 1 << 16;

    private final Path file;
    private final ZipFile zip;

    private ArchiveReader(Path file, ZipFile zip) {
        this.file = file;
        this.zip = zip;
    }

    /**
     * Contents read when opening an archive.
     *
     * @param code source by entry name, in archive order
     * @param rootClass qualified name
     * @param provenance of an archive that this program generated, else {@link Provenance#NONE}
     */
    public record Contents(Map<String, SourceText> code, String folder, String rootClass, Provenance provenance) {}

    static Contents read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new InputException(file + ": no such file");
        }
        try (ZipFile zip = new ZipFile(file.toFile())) {
            return new ArchiveReader(file, zip).contents();
        } catch (ZipException | EOFException | IllegalArgumentException e) {
            // Java's ZipFile throws the last one for a name that is not UTF-8
            throw new InputException(file + ": " + ForeignFiles.describeNonZip(file), e);
        }
    }

    /**
     * Reads an archive's pickle; opaque if there is no such entry.
     *
     * @throws InputException if it is damaged or too large
     */
    static PickleValue pickle(Path file, String entry) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            ZipEntry pickle = zip.getEntry(entry);
            if (pickle == null) {
                return PickleValue.opaque();
            }
            byte[] bytes = new ArchiveReader(file, zip).head(pickle, MAX_PICKLE + 1);
            if (bytes.length > MAX_PICKLE) {
                throw new InputException(file + ", " + entry + ": has more than " + (MAX_PICKLE >> 20) + " MiB");
            }
            return PickleTree.read(file + ", " + entry, bytes);
        } catch (ZipException | EOFException e) {
            throw new InputException(file + ", " + entry + ": is damaged (" + e.getMessage() + ")", e);
        }
    }

    /** Reads a number of an archive; empty if unreadable or of a type without Java form. */
    static Optional<Object> scalar(Path file, String folder, PickleValue.ScalarTensor tensor) {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            ZipEntry entry = zip.getEntry(folder + tensor.key());
            if (entry == null || tensor.offset() < 0 || tensor.offset() > MOST_SCALARS) {
                return Optional.empty();
            }
            byte[] head = new ArchiveReader(file, zip).head(entry, (MOST_SCALARS + 1) * Long.BYTES);
            ByteBuffer bytes = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
            int at = (int) tensor.offset();
            return Optional.ofNullable(
                    switch (tensor.type()) {
                        case "torch.LongStorage" -> (Object) bytes.getLong(at * Long.BYTES);
                        case "torch.IntStorage" -> (long) bytes.getInt(at * Integer.BYTES);
                        case "torch.DoubleStorage" -> bytes.getDouble(at * Double.BYTES);
                        case "torch.FloatStorage" -> (double) bytes.getFloat(at * Float.BYTES);
                        case "torch.BoolStorage" -> bytes.get(at) != 0;
                        default -> null;
                    });
        } catch (IOException | IndexOutOfBoundsException e) {
            return Optional.empty(); // the number then counts as unknown
        }
    }

    private Contents contents() throws IOException {
        Set<String> names = ZipNames.of(file, zip);
        ForeignFiles.refuseOtherArchives(file, names);
        ZipNames.refuseBombs(file, zip, ALWAYS_UNPACKED);
        String folder = ZipNames.folder(names);
        Map<String, SourceText> code = code(folder);
        String pickle = folder + "/data.pkl";
        ZipEntry data = zip.getEntry(pickle);
        if (data == null) {
            throw new InputException(file + ": has code but no " + pickle
                    + ": written by PyTorch 1.2 or older, or damaged; save it again with a newer PyTorch");
        }
        String root = PickleReader.firstGlobal(file + ", " + pickle, head(data, PICKLE_HEAD))
                .filter(name -> name.startsWith("__torch__."))
                .orElseThrow(() -> new InputException(file + ", " + pickle + ": names no network class"));
        return new Contents(code, folder, root, provenance(folder));
    }

    private Provenance provenance(String folder) throws IOException {
        ZipEntry entry = zip.getEntry(folder + EXTRA + Provenance.NAME);
        return entry == null
                ? Provenance.NONE
                : Provenance.parse(file + ", " + entry.getName(), head(entry, MAX_EXTRA));
    }

    private Map<String, SourceText> code(String folder) throws IOException {
        Map<String, SourceText> code = new LinkedHashMap<>();
        int left = MAX_CODE;
        for (ZipEntry entry : Collections.list(zip.entries())) {
            String name = entry.getName();
            if (name.startsWith(folder + "/code/") && name.endsWith(".py")) {
                byte[] bytes = head(entry, left + 1);
                left -= bytes.length;
                if (left < 0) {
                    throw new InputException(file + ": holds more than " + (MAX_CODE >> 20) + " MiB of source");
                }
                code.put(name, new SourceText(file + ", " + name, decode(name, bytes)));
            }
        }
        return code;
    }

    /** Decodes strictly, so that writing gives the same bytes. */
    private String decode(String name, byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new InputException(file + ", " + name + ": is not UTF-8", e);
        }
    }

    private byte[] head(ZipEntry entry, int most) throws IOException {
        try (InputStream in = zip.getInputStream(entry)) {
            return in.readNBytes(most);
        }
    }
}
