package org.netdissect.activation.cache;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.netdissect.activation.Fingerprint;

/**
 * First images of a cached layer, finished or not, for comparison with this machine's results. Their checksums decide,
 * so the array is not read.
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

    /** Whether this machine computed the activations or has reproduced the first images. */
    public boolean isKnown() {
        return kernels.same().contains(here);
    }

    /** Whether this machine has failed to reproduce them. */
    public boolean isRefused() {
        return kernels.other().contains(here);
    }

    /** The machine that computed them, if it is known. */
    public Optional<Fingerprint> origin() {
        return kernels.origin();
    }

    /** Whether the chunks of the first {@code images} images are stored. */
    public boolean covers(int images) {
        return (long) checksums.size() * manifest.chunkImages() >= images;
    }

    /** Opens a span that only computes checksums of the first images; nothing is written. */
    public SpanWriter span(int images) {
        return new SpanWriter(manifest, bytes -> {}, 0, images);
    }

    /** Whether the span has the stored checksums. */
    public boolean isSame(SpanWriter.Written span) {
        return checksums.subList(0, span.checksums().size()).equals(span.checksums());
    }
}
