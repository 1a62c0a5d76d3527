package org.netdissect.activation.cache;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.netdissect.activation.ActivationBlock;

/** Array file of one layer: positions of its chunks, reading, writing and checking. Reads are thread-safe. */
record LayerFile(Path path, FileChannel channel, Manifest manifest, long dataOffset) {

    int chunks() {
        return manifest.chunks();
    }

    int firstImage(int chunk) {
        return manifest.firstImage(chunk);
    }

    int images(int chunk) {
        return manifest.images(chunk);
    }

    long bytesPerImage() {
        return (long) manifest.shape().valuesPerImage()
                * manifest.storedPrecision().bytes();
    }

    /** Position of an image's first value in the file. */
    long position(int image) {
        return dataOffset + image * bytesPerImage();
    }

    int chunkBytes() {
        return Math.toIntExact(manifest.chunkImages() * bytesPerImage());
    }

    int chunkBytes(int chunk) {
        return Math.toIntExact(images(chunk) * bytesPerImage());
    }

    ByteBuffer newBuffer() {
        return ByteBuffer.allocateDirect(chunkBytes());
    }

    /** Reads a chunk into {@code buffer} from its start; the buffer's limit is set to the chunk's end. */
    ByteBuffer readBytes(int chunk, ByteBuffer buffer) throws IOException {
        buffer.clear().limit(chunkBytes(chunk));
        if (!ChannelReads.fill(channel, position(firstImage(chunk)), buffer)) {
            throw endsWithin(chunk);
        }
        return buffer;
    }

    EOFException endsWithin(int chunk) {
        return new EOFException(path + " ends within chunk " + chunk);
    }

    /** Reads a chunk by {@code input} and checks it against the checksum. */
    ActivationBlock read(int chunk, String checksum, ChunkInput input, ByteBuffer buffer) throws IOException {
        ByteBuffer bytes = buffer;
        boolean whole = true;
        try {
            bytes = input.read(chunk, buffer);
        } catch (EOFException e) {
            whole = false;
        }
        if (!whole || !checksum(bytes.duplicate()).equals(checksum)) {
            throw new DamagedCacheException(
                    manifest.layer(),
                    "cache " + path + " is damaged in chunk " + chunk + " (images "
                            + (firstImage(chunk) + 1) + " to " + (firstImage(chunk) + images(chunk))
                            + "): " + (whole ? "its checksum does not fit" : "the file ends early")
                            + "; delete the folder "
                            + path.getParent() + " and run again");
        }
        return ActivationBlock.stored(
                firstImage(chunk), images(chunk), manifest.shape(), manifest.storedPrecision(), bytes);
    }

    /** Writes all bytes through the page cache. */
    void write(long position, ByteBuffer bytes) throws IOException {
        long next = position;
        while (bytes.hasRemaining()) {
            next += channel.write(bytes, next);
        }
    }

    static String checksum(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return text(crc);
    }

    static String text(CRC32C crc) {
        return String.format("%08x", crc.getValue());
    }
}
