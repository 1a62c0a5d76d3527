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
    /** Position of an image's first value in the file. */
    long position(int image) {
        return dataOffset + image * manifest.bytesPerImage();
    }

    private long chunkPosition(int chunk) {
        return position(manifest.firstImage(chunk));
    }

    int chunkBytes() {
        return Math.toIntExact(manifest.chunkImages() * manifest.bytesPerImage());
    }

    int chunkBytes(int chunk) {
        return Math.toIntExact(manifest.images(chunk) * manifest.bytesPerImage());
    }

    ByteBuffer newBuffer() {
        return ByteBuffer.allocateDirect(chunkBytes());
    }

    /** Reads a chunk into {@code buffer} from its start; the buffer's limit is set to the chunk's end. */
    ByteBuffer readBytes(int chunk, ByteBuffer buffer) throws IOException {
        return ChannelBytes.read(channel, chunkPosition(chunk), chunkBytes(chunk), buffer);
    }

    /** Reads a chunk, past the page cache by {@code direct} if that is given, and checks it against the checksum. */
    ActivationBlock read(int chunk, String checksum, @Nullable DirectInput direct, ByteBuffer buffer)
            throws IOException {
        int first = manifest.firstImage(chunk);
        int images = manifest.images(chunk);
        ByteBuffer bytes = buffer;
        boolean whole = true;
        try {
            bytes = direct == null
                    ? readBytes(chunk, buffer)
                    : direct.read(chunkPosition(chunk), chunkBytes(chunk), buffer);
        } catch (EOFException e) {
            whole = false;
        }
        if (!whole || !checksum(bytes.duplicate()).equals(checksum)) {
            throw new DamagedCacheException(
                    manifest.layer(),
                    "cache " + path + " is damaged in chunk " + chunk + " (images " + (first + 1) + " to "
                            + (first + images)
                            + "): " + (whole ? "its checksum does not fit" : "the file ends early")
                            + "; delete the folder "
                            + path.getParent() + " and run again");
        }
        return ActivationBlock.stored(first, images, manifest.shape(), manifest.storedPrecision(), bytes);
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
