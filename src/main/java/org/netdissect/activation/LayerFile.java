package org.netdissect.activation;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/** The array file of one layer: where chunks lie, how they are read, written and checked. Reads are thread-safe. */
record LayerFile(Path path, FileChannel channel, Manifest manifest, long dataOffset) {

    int chunks() {
        return (manifest.images() + manifest.chunkImages() - 1) / manifest.chunkImages();
    }

    int firstImage(int chunk) {
        return chunk * manifest.chunkImages();
    }

    int images(int chunk) {
        return Math.min(manifest.chunkImages(), manifest.images() - firstImage(chunk));
    }

    long bytesPerImage() {
        return (long) manifest.shape().valuesPerImage()
                * manifest.storedPrecision().bytes();
    }

    int chunkBytes() {
        return Math.toIntExact(manifest.chunkImages() * bytesPerImage());
    }

    ByteBuffer newBuffer() {
        return ByteBuffer.allocateDirect(chunkBytes());
    }

    /** Reads a chunk into {@code buffer} from its start; the buffer's limit is set to the chunk's end. */
    void readBytes(int chunk, ByteBuffer buffer) throws IOException {
        buffer.clear().limit(Math.toIntExact(images(chunk) * bytesPerImage()));
        long position = dataOffset + firstImage(chunk) * bytesPerImage();
        if (!ChannelReads.fill(channel, position, buffer)) {
            throw new EOFException(path + " ends within chunk " + chunk);
        }
    }

    ActivationBlock read(int chunk, String checksum, ByteBuffer buffer) throws IOException {
        boolean whole = true;
        try {
            readBytes(chunk, buffer);
        } catch (EOFException e) {
            whole = false;
        }
        if (!whole || !checksum(buffer.duplicate()).equals(checksum)) {
            throw new DamagedCacheException(
                    manifest.layer(),
                    "cache " + path + " is damaged in chunk " + chunk + " (images "
                            + (firstImage(chunk) + 1) + " to " + (firstImage(chunk) + images(chunk))
                            + "): " + (whole ? "its checksum does not fit" : "the file ends early")
                            + "; delete the folder "
                            + path.getParent() + " and run again");
        }
        return ActivationBlock.stored(
                firstImage(chunk), images(chunk), manifest.shape(), manifest.storedPrecision(), buffer);
    }

    void write(int image, ByteBuffer bytes) throws IOException {
        long position = dataOffset + image * bytesPerImage();
        while (bytes.hasRemaining()) {
            position += channel.write(bytes, position);
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
