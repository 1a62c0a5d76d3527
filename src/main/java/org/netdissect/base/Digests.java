package org.netdissect.base;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/** SHA-256 digests of contents, as 64 characters of lower-case hexadecimal, and faster checksums. */
public final class Digests {
    private static final int CRC_DIGITS = 8;
    /** A buffer per thread, as thousands of small files are read one after another. */
    private static final ThreadLocal<byte[]> BUFFER = ThreadLocal.withInitial(() -> new byte[1 << 16]);

    private Digests() {}

    /** A new SHA-256, which the caller updates. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    /** Digest of a file's bytes. */
    public static String ofFile(Path file) throws IOException {
        MessageDigest digest = sha256();
        read(file, digest::update);
        return hex(digest);
    }

    /**
     * Computes checksums that distinguish files, much faster than {@link #ofFile}: Java has machine code for them from
     * the start, for SHA-256 only after compilation. They do not protect against forgery.
     *
     * @return length, CRC-32C and CRC-32 of a file's bytes
     */
    public static String checksumsOf(Path file) throws IOException {
        CRC32C castagnoli = new CRC32C();
        CRC32 ieee = new CRC32();
        long length = read(file, (bytes, from, count) -> {
            castagnoli.update(bytes, from, count);
            ieee.update(bytes, from, count);
        });
        HexFormat hex = HexFormat.of();
        return length + " " + hex.toHexDigits(castagnoli.getValue(), CRC_DIGITS) + " "
                + hex.toHexDigits(ieee.getValue(), CRC_DIGITS);
    }

    private interface Sink {
        void add(byte[] bytes, int from, int count);
    }

    /** Passes all bytes of a file to the sink and returns their number. */
    private static long read(Path file, Sink sink) throws IOException {
        byte[] buffer = BUFFER.get();
        long length = 0;
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                sink.add(buffer, 0, read);
                length += read;
            }
        }
        return length;
    }

    /** Digest of a text's UTF-8 bytes. */
    public static String ofText(String text) {
        MessageDigest digest = sha256();
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        return hex(digest);
    }

    /** Finishes the digest and returns it as text. */
    public static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }
}
