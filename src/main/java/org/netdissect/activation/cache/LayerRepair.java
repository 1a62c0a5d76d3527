package org.netdissect.activation.cache;

import java.io.IOException;
import java.util.List;

/** Rewrites spans of a complete layer whose chunks were damaged. Spans may be written in parallel. */
public final class LayerRepair implements AutoCloseable {
    private final LayerFile file;

    LayerRepair(LayerFile file) {
        this.file = file;
    }

    /** Opens a span of images that starts and ends at chunk borders, or ends with the array. */
    public SpanWriter span(int firstImage, int images) {
        return new SpanWriter(file.manifest(), file.output(firstImage), firstImage, firstImage + images);
    }

    /** Whether the span has the checksums recorded when the layer was first computed. */
    public boolean isAsBefore(SpanWriter.Written span) {
        int first = span.firstImage() / file.manifest().chunkImages();
        List<String> before = file.manifest()
                .checksums()
                .subList(first, first + span.checksums().size());
        return before.equals(span.checksums());
    }

    @Override
    public void close() throws IOException {
        file.channel().close();
    }
}
