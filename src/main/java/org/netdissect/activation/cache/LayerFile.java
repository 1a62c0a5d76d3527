package org.netdissect.activation.cache;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.netdissect.activation.ActivationBlock;
import org.netdissect.activation.cache.direct.ChannelBytes;
import org.netdissect.activation.cache.direct.DirectInput;
import org.netdissect.activation.cache.direct.SpanOutput;

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
        return ChannelBytes.read(channel, position(firstImage(chunk)), chunkBytes(chunk), buffer);
    }

    /** Reads a chunk, past the page cache by {@code direct} if that is given, and checks it against the checksum. */
    ActivationBlock read(int chunk, String checksum, @Nullable DirectInput direct, ByteBuffer buffer)
            throws IOException {
        ByteBuffer bytes = buffer;
        boolean whole = true;
        try {
            bytes = direct == null
                    ? readBytes(chunk, buffer)
                    : direct.read(position(firstImage(chunk)), chunkBytes(chunk), buffer);
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

    /** Output of the images from {@code firstImage} on, through the page cache. */
    SpanOutput output(int firstImage) {
        AtomicLong next = new AtomicLong(position(firstImage));
        return bytes -> ChannelBytes.write(channel, next.getAndAdd(bytes.remaining()), bytes);
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
