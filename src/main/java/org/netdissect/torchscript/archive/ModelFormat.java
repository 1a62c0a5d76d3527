package org.netdissect.torchscript.archive;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.netdissect.base.InputException;

/** Formats of files that hold a network or its weights. */
public enum ModelFormat {
    /** Code and weights, by torch.jit.save. */
    TORCHSCRIPT,
    /** A graph and weights, by torch.export.save. */
    EXPORTED,
    /** Weights by torch.save since PyTorch 1.6: a zip. */
    ZIP_CHECKPOINT,
    /** Weights by torch.save before PyTorch 1.6: pickles followed by the numbers. */
    LEGACY_CHECKPOINT,
    /** Weights in the format of safetensors. */
    SAFETENSORS,
    /** Names of tensors and the files that hold them, in JSON. */
    SHARD_INDEX;

    /** Number of leading bytes that tell formats apart; a tar has its mark at 257. */
    static final int HEAD = 512;

    /** Whether a file of this format holds weights alone. */
    public boolean isWeights() {
        return this != TORCHSCRIPT && this != EXPORTED;
    }

    /**
     * Tells the format from the file's first bytes and, for a zip, its entries.
     *
     * @throws InputException if the file is missing, damaged or of any other kind, which the message names
     */
    public static ModelFormat of(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new InputException(file + ": no such file");
        }
        byte[] head;
        try (InputStream in = Files.newInputStream(file)) {
            head = in.readNBytes(HEAD);
        }
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        ForeignFiles.refuse(file, name, head);
        if (isSafetensors(head) || name.endsWith(".safetensors")) {
            return SAFETENSORS;
        } else if (isPickle(head)) {
            return LEGACY_CHECKPOINT;
        } else if (head.length > 0 && head[0] == '{') {
            return SHARD_INDEX;
        }
        try (ZipFile zip = new ZipFile(file.toFile())) {
            return of(file, ZipNames.of(file, zip));
        } catch (ZipException | EOFException | IllegalArgumentException e) {
            // Java's ZipFile throws the last one for a name that is not UTF-8
            throw new InputException(file + ": " + ForeignFiles.describeNonZip(head), e);
        }
    }

    private static ModelFormat of(Path file, Set<String> names) {
        String folder = ZipNames.folder(names);
        if (names.stream().anyMatch(name -> name.startsWith(folder + "/code/") && name.endsWith(".py"))) {
            return TORCHSCRIPT;
        } else if (ForeignFiles.isExported(names)) {
            return EXPORTED;
        } else if (names.contains(folder + "/data.pkl")) {
            return ZIP_CHECKPOINT;
        }
        throw new InputException(file + ": " + ForeignFiles.describeZip(names));
    }

    /** Whether a file starts with a length and an object of JSON, or claims to. */
    static boolean isSafetensors(byte[] head) {
        return new String(head, StandardCharsets.ISO_8859_1).startsWith("{\"", Long.BYTES)
                && head[5] == 0
                && head[6] == 0
                && head[7] == 0;
    }

    /** Whether a file starts as a pickle of protocol 2 to 5. */
    static boolean isPickle(byte[] head) {
        return head.length > 1 && (head[0] & 0xff) == 0x80 && head[1] >= 2 && head[1] <= 5;
    }
}
