package org.netdissect.activation;

import java.io.IOException;
import java.util.List;

/** Writes spans of a complete layer anew where chunks of it were damaged. Spans may be written side by side. */
public final class LayerRepair implements AutoCloseable {
    private final LayerFile file;

    LayerRepair(LayerFile file) {
        this.file = file;
    }

    /** Begins a span of images that starts and ends with a chunk, or ends with the array. */
    public SpanWriter span(int firstImage, int images) {
        return new SpanWriter(file.manifest(), new BufferedOutput(file, firstImage), firstImage, firstImage + images);
    }

    /** Whether the span has the checksums that the layer had when it was computed first. */
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
