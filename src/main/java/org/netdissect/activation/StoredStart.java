package org.netdissect.activation;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;

/**
 * The first images of a layer in the cache, finished or not, to be held against what this machine computes for them. Their
 * checksums decide, so that the array is not read.
 */
public final class StoredStart {
    private final Path folder;
    private final Manifest manifest;
    private final List<String> checksums;
    private final LayerKernels kernels;
    private final Fingerprint here;

    StoredStart(Path folder, Manifest manifest, List<String> checksums, Fingerprint here) {
        this.folder = folder;
        this.manifest = manifest;
        this.checksums = List.copyOf(checksums);
        this.kernels = LayerKernels.read(folder);
        this.here = here;
    }

    /** Dotted name. */
    public String layer() {
        return manifest.layer();
    }

    /** {@code ROOT/<key>/<layer>}. */
    public Path folder() {
        return folder;
    }

    /** Whether this machine computed the activations, or has given the first images the same ones. */
    public boolean isKnown() {
        return kernels.same().contains(here);
    }

    /** Whether this machine has given other activations. */
    public boolean isRefused() {
        return kernels.other().contains(here);
    }

    /** The machine that computed them, if it is known. */
    public Optional<Fingerprint> origin() {
        return kernels.origin();
    }

    /** Whether the chunks of so many images are stored. */
    public boolean covers(int images) {
        return (long) checksums.size() * manifest.chunkImages() >= images;
    }

    /** Takes the first images' activations for their checksums; nothing is written. */
    public SpanWriter span(int images) {
        return new SpanWriter(manifest, new NoOutput(), 0, images);
    }

    /** Whether they have the checksums that are stored. */
    public boolean isSame(SpanWriter.Written span) {
        return checksums.subList(0, span.checksums().size()).equals(span.checksums());
    }

    private static final class NoOutput implements SpanOutput {
        @Override
        public void write(ByteBuffer bytes) {
            // the checksum is all that is wanted
        }

        @Override
        public List<Future<?>> end() {
            return List.of();
        }
    }
}
